"""The rule book: one frozen value, named by the hash of its canonical content, that can be rebuilt from that content."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any

import rfc8785

from data.rulebook.codes import CodeList, Places, codes_content, codes_from
from data.rulebook.faults import UnknownRule
from data.rulebook.values import Cell, Confirmation, Keys, Rule, cell_content, cell_from, keys_of

if TYPE_CHECKING:
    from data.rulebook.inquiry import Inquiry

FORMAT = "haiyu-rulebook/1"


@dataclass(frozen=True, slots=True)
class Stale:
    """A confirmation whose value has changed under it, so that an administrator must be asked again."""

    confirmation: Confirmation
    cell: Cell | None


@dataclass(frozen=True)
class RuleBook:
    """Rules, their values, code lists and places. Equal content has an equal hash; `stale` is not part of it."""

    rules: Mapping[str, Rule]
    cells: tuple[Cell, ...]
    codes: Mapping[str, CodeList]
    places: Places
    stale: tuple[Stale, ...] = ()
    hash: str = field(init=False, compare=False, default="")
    _index: Mapping[tuple[str, Keys], tuple[Cell, ...]] = field(
        init=False, compare=False, repr=False, default_factory=dict
    )

    _by_rule: Mapping[str, tuple[Cell, ...]] = field(init=False, compare=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        index: defaultdict[tuple[str, Keys], list[Cell]] = defaultdict(list)
        by_rule: defaultdict[str, list[Cell]] = defaultdict(list)
        for cell in self.cells:
            index[cell.rule, cell.keys].append(cell)
            by_rule[cell.rule].append(cell)
        object.__setattr__(self, "_by_rule", {rule: tuple(found) for rule, found in by_rule.items()})
        object.__setattr__(self, "_index", {where: tuple(found) for where, found in index.items()})
        object.__setattr__(self, "hash", hashlib.sha256(self.content()).hexdigest())

    def content(self) -> bytes:
        """The whole book as RFC 8785 JSON: what the hash names and what is stored to rebuild it."""
        return rfc8785.dumps(
            {
                "format": FORMAT,
                "rules": [_rule_content(rule) for _, rule in sorted(self.rules.items())],
                "cells": [cell_content(cell) for cell in sorted(self.cells, key=_order)],
                "codes": codes_content(self.codes, self.places),
            }
        )

    @classmethod
    def from_content(cls, content: bytes) -> RuleBook:
        """The book that wrote this content; raises ValueError for another format."""
        told = json.loads(content)
        if told.get("format") != FORMAT:
            raise ValueError(f"not a rule book of format {FORMAT}: {told.get('format')!r}")
        rules = {rule["id"]: Rule(**{**rule, "keys": tuple(rule["keys"])}) for rule in told["rules"]}
        cells = tuple(cell_from(cell, rules[cell["rule"]].keys) for cell in told["cells"])
        codes, places = codes_from(told["codes"])
        return cls(rules, cells, codes, places)

    def rule(self, rule: str) -> Rule:
        """The rule with this id."""
        try:
            return self.rules[rule]
        except KeyError:
            raise UnknownRule(rule) from None

    def values(self, rule: str, **keys: Any) -> tuple[Cell, ...]:
        """All values a rule has ever had: every cell of the rule, or those of the given keys."""
        wanted = {(name, str(value)) for name, value in keys.items()}
        return tuple(cell for cell in self._by_rule.get(rule, ()) if wanted <= set(cell.keys))

    def cell(self, rule: str, keys: Keys, places: Sequence[str], on: date) -> Cell | None:
        """The value in force: narrowest place first; at one place the administrator's before the packaged one."""
        best, rank = None, -1
        for cell in self._index.get((rule, keys), ()):
            if cell.place in places and cell.covers(on):
                found = 2 * places.index(cell.place) + (cell.layer == "overlay")
                if found > rank:
                    best, rank = cell, found
        return best

    def keys(self, rule: str, given: Mapping[str, Any]) -> Keys:
        """The keys of a question; every key of the rule must be given, and no other."""
        names = self.rule(rule).keys
        if set(names) != set(given):
            raise TypeError(
                f"{rule} is asked by {', '.join(names) or 'no key'}; given {', '.join(sorted(given)) or 'none'}"
            )
        return keys_of(names, given)

    def inquire(self, *, dates: Mapping[str, date], place: Sequence[str] = (), today: date | None = None) -> Inquiry:
        """An inquiry for a case: its dates by kind, its chain of places widest first, and the day on which it is asked.

        `today` only ages the marks of doubt; without it the latest of the case's dates stands in.
        """
        from data.rulebook.inquiry import Inquiry

        return Inquiry(self, dates=dates, place=place, today=today)


def on(day: date) -> dict[str, date]:
    """One day for every kind of date: what a check before any case asks with."""
    return dict.fromkeys(("received", "accepted", "decided", "period", "event"), day)


def _order(cell: Cell) -> tuple[Any, ...]:
    return (cell.rule, cell.keys, cell.place, cell.layer, cell.since or date.min)


def _rule_content(rule: Rule) -> dict[str, Any]:
    return {each.name: _listed(getattr(rule, each.name)) for each in fields(rule)}


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def sort_cells(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Cells in the book's own order."""
    return tuple(sorted(cells, key=_order))
