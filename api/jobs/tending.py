"""What a worker does beside jobs: take over those of dead workers, and ask for what is due by the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from procrastinate import App
from procrastinate.jobs import Job
from structlog import get_logger

from api.jobs import queries
from api.jobs.kinds import Kind
from api.jobs.queue import MOST_ATTEMPTS, SLOT
from api.jobs.timetable import Returning

log = get_logger("haiyu.jobs")


async def tend(
    queue: App, timetable: Sequence[Returning], clock: Callable[[], datetime], *, silent: float, every: float
) -> None:
    """Look for both every so many seconds, until cancelled."""
    for each in timetable:
        if each.at_start:
            await _ask_now(queue, each.kind)
    asked: dict[Kind, int] = {}
    while True:
        await rescue(queue, silent=silent)
        now = clock()
        for each in timetable:
            slot = each.slot(now)
            if asked.get(each.kind) != slot:
                await _ask_once(queue, each.kind, slot)
                asked[each.kind] = slot
        await asyncio.sleep(every)


async def rescue(queue: App, *, silent: float) -> None:
    """Let the jobs of workers that have been silent for so many seconds begin anew."""
    rows = await queue.connector.execute_query_all_async(queries.RESCUE, silent=silent, most=MOST_ATTEMPTS)
    for row in rows:
        told = log.bind(job=row["job"], kind=row["kind"])
        if row["again"]:
            told.warning("job.rescued")
        else:
            told.error("job.failed", said="its worker died each time")


async def _ask_now(queue: App, kind: Kind) -> None:
    """Ask for a job, unless one waits already: it will look at everything that is due."""
    waiting = await queue.job_manager.list_jobs_async(task=kind.name, status="todo")
    if not list(waiting):
        await queue.job_manager.defer_job_async(_job(kind))


async def _ask_once(queue: App, kind: Kind, slot: int) -> None:
    """Ask for the job of a slot; the database keeps the slots, so that one of several workers asks."""
    await queue.job_manager.defer_periodic_job(_job(kind, **{SLOT: slot}), periodic_id="", defer_timestamp=slot)


def _job(kind: Kind, **facts: int) -> Job:
    # No queueing lock: where one waits and one runs, the running one could not be put back when it fails.
    return Job(queue=kind.queue, lock=kind.lock, queueing_lock=None, task_name=kind.name, task_kwargs={**facts})
