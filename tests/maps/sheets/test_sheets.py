"""Sheets read back out of their own PDFs: true scale, the tables, the sums, the pages, the marks."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
import typst

from data.answers import Refusal
from maps import sheets
from maps.sheets import SheetRequest, printing, tables
from maps.sheets.values import Signatures
from marine.boundary import Boundary
from marine.coordinates import ms_from_text
from marine.planes import gauss_kruger
from tests.maps.sheets import drawings
from tests.maps.sheets.requests import crane_quay, many_units, quay_request, star, with_a_hole

RED = (255, 0, 0)
SALMON = (245, 162, 122)
WHITE = (255, 255, 255)
ROW = re.compile(r"(\d+) (\d+°\d\d′\d\d\.\d{3}″) (\d+°\d\d′\d\d\.\d{3}″)")


def outline(pdf: bytes) -> tuple[np.ndarray, ...]:
    """The rings of the parcel as they are drawn, in millimetres on paper: the thick red line."""
    (found,) = [
        path
        for path in drawings.paths(pdf)
        if path.stroke == RED and abs(path.pen - 0.5) < 0.001 and len(path.parts[0]) > 2
    ]
    return found.parts


def rows(pdf: bytes) -> list[tuple[int, int, int]]:
    """Every row of the point table on all pages: number, latitude and longitude in milliseconds."""
    found = ROW.findall("\n".join(drawings.pages(pdf)))
    return [(int(number), ms_from_text(lat), ms_from_text(lon)) for number, lat, lon in found]


def expected_rows(boundary: Boundary) -> list[tuple[int, int, int]]:
    """The rings of the boundary, each closed by its first point."""
    points = [point for ring in boundary.parcel.rings for point in (*ring, ring[0])]
    return [(boundary.number_of(point), point[1], point[0]) for point in points]


def printed_scale(pdf: bytes) -> int:
    (found,) = re.findall(r"(?:比例尺|Scale) 1:(\d+)", drawings.pages(pdf)[0])
    return int(found)


@cache
def rendered(at: int, kind: Any = "boundary") -> bytes:
    """The sheet of one of the boundaries, drawn once for all tests."""
    return sheets.render(SheetRequest(boundary=BOUNDARIES[at], kind=kind))


@cache
def composed(at: int, kind: Any = "boundary") -> sheets.Sheet:
    return sheets.compose(SheetRequest(boundary=BOUNDARIES[at], kind=kind))


BOUNDARIES = [
    crane_quay(),
    star(7),
    star(60, east_ms=900_000, north_ms=12_000),
    star(200),
    with_a_hole(),
    star(5, east_ms=90_000, north_ms=270_000),
    star(9, east_ms=120, north_ms=90, waves=2),
]
ALL = range(len(BOUNDARIES))
NAMES = [f"{len(boundary.points)}_points" for boundary in BOUNDARIES]
QUAY, MANY, HOLED = 0, 3, 4


@pytest.mark.parametrize("kind", ["boundary", "position"])
@pytest.mark.parametrize("at", ALL, ids=NAMES)
def test_a_length_on_paper_times_the_printed_scale_is_the_length_of_the_register(at: int, kind: Any) -> None:
    boundary, pdf = BOUNDARIES[at], rendered(at, kind)
    plane = gauss_kruger(boundary.central_meridian)
    scale = printed_scale(pdf)
    drawn = outline(pdf)
    assert scale % 100 == 0 and len(drawn) == len(boundary.parcel.rings)
    for ring, paper in zip(boundary.parcel.rings, drawn, strict=True):
        metres = shapely.Polygon(plane.to_metres(ring))
        on_paper = shapely.Polygon(paper)
        assert on_paper.length / 1000 * scale == pytest.approx(metres.length, rel=1e-3)
        assert on_paper.area / 1e6 * scale**2 == pytest.approx(metres.area, rel=2e-3)
        # The register's north is up: no mirror, no turn.
        first = plane.to_metres(ring) - plane.to_metres(ring)[0]
        assert np.allclose((paper[: len(ring)] - paper[0]) * scale / 1000, first, atol=max(metres.length * 1e-4, 1e-3))


@pytest.mark.parametrize("at", ALL, ids=NAMES)
def test_the_scale_is_the_largest_round_one_that_fits(at: int) -> None:
    boundary, scale = BOUNDARIES[at], composed(at).scale
    metres = gauss_kruger(boundary.central_meridian).to_metres(boundary.parcel.exterior)
    width, height = (metres.max(axis=0) - metres.min(axis=0)) * 1000
    assert width / scale <= 136 and height / scale <= 126
    assert scale == 100 or width / (scale - 100) > 136 or height / (scale - 100) > 126


@pytest.mark.parametrize("at", ALL, ids=NAMES)
def test_the_table_read_back_from_the_pdf_is_the_boundary(at: int) -> None:
    assert rows(rendered(at)) == expected_rows(BOUNDARIES[at])


def test_every_ring_closes_with_its_first_point() -> None:
    found = [number for number, _, _ in rows(rendered(HOLED))]
    assert found == [1, 2, 3, 4, 1, 5, 6, 7, 8, 5]


def test_the_published_parcel_is_printed_as_it_was_published() -> None:
    (page,) = drawings.pages(sheets.render(quay_request()))
    for told in (
        "吊机码头工程宗海界址图",
        "比例尺 1:400",
        "CGCS2000",
        "高斯-克吕格",
        "121°30′00″ E",
        "示例港务有限公司",
        "3-4-5-6",
    ):
        assert told in page, told
    units = re.findall(r"(护岸|码头|回旋水域) (\S+) (\S+) (0\.\d{4})\n", page)
    assert [(name, mode, ring) for name, mode, ring, _ in units] == [
        ("护岸", "非透水构筑物", "2-3-…-10-2"),
        ("码头", "透水构筑物", "1-2-10-11-1"),
        ("回旋水域", "港池、蓄水等", "12-1-11-13-14-15-12"),
    ]
    (total,) = re.findall(r"宗海合计 (\S+)", page)
    assert total == "0.1106" and sum(Decimal(area) for *_, area in units) == Decimal(total)


@pytest.mark.parametrize("count", [2, 7, 40])
def test_the_units_sum_to_the_parcel_on_whatever_page_they_stand(count: int) -> None:
    boundary = many_units(count)
    pdf = sheets.render(SheetRequest(boundary=boundary, unit_modes=("开放式养殖",) * count))
    text = "\n".join(drawings.pages(pdf))
    areas = [Decimal(area) for area in re.findall(r"开放式养殖 \S+ (\d+\.\d{4})", text)]
    (total,) = re.findall(r"宗海合计 (\S+)", text)
    assert len(areas) == count and sum(areas) == Decimal(total) == boundary.area
    assert rows(pdf) == expected_rows(boundary)


def test_two_hundred_points_take_several_pages_and_none_is_lost() -> None:
    told = drawings.pages(rendered(MANY))
    assert len(told) == sheets.page_count(composed(MANY)) > 1
    assert rows(rendered(MANY)) == expected_rows(BOUNDARIES[MANY])
    assert "坐标续下页" in told[0] and all("续页" in page for page in told[1:])


def test_every_length_stands_on_the_map_or_in_the_list() -> None:
    for at, boundary in enumerate(BOUNDARIES):
        sheet = composed(at)
        on_map = [label["text"] for label in sheet.values["map"]["lengths"]]
        listed = [length for _, length in sheet.values["lengths"]]
        sides = tables.edges(boundary, gauss_kruger(boundary.central_meridian))
        assert sorted(on_map + listed) == sorted(side.length for side in sides)


def test_points_are_white_circles_of_two_millimetres_above_a_thick_red_line() -> None:
    for at, boundary in enumerate(BOUNDARIES):
        painted = drawings.paths(rendered(at))
        circles = [
            path
            for path in painted
            if path.fill == WHITE
            and len(path.parts[0]) == 5
            and np.allclose(np.ptp(path.parts[0], axis=0), 2.0, atol=0.01)
        ]
        # The legend shows one more.
        assert len(circles) == len(boundary.points) + 1
        assert [path.fill for path in painted].count(SALMON) == 2


@pytest.mark.parametrize("kind", ["boundary", "position"])
@pytest.mark.parametrize("at", ALL, ids=NAMES)
def test_the_graticule_has_three_to_eight_lines_an_axis_each_named_at_both_ends(at: int, kind: Any) -> None:
    labels = composed(at, kind).values["map"]["graticule_labels"]
    for near, far in (("top", "bottom"), ("left", "right")):
        named = [{label["text"] for label in labels if label["side"] == side} for side in (near, far)]
        assert 3 <= len(named[0]) <= 8 and named[0] == named[1]


def test_every_page_of_the_built_in_issuer_is_marked_and_no_page_of_an_installed_one() -> None:
    for at, kind in ((MANY, "boundary"), (QUAY, "position")):
        marked = drawings.pages(rendered(at, kind))
        assert all("SAMPLE" in page and "样本" in page and "无效" in page for page in marked)
        plain = drawings.pages(sheets.render(SheetRequest(boundary=BOUNDARIES[at], kind=kind, is_sample=False)))
        assert not any("SAMPLE" in page or "样本" in page for page in plain)


def test_the_signature_grid_has_every_field_and_the_corners_their_numbers() -> None:
    signed = Signatures(
        organisation="示例测绘院", surveyor="甲", drafter="乙", drawn_on=date(2026, 11, 23), checker="丙", reviewer="丁"
    )
    request = quay_request(signatures=signed, parcel_code="370882 001002 GH00017", map_approval="鲁S（2026）000号")
    for kind in ("boundary", "position"):
        (page,) = drawings.pages(
            sheets.render(
                quay_request(
                    kind=kind, signatures=signed, parcel_code=request.parcel_code, map_approval=request.map_approval
                )
            )
        )
        for told in ("坐标系 CGCS2000", "投影 高斯-克吕格", "中央经线 121°30′00″ E", "高程基准 1985", "测绘单位 示例测绘院", "测量员 甲", "绘图员 乙", "绘制日期 2026-11-23",
                     "检查人 丙", "审核人 丁", "审图号 鲁S（2026）000号", "宗海代码 370882 001002 GH00017", f"界址指纹 {request.boundary.hash}"):  # fmt: skip
            assert told in page, told


def test_the_english_companion_has_the_same_figures_and_no_chinese_of_ours() -> None:
    request = quay_request(
        lang="en", project="Crane quay", unit_names=(), unit_modes=(), surroundings=sheets.Surroundings()
    )
    (page,) = drawings.pages(sheets.render(request))
    assert "Boundary sheet of the sea parcel, Crane quay" in page and "Scale 1:400" in page
    assert rows(sheets.render(request)) == expected_rows(request.boundary)
    han = "".join(re.findall(r"[\u4e00-\u9fff]", page))
    assert han == "样本无效"


def test_the_same_request_gives_the_same_bytes_and_another_boundary_gives_others() -> None:
    assert sheets.render(quay_request()) == sheets.render(quay_request())
    assert sheets.render(quay_request()) != sheets.render(quay_request(project="另一工程"))


def test_the_paper_is_a4_landscape_on_every_page() -> None:
    assert set(drawings.sizes(rendered(MANY))) == {(297.0, 210.0)}


def test_the_svg_has_the_pages_of_the_pdf() -> None:
    drawn = sheets.render_svg(SheetRequest(boundary=BOUNDARIES[MANY]))
    assert len(drawn) == len(drawings.pages(rendered(MANY)))
    assert all(b"<svg" in page[:200] and b"841.88" in page[:400] for page in drawn)


def test_very_long_names_stay_on_the_sheet() -> None:
    long = "威海市荣成市桑沟湾北部海域国家级海洋牧场示范区深水抗风浪养殖装备及陆上配套工程（二期）扩建项目"
    for kind in ("boundary", "position"):
        pdf = sheets.render(quay_request(kind=kind, project=long, unit_names=(long, long, long), is_sample=False))
        text = "".join(drawings.pages(pdf)).replace("\n", "")
        assert text.count(long) >= (5 if kind == "position" else 4)


def test_only_neighbours_on_the_map_are_in_the_table_and_slivers_have_no_letter() -> None:
    boundary = with_a_hole()
    west, south, east, north = boundary.bounds
    around = sheets.Surroundings(
        neighbours=(
            sheets.Neighbour(geometry=shapely.box(east + 9_000_000, south, east + 9_010_000, north), label="远处"),
            sheets.Neighbour(geometry=shapely.box(east, south, east + 40, north), label="窄条"),
            sheets.Neighbour(geometry=shapely.box(west - 9_000, south, west, north), label="西邻"),
            sheets.Neighbour(geometry=shapely.box(west, north, east, north + 8_000)),
        )
    )
    sheet = sheets.compose(SheetRequest(boundary=boundary, surroundings=around)).values
    assert sheet["neighbours"] == [["—", "窄条", "3-4"], ["A", "西邻", "1-2"], ["B", "未公开", "4-1"]]
    assert [mark["text"] for mark in sheet["map"]["marks"]] == ["A", "B"]


def test_names_are_printed_as_they_are_never_as_markup() -> None:
    name = '*粗* #link("x") $a$ \\ _b_ <lab> @ref [c]'
    assert name in drawings.pages(sheets.render(quay_request(project=name)))[0]


def test_a_name_that_cannot_be_set_is_a_refusal() -> None:
    with pytest.raises(Refusal) as told:
        sheets.render(quay_request(project="甲\x00乙"))
    assert told.value.code == "sheets.cannot_be_set"


def test_a_missing_font_is_a_refusal_and_a_warning_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "_source", lambda: b'#set text(font: "No Such Face")\nx')
    with pytest.raises(RuntimeError, match="no such face"):
        sheets.render(quay_request())
    monkeypatch.setattr(printing, "FACES", ("No Such Face",))
    with pytest.raises(Refusal) as told:
        sheets.render(quay_request())
    assert told.value.code == "sheets.font_missing" and told.value.facts["faces"] == "No Such Face"


def free_millimetres(request: SheetRequest) -> float:
    """What is left of the first page's column between its upper and its lower tables."""
    told = typst.query(
        printing._source(),
        "<free>",
        field="value",
        one=True,
        font_paths=printing._fonts(),
        sys_inputs=printing._inputs(sheets.compose(request)),
    )
    return float(json.loads(told))


@pytest.mark.parametrize("points", [3, 22, 25, 26, 27, 28, 48, 51, 53, 90])
def test_no_table_runs_over_another_however_many_points(points: int) -> None:
    request = SheetRequest(boundary=star(points))
    assert free_millimetres(request) >= 1
    assert rows(sheets.render(request)) == expected_rows(request.boundary)


@pytest.mark.parametrize("kind", ["boundary", "position"])
@pytest.mark.parametrize("count", [1, 8, 10, 12, 14])
def test_no_table_runs_over_another_however_many_units_and_neighbours(count: int, kind: Any) -> None:
    boundary = many_units(count)
    west, _, east, north = boundary.bounds
    edges = np.linspace(west, east, count + 1)
    beside = [shapely.box(low, north, high, north + 9000) for low, high in pairwise(edges.tolist())]
    around = sheets.Surroundings(neighbours=tuple(sheets.Neighbour(geometry=each, label="示例公司") for each in beside))
    modes = ("专用航道、锚地及其它开放式",) * count
    request = SheetRequest(boundary=boundary, kind=kind, unit_modes=modes, surroundings=around)
    assert free_millimetres(request) >= 1
