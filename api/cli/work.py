"""`haiyu work`: a process of its own that does the jobs, beside servers that do not (`HAIYU_WORKER=none`)."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import click

from api.cli.output import Exit, both, shared_options, tell
from api.cli.rooms import all_metadata
from api.databases import open_databases
from api.logs import configure_logs
from api.settings import Settings


@contextmanager
def doing_jobs(settings: Settings) -> Iterator[None]:
    """A worker of this process for as long as the block lasts; the database must be up."""
    # Imported when jobs are done: the help of a command must not wait for what sets and signs papers.
    from api.jobs.bodies import BODIES
    from api.jobs.timetable import TIMETABLE
    from api.jobs.worker import at_work
    from api.jobs.workshop import open_workshop
    from api.mail.posting import warn_of_none

    configure_logs(settings)
    warn_of_none(settings)
    with open_workshop(settings) as shop, at_work(shop, BODIES, TIMETABLE):
        yield


def end_by_terminate() -> None:
    """Let SIGTERM, as a service manager sends it, end this process as Ctrl+C does; unheard, it would cut a job off in the middle."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@click.command(help=both("cli.work.help"))
@shared_options
def command(json_wanted: bool, lang: str) -> int:
    """Do jobs until told to stop; what is running then is ended first."""
    settings = Settings()
    open_databases(settings, all_metadata(), lambda code: tell(code, lang))
    end_by_terminate()
    with doing_jobs(settings):
        tell("cli.work.ready", lang)
        with suppress(KeyboardInterrupt):
            while True:
                signal.pause()
        tell("cli.work.stopping", lang)
    return Exit.DONE
