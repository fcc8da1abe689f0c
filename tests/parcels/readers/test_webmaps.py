"""Web-map coordinates: the size of the shift off Weihai, its undoing, and the suspicion when nobody said so."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from parcels.readers.webmaps import from_bd09, from_gcj02, shift_suspected, to_bd09, to_gcj02
from tests.parcels.readers.reading import SQUARE, codes, drafted, read, refused

GRID = np.array([(lon, lat) for lon in np.arange(119.0, 124.01, 0.5) for lat in np.arange(36.0, 38.01, 0.25)])
KILOMETRES = np.array([111.32 * np.cos(np.radians(37.2)), 111.0])


def test_the_shift_off_weihai_has_the_published_size():
    """docs/formats.md: 0.41–0.47 km for GCJ-02 and 1.2–1.3 km for BD-09, over the waters of Weihai."""
    waters = GRID[(GRID[:, 0] >= 121.2) & (GRID[:, 0] <= 122.7)]
    gcj = np.hypot(*((to_gcj02(waters) - waters) * KILOMETRES).T)
    baidu = np.hypot(*((to_bd09(waters) - waters) * KILOMETRES).T)
    assert 0.40 < gcj.min() and gcj.max() < 0.48
    assert 1.15 < baidu.min() and baidu.max() < 1.35


@pytest.mark.parametrize(("there", "back"), [(to_gcj02, from_gcj02), (to_bd09, from_bd09)])
def test_shifting_back_undoes_the_shift_to_a_millimetre(there, back):
    assert np.abs(back(there(GRID)) - GRID).max() * 111_000 < 0.001


def test_a_known_point_agrees_with_the_published_libraries():
    """Tiananmen in the README examples of public conversion libraries: WGS 84 116.404, 39.915 → GCJ-02 116.41024, 39.91640."""
    moved = to_gcj02(np.array([[116.404, 39.915]]))[0]
    assert np.allclose(moved, [116.41024449916938, 39.91640428150164], atol=1e-9)


@pytest.mark.parametrize(("origin", "there"), [("gcj02", to_gcj02), ("bd09", to_bd09)])
def test_coordinates_from_a_web_map_are_shifted_back_and_marked_as_a_sketch(origin, there):
    moved = there(np.array(SQUARE))
    text = "\n".join(f"{lon:.9f},{lat:.9f}" for lon, lat in moved)
    reading = read(text, origin=origin)
    assert (reading.shapes[0].origin, reading.shapes[0].accuracy) == (origin, 10.0)
    assert "crs.sketch" in codes(reading)
    found = drafted(text, origin=origin).boundary
    assert found is not None
    west, south, *_ = found.bounds
    assert abs(west / 3_600_000 - SQUARE[0][0]) * 111_000 < 0.1
    assert abs(south / 3_600_000 - SQUARE[0][1]) * 111_000 < 0.1


def test_web_map_coordinates_in_metres_are_refused():
    text = "X,Y\n4140000,500000\n4140000,501000\n4141000,501000\n"
    assert refused(text, crs="gk:122", origin="gcj02").code == "crs.origin_needs_degrees"


@pytest.mark.parametrize(("origin", "there"), [("gcj02", to_gcj02), ("bd09", to_bd09)])
def test_points_on_land_that_lie_at_sea_when_shifted_back_raise_the_suspicion(origin, there):
    true = np.array([(122.100, 37.400), (122.102, 37.400), (122.102, 37.402), (122.100, 37.402)])
    drawn = there(true)
    land = shapely.box(122.104, 37.0, 123.0, 38.0)
    assert shift_suspected(drawn, land) == origin
    assert shift_suspected(true, land) is None


def test_points_deep_inland_or_at_sea_raise_no_suspicion():
    land = shapely.box(121.0, 36.0, 123.0, 38.0)
    assert shift_suspected(np.array(SQUARE), land) is None
    assert shift_suspected(np.array(SQUARE) + 5, land) is None
    assert shift_suspected(np.empty((0, 2)), land) is None
