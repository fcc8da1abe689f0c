"""What the database itself refuses, whoever writes: occupation without its locks, edits, deletions, codes taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from parcels.locks import CELL, EXCLUSIVE, REGISTER, locks_for, take
from tests.parcels.builders import adopt, build_boundary, build_claim, build_old, build_right, rectangle
from tests.support.databases import Database

BOX = (441_400_000, 133_300_000, 441_404_000, 133_304_000)
INSERT = text(
    "INSERT INTO occupation (right_id, held, term, known, standing, layers, z_surveyed, months, is_layered, disclosure, geom)"
    " SELECT (SELECT min(id) FROM sea_right), '(,)', '(,)', tstzrange(clock_timestamp(), NULL), 'registered', 15, false, 4095,"
    " false, 'public', ST_MakeEnvelope(:w / 3600000.0, :s / 3600000.0, :e / 3600000.0, :n / 3600000.0, 4490)"
)


def write(session: Session) -> None:
    """A row of occupation past register.py."""
    session.execute(INSERT, dict(zip("wsen", BOX, strict=True)))


def constraint(refused: pytest.ExceptionInfo[DBAPIError]) -> str | None:
    """The name under which the database refused."""
    return refused.value.orig.diag.constraint_name  # type: ignore[union-attr]


@pytest.fixture
def base(own_database: Database) -> Database:
    """A database with one old right."""
    with own_database.sessions()() as session:
        adopt(session, build_old())
        session.commit()
    return own_database


def no_lock(session: Session) -> None:
    """Nothing is locked."""


def shared_without_cells(session: Session) -> None:
    """The register shared, but not the cells."""
    session.execute(text("SELECT pg_advisory_xact_lock_shared(:r, 0)"), {"r": REGISTER})


def shared_with_another_cell(session: Session) -> None:
    """The register shared, and a cell in which the row does not lie."""
    shared_without_cells(session)
    session.execute(text("SELECT pg_advisory_xact_lock(:c, 1)"), {"c": CELL})


def cells_without_the_register(session: Session) -> None:
    """The cells alone: a publisher that holds the register would not be seen."""
    for cell in locks_for([BOX]).cells:
        session.execute(text("SELECT pg_advisory_xact_lock(:c, :cell)"), {"c": CELL, "cell": cell})


def cells_shared_only(session: Session) -> None:
    """The cells, but shared: two writers could hold them at once."""
    shared_without_cells(session)
    for cell in locks_for([BOX]).cells:
        session.execute(text("SELECT pg_advisory_xact_lock_shared(:c, :cell)"), {"c": CELL, "cell": cell})


def session_level(session: Session) -> None:
    """The register exclusively, but for the session."""
    session.execute(text("SELECT pg_advisory_lock(:r, 0)"), {"r": REGISTER})


def another_key_space(session: Session) -> None:
    """The one-key lock whose 64 bits read like the register's two keys."""
    session.execute(text("SELECT pg_advisory_xact_lock(CAST(:r AS bigint) << 32)"), {"r": REGISTER})


@pytest.mark.parametrize(
    "locking",
    [
        no_lock,
        shared_without_cells,
        shared_with_another_cell,
        cells_without_the_register,
        cells_shared_only,
        session_level,
        another_key_space,
    ],
    ids=lambda one: one.__name__,
)
def test_a_write_past_the_register_is_refused(base: Database, locking: Callable[[Session], None]) -> None:
    with base.sessions()() as session:
        locking(session)
        with pytest.raises(IntegrityError) as refused:
            write(session)
    assert constraint(refused) == "occupation_is_locked"


def test_a_write_under_its_locks_goes_through(base: Database) -> None:
    with base.sessions()() as session:
        take(session, locks_for([BOX]))
        write(session)
        session.rollback()
        take(session, EXCLUSIVE)
        write(session)


