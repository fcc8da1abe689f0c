"""A worker of the test's kinds, to be run as a process of its own; it ends by SIGTERM, or is killed."""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path

from api.cli.work import end_by_terminate
from api.jobs.worker import at_work
from api.jobs.workshop import open_workshop
from api.logs import configure_logs
from api.settings import Settings
from tests.api.jobs.world import BRISK, DUTIES


def work(url: str, home: str) -> None:
    """Do the test's jobs until told to end."""
    end_by_terminate()
    settings = Settings(database_url=url, home=Path(home), log_level="warning")
    configure_logs(settings)
    with open_workshop(settings) as shop, at_work(shop, DUTIES, (), BRISK), suppress(KeyboardInterrupt):
        signal.pause()
