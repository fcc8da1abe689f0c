"""Faults: found at their vertex, told in both languages, with a repair that settles when it is accepted."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
import shapely

from data.messages import text
from marine.boundary import Polygon, Settled, settle
from marine.coordinates import MS_PER_DEGREE
from marine.faults import densify_offer, not_closed
from marine.findings import Finding, Severity
from marine.planes import gauss_kruger, local_plane
from marine.polygons import Point, Ring
from tests.marine.layouts import at

S = 9_000


def ring(*points: Point) -> Ring:
    return tuple((439_200_000 + x, 133_200_000 + y) for x, y in points)


SQUARE = ring((0, 0), (S, 0), (S, S), (0, S))
BOW = Polygon(ring((0, 0), (S, 0), (0, S), (S, S)))
SPIKE = Polygon(ring((0, 0), (S, 0), (2 * S, 0), (S, 0), (S, S), (0, S)))
WAIST = Polygon(ring((0, 0), (S, 0), (S // 2, S // 2), (S, S), (0, S), (S // 2, S // 2)))
ON_EDGE = Polygon(ring((0, 0), (S, 0), (S, S), (S // 2, 0), (0, S)))
TWO_BOWS = Polygon(ring((0, 0), (S, S), (2 * S, 0), (2 * S, S), (S, 0), (0, S)))
HOLE_OUT = Polygon(SQUARE, (ring((2 * S, 0), (3 * S, 0), (3 * S, S)),))
HOLE_ACROSS = Polygon(SQUARE, (ring((S // 2, S // 2), (2 * S, S // 3), (2 * S, S)),))
HOLE_IN_HOLE = Polygon(
    SQUARE, (ring((500, 500), (8000, 500), (8000, 8000)), ring((5000, 2000), (6000, 2000), (6000, 3000)))
)
HOLE_TWICE = Polygon(SQUARE, (ring((500, 500), (8000, 500), (8000, 8000)),) * 2)
CUT = Polygon(SQUARE, (ring((S // 2, 0), (S - 9, S // 2), (S // 2, S), (9, S // 2)),))

BLOCKING = [
    (Polygon(ring((0, 0), (S, 0))), "ring.too_few", (0, 0), None),
    (Polygon(()), "ring.too_few", (0, 0), None),
    (Polygon(ring((0, 0), (S, 0), (2 * S, 0))), "ring.zero_area", (0, 0), None),
    (Polygon(((0, 0), (181 * MS_PER_DEGREE, 0), (0, S))), "point.out_of_range", (0, 1), None),
    (BOW, "ring.crosses_itself", (0, 1), "ring.reorder_points"),
    (TWO_BOWS, "ring.crosses_itself", (0, 0), "ring.split"),
    (SPIKE, "ring.spike", (0, 2), "ring.remove_spike"),
    (WAIST, "ring.touches_itself", (0, 2), "ring.split"),
    (ON_EDGE, "ring.touches_itself", (0, 3), "ring.split"),
    (HOLE_OUT, "hole.outside", (1, 0), "hole.drop"),
    (HOLE_ACROSS, "hole.crosses", (1, 0), "hole.cut_out"),
    (HOLE_IN_HOLE, "hole.nested", (2, 0), "hole.drop"),
    (HOLE_TWICE, "hole.nested", (2, 0), "hole.drop"),
    (CUT, "ring.cuts_through", (1, 2), "ring.split"),
]


def readable(finding: Finding) -> None:
    """Every fault has its words in both languages, filled from its own facts."""
    for lang in ("zh", "en"):
        assert "{" not in text(finding.code, lang, **finding.facts)
        if finding.remedy:
            assert text(finding.remedy, lang)


def accepted(finding: Finding) -> list[Settled]:
    """What each part of an offered repair settles to."""
    parts = [Polygon.from_shapely(part) for part in shapely.get_parts(finding.geometry)]
    return [settle(part) for part in parts]


@pytest.mark.parametrize(
    ("polygon", "code", "where", "remedy"), BLOCKING, ids=lambda value: value if isinstance(value, str) else None
)
def test_a_fault_blocks_is_located_and_offers_a_repair(
    polygon: Polygon, code: str, where: tuple[int, int], remedy: str | None
) -> None:
    settled = settle(polygon)
    assert settled.boundary is None
    first = settled.faults[0]
    assert first.at is not None
    assert (first.code, (first.at.ring, first.at.index), first.remedy) == (code, where, remedy)
    assert first.severity is Severity.BLOCKS
    for fault in settled.faults:
        readable(fault)
    if first.geometry is not None:
        assert all(again.boundary is not None for again in accepted(first))
    points = polygon.rings[where[0]]
    assert not points or (first.at.lon, first.at.lat) == points[where[1]]


def test_a_slip_in_the_degrees_is_told_at_its_point() -> None:
    lon, lat = SQUARE[2]
    settled = settle(Polygon((*SQUARE[:2], (lon - 100 * MS_PER_DEGREE, lat), SQUARE[3])))
    assert settled.boundary is None
    [fault] = [fault for fault in settled.faults if fault.code == "point.too_far"]
    assert fault.at is not None and (fault.at.ring, fault.at.index, fault.facts["point"]) == (0, 2, 3)
    readable(fault)


def test_a_hole_that_encloses_nothing_can_be_dropped() -> None:
    settled = settle(Polygon(SQUARE, (ring((500, 500), (600, 600)),)))
    assert [(f.code, f.at.ring if f.at else None, f.remedy) for f in settled.faults] == [
        ("ring.too_few", 1, "hole.drop")
    ]


def test_a_hole_that_touches_the_outline_at_one_point_is_no_fault() -> None:
    assert settle(Polygon(SQUARE, (ring((S // 2, 0), (6000, 4000), (4000, 4000)),))).boundary is not None


def test_points_nearer_than_five_centimetres_are_told_and_do_not_block() -> None:
    settled = settle(Polygon(ring((0, 0), (S, 0), (S + 1, 0), (S, S), (0, S))))
    assert settled.boundary is not None
    [fault] = settled.faults
    assert (fault.code, fault.severity, fault.facts["point"]) == ("ring.duplicate_point", Severity.WARNS, 3)
    readable(fault)
    assert accepted(fault)[0].faults == ()


def test_points_further_apart_than_that_are_not() -> None:
    assert settle(Polygon(ring((0, 0), (S, 0), (S + 3, 0), (S, S), (0, S)))).faults == ()


def test_a_needle_is_told_and_an_acute_corner_of_real_size_is_not() -> None:
    needle = settle(Polygon(ring((0, 0), (S, 0), (3 * S, 0), (S, 1), (S, S), (0, S))))
    assert [fault.code for fault in needle.faults] == ["ring.needle"]
    readable(needle.faults[0])
    # Its feet lay 0.03 m apart; without the needle they are two points in one place, which is told in its turn.
    assert [fault.code for fault in accepted(needle.faults[0])[0].faults] == ["ring.duplicate_point"]
    acute = settle(Polygon(ring((0, 0), (S, 0), (3 * S, 0), (S, 300), (S, S), (0, S))))
    assert acute.faults == ()


def test_numbers_of_the_file_name_the_points() -> None:
    given = {point: 10 + index for index, point in enumerate(BOW.exterior)}
    [fault] = settle(BOW, (), given).faults
    assert (fault.facts["point"], fault.facts["other"]) == (11, 13)


def test_a_thousand_faults_are_told_by_the_first_twenty_and_their_count() -> None:
    rng = random.Random(20)
    scribble = tuple(at(rng.uniform(0, 500), rng.uniform(0, 500)) for _ in range(300))
    faults = settle(Polygon(scribble)).faults
    crossings = [fault for fault in faults if fault.code == "ring.crosses_itself"]
    assert len(crossings) == 20
    assert crossings[0].facts["count"] == 1_000
    assert all(again.boundary is not None for again in accepted(crossings[0])[:20])


@pytest.mark.parametrize("seed", range(40))
def test_crossings_are_found_exactly_where_the_engine_says_invalid(seed: int) -> None:
    rng = random.Random(f"scribble {seed}")
    corners = tuple(at(rng.uniform(0, 50), rng.uniform(0, 50)) for _ in range(rng.randrange(3, 9)))
    valid = shapely.Polygon(corners).is_valid
    blocking = [fault for fault in settle(Polygon(corners)).faults if fault.severity is Severity.BLOCKS]
    assert valid == (not blocking)
    for fault in blocking:
        readable(fault)


def test_an_unclosed_ring_says_how_far_it_is_open() -> None:
    fault = not_closed(SQUARE)
    assert fault is not None and fault.at is not None
    assert (fault.code, fault.at.index, fault.remedy) == ("ring.not_closed", 3, "ring.close")
    plane = local_plane(*SQUARE[0])
    assert fault.facts["gap_m"] == pytest.approx(S * plane.scale[1], abs=0.01)
    readable(fault)
    assert not_closed((*SQUARE, SQUARE[0])) is None


HALVES = (Polygon(ring((0, 0), (4000, 0), (4000, S), (0, S))), Polygon(ring((4000, 0), (S, 0), (S, S), (4000, S))))
WHOLE = Polygon(SQUARE)


def shifted(polygon: Polygon, index: int, east: int, north: int = 0) -> Polygon:
    lon, lat = polygon.exterior[index]
    return Polygon((*polygon.exterior[:index], (lon + east, lat + north), *polygon.exterior[index + 1 :]))


@pytest.mark.parametrize(
    ("parcel", "units", "codes"),
    [
        (WHOLE, (HALVES[0], shifted(HALVES[1], 0, -700)), {"units.overlap"}),
        (WHOLE, (HALVES[0], shifted(HALVES[1], 0, 700)), {"units.gap"}),
        (WHOLE, HALVES[:1], {"units.gap"}),
        (WHOLE, (HALVES[0], shifted(HALVES[1], 1, 800)), {"units.outside"}),
        (None, (HALVES[0], shifted(HALVES[1], 0, -700)), {"units.overlap"}),
        (None, (HALVES[0], Polygon(ring((50_000, 0), (S + 50_000, 0), (S + 50_000, S)))), {"units.apart"}),
    ],
)
def test_units_that_do_not_tile_are_located(
    parcel: Polygon | None, units: tuple[Polygon, ...], codes: set[str]
) -> None:
    settled = settle(parcel, units)
    assert settled.boundary is None
    assert {fault.code for fault in settled.faults} == codes
    for fault in settled.faults:
        readable(fault)
        assert fault.at is not None and fault.at.unit is not None


def refitted(settled: Settled) -> Settled:
    offered: Any = settled.faults[0].geometry
    return settle(None, [Polygon.from_shapely(part) for part in offered.geoms])


def test_overlapping_units_are_offered_a_cut_that_leaves_the_earlier_one_whole() -> None:
    settled = settle(WHOLE, (HALVES[0], shifted(HALVES[1], 0, -700)))
    assert {fault.remedy for fault in settled.faults} == {"units.cut_to_fit"}
    again = refitted(settled).boundary
    assert again is not None and len(again.units) == 2
    assert set(HALVES[0].exterior) <= set(again.units[0].exterior)
    assert again.parcel.to_shapely().equals(WHOLE.to_shapely())


def test_a_gap_of_decimetres_is_offered_to_a_neighbour_and_a_wide_one_is_not() -> None:
    narrow = settle(WHOLE, (HALVES[0], shifted(shifted(HALVES[1], 0, 20), 3, 15)))
    assert {fault.remedy for fault in narrow.faults} == {"units.cut_to_fit"}
    again = refitted(narrow).boundary
    assert again is not None and again.parcel.to_shapely().equals(WHOLE.to_shapely())
    wide = settle(WHOLE, (HALVES[0], shifted(HALVES[1], 0, 700)))
    assert {fault.remedy for fault in wide.faults} == {None}


def test_a_hair_between_units_that_becomes_a_hole_is_told() -> None:
    left = Polygon(ring((0, 0), (4000, 0), (4000, 3000), (3998, 4000), (4000, 5000), (4000, S), (0, S)))
    right = Polygon(ring((4000, 0), (S, 0), (S, S), (4000, S), (4000, 5000), (4000, 3000)))
    settled = settle(None, (left, right))
    assert settled.boundary is not None and len(settled.boundary.parcel.holes) == 1
    [fault] = settled.faults
    assert (fault.code, fault.severity, fault.remedy) == ("units.gap", Severity.WARNS, "units.share_points")
    readable(fault)
    again = refitted(settled)
    assert again.faults == () and again.boundary is not None and not again.boundary.parcel.holes


@pytest.mark.parametrize("seed", range(30))
def test_units_shaken_by_a_few_grid_steps_are_always_offered_a_tiling(seed: int) -> None:
    rng = random.Random(f"shaken {seed}")
    strips = [ring((x, 0), (x + 3000, 0), (x + 3000, S), (x, S)) for x in (0, 3000, 6000)]
    shaken = [tuple((lon + rng.randint(-9, 9), lat + rng.randint(-9, 9)) for lon, lat in strip) for strip in strips]
    settled = settle(WHOLE, [Polygon(strip) for strip in shaken])
    assert settled.boundary is None
    assert all(fault.remedy for fault in settled.faults)
    again = refitted(settled).boundary
    assert again is not None and len(again.units) == 3


@pytest.mark.parametrize("east", [-1, 1])
def test_units_that_miss_each_other_by_a_rounding_are_offered_shared_points(east: int) -> None:
    settled = settle(WHOLE, (HALVES[0], shifted(shifted(HALVES[1], 0, east), 3, -east)))
    assert settled.boundary is None
    assert {fault.remedy for fault in settled.faults} == {"units.share_points"}
    offered: Any = settled.faults[0].geometry
    again = settle(None, [Polygon.from_shapely(part) for part in offered.geoms])
    assert again.boundary is not None
    assert set(SQUARE) <= set(again.boundary.parcel.exterior)


def test_a_long_edge_of_a_projected_file_is_offered_points_and_then_lies_on_its_line() -> None:
    plane = gauss_kruger(Decimal("122.0"))
    corners = np.array(
        [(480_000, 4_100_000), (490_000, 4_100_000), (490_000, 4_100_500), (480_000, 4_100_500)], dtype=float
    )
    fault = densify_offer(corners, plane)
    assert fault is not None
    readable(fault)
    assert 1.3 < fault.facts["departs_m"] < 1.8
    offered = plane.to_metres(shapely.get_coordinates(fault.geometry)[:-1])
    assert len(offered) == 4 + fault.facts["added"]
    assert densify_offer(offered, plane) is None
    away = shapely.distance(shapely.LinearRing(corners), shapely.points(offered))
    assert away.max() < 0.03


def test_a_short_edge_of_a_projected_file_is_left_alone() -> None:
    plane = gauss_kruger(Decimal("122.0"))
    assert densify_offer([(480_000, 4_100_000), (482_000, 4_100_000), (482_000, 4_100_500)], plane) is None
    assert densify_offer([], plane) is None
