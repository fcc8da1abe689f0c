"""GeoJSON in all its shapes: collections, features, bare geometries, lines; the old `crs` member; digits kept as written."""

from __future__ import annotations

import json

import pytest

from parcels.drafts import draft_parcel
from tests.parcels.readers.reading import SQUARE, codes, drafted, read, refused

RING = [list(point) for point in (*SQUARE, SQUARE[0])]
POLYGON = {"type": "Polygon", "coordinates": [RING]}
FEATURE = {
    "type": "Feature",
    "id": 7,
    "properties": {"名称": "甲", "ha": 1.5, "n": 3, "ok": True, "x": None, "deep": {"a": [1]}},
    "geometry": POLYGON,
}
COLLECTION = {"type": "FeatureCollection", "features": [FEATURE, FEATURE]}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(POLYGON),
        json.dumps(FEATURE),
        json.dumps({"type": "FeatureCollection", "features": [FEATURE]}),
        json.dumps({"type": "GeometryCollection", "geometries": [POLYGON]}),
        json.dumps({"type": "MultiPolygon", "coordinates": [[RING]]}),
        json.dumps({"type": "FeatureCollection", "features": [POLYGON]}),
        "\ufeff" + json.dumps(POLYGON, indent=2),
        "\x1e" + json.dumps(FEATURE) + "\n",
    ],
)
def test_every_form_of_one_polygon_gives_the_same_boundary(text):
    found = drafted(text)
    assert found.boundary is not None
    assert found.boundary.hash == drafted(json.dumps(POLYGON)).boundary.hash  # type: ignore[union-attr]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gbk"])
def test_other_encodings_are_read(encoding):
    (shape,) = read(json.dumps(FEATURE, ensure_ascii=False).encode(encoding)).shapes
    assert shape.name == "甲"


def test_newline_delimited_features_are_read():
    reading = read("\n".join(json.dumps(FEATURE) for _ in range(3)))
    assert [shape.feature_number for shape in reading.shapes] == [1, 2, 3]
    assert reading.decisions["documents"] == 3


def test_a_broken_line_among_many_is_located():
    refusal = refused(json.dumps(FEATURE) + "\n" + json.dumps(FEATURE)[:-5] + "\n")
    assert (refusal.code, refusal.facts["line"]) == ("json.broken", 2)


def test_the_digits_of_the_file_are_kept():
    text = json.dumps(POLYGON).replace("122.11", "122.11000000000000000000000001").replace("37.41", "37.4100")
    (shape,) = read(text).shapes
    assert shape.rings[0][2] == ("122.11000000000000000000000001", "37.4100")


def test_without_crs_it_is_wgs84_by_its_standard_and_this_is_said():
    reading = read(json.dumps(POLYGON))
    assert {"crs.rfc7946", "crs.wgs84_taken"} <= codes(reading)
    assert (reading.shapes[0].crs, reading.shapes[0].origin, reading.shapes[0].accuracy) == ("EPSG:4326", "gnss", 1.0)
    assert reading.decisions["crs_by"] == "rfc7946"


def test_a_choice_makes_it_a_survey_in_cgcs2000():
    for choices in ({"crs": "EPSG:4490"}, {"origin": "cgcs2000"}):
        (shape,) = read(json.dumps(POLYGON), **choices).shapes
        assert (shape.crs, shape.origin, shape.accuracy) == ("EPSG:4490", "cgcs2000", None)


@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:EPSG::4490", "EPSG:4490", "http://www.opengis.net/def/crs/EPSG/0/4490"]
)
def test_the_old_crs_member_is_read(name):
    (shape,) = read(
        json.dumps({**COLLECTION, "features": [FEATURE], "crs": {"type": "name", "properties": {"name": name}}})
    ).shapes
    assert shape.crs == "EPSG:4490"


def test_projected_coordinates_with_a_crs_member_are_read_and_without_asked():
    metres = {
        "type": "Polygon",
        "coordinates": [[[500000, 4140000], [501000, 4140000], [501000, 4141000], [500000, 4140000]]],
    }
    (question,) = read(json.dumps(metres)).questions
    assert question.id == "crs"
    stated = {**metres, "crs": {"type": "name", "properties": {"name": "EPSG:4549"}}}
    assert draft_parcel(read(json.dumps(stated)).shapes[0]).boundary is not None


def test_heights_are_not_part_of_the_boundary():
    with_z = {"type": "Polygon", "coordinates": [[[*point, 5.5] for point in RING]]}
    assert drafted(json.dumps(with_z)).boundary.hash == drafted(json.dumps(POLYGON)).boundary.hash  # type: ignore[union-attr]


def test_properties_are_plain_values():
    (shape,) = read(json.dumps(FEATURE)).shapes
    assert shape.properties == {"名称": "甲", "ha": 1.5, "n": 3, "ok": True, "x": None, "deep": '{"a": [1]}', "id": 7}


def test_one_parcel_of_several_can_be_picked():
    assert len(read(json.dumps(COLLECTION)).shapes) == 2
    assert len(read(json.dumps(COLLECTION), parcel=2).shapes) == 1
