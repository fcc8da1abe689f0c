"""The worker: a thread with a loop of its own that does jobs until it is stopped, in its own process or inside the server's."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread

from procrastinate import App
from structlog import get_logger

from api.databases import addresses
from api.jobs.kinds import Kind
from api.jobs.queue import queue_for
from api.jobs.running import Body
from api.jobs.tending import tend
from api.jobs.timetable import Returning
from api.jobs.workshop import Workshop

log = get_logger("haiyu.jobs")

# The library forgets workers that have been silent for so long when another starts. Our own rescue asks long before; this only
# keeps its table small, and must never meet a worker that lives, since its jobs would lose their worker's number.
FORGOTTEN_AFTER = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a worker goes about it; times in seconds.

    A job starts at once when it is committed (LISTEN); `look` is for those that were postponed or taken from a dead worker. After
    `silent` without a sign of life, several `beat`s, a worker counts as dead. `tend` is how often it looks for such, and for what
    is due by the clock; `grace`, how long a stopping worker is waited for; `recover`, its pause when the database was lost.
    """

    at_once: int = 2
    beat: float = 2.0
    silent: float = 10.0
    look: float = 1.0
    tend: float = 2.0
    grace: float = 20.0
    recover: float = 2.0


class Worker:
    """A thread that does the jobs of one database. It never keeps the process alive, and mends itself when the database was away."""

    def __init__(
        self, shop: Workshop, duties: Mapping[Kind, Body], timetable: Sequence[Returning], pace: Pace | None = None
    ) -> None:
        self._shop, self._duties, self._timetable, self._pace = shop, duties, timetable, pace or Pace()
        self._thread = Thread(target=lambda: asyncio.run(self._live()), name="haiyu-worker", daemon=True)
        self._looping = Event()
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event

    def start(self) -> None:
        """Begin."""
        _quiet_library()
        self._thread.start()
        self._looping.wait()

    def stop(self) -> bool:
        """Take no more jobs and wait for those that run; False where they take longer than the grace and were given up.

        What is given up rolls back with its connection when the process ends; the next worker does it.
        """
        with contextlib.suppress(RuntimeError):  # the loop has ended already
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(self._pace.grace)
        if self._thread.is_alive():
            log.warning("worker.given_up", grace_seconds=self._pace.grace)
        return not self._thread.is_alive()

    async def _live(self) -> None:
        """One shift after the other; a shift ends when the worker is stopped or the database is lost."""
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        self._looping.set()
        stopping = asyncio.create_task(self._stopping.wait())
        while not self._stopping.is_set():
            shift = asyncio.create_task(self._shift())
            await asyncio.wait({shift, stopping}, return_when=asyncio.FIRST_COMPLETED)
            shift.cancel()
            (ended,) = await asyncio.gather(shift, return_exceptions=True)
            if not self._stopping.is_set():
                log.warning("worker.lost_database", said=_said(ended))
                await asyncio.wait({stopping}, timeout=self._pace.recover)

    async def _shift(self) -> None:
        """Work on connections of this shift until cancelled; raises when they are lost."""
        # A library's queue whose opening failed cannot be opened again, so each shift has its own.
        queue = queue_for(addresses(self._shop.settings).app, self._duties, self._shop)
        pace = self._pace
        try:
            await queue.open_async()
            async with asyncio.TaskGroup() as group:
                group.create_task(_work(queue, pace, sorted({kind.queue for kind in self._duties})))
                group.create_task(tend(queue, self._timetable, self._shop.clock, silent=pace.silent, every=pace.tend))
        finally:
            await queue.close_async()


async def _work(queue: App, pace: Pace, queues: Sequence[str]) -> None:
    """The library's own loop: cancelled, it takes no more jobs and waits for those that run. Ending by itself is a failure."""
    await queue.run_worker_async(
        name="haiyu",
        queues=queues,
        concurrency=pace.at_once,
        fetch_job_polling_interval=pace.look,
        update_heartbeat_interval=pace.beat,
        stalled_worker_timeout=FORGOTTEN_AFTER,
        install_signal_handlers=False,
    )
    raise ConnectionError("the listener or the sign of life has failed")


def _said(ended: object) -> str:
    """What ended a shift, in one line."""
    faults = ended.exceptions if isinstance(ended, BaseExceptionGroup) else (ended,)
    return "; ".join(f"{type(each).__name__}: {each}" for each in faults)


def _quiet_library() -> None:
    """Our own lines tell each failure once, with job and kind; the library's would tell every start and end as well."""
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    logging.getLogger("procrastinate.worker").setLevel(logging.CRITICAL)
    logging.getLogger("procrastinate.worker.haiyu").setLevel(logging.WARNING)


@contextmanager
def at_work(
    shop: Workshop, duties: Mapping[Kind, Body], timetable: Sequence[Returning], pace: Pace | None = None
) -> Iterator[Worker]:
    """A worker for as long as the block lasts."""
    worker = Worker(shop, duties, timetable, pace)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()
