"""Questions that nobody will answer any more: the task behind them fell, or the case has ended."""

from __future__ import annotations

from approvals import queries
from approvals.acts import Event
from approvals.cases.acting import Acting
from approvals.cases.store import record_events
from approvals.effects import Effect
from data.clock import recorded_at


def withdraw_question(acting: Acting, effect: Effect) -> None:
    """Close the question behind a step and key that is open still; what was answered stays as it was answered."""
    session, case = acting.session, acting.case
    for question in queries.questions_of(session, case.row.id, key=effect.key, step=effect.step):
        if question.standing != "open":
            continue
        question.standing = "closed"
        told = {"question": question.id, "step": question.step, "key": question.key}
        at = recorded_at(session)
        record_events(session, case, [Event("question_withdrawn", told)], actor=acting.works.actor, at=at)
