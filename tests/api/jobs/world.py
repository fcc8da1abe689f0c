"""Kinds of jobs that only tests know: they leave a mark, hang, fail so many times; and workers of a brisk pace that do them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.jobs.enqueueing import Order, put
from api.jobs.kinds import Kind
from api.jobs.running import Body
from api.jobs.timetable import Returning
from api.jobs.worker import Pace, Worker, at_work
from api.jobs.workshop import Workshop, open_workshop
from api.settings import Settings
from tests.support.databases import Database

BRISK = Pace(beat=0.2, silent=1.5, look=0.2, tend=0.2, grace=10.0, recover=0.2)

MARK = Kind("test_mark", ("label",))
SLOW = Kind("test_slow", ("label", "seconds"), "slow")
HANG = Kind("test_hang", ("label", "folder"))
FAIL = Kind("test_fail", ("label", "folder"))
TICK = Kind("test_tick", lock="tick")


def marked(session: Session, label: str) -> None:
    """Leave a mark: a row of the database."""
    session.execute(text("INSERT INTO mark (label) VALUES (:label)"), {"label": label})


def mark(session: Session, shop: Workshop, /, *, label: str) -> None:
    marked(session, label)


def slow(session: Session, shop: Workshop, /, *, label: str, seconds: float) -> None:
    """Two marks with time between them: nobody who holds the same lock may come between."""
    marked(session, f"{label} begins")
    time.sleep(seconds)
    marked(session, f"{label} ends")


def hang(session: Session, shop: Workshop, /, *, label: str, folder: str) -> None:
    """Mark, tell that it is in the middle, and end only when a file says so."""
    marked(session, label)
    (Path(folder) / "begun").touch()
    while not (Path(folder) / "go").exists():
        time.sleep(0.02)


def fail(session: Session, shop: Workshop, /, *, label: str, folder: str) -> None:
    """Mark, and fail until a file says that all is well."""
    marked(session, label)
    if not (Path(folder) / "well").exists():
        raise RuntimeError("not well yet")


def tick(session: Session, shop: Workshop, /) -> None:
    marked(session, f"tick {shop.clock():%Y-%m-%d %H:%M}")


DUTIES: Mapping[Kind, Body] = {MARK: mark, SLOW: slow, HANG: hang, FAIL: fail, TICK: tick}


def prepare(database: Database) -> None:
    """The table of marks."""
    with database.engine("owner").begin() as connection:
        connection.execute(text("CREATE TABLE mark (id bigint GENERATED ALWAYS AS IDENTITY, label text NOT NULL)"))
        connection.execute(text("GRANT SELECT, INSERT ON mark TO haiyu_app"))


def ask(database: Database, *orders: Order) -> list[int]:
    """Queue jobs and commit."""
    with database.sessions(pooled=False).begin() as session:
        return put(session, orders)


def marks(database: Database) -> list[str]:
    """The labels in the order in which they were written."""
    with database.sessions(pooled=False)() as session:
        return list(session.execute(text("SELECT label FROM mark ORDER BY id")).scalars())


def statuses(database: Database) -> list[str]:
    """The states of all jobs, in the library's words, by number."""
    with database.sessions(pooled=False)() as session:
        return list(session.execute(text("SELECT status::text FROM procrastinate_jobs ORDER BY id")).scalars())


def until(true: Callable[[], Any], seconds: float = 20) -> None:
    """Wait until something is true; an AssertionError when it is not in time."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.05)


@contextmanager
def working(
    database: Database, home: Path, *, pace: Pace = BRISK, timetable: Sequence[Returning] = (), **given: Any
) -> Iterator[Worker]:
    """A worker of the test's kinds on a database."""
    settings = Settings(database_url=database.app_url, home=home, log_level="error")
    with open_workshop(settings, **given) as shop, at_work(shop, DUTIES, timetable, pace) as worker:
        yield worker