def test_a_session_lock_left_on_a_pooled_connection_does_not_vouch_for_the_next_user(base: Database) -> None:
    engine = base.engine(pool_size=1, max_overflow=0)
    with Session(engine) as careless:
        careless.execute(text("SELECT pg_advisory_lock(:r, 0)"), {"r": REGISTER})
        backend = careless.execute(text("SELECT pg_backend_pid()")).scalar_one()
        careless.commit()
    with Session(engine) as session:
        assert session.execute(text("SELECT pg_backend_pid()")).scalar_one() == backend
        left = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        assert session.execute(text(left)).scalar_one() == 1
        with pytest.raises(IntegrityError) as refused:
            write(session)
    assert constraint(refused) == "occupation_is_locked"


def test_a_lock_that_a_savepoint_gave_back_no_longer_counts(base: Database) -> None:
    with base.sessions()() as session:
        with session.begin_nested() as inner:
            take(session, locks_for([BOX]))
            inner.rollback()
        with pytest.raises(IntegrityError) as refused:
            write(session)
    assert constraint(refused) == "occupation_is_locked"


def test_a_snapshot_older_than_the_lock_is_refused(base: Database) -> None:
    engine = base.engine().execution_options(isolation_level="REPEATABLE READ")
    with Session(engine) as session:
        take(session, EXCLUSIVE)
        with pytest.raises(IntegrityError) as refused:
            write(session)
    assert constraint(refused) == "occupation_is_locked"


def test_copy_is_a_write_like_any_other(base: Database) -> None:
    with base.sessions()() as session, pytest.raises(Exception, match="under the register lock") as refused:
        cursor = session.connection().connection.driver_connection.cursor()  # type: ignore[union-attr]
        columns = "right_id, held, term, known, standing, layers, z_surveyed, months, is_layered, disclosure, geom"
        with cursor.copy(f"COPY occupation ({columns}) FROM STDIN") as copy:
            copy.write_row(
                (
                    1,
                    "(,)",
                    "(,)",
                    '["2026-11-23 00:00+00",)',
                    "registered",
                    15,
                    False,
                    4095,
                    False,
                    "public",
                    "SRID=4490;POLYGON((122.6 37, 122.7 37, 122.7 37.1, 122.6 37))",
                )
            )
    assert refused.value.diag.constraint_name == "occupation_is_locked"  # type: ignore[attr-defined]


CLOSED = "tstzrange(lower(known), clock_timestamp())"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE occupation SET layers = 4",
        f"UPDATE occupation SET known = {CLOSED}, layers = 4",
        "UPDATE occupation SET known = tstzrange(lower(known) - interval '1 day', clock_timestamp())",
        "UPDATE occupation SET known = tstzrange(lower(known), NULL)",
        "UPDATE occupation SET known = 'empty'",
        "UPDATE occupation SET geom = ST_Translate(geom, 0.001, 0), known = " + CLOSED,
    ],
)
def test_a_row_of_occupation_is_never_edited(base: Database, change: str) -> None:
    """Even the owner of the tables, under the lock, may only close a row."""
    with base.sessions("owner")() as session:
        take(session, EXCLUSIVE)
        with pytest.raises(IntegrityError) as refused:
            session.execute(text(change))
    assert constraint(refused) == "occupation_only_closes"


def test_a_row_closes_once(base: Database) -> None:
    with base.sessions()() as session:
        take(session, EXCLUSIVE)
        session.execute(text(f"UPDATE occupation SET known = {CLOSED}"))
        with pytest.raises(IntegrityError) as refused:
            session.execute(text(f"UPDATE occupation SET known = {CLOSED}"))
    assert constraint(refused) == "occupation_only_closes"


def test_closing_needs_the_locks_too(base: Database) -> None:
    with base.sessions()() as session, pytest.raises(IntegrityError) as refused:
        session.execute(text(f"UPDATE occupation SET known = {CLOSED}"))
    assert constraint(refused) == "occupation_is_locked"


