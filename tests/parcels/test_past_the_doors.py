"""What the app's own login is refused when it goes past the doors of the register, whatever statement it tries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.parcels.builders import build_note, build_right, rectangle, rows
from tests.parcels.checks.sea import World
from tests.parcels.checks.sea import rectangle as sea_rectangle
from tests.support import databases
from tests.support.databases import Database

COLUMNS = "right_id, held, term, known, standing, layers, z_surveyed, months, is_layered, disclosure, geom"
NOW = "tstzrange(clock_timestamp(), NULL)"
VALUES = COLUMNS.replace("known", NOW)
CLOSED = "tstzrange(lower(known), clock_timestamp())"
REFUSED_BY_RIGHTS, REFUSED_BY_TRIGGER = "42501", "23514"


@pytest.fixture(scope="module")
def database(cluster: Any) -> Iterator[Database]:
    """A register with two rights, a frozen one among them, and a published layer; tests here leave nothing in it."""
    with databases.clone(cluster) as made:
        with made.sessions()() as session:
            first = build_right(session)
            build_right(session, rectangle(500, 0, 600, 100))
            assert first.right_id is not None
            build_note(session, first.right_id, "frozen")
            World(session).zone("red", sea_rectangle(0, 5_000, 100, 5_100), "forbid")
            session.commit()
        yield made


@pytest.fixture
def app(database: Database) -> Iterator[Session]:
    """The app's login; no lock is held."""
    with database.sessions()() as session:
        yield session


def refused(session: Session, statement: str) -> tuple[str | None, str | None]:
    """The constraint and the SQLSTATE by which a statement is refused; what came before it stands."""
    with pytest.raises(DBAPIError) as fault, session.begin_nested():
        session.execute(text(statement))
    driver: Any = fault.value.orig
    return driver.diag.constraint_name, driver.sqlstate


def test_every_kind_of_write_on_occupation_needs_the_locks(app: Session) -> None:
    merged = (
        "MERGE INTO occupation AS o USING occupation AS s ON o.id = s.id + 1000000 WHEN NOT MATCHED THEN"
        f" INSERT ({COLUMNS}) VALUES ("
        + ", ".join(NOW if name == "known" else f"s.{name}" for name in COLUMNS.split(", "))
        + ")"
    )
    for statement in (
        COPIED,
        f"WITH copied AS ({COPIED} RETURNING id) SELECT count(*) FROM copied",
        f"{COPIED} ON CONFLICT DO NOTHING",
        merged,
        f"MERGE INTO occupation AS o USING (SELECT 1) AS s ON true WHEN MATCHED THEN UPDATE SET known = {CLOSED}",
        f"UPDATE ONLY occupation SET known = {CLOSED}",
    ):
        assert refused(app, statement) == ("occupation_is_locked", REFUSED_BY_TRIGGER), statement


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "ALTER TABLE occupation DISABLE TRIGGER ALL",
        "ALTER TABLE occupation DISABLE TRIGGER occupation_inserted_under_lock",
        "DROP TRIGGER occupation_inserted_under_lock ON occupation",
        "CREATE TABLE more () INHERITS (occupation)",
        "CREATE TEMPORARY TABLE more () INHERITS (occupation)",
        "CREATE TABLE more (LIKE occupation)",
        "CREATE RULE quiet AS ON INSERT TO occupation DO INSTEAD NOTHING",
        "CREATE FUNCTION public.lock_cells(geometry, int) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION occupation_is_locked() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "TRUNCATE occupation",
        "TRUNCATE event CASCADE",
        "SET ROLE haiyu_owner",
        "COPY occupation TO PROGRAM 'true'",
    ],
)
def test_the_guards_are_not_the_apps_to_take_away(app: Session, statement: str) -> None:
    assert refused(app, statement)[1] in {REFUSED_BY_RIGHTS, "42P07", "42809"}, statement


FAKE_LOCKS = (
    "CREATE TEMPORARY TABLE pg_locks ON COMMIT DROP AS SELECT 'advisory'::text AS locktype, pg_backend_pid() AS pid,"
    " true AS granted, 2 AS objsubid, 7104001::oid AS classid, 0::oid AS objid, 'ExclusiveLock'::text AS mode,"
    " (SELECT oid FROM pg_database WHERE datname = current_database()) AS database"
)
COPIED = f"INSERT INTO public.occupation ({COLUMNS}) SELECT {VALUES} FROM public.occupation"


