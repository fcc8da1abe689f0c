"""Hectares: the published golden parcel, the ellipsoid as witness, and units that sum to their parcel."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from marine.areas import FOURTH_PLACE, agree_within_rounding, exact_hectares, hectares, share_out, square_metres
from marine.boundary import settle
from marine.coordinates import MS_PER_DEGREE
from marine.polygons import Polygon
from tests.marine.golden import OUTLINE, POINTS, UNITS

GEOD = Geod(a=6378137.0, rf=298.257222101)
PUBLISHED = {"total": Decimal("0.1106"), "units": [Decimal("0.0147"), Decimal("0.0178"), Decimal("0.0781")]}


@pytest.mark.parametrize(
    ("meridian", "total", "units"),
    [
        ("121.5", "0.110630", ["0.014768", "0.017760", "0.078102"]),
        ("120", "0.110699", ["0.014778", "0.017771", "0.078150"]),
        ("123", "0.110672", ["0.014774", "0.017767", "0.078131"]),
    ],
)
def test_the_golden_parcel_measures_as_recorded_on_three_meridians(meridian: str, total: str, units: list[str]) -> None:
    """The areas as recorded, to their six places."""
    sixth = Decimal("0.000001")
    assert exact_hectares(OUTLINE, Decimal(meridian)).quantize(sixth) == Decimal(total)
    measured = [exact_hectares(unit, Decimal(meridian)).quantize(sixth) for unit in UNITS]
    assert measured == [Decimal(unit) for unit in units]


def test_the_golden_parcel_and_its_units_settle_to_the_published_areas() -> None:
    settled = settle(None, UNITS, {point: number for number, point in POINTS.items()}).boundary
    assert settled is not None
    assert settled.central_meridian == Decimal("121.5")
    assert settled.area == PUBLISHED["total"]
    assert sum(settled.unit_areas) == settled.area
    assert agree_within_rounding(PUBLISHED["units"], settled.unit_areas)
    assert [(a.part, a.rounded, a.given) for a in settled.adjustments] == [(1, Decimal("0.0178"), Decimal("0.0177"))]


def test_stated_areas_that_differ_by_more_than_one_step_do_not_agree() -> None:
    ours = [Decimal("0.0148"), Decimal("0.0177")]
    assert not agree_within_rounding([Decimal("0.0146"), Decimal("0.0177")], ours)
    assert not agree_within_rounding([Decimal("0.0148")], ours)


@given(
    st.integers(-900_000, 899_999),
    st.integers(0, 60 * MS_PER_DEGREE),
    st.integers(1_000, 200_000),
    st.integers(500, 200_000),
)
def test_a_box_near_its_meridian_measures_as_on_the_ellipsoid(off: int, lat: int, wide: int, high: int) -> None:
    """Within a quarter degree of the meridian the plane is off by at most about 10 ppm."""
    lon = 122 * MS_PER_DEGREE + off - wide // 2
    box = ((lon, lat), (lon + wide, lat), (lon + wide, lat + high), (lon, lat + high))
    count = 20
    fine = [(lon + wide * k / count, lat) for k in range(count)] + [(lon + wide, lat)]
    fine += [(lon + wide * (count - k) / count, lat + high) for k in range(count)] + [(lon, lat + high)]
    witness, _ = GEOD.polygon_area_perimeter([x / MS_PER_DEGREE for x, _ in fine], [y / MS_PER_DEGREE for _, y in fine])
    assert square_metres(box, Decimal("122.0")) == pytest.approx(abs(witness), rel=6e-5, abs=0.01)


def test_holes_are_taken_off() -> None:
    lon, lat = 122 * MS_PER_DEGREE, 37 * MS_PER_DEGREE
    outer = tuple((lon + x, lat + y) for x, y in ((0, 0), (8_000, 0), (8_000, 8_000), (0, 8_000)))
    hole = tuple((lon + x, lat + y) for x, y in ((2_000, 2_000), (2_000, 4_000), (4_000, 4_000), (4_000, 2_000)))
    meridian = Decimal("122.0")
    assert hectares(Polygon(outer, (hole,)), meridian) == hectares(Polygon(outer), meridian) - hectares(
        Polygon(hole), meridian
    )


@given(st.lists(st.decimals(min_value=0, max_value=500, places=8), min_size=1, max_size=12))
def test_parts_sum_to_their_total_and_none_moves_by_a_whole_step(parts: list[Decimal]) -> None:
    total = sum(parts, Decimal(0)).quantize(FOURTH_PLACE)
    shares = share_out(total, parts)
    assert sum(shares.parts) == total
    assert all(abs(share - part) < FOURTH_PLACE for share, part in zip(shares.parts, parts, strict=True))
    changed = {i for i, part in enumerate(parts) if part.quantize(FOURTH_PLACE) != shares.parts[i]}
    assert {adjustment.part for adjustment in shares.adjustments} == changed


def test_parts_that_do_not_make_up_the_total_are_refused() -> None:
    with pytest.raises(ValueError, match="do not make up"):
        share_out(Decimal("1.0000"), [Decimal("0.4"), Decimal("0.5")])


def test_a_ring_of_fewer_than_three_points_has_no_area() -> None:
    assert square_metres([], Decimal("122.0")) == square_metres([(1, 1), (2, 2)], Decimal("122.0")) == 0.0
