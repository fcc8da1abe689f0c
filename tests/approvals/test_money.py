"""What is owed and what was paid, as values: the first bill by the book, and a balance that agrees with a simple ledger."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.missing_fees import missing_data, missing_facts, missing_in_words
from approvals.money import (
    NOTHING,
    Balance,
    amount_of,
    balance_of,
    bill_for,
    lines_json,
    period_of,
    standing_after,
)
from data.answers import Refusal
from data.rulebook import Entry, Inquiry, RuleBook, merge, on, packaged
from marine.fees import FeeSheet, FeeUnit, Relief

START = date(2027, 1, 1)
RONGCHENG, RUSHAN = "371082", "371083"


def inquiry(book: RuleBook | None = None, place: str = RONGCHENG) -> Inquiry:
    told = book or packaged()
    return told.inquire(dates=on(START), place=told.places.chain(place), today=date(2026, 11, 26))


def bill(
    *units: tuple[str, str], last: date = date(2041, 12, 31), book: RuleBook | None = None, **given: object
) -> FeeSheet:
    told = [FeeUnit(mode, Decimal(hectares)) for mode, hectares in units]
    return bill_for(told, RONGCHENG, START, last, inquiry=inquiry(book), **given)  # type: ignore[arg-type]


def with_billing(value: str) -> RuleBook:
    return merge(packaged(), [Entry(rule="fee.billing", value=value, cite="本系统设定", seen="house", document="x")])


def test_the_first_bill_of_a_yearly_mode_is_its_first_year() -> None:
    """10 ha of open-piled structure off Rongcheng (grade 3) at 3.23: 323,000 yuan a year, whatever the term."""
    sheet = bill(("23", "10"))
    assert sheet.total_yuan == Decimal("323000.00")
    assert [(line.step, line.first, line.last) for line in sheet.lines] == [("year", START, date(2027, 12, 31))]
    assert period_of(sheet) == (START, date(2027, 12, 31))
    assert bill(("31", "1")).total_yuan == Decimal("6900.00")
    rushan = bill_for([FeeUnit("23", Decimal(10))], RUSHAN, START, date(2030, 12, 31), inquiry=inquiry(place=RUSHAN))
    assert rushan.total_yuan == Decimal("253000.00")


def test_a_mode_charged_once_is_billed_whole_beside_the_first_year_of_the_others() -> None:
    sheet = bill(("21", "0.0147"), ("23", "0.0178"), ("31", "0.0781"), last=date(2076, 12, 31))
    assert sheet.total_yuan == Decimal("23163.83")
    assert [(line.step, line.last) for line in sheet.lines] == [
        ("once", date(2076, 12, 31)),
        ("year", date(2027, 12, 31)),
        ("year", date(2027, 12, 31)),
    ]
    assert period_of(sheet) == (START, date(2076, 12, 31))


def test_the_house_may_bill_the_whole_term_and_each_line_says_who_chose() -> None:
    """海域使用管理法 第三十四条: at once or year by year; which of both is our own setting."""
    first, whole = bill(("23", "10")), bill(("23", "10"), book=with_billing("whole_term"))
    assert whole.total_yuan == 15 * Decimal("323000.00") and len(whole.lines) == 15
    for sheet in (first, whole):
        rules = {source.rule: source for line in sheet.lines for source in line.basis}
        assert rules["fee.payment"].cite == "海域使用管理法 第三十四条"
        assert rules["fee.billing"].seen == "house"
    unknown = bill(("23", "10"), book=with_billing("when_asked"))
    assert (unknown.total_yuan, unknown.missing, unknown.lines) == (None, ("fee.billing",), ())


def test_a_term_under_a_year_is_billed_once_by_its_share() -> None:
    (line,) = bill(("23", "10"), last=date(2027, 6, 30)).lines
    assert (line.step, line.last, line.yuan) == ("short_use", date(2027, 6, 30), Decimal("161500.00"))
    assert len(bill(("23", "10"), last=date(2028, 3, 31)).lines) == 1


def test_relief_takes_its_share_of_what_is_billed_and_no_more() -> None:
    half = bill(("23", "10"), relief=[Relief("aquaculture", decision="示例 1 号", share=Decimal("0.5"))])
    assert half.total_yuan == Decimal("161500.00")
    assert bill(("23", "10"), relief=[Relief("military")]).total_yuan == NOTHING


def test_an_unknown_rate_makes_no_figure_and_says_who_must_supply_what_and_how() -> None:
    sheet = bill(("41", "13.3333"))
    assert sheet.total_yuan is None
    (datum,) = missing_data(sheet, RONGCHENG, packaged())
    assert (datum.rule, dict(datum.keys), datum.place) == ("fee.rate", {"mode": "41", "grade": "3"}, RONGCHENG)
    assert datum.what == {
        "zh": "海域使用金征收标准（开放式养殖 41，三等）",
        "en": "Sea-use fee rate (Open aquaculture 41, grade 3)",
    }
    assert datum.command is not None and datum.command.startswith(
        "haiyu rules enter --rule fee.rate --key mode=41 --key grade=3 --place 371082 "
    )
    for lang, words in (("zh", "须由管理员附文件录入"), ("en", "An administrator must supply it")):
        told = missing_in_words(sheet, RONGCHENG, packaged(), lang)
        assert words in told and "POST /api/v1/rules/fee.rate/entries" in told
    facts = missing_facts(sheet, RONGCHENG, packaged())
    assert facts["missing"] == ["fee.rate.41.3"] and facts["choices"][0]["message"]["en"]
    json.dumps(facts)
    supplied = Entry(rule="fee.rate", value=Decimal("0.06"), keys={"mode": "41", "grade": "3"}, place=RONGCHENG, cite="示例文件", document="x")  # fmt: skip
    assert bill(("41", "10"), book=merge(packaged(), [supplied])).total_yuan == Decimal("6000.00")


@pytest.mark.parametrize(
    ("place", "mode", "relief", "code", "supplied_by", "words"),
    [
        (RONGCHENG, "11", None, "fee.modes.11", "officer", "11-industry, 11-town"),
        ("371099", "23", None, "sea.grade.371099", "administrator", "海域等别"),
        (RONGCHENG, "23", Relief("aquaculture"), "fee.relief_decision.aquaculture", "approver", "养殖用海"),
        (RONGCHENG, "23", Relief("friendship"), "fee.relief.friendship", "administrator", "friendship"),
        (RONGCHENG, "13", None, "fee.rate.13.3", "administrator", "废弃物处置填海造地"),
    ],
)
def test_each_kind_of_missing_datum_is_asked_of_whom_it_concerns(
    place: str, mode: str, relief: Relief | None, code: str, supplied_by: str, words: str
) -> None:
    given_relief = [relief] if relief else []
    sheet = bill_for(
        [FeeUnit(mode, Decimal(1))], place, START, date(2030, 12, 31), inquiry=inquiry(), relief=given_relief
    )
    (datum,) = missing_data(sheet, place, packaged())
    assert (datum.code, datum.supplied_by) == (code, supplied_by)
    assert (datum.command is not None) == (supplied_by == "administrator") == (datum.route is not None)
    assert words in datum.message("zh") and datum.message("en")
    assert missing_in_words(bill(("23", "1")), RONGCHENG, packaged(), "zh") == ""


def test_lines_are_plain_values_with_basis_and_mark() -> None:
    (line,) = lines_json(bill(("23", "10")))
    assert json.loads(json.dumps(line)) == line
    assert (line["hectares"], line["rate"], line["yuan"], line["first"]) == ("10", "3.23", "323000.00", "2027-01-01")
    assert {"rule", "cite", "seen", "mark"} <= line["basis"][0].keys()
    assert line["basis"][0]["mark"] == "unverified"


@dataclass(frozen=True)
class Moved:
    kind: str
    yuan: Decimal


AMOUNTS = st.integers(1, 10**9).map(lambda cents: Decimal(cents) / 100)
MOVEMENTS = st.lists(st.builds(Moved, st.sampled_from(["receipt", "refund", "reversal"]), AMOUNTS), max_size=12)
OWED = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)


@given(OWED, MOVEMENTS, st.sampled_from(["open", "settled", "void", "exempt"]))
def test_a_balance_never_owes_and_returns_at_once_and_always_adds_up(
    owed: Decimal, movements: list[Moved], standing: str
) -> None:
    told = balance_of(owed, standing, movements)
    asked = NOTHING if standing in ("void", "exempt") else owed
    assert told.remaining >= 0 and told.excess >= 0 and NOTHING in (told.remaining, told.excess)
    assert asked + told.excess == told.paid + told.remaining
    assert told == balance_of(owed, standing, movements[::-1])
    ledger = sum((each.yuan if each.kind == "receipt" else -each.yuan for each in movements), NOTHING)
    assert told.paid == ledger
    after = standing_after(standing, told)
    assert after == standing if standing in ("void", "exempt") else after == ("open" if told.remaining else "settled")


def test_a_receipt_that_fell_after_its_excess_was_refunded_leaves_more_than_the_bill_to_pay() -> None:
    told = Balance.of(Decimal(60), [Moved("receipt", Decimal(100)), Moved("refund", Decimal(40)), Moved("reversal", Decimal(100))])  # fmt: skip
    assert (told.paid, told.remaining, told.excess) == (-40, 100, 0)
    assert (told.as_json()["remaining_yuan"], told.as_json()["paid_yuan"]) == ("100.00", "-40.00")


@given(st.decimals(allow_nan=True, allow_infinity=True) | st.floats() | st.text(max_size=20) | st.none())
def test_an_amount_is_above_nothing_with_two_decimals_or_refused(told: object) -> None:
    try:
        amount = amount_of(told)
    except Refusal as refusal:
        assert refusal.code == "receipt.amount"
        return
    assert 0 < amount < 10**16 and amount.as_tuple().exponent == -2 and amount == Decimal(str(told))


def test_amounts_that_look_like_amounts() -> None:
    for told in ("0.001", "-1", "0", "0.00", "1e16", "NaN", "Infinity", "sNaN", "12,5", "", "一百", "1.005"):
        with pytest.raises(Refusal):
            amount_of(told)
    assert [amount_of(told) for told in ("0.01", "1e2", 7, "323000.10")] == [
        Decimal("0.01"),
        Decimal("100.00"),
        Decimal("7.00"),
        Decimal("323000.10"),
    ]
