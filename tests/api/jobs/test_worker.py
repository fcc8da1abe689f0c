"""The worker on real PostGIS: each job once, locks kept, failures tried again, and a stop that loses nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from pathlib import Path
from threading import Event

import pytest
from procrastinate.connector import Notify
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from sqlalchemy import text

from api.jobs import state
from api.jobs.enqueueing import Order
from api.jobs.queue import EarlyEar
from tests.api.jobs import world
from tests.api.jobs.world import FAIL, HANG, MARK, SLOW, ask, marks, statuses, until, working
from tests.support.databases import Database

SLOW_TO_LOOK = world.Pace(look=60, tend=60)


def test_twenty_jobs_under_two_workers_are_each_done_once(queue: Database, tmp_path: Path) -> None:
    labels = [f"job {number}" for number in range(20)]
    ask(queue, *(Order(MARK, {"label": label}) for label in labels))
    with working(queue, tmp_path), working(queue, tmp_path):
        until(lambda: set(statuses(queue)) == {"succeeded"})
    assert sorted(marks(queue)) == sorted(labels)


def test_a_job_starts_at_once_when_its_act_commits(queue: Database, tmp_path: Path) -> None:
    """The worker listens: with a look every minute only, a job that waited for it would fail this test."""
    with working(queue, tmp_path, pace=SLOW_TO_LOOK):
        ask(queue, Order(MARK, {"label": "first"}))
        until(lambda: marks(queue) == ["first"], 10)
        began = time.monotonic()
        ask(queue, Order(MARK, {"label": "second"}))
        until(lambda: marks(queue) == ["first", "second"], 10)
    assert time.monotonic() - began < 30


def test_a_job_committed_before_the_worker_hears_starts_when_it_does(
    queue: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its first look and LISTEN a worker is deaf; what was committed then must not wait for the next look."""
    looked, may_hear, fetch, listen = Event(), Event(), JobManager.fetch_job, EarlyEar.listen_notify

    async def looking(self: JobManager, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        found = await fetch(self, queues, worker_id)
        looked.set()
        return found

    async def later(self: EarlyEar, on_notification: Notify, channels: Iterable[str]) -> None:
        await asyncio.to_thread(may_hear.wait)
        await listen(self, on_notification, channels)

    monkeypatch.setattr(JobManager, "fetch_job", looking)
    monkeypatch.setattr(EarlyEar, "listen_notify", later)
    with working(queue, tmp_path, pace=SLOW_TO_LOOK):
        try:
            assert looked.wait(10)
            ask(queue, Order(MARK, {"label": "deaf"}))
        finally:
            may_hear.set()
        until(lambda: marks(queue) == ["deaf"], 10)


def test_a_job_told_of_while_the_worker_looks_is_not_forgotten(
    queue: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look that found nothing, a commit, and only then the end of the look: the worker must look again."""
    fetch, asked = JobManager.fetch_job, Event()

    async def slow_to_answer(self: JobManager, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        found = await fetch(self, queues, worker_id)
        if found is None and not asked.is_set() and await asyncio.to_thread(_hears, queue):
            asked.set()
            await asyncio.to_thread(ask, queue, Order(MARK, {"label": "between"}))
            await asyncio.sleep(0.5)
        return found

    monkeypatch.setattr(JobManager, "fetch_job", slow_to_answer)
    with working(queue, tmp_path, pace=SLOW_TO_LOOK):
        until(lambda: marks(queue) == ["between"], 10)


def test_jobs_of_one_lock_are_done_one_after_the_other(queue: Database, tmp_path: Path) -> None:
    ask(queue, *(Order(SLOW, {"label": label, "seconds": 0.2}) for label in "ab"))
    with working(queue, tmp_path), working(queue, tmp_path):
        until(lambda: statuses(queue) == ["succeeded", "succeeded"])
    assert marks(queue) == ["a begins", "a ends", "b begins", "b ends"]


def test_a_failed_attempt_leaves_nothing_and_is_tried_again(queue: Database, tmp_path: Path) -> None:
    (number,) = ask(queue, Order(FAIL, {"label": "mended", "folder": str(tmp_path)}))
    with working(queue, tmp_path):
        # Each wait is longer than the one before: in one of them it is seen postponed.
        until(lambda: (line := _line(queue, number)).failures > 0 and line.not_before is not None)
        assert marks(queue) == []
        (tmp_path / "well").touch()
        until(lambda: statuses(queue) == ["succeeded"])
    assert marks(queue) == ["mended"]
    assert _line(queue, number).state == "done"


def test_a_job_that_failed_for_good_is_seen_and_begins_anew_when_asked(
    queue: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.jobs.queue.FIRST_WAIT", 0.01)
    monkeypatch.setattr("api.jobs.queue.MOST_ATTEMPTS", 3)
    (number,) = ask(queue, Order(FAIL, {"label": "mended", "folder": str(tmp_path)}))
    with working(queue, tmp_path):
        until(lambda: statuses(queue) == ["failed"])
        assert (_line(queue, number).state, _line(queue, number).failures) == ("failed", 3)
        with queue.sessions(pooled=False)() as session:
            assert (state.queue_state(session).failed, state.queue_state(session).workers) == (1, 1)
        (tmp_path / "well").touch()
        with queue.sessions(pooled=False).begin() as session:
            assert state.try_again(session, [number]) == [number]
            assert state.try_again(session, [number]) == []
        until(lambda: statuses(queue) == ["succeeded"])
    assert marks(queue) == ["mended"]


def test_a_stopping_worker_ends_what_it_has_begun_and_begins_nothing_more(queue: Database, tmp_path: Path) -> None:
    ask(queue, *(Order(SLOW, {"label": label, "seconds": 0.5}) for label in "ab"))
    with working(queue, tmp_path) as worker:
        until(lambda: "doing" in statuses(queue))
        assert worker.stop()
    assert statuses(queue) == ["succeeded", "todo"]
    assert marks(queue) == ["a begins", "a ends"]
    with queue.sessions(pooled=False)() as session:
        assert session.execute(text("SELECT count(*) FROM procrastinate_workers")).scalar_one() == 0


def test_a_job_that_outlasts_the_grace_is_given_up_and_its_worker_says_so(queue: Database, tmp_path: Path) -> None:
    ask(queue, Order(HANG, {"label": "long", "folder": str(tmp_path)}))
    with working(queue, tmp_path, pace=world.Pace(grace=0.5)) as worker:
        until((tmp_path / "begun").exists)
        assert not worker.stop()
        (tmp_path / "go").touch()
        until(lambda: statuses(queue) == ["succeeded"])
        assert worker.stop()


def test_a_worker_goes_on_after_the_database_threw_it_out(queue: Database, tmp_path: Path) -> None:
    with working(queue, tmp_path):
        ask(queue, Order(MARK, {"label": "before"}))
        until(lambda: marks(queue) == ["before"])
        with queue.engine("superuser").connect() as connection:
            thrown = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'haiyu-%'"
            assert connection.execute(text(thrown)).scalar_one() > 0
        ask(queue, Order(MARK, {"label": "after"}))
        until(lambda: marks(queue) == ["before", "after"])


def _hears(database: Database) -> bool:
    """Whether a worker of this database listens."""
    with database.engine("superuser").connect() as connection:
        listening = (
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'LISTEN%'"
        )
        return bool(connection.execute(text(listening)).scalar_one())


def _line(database: Database, number: int) -> state.JobLine:
    """The job as a person reads it."""
    with database.sessions(pooled=False)() as session:
        return next(each for each in state.jobs(session, tuple(state.STATES)) if each.number == number)
