"""What is due because nobody acted: looked for once a legal day, each act in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from approvals import queries
from approvals.cases.acting import Asked
from approvals.cases.running import do_act
from approvals.cases.store import Works, names_in_book, opened
from approvals.dates import dates_of
from approvals.effects import Effect
from approvals.models import Case
from approvals.silence import due_acts
from data.answers import Refusal
from data.clock import legal_day

Opener = Callable[[], AbstractContextManager[Session]]
AT_ONCE = 200


def run_due(open_session: Opener, works: Works, enqueue: Callable[[Session, Iterable[Effect]], object]) -> list[str]:
    """Do every act that is due today, case by case; the names of what was done, as `number: act`.

    `open_session` gives a session in a transaction that commits at the end. What somebody did meanwhile is no fault: the act is
    judged anew under the case's lock, and one that is no longer possible is left. Any other fault of a case stops that case only:
    the silence of one office must speak whatever is wrong with the file of another. All faults are raised together at the end
    (`ExceptionGroup`), each with the case and the act in its notes.
    """
    done: list[str] = []
    faults: list[Exception] = []
    for number, asked in _due(open_session, works, faults):
        try:
            with open_session() as session:
                made = do_act(session, number, asked, works)
                enqueue(session, made.effects)
        except Exception as fault:
            if not _was_done_meanwhile(fault):
                faults.append(_noted(fault, f"{number}: {asked.name}"))
            continue
        done.append(f"{number}: {asked.name}")
    if faults:
        raise ExceptionGroup(f"{len(faults)} faults, {len(done)} acts done", faults)
    return done


def _was_done_meanwhile(fault: Exception) -> bool:
    return isinstance(fault, Refusal) and fault.code.startswith(("act.", "guard."))


def _noted(fault: Exception, what: str) -> Exception:
    fault.add_note(what)
    return fault


def _due(open_session: Opener, works: Works, faults: list[Exception]) -> list[tuple[str, Asked]]:
    """What is due of all running cases; a case that cannot be read is told among the faults."""
    found: list[tuple[str, Asked]] = []
    after = 0
    while True:
        with open_session() as session:
            rows = queries.open_cases(session, after, AT_ONCE)
            for row in rows:
                try:
                    found += [(row.number, asked) for asked in _due_of(session, row, works)]
                except (Refusal, ValueError, KeyError) as fault:
                    faults.append(_noted(fault, row.number))
            if len(rows) < AT_ONCE:
                return found
            after = rows[-1].id


def _due_of(session: Session, row: Case, works: Works) -> list[Asked]:
    case, today = opened(row), legal_day(works.now)
    place = names_in_book(session, row.scope_place_id, works.book, today)
    inquiry = works.book.inquire(dates=dates_of(case.state, case.template, today), place=place, today=today)
    return [
        Asked(name=act.name, key=act.key, facts=dict(act.facts), role="system")
        for act in due_acts(case.state, case.template, inquiry, today)
    ]
