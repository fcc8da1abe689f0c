"""What the command `haiyu rules` and its routes share: a rule by its name, a value as it is typed, a value of the book as a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import rfc8785
import yaml

from data.answers import Refusal
from data.rulebook import Cell, Rule, RuleBook, RuleBookError, UnknownRule
from data.rulebook.entering import wrong_value
from data.rulebook.inquiry import mark_of
from data.rulebook.values import plain
from data.rulebook.yamlfile import read_yaml


def known(book: RuleBook, rule: str) -> Rule:
    """The rule with this name; rules.no_such_rule where the book has none."""
    try:
        return book.rule(rule)
    except UnknownRule as unknown:
        raise Refusal("rules.no_such_rule", rule=rule) from unknown


def value_of(book: RuleBook, rule: str, told: str) -> Any:
    """A value as the files of the rule book write it: numbers with a point are decimals and never binary, `off` is a word.

    >>> from data.rulebook import packaged
    >>> value_of(packaged(), "fee.rate", "0.06"), value_of(packaged(), "fee.payment", "[once, yearly]")
    (Decimal('0.06'), ['once', 'yearly'])
    """
    wanted = known(book, rule)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(told)):
            # A few lines that refer to each other would unfold to gigabytes when the book is written out.
            raise ValueError("*")
        value = (
            Decimal(told)
            if wanted.type == "decimal" and wanted.band is None
            else read_yaml(f"value: {told}", rule)["value"]
        )
        if isinstance(value, (int, Decimal)) and value < 0:
            # Rates, days, years, shares, widths: no figure of the rule book is below nothing.
            raise ValueError("< 0")
        rfc8785.dumps(plain(value))  # as the book is hashed: whole numbers beyond 2**53 cannot be
    except (ArithmeticError, LookupError, RecursionError, ValueError, yaml.YAMLError, RuleBookError) as wrong:
        raise Refusal("rules.entry_refused", [wrong_value(wanted, told)], rule=rule, count=1) from wrong
    return value


def keys_from(pairs: Iterable[str]) -> dict[str, str]:
    """Keys as they are typed, `mode=41`; ValueError where the sign is missing.

    >>> keys_from(["mode=41", " grade = 3"])
    {'mode': '41', 'grade': '3'}
    """
    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name.strip():
            raise ValueError(f"{pair}: NAME=VALUE")
        found[name.strip()] = value.strip()
    return found


def packaged_value(book: RuleBook, rule: str, keys: Mapping[str, str], place: str, since: date | None) -> Cell:
    """The one value of the book with these keys, place and first day; rules.no_such_value where there is not exactly one."""
    known(book, rule)
    found = [c for c in book.cells if (c.rule, dict(c.keys), c.place, c.since) == (rule, dict(keys), place, since)]
    if len(found) != 1:
        raise Refusal("rules.no_such_value", rule=rule, keys=dict(keys), place=place, count=len(found))
    return found[0]


def mark_on(cell: Cell, today: date) -> str | None:
    """The mark of doubt of a value on a day, `unknown` where nobody has told it."""
    return "unknown" if cell.status == "unknown" else mark_of(cell, today)


def row_of(cell: Cell, today: date) -> dict[str, Any]:
    """A value of the book as lists show it."""
    return {
        "rule": cell.rule,
        "keys": dict(cell.keys),
        "place": cell.place,
        "from": cell.since,
        "until": cell.until,
        "value": plain(cell.value),
        "status": cell.status,
        "mark": mark_on(cell, today),
        "cite": cell.origin.cite,
        "layer": cell.layer,
        "fingerprint": cell.fingerprint,
    }
