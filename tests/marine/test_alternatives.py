"""Free sea near by: the shortest shift, and an honest nothing."""

from __future__ import annotations

import random

import shapely

from marine.alternatives import free_sea
from marine.boundary import Boundary, Polygon, settle
from marine.overlaying import common
from tests.marine.layouts import at, random_layout


def square() -> Boundary:
    settled = settle(Polygon((at(0, 0), at(100, 0), at(100, 100), at(0, 100)))).boundary
    assert settled is not None
    return settled


def test_the_nearest_free_place_is_found() -> None:
    taken = shapely.Polygon([at(-1000, -1000), at(120, -1000), at(120, 1000), at(-1000, 1000)])
    shift = free_sea(square(), [taken])
    assert shift is not None
    assert (round(shift.east_m), round(shift.north_m)) == (150, 0)
    assert common(shift.geometry, taken).area == 0


def test_a_free_draft_need_not_move() -> None:
    beside = shapely.Polygon([at(100, 0), at(200, 0), at(200, 100), at(100, 100)])
    for occupied in ([], [beside]):
        shift = free_sea(square(), occupied)
        assert shift is not None and shift.metres == 0


def test_no_place_within_the_distance_is_said() -> None:
    everything = shapely.Polygon([at(-5000, -5000), at(5000, -5000), at(5000, 5000), at(-5000, 5000)])
    assert free_sea(square(), [everything]) is None


def test_the_place_lies_in_the_sea_that_is_given() -> None:
    taken = shapely.Polygon([at(-10, -10), at(110, -10), at(110, 110), at(-10, 110)])
    sea = shapely.Polygon([at(-900, -20), at(120, -20), at(120, 120), at(-900, 120)])
    shift = free_sea(square(), [taken], within=sea)
    assert shift is not None and sea.covers(shift.geometry)
    assert (round(shift.east_m), round(shift.north_m)) == (-150, 0)


def test_random_places_overlap_nothing() -> None:
    for seed in range(30):
        layout = random_layout(random.Random(f"free {seed}"))
        shift = free_sea(layout.draft, layout.sources)
        assert shift is None or all(common(shift.geometry, source).area == 0 for source in layout.sources)
