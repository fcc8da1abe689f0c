"""Working days: what holds for every run; the tables of 2026 stand in tests/rules/clock.yaml."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.rulebook import Entry, Inquiry, merge, on, packaged
from marine.workdays import Calendar, Exclusion, run, run_by_rules

STARTS = st.dates(date(2019, 1, 1), date(2026, 6, 30))
LENGTHS = st.integers(0, 60)


def inquiry() -> Inquiry:
    """The packaged book, today."""
    return packaged().inquire(dates=on(date(2026, 11, 23)))


CALENDAR = Calendar.of(inquiry(), range(2019, 2027))


@given(STARTS, LENGTHS)
def test_as_many_days_are_counted_as_were_asked_and_the_last_one_counts(start: date, days: int) -> None:
    found = run(start, days, CALENDAR)
    assert sum(day.counted for day in found.days) == days
    assert found.finish == found.days[-1].date
    assert found.days[-1].counted or days == 0
    assert [day.date for day in found.days] == [start + timedelta(days=n) for n in range(len(found.days))]


@given(STARTS, LENGTHS)
def test_it_agrees_with_the_library_day_by_day(start: date, days: int) -> None:
    for day in run(start, days, CALENDAR).days[1:]:
        assert day.counted == chinese_calendar.is_workday(day.date)


@given(STARTS, st.integers(1, 30), st.integers(1, 30))
def test_two_limits_one_after_the_other_end_where_their_sum_ends(start: date, first: int, second: int) -> None:
    middle = run(start, first, CALENDAR).finish
    assert middle is not None
    assert run(middle, second, CALENDAR).finish == run(start, first + second, CALENDAR).finish


@given(STARTS, LENGTHS, st.integers(0, 20), st.integers(0, 10))
def test_days_left_out_never_bring_the_end_forward(start: date, days: int, offset: int, length: int) -> None:
    first = start + timedelta(days=offset)
    left_out = Exclusion(first, first + timedelta(days=length), "hearing", "行政许可法 第四十五条")
    with_ground, without = run(start, days, CALENDAR, [left_out]), run(start, days, CALENDAR)
    assert with_ground.finish is not None and without.finish is not None
    assert with_ground.finish >= without.finish
    assert all(not day.counted for day in with_ground.days if left_out.covers(day.date))


def test_every_day_of_2026_in_our_table_is_that_of_the_library() -> None:
    for number in range(365):
        day = date(2026, 1, 1) + timedelta(days=number)
        assert CALENDAR.label(day).counted == chinese_calendar.is_workday(day), day


def test_the_run_asks_for_no_year_that_it_does_not_reach() -> None:
    asked = inquiry()
    assert run_by_rules(asked, date(2026, 12, 28), 3).finish == date(2026, 12, 31)
    assert not asked.missing


def test_a_run_over_two_missing_years_names_both() -> None:
    found = run_by_rules(inquiry(), date(2026, 12, 1), 300)
    assert found.missing == ("calendar.2027", "calendar.2028")
    assert found.finish is None
    assert found.provisional_finish is not None


def test_a_table_entered_by_an_administrator_makes_the_end_certain() -> None:
    book = merge(
        packaged(),
        [
            Entry(
                rule="calendar.year",
                keys={"year": "2027"},
                value={"off": {"2027-01-01": "元旦", "2027-01-04": "元旦"}, "work": ["2027-01-02"]},
                cite="国务院办公厅关于2027年部分节假日安排的通知（测试）",
                document="测试文件",
            )
        ],
    )
    found = run_by_rules(book.inquire(dates=on(date(2026, 12, 28))), date(2026, 12, 28), 4)
    assert (found.finish, found.missing) == (date(2027, 1, 2), ())
    assert [day.label for day in found.days][-2:] == ["holiday", "makeup_workday"]


def test_negative_days_are_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        run(date(2026, 1, 1), -1, CALENDAR)
