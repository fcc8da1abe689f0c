"""`haiyu serve`: brings the database up, loads the sample world into an empty one of our own, and serves page and interface."""

from __future__ import annotations

import gc
from contextlib import ExitStack
from typing import Any

import click
import uvicorn

from api.cli.output import Exit, both, both_inline, shared_options, tell
from api.cli.rooms import all_metadata
from api.cli.work import doing_jobs, end_by_terminate
from api.databases import open_databases
from api.samples import lay_sample_world
from api.settings import Settings, hand_down
from data.answers import Refusal

# uvicorn waits for open answers that long; a client that never hangs up must not keep the old process alive.
GRACE_SECONDS = 2


def application() -> Any:
    """The application of one server process, from the environment's settings (uvicorn's factory)."""
    from api.app import create_app

    app = create_app(Settings())
    # What a process starts with stays: rules, routes, libraries. Left to the collector it is walked again and again, under requests;
    # and answers are made of thousands of small values that need no collecting (a fifth of the time of checks in a loop, measured).
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    return app


@click.command(help=both("cli.serve.help"))
@click.option("--host", help=both_inline("cli.serve.option.host"))
@click.option("--port", type=click.IntRange(1, 65535), help=both_inline("cli.serve.option.port"))
@click.option("--workers", type=click.IntRange(1, 64), help=both_inline("cli.serve.option.workers"))
@click.option("--no-worker", is_flag=True, help=both_inline("cli.serve.option.no_worker"))
@shared_options
def command(
    host: str | None, port: int | None, workers: int | None, no_worker: bool, json_wanted: bool, lang: str
) -> int:
    """Serve until interrupted, and do the jobs that the acts ask for."""
    given = {"host": host, "port": port, "workers": workers}
    settings = Settings().model_copy(update={name: value for name, value in given.items() if value is not None})
    if not (settings.home / "static" / "vendor" / "manifest.json").exists():
        raise Refusal("cli.serve.no_browser_libraries")
    databases = open_databases(settings, all_metadata(), lambda code: tell(code, lang))
    lay_sample_world(settings, databases, lambda code: tell(code, lang))
    hand_down(settings)
    shown = "localhost" if settings.host in ("127.0.0.1", "0.0.0.0") else settings.host
    tell("cli.serve.ready", lang, address=f"http://{shown}:{settings.port}/")
    with ExitStack() as work:
        if settings.worker == "inside" and not no_worker:
            # uvicorn raises the signal again once it has ended, and the worker has not.
            end_by_terminate()
            work.enter_context(doing_jobs(settings))
        serve(settings.host, settings.port, settings.workers)
    return Exit.DONE


def serve(host: str, port: int, workers: int) -> None:
    """Answer requests until a signal ends it."""
    uvicorn.run(
        "api.cli.serve:application",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        timeout_graceful_shutdown=GRACE_SECONDS,
        log_config=None,
        access_log=False,
        server_header=False,
    )
