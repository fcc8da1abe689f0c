"""Numbers and lengths on the map: none on another, none on a circle, none off the map."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import shapely

from maps import sheets
from maps.sheets import SheetRequest, labels
from maps.sheets.frames import MAP_HEIGHT, MAP_WIDTH
from tests.maps.sheets.requests import crane_quay, many_units, star, with_a_hole

BOUNDARIES = [crane_quay(), star(7), star(60), star(200), with_a_hole(), many_units(12)]
ALL = range(len(BOUNDARIES))
NAMES = [f"{len(boundary.points)}_points" for boundary in BOUNDARIES]


@cache
def composed(at: int) -> dict[str, Any]:
    """One of the boundaries laid out, once for all tests."""
    return sheets.compose(SheetRequest(boundary=BOUNDARIES[at])).values


def boxes(told: list[dict[str, Any]], points: float) -> list[Any]:
    found = []
    for label in told:
        width, height = labels.extent(label["text"], points)
        box = shapely.box(-width / 2, -height / 2, width / 2, height / 2)
        turned = shapely.affinity.rotate(box, label["turn"], origin=(0, 0))
        found.append(shapely.affinity.translate(turned, label["x"], label["y"]))
    return found


@pytest.mark.parametrize("at", ALL, ids=NAMES)
def test_no_word_hides_another_or_a_point(at: int) -> None:
    drawn = composed(at)["map"]
    words = boxes(drawn["numbers"], labels.NUMBER_POINTS) + boxes(drawn["lengths"], labels.LENGTH_POINTS)
    assert not [pair for pair in combinations(words, 2) if shapely.intersection(*pair).area > 1e-6]
    circles = shapely.union_all([shapely.Point(at).buffer(labels.CIRCLE_RADIUS) for at in drawn["circles"]])
    assert shapely.intersection(shapely.union_all(words), circles).area < 1e-3
    assert shapely.box(0, 0, MAP_WIDTH, MAP_HEIGHT).contains(shapely.union_all(words))


@pytest.mark.parametrize("at", ALL, ids=NAMES)
def test_every_number_stands_on_the_map(at: int) -> None:
    sheet = composed(at)
    told = [label["text"] for label in sheet["map"]["numbers"]]
    assert sorted(told) == sorted(str(point.number) for point in BOUNDARIES[at].points)
    assert sheet["numbers_off"] == ""


@pytest.mark.parametrize("at", ALL[:3], ids=NAMES[:3])
def test_a_number_without_a_leader_is_nearest_to_its_own_point(at: int) -> None:
    drawn = composed(at)["map"]
    numbers = [str(point.number) for point in BOUNDARIES[at].points]
    circles = np.array(drawn["circles"])
    for label in drawn["numbers"]:
        if label["leader"] is None:
            nearest = int(np.hypot(*(circles - (label["x"], label["y"])).T).argmin())
            assert numbers[nearest] == label["text"]


def test_an_edge_too_short_for_its_length_gets_none() -> None:
    board = labels.Board(
        100, 100, np.array([[10.0, 10.0], [13.0, 10.0]]), shapely.MultiLineString([[(10, 10), (13, 10)]])
    )
    assert labels.place_length(board, "12.34", (10, 10), (13, 10)) is None


def test_a_crowd_larger_than_the_map_is_told_not_drawn_over() -> None:
    spots = [(str(at), 5.0 + at % 5, 5.0 + at // 5, 0.0) for at in range(100)]
    board = labels.Board(30, 30, np.array([(x, y) for _, x, y, _ in spots]), shapely.MultiLineString())
    placed, lost = labels.place_numbers(board, spots)
    assert lost and sorted([label.text for label in placed] + lost) == sorted(text for text, *_ in spots)


def test_where_points_would_make_one_band_some_are_drawn_and_the_rest_counted() -> None:
    boundary = star(700)
    sheet = sheets.compose(SheetRequest(boundary=boundary)).values
    circles = np.array(sheet["map"]["circles"])
    apart = np.hypot(*(circles[:, None] - circles[None]).transpose(2, 0, 1)) + np.eye(len(circles)) * 99
    assert 100 < len(circles) < 350 and apart.min() > 1.5
    assert str(700 - len(sheet["map"]["numbers"])) in sheet["numbers_off"]
    assert len(sheet["points"]) == 701
