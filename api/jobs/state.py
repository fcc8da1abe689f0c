"""How the queue is: for officers who must see that nothing waits unseen, and for the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.jobs import queries
from api.jobs.timetable import Returning

# A worker gives a sign every two seconds; one that has been silent for so long is not counted.
WORKER_SILENT = 10.0
MOST_LISTED = 1000
# Our words for the library's states.
STATES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"waiting": ("todo",), "running": ("doing",), "failed": ("failed",), "done": ("succeeded",)}
)
_WORD = {"todo": "waiting", "doing": "running", "failed": "failed", "succeeded": "done"}


@dataclass(frozen=True, slots=True)
class QueueState:
    """How many jobs wait, are postponed after a failure, run, and have failed for good; how many workers live.

    `oldest_seconds` is how long the oldest job that is not begun has been asked for; None where none waits.
    """

    waiting: int
    postponed: int
    running: int
    failed: int
    workers: int
    oldest_seconds: float | None


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job as a person reads it: `state` is waiting, running, failed or done; `failures` how often it was tried in vain."""

    number: int
    kind: str
    state: str
    facts: Mapping[str, Any]
    lock: str | None
    failures: int
    asked_at: datetime
    last_at: datetime
    not_before: datetime | None


def queue_state(session: Session, aside: Sequence[str] = ()) -> QueueState:
    """The jobs as they are now, but for queues left aside, by the database's clock: they wait for real time, whatever day a case has."""
    row = session.execute(text(queries.STATE), {"silent": WORKER_SILENT, "aside": list(aside)}).one()
    return QueueState(**row._mapping)


def is_quiet(session: Session, now: datetime, timetable: Sequence[Returning], aside: Sequence[str] = ()) -> bool:
    """Whether everything that the clock makes due by an instant has been asked for, and no job waits or runs but in queues left aside."""
    slot = text(queries.SLOT)
    for each in timetable:
        if session.execute(slot, {"kind": each.kind.name, "slot": each.slot(now)}).first() is None:
            return False
    state = queue_state(session, aside)
    return not (state.waiting or state.running)


def jobs(session: Session, states: Sequence[str], *, most: int = 100) -> list[JobLine]:
    """The newest jobs in these states (keys of `STATES`), at most `MOST_LISTED`."""
    statuses = [status for state in states for status in STATES[state]]
    rows = session.execute(text(queries.LISTED), {"statuses": statuses, "most": min(most, MOST_LISTED)}).mappings()
    return [
        JobLine(
            number=row["number"],
            kind=row["kind"],
            state=_WORD[row["status"]],
            facts=row["facts"],
            lock=row["lock"],
            # An attempt that succeeds is counted by the library too.
            failures=row["attempts"] - (row["status"] == "succeeded"),
            asked_at=row["asked_at"],
            last_at=row["last_at"],
            not_before=row["not_before"],
        )
        for row in rows
    ]


def try_again(session: Session, numbers: Sequence[int] | None) -> list[int]:
    """Let failed jobs begin anew, these or (None) all; the numbers of those that do. The others had not failed."""
    given = list(numbers) if numbers is not None else None
    return sorted(session.execute(text(queries.AGAIN), {"numbers": given}).scalars())
