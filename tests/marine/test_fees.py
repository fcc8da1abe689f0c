"""Fees: what holds for every sheet; golden figures stand in tests/rules/fees.yaml."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.rulebook import Entry, Inquiry, merge, on, packaged
from marine.fees import FeeUnit, Relief, fee
from marine.terms import last_day

START = date(2027, 1, 1)
HECTARES = st.decimals(Decimal("0.0001"), Decimal("700"), places=4)
YEARLY = st.sampled_from(["23", "31", "32", "42", "43", "44", "52", "53", "54", "55", "56", "57"])


def inquiry(book=packaged(), day: date = START) -> Inquiry:  # noqa: B008 (the packaged book is one frozen value)
    """The book in Rongcheng."""
    return book.inquire(dates=on(day), place=book.places.chain("371082"), today=date(2026, 11, 23))


@given(st.lists(st.tuples(YEARLY, HECTARES), min_size=1, max_size=4), st.integers(1, 15))
def test_the_total_is_the_sum_of_its_lines_and_grows_with_the_years(
    units: list[tuple[str, Decimal]], years: int
) -> None:
    told = [FeeUnit(mode, hectares) for mode, hectares in units]
    sheet = fee(told, "371082", START, inquiry=inquiry(), years=years)
    assert sheet.total_yuan == sum(line.yuan for line in sheet.lines if line.yuan is not None)
    assert len(sheet.lines) == len(units) * years
    one = fee(told, "371082", START, inquiry=inquiry(), years=1)
    assert one.total_yuan is not None
    assert sheet.total_yuan == one.total_yuan * years


@given(st.dates(date(2019, 1, 1), date(2030, 12, 31)), st.integers(0, 4000))
def test_the_lines_of_a_unit_cover_its_period_without_gap_or_overlap(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    lines = fee([FeeUnit("23", Decimal(1))], "371082", start, inquiry=inquiry(day=start), end=end).lines
    assert (lines[0].first, lines[-1].last) == (start, end)
    for before, after in pairwise(lines):
        assert after.first == before.last + timedelta(days=1)
    assert all(line.last == last_day(line.first, 1) for line in lines[:-1] if (start.month, start.day) != (2, 29))


def test_each_line_names_its_rate_its_grade_and_how_it_is_charged() -> None:
    (line,) = fee([FeeUnit("23", Decimal(10))], "371082", START, inquiry=inquiry(), years=1).lines
    assert [source.rule for source in line.basis] == ["fee.rate", "fee.charged", "sea.grade"]
    assert all(source.mark == "unverified" for source in line.basis)


def test_an_aquaculture_rate_entered_with_its_document_makes_the_total() -> None:
    entry = Entry(
        rule="fee.rate",
        keys={"mode": "41", "grade": "3"},
        value=Decimal("0.03"),
        place="371082",
        since=date(2026, 1, 1),
        cite="测试文件 养殖用海海域使用金标准",
        document="测试文件.pdf",
    )
    book = merge(packaged(), [entry])
    sheet = fee([FeeUnit("41", Decimal("13.3333"))], "371082", START, inquiry=inquiry(book), years=15)
    assert sheet.lines[0].yuan == Decimal("3999.99")
    assert sheet.total_yuan == Decimal("59999.85")
    assert sheet.lines[0].basis[0].cite == "测试文件 养殖用海海域使用金标准"


def test_units_in_two_counties_pay_each_by_its_own_grade() -> None:
    units = [FeeUnit("23", Decimal(1)), FeeUnit("23", Decimal(1), place="371083")]
    sheet = fee(units, "371082", START, inquiry=inquiry(), years=1)
    assert [line.grade for line in sheet.lines] == [3, 4]
    assert sheet.total_yuan == Decimal("57600.00")


def test_a_layered_unit_pays_by_its_own_mode_and_says_by_which_rule() -> None:
    flat = fee([FeeUnit("53", Decimal(1))], "371082", START, inquiry=inquiry(), years=1)
    layered = fee([FeeUnit("53", Decimal(1), layers=("subsoil",))], "371082", START, inquiry=inquiry(), years=1)
    assert layered.total_yuan == flat.total_yuan == Decimal("7000.00")
    assert layered.lines[0].basis[-1].rule == "fee.per_layer"


def test_two_grounds_together_never_go_below_nothing() -> None:
    relief = [Relief("public_welfare"), Relief("public_facility", "示例1号", Decimal("0.5"))]
    sheet = fee([FeeUnit("23", Decimal(1))], "371082", START, inquiry=inquiry(), years=1, relief=relief)
    assert sheet.total_yuan == Decimal("0.00")
    assert [line.yuan for line in sheet.lines[1:]] == [Decimal("-32300.00"), Decimal("0.00")]


def test_relief_on_an_unknown_fee_is_no_figure() -> None:
    sheet = fee(
        [FeeUnit("41", Decimal(1))], "371082", START, inquiry=inquiry(), years=1, relief=[Relief("public_welfare")]
    )
    assert (sheet.total_yuan, sheet.lines[-1].yuan) == (None, None)


def test_years_and_end_are_not_both_told_nor_neither() -> None:
    for told in ({}, {"years": 1, "end": date(2027, 12, 31)}):
        with pytest.raises(ValueError, match="either"):
            fee([FeeUnit("23", Decimal(1))], "371082", START, inquiry=inquiry(), **told)


def test_a_share_of_more_than_everything_is_refused() -> None:
    with pytest.raises(ValueError, match="share"):
        fee(
            [FeeUnit("23", Decimal(1))],
            "371082",
            START,
            inquiry=inquiry(),
            years=1,
            relief=[Relief("public_facility", "示例1号", Decimal(2))],
        )
