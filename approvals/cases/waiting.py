"""What waits for an applicant or a party asked, across cases: one list for the portal's home page and for whatever reminds people.

`waits_of` is pure: the case's open tasks with the last day of each come in, lines go out. `waiting_for` gathers for somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy.orm import Session

from approvals import billing, queries
from approvals.cases.answers import load, project_named
from approvals.cases.signing import judge_form
from approvals.cases.store import Opened, Works, names_in_book, opened
from approvals.dates import dates_of
from approvals.models import Case, Question
from approvals.silence import span_of
from approvals.state import State
from approvals.templates import Limit, Template
from data.clock import legal_day
from data.rulebook import Inquiry
from marine.workdays import run_by_rules

What = Literal["correct", "supply", "sign", "fill", "answer", "pay", "rate", "act"]
# Steps of the applicant's by what the applicant does in them; another step of theirs is told as an act.
STEPS: Mapping[str, What] = {"submission": "fill", "correction": "correct", "supplement": "supply", "rating": "rate"}
APPLICANT, PAYMENT = "enterprise", "receipt"
# Running cases of one person that are looked through; whoever has more works by the interface.
MOST = 200


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last day of a limit; without it, where a holiday table is missing, the day before which it cannot be over."""

    day: date | None = None
    at_least: date | None = None


NO_LIMIT = LastDay()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that waits: `what` is to be done in which case; `due` is the last day for it, None where there is no limit.

    Where a year's holiday table is missing nobody knows the last day: `at_least` then is the day before which it cannot be over.
    `question` is the question to answer, `project` the case's project as the addressee may know it.
    """

    what: What
    case: str
    since: date
    due: date | None = None
    at_least: date | None = None
    project: str | None = None
    question: int | None = None

    @property
    def order(self) -> tuple[date, bool, date]:
        """What ends first comes first; then what one owes to a running case, drafts last."""
        return self.due or self.at_least or date.max, self.what in ("fill", "sign"), self.since


def waits_of(
    case: str,
    tasks: Iterable[Mapping[str, Any]],
    *,
    last_days: Mapping[str, LastDay],
    ready_to_sign: bool,
    remaining: Decimal,
    project: str | None = None,
) -> list[Waiting]:
    """What a case's open tasks (`role`, `step`, `opened_on`) ask of its applicant; a step of several tasks is told once.

    >>> [each.what for each in waits_of("C", [{"role": "enterprise", "step": "submission", "opened_on": "2026-11-26"}],
    ...     last_days={}, ready_to_sign=True, remaining=Decimal(0))]
    ['sign']
    """
    found: dict[str, Waiting] = {}
    for task in tasks:
        what = _what(task, ready_to_sign, remaining)
        if what is not None:
            since = date.fromisoformat(task["opened_on"])
            last = last_days.get(task["step"], NO_LIMIT)
            told = Waiting(what=what, case=case, since=since, due=last.day, at_least=last.at_least, project=project)
            found.setdefault(task["step"], told)
    return list(found.values())


def _what(task: Mapping[str, Any], ready_to_sign: bool, remaining: Decimal) -> What | None:
    if task["step"] == PAYMENT:
        return "pay" if remaining > 0 else None
    if task["role"] != APPLICANT:
        return None
    what = STEPS.get(task["step"], "act")
    return "sign" if what == "fill" and ready_to_sign else what


def last_days_of(state: State, template: Template, inquiry: Inquiry) -> dict[str, LastDay]:
    """The last day of each open step whose silence the template knows: on the next counted day the system acts.

    A step whose rule nobody has entered is left out: no limit is guessed.
    """
    found: dict[str, LastDay] = {}
    for task in state.open_tasks():
        silence = template.steps[task.step].silence
        last = last_day(silence.after, task.opened_on, inquiry) if silence else None
        if last is not None:
            found[task.step] = last
    return found


def last_day(limit: Limit, since: date, inquiry: Inquiry) -> LastDay | None:
    """The last day of a limit that runs from a day; None where nobody has entered its rule."""
    span = span_of(limit, inquiry)
    if span is None:
        return None
    if span.calendar:
        return LastDay(since + timedelta(days=span.days))
    run = run_by_rules(inquiry, since, span.days)
    return LastDay(run.finish, run.provisional_finish)


def waiting_in(session: Session, case: Opened, works: Works) -> list[Waiting]:
    """What one case asks of its applicant now."""
    tasks = [
        {"role": case.template.steps[task.step].role, "step": task.step, "opened_on": task.opened_on.isoformat()}
        for task in case.state.open_tasks()
    ]
    if case.row.ended or not any(task["role"] == APPLICANT or task["step"] == PAYMENT for task in tasks):
        return []
    today = legal_day(works.now)
    place = names_in_book(session, case.row.scope_place_id, works.book, today)
    inquiry = works.book.inquire(dates=dates_of(case.state, case.template, today), place=place, today=today)
    bill = queries.bill_of(session, case.row.id)
    return waits_of(
        case.number,
        tasks,
        last_days=last_days_of(case.state, case.template, inquiry),
        ready_to_sign=any(task["step"] == "submission" for task in tasks) and _is_filled(session, case, works),
        remaining=billing.balance(session, bill).remaining if bill else Decimal(0),
        project=project_named(session, case.row),
    )


def _is_filled(session: Session, case: Opened, works: Works) -> bool:
    """Whether the form has no fault left, so that only signing and filing remain."""
    return case.row.boundary_hash is not None and not judge_form(session, case, load(session, case, works.keys), works)


def asked_of(case: str, question: Question) -> Waiting:
    """An open question as something that waits; whose project asks is not the addressee's to know before it reads the question."""
    return Waiting(what="answer", case=case, since=question.asked_on, due=question.answer_by, question=question.id)


def waiting_for(session: Session, works: Works, rows: Iterable[Case] | None = None) -> list[Waiting]:
    """Everything that waits for whoever acts for some parties: their running cases, the questions put to them. Soonest first.

    `rows` are the running cases where the caller has them already.
    """
    parties = works.actor.acts_for
    running = rows if rows is not None else running_cases(session, parties)
    found = [each for row in running for each in waiting_in(session, opened(row), works)]
    asked = queries.questions_to(session, parties) if parties else []
    found += [asked_of(number, question) for number, question in asked if question.standing == "open"]
    return sorted(found, key=lambda each: each.order)


def running_cases(session: Session, parties: frozenset[int]) -> list[Case]:
    """The running cases of these parties, the newest first."""
    found = queries.cases_listed(
        session,
        parties=parties,
        places=frozenset(),
        everywhere=False,
        role=None,
        ended=False,
        after=2**63 - 1,
        limit=MOST,
    )
    return [row for _, row, _ in found]
