"""One job: its transaction holds it, does it and ends it, so that a job done is a job ended, however the process dies."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Thread
from typing import Any, TypeVar

from sqlalchemy import text
from structlog import get_logger
from structlog.contextvars import bound_contextvars

from api.jobs import queries
from api.jobs.workshop import Workshop

log = get_logger("haiyu.jobs")
Result = TypeVar("Result")

# What a kind of job does: `body(session, shop, **facts)`, in the job's transaction. Raising rolls back, and the job is tried again
# later; doing it again changes nothing that is done already.
Body = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Ticket:
    """One attempt of one worker at one job."""

    job: int
    worker: int
    attempts: int

    def plain(self) -> dict[str, int]:
        """The parameters of the statements."""
        return {"job": self.job, "worker": self.worker, "attempts": self.attempts}


def run_job(shop: Workshop, ticket: Ticket, kind: str, body: Body, facts: Mapping[str, Any]) -> bool:
    """Do a job; False where it was taken away from this worker before it began, and somebody else does it."""
    with bound_contextvars(job=ticket.job, kind=kind), shop.sessions.begin() as session:
        if session.execute(text(queries.HOLD), ticket.plain()).first() is None:
            log.warning("job.taken_away")
            return False
        body(session, shop, **facts)
        session.execute(text(queries.SUCCEED), {"job": ticket.job})
    return True


async def in_thread(work: Callable[[], Result]) -> Result:
    """Wait for a blocking function in a thread that does not keep the process alive, as those of an executor do."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()

    def tell(answer: Callable[[], None]) -> None:
        # A worker that was given up has closed its loop; nobody waits any more.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(lambda: None if done.done() else answer())

    def run() -> None:
        try:
            result = work()
        except BaseException as fault:
            kept = fault
            tell(lambda: done.set_exception(kept))
        else:
            tell(lambda: done.set_result(result))

    Thread(target=run, name="haiyu-job", daemon=True).start()
    return await done
