"""The demonstration's own server and worker, in this process, on a clock that the stories move on."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Thread

import uvicorn

from api.app import create_app
from api.jobs import state
from api.jobs.bodies import BODIES, make_paper
from api.jobs.kinds import MAKE_PAPER
from api.jobs.timetable import TIMETABLE
from api.jobs.worker import Pace, at_work
from api.jobs.workshop import Workshop, open_workshop
from api.settings import Settings
from approvals.queries.papers import making_of

SETTLE_SECONDS = 120
LOOK_SECONDS = 0.05
# The worker looks at the clock more often than in service: the stories let days pass and wait for what becomes due.
PACE = Pace(look=0.3, tend=0.3)


@dataclass
class StoryClock:
    """An instant that stands still until it is moved on."""

    instant: datetime

    def __call__(self) -> datetime:
        """The present of the stories."""
        return self.instant

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.instant += by


@dataclass(frozen=True, slots=True)
class House:
    """A running server with its worker."""

    address: str
    clock: StoryClock
    shop: Workshop
    aside: tuple[str, ...]

    def make_papers(self, case: str) -> None:
        """Make the papers that the acts of a case have issued, now; the jobs that wait for it find them made."""
        with self.shop.sessions() as session:
            waiting = making_of(session, case)
        for document in waiting:
            with self.shop.sessions.begin() as session:
                make_paper(session, self.shop, document=document)

    def settle(self) -> None:
        """Wait until what is due by the clock has been done; a job that fails stops the stories."""
        end = time.monotonic() + SETTLE_SECONDS
        while not self._quiet():
            if time.monotonic() > end:
                raise TimeoutError("jobs of the demonstration are not done")
            time.sleep(LOOK_SECONDS)

    def _quiet(self) -> bool:
        with self.shop.sessions() as session:
            found = state.queue_state(session, self.aside)
            if found.failed or found.postponed:
                raise RuntimeError(f"a job of the demonstration failed: {state.jobs(session, ['failed', 'waiting'])}")
            return state.is_quiet(session, self.clock(), TIMETABLE, self.aside)


@contextmanager
def open_house(settings: Settings, start: datetime, *, papers: bool = True) -> Iterator[House]:
    """Server and worker for as long as the block lasts; the sample accounts may sign in, from this machine only.

    Without `papers` the worker leaves those that it is not asked for to whoever works here next.
    """
    clock = StoryClock(start)
    duties = {kind: body for kind, body in BODIES.items() if papers or kind is not MAKE_PAPER}
    aside = () if papers else (MAKE_PAPER.queue,)
    with open_workshop(settings, clock) as shop, at_work(shop, duties, TIMETABLE, PACE):
        app = create_app(settings, clock=clock, samples_allowed=True)
        with _serving(lambda port: uvicorn.Server(uvicorn.Config(app, port=port, log_config=None))) as address:
            yield House(address, clock, shop, aside)


@contextmanager
def _serving(server_on: Callable[[int], uvicorn.Server]) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = server_on(port)
    thread = Thread(target=server.run, name="haiyu-demo", daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the demonstration's server did not start")
        time.sleep(LOOK_SECONDS)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
