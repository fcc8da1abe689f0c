"""The rule book: its closed schema, its hash, asking by date and place, doubts, overlay and confirmations."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from data.rulebook import (
    Confirmation,
    DateNotGiven,
    Entry,
    RuleBook,
    RuleBookError,
    UnknownRule,
    merge,
    on,
    packaged,
)
from data.rulebook.packaged import read_book

DAY = date(2027, 1, 1)
TODAY = date(2026, 11, 23)
RONGCHENG = ("cn", "37", "3710", "371082")

CODES = """
sources:
  s: {cite: 代码表, seen: text, edition: "2020", checked: 2026-06-01}
lists:
  use_types: {title: {zh: 类型, en: Types}, source: s, entries: [{code: "13", zh: 养殖, en: Farming}]}
  use_modes: {title: {zh: 方式, en: Modes}, source: s, entries: [{code: "41", zh: 养殖, en: Farming}]}
  fee_modes: {title: {zh: 计征, en: Fee}, source: s, entries: [{code: "41", zh: 养殖, en: Farming}]}
  zone_kinds: {title: {zh: 区, en: Zones}, source: s, entries: [{code: z, zh: 区, en: Zone}]}
places:
  - {id: cn, kind: nation, zh: 中国, en: China, parent: null, codes: [{scheme: administrative, code: "1", source: s}]}
  - {id: "37", kind: province, zh: 山东, en: Shandong, parent: cn, codes: []}
"""
RULES = """
sources:
  law: {cite: 某法 第一条, seen: text, edition: "2001-10-27", checked: 2026-06-01}
rules:
  most:
    title: {zh: 最多, en: Most}
    governed_by: decided
    type: integer
    values:
      - {from: 2002-01-01, until: 2009-12-31, source: law, value: 10}
      - {from: 2010-01-01, source: law, value: 15}
"""


def book_of(rules: str, codes: str = CODES) -> RuleBook:
    """A small book from texts."""
    return read_book(codes={"codes.yaml": codes}, rules={"law.yaml": rules}, calendars={})


def faults_of(rules: str) -> list[tuple[str, int]]:
    """Code and line of every fault."""
    with pytest.raises(RuleBookError) as refused:
        book_of(rules)
    return [(fault.code, fault.line) for fault in refused.value.faults]


def line_of(text: str, part: str) -> int:
    """The line (from 1) on which a part stands."""
    return text[: text.index(part)].count("\n") + 1


def changed(old: str, new: str) -> str:
    """The small rule file with one passage changed."""
    assert old in RULES
    return RULES.replace(old, new)


def test_a_value_is_found_by_the_date_that_governs_it() -> None:
    book = book_of(RULES)
    for day, value in ((date(2009, 12, 31), 10), (date(2010, 1, 1), 15), (date(2001, 12, 31), None)):
        inquiry = book.inquire(dates={"decided": day, "received": date(2020, 1, 1)}, today=TODAY)
        assert inquiry.ask("most").value == value


def test_a_date_that_the_caller_did_not_give_is_not_chosen_for_him() -> None:
    with pytest.raises(DateNotGiven, match="decided"):
        book_of(RULES).inquire(dates={"received": DAY}).ask("most")


def test_a_duplicate_key_is_refused_at_its_line() -> None:
    text = changed("    type: integer\n", "    type: integer\n    type: decimal\n")
    assert faults_of(text) == [("rules.duplicate_key", line_of(text, "    type: decimal"))]


def test_an_unknown_key_is_refused_at_its_line() -> None:
    text = changed("    type: integer\n", "    type: integer\n    cite: 某法\n")
    assert faults_of(text) == [("rules.unknown_key", line_of(text, "    title"))]


def test_a_citation_that_slipped_into_the_value_is_refused() -> None:
    text = changed("source: law, value: 15", "source: law, value: 15, cite: 某法")
    assert ("rules.unknown_key", line_of(text, "2010-01-01")) in faults_of(text)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("until: 2009-12-31", "until: 2009-12-30", "rules.gap"),
        ("until: 2009-12-31", "until: 2010-01-01", "rules.overlap"),
        ("until: 2009-12-31, ", "", "rules.overlap"),
        ("until: 2009-12-31", "until: 2001-12-31", "rules.until_before_from"),
        ("source: law, value: 15", "value: 15", "rules.cite_missing"),
        ("source: law, value: 15", "source: lore, value: 15", "rules.source_unknown"),
        ("value: 15", "value: 15.5", "rules.value_type"),
        ("value: 15", "value: true", "rules.value_type"),
        ("value: 15", "value: '15'", "rules.value_type"),
        ("value: 15", "value: null", "rules.status"),
        ("value: 15", "value: 15, status: unknown", "rules.status"),
        ("from: 2010-01-01", "from: '2010-01-01'", "rules.not_a_date"),
        ("governed_by: decided", "governed_by: whenever", "rules.governed_by"),
        ("type: integer", "type: number", "rules.type_unknown"),
        ("seen: text", "seen: rumour", "rules.seen_unknown"),
        ("seen: text, ", "seen: memory, ", "rules.confidence"),
        ("seen: text, ", "seen: house, ", "rules.house_cite"),
        ("cite: 某法 第一条", "cite: ''", "rules.not_text"),
        (', edition: "2001-10-27"', "", "rules.edition_missing"),
        ("value: 15", "value: 15, place: 44", "rules.place_unknown"),
        ("value: 15", "value: 15, overrides: cn", "rules.overrides_nothing"),
        ("rules:", "rule:", "rules.unknown_key"),
        ("zh: 最多, ", "", "rules.missing_key"),
        ("  law: {", "  spare: {cite: 某法, seen: secondary}\n  law: {", "rules.source_unused"),
        ("sources:", "sources: [", "rules.not_yaml"),
    ],
)
def test_the_closed_schema_refuses(old: str, new: str, fault: str) -> None:
    assert fault in {code for code, _ in faults_of(changed(old, new))}


def test_every_fault_is_told_at_once_with_its_line() -> None:
    text = RULES.replace("value: 10", "value: ten").replace("value: 15", "value: fifteen")
    assert faults_of(text) == [
        ("rules.value_type", line_of(text, "from: 2002")),
        ("rules.value_type", line_of(text, "from: 2010")),
    ]


def test_a_smaller_place_overrides_only_when_it_says_so() -> None:
    more = "\n      - {from: 2010-01-01, place: '37', source: law, value: 12}"
    assert ("rules.override_not_said", line_of(RULES.rstrip() + more, "place: '37'")) in faults_of(
        RULES.rstrip() + more
    )
    said = more.replace("place: '37'", "place: '37', overrides: cn")
    book = book_of(RULES.rstrip() + said)
    assert book.inquire(dates=on(DAY), place=("cn", "37")).ask("most").value == 12
    assert book.inquire(dates=on(DAY), place=("cn",)).ask("most").value == 15
    assert book.inquire(dates=on(date(2005, 1, 1)), place=("cn", "37")).ask("most").value == 10


BANDS = """
sources:
  law: {cite: 某法 第一条, seen: text, edition: "2001"}
