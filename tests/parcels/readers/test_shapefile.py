"""Zipped shapefiles: reference system, Chinese names and attributes in GBK, several layers, holes and parts."""

from __future__ import annotations

import io
import zipfile

import pytest
from pyproj import CRS

from parcels.drafts import draft_parcel
from parcels.readers.gdal import rings_of
from tests.parcels.readers.reading import CGCS2000_GK_120, SQUARE, codes, read, refused, shapefile_zip, zipped

METRES = ((687_000.0, 4_140_000.0), (688_000.0, 4_140_000.0), (688_000.0, 4_141_000.0), (687_000.0, 4_141_000.0))
WGS84 = CRS.from_epsg(4326).to_wkt("WKT1_ESRI")
CGCS2000 = CRS.from_epsg(4490).to_wkt("WKT1_ESRI")


def ring(points):
    return list(reversed([*points, points[0]]))


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(
    ("cpg", "encoding"),
    [("GBK", "gbk"), ("936", "gbk"), ("UTF-8", "utf-8"), (None, "gbk"), (None, "utf-8"), ("GB18030", "gb18030")],
)
def test_chinese_attributes_are_read_in_their_encoding(cpg, encoding):
    data = shapefile_zip(records=({"名称": "威海湾牡蛎养殖"},), encoding=encoding, cpg=cpg, prj=CGCS2000)
    (shape,) = read(data).shapes
    assert shape.properties == {"名称": "威海湾牡蛎养殖"}
    assert shape.name == "威海湾牡蛎养殖"


def test_a_chosen_encoding_beats_the_cpg():
    data = shapefile_zip(records=({"name": "牡蛎"},), encoding="gbk", cpg="UTF-8", prj=CGCS2000)
    assert read(data, encoding="gbk").shapes[0].properties == {"name": "牡蛎"}
    assert read(data, encoding="gbk").decisions["encoding_by"] == "choice"


def test_names_of_files_in_gbk_are_read():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts_of(shapefile_zip(prj=CGCS2000)).items():
            archive.writestr(name.replace("layer", "XXXX"), content)
    raw = buffer.getvalue().replace(b"XXXX", "宗海".encode("gbk"))
    assert read(raw).decisions["layer"] == "宗海"


def test_the_prj_decides_and_is_said():
    reading = read(shapefile_zip([[ring(METRES)]], prj=CGCS2000_GK_120))
    assert reading.shapes[0].crs in ("EPSG:4549", "gk:120")
    assert reading.shapes[0].origin == "cgcs2000"
    assert "crs.read" in codes(reading)


def test_wgs84_is_taken_as_cgcs2000_with_one_metre_and_a_warning():
    reading = read(shapefile_zip(prj=WGS84))
    assert (reading.shapes[0].origin, reading.shapes[0].accuracy) == ("gnss", 1.0)
    assert "crs.wgs84_taken" in codes(reading)


def test_a_choice_beats_the_prj_and_this_is_said():
    reading = read(shapefile_zip(prj=WGS84), crs="EPSG:4490")
    assert reading.shapes[0].crs == "EPSG:4490"
    assert "crs.overridden" in codes(reading)


def test_a_choice_that_agrees_with_the_prj_overrides_nothing():
    reading = read(shapefile_zip([[ring(METRES)]], prj=CGCS2000_GK_120), crs="EPSG:4549")
    assert "crs.overridden" not in codes(reading)


def test_a_prj_with_a_meridian_without_number_is_named_as_gauss_kruger():
    prj = CGCS2000_GK_120.replace("CM_120E", "CM_122_5").replace('"Central_Meridian",120.0', '"Central_Meridian",122.5')
    metres = [(x - 230_000, y) for x, y in METRES]
    assert read(shapefile_zip([[ring(metres)]], prj=prj)).shapes[0].crs == "gk:122.5"


def test_an_unreadable_prj_is_refused_unless_a_choice_answers():
    assert refused(shapefile_zip(prj="nonsense")).code == "crs.unknown"
    assert read(shapefile_zip(prj="nonsense"), crs="EPSG:4490").shapes[0].crs == "EPSG:4490"


def test_several_layers_are_a_question_and_a_choice_answers_it():
    files = parts_of(shapefile_zip(stem="码头", prj=CGCS2000)) | parts_of(shapefile_zip(stem="sub/港池", prj=CGCS2000))
    (question,) = read(zipped(files)).questions
    assert [option.value for option in question.options] == ["sub/港池", "码头"]
    assert read(zipped(files), sheet="港池").decisions["layer"] == "sub/港池"
    assert refused(zipped(files), sheet="航道").code == "file.no_such_sheet"


def test_suffixes_in_capitals_and_clutter_are_fine():
    files = {name.upper(): content for name, content in parts_of(shapefile_zip(prj=CGCS2000)).items()}
    reading = read(zipped(files | {"__MACOSX/._LAYER.SHP": b"x", "readme.txt": b"hi"}))
    assert len(reading.shapes) == 1


def test_a_missing_table_leaves_the_shapes():
    reading = read(shapefile_zip(prj=CGCS2000, without=(".dbf",)))
    assert "file.shapefile_without_table" in codes(reading)
    assert len(reading.shapes) == 1


def test_holes_stay_with_their_parcel_and_parts_become_parcels():
    hole = [(122.103, 37.403), (122.106, 37.403), (122.106, 37.406)]
    far = [(lon + 0.05, lat) for lon, lat in SQUARE]
    reading = read(shapefile_zip([[ring(SQUARE), [*hole, hole[0]], ring(far)]], prj=CGCS2000))
    assert [(len(shape.rings), shape.part) for shape in reading.shapes] == [(2, 1), (1, 2)]
    assert "file.parts_become_parcels" in codes(reading)
    first = draft_parcel(reading.shapes[0]).boundary
    assert first is not None and len(first.parcel.holes) == 1


def test_a_ring_that_geos_would_not_build_still_reaches_its_sender():
    """Two points and back: GDAL gives the binary, GEOS refuses it, the ring's fault must still be located."""
    import struct

    two = struct.pack("<BIII4d", 1, 3, 1, 2, 122.1, 37.4, 122.2, 37.5)
    kind, polygons = rings_of(two)
    assert (kind, polygons) == ("Polygon", [[[(122.1, 37.4), (122.2, 37.5)]]])


def test_projected_edges_that_bend_get_an_offer():
    long = [(687_000.0, 4_140_000.0), (697_000.0, 4_140_000.0), (697_000.0, 4_141_000.0)]
    (shape,) = read(shapefile_zip([[ring(long)]], prj=CGCS2000_GK_120)).shapes
    (offer,) = [finding for finding in draft_parcel(shape).findings if finding.code == "edge.departs_from_line"]
    assert offer.facts["departs_m"] > 0.1
    (short,) = read(shapefile_zip([[ring(METRES)]], prj=CGCS2000_GK_120)).shapes
    assert not [finding for finding in draft_parcel(short).findings if finding.code == "edge.departs_from_line"]
