"""The catalogues: every code in both languages with the same facts, and every code that the sources name has a text."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from data import messages

ROOT = Path(__file__).parents[1]
ROOMS = ("api", "approvals", "maps", "parcels", "marine", "data")
# Calls whose first argument is a message code.
TELLING = {"Finding", "Refusal", "text", "tell", "told", "both", "both_inline", "Lack"}
CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")


def codes_in(path: Path) -> set[str]:
    """The message codes that a source names outright."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = list(node.args[:1]) + [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        if name in TELLING:
            found |= {each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    return {code for code in found if CODE.fullmatch(code)}


def test_every_code_has_both_languages_and_no_code_stands_twice() -> None:
    """A Chinese officer met an English sentence in a refusal and rang the help desk; the catalogue is closed since."""
    assert len(messages.catalogue()) > 50
    assert messages.twice() == {}


@pytest.mark.parametrize("area", sorted(path.name for path in messages.FOLDER.glob("*.yaml")))
def test_both_languages_tell_the_same_facts(area: str) -> None:
    """A figure that only one language shows is a figure that half of the readers do not know."""
    uneven = {
        code: {lang: sorted(messages.placeholders(template)) for lang, template in texts.items()}
        for code, texts in messages.read_catalogue(messages.FOLDER / area).items()
        if messages.placeholders(texts["zh"]) != messages.placeholders(texts["en"])
    }
    assert uneven == {}


def test_chinese_texts_are_chinese_and_english_ones_are_not() -> None:
    """Two languages swapped by a slip of the hand read perfectly well to whoever wrote them."""
    han = re.compile(r"[\u4e00-\u9fff]")
    swapped = [
        code
        for code, texts in messages.catalogue().items()
        if re.search(r"[A-Za-z]{4}", re.sub(r"\{[^}]*\}", "", texts["en"]))
        and not han.search(texts["zh"])
        and texts["zh"] != texts["en"]
    ]
    assert swapped == []


def test_every_code_that_the_sources_name_has_a_text() -> None:
    """A refusal without a text reached a citizen as `case.fee_unpaid`."""
    missing = {}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            lost = sorted(code for code in codes_in(path) if not messages.has(code))
            if lost:
                missing[path.relative_to(ROOT).as_posix()] = lost
    assert missing == {}


def test_how_to_mend_belongs_to_something_that_can_break() -> None:
    orphans = [
        code for code in messages.catalogue() if code.endswith(".mend") and not messages.has(code.removesuffix(".mend"))
    ]
    assert orphans == []


def test_a_missing_code_language_or_fact_is_never_silent() -> None:
    for code, lang, facts in (
        ("no.such", "zh", {}),
        ("ground.done", "fr", {}),
        ("ground.start_failed", "zh", {"said": "x"}),
    ):
        with pytest.raises(messages.MessageFault):
            messages.text(code, lang, **facts)


def test_a_catalogue_that_is_not_well_formed_is_refused(tmp_path: Path) -> None:
    for content in (
        "a.b: {zh: 一}",
        "a.b: {zh: 一, en: one, fr: un}",
        "a.b: 一",
        "a.b: {zh: '', en: one}",
        "- a",
        "a.b: {zh: 一, en: a}\na.b: {zh: 二, en: b}",
    ):
        path = tmp_path / "area.yaml"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(messages.MessageFault):
            messages.read_catalogue(path)
