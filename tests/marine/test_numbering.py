"""Numbers of points: kept when given, by the rule when not."""

from __future__ import annotations

import random

from marine.boundary import Polygon, settle
from marine.numbering import number_points, rule_order, shared_numbers
from tests.marine.golden import NOTATIONS, OUTLINE, POINTS, UNITS
from tests.marine.layouts import random_draft


def test_given_numbers_are_kept_in_whatever_order_they_run() -> None:
    settled = settle(OUTLINE, UNITS, {point: number for number, point in POINTS.items()}).boundary
    assert settled is not None
    assert [settled.unit_notation(unit, brief=True) for unit in range(3)] == list(NOTATIONS)
    assert [point.number for point in settled.points] == [12, *range(1, 12), 13, 14, 15]
    assert settled.unit_notation(0) == "2-3-4-5-6-7-8-9-10-2"
    assert settled.number_of(POINTS[14]) == 14


def test_unnumbered_points_start_north_west_and_run_counter_clockwise_then_holes_then_inner_points() -> None:
    left = Polygon(
        ((0, 0), (50, 0), (50, 60), (50, 100), (0, 100)), (((10, 10), (10, 20), (20, 10)), ((5, 40), (9, 44), (9, 40)))
    )
    right = Polygon(((50, 0), (100, 0), (100, 100), (50, 100), (50, 60)))
    settled = settle(None, [right, left]).boundary
    assert settled is not None
    numbers = dict(settled.numbers)
    assert [numbers[p] for p in ((0, 100), (0, 0), (50, 0), (100, 0), (100, 100), (50, 100))] == [1, 2, 3, 4, 5, 6]
    assert [numbers[p] for p in ((5, 40), (9, 44), (9, 40))] == [7, 8, 9]
    assert [numbers[p] for p in ((10, 10), (10, 20), (20, 10))] == [10, 11, 12]
    assert numbers[50, 60] == 13
    assert settled.unit_notation(0) == "3-4-5-6-13-3"


def test_of_two_north_western_points_the_more_northern_is_the_first() -> None:
    assert rule_order(Polygon(((0, 0), (9, 0), (9, 12), (3, 12), (0, 9))))[0] == (3, 12)


def test_numbers_by_rule_do_not_depend_on_how_the_file_was_written() -> None:
    for seed in range(40):
        rng = random.Random(f"numbers {seed}")
        draft = random_draft(rng)
        turn = rng.randrange(len(draft.parcel.exterior))
        ring = draft.parcel.exterior[turn:] + draft.parcel.exterior[:turn]
        ring = ring[::-1] if rng.random() < 0.5 else ring
        holes = tuple(hole[::-1] for hole in reversed(draft.parcel.holes))
        units = draft.units if len(draft.units) > 1 else ()
        again = settle(Polygon(ring, holes), units).boundary
        assert again == draft


def test_points_without_a_number_follow_the_highest() -> None:
    numbered = number_points(Polygon(((0, 0), (9, 0), (9, 9), (0, 9))), given={(9, 0): 4, (0, 0): 2, (70, 70): 99})
    assert dict(numbered) == {(0, 0): 2, (9, 0): 4, (0, 9): 5, (9, 9): 6}


def test_a_number_for_two_points_blocks_and_names_both() -> None:
    corners = ((0, 0), (9000, 0), (9000, 9000), (0, 9000))
    settled = settle(Polygon(corners), (), dict(zip(corners, (1, 2, 2, 3), strict=True)))
    assert settled.boundary is None
    assert [(f.code, f.facts["point"], f.remedy) for f in settled.faults] == [("numbers.twice", 2, "numbers.renumber")]
    assert shared_numbers({(0, 0): 1}, [(0, 0), (0, 0)]) == {}
