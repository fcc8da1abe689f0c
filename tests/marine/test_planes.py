"""The planes: which meridian, and metres against an independent geodesic."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from marine.coordinates import MS_PER_DEGREE
from marine.planes import central_meridian, gauss_kruger, local_plane

GEOD = Geod(a=6378137.0, rf=298.257222101)


@pytest.mark.parametrize(
    ("west", "east", "meridian"),
    [
        (121.25, 121.25, "121.5"),
        (121.2499, 121.2499, "121.0"),
        (121.7499, 121.75, "121.5"),
        (121.75, 121.75, "122.0"),
        (121.74, 121.76, "122.0"),
        (-121.25, -121.25, "-121.0"),
        (-0.3, 0.2, "0.0"),
    ],
)
def test_the_meridian_is_the_nearest_half_degree_and_of_two_the_eastern(
    west: float, east: float, meridian: str
) -> None:
    assert central_meridian(round(west * MS_PER_DEGREE), round(east * MS_PER_DEGREE)) == Decimal(meridian)


@given(st.integers(0, 178 * MS_PER_DEGREE), st.integers(0, 2 * MS_PER_DEGREE))
def test_no_other_half_degree_is_nearer(west: int, width: int) -> None:
    middle = Decimal(2 * west + width) / (2 * MS_PER_DEGREE)
    away = middle - central_meridian(west, west + width)
    assert Decimal("-0.25") <= away < Decimal("0.25")


def test_the_plane_agrees_with_the_registered_three_degree_zone() -> None:
    points = np.array([[119.2, 36.1], [120.0, 37.0], [121.4, 38.3]]) * MS_PER_DEGREE
    zone = Transformer.from_crs(4490, 4549, always_xy=True)
    expected = np.column_stack(zone.transform(*(points / MS_PER_DEGREE).T))
    assert np.abs(gauss_kruger(Decimal("120.0")).to_metres(points) - expected).max() < 1e-4


@given(st.integers(121 * MS_PER_DEGREE, 124 * MS_PER_DEGREE), st.integers(35 * MS_PER_DEGREE, 39 * MS_PER_DEGREE))
def test_metres_lead_back_to_the_same_millisecond(lon: int, lat: int) -> None:
    for plane in (gauss_kruger(Decimal("122.5")), local_plane(122 * MS_PER_DEGREE, 37 * MS_PER_DEGREE)):
        assert np.abs(plane.to_ms(plane.to_metres([(lon, lat)])) - (lon, lat)).max() < 1e-3


@given(st.floats(-2_000, 2_000), st.floats(-2_000, 2_000))
def test_the_local_plane_measures_what_the_geodesic_measures(east: float, north: float) -> None:
    plane = local_plane(122 * MS_PER_DEGREE, 37 * MS_PER_DEGREE)
    lon, lat = plane.to_ms([(east, north)])[0] / MS_PER_DEGREE
    _, _, metres = GEOD.inv(122, 37, lon, lat)
    assert metres == pytest.approx(np.hypot(east, north), rel=4e-4, abs=1e-3)


def test_the_local_plane_keeps_edges_straight() -> None:
    plane = local_plane(122 * MS_PER_DEGREE, 37 * MS_PER_DEGREE)
    start, end = (440_000_000, 134_000_000), (441_000_000, 133_000_000)
    middle = (440_500_000, 133_500_000)
    a, b, m = plane.to_metres([start, end, middle])
    assert np.abs((a + b) / 2 - m).max() < 1e-6


def test_empty_input_gives_empty_metres() -> None:
    for plane in (gauss_kruger(Decimal("122.5")), local_plane(0, 0)):
        assert plane.to_metres([]).shape == plane.to_ms([]).shape == (0, 2)


def test_one_plane_serves_many_threads() -> None:
    plane = gauss_kruger(Decimal("122.0"))
    points = np.array([[122.1, 37.2]]) * MS_PER_DEGREE
    expected = plane.to_metres(points).tolist()
    with ThreadPoolExecutor(8) as threads:
        assert all(metres.tolist() == expected for metres in threads.map(plane.to_metres, [points] * 400))