rules:
  level:
    title: {zh: 级, en: Level}
    governed_by: decided
    type: text
    band: hectares
    values:
      - from: null
        source: law
        value: [{from: 0, below: 10, value: low}, {from: 10, below: null, value: high}]
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("from: 10, below: null", "from: 11, below: null"),
        ("from: 10, below: null", "from: 9, below: null"),
        ("from: 0, below: 10", "from: 1, below: 10"),
        ("below: null, value: high", "below: 20, value: high"),
        ("below: 10, value: low", "below: 10, value: low, level: x"),
        ("from: 0, below: 10", "from: 0, below: 0"),
    ],
)
def test_bands_with_a_gap_an_overlap_or_no_end_are_refused(old: str, new: str) -> None:
    assert old in BANDS
    assert [code for code, _ in faults_of(BANDS.replace(old, new))] == ["rules.value_type"]


def test_a_band_includes_its_beginning_and_excludes_its_end() -> None:
    inquiry = book_of(BANDS).inquire(dates=on(DAY))
    told = [inquiry.ask("level", hectares=area).value for area in ("0", "9.9999", "10", "10.0001")]
    assert told == ["low", "low", "high", "high"]


def test_words_that_yaml_would_take_for_booleans_stay_words() -> None:
    text = changed("type: integer", "type: text").replace("value: 10", "value: off").replace("value: 15", "value: no")
    assert book_of(text).inquire(dates=on(DAY)).ask("most").value == "no"


def test_figures_never_pass_through_binary_floating_point() -> None:
    answer = packaged().inquire(dates=on(DAY)).ask("fee.rate", mode="23", grade=3)
    assert answer.value == Decimal("3.23") and isinstance(answer.value, Decimal)


def test_equal_content_has_an_equal_hash_and_a_book_is_rebuilt_from_its_content() -> None:
    book = packaged()
    again = RuleBook.from_content(book.content())
    assert again == book
    assert again.hash == book.hash
    assert again.content() == book.content()
    assert again.inquire(dates=on(DAY), place=RONGCHENG).ask("fee.rate", mode="23", grade=3).value == Decimal("3.23")
    with pytest.raises(ValueError, match="format"):
        RuleBook.from_content(b'{"format": "other"}')


def test_one_changed_figure_changes_the_hash() -> None:
    assert book_of(RULES).hash == book_of(RULES).hash
    assert book_of(RULES).hash != book_of(changed("value: 15", "value: 16")).hash
    assert book_of(RULES).hash != book_of(changed("某法 第一条", "某法 第二条")).hash


def test_a_book_can_be_handed_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(packaged())).hash == packaged().hash