@pytest.mark.parametrize("path", ["public", "pg_temp, pg_catalog, public"])
def test_a_temporary_table_does_not_show_locks_that_nobody_holds(app: Session, path: str) -> None:
    """The fault: pg_temp is searched before pg_catalog, so a table named pg_locks vouched for a write without locks."""
    app.execute(text(FAKE_LOCKS))
    app.execute(text(f"SET LOCAL search_path = {path}"))
    assert refused(app, COPIED) == ("occupation_is_locked", REFUSED_BY_TRIGGER)


def test_without_its_own_search_path_the_guard_would_be_deceived(database: Database) -> None:
    """The proof that the test above tries what once went through."""
    with database.sessions("owner")() as owner:
        owner.execute(text("ALTER FUNCTION occupation_is_locked() RESET search_path"))
        owner.execute(text(FAKE_LOCKS))
        owner.execute(text(COPIED))


def test_a_temporary_table_does_not_move_the_head_of_a_chain(app: Session) -> None:
    app.execute(text("CREATE TEMPORARY TABLE event_stream AS SELECT * FROM public.event_stream"))
    app.execute(text("UPDATE pg_temp.event_stream SET seq = 0, hash = NULL, recorded_at = NULL"))
    again = "INSERT INTO event (stream, seq, kind, recorded_at, previous, alg, hash, envelope, body) SELECT stream, seq + 100,"
    again += " kind, recorded_at, previous, alg, hash, envelope, body FROM event WHERE seq = 1 LIMIT 1"
    assert refused(app, again)[1] == REFUSED_BY_TRIGGER


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("DELETE FROM zone_part", "zone_is_of_a_draft"),
        ("UPDATE zone SET effect = 'inform'", "zone_is_of_a_draft"),
        ("INSERT INTO zone_part (zone_id, version_id, geom) SELECT zone_id, version_id, geom FROM zone_part", "zone_is_of_a_draft"),
        ("UPDATE layer_version SET standing = 'withdrawn'", "layer_version_is_locked"),
        ("UPDATE layer_version SET valid = '(,2020-01-01)'", "layer_version_is_locked"),
        ("UPDATE layer_version SET standing = 'draft'", "layer_version_is_locked"),
        ("UPDATE right_note SET known = tstzrange(lower(known), lower(known))", "right_note_only_closes"),
        ("UPDATE boundary SET parcel_id = (SELECT max(id) FROM parcel)", "boundary_stays"),
    ],
)  # fmt: skip
def test_what_is_in_force_is_not_changed_past_its_act(app: Session, statement: str, constraint: str) -> None:
    assert refused(app, statement) == (constraint, REFUSED_BY_TRIGGER)


def test_a_note_closes_once(app: Session) -> None:
    app.execute(text(f"UPDATE right_note SET known = {CLOSED}"))
    assert refused(app, f"UPDATE right_note SET known = {CLOSED}") == ("right_note_only_closes", REFUSED_BY_TRIGGER)


KEPT = {
    "occupation", "sea_right", "sea_claim", "parcel", "boundary", "unit", "source_file", "sea_right_parcel", "sea_right_party",
    "right_note", "layering_paper", "parcel_lineage", "real_estate_unit", "legacy_identifier",
    "event", "event_stream", "event_text", "event_anchor", "rule_entry", "rule_confirmation", "rule_book",
}  # fmt: skip


def test_of_the_record_the_app_deletes_and_empties_nothing(app: Session) -> None:
    """Each statement is tried, not only looked up; the tables from which the app may delete are named here, all of them."""
    tables = {row[0] for row in rows(app, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert tables >= KEPT
    deletable = set()
    for table in sorted(tables):
        assert refused(app, f"TRUNCATE {table} CASCADE")[1] == REFUSED_BY_RIGHTS
        try:
            with app.begin_nested():
                app.execute(text(f"DELETE FROM {table} WHERE false"))
        except DBAPIError as fault:
            assert getattr(fault.orig, "sqlstate", None) == REFUSED_BY_RIGHTS, table
        else:
            deletable.add(table)
    assert not deletable & KEPT
    assert {"zone", "zone_part", "place_area_part", "load_overlap"} <= deletable


def test_not_even_the_owner_deletes_what_hangs_on_a_right(database: Database) -> None:
    with database.sessions("owner")() as owner:
        for table in ("sea_right_parcel", "sea_right_party", "right_note", "layering_paper", "parcel_lineage"):
            assert refused(owner, f"DELETE FROM {table}") == ("record_only_grows", REFUSED_BY_TRIGGER)
