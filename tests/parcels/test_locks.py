"""The locks of the sea: which cells, which mode, and that SQL and Python name the same cells."""

from __future__ import annotations

import random

import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from data.answers import Refusal
from marine.cells import lock_cells
from parcels.locks import CELL, EXCLUSIVE, MOST_CELLS, REGISTER, Locks, locks_for, take
from tests.parcels.builders import build_boundary, in_degrees, rectangle
from tests.support.databases import Database

CELL_MS = 360_000


def held(session: Session) -> set[tuple[int, int, str]]:
    """The advisory locks that this backend holds: class, object, mode."""
    found = session.execute(
        text(
            "SELECT classid::bigint, objid::bigint, mode FROM pg_locks"
            " WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted"
        )
    )
    return {(row[0], row[1], row[2]) for row in found}


def test_the_cells_in_sql_are_those_of_marine(session: Session) -> None:
    dice = random.Random(7)
    boxes = []
    for _ in range(400):
        west, south = dice.randrange(-648_000_000, 647_000_000), dice.randrange(-324_000_000, 323_000_000)
        # Corners on, just inside and just outside the edges of cells are where rounding would show.
        west, south = (
            dice.choice([west, west // CELL_MS * CELL_MS, west // CELL_MS * CELL_MS + dice.randrange(-70, 70)]),
            south,
        )
        width, height = dice.randrange(1, 900_000), dice.randrange(1, 900_000)
        west, south = max(west, -648_000_000), max(south, -324_000_000)
        boxes.append((west, south, min(west + width, 648_000_000), min(south + height, 324_000_000)))
    for box in boxes:
        shape = in_degrees(shapely.box(*box))
        found = session.execute(
            text("SELECT array_agg(cell ORDER BY cell) FROM lock_cells(ST_GeomFromText(:wkt, 4490)) AS cell"),
            {"wkt": shapely.to_wkt(shape, rounding_precision=-1)},
        ).scalar_one()
        assert found == lock_cells(box), box


def test_a_parcel_takes_the_register_shared_and_its_cells(session: Session) -> None:
    boundary = build_boundary(rectangle(0, 0, 100, 100))
    locks = locks_for([boundary.bounds])
    take(session, locks)
    # 122.6° E, 37.0° N is a corner of four cells, and the box is grown by a metre.
    assert len(locks.cells) == 4
    assert held(session) == {(REGISTER, 0, "ShareLock"), *((CELL, cell, "ExclusiveLock") for cell in locks.cells)}


def test_cells_are_taken_ascending_whatever_the_order_of_the_boxes() -> None:
    one, other = (
        (441_400_000, 133_300_000, 441_400_100, 133_300_100),
        (439_400_000, 133_300_000, 439_400_100, 133_300_100),
    )
    assert locks_for([one, other]) == locks_for([other, one])
    assert list(locks_for([one, other]).cells) == sorted(locks_for([one, other]).cells)


@pytest.mark.parametrize(("cells", "mode"), [(8, False), (9, True)])
def test_more_than_64_cells_take_the_register_exclusively(cells: int, mode: bool) -> None:
    inside = cells * CELL_MS - 200
    box = (439_200_100, 133_200_100, 439_200_100 + inside, 133_200_100 + 8 * CELL_MS - 200)
    assert len(lock_cells(box)) == cells * 8
    assert locks_for([box]).exclusive is mode
    assert MOST_CELLS == 64


def test_neighbours_within_a_metre_share_a_cell() -> None:
    edge = 439_200_000
    one, other = (edge - 9_000, 133_230_000, edge - 20, 133_240_000), (edge, 133_230_000, edge + 9_000, 133_240_000)
    assert set(locks_for([one]).cells) & set(locks_for([other]).cells)


def test_who_waits_longer_than_five_seconds_is_told_that_the_register_is_busy(own_database: Database) -> None:
    maker = own_database.sessions(lock_timeout="200ms")
    with maker() as first, maker() as second:
        take(first, EXCLUSIVE)
        with pytest.raises(Refusal) as refused:
            take(second, Locks(exclusive=False, cells=(1,)))
    assert refused.value.code == "register.busy"
    assert refused.value.facts == {"seconds": 5}


def test_the_locks_end_with_the_transaction(own_database: Database) -> None:
    maker = own_database.sessions()
    with maker() as first, maker() as second:
        take(first, EXCLUSIVE)
        first.commit()
        assert not held(first)
        take(second, EXCLUSIVE)
