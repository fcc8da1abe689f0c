"""Terms: what holds for every start day and length; the figures themselves stand in tests/rules/terms.yaml."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.rulebook import Inquiry, on, packaged
from marine.findings import Grade
from marine.terms import cap, fits, judge_term, last_day, months_after, months_before, renewal_deadline, whole_years

START = date(2027, 1, 1)
DAYS = st.dates(date(2002, 1, 1), date(2090, 12, 31))
YEARS = st.integers(1, 70)


def inquiry(day: date = date(2027, 1, 1), *places: str) -> Inquiry:
    """The packaged book in Rongcheng."""
    return packaged().inquire(dates=on(day), place=places or ("cn", "37", "3710", "371082"), today=date(2026, 11, 23))


@given(DAYS, YEARS)
def test_a_term_and_the_next_one_leave_no_day_out_and_none_twice(start: date, years: int) -> None:
    end = last_day(start, years)
    following = end + timedelta(days=1)
    if (start.month, start.day) == (2, 29):
        assert (end.month, end.day) in {(2, 28)}
    else:
        assert following == start.replace(year=start.year + years)


@given(DAYS, YEARS)
def test_a_term_fits_its_own_length_and_one_day_more_does_not(start: date, years: int) -> None:
    end = last_day(start, years)
    assert fits(start, end, years)
    assert not fits(start, end + timedelta(days=1), years)


@given(DAYS, YEARS)
def test_a_longer_term_ends_later(start: date, years: int) -> None:
    assert last_day(start, years) < last_day(start, years + 1)


@given(DAYS, YEARS)
def test_whole_years_counts_back_what_last_day_counted_forward(start: date, years: int) -> None:
    end = last_day(start, years)
    assert whole_years(start, end) == years
    assert whole_years(start, end - timedelta(days=1)) == years - 1


@given(DAYS, st.integers(0, 60))
def test_months_keep_the_day_or_take_the_months_last(day: date, months: int) -> None:
    later = months_after(day, months)
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert months_before(later, months).replace(day=1) == day.replace(day=1)


@given(st.dates(date(2004, 3, 1), date(2090, 12, 31)))
def test_the_renewal_deadline_is_the_earlier_of_both_and_before_the_end(end: date) -> None:
    found = renewal_deadline(inquiry(), end)
    assert found.by_days is not None
    assert found.day == min(found.by_months, found.by_days) < end
    assert found.reminders == tuple(end - timedelta(days=days) for days in (180, 90, 60))


def test_outside_shandong_only_the_national_two_months_count() -> None:
    asked = inquiry(date(2027, 1, 1), "cn")
    found = renewal_deadline(asked, date(2041, 12, 31))
    assert (found.day, found.by_days) == (date(2041, 10, 31), None)
    assert not asked.missing


def test_a_term_of_no_years_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one year"):
        last_day(date(2027, 1, 1), 0)


def test_without_a_use_type_the_term_is_not_judged_and_never_fits() -> None:
    found = judge_term(inquiry(), None, date(2027, 1, 1), date(2030, 12, 31))
    assert (found.code, found.grade) == ("term.not_judged", None)


def test_a_type_whose_longest_term_nobody_settled_is_not_judged() -> None:
    assert judge_term(inquiry(), "33", date(2027, 1, 1), date(2030, 12, 31)).code == "term.not_judged"


def test_a_term_too_long_is_a_conflict_that_names_the_latest_lawful_day() -> None:
    found = judge_term(inquiry(), "13", date(2027, 1, 1), date(2042, 1, 1))
    assert (found.code, found.grade, found.facts["latest"]) == ("term.too_long", Grade.CONFLICT, date(2041, 12, 31))
    assert found.basis[0].cite == "海域使用管理法 第二十五条；山东省海域使用管理条例 第二十七条"
    elsewhere = judge_term(inquiry(START, "cn"), "13", START, date(2042, 1, 1))
    assert elsewhere.basis[0].cite == "海域使用管理法 第二十五条"


def test_a_term_that_fits_is_reported_too() -> None:
    assert judge_term(inquiry(), "13", date(2027, 1, 1), date(2041, 12, 31)).grade is Grade.CLEAR


def test_a_shipyard_of_fifty_years_is_told_that_ship_breaking_has_twenty() -> None:
    found = judge_term(inquiry(), "24", date(2027, 1, 1), date(2076, 12, 31))
    assert (found.code, found.facts["shorter_years"]) == ("term.fits_unless", 20)
    assert judge_term(inquiry(), "24", date(2027, 1, 1), date(2046, 12, 31)).code == "term.fits"
    assert cap(inquiry(), "24", "ship_breaking").years == 20
