"""`haiyu serve` does the jobs as well: with one server process or several, unless it is told not to, and ends them well."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from api.cli import run
from tests.api.jobs.world import statuses, until
from tests.api.test_serve import ROOT, answer
from tests.support.databases import Database
from tests.support.serving import free_port


@pytest.mark.parametrize(("processes", "ending"), [("1", signal.SIGTERM), ("2", signal.SIGINT)])
def test_it_does_jobs_and_lets_its_worker_end_well(own_database: Database, processes: str, ending: int) -> None:
    port = free_port()
    given = {"DATABASE_URL": own_database.app_url, "HAIYU_LANG": "en"}
    words = ["serve", "--port", str(port), "--workers", processes]
    command = [sys.executable, "-c", "from api.cli import main; main()", *words]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **given}, stderr=subprocess.PIPE, text=True) as server:
        try:
            answer(f"http://127.0.0.1:{port}/readyz", 120)
            until(lambda: len(statuses(own_database)) > 3 and set(statuses(own_database)) == {"succeeded"}, 60)
            server.send_signal(ending)
            _, said = server.communicate(timeout=60)
        finally:
            server.kill()
    with own_database.sessions(pooled=False)() as session:
        # A worker that ends well signs off.
        left = session.execute(text("SELECT count(*) FROM procrastinate_workers")).scalar_one()
    assert (server.returncode, left) == (0, 0)
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("options", "setting", "expected"),
    [([], "inside", ["begins", "serves", "ends"]), (["--no-worker"], "inside", ["serves"]), ([], "none", ["serves"])],
)
def test_whether_it_does_the_jobs_is_said_by_option_or_setting(
    own_database: Database, monkeypatch: pytest.MonkeyPatch, options: list[str], setting: str, expected: list[str]
) -> None:
    told: list[str] = []

    @contextmanager
    def doing_jobs(_: object) -> Iterator[None]:
        told.append("begins")
        yield
        told.append("ends")

    monkeypatch.setattr("api.cli.serve.doing_jobs", doing_jobs)
    monkeypatch.setattr("api.cli.serve.end_by_terminate", lambda: None)
    monkeypatch.setattr("api.cli.serve.hand_down", lambda settings: None)
    monkeypatch.setattr("api.cli.serve.serve", lambda host, port, workers: told.append("serves"))
    monkeypatch.setenv("DATABASE_URL", own_database.app_url)
    monkeypatch.setenv("HAIYU_WORKER", setting)
    assert run(["serve", *options]) == 0
    assert told == expected