@pytest.mark.parametrize(
    "table", ["occupation", "sea_right", "sea_claim", "parcel", "boundary", "unit", "event", "source_file"]
)
def test_nothing_of_the_record_is_deleted_or_emptied(base: Database, table: str) -> None:
    with base.sessions()() as app, pytest.raises(ProgrammingError, match="permission denied"):
        app.execute(text(f"DELETE FROM {table}"))
    for statement in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with base.sessions("owner")() as owner:
            take(owner, EXCLUSIVE)
            with pytest.raises(IntegrityError):
                owner.execute(text(statement))


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("occupation", {"known"}),
        ("sea_right", {"ended_on", "ended_how", "known"}),
        ("event", set()),
        ("boundary", {"parcel_id"}),
        ("unit", set()),
        ("source_file", set()),
    ],
)
def test_the_app_may_change_these_columns_and_no_other(session: Session, table: str, columns: set[str]) -> None:
    found = session.execute(
        text(
            "SELECT attname FROM pg_attribute WHERE attrelid = CAST(:t AS regclass) AND attnum > 0 AND NOT attisdropped"
            " AND has_column_privilege('haiyu_app', attrelid, attnum, 'UPDATE')"
        ),
        {"t": table},
    )
    assert {row[0] for row in found} == columns


def test_a_right_is_never_edited_and_ends_once(session: Session) -> None:
    right_id = build_right(session).right_id
    session.execute(
        text("UPDATE sea_right SET ended_on = '2030-01-01', ended_how = 'cancelled' WHERE id = :i"), {"i": right_id}
    )
    with pytest.raises(IntegrityError) as refused:
        session.execute(text("UPDATE sea_right SET ended_on = '2031-01-01' WHERE id = :i"), {"i": right_id})
    assert constraint(refused) == "sea_right_only_ends"


def test_a_claim_does_not_go_back(session: Session) -> None:
    claim_id = build_claim(session).claim_id
    session.execute(text("UPDATE sea_claim SET standing = 'approved' WHERE id = :i"), {"i": claim_id})
    with pytest.raises(IntegrityError) as refused:
        session.execute(text("UPDATE sea_claim SET standing = 'claimed' WHERE id = :i"), {"i": claim_id})
    assert constraint(refused) == "sea_claim_moves_forward"


def test_a_code_once_given_stays_and_a_series_only_grows(session: Session) -> None:
    granted = build_right(session)
    with pytest.raises(IntegrityError) as refused, session.begin_nested():
        session.execute(text("UPDATE parcel SET parcel_code = NULL WHERE id = :i"), {"i": granted.parcel_id})
    assert constraint(refused) == "parcel_code_stays"
    build_right(session, rectangle(500, 0, 600, 100))
    with pytest.raises(IntegrityError) as refused:
        session.execute(text("UPDATE number_series SET last = 0"))
    assert constraint(refused) == "number_series_grows"


def test_readers_of_what_is_public_see_views_and_no_table(own_database: Database) -> None:
    with own_database.sessions()() as session:
        build_right(session)
        build_claim(session, rectangle(500, 0, 600, 100))
        session.commit()
    with own_database.sessions("read")() as session:
        units = session.execute(text("SELECT parcel_code, layers FROM pub.registered_unit")).all()
        assert [tuple(row) for row in units] == [("371082001002GH00001", 15)]
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(text("SELECT 1 FROM occupation"))


def test_the_locked_boundary_is_that_of_the_row(base: Database) -> None:
    """A lock for one parcel does not cover another in the same act."""
    here, there = build_boundary(), build_boundary(rectangle(30_000, 30_000, 30_100, 30_100))
    with base.sessions()() as session:
        take(session, locks_for([here.bounds]))
        with pytest.raises(IntegrityError) as refused:
            session.execute(INSERT, dict(zip("wsen", there.bounds, strict=True)))
    assert constraint(refused) == "occupation_is_locked"
