"""Still maps: valid SVG without styles of its own, one scale for both axes, round scale bars, and words that cannot become markup."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
import shapely

from maps.charts import Frame, Place, Shape, around, chart

BOX = (122.40, 37.03, 122.62, 37.20)
BAY = Place((122.50, 37.10), "Sanggou Bay")
SQUARE = shapely.box(122.50, 37.10, 122.51, 37.11)


def drawn(**given: object) -> ElementTree.Element:
    return ElementTree.fromstring(chart(BOX, 600, 500, "图", **given))  # type: ignore[arg-type]


def test_colours_come_from_the_page_only() -> None:
    """A map with colours of its own stayed white in the dark theme, and a style attribute would break the policy."""
    told = chart(
        BOX, 600, 500, "图", land=[shapely.box(122.4, 37.0, 122.45, 37.2)], shapes=[Shape(SQUARE, "right")], neat=True
    )
    assert not re.search(r"style=|fill=|stroke=|#[0-9a-fA-F]{3}", told)


def test_words_cannot_become_markup() -> None:
    """Names of parcels come from files of strangers."""
    shape = Shape(SQUARE, "right", '"><script>', '/register/"><b>', "<b>")
    told = chart(BOX, 600, 500, '"><i>', shapes=[shape], places=[Place((122.5, 37.1), "<u>")])
    ElementTree.fromstring(told)
    assert not re.search(r"<(script|b|i|u)>", told)


def test_a_square_on_the_ground_is_a_square_on_the_picture() -> None:
    frame = Frame(BOX, 600, 500)
    metres = 111_320.0
    across = (frame.x(122.51) - frame.x(122.50)) / (0.01 * frame.squeeze * metres)
    down = (frame.y(37.10) - frame.y(37.11)) / (0.01 * metres)
    assert across == pytest.approx(down)
    assert frame.west <= BOX[0] and frame.east >= BOX[2] and frame.south <= BOX[1] and frame.north >= BOX[3]


def test_what_lies_outside_is_left_out() -> None:
    assert "right" not in chart(BOX, 600, 500, "图", shapes=[Shape(shapely.box(0, 0, 1, 1), "right", "far", "/far")])


def test_shapes_that_lead_on_are_named_links_and_the_picture_is_a_group() -> None:
    linked = drawn(shapes=[Shape(SQUARE, "right", "已登记", "/register/A")])
    link = next(each for each in linked.iter() if each.tag.endswith("}a") or each.tag == "a")
    assert (linked.get("role"), link.get("href"), link.get("aria-label")) == ("group", "/register/A", "已登记")
    assert drawn(shapes=[Shape(SQUARE, "right", "已登记")]).get("role") == "img"


def test_the_draft_has_its_casing_below_it() -> None:
    kinds = [each.get("class") for each in drawn(shapes=[Shape(SQUARE, "draft")]).iter() if each.get("class")]
    assert kinds.index("casing") + 1 == kinds.index("draft")


@pytest.mark.parametrize("span", [0.002, 0.02, 0.2, 2.0])
def test_scale_bars_are_round_and_no_longer_than_a_third(span: float) -> None:
    box = (122.0, 37.0, 122.0 + span, 37.0 + span)
    told = chart(box, 400, 400, "图")
    length, unit = re.search(r">(\d+) (km|m)</text>", told).groups()  # type: ignore[union-attr]
    assert length.lstrip("125").strip("0") == "" and unit in ("km", "m")
    start, end = map(float, re.search(r'class="scale" d="M([\d.]+),[\d.]+V[\d.]+H([\d.]+)V', told).groups())  # type: ignore[union-attr]
    assert 10 < end - start <= 400 / 3


def test_meridians_are_named_in_degrees_and_minutes() -> None:
    assert "122°30′E" in chart(BOX, 600, 500, "图") and "37°10′N" in chart(BOX, 600, 500, "图")


def test_a_box_around_a_geometry_leaves_room() -> None:
    west, south, east, north = around(SQUARE, 1.0)
    assert (round(west, 4), round(south, 4), round(east, 4), round(north, 4)) == (122.49, 37.09, 122.52, 37.12)


def test_a_name_makes_way_for_what_is_drawn_and_water_is_not_named_on_land() -> None:
    """The name of Sanggou Bay ran across the rafts of the home page, and that of Ailian Bay was pushed onto the shore."""
    land = shapely.box(122.40, 37.13, 122.62, 37.20)
    told = drawn(land=[land], shapes=[Shape(shapely.box(122.45, 37.09, 122.60, 37.12), "right")], places=[BAY])
    name = next(each for each in told.iter() if each.get("class") == "water-name")
    frame = Frame(BOX, 600, 500)
    assert float(name.get("y", 0)) - 12 > frame.y(37.09)
    assert "water-name" not in chart(BOX, 600, 500, "图", shapes=[Shape(shapely.box(*BOX), "right")], places=[BAY])


def test_the_length_of_the_scale_is_said_in_the_language_of_the_page() -> None:
    assert "5 公里" in chart(BOX, 600, 500, "图", lang="zh") and "5 km" in chart(BOX, 600, 500, "图", lang="en")
