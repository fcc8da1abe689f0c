"""What is due because nobody acted: looked for once a legal day, each act in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from approvals import queries
from approvals.cases.acting import Asked
from approvals.cases.running import do_act
from approvals.cases.store import Works, names_in_book, opened
from approvals.dates import dates_of
from approvals.effects import Effect
from approvals.silence import due_acts
from data.answers import Refusal
from data.clock import legal_day

Opener = Callable[[], AbstractContextManager[Session]]
AT_ONCE = 200


def run_due(open_session: Opener, works: Works, enqueue: Callable[[Session, Iterable[Effect]], object]) -> list[str]:
    """Do every act that is due today, case by case; the names of what was done, as `number: act`.

    `open_session` gives a session in a transaction that commits at the end. What somebody did meanwhile is no fault: the act is
    judged anew under the case's lock, and one that is no longer possible is left.
    """
    done = []
    for number, asked in list(_due(open_session, works)):
        try:
            with open_session() as session:
                made = do_act(session, number, asked, works)
                enqueue(session, made.effects)
        except Refusal as refusal:
            if not refusal.code.startswith(("act.", "guard.")):
                raise
            continue
        done.append(f"{number}: {asked.name}")
    return done


def _due(open_session: Opener, works: Works) -> Iterator[tuple[str, Asked]]:
    today, after = legal_day(works.now), 0
    while True:
        with open_session() as session:
            rows = queries.open_cases(session, after, AT_ONCE)
            for row in rows:
                case = opened(row)
                place = names_in_book(session, row.scope_place_id, works.book, today)
                inquiry = works.book.inquire(dates=dates_of(case.state, case.template, today), place=place, today=today)
                for act in due_acts(case.state, case.template, inquiry, today):
                    yield row.number, Asked(name=act.name, key=act.key, facts=dict(act.facts), role="system")
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].id
