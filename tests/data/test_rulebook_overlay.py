"""The administrator's overlay on the rule book: entries, confirmations, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from data.rulebook import Confirmation, Entry, RuleBook, RuleBookError, merge, on, packaged

DAY = date(2027, 1, 1)
TODAY = date(2026, 11, 23)
RONGCHENG = ("cn", "37", "3710", "371082")


def entry(**changes: object) -> Entry:
    """An aquaculture rate for Rongcheng in 2027."""
    told = Entry(
        rule="fee.rate",
        keys={"mode": "41", "grade": "3"},
        value=Decimal("0.03"),
        place="371082",
        since=date(2027, 1, 1),
        until=date(2027, 12, 31),
        cite="威海市文件（测试）",
        document="测试.pdf",
        checked=TODAY,
    )
    return replace(told, **changes)  # type: ignore[arg-type]


def rate(book: RuleBook, day: date, place: tuple[str, ...] = RONGCHENG) -> object:
    """The aquaculture rate on a day at a place."""
    return book.inquire(dates=on(day), place=place, today=TODAY).ask("fee.rate", mode="41", grade=3).value


def test_an_entry_beats_the_packaged_value_for_its_dates_and_place_only() -> None:
    book = merge(packaged(), [entry()])
    assert rate(book, date(2027, 6, 1)) == Decimal("0.03")
    assert rate(book, date(2026, 12, 31)) is rate(book, date(2028, 1, 1)) is None
    assert rate(book, date(2027, 6, 1), ("cn", "37", "3710", "371083")) is None
    assert book.hash != packaged().hash
    assert RuleBook.from_content(book.content()).hash == book.hash


def test_an_entry_left_out_after_withdrawal_gives_back_the_old_book() -> None:
    assert merge(merge(packaged(), [entry()])).hash == packaged().hash


def test_an_entry_beats_a_packaged_value_of_the_same_place() -> None:
    told = entry(keys={"mode": "23", "grade": "3"}, place="cn", value=Decimal("3.30"))
    inquiry = merge(packaged(), [told]).inquire(dates=on(DAY), place=RONGCHENG, today=TODAY)
    answer = inquiry.ask("fee.rate", mode="23", grade=3)
    assert (answer.value, answer.mark, answer.source.cite) == (Decimal("3.30"), None, "威海市文件（测试）")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"rule": "fee.price"}, "rules.rule_unknown"),
        ({"keys": {"mode": "41"}}, "rules.value_type"),
        ({"keys": {"mode": "99", "grade": "3"}}, "rules.code_unknown"),
        ({"value": "three"}, "rules.value_type"),
        ({"value": Decimal("NaN")}, "rules.value_type"),
        ({"value": Decimal("Infinity")}, "rules.value_type"),
        ({"document": " "}, "rules.cite_missing"),
        ({"cite": ""}, "rules.cite_missing"),
        ({"place": "440000"}, "rules.place_unknown"),
        ({"until": date(2026, 1, 1)}, "rules.until_before_from"),
        ({"seen": "house"}, "rules.house_cite"),
        ({"seen": "heard"}, "rules.seen_unknown"),
    ],
)
def test_an_entry_that_cannot_stand_is_refused(changes: dict[str, object], fault: str) -> None:
    with pytest.raises(RuleBookError) as refused:
        merge(packaged(), [entry(**changes)])
    assert fault in {each.code for each in refused.value.faults}


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"off": {"2027-01-01": "元旦"}}, "off and work"),
        ({"off": {"2026-01-01": "元旦"}, "work": []}, "not in 2027"),
        ({"off": {"2027-13-01": "元旦"}, "work": []}, "month"),
        ({"off": {}, "work": ["2027-01-04"]}, "no weekend day"),
        ({"off": {"2027-01-02": "元旦"}, "work": ["2027-01-02"]}, "off and worked"),
    ],
)
def test_a_holiday_table_that_cannot_be_is_refused(value: dict[str, object], why: str) -> None:
    told = entry(rule="calendar.year", keys={"year": "2027"}, value=value, place="cn", since=None, until=None)
    with pytest.raises(RuleBookError, match=why):
        merge(packaged(), [told])


def test_two_entries_for_the_same_day_are_refused_until_one_is_withdrawn() -> None:
    with pytest.raises(RuleBookError) as refused:
        merge(packaged(), [entry(), entry(since=date(2027, 12, 31), until=None)])
    assert [each.code for each in refused.value.faults] == ["rules.entry_overlaps"]
    later = entry(since=date(2028, 1, 1), until=None, value=Decimal("0.04"))
    assert rate(merge(packaged(), [entry(), later]), date(2028, 1, 1)) == Decimal("0.04")


def confirmation(book: RuleBook, on_day: date = TODAY) -> Confirmation:
    """An administrator's word on the Rongcheng sea grade."""
    (cell,) = book.values("sea.grade", place="371082")
    return Confirmation(
        rule="sea.grade",
        keys={"place": "371082"},
        place="cn",
        since=cell.since,
        fingerprint=cell.fingerprint,
        by="王示例",
        on=on_day,
        document="财综文件.pdf",
    )


def test_a_confirmation_lifts_the_doubt_and_names_who_and_when() -> None:
    book = merge(packaged(), [], [confirmation(packaged())])
    answer = book.inquire(dates=on(DAY), today=TODAY).ask("sea.grade", place="371082")
    assert (answer.mark, answer.source.checked) == (None, TODAY)
    assert answer.fact is not None and answer.fact.confirmed is not None
    assert answer.fact.confirmed.by == "王示例"
    assert book.stale == ()
    assert book.hash != packaged().hash


def test_an_upgrade_that_changes_a_confirmed_value_asks_again() -> None:
    word = confirmation(packaged())
    changed_cells = tuple(
        replace(cell, value=2) if cell.rule == "sea.grade" and ("place", "371082") in cell.keys else cell
        for cell in packaged().cells
    )
    upgraded = RuleBook(packaged().rules, changed_cells, packaged().codes, packaged().places)
    book = merge(upgraded, [], [word])
    assert book.inquire(dates=on(DAY), today=TODAY).ask("sea.grade", place="371082").mark == "unverified"
    assert [(stale.confirmation, stale.cell.value if stale.cell else None) for stale in book.stale] == [(word, 2)]


def test_a_confirmation_of_a_text_holds_for_a_year() -> None:
    cell = next(cell for cell in packaged().values("term.maximum_years", use_type="13") if cell.place == "cn")
    word = Confirmation(
        rule="term.maximum_years",
        keys={"use_type": "13"},
        place="cn",
        since=cell.since,
        fingerprint=cell.fingerprint,
        by="王示例",
        on=date(2026, 1, 10),
        document="法律文本.pdf",
    )
    book = merge(packaged(), [], [word])
    for today, mark in ((date(2027, 1, 10), None), (date(2027, 1, 11), "edition_not_confirmed")):
        assert book.inquire(dates=on(DAY), today=today).ask("term.maximum_years", use_type="13").mark == mark
