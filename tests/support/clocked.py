"""A server and a worker whose clock is a file.

For journeys only: the product itself has no way to set its clock. What is built and run is the product's own application and
worker; only the function that tells the time is ours. The file holds one instant, which stands still until it is written anew.
"""

from __future__ import annotations

import signal
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import uvicorn

from api.app import create_app
from api.cli.work import end_by_terminate
from api.jobs.bodies import BODIES
from api.jobs.timetable import TIMETABLE
from api.jobs.worker import Pace, at_work
from api.jobs.workshop import open_workshop
from api.logs import configure_logs
from api.settings import Settings

# As the product's, but a killed worker is missed after two seconds: journeys kill one at every step.
BRISK = Pace(beat=0.3, silent=2.0, look=0.3, tend=0.3, recover=0.3)


class FileClock:
    """The instant that stands in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self) -> datetime:
        return datetime.fromisoformat(self.path.read_text(encoding="ascii"))


def server(clock: str, settings: dict[str, Any], application: dict[str, Any]) -> None:
    """Serve until a signal ends it, with a worker inside where the settings say so; `application` goes to `create_app`."""
    given = _begin(settings)
    with ExitStack() as stack, suppress(KeyboardInterrupt):
        if given.worker == "inside":
            stack.enter_context(_working(given, clock))
        app = create_app(given, clock=FileClock(Path(clock)), **application)
        uvicorn.run(app, port=given.port, log_config=None, access_log=False, timeout_graceful_shutdown=2)


def worker(clock: str, settings: dict[str, Any]) -> None:
    """Do jobs until a signal ends it."""
    with _working(_begin(settings), clock), suppress(KeyboardInterrupt):
        signal.pause()


def _begin(settings: dict[str, Any]) -> Settings:
    end_by_terminate()
    given = Settings(**settings)
    configure_logs(given)
    return given


def _working(settings: Settings, clock: str) -> ExitStack:
    stack = ExitStack()
    shop = stack.enter_context(open_workshop(settings, FileClock(Path(clock))))
    stack.enter_context(at_work(shop, BODIES, TIMETABLE, BRISK))
    return stack
