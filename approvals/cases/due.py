"""By when each open step of a case should be done: what an inbox is sorted by."""

from __future__ import annotations

from datetime import date, timedelta

from approvals.cases.waiting import LastDay, last_days_of
from approvals.silence import span_of
from approvals.state import State
from approvals.templates import Limit, Template
from data.rulebook import Inquiry
from marine.workdays import run_by_rules


def due_days_of(state: State, template: Template, inquiry: Inquiry) -> dict[str, LastDay]:
    """The day by which each open step should be done: as promised, else by law, else before silence decides.

    A step whose rule nobody has entered is left out: no limit is guessed.
    """
    found = last_days_of(state, template, inquiry)
    for task in state.open_tasks():
        limits = template.steps[task.step].limits
        for limit in (limits.statutory, limits.promised):
            last = _last_day(limit, task.opened_on, inquiry) if limit else None
            if last is not None:
                found[task.step] = last
    return found


def _last_day(limit: Limit, since: date, inquiry: Inquiry) -> LastDay | None:
    span = span_of(limit, inquiry)
    if span is None:
        return None
    if span.calendar:
        return LastDay(since + timedelta(days=span.days))
    run = run_by_rules(inquiry, since, span.days)
    return LastDay(run.finish, run.provisional_finish)
