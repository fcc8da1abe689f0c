"""marine.buffers."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from marine.buffers import buffered
from marine.planes import local_plane

MS = 3_600_000


@pytest.mark.parametrize("lat", [35.2, 36.0, 37.1, 38.4])
def test_a_long_cable_is_as_wide_at_its_ends_as_in_its_middle(lat: float) -> None:
    cable = shapely.LineString(np.rint(np.array([(121.0, 35.0), (121.8, 36.6), (122.9, 38.5)]) * MS))
    corridor = buffered(cable, 500)
    at = shapely.intersection(cable, shapely.LineString([(120 * MS, lat * MS), (124 * MS, lat * MS)]))
    plane = local_plane(at.x, at.y)
    near = shapely.transform(shapely.intersection(corridor, at.buffer(0.03 * MS)), plane.to_metres)
    middle = shapely.transform(cable, plane.to_metres)
    edges = shapely.intersection(shapely.boundary(near), shapely.Point(0, 0).buffer(600))
    distances = [middle.distance(shapely.Point(xy)) for xy in shapely.get_coordinates(edges)]
    assert max(distances) == pytest.approx(500, abs=0.6)
    assert min(d for d in distances if d > 100) == pytest.approx(500, abs=1.0)


def test_an_area_keeps_its_inside_and_grows_by_the_buffer() -> None:
    square = shapely.box(122 * MS, 37 * MS, 122 * MS + 40_000, 37 * MS + 40_000)
    grown = buffered(square, 100)
    assert shapely.contains(grown, square) and grown.is_valid
    plane = local_plane(*shapely.centroid(square).coords[0])
    width = np.ptp(plane.to_metres([grown.bounds[:2], grown.bounds[2:]]), axis=0) - np.ptp(
        plane.to_metres([square.bounds[:2], square.bounds[2:]]), axis=0
    )
    assert width == pytest.approx([200, 200], abs=0.1)


def test_without_a_buffer_nothing_is_moved_and_a_point_becomes_a_circle() -> None:
    square = shapely.box(0, 0, 10, 10)
    assert buffered(square, 0) is square
    circle = buffered(shapely.Point(122 * MS, 37 * MS), 50)
    flat = shapely.transform(circle, local_plane(122 * MS, 37 * MS).to_metres)
    assert flat.area == pytest.approx(math.pi * 2500, rel=0.001)
