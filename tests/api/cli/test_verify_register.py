"""`haiyu verify` on a register that a superuser forged with the triggers switched off: told through the command, whatever it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.api.cli.test_db import haiyu, home  # noqa: F401  (a fixture)
from tests.parcels.test_verify import live
from tests.support import databases
from tests.support.databases import Database

TABLES = ("occupation", "boundary", "event", "sea_right", "sea_claim")


@pytest.fixture(scope="module")
def database(cluster: Any) -> Iterator[Database]:
    """A register that went through every act, and a copy of its tables by which each forgery is undone."""
    with databases.clone(cluster) as made:
        with made.sessions()() as session:
            live(session)
            session.commit()
        with made.engine("superuser").begin() as connection:
            for table in TABLES:
                connection.execute(text(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}"))
        yield made


def forge(database: Database, *statements: str) -> None:
    """As a superuser, past every trigger."""
    with database.engine("superuser").begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))


LAST_OF_A_RIGHT = "(SELECT id FROM event WHERE stream LIKE 'right:%' ORDER BY id LIMIT 1)"
FORGERIES = {
    "a tampered occupation": ("UPDATE occupation SET held = '[2020-01-01,2099-01-01)' WHERE id = 1", "verify.occupation_differs"),
    "a tampered boundary": ("UPDATE boundary SET geom = ST_Translate(geom, 1e-6, 0) WHERE hash IS NOT NULL", "verify.boundary_geometry"),
    "a tampered event": (
        "UPDATE event SET envelope = convert_to(replace(convert_from(envelope, 'UTF8'), '37', '73'), 'UTF8')",
        "event.hash_differs",
    ),
    "a missing event": (f"DELETE FROM event WHERE id = {LAST_OF_A_RIGHT}", "verify.right_unknown"),
    "a swapped right": (
        "UPDATE occupation SET right_id = (SELECT max(id) FROM sea_right) WHERE right_id = 1",
        "verify.occupation_differs",
    ),
    "a deleted occupation": ("DELETE FROM occupation WHERE id = 1", "verify.occupation_missing"),
    "a deleted right": ("DELETE FROM sea_right WHERE id = 1", "verify.right_differs"),
    "a claim set back": ("UPDATE sea_claim SET standing = 'withdrawn' WHERE standing = 'registered'", "verify.claim_differs"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_register_is_told_and_is_exit_eleven(
    home: Path,  # noqa: F811
    database: Database,
    name: str,
) -> None:
    statement, expected = FORGERIES[name]
    code, told, _ = haiyu(home, "verify", DATABASE_URL=database.app_url)
    assert (code, told["clean"], told["faults"]) == (0, True, [])
    forge(database, statement)
    code, told, _ = haiyu(home, "verify", DATABASE_URL=database.app_url)
    undo = [f"DELETE FROM {table}" for table in TABLES]
    undo += [f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM kept_{table}" for table in TABLES]
    forge(database, *undo)
    assert (code, told["clean"]) == (11, False)
    assert expected in {fault["code"] for fault in told["faults"]}
