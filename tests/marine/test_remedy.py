"""The remedy on random layouts and on the shapes that break remainders: T-junctions, slivers, necks, holes, several units."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
import shapely

from marine.boundary import Boundary, Polygon, settle
from marine.findings import Grade
from marine.opening import opened, wider_than
from marine.overlaps import Tolerance, grade
from marine.overlaying import common, joined, minus
from marine.planes import LocalPlane, local_plane
from marine.remedy import Remedy, remainder
from marine.spaces import Spaces
from tests.marine.layouts import Layout, at, neighbour_along, random_layout
from tests.support.effort import effort_of_run

LAYOUTS = {"quick": 300, "full": 5_000}[effort_of_run().name]


def plane_of(draft: Boundary) -> LocalPlane:
    west, south, east, north = draft.bounds
    return local_plane((west + east) / 2, (south + north) / 2)


def boundary(*corners: tuple[float, float], units: tuple[Polygon, ...] = ()) -> Boundary:
    settled = settle(Polygon(tuple(at(*corner) for corner in corners)), units)
    assert settled.boundary is not None, settled.faults
    return settled.boundary


def sea(*corners: tuple[float, float]) -> Any:
    return shapely.Polygon([at(*corner) for corner in corners])


def near(area: Decimal, hectares: str) -> bool:
    """Corners at round metres are rounded to 0.001″, which moves an edge of 100 m by up to 1.5 m²."""
    return abs(area - Decimal(hectares)) <= Decimal("0.0004")


def largest_opened_m2(exact: Any, plane: LocalPlane) -> float:
    """Square metres of the largest part of the exact remainder that an opening by 1 m leaves, made without the code under test.

    A mitred opening may reach outside the remainder and may bridge a neck; such a part counts with its broadest opened piece.
    """
    metres = shapely.transform(common(opened(exact, plane), exact), plane.to_metres)
    best = 0.0
    for part in shapely.get_parts(metres):
        if part.geom_type != "Polygon":
            continue
        cores = shapely.get_parts(shapely.buffer(part, -0.99))
        if len(cores) == 1:
            best = max(best, part.area)
        else:
            best = max([best, *(shapely.buffer(core, 0.99).area for core in cores)])
    return best


def failures(layout: Layout, remedy: Remedy) -> list[str]:
    """Everything that a remedy promises and this one breaks."""
    plane = plane_of(layout.draft)
    whole = layout.draft.parcel.to_shapely()
    exact = minus(whole, joined(layout.sources))
    best = largest_opened_m2(exact, plane)
    area = remedy.boundary.parcel.to_shapely().area * plane.scale[0] * plane.scale[1] if remedy.boundary else 0.0
    broken = ["area"] if best >= 1_000 and area < 0.995 * best else []
    for part in remedy.parts:
        shape = part.boundary.parcel.to_shapely()
        units = part.boundary.units if len(part.boundary.units) > 1 else ()
        again = settle(part.boundary.parcel, units, dict(part.boundary.numbers)).boundary
        broken += [] if again == part.boundary else ["settles differently"]
        broken += ["source" for source in layout.sources if wider_than(common(shape, source), plane, 0.05)]
        broken += ["outside"] if wider_than(minus(shape, whole), plane, 0.001) else []
        eroded = shapely.buffer(shapely.transform(shape, plane.to_metres), -0.9)
        broken += ["neck"] if len(shapely.get_parts(eroded)) > 1 else []
        broken += ["unit"] if len(part.unit_of) != len(part.boundary.units) else []
    return broken


@pytest.mark.parametrize("block", range(10))
def test_a_remedy_keeps_its_promises_on_random_layouts(block: int) -> None:
    broken = {}
    for seed in range(block * LAYOUTS // 10, (block + 1) * LAYOUTS // 10):
        layout = random_layout(random.Random(f"remedy {seed}"))
        found = failures(layout, remainder(layout.draft, layout.sources))
        if found:
            broken[seed] = found
    assert broken == {}


def test_few_new_points_are_made() -> None:
    new = crossings = 0
    for seed in range(100):
        layout = random_layout(random.Random(f"points {seed}"))
        remedy = remainder(layout.draft, layout.sources)
        whole = layout.draft.parcel.to_shapely()
        old = {point for point, _ in layout.draft.numbers}
        old |= {(int(x), int(y)) for source in layout.sources for x, y in shapely.get_coordinates(source)}
        new += sum(point not in old for part in remedy.parts for point, _ in part.boundary.numbers)
        exact = minus(whole, joined(layout.sources))
        crossings += sum((x, y) not in old for x, y in shapely.get_coordinates(exact).tolist())
    assert new <= 1.25 * crossings


def test_a_neighbour_with_shared_points_is_cut_away_exactly() -> None:
    draft = boundary((0, 0), (100, 0), (100, 100), (0, 100))
    taken = sea((60, 0), (200, 0), (200, 100), (60, 100))
    remedy = remainder(draft, [taken])
    assert remedy.boundary is not None
    assert common(remedy.boundary.parcel.to_shapely(), taken).area == 0
    assert {point.number for point in remedy.boundary.points} == {1, 2, 3, 4}
    assert near(remedy.area, "0.6000")


def test_a_corner_on_a_slanting_edge_never_lies_inside_the_neighbour() -> None:
    draft = boundary((0, 0), (100, 3), (97, 100), (-4, 90))
    taken = sea((50, -20), (151, 7), (180, 140), (41, 130))
    remedy = remainder(draft, [taken])
    assert remedy.boundary is not None
    shape = remedy.boundary.parcel.to_shapely()
    assert not any(shapely.contains_properly(taken, shapely.Point(p.lon, p.lat)) for p in remedy.boundary.points)
    assert common(shape, taken).area == 0


def test_a_hole_is_left_where_a_source_lies_inside() -> None:
    draft = boundary((0, 0), (100, 0), (100, 100), (0, 100))
    remedy = remainder(draft, [sea((40, 40), (60, 40), (60, 60), (40, 60))])
    assert remedy.boundary is not None and len(remedy.boundary.parcel.holes) == 1
    assert near(remedy.area, "0.9600")


def test_a_parcel_cut_in_two_offers_the_larger_part_and_the_other_as_a_further_parcel() -> None:
    draft = boundary((0, 0), (100, 0), (100, 50), (0, 50))
    remedy = remainder(draft, [sea((60, -10), (70, -10), (70, 60), (60, 60))])
    assert near(remedy.area, "0.3000")
    assert [near(part.area, "0.1500") for part in remedy.further] == [True]


def test_a_neck_under_two_metres_is_not_offered() -> None:
    draft = boundary((0, 0), (100, 0), (100, 40), (0, 40))
    remedy = remainder(draft, [sea((40, -9), (50, -9), (50, 38.5), (40, 38.5))])
    assert near(remedy.area, "0.2000")
    assert len(remedy.further) == 1


def test_a_neck_over_two_metres_is_kept() -> None:
    draft = boundary((0, 0), (100, 0), (100, 40), (0, 40))
    remedy = remainder(draft, [sea((40, -9), (50, -9), (50, 37), (40, 37))])
    assert remedy.further == ()
    assert near(remedy.area, "0.3630")


def test_nothing_left_is_said_and_not_made_up() -> None:
    draft = boundary((0, 0), (50, 0), (50, 50), (0, 50))
    remedy = remainder(draft, [sea((-1, -1), (51, -1), (51, 49), (-1, 49))])
    assert (remedy.boundary, remedy.further, remedy.area, remedy.dropped_units) == (None, (), 0, (0,))


def test_no_source_leaves_the_draft_as_it_is() -> None:
    draft = boundary((0, 0), (50, 0), (50, 50), (0, 50))
    remedy = remainder(draft, [])
    assert remedy.boundary is not None and remedy.boundary.hash == draft.hash


def three_units() -> Boundary:
    strips = [[(x, 0), (x + 50, 0), (x + 50, 100), (x, 100)] for x in (0, 50, 100)]
    units = tuple(Polygon(tuple(at(*corner) for corner in strip)) for strip in strips)
    settled = settle(None, units)
    assert settled.boundary is not None
    return settled.boundary


def test_units_follow_the_cut_and_still_tile() -> None:
    remedy = remainder(three_units(), [sea((-5, -5), (120, -5), (130, 33.333), (-5, 21.117))])
    assert remedy.boundary is not None and remedy.units == (0, 1, 2)
    assert sum(remedy.boundary.unit_areas) == remedy.area
    assert settle(remedy.boundary.parcel, remedy.boundary.units).boundary is not None


def test_a_unit_cut_below_its_minimum_is_dropped_whole() -> None:
    draft = three_units()
    taken = [sea((110, -5), (170, -5), (170, 105), (110, 105))]
    kept = remainder(draft, taken)
    assert kept.units == (0, 1, 2) and kept.dropped_units == ()
    fewer = remainder(draft, taken, minimum_by_unit=[Decimal("0.2")] * 3)
    assert fewer.units == (0, 1) and fewer.dropped_units == (2,)
    assert near(fewer.area, "1.0000")


def test_a_unit_cut_in_two_loses_only_the_piece_that_is_too_small() -> None:
    draft = three_units()
    taken = [sea((92, -5), (98, -5), (98, 105), (92, 105))]
    remedy = remainder(draft, taken, minimum_by_unit=[Decimal("0.1")] * 3)
    assert remedy.units == (0, 1)
    assert near(remedy.area, "0.9200")
    [further] = remedy.parts[1:]
    assert further.unit_of == (2,) and near(further.boundary.area, "0.5000")
    assert remedy.dropped_units == ()


def test_a_small_unit_that_was_not_cut_stays() -> None:
    draft = three_units()
    remedy = remainder(draft, [sea((110, -5), (170, -5), (170, 105), (110, 105))], minimum_by_unit=[Decimal("5"), 0, 0])
    assert 0 in remedy.units


def test_given_numbers_stay_with_their_points_and_new_points_follow_the_highest() -> None:
    corners = [at(0, 0), at(100, 0), at(100, 100), at(0, 100)]
    draft = settle(Polygon(tuple(corners)), (), dict(zip(corners, (7, 3, 12, 5), strict=True))).boundary
    assert draft is not None
    remedy = remainder(draft, [sea((60, -10), (200, -10), (200, 60.4), (61, 60.4))])
    assert remedy.boundary is not None
    numbers = dict(remedy.boundary.numbers)
    assert [numbers[corner] for corner in corners if corner in numbers] == [7, 12, 5]
    assert {number for point, number in numbers.items() if point not in corners} == {13, 14, 15}


def test_a_touching_neighbour_is_still_only_touched_after_the_cut() -> None:
    draft = boundary((0, 0), (100, 1.7), (101, 60), (0, 60))
    beside = shapely.Polygon([at(0, 0), at(0, -40), at(100, -40), at(100, 1.7)])
    remedy = remainder(draft, [sea((47.3, -50), (130, -50), (130, 31), (44.1, 29))], neighbours=[beside])
    assert remedy.boundary is not None
    assert common(remedy.boundary.parcel.to_shapely(), beside).area == 0


def test_with_minimum_areas_every_unit_kept_is_whole_or_large_enough() -> None:
    least, dropped = Decimal("0.05"), 0
    for seed in range(150):
        layout = random_layout(random.Random(f"minimum {seed}"))
        draft = layout.draft
        remedy = remainder(draft, layout.sources, minimum_by_unit=[least] * len(draft.units))
        dropped += len(remedy.dropped_units)
        for part in remedy.parts:
            for unit in set(part.unit_of):
                kept = sum(a for a, u in zip(part.boundary.unit_areas, part.unit_of, strict=True) if u == unit)
                assert kept >= min(least, draft.unit_areas[unit])
    assert dropped > 10


def test_an_accepted_remedy_is_graded_no_worse_than_within_tolerance_against_every_source() -> None:
    graded = 0
    for seed in range(200):
        layout = random_layout(random.Random(f"graded {seed}"))
        for part in remainder(layout.draft, layout.sources).parts:
            sources = Spaces.columns(list(layout.sources))
            mine = Spaces.columns([part.boundary.parcel.to_shapely()])
            count = len(layout.sources)
            pairs = grade(mine, sources, np.zeros(count, int), np.arange(count), tolerance=Tolerance())
            assert max(pairs.grade) <= Grade.WITHIN_TOLERANCE
            graded += len(pairs)
    assert graded > 300


def test_neighbours_that_were_only_touched_are_never_overlapped_by_the_remedy() -> None:
    touched = 0
    for seed in range(200):
        rng = random.Random(f"touched {seed}")
        layout = random_layout(rng)
        beside = neighbour_along(rng, layout.draft)
        if not beside.is_valid or common(beside, layout.draft.parcel.to_shapely()).area > 0:
            continue
        touched += 1
        for part in remainder(layout.draft, layout.sources, neighbours=[beside]).parts:
            assert common(part.boundary.parcel.to_shapely(), beside).area == 0
    assert touched > 50
