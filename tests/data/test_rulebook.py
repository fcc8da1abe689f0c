"""The rule book: its closed schema, its hash, asking by date and place, doubts, overlay and confirmations."""

from __future__ import annotations

import pickle
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from data.messages import has
from data.rulebook import (
    DateNotGiven,
    RuleBook,
    RuleBookError,
    UnknownRule,
    on,
    packaged,
    schema,
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


def test_every_rule_stands_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
    told = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `")}
    assert told >= set(packaged().rules)
    assert {rule for rule in told if "." in rule} <= set(packaged().rules)


def test_every_fault_of_a_rule_file_has_its_text() -> None:
    written = Path(schema.__file__).parent
    codes = {
        code for path in written.glob("*.py") for code in re.findall(r'"(rules\.[a-z_]+)"', path.read_text("utf-8"))
    }
    assert codes
    assert all(has(code) for code in codes), sorted(code for code in codes if not has(code))
