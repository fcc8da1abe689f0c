"""Settling: what a boundary is, and that it does not depend on how it was written."""

from __future__ import annotations

import random
import time
from decimal import Decimal

import numpy as np
import pytest
import shapely

from marine.boundary import Polygon, measured, settle
from marine.coordinates import MS_PER_DEGREE
from marine.polygons import as_ring, directed, twice_area, without_repeats
from tests.marine.golden import OUTLINE, UNITS
from tests.marine.layouts import at, random_draft

SQUARE = (at(0, 0), at(100, 0), at(100, 100), at(0, 100))


def test_a_boundary_knows_its_measures() -> None:
    settled = settle(Polygon(SQUARE))
    boundary = settled.boundary
    assert settled.faults == () and boundary is not None
    assert boundary.bounds == (*SQUARE[0], *SQUARE[2])
    assert abs(boundary.area - 1) < Decimal("0.0005")
    assert boundary.unit_areas == (boundary.area,)
    assert boundary.units == (boundary.parcel,)
    assert [point.number for point in boundary.points] == [1, 2, 3, 4]


def test_the_parcel_of_units_is_their_union() -> None:
    assert settle(None, UNITS).boundary == settle(OUTLINE, UNITS).boundary


def test_a_point_of_a_unit_on_an_edge_of_the_parcel_becomes_a_point_of_the_parcel() -> None:
    left = Polygon(((0, 0), (5000, 0), (5000, 9000), (0, 9000)))
    right = Polygon(((5000, 0), (9000, 0), (9000, 9000), (5000, 9000)))
    boundary = settle(Polygon(((0, 0), (9000, 0), (9000, 9000), (0, 9000))), [left, right]).boundary
    assert boundary is not None
    assert {(5000, 0), (5000, 9000)} <= set(boundary.parcel.exterior)


def test_a_corner_of_one_unit_on_the_edge_of_another_is_shared_exactly() -> None:
    tall = Polygon(((0, 0), (5000, 0), (5000, 9000), (0, 9000)))
    low = Polygon(((5000, 0), (9000, 0), (9000, 4000), (5000, 4000)))
    high = Polygon(((5000, 4000), (9000, 4000), (9000, 9000), (5000, 9000)))
    boundary = settle(None, [tall, low, high]).boundary
    assert boundary is not None
    assert (5000, 4000) in boundary.units[0].exterior
    assert sum(boundary.unit_areas) == boundary.area


@pytest.mark.parametrize("seed", range(30))
def test_the_boundary_does_not_depend_on_start_direction_or_closing(seed: int) -> None:
    rng = random.Random(f"settle {seed}")
    draft = random_draft(rng)

    def rewritten(polygon: Polygon) -> Polygon:
        rings = []
        for ring in polygon.rings:
            turn = rng.randrange(len(ring))
            turned = ring[turn:] + ring[:turn]
            turned = turned[::-1] if rng.random() < 0.5 else turned
            rings.append(turned + turned[:1] if rng.random() < 0.5 else turned)
        return Polygon(rings[0], tuple(rings[1:]))

    units = [rewritten(unit) for unit in draft.units] if len(draft.units) > 1 else []
    assert settle(rewritten(draft.parcel), units).boundary == draft
    if units:
        assert settle(None, units).boundary == draft


def test_measuring_stored_geometry_gives_the_same_boundary() -> None:
    for seed in range(20):
        draft = random_draft(random.Random(f"stored {seed}"))
        again = measured(draft.parcel, draft.units if len(draft.units) > 1 else (), dict(draft.numbers))
        assert (again.hash, again.area, again.unit_areas) == (draft.hash, draft.area, draft.unit_areas)


def test_shapely_and_back_changes_nothing() -> None:
    polygon = Polygon(SQUARE, ((at(10, 10), at(10, 20), at(20, 10)),))
    assert Polygon.from_shapely(polygon.to_shapely()) == polygon


def test_consecutive_repeats_are_dropped_and_nothing_else() -> None:
    a, b, c, d = SQUARE
    middle = ((a[0] + b[0]) // 2, a[1])
    boundary = settle(Polygon((a, a, middle, b, b, b, c, d, d, a))).boundary
    assert boundary is not None
    assert sorted(boundary.parcel.exterior) == sorted((a, middle, b, c, d))
    assert without_repeats(()) == ()
    assert without_repeats((a, a, a)) == (a,)


def test_a_boundary_may_lie_anywhere_on_earth() -> None:
    for lon, lat in ((-70, -33), (0, 0), (179.99, 65), (-180, 10)):
        corner = round(lon * MS_PER_DEGREE), round(lat * MS_PER_DEGREE)
        ring = (corner, (corner[0] + 4000, corner[1]), (corner[0] + 4000, corner[1] + 4000))
        assert settle(Polygon(ring)).boundary is not None


def test_nothing_to_settle_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="parcel or units"):
        settle(None)


def test_areas_of_rings_are_exact_at_any_size() -> None:
    degree = MS_PER_DEGREE
    world = (
        (-180 * degree, -90 * degree),
        (180 * degree, -90 * degree),
        (180 * degree, 90 * degree),
        (-180 * degree, 90 * degree),
    )
    assert twice_area(world) == 2 * (360 * degree) * (180 * degree)
    assert twice_area(world[::-1]) == -twice_area(world)
    assert directed(world[::-1], ccw=True) == (world[3], world[0], world[1], world[2])


def test_a_hundred_thousand_points_settle_in_seconds() -> None:
    turn = np.linspace(0, 2 * np.pi, 100_000, endpoint=False)
    reach = 3e6 + 2e4 * np.sin(50 * turn)
    ring = as_ring(np.column_stack((reach * np.cos(turn), reach * np.sin(turn))) + SQUARE[0])
    began = time.process_time()
    sound = settle(Polygon(ring))
    halves = [Polygon((*ring[:50_001], SQUARE[0])), Polygon((*ring[50_000:], ring[0], SQUARE[0]))]
    tiled = settle(None, halves)
    broken = settle(Polygon((*ring[:500], ring[700], *ring[501:])))
    assert time.process_time() - began < 20
    assert sound.boundary is not None and len(sound.boundary.points) == len(ring)
    assert tiled.boundary is not None and tiled.boundary.area == sound.boundary.area
    assert broken.boundary is None and broken.faults
    assert shapely.is_valid(sound.boundary.parcel.to_shapely())
