"""Races between real processes: each round hands one request to every racer, starts them together, and gathers what became of it.

Four processes of five threads each, every thread with a connection of its own: twenty acts that really run at once, in several
interpreters, against one PostgreSQL.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from data.answers import Refusal
from data.store import engine_for, sessions

PROCESSES = 4
PATIENCE_S = 300


@dataclass(frozen=True)
class Outcome:
    """What became of one racer: `code` is None for a winner, a refusal's code, or the name of the constraint or fault that hit."""

    racer: int
    case: str
    code: str | None = None
    findings: tuple[tuple[str, str | None], ...] = ()
    recorded_at: datetime | None = None
    right_id: int | None = None
    claim_id: int | None = None
    layered: bool = False


class Arena:
    """The racers, running; `race` runs one round."""

    def __init__(self, pipes: Sequence[Any], width: int) -> None:
        self.pipes = pipes
        self.width = width

    def race(self, requests: Sequence[Any], *, unlocked: bool = False) -> list[Outcome]:
        """One request for each racer, all at once; the outcomes in the order of the requests."""
        assert len(requests) == self.width
        dealt = [list(enumerate(requests))[at :: len(self.pipes)] for at in range(len(self.pipes))]
        for pipe, hand in zip(self.pipes, dealt, strict=True):
            pipe.send((hand, unlocked))
        outcomes: list[Outcome] = []
        for pipe in self.pipes:
            assert pipe.poll(PATIENCE_S), "a racer did not come back"
            outcomes += pipe.recv()
        return sorted(outcomes, key=lambda outcome: outcome.racer)


@contextmanager
def arena(url: str, width: int) -> Iterator[Arena]:
    """Start the racers on a database, and end them."""
    # A fork server loads the house once and forks clean processes from it: no connection, no lock and no thread of ours is inherited.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.parcels.builders"])
    barrier = context.Barrier(width)
    ends, processes = [], []
    for at in range(PROCESSES):
        ours, theirs = context.Pipe()
        hand = len(range(at, width, PROCESSES))
        process = context.Process(target=_racers, args=(url, theirs, barrier, hand), daemon=True)
        process.start()
        ends.append(ours)
        processes.append(process)
    try:
        for pipe in ends:
            assert pipe.poll(PATIENCE_S) and pipe.recv() == "ready"
        yield Arena(ends, width)
    finally:
        for pipe in ends:
            pipe.send(None)
        for process in processes:
            process.join(10)
            if process.is_alive():
                process.kill()


def _racers(url: str, pipe: Any, barrier: Any, hand: int) -> None:
    """One process: a thread and a connection for each of its racers, round after round."""
    from tests.parcels import builders

    engine = engine_for(url, pool_size=hand, max_overflow=0)
    maker = sessions(engine)
    builders.BOOK.hash  # noqa: B018 (the rule book is read before the first round)
    pipe.send("ready")
    while (work := pipe.recv()) is not None:
        requests, unlocked = work
        outcomes: list[Outcome] = []
        with _locks(unlocked):
            threads = [threading.Thread(target=_append, args=(outcomes, maker, barrier, *one)) for one in requests]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        pipe.send(outcomes)
    engine.dispose()


def _append(outcomes: list[Outcome], maker: Any, barrier: Any, racer: int, request: Any) -> None:
    outcomes.append(_run(maker, barrier, racer, request))


@contextmanager
def _locks(unlocked: bool) -> Iterator[None]:
    """The locks as they are, or taken out of the application."""
    from parcels import locks

    kept = locks.take
    if unlocked:
        locks.take = lambda session, wanted: None
    try:
        yield
    finally:
        locks.take = kept


def _run(maker: Any, barrier: Any, racer: int, request: Any) -> Outcome:
    """One act in one transaction."""
    from tests.parcels import builders

    with maker() as session:
        session.connection()
        barrier.wait(PATIENCE_S)
        try:
            granted = builders.grant(session, request)
            session.commit()
        except Refusal as refusal:
            found = tuple((finding.code, finding.facts.get("case_number")) for finding in refusal.findings)
            return Outcome(racer, request.case_number, refusal.code, found)
        except (DBAPIError, psycopg.Error) as fault:
            driver = getattr(fault, "orig", fault)
            return Outcome(racer, request.case_number, driver.diag.constraint_name or type(driver).__name__)
        return Outcome(
            racer,
            request.case_number,
            recorded_at=granted.recorded_at,
            right_id=granted.right_id,
            claim_id=granted.claim_id,
            layered=granted.is_layered,
        )


def winners(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Those whose act was entered."""
    return [outcome for outcome in outcomes if outcome.code is None]


def losers(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Those whose act was refused."""
    return [outcome for outcome in outcomes if outcome.code is not None]


def commit(maker: Any, work: Any) -> Any:
    """Run one piece of preparation in a transaction of its own."""
    with maker() as session:
        done = work(session)
        session.commit()
        return done


def deadlocks(session: Session) -> int:
    """How many deadlocks the database has broken since it was made."""
    from sqlalchemy import text

    session.execute(text("SELECT pg_stat_force_next_flush()"))
    found = session.execute(text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
    return int(found.scalar_one())
