"""What stands in the way of a fee, in words: which datum is missing, who can supply it, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.messages import LANGUAGES, text
from data.rulebook import RuleBook
from marine.fees import FeeSheet

# Not a rule of the book: the number of the decision by which a reduction was granted.
DECISION = "fee.relief_decision"
_HAN = "零一二三四五六七八九"

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingDatum:
    """One datum: `code` as the fee sheet names it, its rule with the keys, the place where an entry would hold, who supplies it.

    `supplied_by` is `administrator` (an entry with its document), `officer` (a choice among `values`) or `approver` (the number
    of a decision). `what` names rule, mode, grade and place in words.
    """

    code: str
    rule: str
    keys: Mapping[str, str]
    place: str
    supplied_by: str
    what: Words
    values: tuple[str, ...] = ()

    @property
    def command(self) -> str | None:
        """The command by which an administrator supplies it; what only the document says is left as dots."""
        if self.supplied_by != "administrator":
            return None
        keys = "".join(f" --key {name}={value}" for name, value in self.keys.items())
        return f"haiyu rules enter --rule {self.rule}{keys} --place {self.place} --value … --cite … --document …"

    @property
    def route(self) -> str | None:
        """The route by which an administrator supplies it."""
        return f"POST /api/v1/rules/{self.rule}/entries" if self.supplied_by == "administrator" else None

    def message(self, lang: str) -> str:
        """What is missing and who must supply it, in one sentence."""
        facts = {"what": self.what[lang], "route": self.route or "", "values": ", ".join(self.values)}
        wanted = {"administrator": ("what", "route"), "officer": ("what", "values"), "approver": ("what",)}
        return text(
            f"money.missing.{self.supplied_by}", lang, **{name: facts[name] for name in wanted[self.supplied_by]}
        )

    def as_json(self) -> dict[str, Any]:
        """The shape of a problem's `choices`, as `haiyu fee` tells them too."""
        return {
            "missing": self.code,
            "rule": self.rule,
            "keys": dict(self.keys),
            "place": self.place,
            "values": list(self.values),
            "supplied_by": self.supplied_by,
            "command": self.command,
            "route": self.route,
            "what": dict(self.what),
            "message": {lang: self.message(lang) for lang in LANGUAGES},
        }


def missing_data(sheet: FeeSheet, place: str, book: RuleBook) -> tuple[MissingDatum, ...]:
    """Everything that a sheet lacks, in its order; `place` is the book's id of the place for which it was asked."""
    return tuple(_datum(code, dict(sheet.choices).get(code, ()), place, book) for code in sheet.missing)


def missing_facts(sheet: FeeSheet, place: str, book: RuleBook) -> dict[str, Any]:
    """The same as the facts of a refusal (guard.fee_unknown, bill.fee_unknown): problem answers tell `missing` and `choices`."""
    choices = [datum.as_json() for datum in missing_data(sheet, place, book)]
    return {"missing": list(sheet.missing), "choices": choices, "codes": ", ".join(sheet.missing)}


def missing_in_words(sheet: FeeSheet, place: str, book: RuleBook, lang: str) -> str:
    """All of it in one paragraph; empty where nothing is missing."""
    return "\n".join(datum.message(lang) for datum in missing_data(sheet, place, book))


def _datum(code: str, values: tuple[str, ...], place: str, book: RuleBook) -> MissingDatum:
    if code.startswith(f"{DECISION}."):
        rule, keys, supplied_by = "fee.relief", {"ground": code.removeprefix(f"{DECISION}.")}, "approver"
    else:
        rule = max((name for name in book.rules if f"{code}.".startswith(f"{name}.")), key=len)
        # No key has a dot: codes of modes, grades, grounds and places are letters, digits and hyphens.
        parts = code.removeprefix(rule).lstrip(".").split(".")
        keys = dict(zip(book.rule(rule).keys, parts, strict=False))
        supplied_by = "officer" if values else "administrator"
    what: Words = {lang: _named(rule, keys, book, lang) for lang in LANGUAGES}
    # A grade is entered under its place as the key, for the whole country's book.
    where = "cn" if "place" in keys else place
    return MissingDatum(code=code, rule=rule, keys=keys, place=where, supplied_by=supplied_by, what=what, values=values)


def _named(rule: str, keys: Mapping[str, str], book: RuleBook, lang: str) -> str:
    """The rule's title with its keys in words: 海域使用金征收标准（开放式养殖 41，三等）."""
    told = book.rule(rule)
    title = told.zh if lang == "zh" else told.en
    named = [_key_named(name, value, book, lang) for name, value in keys.items()]
    if not named:
        return title
    return f"{title}（{'，'.join(named)}）" if lang == "zh" else f"{title} ({', '.join(named)})"


def _key_named(name: str, value: str, book: RuleBook, lang: str) -> str:
    if name == "grade":
        grade = _HAN[int(value)] if lang == "zh" and value.isdigit() and len(value) == 1 else value
        return text("money.key.grade", lang, grade=grade)
    if name == "place" and value in book.places:
        place = book.places[value]
        return f"{place.zh if lang == 'zh' else place.en} {value}"
    for codes in (book.codes["fee_modes"], book.codes["use_modes"]) if name == "mode" else ():
        if value in codes:
            return f"{codes[value].zh if lang == 'zh' else codes[value].en} {value}"
    if name == "ground":
        cells = book.values("fee.relief", ground=value)
        return str(cells[-1].value[lang]) if cells and cells[-1].value else value
    return value
