"""haiyu db and haiyu verify through the installed console script, on a home of their own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from sqlalchemy import text

from api.cli import run
from data import messages
from data.cluster import Cluster
from data.migrate import head
from data.store import engine_for
from tests.data.test_events import note
from tests.support.databases import Database

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = Path(sys.executable).with_name("haiyu")


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A fresh `.haiyu`, in a folder that the cluster's user can enter."""
    folder = Path("/tmp") / f"haiyu-home-{os.getpid()}"
    folder.mkdir(mode=0o755)
    yield folder
    Cluster(folder).remove()
    shutil.rmtree(folder)


def haiyu(home: Path, *arguments: str, **environment: str) -> tuple[int, Any, str]:
    """Run a command with `--json`; returns exit code, answer and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HAIYU_HOME", str(home))
        for name, value in environment.items():
            patch.setenv(name, value)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run([*arguments, "--json"])
    return code, json.loads(out.getvalue()) if out.getvalue() else None, err.getvalue()


def test_the_installed_script_speaks_utf8_in_the_plainest_locale(home: Path) -> None:
    surroundings = {"PATH": os.environ["PATH"], "HAIYU_HOME": str(home), "LC_ALL": "C"}
    done = subprocess.run([SCRIPT, "db", "status"], capture_output=True, env=surroundings, check=False, timeout=120)
    assert (done.returncode, done.stdout.decode("utf-8").strip()) == (0, messages.text("cli.db.state.missing", "zh"))


def test_a_database_from_nothing_to_ready_and_back_to_nothing(home: Path) -> None:
    assert haiyu(home, "db", "status")[1]["state"] == "missing"
    code, told, said = haiyu(home, "db", "start")
    assert (code, told["state"], told["revision"]) == (0, "running", head())
    assert "正在启动" in said
    code, told, said = haiyu(home, "db", "start")
    assert (code, told["state"], said) == (0, "running", "")
    assert haiyu(home, "db", "prepare")[:2] == (0, {"ready": True, "revision": head()})
    assert haiyu(home, "verify")[:2] == (0, {"streams": 0, "events": 0, "anchors": 0, "clean": True, "faults": []})
    assert haiyu(home, "db", "stop")[:2] == (0, {"stopped": True})
    assert haiyu(home, "db", "stop")[:2] == (0, {"stopped": False})
    assert haiyu(home, "db", "status")[1]["state"] == "stopped"

    code, told, _ = haiyu(home, "db", "reset")
    assert (code, told["error"]["code"]) == (2, "cli.db.not_confirmed")
    assert haiyu(home, "db", "status")[1]["state"] != "missing"
    code, told, said = haiyu(home, "db", "reset", "--confirm", "yes", "--lang", "en")
    assert (code, told) == (0, {"removed": True, "rights": 0, "cases": 0, "events": 0})
    assert "0 sea-use rights" in said
    assert haiyu(home, "db", "status")[1]["state"] == "missing"


def test_reset_and_stop_never_touch_a_database_that_is_not_ours(home: Path, own_database: Database) -> None:
    for act in (["start"], ["stop"], ["reset", "--confirm", "yes"]):
        code, told, _ = haiyu(home, "db", *act, DATABASE_URL=own_database.app_url)
        assert (code, told["error"]["code"]) == (2, "cli.db.outside")
    code, told, _ = haiyu(home, "db", "status", DATABASE_URL=own_database.app_url)
    assert (code, told["state"], told["revision"]) == (0, "outside", head())


def test_an_outside_database_is_verified_and_what_it_lacks_is_printed_as_sql(
    home: Path, own_database: Database
) -> None:
    ours = {
        "DATABASE_URL": own_database.app_url,
        "DATABASE_OWNER_URL": own_database.owner_url,
        "DATABASE_READ_URL": own_database.read_url,
    }
    assert haiyu(home, "db", "prepare", **ours)[:2] == (0, {"ready": True, "revision": head()})
    with engine_for(own_database.superuser_url, pooled=False).begin() as connection:
        connection.execute(text("GRANT CREATE ON SCHEMA public TO haiyu_app"))
        connection.execute(text("ALTER SCHEMA public OWNER TO postgres"))
    code, told, _ = haiyu(home, "db", "prepare", **ours)
    assert code == 12
    assert [(each["code"], each["login"]) for each in told["missing"]] == [
        ("prepare.owner_cannot_create", "owner"),
        ("prepare.may_create", "app"),
    ]
    for piece in ("CREATE ROLE haiyu_owner", "CREATE EXTENSION IF NOT EXISTS postgis", "ALTER DEFAULT PRIVILEGES"):
        assert piece in told["sql"]


def test_a_superuser_in_the_apps_place_is_told(home: Path, own_database: Database) -> None:
    code, told, _ = haiyu(home, "db", "prepare", DATABASE_URL=own_database.superuser_url)
    assert code == 12
    assert {each["code"] for each in told["missing"]} >= {"prepare.is_superuser"}


def test_a_forged_record_is_told_and_is_exit_eleven(home: Path, own_database: Database) -> None:
    with own_database.sessions()() as session:
        note(session)
        session.commit()
    assert haiyu(home, "verify", DATABASE_URL=own_database.app_url)[1]["events"] == 1
    with own_database.engine("superuser").begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text("UPDATE event SET body = '{}'"))
    code, told, _ = haiyu(home, "verify", DATABASE_URL=own_database.app_url)
    assert (code, told["clean"], told["faults"][0]["code"]) == (11, False, "event.column_differs")


def test_an_anchor_is_written_where_the_record_is_clean_and_something_is_new(
    home: Path, own_database: Database
) -> None:
    def verify(*more: str) -> tuple[int, Any]:
        code, told, _ = haiyu(home, "verify", *more, DATABASE_URL=own_database.app_url)
        schema = json.loads((ROOT / "docs" / "schemas" / "verify.json").read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator(schema).validate(told)
        return code, told

    with own_database.sessions()() as session:
        note(session)
        session.commit()
    assert "anchor" not in verify()[1]
    code, told = verify("--anchor")
    assert (code, told["anchors"], told["anchor"]["number"]) == (0, 0, 1)
    assert verify()[1]["anchors"] == 1
    # An anchor covers what may still have been under way at the last one, so the first quiet call may make one more.
    for _ in range(3):
        code, told = verify("--anchor")
    assert (code, told["anchor"]) == (0, None)
    with own_database.sessions()() as session:
        note(session)
        session.commit()
    with own_database.engine("superuser").begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text("UPDATE event SET body = '{}'"))
    anchors = told["anchors"]
    code, told = verify("--anchor")
    assert (code, told["clean"], "anchor" in told, told["anchors"]) == (11, False, False, anchors)
