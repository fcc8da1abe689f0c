"""`haiyu rules` through its public door: the unknown rate, supplied with its document, changes what a fee says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from api.cli import run
from tests.support.databases import Database

Ask = Callable[..., dict[str, Any]]
FEE = ["fee", "--mode", "41", "--place", "371082", "--hectares", "10", "--from", "2027-01-01", "--years", "1"]


@pytest.fixture
def ask(
    own_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Ask:
    """Run a command line and give its JSON; `code` is the exit code that must come."""
    monkeypatch.setenv("DATABASE_URL", own_database.app_url)
    monkeypatch.setenv("HAIYU_HOME", str(tmp_path / "home"))

    def asked(*arguments: str, code: int = 0) -> dict[str, Any]:
        assert run([*arguments, "--json"]) == code
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return told

    return asked


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "标准.pdf"
    path.write_bytes(b"%PDF-1.7 rate")
    return path


def enter(document: Path) -> list[str]:
    keys = ["--key", "mode=41", "--key", "grade=3"]
    said = ["--value", "0.06", "--place", "371082", "--from", "2026-01-01", "--cite", "示例文件 2026 年第 1 号"]
    return ["rules", "enter", "--rule", "fee.rate", *keys, *said, "--document", str(document)]


def test_the_aquaculture_rate_is_unknown_until_supplied_with_its_document(
    ask: Ask, document: Path, own_database: Database
) -> None:
    before = ask(*FEE, code=12)
    assert before["total_yuan"] is None and before["missing"]
    entered = ask(*enter(document))
    after = ask(*FEE)
    assert after["total_yuan"] == 6000 and not after["missing"]
    with own_database.sessions()() as session:
        assert session.scalar(text("SELECT content FROM source_file")) == b"%PDF-1.7 rate"
        assert session.scalar(text("SELECT kind FROM event WHERE stream = 'rule_book:1'")) == "rules.entered"
    ask("rules", "withdraw", str(entered["entry"]))
    assert ask(*FEE, code=12)["total_yuan"] is None


def test_a_value_without_a_number_or_for_no_rule_is_refused_and_nothing_is_kept(
    ask: Ask, document: Path, own_database: Database
) -> None:
    wrong = [("six" if word == "0.06" else word) for word in enter(document)]
    assert ask(*wrong, code=2)["error"]["code"] == "rules.entry_refused"
    other = [("fee.none" if word == "fee.rate" else word) for word in enter(document)]
    assert ask(*other, code=2)["error"]["code"] == "rules.no_such_rule"
    with own_database.sessions()() as session:
        assert (
            session.scalar(text("SELECT (SELECT count(*) FROM source_file) + (SELECT count(*) FROM rule_entry)")) == 0
        )


def test_confirming_a_value_lifts_its_doubt(ask: Ask, document: Path) -> None:
    doubted = ask("rules", "list", "--rule", "term.maximum_years", "--doubt")["values"]
    assert doubted
    first = doubted[0]
    keys = [word for name, value in first["keys"].items() for word in ("--key", f"{name}={value}")]
    since = ["--from", first["from"]] if first["from"] else []
    ask(
        "rules",
        "confirm",
        "--rule",
        "term.maximum_years",
        *keys,
        "--place",
        first["place"],
        *since,
        "--document",
        str(document),
    )
    left = ask("rules", "list", "--rule", "term.maximum_years", "--doubt")["values"]
    assert first["keys"] not in [
        row["keys"] for row in left if row["place"] == first["place"] and row["from"] == first["from"]
    ]
    assert ask(
        "rules", "confirm", "--rule", "term.maximum_years", "--key", "use_type=zz", "--document", str(document), code=2
    )
