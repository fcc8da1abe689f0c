"""Coordinate tables: degrees, D°M′S″, projected metres; headers in Chinese, English or none; units, holes, several parcels."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest

from parcels.drafts import draft_parcel
from tests.parcels.readers.reading import codes, drafted, read, refused

# The square of all variants below: 122°06′–122°06′36″ E, 37°24′–37°24′36″ N.
DMS = (
    ("37°24′00″", "122°06′00″"),
    ("37°24′00″", "122°06′36″"),
    ("37°24′36″", "122°06′36″"),
    ("37°24′36″", "122°06′00″"),
)
DEGREES = (("37.4", "122.1"), ("37.4", "122.11"), ("37.41", "122.11"), ("37.41", "122.1"))
HASH_OF_SQUARE = drafted("北纬,东经\n" + "\n".join(",".join(pair) for pair in DEGREES), crs="EPSG:4490").boundary.hash  # type: ignore[union-attr]


def lines(pairs, sign=",", numbered=True, closing=False, prefix=""):
    rows = [(f"{prefix}{n}", *pair) if numbered else pair for n, pair in enumerate(pairs, start=1)]
    if closing:
        rows.append(rows[0])
    return "\n".join(sign.join(row) for row in rows) + "\n"


@pytest.mark.parametrize(
    ("header", "sign", "numbered", "closing", "prefix", "pairs"),
    [
        (header, sign, numbered, closing, prefix, pairs)
        for (header, numbered), sign, closing, prefix, pairs in itertools.product(
            (
                ("点号{}北纬{}东经", True),
                ("Point{}Latitude{}Longitude", True),
                ("", True),
                ("", False),
                ("纬度(B){}经度(L)", False),
            ),
            (",", "\t", ";", "|"),
            (True, False),
            ("", "J"),
            (DMS, DEGREES),
        )
    ],
)
def test_every_usual_way_to_write_a_table_gives_the_same_boundary(header, sign, numbered, closing, prefix, pairs):
    head = header.format(sign, sign) + "\n" if header else ""
    found = drafted(head + lines(pairs, sign, numbered, closing, prefix), crs="EPSG:4490")
    assert found.boundary is not None
    assert found.boundary.hash == HASH_OF_SQUARE
    if numbered:
        assert [point.number for point in found.boundary.points] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "text",
    [
        "1 37°24′00″ 122°06′00″\n2 37°24′00″ 122°06′36″\n3 37°24′36″ 122°06′36″\n4 37°24′36″ 122°06′00″",
        "1 37° 24′ 00″ N 122° 06′ 00″ E\n2 37° 24′ 00″ N 122° 06′ 36″ E\n3 37° 24′ 36″ N 122° 06′ 36″ E\n4 37° 24′ 36″ N 122° 06′ 00″ E",
        "37 24 00 122 06 00\n37 24 00 122 06 36\n37 24 36 122 06 36\n37 24 36 122 06 00",
        "1  37 24 00  122 06 00\n2  37 24 00  122 06 36\n3  37 24 36  122 06 36\n4  37 24 36  122 06 00",
        "37-24-00,122-06-00\n37-24-00,122-06-36\n37-24-36,122-06-36\n37-24-36,122-06-00",
        "北纬37度24分00秒，东经122度06分00秒\n北纬37度24分0秒，东经122度6分36秒\n北纬37度24分36秒，东经122度06分36秒\n北纬37度24分36秒，东经122度06分00秒",
        "122.1,37.4 122.11,37.4 122.11,37.41 122.1,37.41 122.1,37.4",
        "122.1 37.4, 122.11 37.4, 122.11 37.41, 122.1 37.41",
        "122.1,37.4;122.11,37.4;122.11,37.41;122.1,37.41",
        "点号,度,分,秒\n,,,\n37.4,122.1\n37.4,122.11\n37.41,122.11\n37.41,122.1".replace("点号,度,分,秒\n,,,\n", ""),
        "37.4,122.1\n\n37.4,122.11\n\n37.41,122.11\n\n37.41,122.1\n",
        "界址点坐标表\n点号,北纬,,,东经,,\n1,37,24,0,122,6,0\n2,37,24,0,122,6,36\n3,37,24,36,122,6,36\n4,37,24,36,122,6,0\n制图：张示例",
        "\ufeff点号，北纬，东经\r\n1，37.4，122.1\r\n2，37.4，122.11\r\n3，37.41，122.11\r\n4，37.41，122.1\r\n",
    ],
)
def test_pasted_text_of_many_kinds_gives_the_same_boundary(text):
    found = drafted(text, crs="EPSG:4490")
    assert found.boundary is not None and found.boundary.hash == HASH_OF_SQUARE


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_every_usual_encoding_is_read(encoding):
    text = "点号,北纬,东经\n" + lines(DMS)
    found = drafted(text.encode(encoding), crs="EPSG:4490")
    assert found.boundary is not None and found.boundary.hash == HASH_OF_SQUARE


def test_lines_in_two_encodings_are_read_and_said():
    rows = [
        "点号,北纬,东经,备注".encode(),
        *[f"{n},{a},{b},码头".encode("gbk" if n % 2 else "utf-8") for n, (a, b) in enumerate(DEGREES, 1)],
    ]
    reading = read(b"\n".join(rows), crs="EPSG:4490")
    assert "file.encoding_mixed" in codes(reading)
    settled = draft_parcel(reading.shapes[0])
    assert settled.boundary is not None and settled.boundary.hash == HASH_OF_SQUARE


def test_a_table_of_degrees_without_a_system_asks_whose_coordinates_they_are():
    (question,) = read("北纬,东经\n" + lines(DEGREES, numbered=False)).questions
    assert {(option.choice, option.value) for option in question.options} == {
        ("crs", "EPSG:4490"),
        ("crs", "EPSG:4326"),
        ("origin", "gcj02"),
        ("origin", "bd09"),
    }


def test_title_lines_that_name_the_system_are_followed_and_said():
    reading = read("(坐标系:CGCS2000,投影:高斯-克吕格,中央经线:121 30 00 E)\n点号,北纬,东经\n" + lines(DMS))
    assert not reading.questions
    assert (reading.shapes[0].crs, reading.shapes[0].origin) == ("EPSG:4490", "cgcs2000")
    assert "crs.words_read" in codes(reading)
    metres = read("2000国家大地坐标系 中央子午线：122°30′\nX,Y\n4140000,500000\n4140000,501000\n4141000,501000\n")
    assert metres.shapes[0].crs == "gk:122.5"


def test_title_lines_that_name_two_systems_are_refused():
    assert refused("CGCS2000 WGS84\n北纬,东经\n" + lines(DMS, numbered=False)).code == "crs.two_in_one_file"


def test_a_title_that_names_a_web_map_makes_a_sketch():
    reading = read("高德地图坐标\n北纬,东经\n" + lines(DEGREES, numbered=False))
    assert (reading.shapes[0].origin, reading.shapes[0].accuracy) == ("gcj02", 10.0)
    assert {"crs.origin_read", "crs.sketch"} <= codes(reading)


@pytest.mark.parametrize(
    ("header", "first"),
    [
        ("X,Y", "latlon"),
        ("Y,X", "latlon"),
        ("北坐标,东坐标", "latlon"),
        ("纵坐标X(米),横坐标Y(米)", "latlon"),
        ("easting,northing", "lonlat"),
        ("", "latlon"),
    ],
)
def test_projected_metres_are_ordered_by_header_or_by_where_they_can_lie(header, first):
    pairs = [(4140000.123, 500000), (4140000.123, 501000), (4141000, 501000)]
    rows = [",".join(str(v) for v in (pair if first == "latlon" else pair[::-1])) for pair in pairs]
    reading = read("\n".join([header, *rows] if header else rows), crs="gk:122")
    assert reading.shapes[0].axis == first
    settled = draft_parcel(reading.shapes[0])
    assert settled.boundary is not None
    assert settled.boundary.central_meridian == Decimal("122.0")
    assert abs(settled.boundary.area - Decimal("50")) < Decimal("0.01")


def test_a_zone_number_in_the_easting_is_taken_off_or_added_and_said():
    with_zone = "X,Y\n4140000,40500000\n4140000,40501000\n4141000,40501000\n"
    without = with_zone.replace("405", "5")
    boundaries = set()
    for text, crs, code in (
        (with_zone, "EPSG:4528", None),
        (with_zone, "gk:120", "crs.zone_number_taken_off"),
        (without, "EPSG:4528", "crs.zone_number_added"),
        (without, "EPSG:4549", None),
    ):
        reading = read(text, crs=crs)
        assert code is None or code in codes(reading)
        boundaries.add(draft_parcel(reading.shapes[0]).boundary.hash)  # type: ignore[union-attr]
    assert len(boundaries) == 1


def test_a_zone_number_without_a_system_is_a_question_with_the_derived_answer():
    (question,) = read("X,Y\n4140000,40500000\n4140000,40501000\n4141000,40501000\n").questions
    assert [option.value for option in question.options] == ["EPSG:4528"]


def test_seconds_over_sixty_are_located_with_a_suggestion():
    refusal = refused("点号,北纬,东经\n1,37°24′00″,122°06′00″\n2,37°24′00″,122°06′63.2″\n3,37°24′36″,122°06′36″\n")
    assert refusal.code == "angle.seconds_over.at_point"
    assert (refusal.facts["point"], refusal.facts["row"], refusal.facts["suggestion"]) == ("2", 3, "03.2")


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("2,abc,122.1", "table.cell_unreadable", 2),
        ("2,37.4,", "table.cell_empty", 3),
        ("2,37.4,12a.1", "table.cell_unreadable", 3),
    ],
)
def test_a_broken_cell_is_located_by_row_column_and_point(row, code, column):
    refusal = refused(f"点号,北纬,东经\n1,37.4,122.1\n{row}\n3,37.5,122.2\n", crs="EPSG:4490")
    assert (refusal.code, refusal.facts["row"], refusal.facts["column"], refusal.facts["point"]) == (
        code,
        3,
        column,
        "2",
    )


def test_columns_of_numbers_without_header_that_could_mean_anything_are_refused():
    assert refused("1.5,37.4,122.1,9.1\n2.5,37.5,122.1,8.2\n3.5,37.5,122.2,7.3\n").code == "table.columns_unclear"


def test_a_header_that_contradicts_the_numbers_loses_and_this_is_said():
    reading = read("东经,北纬\n" + lines(DEGREES, numbered=False), crs="EPSG:4490")
    assert "crs.axis_header_wrong" in codes(reading)
    assert reading.shapes[0].axis == "latlon"


def test_an_order_that_nothing_tells_is_asked_with_both_places():
    (question,) = read("37.4,52.1\n37.4,52.2\n37.5,52.2\n", crs="EPSG:4490").questions
    assert question.id == "axis"
    assert [(option.value, option.facts["lon"]) for option in question.options] == [
        ("lonlat", 37.45),
        ("latlon", 52.15),
    ]
    (shape,) = read("37.4,52.1\n37.4,52.2\n37.5,52.2\n", crs="EPSG:4490", axis="latlon").shapes
    assert shape.axis == "latlon"


def test_blocks_under_titles_are_parcels_and_blocks_under_unit_titles_are_units():
    one = "37.40,122.10\n37.40,122.11\n37.41,122.11\n37.41,122.10\n"
    two = "37.41,122.10\n37.41,122.11\n37.42,122.11\n37.42,122.10\n"
    parcels = read(f"宗海一\n{one}宗海二\n{two}", crs="EPSG:4490")
    assert [shape.name for shape in parcels.shapes] == ["宗海一", "宗海二"]
    assert "table.blocks_are_parcels" in codes(parcels)
    (units,) = read(f"单元1 码头\n{one}\n单元2 港池\n{two}", crs="EPSG:4490").shapes
    assert [unit.name for unit in units.units] == ["单元1 码头", "单元2 港池"]
    settled = draft_parcel(units)
    assert settled.boundary is not None and len(settled.boundary.units) == 2


def test_rings_that_close_and_go_on_are_separate_parcels():
    one = "37.40,122.10\n37.40,122.11\n37.41,122.11\n37.40,122.10\n"
    two = "37.41,122.10\n37.41,122.11\n37.42,122.11\n37.41,122.10\n"
    assert len(read(one + two, crs="EPSG:4490").shapes) == 2


def test_a_unit_column_with_merged_cells_gives_units_with_their_modes():
    text = (
        "内部单元,用海方式,点号,北纬,东经\n"
        "码头,23,1,37.40,122.10\n,,2,37.40,122.11\n,,3,37.41,122.11\n,,4,37.41,122.10\n"
        "港池,31,4,37.41,122.10\n,,3,37.41,122.11\n,,5,37.42,122.11\n"
    )
    (shape,) = read(text, crs="EPSG:4490").shapes
    assert [(unit.name, unit.mode) for unit in shape.units] == [("码头", "23"), ("港池", "31")]
    settled = draft_parcel(shape)
    assert settled.boundary is not None
    assert [settled.boundary.unit_notation(i) for i in (0, 1)] == ["1-2-3-4-1", "4-3-5-4"]


def test_a_ring_column_makes_holes():
    outer = "外,37.40,122.10\n外,37.40,122.14\n外,37.44,122.14\n外,37.44,122.10\n"
    inner = "内,37.41,122.11\n内,37.41,122.12\n内,37.42,122.12\n"
    (shape,) = read("环,北纬,东经\n" + outer + inner, crs="EPSG:4490").shapes
    assert [len(ring) for ring in shape.rings] == [4, 3]


def test_a_parcel_column_parts_parcels_and_one_can_be_picked():
    text = "宗海,北纬,东经\n甲,37.4,122.1\n甲,37.4,122.2\n甲,37.5,122.2\n乙,37.6,122.1\n乙,37.6,122.2\n乙,37.7,122.2\n"
    assert [shape.name for shape in read(text, crs="EPSG:4490").shapes] == ["甲", "乙"]
    assert [shape.name for shape in read(text, crs="EPSG:4490", parcel=2).shapes] == ["乙"]
    assert refused(text, crs="EPSG:4490", parcel=3).code == "choice.no_such_parcel"


def test_a_unit_that_comes_back_is_located():
    text = "单元,北纬,东经\nA,37.4,122.1\nA,37.4,122.2\nA,37.5,122.2\nB,37.6,122.1\nB,37.6,122.2\nB,37.7,122.2\nA,37.8,122.2\n"
    refusal = refused(text, crs="EPSG:4490")
    assert (refusal.code, refusal.facts["row"]) == ("table.unit_comes_back", 8)


def test_decisions_tell_how_the_table_was_understood():
    reading = read(("点号,北纬,东经\n" + lines(DMS)).encode("gbk"), crs="EPSG:4490")
    assert reading.decisions["encoding"] == "gb18030"
    assert reading.decisions["columns"] == {"first": [2], "second": [3], "by": "header", "number": 1}
    assert (reading.decisions["crs"], reading.decisions["crs_by"]) == ("EPSG:4490", "choice")
    assert (reading.decisions["axis"], reading.decisions["axis_by"]) == ("latlon", "header")
    assert reading.digest.startswith("sha256:")


def test_rounding_starts_from_the_decimal_text():
    # 37.00000013888888888… degrees is 0.5 ms more than 37°; the digits after the sixteenth decide, and no float has them.
    low, high = "37.000000138888888888", "37.000000138888888889"
    for text, expected in ((low, 133_200_000), (high, 133_200_001)):
        found = drafted(f"{text},122\n37.1,122\n37.1,122.1", crs="EPSG:4490")
        assert found.boundary is not None
        assert min(point.lat for point in found.boundary.points) == expected


def test_decimals_that_could_all_be_minutes_and_seconds_raise_a_doubt():
    packed = "37.2400,122.0600\n37.2410,122.0636\n37.2436,122.0655\n37.2441,122.0612\n"
    (doubt,) = [finding for finding in read(packed, crs="EPSG:4490").findings if finding.code == "table.packed_angles"]
    assert (doubt.facts["value"], doubt.facts["angle"]) == ("37.2400", "37°24′00″")
    assert "table.packed_angles" not in codes(read(packed.replace("37.2436", "37.2486"), crs="EPSG:4490"))
    assert "table.packed_angles" not in codes(read("北纬,东经\n" + lines(DEGREES, numbered=False), crs="EPSG:4490"))
