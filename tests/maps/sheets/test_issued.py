"""A sheet that is issued: what makes it a document stands on every page, and nothing else moves for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pypdf
import pytest
import segno
import shapely

from maps import sheets
from maps.sheets import Issued, LayerBand, Neighbour, PlaceName, SheetRequest, Shoreline, Surroundings
from marine.planes import gauss_kruger
from tests.maps.sheets import drawings
from tests.maps.sheets.requests import BAY, boundary_of, crane_quay, many_units, quay_request, square, star
from tests.maps.sheets.test_sheets import expected_rows, free_millimetres, rows

ISSUED = Issued(
    number="示例海域批2026-0012号",
    code="7K3F-9Q2M-XD4H",
    address="https://haiyu.example/verify/7K3F-9Q2M-XD4H",
    rules_hash="9f2c4e7a1b3d" + "0" * 52,
    issuer="示例市海洋发展局",
    signer="haiyu sample issuer",
    issued_on=date(2026, 11, 26),
)
QR_FROM = 60  # No other path of a sheet has so many pieces.


def qr_path(pdf: bytes, page: int = 0) -> drawings.Path:
    """The dark modules, row by row."""
    (found,) = [path for path in drawings.paths(pdf, page) if len(path.parts) > QR_FROM and path.stroke == (0, 0, 0)]
    return found


def modules(path: drawings.Path) -> list[list[int]]:
    """The code as a matrix of dark (1) and light (0) modules, the upper left one first."""
    points = np.concatenate(path.parts)
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    south, north = south - path.pen / 2, north + path.pen / 2
    count = round((east - west) / path.pen)
    assert count == round((north - south) / path.pen)
    found = np.zeros((count, count), dtype=int)
    for (x0, y), (x1, _) in path.parts:
        found[int((north - y) / path.pen), round((x0 - west) / path.pen) : round((x1 - west) / path.pen)] = 1
    return found.tolist()


@pytest.mark.parametrize("kind", ["boundary", "position"])
def test_every_page_says_which_document_it_is_who_issued_it_and_where_to_verify_it(kind: Any) -> None:
    request = SheetRequest(boundary=star(200), kind=kind, issued=ISSUED, parcel_code="371082001002GH00017")
    told = drawings.pages(sheets.render(request))
    assert len(told) == (2 if kind == "boundary" else 1)
    for page in told:
        for words in (
            "文号 示例海域批2026-0012号", "出具机关 示例市海洋发展局", "签发 haiyu sample issuer　2026-11-26", "规则库指纹 9f2c4e7a1b3d\n",
            "核验码 7K3F-9Q2M-XD4H", ISSUED.address, "宗海代码 371082001002GH00017", f"界址指纹 {request.boundary.hash}",
        ):  # fmt: skip
            assert words in page, words


@pytest.mark.parametrize("page", [0, 1])
def test_the_drawn_code_is_the_code_of_the_address(page: int) -> None:
    pdf = sheets.render(SheetRequest(boundary=star(200), issued=ISSUED))
    path = qr_path(pdf, page)
    assert modules(path) == [list(row) for row in segno.make_qr(ISSUED.address, error="m").matrix]
    # A telephone reads modules from a third of a millimetre on; four of them round the code are bare paper.
    assert path.pen > 0.33
    points = np.concatenate(path.parts)
    quiet = shapely.box(*points.min(axis=0), *points.max(axis=0)).buffer(4 * path.pen, join_style="mitre")
    assert shapely.box(0, 0, 297, 210).contains(quiet)
    others = [other for other in drawings.paths(pdf, page) if len(other.parts) != len(path.parts)]
    assert not [other for other in others for part in other.parts if shapely.LineString(part).intersects(quiet)]


@pytest.mark.parametrize("kind", ["boundary", "position"])
def test_issuing_a_sheet_adds_its_block_and_moves_nothing_else(kind: Any) -> None:
    """The sheet that went to the survey office and the one that was issued must lie on each other."""
    plain, issued = (quay_request(kind=kind, issued=each) for each in (None, ISSUED))
    told = sheets.compose(issued).values
    assert {name for name, value in sheets.compose(plain).values.items() if told[name] != value} == {"issued"}
    drawn = [path for path in drawings.paths(sheets.render(issued)) if len(path.parts) <= QR_FROM]
    before = drawings.paths(sheets.render(plain))
    assert len(drawn) == len(before)
    for one, other in zip(drawn, before, strict=True):
        assert (one.stroke, one.fill, one.pen) == (other.stroke, other.fill, other.pen)
        assert all(np.array_equal(*parts) for parts in zip(one.parts, other.parts, strict=True))
    words = drawings.pages(sheets.render(issued))[0].splitlines()
    assert [line for line in drawings.pages(sheets.render(plain))[0].splitlines() if line not in words] == []


def test_a_sheet_that_nobody_issued_has_no_code_and_no_number() -> None:
    pdf = sheets.render(quay_request())
    assert [path for path in drawings.paths(pdf) if len(path.parts) > QR_FROM] == []
    assert not {"文号", "核验码", "出具机关"} & set(drawings.pages(pdf)[0].replace("\n", " ").split(" "))


def test_an_issued_sheet_bears_the_day_on_which_it_was_issued_unless_it_was_drawn_on_another() -> None:
    for request, day in (
        (quay_request(issued=ISSUED), "20261126"),
        (quay_request(issued=ISSUED, signatures=sheets.Signatures(drawn_on=date(2026, 11, 23))), "20261123"),
    ):
        reader = pypdf.PdfReader(drawings.io.BytesIO(sheets.render(request)))
        assert reader.metadata is not None and str(reader.metadata["/CreationDate"])[2:10] == day


def test_a_long_address_and_a_long_issuer_stay_in_their_corner() -> None:
    long = replace(
        ISSUED,
        address="https://zwfw.weihai.shandong.example.gov.cn/haiyu/papers/verify/7K3F-9Q2M-XD4H?lang=zh&from=sheet",
        issuer="山东省威海市荣成市自然资源和规划局（海洋发展局）行政审批服务专用",
    )
    pdf = sheets.render(quay_request(issued=long))
    page = drawings.pages(pdf)[0].replace("\n", "").replace(" ", "")
    assert long.address in page and long.issuer in page
    assert modules(qr_path(pdf)) == [list(row) for row in segno.make_qr(long.address, error="m").matrix]
    # Right of the code, left of the title, above the frame (188 mm).
    corner = [(x, y) for x, y, words in drawings.placed_words(pdf) if words.strip() and x < 73.5 and y > 188]
    assert corner and min(x for x, _ in corner) > 26 and min(y for _, y in corner) > 188.5


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["boundary", "position"])
def test_a_layered_right_tells_its_layers_and_heights_on_both_sheets(kind: Any, lang: Any) -> None:
    bands = (
        LayerBand(layers=3, low=-8.25, high=0, is_surveyed=True, units=(0, 1)),
        LayerBand(layers=12, high=-9.5, units=(2,)),
        LayerBand(layers=1),
    )
    told = drawings.pages(sheets.render(quay_request(kind=kind, lang=lang, layers=bands, issued=ISSUED)))
    expected = {
        "zh": (
            "护岸、码头 空间层：水面、水体，高程 −8.25 至 0.00 米（1985国家高程基准，实测）",
            "回旋水域 空间层：海床、底土，高程 未定 至 −9.50 米（1985国家高程基准，申报，未经实测）",
            "空间层：水面，起止高程未定",
        ),
        "en": (
            "Layers of 护岸, 码头: surface, water column; heights −8.25 to 0.00 m (National 1985 datum, surveyed)",
            "Layers of 回旋水域: seabed, subsoil; heights unknown to −9.50 m (National 1985 datum, as stated, not surveyed)",
            "Layers: surface; heights unknown",
        ),
    }
    flat = "".join(told).replace("\n", "").replace(" ", "")
    for words in expected[lang]:
        assert words.replace(" ", "") in flat, words
    assert "空间层" not in drawings.pages(sheets.render(quay_request(kind=kind)))[0]


def test_the_position_sheet_tells_whose_sea_it_is_and_the_text_note() -> None:
    told = {"district": "山东省威海市荣成市（示例边界，非法定界线）", "remarks": ("距最近岸线约 1.8 千米。", "与 1 宗毗邻宗海共用界址线：甲。")}  # fmt: skip
    page = drawings.pages(sheets.render(quay_request(kind="position", location="桑沟湾北部", **told)))[0]
    for words in (
        "所属海域 山东省威海市荣成市（示例边界，非法定界线）",
        "位置说明 桑沟湾北部",
        "文字说明",
        *told["remarks"],
    ):
        assert words in page
    assert "文字说明" not in drawings.pages(sheets.render(quay_request(**told)))[0]


def test_sources_stand_at_the_foot_of_every_page() -> None:
    around = Surroundings(sources="示例岸线 第 1 版（示例世界），示例，未经核实")
    for page in drawings.pages(sheets.render(SheetRequest(boundary=star(200), surroundings=around))):
        assert "资料来源 示例岸线 第 1 版（示例世界），示例，未经核实" in page


@pytest.mark.parametrize("neighbours", [0, 4, 8, 12])
@pytest.mark.parametrize("points", [4, 12, 20, 27, 51])
def test_an_issued_sheet_takes_one_page_where_all_of_it_fits_and_no_table_lies_on_another(
    points: int, neighbours: int
) -> None:
    boundary = star(points)
    west, _, east, north = boundary.bounds
    edges = np.linspace(west, east, neighbours + 1)
    beside = [shapely.box(edges[at], north, edges[at + 1], north + 4000) for at in range(neighbours)]
    around = Surroundings(neighbours=tuple(Neighbour(geometry=each, label="示例公司") for each in beside))
    request = SheetRequest(boundary=boundary, surroundings=around, issued=ISSUED)
    assert free_millimetres(request) >= 1
    assert rows(sheets.render(request)) == expected_rows(boundary)
    if points + neighbours <= 16:
        assert sheets.page_count(sheets.compose(request)) == 1


def test_a_neighbour_under_the_north_arrow_gets_its_letter_where_there_is_room() -> None:
    boundary = boundary_of(square(20_000))
    west, south, east, north = sheets.extent(SheetRequest(boundary=boundary))
    # A strip in the upper right corner of the map: the arrow takes its middle and its widest part.
    corner = shapely.box(east - 0.12 * (east - west), north - 0.22 * (north - south), east, north)
    drawn = sheets.compose(
        SheetRequest(boundary=boundary, surroundings=Surroundings(neighbours=(Neighbour(geometry=corner, label="角"),)))
    ).values
    assert [mark["text"] for mark in drawn["map"]["marks"]] == ["A"] and drawn["neighbours"][0][0] == "A"


def test_a_name_stands_at_the_first_of_its_places_that_is_free_and_in_the_colour_of_its_kind() -> None:
    boundary = boundary_of(square(20_000))
    (lon, lat), step = BAY, 80_000
    taken = PlaceName(lon=lon, lat=lat, name="桑沟湾", kind="water", others=((lon + step, lat), (lon - step, lat)))
    nowhere = PlaceName(lon=lon, lat=lat, name="无处", kind="land")
    request = SheetRequest(boundary=boundary, kind="position", surroundings=Surroundings(places=(taken, nowhere)))
    (name,) = sheets.compose(request).values["map"]["names"]
    assert (name["text"], name["kind"]) == ("桑沟湾", "water") and name["x"] > 83 + 10


def test_the_callout_hides_no_neighbour_where_there_is_another_place_for_it() -> None:
    boundary = boundary_of(square(20_000))
    west, _, east, north = boundary.bounds
    # Rows of rafts north of the parcel, where the callout stands otherwise.
    rafts = shapely.box(west - 60_000, north, east + 60_000, north + 50_000)
    plain, beside = (
        sheets.compose(SheetRequest(boundary=boundary, kind="position", project="养殖", surroundings=around)).values[
            "map"
        ]
        for around in (Surroundings(), Surroundings(neighbours=(Neighbour(geometry=rafts),)))
    )
    (rings,) = beside["neighbours"]

    def box(drawn: dict[str, Any]) -> Any:
        told = drawn["callout"]
        half = np.array([told["width"], told["height"]]) / 2
        return shapely.box(*(np.array([told["x"], told["y"]]) - half), *(np.array([told["x"], told["y"]]) + half))

    assert box(plain).intersects(shapely.Polygon(rings[0]))
    assert not box(beside).intersects(shapely.Polygon(rings[0]))


@pytest.mark.parametrize("kilometres", [0.5, 8, 40, 59, 70])
def test_whatever_coast_is_found_within_reach_the_map_lies_inside_the_reach(kilometres: float) -> None:
    boundary = crane_quay()
    plane = gauss_kruger(boundary.central_meridian)
    east, north = plane.to_metres([boundary.parcel.exterior[0]])[0]
    ends = plane.to_ms([[east - 9_000, north + kilometres * 1000], [east + 9_000, north + kilometres * 1000]])
    shore = Shoreline(geometry=shapely.LineString(ends), kind="natural")
    request = SheetRequest(boundary=boundary, kind="position", surroundings=Surroundings(shorelines=(shore,)))
    drawn = sheets.compose(request).values["map"]["shores"]["natural"]
    assert bool(drawn) == (kilometres < 60)
    assert shapely.box(*sheets.reach(request)).contains(shapely.box(*sheets.extent(request)))


def test_the_extent_is_the_map_and_the_finest_detail_is_a_fiftieth_of_a_millimetre() -> None:
    request = SheetRequest(boundary=many_units(3))
    view = sheets.extent(request)
    scale = sheets.compose(request).scale
    # One millisecond of latitude is 30.82 mm here.
    assert (view[3] - view[1]) * 30.82 / scale == pytest.approx(156 * 1.04, rel=0.01)
    assert sheets.resolution(request) * 30.82 / scale == pytest.approx(0.02, rel=0.01)
