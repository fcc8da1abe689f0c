"""The rule book as pages: every rule with its values, their basis and marks of doubt; an administrator confirms and supplies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from api.gates import act
from api.portal import tours
from api.portal.shell import InShell, Shell
from api.rule_entries import known, row_of
from api.schemas.register import label
from data import overlay
from data.messages import has, text
from data.rulebook import Cell, Rule, RuleBook
from data.rulebook.checks import KEY_LISTS
from data.rulebook.entering import choices
from data.rulebook.values import unplain

router = APIRouter(include_in_schema=False)
Show = Literal["doubt", "unknown", "all"]
# Marks that an administrator can clear with a document.
AWAITING = ("unverified", "edition_not_confirmed", "unknown")
LONG = 160


@router.get("/rules")
@act("rules.see")
def rules(
    request: Request,
    shell: InShell,
    show: Annotated[Show, Query()] = "doubt",
    q: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """Which figures are not verified yet? One row a rule, how many of its values are in doubt."""
    values = _listed(shell, show, q.strip())
    if request.headers.get("hx-target") == "rule-list":
        return shell.fragment("rules/list.html", **values)
    boot = {"tour": tours.tour_of(shell.lang, "rules", ("#rule-list", ".groups"))} if shell.who else {}
    return shell.show("rules/rules.html", boot=boot, layout=_layout(shell), **values)


@router.get("/rules/{rule_id}")
@act("rules.see")
def rule_page(shell: InShell, rule_id: str) -> Response:
    """One rule: every value with keys, place, days, basis; what administrators entered; forms to confirm and to supply."""
    book = shell.works.book
    rule = known(book, rule_id)
    cells = [_cell(cell, shell.today, book, shell.lang) for cell in book.cells if cell.rule == rule_id]
    entered = [_entered(row, book, shell.lang) for row in overlay.entries_in_force(shell.session, rule_id)]
    return shell.show(
        "rules/rule.html",
        script_texts=("portal.rules.tried", "portal.rules.status."),
        layout=_layout(shell),
        rule=rule,
        keys=[_key_field(book, rule, name, shell.lang) for name in rule.keys],
        places=[(place.id, _key_value("place", place.id, book, shell.lang)) for place in book.places],
        name=_name(rule, shell.lang),
        unit=text(f"portal.rules.unit.{rule.unit}", shell.lang) if has(f"portal.rules.unit.{rule.unit}") else rule.unit,
        cells=cells,
        entered=entered,
        governed=text(f"portal.rules.governed.{rule.governed_by}", shell.lang)
        if has(f"portal.rules.governed.{rule.governed_by}")
        else rule.governed_by,
        hash=book.hash,
        may_change="administrator" in shell.works.actor.roles,
    )


def _layout(shell: Shell) -> str:
    return "desk.html" if shell.who else "open.html"


def _listed(shell: Shell, show: Show, words: str) -> dict[str, Any]:
    book, counts = shell.works.book, dict.fromkeys(AWAITING, 0)
    marks: dict[str, list[str | None]] = {}
    for cell in book.cells:
        marks.setdefault(cell.rule, []).append(row_of(cell, shell.today)["mark"])
    rows: list[dict[str, Any]] = []
    for rule_id, rule in sorted(book.rules.items()):
        mine = marks.get(rule_id, [])
        waiting = {mark: mine.count(mark) for mark in AWAITING if mark in mine}
        for mark, count in waiting.items():
            counts[mark] += count
        rows.append({"id": rule_id, "name": _name(rule, shell.lang), "values": len(mine), "waiting": waiting})
    if show != "all":
        wanted = AWAITING if show == "doubt" else ("unknown",)
        rows = [row for row in rows if any(mark in row["waiting"] for mark in wanted)]
    if words:
        rows = [row for row in rows if words.casefold() in f"{row['id']} {row['name']}".casefold()]
    return {"rows": rows, "show": show, "q": words, "doubts": counts, "rules_hash": book.hash, "of": len(book.rules)}


def _name(rule: Rule, lang: str) -> str:
    return str(getattr(rule, lang))


def _keys_in_words(keys: Mapping[str, Any], book: RuleBook, lang: str) -> str:
    """What a value holds for, in words: use modes and types by name, the rest as the table has it."""
    told = [f"{_key(name, lang)} {_key_value(name, str(value), book, lang)}" for name, value in keys.items()]
    return text("page.comma", lang).join(told)


def _key(name: str, lang: str) -> str:
    return text(f"portal.rules.key.{name}", lang)


def _key_field(book: RuleBook, rule: Rule, name: str, lang: str) -> dict[str, Any]:
    """A key as a field: chosen from what it can be, or typed where a document may name something new."""
    possible = choices(book, rule, name)
    told = possible and [(f"{name}={value}", _key_value(name, value, book, lang)) for value in possible]
    return {"name": name, "words": _key(name, lang), "choices": told}


def _key_value(name: str, value: str, book: RuleBook, lang: str) -> str:
    """A value of a key with its name, where a list has one."""
    if name == "place":
        place = book.places.get(value)
        return f"{getattr(place, lang)} {value}" if place else value
    lists = [each for each in KEY_LISTS.get(name, ()) if value in book.codes[each]]
    return str(label(book, lists[0], value, lang)) if lists else value


def _cell(cell: Cell, today: date, book: RuleBook, lang: str) -> dict[str, Any]:
    row = row_of(cell, today)
    told = text(f"portal.rules.status.{cell.status}", lang) if cell.status != "known" else _written(row["value"])
    confirmed = cell.confirmed
    return {
        **row,
        "told": told if len(told) <= LONG else f"{told[:LONG]}…",
        "whole": told,
        "doubted": row["mark"] if row["mark"] != "unknown" else None,
        "note": cell.note,
        "edition": cell.origin.edition,
        "confirmed": confirmed and {"by": confirmed.by, "on": confirmed.on.isoformat(), "document": confirmed.document},
        "key_pairs": [f"{name}={value}" for name, value in cell.keys],
        "key_words": _keys_in_words(dict(cell.keys), book, lang),
        "place_words": getattr(book.places[cell.place], lang),
        "can_confirm": cell.layer == "packaged" and row["mark"] in ("unverified", "edition_not_confirmed"),
    }


def _written(value: Any) -> str:
    """A value as a reader reads it: figures as figures, bands and records as short lists."""
    if isinstance(value, dict):
        if "$decimal" in value or "$date" in value:
            return str(next(iter(value.values())))
        return ", ".join(f"{name} {_written(inner)}" for name, inner in value.items() if inner is not None)
    if isinstance(value, list):
        return "; ".join(_written(inner) for inner in value)
    return str(value)


def _entered(row: Any, book: RuleBook, lang: str) -> dict[str, Any]:
    told = {name: unplain(value) for name, value in row.entry.items()}
    return {
        "number": row.id,
        "keys": _keys_in_words(dict(book.keys(row.rule, told["keys"])), book, lang),
        "place": _key_value("place", told["place"], book, lang),
        "value": _written(row.entry["value"]),
        "cite": told["cite"],
        "document": told["document"],
        "from": told["since"],
        "until": told["until"],
        "at": row.entered_at,
    }
