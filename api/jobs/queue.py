"""The library's queue as a worker uses it: our kinds as its tasks, growing waits, and endings that only the holder of a job can write."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.connector import LISTEN_TIMEOUT, Notify
from procrastinate.jobs import Job, Notification, Status
from procrastinate.manager import JobManager, NotificationCallback
from psycopg import AsyncConnection
from sqlalchemy import make_url
from structlog import get_logger

from api.jobs import queries
from api.jobs.kinds import Kind
from api.jobs.running import Body, Ticket, in_thread, run_job
from api.jobs.workshop import Workshop

log = get_logger("haiyu.jobs")

# Thirteen tries within three quarters of an hour: longer than a restart of the database or a certificate that is being renewed.
FIRST_WAIT, LONGEST_WAIT, MOST_ATTEMPTS = 1.0, 900.0, 13
# The library takes the fact `timestamp` for jobs that return by the clock.
SLOT = "timestamp"


def wait_after(failures: int) -> float:
    """Seconds to wait after so many failures: doubling, with a cap.

    >>> [wait_after(n) for n in (1, 2, 3, 10, 11, 12)]
    [1.0, 2.0, 4.0, 512.0, 900.0, 900.0]
    """
    return min(FIRST_WAIT * 2.0 ** (failures - 1), LONGEST_WAIT)


class Patience(BaseRetryStrategy):
    """Try again after growing waits; after the last attempt the job has failed for good and waits for a person."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When next; None when it has been tried as often as it may be."""
        failures = job.attempts + 1
        told = log.bind(job=job.id, kind=job.task_name, failures=failures)
        if failures >= MOST_ATTEMPTS:
            told.error("job.failed", exc_info=exception)
            return None
        wait = wait_after(failures)
        told.warning("job.postponed", wait_seconds=wait, exc_info=exception)
        return RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=wait))


class EarlyEar(PsycopgConnector):
    """Tells of new jobs once more when it begins to listen: those committed after the worker's first look and before LISTEN."""

    async def _loop_notify(
        self, on_notification: Notify, connection: AsyncConnection, timeout: float = LISTEN_TIMEOUT
    ) -> None:
        # The library has no public place for this: its worker looks for jobs while its listener is still connecting.
        await on_notification(channel="", payload=json.dumps({"type": "job_inserted", "job_id": 0}))
        await super()._loop_notify(on_notification, connection, timeout)


class TicketedManager(JobManager):
    """Ends a job only for the attempt that holds it: a worker that was thought dead must not end what another now does.

    It also misses no new job: the library's worker forgets what it was told while it was looking, so this looks again.
    """

    _told = 0

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        """Listen as the library does, and count what is heard."""

        async def counted(*, channel: str, notification: Notification) -> None:
            self._told += 1
            await on_notification(channel=channel, notification=notification)

        await super().listen_for_jobs(on_notification=counted, queues=queues)

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """The next job to do; None only where nothing was told of while it looked."""
        while True:
            told = self._told
            job = await super().fetch_job(queues, worker_id)
            if job is not None or told == self._told:
                return job

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """Write the end of a job, unless its own transaction has written it or it was taken away."""
        await self.connector.execute_query_async(queries.FINISH, status=status.value, **ticket_of(job).plain())

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Put a job back until then, unless it was taken away. Priority, queue and lock of our jobs never change."""
        await self.connector.execute_query_async(
            queries.POSTPONE, retry_at=retry_at or datetime.now(UTC), **ticket_of(job).plain()
        )


def ticket_of(job: Job) -> Ticket:
    """The ticket of a job that a worker has fetched."""
    assert job.id is not None and job.worker_id is not None
    return Ticket(job.id, job.worker_id, job.attempts)


def queue_for(url: str, duties: Mapping[Kind, Body], shop: Workshop) -> App:
    """The queue of a database with what each kind of job does; opened by the worker, in its own loop."""
    connector = EarlyEar(
        conninfo=make_url(url).set(drivername="postgresql").render_as_string(hide_password=False),
        kwargs={"application_name": "haiyu-worker", "options": "-c timezone=UTC"},
        min_size=1,
        max_size=4,
    )
    app = App(connector=connector)
    app.job_manager = TicketedManager(connector)
    for kind, body in duties.items():
        app.task(name=kind.name, retry=Patience(), pass_context=True)(_task(kind, body, shop))
    return app


def _task(kind: Kind, body: Body, shop: Workshop) -> Callable[..., Awaitable[None]]:
    """The library's task for a kind: the job in a thread, because everything below speaks to the database in a blocking way."""

    async def task(context: JobContext, **facts: Any) -> None:
        facts.pop(SLOT, None)
        await in_thread(partial(run_job, shop, ticket_of(context.job), kind.name, body, facts))

    return task
