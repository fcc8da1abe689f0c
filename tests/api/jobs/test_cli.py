"""`haiyu jobs` and `haiyu work`: what they tell, in the shape of docs/schemas/jobs.json, and what they refuse."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from sqlalchemy import text

from api.cli import run
from api.jobs.enqueueing import Order
from tests.api.jobs.world import FAIL, MARK, ask, statuses, until
from tests.support.databases import Database

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs/schemas/jobs.json").read_text(encoding="utf-8"))
Told = Callable[..., Any]


@pytest.fixture
def haiyu(queue: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    """Run `haiyu jobs …` on the test's database; its JSON answer, held against the schema where it is no refusal."""
    monkeypatch.setenv("HAIYU_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", queue.app_url)

    def told(*arguments: str, code: int = 0) -> Any:
        capsys.readouterr()
        assert run(["jobs", *arguments, "--json"]) == code
        answer = json.loads(capsys.readouterr().out)
        if code == 0:
            jsonschema.Draft202012Validator(SCHEMA).validate(answer)
        return answer

    return told


def broken(database: Database, number: int) -> None:
    """Let a job have failed for good."""
    with database.sessions(pooled=False).begin() as session:
        session.execute(
            text("SELECT procrastinate_fetch_job_v2(NULL, worker_id) FROM procrastinate_register_worker_v1()")
        )
        session.execute(text("SELECT procrastinate_finish_job_v1(:number, 'failed', false)"), {"number": number})


def test_what_waits_and_what_failed_is_listed_newest_first(queue: Database, haiyu: Told, tmp_path: Path) -> None:
    (first,) = ask(queue, Order(FAIL, {"label": "a", "folder": "x"}))
    broken(queue, first)
    second, third = ask(queue, *(Order(MARK, {"label": label}) for label in "bc"))
    told = haiyu("list")
    assert [(each["number"], each["state"], each["failures"]) for each in told["jobs"]] == [
        (third, "waiting", 0),
        (second, "waiting", 0),
        (first, "failed", 1),
    ]
    assert (told["queue"]["waiting"], told["queue"]["failed"]) == (2, 1)
    assert told["queue"]["oldest_seconds"] > 0
    assert [each["number"] for each in haiyu("list", "--state", "failed", "--state", "done")["jobs"]] == [first]
    assert len(haiyu("list", "--most", "1")["jobs"]) == 1


def test_failed_jobs_begin_anew_by_number_or_all_and_others_are_refused(queue: Database, haiyu: Told) -> None:
    (failed,) = ask(queue, Order(MARK, {"label": "a"}))
    broken(queue, failed)
    (waiting,) = ask(queue, Order(MARK, {"label": "b"}))
    refused = haiyu("retry", str(failed), str(waiting), code=2)["error"]
    assert (refused["code"], refused["facts"]) == ("cli.jobs.not_failed", {"numbers": str(waiting)})
    assert statuses(queue) == ["failed", "todo"]
    assert haiyu("retry", str(failed)) == {"again": [failed]}
    assert statuses(queue) == ["todo", "todo"]
    assert haiyu("retry", "--all") == {"again": []}
    for wrong in ((), ("--all", "1")):
        assert haiyu("retry", *wrong, code=2)["error"]["code"] == "cli.jobs.which"


@pytest.mark.parametrize(("lang", "word"), [("zh", "失败 1 次"), ("en", "failed 1 times")])
def test_people_read_it_in_words(
    queue: Database, haiyu: Told, lang: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (number,) = ask(queue, Order(MARK, {"label": "a"}))
    broken(queue, number)
    assert run(["jobs", "list", "--lang", lang]) == 0
    assert word in capsys.readouterr().out


def test_work_does_the_house_s_own_jobs_and_ends_when_told(queue: Database, tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": queue.app_url, "HAIYU_HOME": str(tmp_path), "HAIYU_LANG": "en"}
    command = [sys.executable, "-c", "from api.cli import main; main()", "work"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as worker:
        try:
            until(lambda: "todo" not in statuses(queue) and "doing" not in statuses(queue) and statuses(queue), 120)
            worker.send_signal(signal.SIGTERM)
            _, said = worker.communicate(timeout=60)
        finally:
            worker.kill()
    assert worker.returncode == 0
    # What a calendar puts into the queue just as the worker ends waits for the next one; nothing is half done and nothing failed.
    assert "succeeded" in statuses(queue)
    assert set(statuses(queue)) <= {"succeeded", "todo"}
    assert "Doing jobs" in said and "Traceback" not in said
