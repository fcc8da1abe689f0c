"""data.store on real PostGIS."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from data.migrate import differences
from data.store import metadata
from tests.support.databases import Database


def test_a_session_runs_in_utc_at_read_committed_and_waits_five_seconds(session: Session) -> None:
    row = session.execute(
        text(
            "SELECT current_setting('timezone'), current_setting('transaction_isolation'), current_setting('lock_timeout')"
        )
    ).one()
    assert tuple(row) == ("UTC", "read committed", "5s")


def test_the_app_is_not_a_superuser_and_cannot_make_tables(session: Session) -> None:
    row = session.execute(
        text(
            "SELECT current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user), has_schema_privilege('public', 'CREATE')"
        )
    ).one()
    assert tuple(row) == ("haiyu_app", False, False)


def test_models_and_migrations_agree(own_database: Database) -> None:
    from api.cli.rooms import all_metadata

    assert all_metadata() is metadata
    with own_database.engine("owner").connect() as connection:
        assert differences(connection, metadata) == []


def test_a_returned_connection_holds_no_transaction_lock(own_database: Database) -> None:
    engine = own_database.engine(pool_size=1, max_overflow=0)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(42)"))
    with engine.connect() as connection:
        held = connection.execute(
            text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        ).scalar_one()
    assert held == 0
