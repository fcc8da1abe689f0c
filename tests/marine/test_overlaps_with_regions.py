"""How drafts stand to zones, the shoreline and cables (register.md §2 and §3)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from marine.findings import Grade
from marine.overlaps import Tolerance, overlaps_with_regions
from marine.planes import local_plane
from tests.marine.pair_layouts import LAT, LON

EAST, NORTH = local_plane(LON, LAT).scale
HOUSE = Tolerance()


def box(west: float, south: float, east: float, north: float) -> Any:
    """A rectangle in metres off Weihai, rounded to whole milliseconds."""
    return shapely.box(
        LON + round(west / EAST), LAT + round(south / NORTH), LON + round(east / EAST), LAT + round(north / NORTH)
    )


MINE = box(0, 0, 200, 100)


def region(shape: Any, **options: Any) -> Any:
    return overlaps_with_regions([MINE], [shape], [0], [0], tolerance=HOUSE, **options)


def northern_zone(width_ms: int) -> Any:
    west, _, east, north = MINE.bounds
    return shapely.box(west - 900, north - width_ms, east + 900, north + 90_000)


@pytest.mark.parametrize(
    ("effect", "word"),
    [
        ("forbid", "conflict"),
        ("restrict", "needs_consent"),
        ("consult", "needs_consent"),
        ("inform", "compatible"),
    ],
)
def test_a_zone_means_what_its_effect_says(effect: str, word: str) -> None:
    found = region(northern_zone(1_000), effects=[effect])
    assert Grade(found.grade[0]).word == word
    assert found.overlaps[0]
    assert found.share_draft[0] == pytest.approx(1_000 * NORTH / 100, rel=1e-2)


def test_overlaps_up_to_a_layers_accuracy_are_within_tolerance() -> None:
    three_metres = northern_zone(97)
    assert Grade(region(three_metres).grade[0]) is Grade.CONFLICT
    assert Grade(region(three_metres, accuracy=[3.0]).grade[0]) is Grade.WITHIN_TOLERANCE
    assert Grade(region(three_metres, accuracy=[2.9]).grade[0]) is Grade.CONFLICT
    assert Grade(region(northern_zone(3), accuracy=[0.01]).grade[0]) is Grade.WITHIN_TOLERANCE
    assert Grade(region(northern_zone(0)).grade[0]) is Grade.TOUCHING
    assert Grade(region(northern_zone(-40)).grade[0]) is Grade.CLEAR


def test_a_prepared_zone_that_holds_the_draft_gives_the_same_answer() -> None:
    around = box(-500, -500, 700, 600)
    plain = region(around)
    shapely.prepare(around)
    prepared = region(around)
    assert plain.overlap_m2[0] == prepared.overlap_m2[0]
    assert plain.width_m[0] == pytest.approx(prepared.width_m[0], abs=0.01)
    assert prepared.share_draft[0] == 1
    assert prepared.geometry[0].equals(MINE)


def test_a_shoreline_is_measured_where_it_lies_in_the_draft() -> None:
    west, south, _, north = MINE.bounds
    shore = shapely.LineString([(west + 4_000, south - 900), (west + 4_000, north + 900)])
    found = region(shore)
    assert found.length_m[0] == pytest.approx(100, rel=1e-2)
    assert (Grade(found.grade[0]), found.overlap_m2[0]) == (Grade.CONFLICT, 0)
    along = shapely.LineString([(west, north), (west + 4_000, north)])
    assert Grade(region(along).grade[0]) is Grade.TOUCHING
    just_inside = shapely.LineString([(west - 90, north - 2), (west + 9_000, north - 2)])
    assert Grade(region(just_inside).grade[0]) is Grade.WITHIN_TOLERANCE


def test_a_cable_with_its_buffer_reaches_a_draft_that_the_line_does_not() -> None:
    _, south, east, _ = MINE.bounds
    cable = shapely.LineString([(east + 4_100, south - 900_000), (east + 4_100, south + 900_000)])
    distance = 4_100 * EAST
    assert Grade(region(cable).grade[0]) is Grade.CLEAR
    assert Grade(region(cable, buffer_m=[distance - 1]).grade[0]) is Grade.CLEAR
    found = region(cable, buffer_m=[distance + 10], effects=["forbid"])
    assert Grade(found.grade[0]) is Grade.CONFLICT
    assert found.width_m[0] == pytest.approx(10, abs=0.02)
    assert found.overlap_m2[0] == pytest.approx(1_000, rel=1e-2)


def test_a_zone_of_many_points_is_judged_as_if_it_were_cut_whole() -> None:
    rng = np.random.default_rng(2)
    bearing = np.linspace(0, 2 * np.pi, 3_000, endpoint=False)
    reach = 300_000 * (1 + 0.2 * np.sin(7 * bearing) + 0.01 * rng.random(3_000))
    shore = np.rint(np.column_stack((LON + reach * np.cos(bearing), LAT + reach * np.sin(bearing))))
    zone = shapely.Polygon(shore, [shapely.get_coordinates(MINE.buffer(2_000).simplify(1))])
    assert zone.is_valid
    drafts = [shapely.Point(*at).buffer(4_000).simplify(5) for at in shore[::30]]
    for shape in (zone, zone.boundary):
        found = overlaps_with_regions(drafts, [shape], range(100), [0] * 100, tolerance=HOUSE)
        for i, draft in enumerate(drafts):
            assert found.geometry[i].symmetric_difference(draft.intersection(shape)).area == pytest.approx(0, abs=1)
            assert found.geometry[i].length == pytest.approx(draft.intersection(shape).length, abs=1)


def test_no_drafts_meet_no_regions() -> None:
    assert len(overlaps_with_regions([], [], [], [], tolerance=HOUSE)) == 0
