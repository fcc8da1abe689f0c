"""api.settings and api.databases: where values come from, and what stands in for those not given."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from api.cli.rooms import all_metadata
from api.databases import addresses, open_databases
from api.settings import ROOT, Settings, hand_down
from data.answers import Refusal
from data.store import engine_for
from tests.support.databases import Database


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_READ_URL", "HAIYU_HOME", "HAIYU_PORT", "HAIYU_LANG"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_word_the_system_uses_its_own_cluster_in_its_own_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    settings = Settings()
    assert settings.is_embedded
    assert settings.home == ROOT / ".haiyu"
    assert settings.cluster.home == settings.home


def test_the_other_two_logins_default_to_the_apps_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://haiyu_app@db/haiyu")
    found = addresses(Settings())
    assert {found.owner, found.app, found.read} == {"postgresql://haiyu_app@db/haiyu"}
    monkeypatch.setenv("DATABASE_READ_URL", "postgresql://haiyu_read@replica/haiyu")
    assert addresses(Settings()).of("read") == "postgresql://haiyu_read@replica/haiyu"


@pytest.mark.parametrize(
    ("name", "value"),
    [("HAIYU_PORT", "70000"), ("HAIYU_LANG", "fr"), ("HAIYU_WORKERS", "0"), ("HAIYU_LOG_LEVEL", "loud")],
)
def test_a_value_that_cannot_be_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()


def test_a_plain_postgresql_address_is_driven_by_psycopg() -> None:
    assert engine_for("postgresql://haiyu_app@/haiyu?host=/run/x").dialect.driver == "psycopg"
    assert engine_for("postgres://haiyu_app@/haiyu?host=/run/x").dialect.driver == "psycopg"


def test_an_outside_database_behind_the_head_is_refused_not_migrated(own_database: Database) -> None:
    with own_database.engine("owner").begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    settings = Settings.model_validate({"DATABASE_URL": own_database.app_url})
    with pytest.raises(Refusal) as refused:
        open_databases(settings, all_metadata())
    assert refused.value.code == "ground.schema_behind"
    assert refused.value.facts["found"] == "0000"


def test_no_folder_is_made_by_reading_settings(tmp_path: Path) -> None:
    Settings(home=tmp_path / "home").cluster.status()
    assert not (tmp_path / "home").exists()


def test_server_processes_hear_the_address_that_the_command_line_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """`haiyu serve --host 0.0.0.0` served sample accounts, which need no password, to everyone: its processes read the settings anew."""
    monkeypatch.setenv("HAIYU_HOST", "127.0.0.1")
    monkeypatch.setenv("HAIYU_PORT", "8000")
    assert Settings().is_local
    hand_down(Settings().model_copy(update={"host": "0.0.0.0", "port": 8080}))
    assert not Settings().is_local and (Settings().host, Settings().port) == ("0.0.0.0", 8080)
