"""Anything a person may upload by mistake gets a located, bilingual message and leaves nothing behind (issue 3, Bad input)."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from dataclasses import replace

import pyproj
import pytest

from parcels.readers import geojson
from parcels.uploads import LIMITS
from tests.parcels.readers.reading import SQUARE, XIAN_1980, codes, drafted, read, refused, shapefile_zip, tell, zipped


def polygon(*points: tuple[object, object]) -> str:
    return json.dumps({"type": "Polygon", "coordinates": [[list(point) for point in (*points, points[0])]]})


@pytest.mark.parametrize("data", [b"", b"  \r\n\t", b"\xef\xbb\xbf", b"\x00" * 500])
def test_an_empty_file_is_said_to_be_empty(data: bytes):
    assert refused(data).code == "file.empty"


def test_a_truncated_geojson_names_the_line_and_column_where_it_breaks_off():
    whole = polygon(*SQUARE)
    refusal = refused(whole[:60])
    assert (refusal.code, refusal.facts["line"]) == ("json.truncated", 1)
    assert refusal.facts["column"] >= 60


def test_a_geojson_cut_inside_a_word_is_truncated_at_its_end():
    refusal = refused('{"type": "Polygon",\n "coordi')
    assert (refusal.code, refusal.facts["line"], refusal.facts["column"]) == ("json.truncated", 2, 9)


def test_a_slip_in_geojson_names_line_column_and_what_stands_there():
    refusal = refused('{"type": "Polygon",\n "coordinates": [[[122.1 37.4]]]}')
    assert refusal.code == "json.broken"
    assert refusal.facts["line"] == 2
    assert "37.4" in refusal.facts["near"]


@pytest.mark.parametrize("cut", [30, 200, 400])
def test_a_truncated_zip_is_refused(cut: int):
    assert refused(shapefile_zip()[:cut]).code == "file.zip_damaged"


def test_an_entry_with_a_wrong_checksum_is_named():
    data = bytearray(zipped({"layer.shp": b"A" * 300, "layer.shx": b"B" * 100}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        at = archive.getinfo("layer.shp").header_offset + 30 + len("layer.shp")
    data[at] ^= 0xFF
    refusal = refused(bytes(data))
    assert (refusal.code, refusal.facts["entry"]) == ("file.zip_entry_damaged", "layer.shp")


def test_a_huge_file_is_refused_by_its_size_before_it_is_opened():
    refusal = refused(b"1" * 2_000_001, replace(LIMITS, bytes=1_048_576))
    assert (refusal.code, refusal.facts["limit"]) == ("file.too_large", 1)


def test_a_zip_bomb_is_not_opened():
    assert refused(zipped({"layer.shp": bytes(40_000_000)})).code == "file.zip_bomb"


def test_a_zip_that_lies_about_its_sizes_is_stopped_while_it_unpacks():
    data = bytearray(zipped({"layer.shp": bytes(3_000_000), "layer.shx": b"x"}))
    # The central directory and the local header both promise 1,000 bytes.
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.index(signature)
        struct.pack_into("<I", data, at + offset, 1_000)
    assert refused(bytes(data)).code in ("file.zip_bomb", "file.zip_entry_damaged")


def test_archives_with_very_many_files_are_refused():
    data = zipped({f"{n}.txt": b"" for n in range(30)})
    assert refused(data, replace(LIMITS, entries=20)).code == "file.zip_too_many"


@pytest.mark.parametrize("name", ["../layer.shp", "/etc/layer.shp", "a/../../layer.shp", "C:\\layer.shp"])
def test_names_that_point_out_of_the_archive_are_refused(name: str):
    assert refused(zipped({name: b"x"})).code == "file.zip_unsafe_name"


def test_an_entry_without_a_name_is_passed_over():
    """A zeroed name byte once ended the reading with an IndexError (found by the fuzz test)."""
    data = bytearray(zipped({"layer.shp": b"x", "layer.shx": b"y"}))
    data[data.index(b"PK\x01\x02") + 46] = 0
    assert refused(bytes(data)).code == "file.shapefile_part_missing"


def test_an_archive_in_an_archive_stays_closed():
    refusal = refused(zipped({"inner.zip": shapefile_zip()}))
    assert (refusal.code, refusal.facts["entry"]) == ("file.zip_in_zip", "inner.zip")


def test_an_encrypted_archive_is_refused():
    data = bytearray(zipped({"layer.shp": b"abc"}))
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(signature) + offset] |= 1
    assert refused(bytes(data)).code == "file.zip_encrypted"


def test_an_archive_without_shapefile_names_what_it_holds():
    refusal = refused(zipped({"说明.txt": b"hello"}))
    assert (refusal.code, refusal.facts["entry"]) == ("file.zip_without_shapefile", "说明.txt")


@pytest.mark.parametrize("part", [".shx", ".shp"])
def test_a_shapefile_without_a_part_says_which(part: str):
    refusal = refused(shapefile_zip(without=(part,)))
    assert (refusal.code, refusal.facts["missing"]) == ("file.shapefile_part_missing", part)


def test_a_bare_shp_says_that_its_companions_are_missing():
    with zipfile.ZipFile(io.BytesIO(shapefile_zip())) as archive:
        assert refused(archive.read("layer.shp")).code == "file.shapefile_alone"
        assert refused(archive.read("layer.dbf")).code == "file.table_alone"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7\n", "file.pdf"),
        (b"\x89PNG\r\n\x1a\n", "file.picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "file.office_old"),
        (b"AC1032\x00\x00", "file.drawing"),
        (b"  0\nSECTION\n  2\nHEADER\n", "file.drawing"),
        (b"Rar!\x1a\x07", "file.other_archive"),
        (b"MZ\x90\x00\x03", "file.program"),
        (b'<?xml version="1.0"?><kml></kml>', "file.kml"),
        (b"<gpx></gpx>", "file.gpx"),
        (b"<!DOCTYPE html><html></html>", "file.web_page"),
        (b"<?xml?><something/>", "file.xml"),
        (XIAN_1980.encode(), "file.shapefile_part_alone"),
    ],
)
def test_files_of_other_kinds_are_named_for_what_they_are(data: bytes, code: str):
    assert refused(data).code == code


def test_a_missing_reference_system_is_asked_for_and_each_answer_says_where_the_parcel_would_lie():
    table = "X,Y\n4140000,500000\n4140000,501000\n4141000,501000\n"
    (question,) = read(table).questions
    assert (question.id, question.option) == ("crs", "--crs")
    places = {option.value: option.facts["lon_text"] for option in question.options}
    assert {"gk:122", "gk:122.5", "EPSG:4549"} <= set(places)
    assert places["gk:122"].startswith("122°00′")
    assert places["EPSG:4549"].startswith("120°00′")


def test_a_shapefile_without_prj_is_a_question_and_says_that_the_prj_is_missing():
    reading = read(shapefile_zip())
    assert [question.id for question in reading.questions] == ["crs"]
    assert "crs.prj_missing" in codes(reading)


def test_an_unknown_reference_system_is_refused():
    assert refused(polygon(*SQUARE), crs="EPSG:999999").code == "crs.unknown"
    assert refused(polygon(*SQUARE), crs="somewhere").code == "crs.unknown"


@pytest.mark.parametrize("crs", ["EPSG:4214", "EPSG:2437", "EPSG:4610", "EPSG:2385"])
def test_beijing_1954_and_xian_1980_are_refused_because_they_need_local_parameters(crs: str):
    assert refused(polygon(*SQUARE), crs=crs).code == "crs.datum_needs_parameters"


def test_an_old_datum_in_the_prj_or_in_the_title_of_a_table_is_refused():
    assert refused(shapefile_zip(prj=XIAN_1980)).code == "crs.datum_needs_parameters"
    refusal = refused("西安80坐标系\n点号,北纬,东经\n1,37.4,122.1\n2,37.4,122.2\n3,37.5,122.2\n")
    assert refusal.code == "crs.datum_needs_parameters"


def test_a_wrong_reference_system_is_refused_where_the_numbers_deny_it():
    metres = "1,4140000,500000\n2,4140000,501000\n3,4141000,501000\n"
    assert refused(metres, crs="EPSG:4490").code == "crs.values_are_metres"
    assert refused(polygon(*SQUARE), crs="gk:122").code == "crs.values_are_degrees"


def test_a_zone_number_that_contradicts_the_reference_system_is_refused():
    refusal = refused("X,Y\n4140000,41500000\n4140000,41501000\n4141000,41501000\n", crs="gk:120")
    assert (refusal.code, refusal.facts["zone"]) == ("crs.zone_contradicts", 41)


def test_swapped_axes_are_read_as_they_must_be_and_said():
    swapped = polygon(*[(lat, lon) for lon, lat in SQUARE])
    reading = read(swapped)
    assert "crs.axis_swapped" in codes(reading)
    straight, turned = drafted(polygon(*SQUARE)), drafted(swapped)
    assert straight.boundary is not None and turned.boundary is not None
    assert straight.boundary.hash == turned.boundary.hash


def test_an_axis_order_that_cannot_be_is_refused_when_it_was_chosen():
    assert refused(polygon(*SQUARE), axis="latlon").code == "crs.axis_impossible"


def test_one_row_in_the_other_order_is_located():
    refusal = refused("37.4,122.1\n37.4,122.2\n122.2,37.5\n37.5,122.1\n", crs="EPSG:4490")
    assert (refusal.code, refusal.facts["point"]) == ("crs.axis_mixed", 3)


def test_degrees_and_metres_in_one_file_are_refused_where_they_change():
    refusal = refused("122.1,37.4\n122.2,37.4\n40500000,4140000\n")
    assert (refusal.code, refusal.facts["point"]) == ("crs.mixed", 3)
    features = [
        json.loads(polygon(*SQUARE)),
        json.loads(polygon((500000, 4140000), (501000, 4140000), (501000, 4141000))),
    ]
    collection = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {}, "geometry": g} for g in features],
    }
    refusal = refused(json.dumps(collection))
    assert (refusal.code, refusal.facts["feature"]) == ("crs.mixed", 2)


def test_two_reference_systems_in_one_file_are_refused():
    lines = [
        {
            "type": "Polygon",
            "coordinates": [[*SQUARE, SQUARE[0]]],
            "crs": {"type": "name", "properties": {"name": name}},
        }
        for name in ("EPSG:4490", "EPSG:4326")
    ]
    assert refused("\n".join(json.dumps(line) for line in lines)).code == "crs.two_in_one_file"


@pytest.mark.parametrize(
    ("points", "code"),
    [
        (((122.1, 37.4), (122.11, 37.41), (122.11, 37.4), (122.1, 37.41)), "ring.crosses_itself"),
        (((122.1, 37.4), (122.11, 37.4)), "ring.too_few"),
        (((122.1, 37.4), (122.11, 37.4), (122.13, 37.4), (122.11, 37.4), (122.11, 37.41)), "ring.spike"),
        (((122.1, 37.4), (122.11, 37.41), (122.12, 37.42)), "ring.zero_area"),
        (((122.1, 37.4), (122.11, 37.4), (122.1100003, 37.4), (122.11, 37.41)), "ring.duplicate_point"),
    ],
)
def test_faults_of_a_ring_reach_the_sender_located(points: tuple[tuple[float, float], ...], code: str):
    faults = {fault.code: fault for fault in drafted(polygon(*points)).settled.faults}
    assert code in faults
    assert faults[code].at is not None
    tell(faults[code])


def test_a_point_given_twice_counts_once_and_is_said():
    found = drafted(polygon(SQUARE[0], SQUARE[1], SQUARE[1], *SQUARE[2:]))
    assert found.boundary is not None and len(found.boundary.points) == 4
    (repeat,) = [finding for finding in found.findings if finding.code == "ring.repeats_left_out"]
    assert (repeat.facts["point"], repeat.facts["count"]) == (3, 1)
    tell(repeat)


def test_an_unclosed_ring_is_read_as_closed_and_said():
    reading = read(json.dumps({"type": "Polygon", "coordinates": [SQUARE]}))
    assert "ring.left_open" in codes(reading)
    assert len(reading.shapes[0].rings[0]) == 4


def test_a_point_without_two_numbers_is_located():
    broken = json.dumps({"type": "Polygon", "coordinates": [[[122.1, 37.4], [122.2], [122.2, 37.5], [122.1, 37.4]]]})
    refusal = refused(broken)
    assert refusal.code == "ring.position_bad"
    assert refusal.findings[0].at is not None and refusal.findings[0].at.index == 1
    assert refused(broken.replace("[122.2]", '["122.2", null]')).code == "ring.position_bad"
    assert refused(broken.replace("[122.2]", "[NaN, 37.4]")).code == "json.no_number"
    assert refused(broken.replace("[122.2]", "[1e999, 37.4]")).code == "ring.not_a_number"


def test_points_and_lines_are_not_parcels():
    refusal = refused(json.dumps({"type": "LineString", "coordinates": SQUARE}))
    assert (refusal.code, refusal.facts["kind"]) == ("file.no_polygons", "LineString")
    mixed = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}},
            {"type": "Feature", "properties": {}, "geometry": None},
            {"type": "Feature", "properties": {}, "geometry": json.loads(polygon(*SQUARE))},
        ],
    }
    reading = read(json.dumps(mixed))
    assert [shape.feature_number for shape in reading.shapes] == [3]
    left = {finding.code: finding.facts["feature"] for finding in reading.findings if "feature" in finding.facts}
    assert left == {"file.not_a_polygon": 1, "file.feature_empty": 2}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[1, 2, 3]", "json.not_geojson"),
        ('{"type": "Topology"}', "json.topojson"),
        ('{"type": "FeatureCollection"}', "json.no_features"),
        ('{"type": "FeatureCollection", "features": [7]}', "json.not_a_feature"),
        ('{"type": "FeatureCollection", "features": []}', "file.no_shapes"),
        ('{"type": "Feature", "geometry": {"type": "Square"}}', "json.not_a_geometry"),
        ('{"type": "Polygon", "coordinates": 7}', "json.not_coordinates"),
        ('{"type": "Polygon", "coordinates": [7]}', "json.not_coordinates"),
        ('{"a":' * 100_000, "json.too_deep"),
    ],
)
def test_json_that_is_no_geojson_says_why(text: str, code: str):
    assert refused(text).code == code


def test_a_wrong_encoding_is_refused_at_its_line_and_byte():
    # 0xFF is neither UTF-8 nor GB 18030.
    refusal = refused("点号,北纬,东经\n".encode() + b"1,\xff\xff,122\n")
    assert refusal.code == "file.encoding_unknown"
    assert refusal.facts["line"] == 2


def test_text_with_control_signs_is_no_text():
    refusal = refused(b"1,37.4,122.1\n2,\x07,122\n")
    assert (refusal.code, refusal.facts["line"]) == ("file.not_text", 2)


@pytest.mark.parametrize("encoding", ["base64", "no-such-code", "utf-16"])
def test_an_encoding_that_does_not_fit_is_refused(encoding: str):
    assert refused("1,37.4,122.1\n ", encoding=encoding).code in (
        "file.encoding_not_known",
        "file.encoding_unknown",
        "table.no_points",
    )


def test_thousands_of_features_are_fine_and_too_many_are_refused():
    feature = {"type": "Feature", "properties": {}, "geometry": json.loads(polygon(*SQUARE))}
    data = json.dumps({"type": "FeatureCollection", "features": [feature] * 5_000})
    assert len(read(data).shapes) == 5_000
    assert refused(data, replace(LIMITS, features=4_999)).code == "file.too_many_features"


def test_a_hundred_thousand_vertices_are_fine_and_too_many_are_refused():
    edge = [[122.0 + n * 1e-6, 37.0] for n in range(99_998)]
    data = json.dumps({"type": "Polygon", "coordinates": [[*edge, [122.1, 37.5], [122.0, 37.5], [122.0, 37.0]]]})
    assert len(read(data).shapes[0].rings[0]) == 100_000
    assert refused(data, replace(LIMITS, vertices=99_999)).code == "file.too_many_vertices"


def test_findings_of_one_kind_are_cut_short_but_counted():
    point = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}}
    square = {"type": "Feature", "properties": {}, "geometry": json.loads(polygon(*SQUARE))}
    reading = read(
        json.dumps({"type": "FeatureCollection", "features": [point] * 50 + [square]}), replace(LIMITS, findings=5)
    )
    found = [finding for finding in reading.findings if finding.code == "file.not_a_polygon"]
    (more,) = [finding for finding in reading.findings if finding.code == "file.more_of_the_same"]
    assert (len(found), more.facts["count"]) == (5, 50)


def test_the_name_of_a_file_decides_nothing():
    assert read(polygon(*SQUARE), name="parcel.zip").format == geojson.NAME


@pytest.mark.parametrize(("suffix", "kept"), [(".shp", 120), (".shp", 99), (".shx", 104), (".shx", 0)])
def test_a_shapefile_that_was_cut_off_is_never_read_in_part(suffix: str, kept: int):
    """GDAL reads what is left of such a layer without a word; the shapes at its end would be lost unseen."""
    with zipfile.ZipFile(io.BytesIO(shapefile_zip())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    (name,) = [each for each in files if each.endswith(suffix)]
    refusal = refused(zipped({**files, name: files[name][:kept]}))
    assert (refusal.code, refusal.facts["has"]) == ("file.shapefile_cut_off", kept)
    assert refusal.facts["said"] > kept and refusal.facts["part"] == name


@pytest.mark.parametrize("crs", [32650, 4528, 4549])
def test_degrees_under_a_projected_prj_are_refused_and_not_taken_as_metres(crs: int):
    """The .prj of another layer: 122.1 m and 37.4 m from a false origin would be a dot at the equator."""
    prj = pyproj.CRS(crs).to_wkt("WKT1_ESRI")
    with zipfile.ZipFile(io.BytesIO(shapefile_zip())) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if not name.endswith(".prj")}
    stem = next(name for name in files if name.endswith(".shp"))[:-4]
    assert refused(zipped({**files, f"{stem}.prj": prj.encode()})).code == "crs.values_are_degrees"
