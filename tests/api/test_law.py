"""Rules, fees and the clock over HTTP: as of a date and place, with their sources, and the same as on the command line."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from api.app import create_app
from api.cli import run
from data import overlay
from data.actors import Actor
from data.rulebook import Entry, packaged
from tests.api.client import TestClient
from tests.api.conftest import settings_for
from tests.support.databases import Database


def test_a_rule_answers_as_of_a_date_with_its_source_and_its_doubt(client: TestClient) -> None:
    told = client.get("/api/v1/rules/term.maximum_years", params={"use_type": "13", "on": "2026-11-23"}).json()
    assert (told["value"], told["status"]) == (15, "known")
    assert "第二十五条" in told["source"]["cite"] and told["source"]["rule"] == "term.maximum_years"
    assert told["hash"] == client.get("/api/v1/rules").json()["hash"]


def test_every_rule_is_listed_with_the_way_to_ask_it(client: TestClient) -> None:
    listed = {rule["id"]: rule for rule in client.get("/api/v1/rules").json()["rules"]}
    assert listed["term.maximum_years"]["keys"] == ["use_type"]
    assert {"fee.rate", "boundary.tolerance.within_m", "disclosure.cell.officer"} <= set(listed)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/rules/no.such", 404, "problems.rule_unknown"),
        ("/api/v1/rules/term.maximum_years", 422, "problems.rule_keys"),
        ("/api/v1/rules/term.maximum_years?use_type=13&place=999999", 422, "problems.place_unknown"),
        ("/api/v1/rules/term.maximum_years?use_type=13&received=soon", 422, "problems.form"),
    ],
)
def test_a_wrong_question_is_told_how_to_ask(client: TestClient, path: str, status: int, code: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code) and answer.json()["detail"]


def said_by_the_command_line(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    run([*arguments, "--json"])
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return {name: value for name, value in told.items() if name != "rules_source"}


def test_a_fee_is_the_one_of_the_command_line(client: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    asked = {"place": "371082", "from": "2027-01-01", "years": 1, "units": [{"mode": "23", "hectares": "10"}]}
    told = client.post("/api/v1/fees", json=asked).json()
    told.pop("rules_source")
    assert told["total_yuan"] is not None and told["lines"][0]["basis"]
    assert told == said_by_the_command_line(
        capsys, "fee", "--mode", "23", "--place", "371082", "--hectares", "10", "--from", "2027-01-01", "--years", "1"
    )


def test_an_unknown_rate_makes_no_figure(client: TestClient) -> None:
    asked = {"place": "371082", "from": "2027-01-01", "years": 1, "units": [{"mode": "41", "hectares": "10"}]}
    told = client.post("/api/v1/fees", json=asked).json()
    assert told["total_yuan"] is None and told["missing"]


def test_a_fee_needs_years_or_a_last_day(client: TestClient) -> None:
    asked = {"place": "371082", "from": "2027-01-01", "units": [{"mode": "23", "hectares": "10"}]}
    assert client.post("/api/v1/fees", json=asked).status_code == 422


def test_the_clock_is_the_one_of_the_command_line(client: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    told = client.get("/api/v1/clock?from=2026-09-24&days=8").json()
    told.pop("rules_source")
    assert told["days"][0] | {"counted": False} == told["days"][0] and told["finish"]
    assert told == said_by_the_command_line(capsys, "clock", "--from", "2026-09-24", "--days", "8")


def test_a_year_without_its_holiday_table_has_only_a_provisional_day(client: TestClient) -> None:
    told = client.get("/api/v1/clock?from=2026-12-28&days=8").json()
    assert told["finish"] is None and told["provisional_finish"] and told["missing"] == ["calendar.2027"]


def test_what_an_administrator_enters_reaches_the_door(own_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rate of open aquaculture is unknown until somebody enters it with its document; then every process answers with it."""
    monkeypatch.setattr("api.deps.BOOK_SECONDS", 0.0)
    asked = {"place": "371082", "from": "2026-06-01", "years": 1, "units": [{"mode": "41", "hectares": "10"}]}
    names = packaged().rule("fee.rate").keys
    keys = {name: {"mode": "41", "fee_mode": "41", "grade": "3"}[name] for name in names}
    entry = Entry(
        rule="fee.rate",
        keys=keys,
        value=Decimal("0.06"),
        cite="test",
        document="rate.pdf",
        place="371082",
        since=date(2026, 1, 1),
    )
    with TestClient(create_app(settings_for(own_database))) as door:
        before = door.post("/api/v1/fees", json=asked).json()
        with own_database.sessions().begin() as session:
            overlay.enter(session, entry, b"%PDF rate", actor=Actor.administrator())
        after = door.post("/api/v1/fees", json=asked).json()
    assert before["total_yuan"] is None and after["total_yuan"] == 6000.0
    assert before["rules"] != after["rules"]
