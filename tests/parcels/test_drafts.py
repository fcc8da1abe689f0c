"""From a raw shape to a settled boundary: rounded once, from the digits; the same whatever ring order, start or CRS it came in."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.rulebook import packaged
from marine.findings import Refusal
from marine.planes import gauss_kruger
from marine.spaces import ALL_YEAR, Layer
from parcels.draft_request import build_draft
from parcels.drafts import Drafted, Heights, draft_parcel
from parcels.readers.angles import milliseconds
from parcels.readers.values import RawShape, RawUnit
from tests.parcels.readers.reading import tell

CORNERS = (("122.1", "37.4"), ("122.11", "37.4"), ("122.115", "37.405"), ("122.11", "37.41"), ("122.1", "37.41"))


def build_shape(corners=CORNERS, **given):
    """A shape in CGCS2000 degrees, longitude first, unless the test says otherwise."""
    values = {"rings": (tuple(corners),), "crs": "EPSG:4490", "axis": "lonlat", "origin": "cgcs2000"} | given
    return RawShape(**values)


def build_drafted(**given) -> Drafted:
    """A settled parcel of one unit."""
    return draft_parcel(build_shape(**given))


def refusal_of(request: dict, drafted: Drafted | None = None) -> Refusal:
    """The refusal of a request; each of its findings can be told."""
    with pytest.raises(Refusal) as caught:
        build_draft(drafted or build_drafted(), request, packaged())
    for finding in caught.value.findings:
        tell(finding)
    return caught.value


def test_the_boundary_does_not_depend_on_start_or_direction():
    hashes = set()
    for turn, back in itertools.product(range(len(CORNERS)), (False, True)):
        corners = CORNERS[turn:] + CORNERS[:turn]
        hashes.add(build_drafted(corners=corners[::-1] if back else corners).boundary.hash)
    assert len(hashes) == 1


def test_the_boundary_does_not_depend_on_the_axis_order_of_the_file():
    turned = build_drafted(corners=[corner[::-1] for corner in CORNERS], axis="latlon")
    assert turned.boundary.hash == build_drafted().boundary.hash


@pytest.mark.parametrize("meridian", ["120", "121.5", "122", "123"])
def test_the_boundary_does_not_depend_on_the_plane_it_came_in(meridian):
    points = np.array([[float(lon) * 3_600_000, float(lat) * 3_600_000] for lon, lat in CORNERS])
    metres = gauss_kruger(Decimal(meridian)).to_metres(points)
    # Four decimals of a metre are a hundredth of what one millisecond of arc is.
    corners = tuple((f"{east:.4f}", f"{north:.4f}") for east, north in metres)
    found = build_drafted(corners=corners, crs=f"gk:{meridian}")
    assert found.boundary.hash == build_drafted().boundary.hash


@settings(max_examples=200, deadline=None)
@given(st.decimals(min_value=-180, max_value=180, places=14))
def test_decimal_degrees_are_rounded_half_even_from_their_digits(value):
    assert milliseconds([str(value)])[0] == (value * 3_600_000).to_integral_value(rounding="ROUND_HALF_EVEN")


def test_a_question_left_open_is_refused():
    with pytest.raises(Refusal, match="draft.question_open"):
        draft_parcel(build_shape(crs=None))


def test_a_latitude_over_ninety_is_located():
    with pytest.raises(Refusal) as caught:
        build_drafted(corners=[*CORNERS[:2], ("122", "90.5"), *CORNERS[3:]])
    assert caught.value.code == "crs.latitude_out_of_range"
    assert caught.value.facts["point"] == 3


def test_numbers_of_the_file_are_kept():
    found = build_drafted(numbers=((7, 8, 9, 11, 12),))
    assert sorted(point.number for point in found.boundary.points) == [7, 8, 9, 11, 12]


def test_one_place_with_two_numbers_is_told():
    left = RawUnit(name="a", rings=(CORNERS[:3],), numbers=((1, 2, 3),))
    right = RawUnit(name="b", rings=((CORNERS[0], CORNERS[2], CORNERS[3]),), numbers=((1, 9, 4),))
    found = draft_parcel(build_shape(rings=(), units=(left, right)))
    (told,) = [finding for finding in found.findings if finding.code == "numbers.one_place_two"]
    assert (told.facts["first"], told.facts["second"]) == (3, 9)
    tell(told)


def test_a_crossing_ring_has_no_boundary_but_a_located_fault():
    crossed = [CORNERS[0], CORNERS[3], CORNERS[1], CORNERS[4]]
    found = build_drafted(corners=crossed)
    assert found.boundary is None
    assert "ring.crosses_itself" in {fault.code for fault in found.settled.faults}
    assert refusal_of({}, found).code == "draft.boundary_blocked"


def test_a_request_becomes_a_draft_with_both_days_included():
    request = {
        "type": "13", "mode": "41", "from": "2027-01-01", "to": "2041-12-31", "layers": ["water_column", "surface"],
        "months": "11-2", "heights": {"low": -8, "high": "0.5", "surveyed": True}, "layered": "是", "accuracy": "0.5",
    }  # fmt: skip
    draft = build_draft(build_drafted(), request, packaged())
    assert (draft.use_type, draft.unit_modes) == ("13", ("41",))
    assert draft.held == (date(2027, 1, 1), date(2041, 12, 31))
    assert draft.layers == Layer.SURFACE | Layer.WATER_COLUMN
    assert draft.months == 0b110000000011
    assert draft.heights == Heights(low=-8.0, high=0.5, surveyed=True)
    assert (draft.layered, draft.papers, draft.accuracy) == (True, False, 0.5)


def test_a_request_that_says_nothing_takes_all_layers_all_year_without_dates():
    draft = build_draft(build_drafted(), {})
    assert (draft.layers, draft.months, draft.held, draft.unit_modes, draft.use_type) == (
        Layer.ALL,
        ALL_YEAR,
        None,
        (None,),
        None,
    )


def test_chinese_names_of_types_and_modes_stand_for_their_codes():
    draft = build_draft(build_drafted(), {"type": "开放式养殖用海", "mode": "开放式养殖"}, packaged())
    assert (draft.use_type, draft.unit_modes) == ("13", ("41",))


def test_only_a_survey_states_an_accuracy():
    request = {"accuracy": 0.5}
    assert build_draft(build_drafted(origin="gnss", crs="EPSG:4326", accuracy=1.0), request).accuracy is None
    assert build_draft(build_drafted(), request).accuracy == 0.5


def test_modes_come_from_the_units_of_the_file_unless_given():
    halves = (
        RawUnit(name="a", rings=((CORNERS[0], CORNERS[1], CORNERS[3]),), mode="23"),
        RawUnit(name="b", rings=((CORNERS[0], CORNERS[3], CORNERS[4]),), mode="31"),
    )
    found = draft_parcel(build_shape(rings=(), units=halves))
    assert build_draft(found, {}, packaged()).unit_modes == ("23", "31")
    assert build_draft(found, {"mode": "41"}, packaged()).unit_modes == ("41", "41")
    assert build_draft(found, {"mode": "41,23"}, packaged()).unit_modes == ("41", "23")
    assert refusal_of({"mode": "41,23,31"}, found).code == "draft.mode_count"


@pytest.mark.parametrize(
    ("request_", "code", "facts"),
    [
        ({"typ": "13"}, "draft.field_unknown", {"field": "typ"}),
        ({"type": "99"}, "draft.code_unknown", {"field": "type", "value": "99"}),
        ({"type": ["13", "12"]}, "draft.value_kind", {"field": "type"}),
        ({"mode": "4x"}, "draft.code_unknown", {"field": "mode", "value": "4x"}),
        ({"from": "2027-02-30"}, "draft.day_bad", {"field": "from"}),
        ({"to": "31.12.2041"}, "draft.day_bad", {"field": "to"}),
        ({"to": "9999-12-31"}, "draft.day_out_of_range", {"field": "to", "value": "9999-12-31"}),
        ({"from": date(1, 1, 1)}, "draft.day_out_of_range", {"field": "from"}),
        ({"from": "2027-01-02", "to": "2027-01-01"}, "draft.days_reversed", {"last": "2027-01-01"}),
        ({"layers": "seabed,sky"}, "draft.layer_unknown", {"value": "sky"}),
        ({"months": "0-3"}, "draft.months_bad", {"value": "0-3"}),
        ({"months": "三月"}, "draft.months_bad", {"value": "三月"}),
        ({"heights": {"low": 2, "high": 1}}, "draft.heights_reversed", {"low": 2.0}),
        ({"heights": "low"}, "draft.value_kind", {"field": "heights"}),
        ({"heights": {"low": "deep"}}, "draft.value_kind", {"field": "heights.low"}),
        ({"layered": "perhaps"}, "draft.value_kind", {"field": "layered"}),
        ({"accuracy": -1}, "draft.value_kind", {"field": "accuracy"}),
        ({"accuracy": float("nan")}, "draft.value_kind", {"field": "accuracy"}),
    ],
)
def test_a_wrong_value_names_its_field(request_, code, facts):
    refusal = refusal_of(request_)
    assert refusal.code == code
    assert facts.items() <= dict(refusal.facts).items()


def test_all_wrong_values_are_told_at_once():
    refusal = refusal_of({"from": "x", "to": "y", "months": "13", "layers": "sky"})
    assert [finding.code for finding in refusal.findings] == [
        "draft.day_bad",
        "draft.day_bad",
        "draft.layer_unknown",
        "draft.months_bad",
    ]
