"""`haiyu issuer`: installed with certificate and key, listed, followed by another; what does not fit is refused in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from api.cli import run
from api.papers.sample_issuer import ensure_sample_issuer
from api.papers.signing import KeyFolder
from approvals.papers.issuers import issuer_for
from data.clock import recorded_at
from parcels.models import Place
from tests.api import world
from tests.api.papers.certificates import a_certificate
from tests.support.databases import Database

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def here(own_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Database:
    """An installation on a database of its own with one place in it, and an empty home."""
    with own_database.sessions("owner").begin() as session:
        world.place(session)
    monkeypatch.setenv("HAIYU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATABASE_URL", own_database.app_url)
    monkeypatch.setenv("DATABASE_OWNER_URL", own_database.owner_url)
    monkeypatch.setenv("DATABASE_READ_URL", own_database.read_url)
    return own_database


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    def asked(shape: str, *arguments: str, code: int = 0) -> dict[str, Any]:
        capsys.readouterr()
        came = run([*arguments, "--json"])
        out = capsys.readouterr().out
        assert came == code, out
        told: dict[str, Any] = json.loads(out)
        jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{shape}.json").read_text("utf-8"))).validate(told)
        return told

    return asked


def pair(folder: Path, name: str = "荣成市自然资源局", **days: datetime) -> list[str]:
    """The options for a certificate and its key, as files."""
    certificate, key = a_certificate(name, **days)
    (folder / "certificate.der").write_bytes(certificate)
    (folder / "key.pem").write_bytes(key)
    return ["--certificate", str(folder / "certificate.der"), "--key", str(folder / "key.pem")]


def named(place: str | None) -> list[str]:
    return [*(["--place", place] if place else []), "--name-zh", "荣成市自然资源局", "--name-en", "Bureau of Rongcheng"]


def test_an_issuer_is_installed_for_a_place_and_signs_from_its_first_day(
    ask: Ask, here: Database, tmp_path: Path
) -> None:
    added = ask("issuer", "issuer", "add", *named("371082"), *pair(tmp_path), "--from", "2026-11-26")["added"]
    assert (added["place"]["code"], added["signer"], added["from"]) == ("371082", "荣成市自然资源局", "2026-11-26")
    assert added["key_here"] is True
    path = tmp_path / "home" / "keys" / f"{added['key']}.key.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    assert ask("issuer", "issuer", "list")["issuers"] == [added]
    with here.sessions().begin() as session:
        ensure_sample_issuer(session, KeyFolder(tmp_path / "home" / "keys"), at=recorded_at(session))
        place = session.query(Place).filter_by(kind="county").one()
        assert issuer_for(session, (place.id,), date(2026, 11, 26)).id == added["issuer"]
        assert issuer_for(session, (place.id,), date(2026, 11, 25)).is_builtin
        assert issuer_for(session, (), date(2026, 11, 26)).is_builtin


def test_a_later_issuer_of_a_place_ends_the_earlier_one_the_day_before(
    ask: Ask, here: Database, tmp_path: Path
) -> None:
    ask("issuer", "issuer", "add", *named("371082"), *pair(tmp_path), "--from", "2026-11-26")
    ask("issuer", "issuer", "add", *named("371082"), *pair(tmp_path), "--from", "2027-03-01", "--until", "2028-12-31")
    assert [(each["from"], each["until"]) for each in ask("issuer", "issuer", "list")["issuers"]] == [
        ("2026-11-26", "2027-02-28"),
        ("2027-03-01", "2028-12-31"),
    ]
    refused = ask(
        "error", "issuer", "add", *named(None), *pair(tmp_path), "--from", "2027-03-01", "--until", "2027-01-01", code=2
    )
    assert refused["error"]["code"] == "issuer.days"


def test_an_issuer_of_everywhere_stands_in_where_no_nearer_one_is(ask: Ask, here: Database, tmp_path: Path) -> None:
    everywhere = ask("issuer", "issuer", "add", *named(None), *pair(tmp_path), "--from", "2026-11-26")["added"]
    near = ask("issuer", "issuer", "add", *named("371082"), *pair(tmp_path), "--from", "2026-11-26")["added"]
    with here.sessions()() as session:
        place = session.query(Place).filter_by(kind="county").one()
        assert issuer_for(session, (place.id,), date(2026, 12, 1)).id == near["issuer"]
        assert issuer_for(session, (), date(2026, 12, 1)).id == everywhere["issuer"]
    again = ask("error", "issuer", "add", *named(None), *pair(tmp_path), "--from", "2026-11-26", code=2)
    assert again["error"]["code"] == "issuer.overlaps"


def test_what_does_not_fit_is_refused_and_leaves_no_key_behind(ask: Ask, here: Database, tmp_path: Path) -> None:
    first, other = tmp_path / "first", tmp_path / "other"
    first.mkdir()
    other.mkdir()
    mine, theirs = pair(first), pair(other)
    old = tmp_path / "old"
    old.mkdir()
    ended = pair(old, until=datetime(2026, 1, 1, tzinfo=UTC))
    text = tmp_path / "text.pem"
    text.write_text("no certificate", encoding="utf-8")
    cases = {
        "issuer.key_of_another": [*named("371082"), *mine[:2], *theirs[2:]],
        "issuer.certificate_unreadable": [*named("371082"), "--certificate", str(text), *mine[2:]],
        "issuer.key_unreadable": [*named("371082"), *mine[:2], "--key", str(text)],
        "issuer.certificate_ended": [*named("371082"), *ended],
        "issuer.place_unknown": [*named("999999"), *mine],
    }
    for code, arguments in cases.items():
        assert ask("error", "issuer", "add", *arguments, "--from", "2026-11-26", code=2)["error"]["code"] == code
    assert ask("issuer", "issuer", "list") == {"issuers": []}
    keys = tmp_path / "home" / "keys"
    assert not keys.exists() or not list(keys.glob("issuer-*"))


def test_people_read_it_too(ask: Ask, here: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["issuer", "list", "--lang", "en"]) == 0
    assert "No issuer yet" in capsys.readouterr().out
    ask("issuer", "issuer", "add", *named(None), *pair(tmp_path), "--from", "2026-11-26")
    capsys.readouterr()
    assert run(["issuer", "list", "--lang", "zh"]) == 0
    assert "1 全部地方 荣成市自然资源局 签名主体 荣成市自然资源局 2026-11-26 至" in capsys.readouterr().out
