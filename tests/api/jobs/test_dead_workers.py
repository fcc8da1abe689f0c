"""Workers that die or seem to: `kill -9` in the middle of a job, a worker that wakes up late, a job that takes its worker down."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from procrastinate import App
from procrastinate.jobs import Job, Status
from sqlalchemy import text

from api.jobs.enqueueing import Order
from api.jobs.queue import MOST_ATTEMPTS, queue_for
from api.jobs.running import Ticket, run_job
from api.jobs.tending import rescue
from api.jobs.workshop import Workshop, open_workshop
from api.settings import Settings
from tests.api.jobs import world
from tests.api.jobs.world import HANG, MARK, SLOW, ask, marks, statuses, until, working
from tests.support.databases import Database
from tests.support.forking import Forked, fork


@contextmanager
def worker_process(database: Database, home: Path) -> Iterator[Forked]:
    """A worker in a process; killed at the end if it still lives."""
    process = fork("tests.api.jobs.process:work", home / "worker.log", url=database.app_url, home=str(home))
    try:
        yield process
    finally:
        process.kill9()


def test_a_job_whose_worker_is_killed_is_done_once_more_and_its_first_half_was_never_there(
    queue: Database, tmp_path: Path
) -> None:
    ask(queue, Order(HANG, {"label": "once", "folder": str(tmp_path)}))
    with worker_process(queue, tmp_path) as process:
        until((tmp_path / "begun").exists)
        process.kill9()
    assert (marks(queue), statuses(queue)) == ([], ["doing"])
    (tmp_path / "go").touch()
    with worker_process(queue, tmp_path) as process:
        until(lambda: statuses(queue) == ["succeeded"], 60)
        process.terminate()
        assert process.ends_within(20)
    assert marks(queue) == ["once"]


def test_killed_again_and_again_nothing_is_lost_and_nothing_done_twice(queue: Database, tmp_path: Path) -> None:
    """Whatever the moment of the kill falls on: a job is done and ended by one commit."""
    labels = [f"job {number}" for number in range(30)]
    ask(queue, *(Order(SLOW, {"label": label, "seconds": 0.05}) for label in labels))
    for kill in range(5):
        with worker_process(queue, tmp_path) as process:
            until(lambda at=kill: len(marks(queue)) > at * 5)
            process.kill9()
        assert "todo" in statuses(queue)
    with working(queue, tmp_path):
        until(lambda: set(statuses(queue)) == {"succeeded"})
    assert marks(queue) == [f"{label} {half}" for label in labels for half in ("begins", "ends")]


def test_a_job_and_its_end_are_one_commit(queue: Database, tmp_path: Path) -> None:
    """A worker killed between the two did the job a second time."""
    ticket = _fetched(queue, Order(MARK, {"label": "once"}))
    with _workshop(queue, tmp_path) as shop:
        assert run_job(shop, ticket, MARK.name, world.mark, {"label": "once"})
        assert (marks(queue), statuses(queue)) == (["once"], ["succeeded"])
        assert not run_job(shop, ticket, MARK.name, world.mark, {"label": "once"})
    assert marks(queue) == ["once"]


def test_a_worker_that_wakes_up_late_neither_does_nor_ends_what_another_has_now(
    queue: Database, tmp_path: Path
) -> None:
    """A laptop lid was closed over a job; opened again, it called the other worker's unfinished job a success."""
    late = _fetched(queue, Order(MARK, {"label": "once"}))
    _age_workers(queue)
    with _workshop(queue, tmp_path) as shop:
        _rescue(shop)
        assert statuses(queue) == ["todo"]
        assert not run_job(shop, late, MARK.name, world.mark, {"label": "once"})
        _end(shop, late, Status.SUCCEEDED)
        _postpone(shop, late)
        assert statuses(queue) == ["todo"]
        new = _fetched(queue)
        _end(shop, late, Status.FAILED)
        assert statuses(queue) == ["doing"]
        assert run_job(shop, new, MARK.name, world.mark, {"label": "once"})
    assert (marks(queue), statuses(queue)) == (["once"], ["succeeded"])


def test_a_job_is_not_taken_from_a_worker_whose_transaction_still_runs(queue: Database, tmp_path: Path) -> None:
    ticket = _fetched(queue, Order(MARK, {"label": "once"}))
    _age_workers(queue)

    def slow(session: Any, shop: Workshop, /, *, label: str) -> None:
        world.marked(session, label)
        _rescue(shop)

    with _workshop(queue, tmp_path) as shop:
        assert run_job(shop, ticket, MARK.name, slow, {"label": "once"})
    assert (marks(queue), statuses(queue)) == (["once"], ["succeeded"])


def test_a_job_that_takes_its_worker_down_each_time_is_given_up_in_the_end(queue: Database, tmp_path: Path) -> None:
    ask(queue, Order(MARK, {"label": "poison"}))
    with _workshop(queue, tmp_path) as shop:
        for _ in range(MOST_ATTEMPTS):
            assert statuses(queue) == ["todo"]
            _fetched(queue)
            _age_workers(queue)
            _rescue(shop)
    assert statuses(queue) == ["failed"]


def _workshop(database: Database, home: Path) -> Any:
    return open_workshop(Settings(database_url=database.app_url, home=home, log_level="error"))


def _fetched(database: Database, *orders: Order) -> Ticket:
    """The next job in the hands of a new worker, as the library gives it out."""
    ask(database, *orders)
    with database.sessions(pooled=False).begin() as session:
        worker = session.execute(text("SELECT worker_id FROM procrastinate_register_worker_v1()")).scalar_one()
        row = session.execute(
            text("SELECT id, attempts FROM procrastinate_fetch_job_v2(NULL, :me)"), {"me": worker}
        ).one()
    return Ticket(row.id, worker, row.attempts)


def _age_workers(database: Database) -> None:
    """Let every worker have been silent for a minute."""
    with database.sessions(pooled=False).begin() as session:
        session.execute(text("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'"))


def _on_queue(shop: Workshop, do: Callable[[App], Awaitable[None]]) -> None:
    """Do something on the library's queue, as a worker does in its loop."""

    async def doing() -> None:
        queue = queue_for(str(shop.settings.database_url), world.DUTIES, shop)
        async with queue.open_async():
            await do(queue)

    asyncio.run(doing())


def _rescue(shop: Workshop) -> None:
    _on_queue(shop, lambda queue: rescue(queue, silent=10))


def _end(shop: Workshop, ticket: Ticket, status: Status) -> None:
    _on_queue(shop, lambda queue: queue.job_manager.finish_job(_job(ticket), status, False))


def _postpone(shop: Workshop, ticket: Ticket) -> None:
    _on_queue(shop, lambda queue: queue.job_manager.retry_job(_job(ticket)))


def _job(ticket: Ticket) -> Job:
    return Job(
        id=ticket.job, worker_id=ticket.worker, attempts=ticket.attempts, queue="default", lock=None, queueing_lock=None,
        task_name=MARK.name,
    )  # fmt: skip
