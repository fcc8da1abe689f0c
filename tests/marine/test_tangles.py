"""Hostile boundaries: the work that a ring, its holes or its units cost is bounded, counted here in pairs and overlays."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

import marine.faults as polygon_checks
import marine.tiling as tiling
from data.messages import text
from marine.boundary import Polygon, settle
from marine.crossings import MOST_COUNTED, MOST_EXAMINED, Edges, search_meetings
from marine.findings import Finding, Severity
from marine.polygons import Point, Ring
from marine.ring_faults import MOST_TOLD, without_spikes

WEST, SOUTH = 439_200_000, 133_200_000
# What a lot may hold beyond the bound: the first lot of 16 edges meets every other edge at most.
SIXTEEN_EDGES = 16


def placed(points: Any) -> Ring:
    return tuple((WEST + lon, SOUTH + lat) for lon, lat in points)


def box(west: int, south: int, east: int, north: int) -> Ring:
    return placed(((west, south), (east, south), (east, north), (west, north)))


def scribble(count: int) -> Polygon:
    rng = random.Random(count)
    return Polygon(placed((rng.randrange(10**6), rng.randrange(10**6)) for _ in range(count)))


def comb(count: int) -> Polygon:
    """A valid ring of long slanted teeth: the boxes of all of them meet, no two of them cross."""
    reach = 10 * count
    teeth = [point for x in range(0, 10 * count, 20) for point in ((x, -x), (x + reach + 10, reach - x - 10))]
    return Polygon(placed([*teeth, (20 * count, -20 * count - 50), (-50, -20 * count - 50)]))


def counted(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> list[Any]:
    """The calls of a function from now on."""
    calls: list[Any] = []
    real: Callable[..., Any] = getattr(module, name)

    def through(*args: Any, **named: Any) -> Any:
        calls.append(args)
        return real(*args, **named)

    monkeypatch.setattr(module, name, through)
    return calls


def readable(faults: tuple[Finding, ...]) -> None:
    for fault in faults:
        for lang in ("zh", "en"):
            assert "{" not in text(fault.code, lang, **fault.facts)


@pytest.mark.parametrize("count", [3_000, 100_000])
def test_a_ring_that_crosses_itself_everywhere_is_told_by_its_first_crossings(count: int) -> None:
    settled = settle(scribble(count))
    assert settled.boundary is None
    crossing = [fault for fault in settled.faults if fault.code == "ring.crosses_itself"]
    assert len(crossing) == MOST_TOLD
    assert crossing[0].facts["count"] == MOST_COUNTED and crossing[0].facts["more"]
    # A thousand crossings make thousands of parts: no repair is worked out, none is offered.
    assert all(fault.remedy is None and fault.geometry is None for fault in crossing)
    readable(settled.faults)


def test_the_search_judges_no_more_pairs_than_its_bound() -> None:
    found = search_meetings(Edges.of(scribble(100_000)))
    assert not found.whole and len(found.crossings) == MOST_COUNTED
    assert found.examined <= SIXTEEN_EDGES * 100_000


def test_long_lines_side_by_side_are_refused_before_the_engine_works_on_them(monkeypatch: pytest.MonkeyPatch) -> None:
    validity = counted(monkeypatch, polygon_checks, "crossing_faults")
    tangle = comb(10_000)
    found = search_meetings(Edges.of(tangle))
    assert not found.whole and MOST_EXAMINED < found.examined <= MOST_EXAMINED + SIXTEEN_EDGES * 10_000 + 500_000
    settled = settle(tangle)
    assert [fault.code for fault in settled.faults] == ["ring.tangled"] and not validity
    readable(settled.faults)


def test_a_thousand_strips_at_a_slant_are_no_tangle() -> None:
    assert settle(comb(2_000)).boundary is not None


def test_the_search_finds_what_comparing_every_pair_finds() -> None:
    for count in (5, 12, 40):
        edges = Edges.of(scribble(count))
        found = {(meet.one, meet.two) for meet in search_meetings(edges).crossings}
        every = {(i, j) for i in range(count) for j in range(i + 1, count) if _cross(edges, i, j)}
        assert found == every and search_meetings(edges).whole


def _cross(edges: Edges, i: int, j: int) -> bool:
    def side(a: Any, b: Any, c: Any) -> int:
        turn = (int(b[0]) - int(a[0])) * (int(c[1]) - int(a[1])) - (int(b[1]) - int(a[1])) * (int(c[0]) - int(a[0]))
        return (turn > 0) - (turn < 0)

    a, b, c, d = edges.start[i], edges.end[i], edges.start[j], edges.end[j]
    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def test_a_spike_of_a_hundred_thousand_points_is_taken_off_in_one_walk() -> None:
    out = [(10 + step, 0) for step in range(50_000)]
    ring = placed([(0, 0), *out, *reversed(out[1:-1]), (5, 1_000)])
    assert without_spikes(Polygon(ring)).exterior == placed([(0, 0), (10, 0), (11, 0), (5, 1_000)])


@pytest.mark.parametrize("turn", range(7))
def test_spikes_on_spikes_come_off_wherever_the_ring_begins(turn: int) -> None:
    points: list[Point] = [(0, 0), (4, 0), (9, 0), (6, 0), (4, 0), (4, 4), (0, 4)]
    ring = placed(points[turn:] + points[:turn])
    assert set(without_spikes(Polygon(ring)).exterior) == set(placed([(0, 0), (4, 0), (4, 4), (0, 4)]))


SEA = box(0, 0, 10**7, 10**7)


def small(index: int) -> Ring:
    row, column = divmod(index, 100)
    west, south = column * 1_000 + 10, row * 1_000 + 10
    return placed(((west, south), (west + 500, south), (west + 500, south + 500)))


def test_thousands_of_holes_that_lie_right_settle() -> None:
    assert settle(Polygon(SEA, tuple(small(index) for index in range(2_000)))).boundary is not None


def test_thousands_of_holes_outside_are_told_by_the_first_twenty_and_their_count() -> None:
    away = tuple(tuple((lon - 2 * 10**7, lat) for lon, lat in small(index)) for index in range(2_000))
    outside = [fault for fault in settle(Polygon(SEA, away)).faults if fault.code == "hole.outside"]
    assert len(outside) == MOST_TOLD and outside[0].facts["count"] == 2_000


def test_holes_in_holes_are_told_by_the_first_twenty() -> None:
    nested = tuple(box(100 + 10 * i, 100 + 10 * i, 9 * 10**6 - 10 * i, 9 * 10**6 - 10 * i) for i in range(400))
    told = [fault for fault in settle(Polygon(SEA, nested)).faults if fault.code == "hole.nested"]
    assert len(told) == MOST_TOLD
    same = [fault for fault in settle(Polygon(SEA, (small(0),) * 400)).faults if fault.code == "hole.nested"]
    assert [fault.facts["other"] for fault in same] == [1] * MOST_TOLD


def test_thousands_of_units_that_tile_are_never_overlaid_pair_by_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    overlays = counted(monkeypatch, tiling, "common")
    units = [Polygon(box(c * 300, r * 300, c * 300 + 300, r * 300 + 300)) for r in range(40) for c in range(50)]
    settled = settle(None, units)
    assert settled.boundary is not None and len(settled.boundary.units) == 2_000 and not overlays


def test_units_all_laid_on_one_place_are_told_by_the_first_twenty_overlaps(monkeypatch: pytest.MonkeyPatch) -> None:
    overlays = counted(monkeypatch, tiling, "common")
    units = [Polygon(box(i, i, 9_000 + i, 9_000 + i)) for i in range(60)]
    faults = settle(None, units).faults
    assert [fault.code for fault in faults].count("units.overlap") == MOST_TOLD
    assert len(overlays) == MOST_TOLD
    readable(faults)


def test_units_that_only_meet_in_one_point_cost_a_bounded_number_of_overlays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiling, "MOST_OVERLAID", 100)
    overlays = counted(monkeypatch, tiling, "common")
    fan = [Polygon(placed(((0, 0), (9_000, 100 * i), (9_000, 100 * i + 50)))) for i in range(60)]
    assert settle(None, fan).boundary is None
    assert len(overlays) <= 100


def test_units_outside_their_parcel_are_told_by_the_first_twenty(monkeypatch: pytest.MonkeyPatch) -> None:
    cut = counted(monkeypatch, tiling, "minus")
    units = [Polygon(box(300 * i, 0, 300 * i + 300, 900)) for i in range(200)]
    faults = settle(Polygon(box(0, 0, 60_000, 600)), units).faults
    assert [fault.code for fault in faults].count("units.outside") == MOST_TOLD
    # One more is the parcel without its units.
    assert len(cut) <= MOST_TOLD + 1


def test_two_combs_laid_across_each_other_are_refused_before_they_are_overlaid(monkeypatch: pytest.MonkeyPatch) -> None:
    joins = counted(monkeypatch, tiling, "joined")

    def teeth(count: int, *, across: bool) -> Polygon:
        points = [(0, -50)]
        for i in range(count):
            points += [(0, i * 100), (100 * count, i * 100), (100 * count, i * 100 + 50), (0, i * 100 + 50)]
        points += [(-50, 100 * count), (-50, -50)]
        return Polygon(placed((lat + 7, lon + 7) if across else (lon, lat) for lon, lat in points))

    settled = settle(None, [teeth(200, across=False), teeth(200, across=True)])
    assert [fault.code for fault in settled.faults if fault.severity is Severity.BLOCKS] == ["units.tangled"]
    assert not joins
    readable(settled.faults)


def test_a_great_tiling_with_a_slip_is_told_without_working_out_a_repair(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiling, "MOST_REPAIRED", 10)
    one, two = Polygon(box(0, 0, 900, 900)), Polygon(box(600, 0, 1_800, 900))
    [overlap] = settle(Polygon(box(0, 0, 1_800, 900)), [one, two]).faults
    assert (overlap.code, overlap.remedy, overlap.geometry) == ("units.overlap", None, None)


def test_a_slit_between_units_that_opens_to_the_sea_is_told_and_does_not_block() -> None:
    left = Polygon(box(0, 0, 900, 900))
    right = Polygon(placed(((900, 0), (1_800, 0), (1_800, 900), (903, 900), (903, 100), (900, 100))))
    settled = settle(None, [left, right])
    assert settled.boundary is not None
    [gap] = settled.faults
    assert (gap.code, gap.severity, gap.remedy) == ("units.gap", Severity.WARNS, None)
    assert 0.06 < gap.facts["width_m"] < 0.09
    readable(settled.faults)


def test_a_wide_bay_and_an_open_corner_between_units_are_no_slit() -> None:
    left = Polygon(box(0, 0, 900, 900))
    bay = Polygon(placed(((900, 0), (1_800, 0), (1_800, 900), (950, 900), (950, 100), (900, 100))))
    corner = Polygon(placed(((900, 0), (1_800, 0), (1_800, 900), (1_050, 900), (900, 100))))
    assert settle(None, [left, bay]).faults == settle(None, [left, corner]).faults == ()


def test_a_slit_inside_one_unit_is_its_own_shape() -> None:
    cut = Polygon(placed(((0, 0), (900, 0), (900, 900), (453, 900), (453, 100), (450, 100), (450, 900), (0, 900))))
    beside = Polygon(box(900, 0, 1_800, 900))
    assert settle(None, [cut, beside]).faults == ()
