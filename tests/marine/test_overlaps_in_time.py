"""What keeps two spaces apart without a look at the plane: days and months, also against counting day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from marine.findings import Grade
from marine.overlaps import Pairs, Tolerance, grade
from marine.overlaps.attributes import shared
from marine.spaces import ALL_YEAR, OPEN_FROM, OPEN_TO, Space, Spaces, day_range, months_from_range

MINE, CROSSING = shapely.box(0, 0, 9_000, 4_000), shapely.box(5_000, 1_000, 15_000, 3_000)


def space(**columns: Any) -> Space:
    return Space(**({"geometry": MINE} | columns))


def other(**columns: Any) -> Space:
    return Space(**({"geometry": CROSSING} | columns))


def judged(mine: Space, theirs: Space) -> Pairs:
    return grade(Spaces.of([mine]), Spaces.of([theirs]), [0], [0], tolerance=Tolerance())


def verdict(mine: Space, theirs: Space) -> tuple[str, str]:
    found = judged(mine, theirs)
    return Grade(found.grade[0]).word, found.reason[0]


def held(first: str, last: str) -> dict[str, int]:
    start, end = day_range(date.fromisoformat(first), date.fromisoformat(last))
    return {"held_from": start, "held_to": end}


def test_a_term_that_begins_the_day_after_another_ends_is_clear() -> None:
    earlier = other(**held("2020-01-01", "2026-12-31"))
    assert verdict(space(**held("2027-01-01", "2030-12-31")), earlier) == ("clear", "dates.apart")
    assert verdict(space(**held("2026-12-31", "2030-12-31")), earlier) == ("conflict", "sea.exclusive")


def test_what_days_keep_apart_is_not_measured() -> None:
    found = judged(space(held_to=5), other(held_from=5))
    assert np.isnan([found.overlap_m2[0], found.width_m[0], found.share_draft[0], found.shared_edge_m[0]]).all()
    assert found.geometry[0] is None


def test_months_that_differ_are_clear() -> None:
    summer, winter = months_from_range(5, 9), months_from_range(11, 3)
    assert verdict(space(months=summer), other(months=winter)) == ("clear", "months.apart")
    assert verdict(space(months=summer), other(months=months_from_range(9, 11))) == ("conflict", "sea.exclusive")


def test_a_month_that_both_hold_but_that_the_common_days_do_not_reach_is_not_shared() -> None:
    """Common days 1 March to 31 May; both use only September."""
    september = months_from_range(9, 9)
    mine = space(months=september, **held("2027-03-01", "2028-12-31"))
    theirs = other(months=september, **held("2020-01-01", "2027-05-31"))
    assert verdict(mine, theirs) == ("clear", "months.apart")
    assert verdict(mine, replace(theirs, held_to=date(2027, 9, 2).toordinal())) == ("conflict", "sea.exclusive")


def shares_a_day(one: tuple[int, int, int], two: tuple[int, int, int]) -> tuple[bool, bool, int]:
    """Day by day: whether a day is in both ranges, whether one is in both month sets too, and in which months."""
    common, both, months = False, False, 0
    for ordinal in range(max(one[0], two[0]), min(one[1], two[1])):
        common = True
        bit = 1 << date.fromordinal(ordinal).month - 1
        if one[2] & bit and two[2] & bit:
            both, months = True, months | bit
    return common, both, months


START = date(2026, 12, 1).toordinal()
a_side = st.tuples(st.integers(0, 800), st.integers(0, 500), st.integers(1, ALL_YEAR)).map(
    lambda drawn: (START + drawn[0], START + drawn[0] + drawn[1], drawn[2])
)


@settings(max_examples=400, deadline=None)
@given(a_side, a_side)
def test_days_and_months_agree_with_counting_day_by_day(one: tuple[int, int, int], two: tuple[int, int, int]) -> None:
    rows = [Spaces.of([space(held_from=side[0], held_to=side[1], months=side[2])]) for side in (one, two)]
    found = shared(*rows, np.array([0]), np.array([0]))
    common, both, months = shares_a_day(one, two)
    assert bool(found.dates_apart[0]) is not common
    assert bool(found.months_apart[0]) is (common and not both)
    assert int(found.months[0]) == months


def test_open_terms_share_every_month_that_both_hold() -> None:
    found = judged(space(months=months_from_range(3, 5)), other(months=months_from_range(5, 8)))
    assert found.shared_months[0] == months_from_range(5, 5)
    assert (found.shared_from[0], found.shared_to[0]) == (OPEN_FROM, OPEN_TO)


def test_no_months_and_no_layers_say_nothing_and_count_as_all() -> None:
    assert verdict(space(months=0, layers=0), other(months=0b10, layers=4)) == ("conflict", "sea.exclusive")
    assert judged(space(months=0, layers=0), other(months=0b10, layers=4)).shared_layers[0] == 4


def test_days_count_in_whole_days_across_a_leap_year() -> None:
    """29 February is a day of its own month."""
    leap = date(2028, 2, 29)
    mine = space(held_from=leap.toordinal(), held_to=(leap + timedelta(days=1)).toordinal(), months=0b10)
    assert verdict(mine, other(months=0b10))[0] == "conflict"
    assert verdict(mine, other(months=0b100))[0] == "clear"
