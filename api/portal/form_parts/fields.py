"""The fields of the one form as a page shows them: control, hint, faults, why it is asked, and who changes what is known."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from api.portal.form_parts.faults import Fault, label_of
from api.portal.form_parts.why import why
from approvals.cases.oneform import DRAWN, Item, Layout
from approvals.papers.answers import HOW, answer_words
from approvals.papers.words import hectares
from approvals.profiles import masked
from data.messages import has, text
from data.rulebook import Inquiry
from marine.terms import Cap, fits, last_day, whole_years

CONTROLS = {"term": "term", "declaration": "tick", "choice": "choice", "code": "code"}
# Few choices stand side by side, many in a list.
SIDE_BY_SIDE = 3
OWN_NUMBERS = "uscc"
Told = dict[str, Any]
HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the words of the fields need beside the form itself."""

    layout: Layout
    inquiry: Inquiry
    limit: Cap | None
    use: Mapping[str, Any] | None
    faults: tuple[Fault, ...]
    starts: date
    number: str
    lang: str


def fields_told(around: Around) -> dict[str, Told]:
    """Every field by its name."""
    return {item.name: _told(item, around) for item in around.layout.items}


def _told(item: Item, around: Around) -> Told:
    field, lang, answer = item.field, around.lang, item.answer
    wrong = [fault for fault in around.faults if fault.name == item.name and not fault.lacking]
    value = answer.value if answer else None
    return {
        "name": item.name,
        "id": "f-" + item.name.replace("@", "-").replace("_", "-"),
        "field": item.field_name,
        "number": field.number,
        "holder": item.holder,
        "label": label_of(around.layout, item.name, lang),
        "section": field.section,
        "type": field.type,
        "control": _control(item),
        "screen": item.screen,
        "asked": item.asked,
        "applies": item.applies,
        "required": field.required,
        "empty": item.empty,
        "value": value,
        "base": json.dumps(value, ensure_ascii=False, sort_keys=True),
        "words": (words := _words(item, around, bool(wrong))),
        # A run in the other language says so, for its type and for those who listen.
        "tongue": "zh-CN" if lang == "en" and HAN.search(words) else None,
        "how": HOW.get(answer.source, "typed") if answer else ("typed" if item.asked else "computed"),
        "verified": _verified(item, lang),
        "options": list(_options(item, around)),
        "hint": _hint(item, around),
        "wrong": [fault.words for fault in wrong],
        "why": why(item, around.layout, around.limit, around.inquiry, lang),
        "change": _change(item, around),
        "term": _term(item, around) if field.type == "term" else None,
        "mark": None,
    }


def _control(item: Item) -> str:
    kind = CONTROLS.get(item.field.type, "text")
    return "side" if kind == "choice" and len(item.field.choices) <= SIDE_BY_SIDE else kind


def _verified(item: Item, lang: str) -> str:
    answer = item.answer
    if answer is None or answer.verified_on is None:
        return ""
    return text("portal.form.verified", lang, on=answer.verified_on.isoformat(), by=answer.verified_by or "")


def _words(item: Item, around: Around, wrong: bool) -> str:
    """What stands there, as a reader reads it; a value that does not fit its type as it was typed."""
    lang, field = around.lang, item.field
    if item.empty or item.answer is None:
        later = getattr(field.later, lang) if field.later else ""
        return str(later) or text("portal.form.nothing", lang)
    value = item.answer.value
    if wrong:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if field.type == "person_id" or (field.type == "identifier" and not _is_public(item, around)):
        return masked(str(value))
    if field.type == "points":
        return text("portal.form.points", lang, count=len((around.use or {}).get("boundary", {}).get("points", ())))
    if field.type == "units":
        return text("page.comma", lang).join(_unit(row, around) for row in value)
    return str(answer_words(field, item.field_name, value, around.inquiry.book.codes)[lang])


def _is_public(item: Item, around: Around) -> bool:
    """A credit code names a body and is public; numbers of people are masked."""
    scheme = around.layout.answers.get(item.name.replace(item.field_name, str(item.field.scheme), 1))
    return scheme is not None and scheme.value == OWN_NUMBERS


def _unit(row: Mapping[str, str], around: Around) -> str:
    lang, modes = around.lang, around.inquiry.book.codes["use_modes"]
    mode = getattr(modes[row["mode"]], lang) if row["mode"] in modes else row["mode"]
    area = hectares(row["hectares"])[lang]
    return text("portal.form.unit", lang, mode=mode, area=area, use=row["use"])


def _options(item: Item, around: Around) -> Iterator[Any]:
    """Choices as (value, words); codes as (group, [(code, words), …])."""
    lang, field = around.lang, item.field
    for choice in field.choices:
        code = f"paper.choice.{item.field_name}.{choice}"
        yield choice, text(code, lang) if has(code) else choice
    if field.codes is None:
        return
    codes = around.inquiry.book.codes[field.codes]
    for top in (entry for entry in codes if entry.parent is None):
        below = codes.children(top.code) or (top,)
        yield getattr(top, lang), [(each.code, f"{each.code} {getattr(each, lang)}") for each in below]


def _hint(item: Item, around: Around) -> str:
    """What may be typed, told before anything is: the range of the rule book, the form of a number, how it is used."""
    lang = around.lang
    if item.field.type == "term":
        limit = around.limit
        if limit is None:
            return text("portal.form.hint.term.no_type", lang)
        if limit.years is None:
            return text("portal.form.hint.term.unknown", lang)
        return text("portal.form.hint.term", lang, years=limit.years)
    for code in (f"portal.form.hint.{item.field_name}", f"portal.form.hint.{item.field.type}"):
        if has(code):
            return text(code, lang)
    return ""


def _term(item: Item, around: Around) -> Told:
    """First day, years and last day; before a term is told it begins the day after the case is expected to be done."""
    value = item.answer.value if item.answer and isinstance(item.answer.value, Mapping) else {}
    most = around.limit.years if around.limit else None
    try:
        first, last = date.fromisoformat(str(value["from"])), date.fromisoformat(str(value["to"]))
    except (KeyError, ValueError):
        return {"from": around.starts.isoformat(), "to": "", "years": "", "most": most, "given": False}
    years = whole_years(first, last) if last >= first else 0
    exact = years > 0 and last == last_day(first, years) and fits(first, last, years)
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "years": years if exact else "",
        "most": most,
        "given": True,
    }


def _change(item: Item, around: Around) -> Told | None:
    """Who changes what is only shown, and whether it can be done here."""
    if item.asked:
        return None
    field, name = item.field, item.field_name
    if name in DRAWN or (field.source in ("project_code", "system") and field.editable):
        kind, inline = "here", True
    elif field.source == "profile":
        kind, inline = ("profile_here", True) if field.editable else ("profile", False)
    elif field.source == "geometry":
        kind, inline = ("location", True) if field.editable and field.type == "text" else ("drawing", False)
    else:
        kind, inline = ("project" if field.source == "project_code" else "system"), False
    link = f"/cases/{around.number}/parcel" if kind == "drawing" else None
    return {"words": text(f"portal.form.change.{kind}", around.lang), "inline": inline, "link": link}


def day_after(day: date | None, today: date) -> date:
    """The first day of a term that nobody has told yet.

    >>> day_after(date(2026, 12, 3), date(2026, 11, 23)), day_after(None, date(2026, 11, 23))
    (datetime.date(2026, 12, 4), datetime.date(2026, 11, 24))
    """
    return (day or today) + timedelta(days=1)
