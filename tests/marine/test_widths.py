"""The greatest width, above all in slivers, where a search stops short."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from marine.widths import largest_radius, widths


def turned(shape: shapely.Geometry, angle: float) -> shapely.Geometry:
    cos, sin = math.cos(angle), math.sin(angle)
    return shapely.transform(shape, lambda xy: xy @ np.array([[cos, sin], [-sin, cos]]))


@pytest.mark.parametrize("length", [1, 100, 20_000])
@pytest.mark.parametrize("width", [0.0001, 0.0999999, 0.1, 0.1000001, 0.9999999, 1.0000001])
def test_a_strip_has_its_own_width_however_long(length: float, width: float) -> None:
    strip = turned(shapely.box(0, 0, length, width), 0.4)
    assert 2 * largest_radius(strip) == pytest.approx(min(width, length), abs=1e-9)


def test_a_limit_is_never_left_to_the_slack_of_a_search() -> None:
    strips = np.array([turned(shapely.box(0, 0, 300, w), 1.1) for w in (0.09999, 0.10001, 0.99999, 1.00001)])
    assert (widths(strips, 1.0) <= 0.1).tolist() == [True, False, False, False]
    assert (widths(strips, 1.0) <= 1.0).tolist() == [True, True, True, False]


def test_a_bulge_in_a_sliver_is_found() -> None:
    sliver = shapely.box(0, 0, 2_000, 0.02)
    bulge = shapely.Point(1_234.5, 0).buffer(0.3, quad_segs=64)
    assert 2 * largest_radius(sliver.union(bulge)) == pytest.approx(0.6, abs=0.001)


def test_the_widest_part_of_several_counts() -> None:
    parts = shapely.multipolygons([shapely.box(0, 0, 9, 0.05), shapely.box(0, 5, 9, 5.08), shapely.box(0, 9, 9, 9.02)])
    assert 2 * largest_radius(parts) == pytest.approx(0.08, abs=1e-9)


def test_a_hole_takes_its_room() -> None:
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(0.5, 0.5, 9.5, 9.5))
    assert widths(np.array([ring]), 1.0)[0] == pytest.approx(
        0.5858, abs=1e-4
    )  # in a corner: 0.5·(4 − 2√2) between two edges and a corner
    assert widths(np.array([ring]), 0.1)[0] == pytest.approx(0.5858, abs=0.011)


def test_known_circles() -> None:
    triangle = shapely.Polygon([(0, 0), (40, 0), (0, 30)])
    assert widths(np.array([triangle]), 100.0)[0] == pytest.approx(20, abs=1e-5)
    assert widths(np.array([triangle]), 1.0)[0] == pytest.approx(20, abs=0.0101)
    l_shape = shapely.Polygon([(0, 0), (9, 0), (9, 1), (1, 1), (1, 9), (0, 9)])
    # Between both outer sides and the inner corner.
    assert widths(np.array([l_shape]), 2.0)[0] == pytest.approx(2 * (2 - math.sqrt(2)), abs=1e-5)


def test_nothing_has_no_width() -> None:
    nothing = [shapely.Polygon(), shapely.MultiPolygon(), shapely.Polygon([(0, 0), (1, 1), (2, 2)])]
    assert widths(np.array(nothing, dtype=object), 1.0).tolist() == [0, 0, 0]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.3, 1), st.floats(0.05, 1)), min_size=3, max_size=24),
    st.floats(-3, 0),
    st.floats(0, 6.28),
)
def test_no_point_within_is_further_from_the_boundary(
    spokes: list[tuple[float, float]], flatness: float, angle: float
) -> None:
    """Against a search by points, which can only come from below, and the buffer, which shows that nothing is left."""
    bearings = np.cumsum([gap for _, gap in spokes])
    bearings *= 2 * np.pi / bearings[-1]
    reach = np.array([length for length, _ in spokes])
    xy = np.column_stack((30 * reach * np.cos(bearings), 30 * 10**flatness * reach * np.sin(bearings)))
    shape = turned(shapely.Polygon(xy), angle)
    if not shape.is_valid or shape.area == 0:
        return
    radius = largest_radius(shape)
    rng = np.random.default_rng(len(spokes))
    west, south, east, north = shape.bounds
    points = shapely.points(rng.uniform((west, south), (east, north), (500, 2)))
    inside = points[shapely.contains(shape, points)]
    assert (shapely.distance(shape.boundary, inside) <= radius + 5.1e-6).all()
    found = shapely.maximum_inscribed_circle(shape, tolerance=1e-6)
    assert found.length <= radius + 5.1e-6
    # Nothing is left when a little more than the radius is taken away: GEOS simplifies by up to 1 % of the distance.
    assert shape.buffer(-(radius * 1.011 + 1e-5), quad_segs=64).area <= 1e-6


def test_a_long_strip_wider_than_its_limit_is_not_worn_out_by_the_search() -> None:
    """GEOS' search gives up on this one 0.01 m short, after a tenth of a second."""
    x = np.linspace(0, 20_000, 40)
    y = 200 * np.sin(x / 7_000)
    breadth = 2 + 0.04 * np.cos(x / 1_500)
    strip = turned(shapely.Polygon(np.vstack([np.c_[x, y], np.c_[x, y + breadth][::-1]])), 0.7)
    found = widths(np.array([strip]), 1.0)[0]
    assert found == pytest.approx(2 * largest_radius(strip), abs=1e-5)
    assert 1.9 < found <= 2.04


def test_the_widest_of_a_thousand_slivers_is_found() -> None:
    rng = np.random.default_rng(1)
    broad = rng.uniform(0.01, 0.3, 1_000)
    slivers = [turned(shapely.box(0, 10 * i, 20, 10 * i + w), 0.3) for i, w in enumerate(broad)]
    assert 2 * largest_radius(shapely.multipolygons(slivers)) == pytest.approx(broad.max(), abs=1e-5)
