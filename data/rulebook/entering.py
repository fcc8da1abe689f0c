"""What an administrator may enter for a rule, and what is wrong with an entry, each told at the field where it was typed.

This is asked when a value is entered and never of entries that are kept: a list that grows narrower must not unmake a book.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from data.answers import FieldFault
from data.rulebook.book import RuleBook
from data.rulebook.checks import KEY_LISTS
from data.rulebook.faults import Fault
from data.rulebook.values import Entry, Rule

# Keys whose values name something new when a document does: next year, another ground of relief.
OPEN_KEYS = ("year", "ground")

# Where the form has what a fault of an entry speaks of; the rest is told of the entry as a whole.
_FIELDS = {
    "rules.value_type": "value",
    "rules.place_unknown": "place",
    "rules.until_before_from": "until",
    "rules.entry_overlaps": "from",
    "rules.cite_missing": "cite",
    "rules.house_cite": "cite",
    "rules.seen_unknown": "seen",
}


def choices(book: RuleBook, rule: Rule, key: str) -> tuple[str, ...] | None:
    """The values that a key of a rule can have: the codes of its list, the places, or those of the rule's own table; None where any is possible."""
    if key in OPEN_KEYS:
        return None
    if key == "place":
        return tuple(place.id for place in book.places)
    lists = KEY_LISTS.get(key)
    if lists is None:
        return tuple(sorted({dict(cell.keys)[key] for cell in book.cells if cell.rule == rule.id}))
    # A use is one of the last level: a value for a whole group would never be asked for.
    return tuple(dict.fromkeys(code.code for code in chain.from_iterable(book.codes[name].leaves() for name in lists)))


def strange_keys(book: RuleBook, entry: Entry) -> Iterator[FieldFault]:
    """Keys that the rule does not ask for, that are not told, or whose value no list has."""
    rule = book.rule(entry.rule)
    for name in sorted(set(entry.keys) - set(rule.keys)):
        yield FieldFault("rules.entry.key_strange", f"key.{name}", {"key": name, "keys": ", ".join(rule.keys) or "–"})
    for name in rule.keys:
        value, possible = entry.keys.get(name), choices(book, rule, name)
        if value is None:
            yield FieldFault("rules.entry.key_missing", f"key.{name}", {"key": name})
        elif possible is not None and value not in possible:
            yield FieldFault(
                "rules.entry.key_unknown", f"key.{name}", {"key": name, "told": value, "known": ", ".join(possible)}
            )


def at_its_field(rule: Rule, told: Any, fault: Fault) -> FieldFault:
    """A fault of the merged book as it is told to the one who entered the value."""
    if fault.code == "rules.value_type":
        return wrong_value(rule, told)
    return FieldFault(fault.code, _FIELDS.get(fault.code), {"detail": fault.detail})


def wrong_value(rule: Rule, told: Any) -> FieldFault:
    """A value that is not of the rule's type, with what is wanted; `told` as it was typed, or as it was read."""
    kind = "bands" if rule.band else rule.type
    return FieldFault(f"rules.entry.value.{kind}", "value", {"told": written(told)[:80]})


def written(value: Any) -> str:
    """A value as the files of the rule book write it, on one line.

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> written([{"from": Decimal("0"), "below": None, "value": Decimal("5.5")}, date(2027, 1, 31)])
    '[{from: 0, below: null, value: 5.5}, 2027-01-31]'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {written(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return str(value)