def test_a_book_cannot_be_changed_in_place() -> None:
    value = packaged().inquire(dates=on(DAY), place=RONGCHENG).ask("reclamation.stop").value
    with pytest.raises(TypeError):
        value["modes"] = ()
    with pytest.raises(AttributeError):
        packaged().hash = "0"  # type: ignore[misc]


def test_an_inquiry_remembers_every_source_once_and_everything_missing() -> None:
    inquiry = packaged().inquire(dates=on(DAY), place=RONGCHENG, today=TODAY)
    inquiry.ask("term.maximum_years", use_type="13")
    inquiry.ask("term.maximum_years", use_type="13")
    inquiry.at(period=date(2028, 1, 1)).ask("fee.rate", mode="41", grade=3)
    assert [source.rule for source in inquiry.sources] == ["term.maximum_years", "fee.rate"]
    assert [missing.code for missing in inquiry.missing] == ["fee.rate.41.3"]
    assert inquiry.missing[0].on == date(2028, 1, 1)


def test_a_rule_or_key_that_does_not_exist_is_a_fault_of_the_asker() -> None:
    inquiry = packaged().inquire(dates=on(DAY))
    with pytest.raises(UnknownRule):
        inquiry.ask("fee.price")
    with pytest.raises(TypeError, match="mode, grade"):
        inquiry.ask("fee.rate", mode="23")
    with pytest.raises(TypeError, match="no key"):
        inquiry.ask("remedy.search_km", mode="23")


@pytest.mark.parametrize(
    ("checked", "today", "mark"),
    [
        ("checked: 2026-06-01", TODAY, None),
        ("checked: 2025-11-23", TODAY, None),
        ("checked: 2025-11-22", TODAY, "edition_not_confirmed"),
        ("checked: null", TODAY, "edition_not_confirmed"),
        ("checked: 2026-06-01", date(2027, 6, 2), "edition_not_confirmed"),
    ],
)
def test_a_text_not_confirmed_for_a_year_bears_its_doubt(checked: str, today: date, mark: str | None) -> None:
    book = book_of(changed("checked: 2026-06-01", checked))
    assert book.inquire(dates=on(DAY), today=today).ask("most").mark == mark


def test_memory_and_copies_are_unverified_and_our_own_settings_are_ours() -> None:
    inquiry = packaged().inquire(dates=on(DAY), place=RONGCHENG, today=TODAY)
    assert inquiry.ask("fee.rate", mode="23", grade=3).mark == "unverified"
    assert inquiry.ask("sea.grade", place="371082").mark == "unverified"
    house = inquiry.ask("boundary.tolerance.within_m")
    assert (house.mark, house.source.cite, house.source.mark) == ("house", "本系统设定", "house")


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
        ({"document": " "}, "rules.cite_missing"),
        ({"cite": ""}, "rules.cite_missing"),
        ({"place": "440000"}, "rules.place_unknown"),
        ({"until": date(2026, 1, 1)}, "rules.until_before_from"),
        ({"seen": "house"}, "rules.seen_unknown"),
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
    cell = next(cell for cell in packaged().values("term.maximum_years", use_type="13"))
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


def test_every_packaged_value_has_a_source_and_every_law_its_edition() -> None:
    for cell in packaged().cells:
        assert cell.origin.cite, cell.rule
        assert cell.origin.edition or cell.origin.seen in ("house", "memory", "secondary"), cell.rule
        assert (cell.origin.seen == "house") == cell.origin.cite.startswith("本系统设定"), cell.rule
        assert cell.value is not None or cell.status == "unknown", cell.rule


def test_nothing_that_the_handbook_leaves_open_has_a_figure() -> None:
    inquiry = packaged().inquire(dates=on(DAY), place=RONGCHENG, today=TODAY)
    for grade in range(1, 7):
        assert inquiry.ask("fee.rate", mode="41", grade=grade).value is None
        assert inquiry.ask("fee.rate", mode="33", grade=grade).value is None
    assert inquiry.ask("fairway.buffer_m").value is None
    assert inquiry.ask("authority.county_power", place="371002").value is None


def test_places_are_found_by_code_and_day() -> None:
    places = packaged().places
    assert places.find("371081", date(2013, 12, 31)) is not None
    assert places.find("371081", date(2014, 1, 1)) is None
    assert [place.id for place, _ in places.ever("371081")] == ["371003"]
    assert places["371072"].code("registry", DAY) == "371002"
    assert places["371072"].code("administrative", DAY) is None
    assert places.chain("371072") == ("cn", "37", "3710", "371002", "371072")
    assert places.common_superior(("371082", "371072")) == "3710"


def test_a_type_is_not_a_mode_though_both_have_two_digits() -> None:
    codes = packaged().codes
    assert (codes["use_types"]["41"].zh, codes["use_modes"]["41"].zh) == ("旅游基础设施用海", "开放式养殖")
    assert len(codes["use_modes"].leaves()) == 20
    assert codes["use_modes"].top("23").zh == "构筑物"
    assert [entry.code for entry in codes["layers"]] == ["surface", "water_column", "seabed", "subsoil"]
