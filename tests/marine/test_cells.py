"""Lock cells, which Python and the database must name alike, and disclosure cells, which give no edge away."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from marine.cells import (
    LOCK_CELL_MS,
    OFFICER_CELL_MS,
    OUTLINE_CELL_MS,
    bounds_of,
    cell_box,
    disclosure_cells,
    lock_cells,
)

DEGREE = 3_600_000
WEST, SOUTH = 122 * DEGREE, 37 * DEGREE


def by_definition(west: int, south: int, east: int, north: int) -> list[int]:
    """Every cell of the whole grid that the grown box reaches, from the definition in degrees, in exact fractions."""
    tenth = Fraction(1, 10)

    def cells(low: int, high: int, half: int) -> range:
        first, last = (floor((min(max(Fraction(ms, DEGREE), -half), half) + half) / tenth) for ms in (low, high))
        return range(min(first, 20 * half - 1), min(last, 20 * half - 1) + 1)

    columns, rows = cells(west - 66, east + 66, 180), cells(south - 33, north + 33, 90)
    return sorted(column * 10_000 + row for column in columns for row in rows)


places = st.tuples(
    st.integers(-180 * DEGREE, 180 * DEGREE),
    st.integers(-90 * DEGREE, 90 * DEGREE),
    st.integers(0, DEGREE // 2),
    st.integers(0, DEGREE // 2),
).map(lambda drawn: (drawn[0], drawn[1], min(drawn[0] + drawn[2], 180 * DEGREE), min(drawn[1] + drawn[3], 90 * DEGREE)))


@given(places)
def test_cells_are_those_of_the_definition(box: tuple[int, int, int, int]) -> None:
    assert lock_cells(box) == by_definition(*box)


def test_the_trigger_in_the_database_names_the_same_cells(session: Session) -> None:
    rng = np.random.default_rng(3)
    edges = np.arange(-70, 71)
    corners = [(-180 * DEGREE, -90 * DEGREE), (180 * DEGREE - 9, 90 * DEGREE - 9)]
    corners += [(WEST + int(i), SOUTH + int(j)) for i, j in zip(edges, rng.permutation(edges), strict=True)]
    corners += rng.integers((-180 * DEGREE, -90 * DEGREE), (180 * DEGREE, 90 * DEGREE), (100, 2)).tolist()
    asked = text(
        "SELECT lock_cells(ST_MakeEnvelope(CAST(:w AS bigint) / 3600000.0, CAST(:s AS bigint) / 3600000.0, "
        "CAST(:e AS bigint) / 3600000.0, CAST(:n AS bigint) / 3600000.0, 4490)) AS cell ORDER BY cell"
    )
    for west, south in corners:
        wide, high = rng.integers(1, DEGREE // 3, 2)
        box = (west, south, int(min(west + wide, 180 * DEGREE)), int(min(south + high, 90 * DEGREE)))
        said = session.scalars(asked, dict(zip("wsen", box, strict=True))).all()
        assert list(said) == lock_cells(box), box


def test_two_parcels_that_share_a_corner_share_a_lock_cell() -> None:
    rng = np.random.default_rng(9)
    for x, y in rng.integers((WEST, SOUTH), (WEST + DEGREE, SOUTH + DEGREE), (500, 2)).tolist():
        at = (x // LOCK_CELL_MS * LOCK_CELL_MS, y)
        one = lock_cells((at[0] - 900, at[1] - 900, *at))
        other = lock_cells((*at, at[0] + 900, at[1] + 900))
        assert set(one) & set(other)


def test_a_box_is_grown_by_a_metre_up_to_sixty_degrees_north() -> None:
    """1 m is at most 32.6 ms of latitude and, at 60°, 64.7 ms of longitude."""
    corner = (WEST, SOUTH)
    just_inside = (corner[0] + 65, corner[1] + 32, corner[0] + 900, corner[1] + 900)
    assert len(lock_cells(just_inside)) == 4
    clear = (corner[0] + 66, corner[1] + 33, corner[0] + 900, corner[1] + 900)
    assert len(lock_cells(clear)) == 1


def test_cells_of_several_boxes_come_sorted_and_once() -> None:
    one, other = (WEST + 9_000, SOUTH + 9_000, WEST + 9_100, SOUTH + 9_100), (WEST - 9_000, SOUTH, WEST + 9_000, SOUTH)
    cells = lock_cells(one, other, one)
    assert cells == sorted(set(lock_cells(one)) | set(lock_cells(other)))
    assert lock_cells(other, one) == cells


def test_bounds_of_fractional_shapes_go_outward() -> None:
    assert bounds_of([shapely.box(0.4, -0.4, 9.1, 9.0)]) == [(0, -1, 10, 9)]


@pytest.mark.parametrize("size", [OFFICER_CELL_MS, OUTLINE_CELL_MS])
def test_a_source_touches_a_cell_only_when_interiors_meet(size: int) -> None:
    on_the_lines = shapely.box(3 * size, 4 * size, 5 * size, 5 * size)
    assert disclosure_cells(on_the_lines, size) == {(3, 4), (4, 4)}
    one_further = shapely.box(3 * size, 4 * size, 5 * size + 1, 5 * size)
    assert disclosure_cells(one_further, size) == {(3, 4), (4, 4), (5, 4)}


def test_a_hole_as_large_as_a_cell_leaves_it_out() -> None:
    size = OUTLINE_CELL_MS
    ring = shapely.box(0, 0, 3 * size, 3 * size).difference(shapely.box(size, size, 2 * size, 2 * size))
    assert disclosure_cells(ring, size) == {(c, r) for c in range(3) for r in range(3)} - {(1, 1)}


def test_lines_and_points_on_an_edge_belong_to_one_half_open_cell() -> None:
    size = OUTLINE_CELL_MS
    assert disclosure_cells(shapely.Point(size, size), size) == {(1, 1)}
    assert disclosure_cells(shapely.LineString([(size, 10), (size, size - 10)]), size) == {(1, 0)}
    assert disclosure_cells(shapely.LineString([(5, 5), (size + 5, 5)]), size) == {(0, 0), (1, 0)}


def test_negative_places_and_nothing_at_all() -> None:
    assert disclosure_cells(shapely.box(-10, -10, -1, -1), OUTLINE_CELL_MS) == {(-1, -1)}
    assert disclosure_cells(shapely.Polygon(), OUTLINE_CELL_MS) == frozenset()


def test_cells_agree_with_cutting_each_square() -> None:
    rng = np.random.default_rng(4)
    angle = np.sort(rng.uniform(0, 2 * np.pi, 40))
    reach = 40_000 * rng.uniform(0.3, 1, 40)
    zone = shapely.Polygon(
        np.rint(np.column_stack((reach * np.cos(angle), reach * np.sin(angle)))) + np.array([WEST, SOUTH])
    )
    assert zone.is_valid
    found = disclosure_cells(zone, OUTLINE_CELL_MS)
    column, row = WEST // OUTLINE_CELL_MS, SOUTH // OUTLINE_CELL_MS
    around = [(column + c, row + r) for c in range(-8, 9) for r in range(-8, 9)]
    assert found == {cell for cell in around if zone.intersection(cell_box(cell, OUTLINE_CELL_MS)).area > 0}


def test_halving_two_hundred_times_finds_no_hidden_edge_better_than_a_cell() -> None:
    """A draft's far side is moved ever nearer to the edge where the answer changes; what is found is the grid."""
    size = OFFICER_CELL_MS
    hidden = shapely.box(WEST + 12_345, SOUTH + 777, WEST + 98_765, SOUTH + 70_000)
    source = disclosure_cells(hidden, size)
    near, far = WEST - 100_000, WEST + 50_000
    for _ in range(200):
        middle = (near + far) // 2
        draft = shapely.box(WEST - 200_000, SOUTH + 10_000, middle, SOUTH + 20_000)
        if disclosure_cells(draft, size) & source:
            far = middle
        else:
            near = middle
    assert near == WEST
    assert near % size == 0
    assert hidden.bounds[0] - near == 12_345


def test_a_draft_one_cell_clear_of_a_source_meets_none_of_its_cells() -> None:
    size = OUTLINE_CELL_MS
    source = shapely.box(WEST + 10, SOUTH + 10, WEST + 20_000, SOUTH + 20_000)
    beside = shapely.box(WEST + 20_000 + size, SOUTH, WEST + 40_000, SOUTH + 20_000)
    assert not disclosure_cells(source, size) & disclosure_cells(beside, size)
