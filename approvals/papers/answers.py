"""The answers of the one form in the words in which documents print them, by type of field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from approvals.dictionary import FormField
from approvals.papers.content import Words
from approvals.papers.words import both, grouped, hectares, same, term
from data.messages import has
from data.rulebook.codes import CodeList

Codes = Mapping[str, CodeList]

# What an answer is on paper by where it came from: typed by the applicant, known before, or computed.
HOW = {
    "typed": "typed",
    "profile": "known",
    "project_code": "known",
    "prior_right": "known",
    "geometry": "computed",
    "rules": "computed",
    "system": "computed",
}


def answer_words(field: FormField, name: str, value: Any, codes: Codes) -> Words:
    """A filled answer in words."""
    if field.type == "choice":
        return _choice(name, value)
    if field.type == "code":
        return coded(codes[str(field.codes)], value)
    return _BY_TYPE.get(field.type, same)(value)


def by_procedure(template: str, name: str, original: str) -> Words | None:
    """What the procedure itself answers in one original field (the matter tells kind of right and of registration apart)."""
    code = f"paper.answer.{name}.{template}.{original}"
    return both(code) if has(code) else None


def coded(codes: CodeList, code: str | None) -> Words:
    """A code of a list with the entry above it, and the code itself, as the official documents write a use type."""
    if code is None or code not in codes:
        return same(code or "—")
    entry, top = codes[code], codes.top(code)
    told: Words = {"zh": entry.zh, "en": entry.en}
    if top.code != entry.code:
        told = {"zh": f"{top.zh} / {entry.zh}", "en": f"{top.en} / {entry.en}"}
    return both("paper.word.coded", name=told, code=code)


def named(codes: CodeList, code: str | None) -> Words:
    """A code of a list by its name alone; the code itself where the list has none."""
    if code is None or code not in codes:
        return same(code or "—")
    return {"zh": codes[code].zh, "en": codes[code].en}


def _choice(name: str, value: str) -> Words:
    code = f"paper.choice.{name}.{value}"
    return both(code) if has(code) else same(value)


def _units(value: Any) -> Words:
    return both("paper.answer.units", count=len(value))


def _term(value: Mapping[str, str]) -> Words:
    return term(date.fromisoformat(value["from"]), date.fromisoformat(value["to"]))


def _shoreline(value: Mapping[str, str]) -> Words:
    return both("paper.answer.shoreline", natural=grouped(value["natural"]), artificial=grouped(value["artificial"]))


_BY_TYPE: Mapping[str, Callable[[Any], Words]] = {
    "amount": lambda value: both("paper.answer.wan_yuan", figure=grouped(value)),
    "hectares": hectares,
    "units": _units,
    "term": _term,
    "shoreline": _shoreline,
    "points": lambda value: both("paper.answer.points", hash=value),
    "declaration": lambda value: both("paper.answer.declared"),
}
