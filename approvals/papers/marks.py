"""How sure a printed value is: the mark of doubt of its sources, and the sources in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from approvals.papers.content import AWAITING, STAYING, Words
from approvals.papers.words import both, same
from approvals.templates import Origin
from data.answers import HOUSE_CITE, Source
from data.rulebook.inquiry import CONFIRMATION_HOLDS

# The gravest first: a value that rests on several sources is as doubtful as the weakest of them.
GRAVITY = (*AWAITING, *STAYING)


class Basis(NamedTuple):
    """What a value rests on: the documents and articles in words, and the gravest mark of doubt among them."""

    cite: str
    mark: str | None


def basis_of(sources: Iterable[Source | Mapping[str, Any]]) -> Basis:
    """The basis of a value from sources of the rule book, or from the same as plain values of a stored bill.

    >>> basis_of([{"cite": "甲法 第一条", "mark": None}, {"cite": "乙规定", "mark": "unverified"}])
    Basis(cite='甲法 第一条；乙规定', mark='unverified')
    """
    told = [(each["cite"], each["mark"]) if isinstance(each, Mapping) else (each.cite, each.mark) for each in sources]
    return Basis("；".join(dict.fromkeys(cite for cite, _ in told if cite)), gravest(mark for _, mark in told))


def cited(cite: str) -> Words:
    """A citation in a cell of its own; our own setting is called so in each language.

    >>> cited("本系统设定")["en"]
    'our own setting'
    """
    return both("rules.mark.house") if cite == HOUSE_CITE else same(cite or "—")


def gravest(marks: Iterable[str | None]) -> str | None:
    """The gravest of several marks; None where there is none.

    >>> gravest(["house", None, "edition_not_confirmed"])
    'edition_not_confirmed'
    """
    return min((mark for mark in marks if mark), key=GRAVITY.index, default=None)


def origin_basis(origin: Origin, on: date) -> Basis:
    """The basis of a sentence that a template or form takes from one of its own sources."""
    return Basis(origin.cite, mark_of_origin(origin, on))


def mark_of_origin(origin: Origin, on: date) -> str | None:
    """The mark of doubt that a source bears on a day (docs/rules.md)."""
    if origin.seen == "house":
        return "house"
    if origin.seen != "text":
        return "unverified"
    fresh = origin.checked is not None and on - origin.checked <= CONFIRMATION_HOLDS
    return None if fresh else "edition_not_confirmed"
