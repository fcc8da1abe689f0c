"""Units by ring notation: the published golden parcel (docs/boundary.md) from its table and its unit table."""

from __future__ import annotations

from decimal import Decimal

from parcels.drafts import draft_parcel
from parcels.uploads import Upload
from tests.parcels.readers.reading import codes, drafted, read, refused

SECONDS = (
    "03.213|56.375 03.175|56.651 03.157|56.790 03.952|56.919 04.259|57.001 04.449|57.052 04.475|56.933 04.469|56.912 "
    "03.971|56.802 03.974|56.777 04.009|56.518 02.969|56.332 04.243|56.560 04.329|55.928 03.085|55.492"
)
POINTS = [
    f"{n} 31°23′{lat}″ 121°40′{lon}″" for n, (lat, lon) in enumerate((pair.split("|") for pair in SECONDS.split()), 1)
]
GOLDEN = "(坐标系:CGCS2000,投影:高斯-克吕格,中央经线:121 30 00 E)\n点号 北纬 东经\n" + "\n".join(POINTS) + "\n"
UNITS = "unit,ring,mode\n护岸,2-3-…-10-2,21\n码头,1-2-10-11-1,23\n回旋水域,12-1-11-13-14-15-12,31\n"


def units(text: str = UNITS, encoding: str = "utf-8") -> Upload:
    return Upload("units.csv", text.encode(encoding))


def test_the_published_parcel_comes_out_with_its_area_numbers_and_notation():
    found = drafted(GOLDEN, units=units())
    assert found.boundary is not None
    assert (found.boundary.area, found.boundary.central_meridian) == (Decimal("0.1106"), Decimal("121.5"))
    assert sum(found.boundary.unit_areas) == found.boundary.area
    assert found.unit_modes == ("21", "23", "31")
    assert found.boundary.unit_notation(2) == "12-1-11-13-14-15-12"
    assert sorted(point.number for point in found.boundary.points) == list(range(1, 16))


def test_a_unit_table_in_the_same_text_says_the_same():
    inside = (
        GOLDEN
        + "护岸 非透水构筑物 2-3-…-10-2 0.0147\n码头 透水构筑物 1-2-10-11-1 0.0178\n回旋水域 港池、蓄水等 12-1-11-13-14-15-12 0.0781\n"
    )
    one, other = drafted(GOLDEN, units=units()), drafted(inside.encode("gbk"))
    assert one.boundary is not None and other.boundary is not None
    assert one.boundary.hash == other.boundary.hash
    assert other.unit_modes == ("非透水构筑物", "透水构筑物", "港池、蓄水等")


def test_headers_of_the_unit_table_may_be_chinese_or_missing():
    chinese = units(
        "内部单元,用海方式,界址线\n护岸,21,2-3-…-10-2\n码头,23,1-2-10-11-1\n回旋水域,31,12-1-11-13-14-15-12\n", "gbk"
    )
    bare = units(UNITS.partition("\n")[2])
    assert len({drafted(GOLDEN, units=given).boundary.hash for given in (units(), chinese, bare)}) == 1  # type: ignore[union-attr]


def test_an_outline_row_gives_the_parcel_itself():
    with_outline = units(UNITS + "宗海,12-1-2-…-11-13-14-15-12,\n")
    shape = read(GOLDEN, units=with_outline).shapes[0]
    assert len(shape.rings[0]) == 15
    settled = draft_parcel(shape)
    assert settled.boundary is not None and len(settled.boundary.units) == 3


def test_units_over_a_feature_without_numbers_count_its_points_in_order_and_say_so():
    square = '{"type":"Polygon","coordinates":[[[122.1,37.4],[122.11,37.4],[122.11,37.41],[122.1,37.41],[122.1,37.4]]]}'
    reading = read(square, crs="EPSG:4490", units=units("a,1-2-3-1,41\nb,1-3-4-1,41\n"))
    assert "units.numbered_by_order" in codes(reading)
    settled = draft_parcel(reading.shapes[0])
    assert settled.boundary is not None
    assert [settled.boundary.unit_notation(i) for i in (0, 1)] == ["1-2-3-1", "1-3-4-1"]


def test_a_point_that_the_file_does_not_have_is_located():
    refusal = refused(GOLDEN, units=units("a,1-2-99-1,41\n"))
    assert (refusal.code, refusal.facts["number"], refusal.facts["row"]) == ("units.no_such_point", 99, 1)


def test_a_notation_that_does_not_close_is_located_by_row():
    refusal = refused(GOLDEN, units=units("unit,ring,mode\na,1-2-3,41\n"))
    assert (refusal.code, refusal.facts["row"]) == ("notation.not_closed", 2)


def test_missing_rings_empty_tables_and_two_parcels_are_told():
    assert refused(GOLDEN, units=units("unit,ring,mode\na,,41\n")).code == "units.ring_missing"
    assert refused(GOLDEN, units=units(" ")).code == "units.empty"
    two = '{"type":"MultiPolygon","coordinates":[[[[122,37],[122.1,37],[122.1,37.1],[122,37]]],[[[123,37],[123.1,37],[123.1,37.1],[123,37]]]]}'
    assert refused(two, units=units("a,1-2-3-1,41\n")).code == "units.several_parcels"
    assert len(read(two, parcel=2, units=units("a,1-2-3-1,41\n")).shapes) == 1


def test_points_that_no_unit_uses_are_told():
    reading = read(GOLDEN, units=units("码头,1-2-10-11-1,23\n"))
    (told,) = [finding for finding in reading.findings if finding.code == "units.points_unused"]
    assert told.facts["count"] == 11


def test_one_number_for_two_places_is_refused():
    doubled = GOLDEN.replace("\n15 ", "\n14 ")
    assert refused(doubled, units=units()).code == "table.number_twice"
