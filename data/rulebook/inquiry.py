"""Asking the book for one case: by its dates and place, remembering every source, every doubt and everything missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from data.answers import Source
from data.rulebook.book import RuleBook
from data.rulebook.faults import DateNotGiven
from data.rulebook.values import Cell, Rule

CONFIRMATION_HOLDS = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the book says: the value, its source, the mark of doubt, and whether it is `known`, `unknown` or `abolished`.

    `status` is `unknown` also where the book has no row at all. `fact` is the row, for those who print it whole.
    """

    value: Any
    source: Source
    mark: str | None
    status: str
    fact: Cell | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A datum that nobody has supplied: `code` is the rule id followed by its keys, e.g. `fee.rate.41.3`."""

    code: str
    rule: str
    keys: tuple[tuple[str, str], ...]
    on: date


class Inquiry:
    """One case's questions to one book."""

    def __init__(
        self, book: RuleBook, *, dates: Mapping[str, date], place: Sequence[str] = (), today: date | None = None
    ) -> None:
        self.book = book
        self.dates = dict(dates)
        self.place = tuple(place) or ("cn",)
        self.today = today or max(self.dates.values())
        self._asked: dict[tuple[Any, ...], tuple[Answer, Missing | None]] = {}
        # The same row asked for another day or year gives the same answer object, and sources compare by identity first.
        self._told: dict[tuple[int, Any], Answer] = {}

    def at(self, *, place: Sequence[str] | None = None, **dates: date) -> Inquiry:
        """The same inquiry with another place or date, sharing one memory: for units in two counties, years of a period."""
        sibling = Inquiry(
            self.book, dates={**self.dates, **dates}, place=self.place if place is None else place, today=self.today
        )
        sibling._asked, sibling._told = self._asked, self._told
        return sibling

    def ask(self, rule_id: str, **keys: Any) -> Answer:
        """The value in force for these keys; a rule with bands also takes the number that picks the band."""
        rule = self.book.rule(rule_id)
        number = keys.pop(rule.band, None) if rule.band else None
        named = self.book.keys(rule_id, keys)
        day = self._governing(rule)
        where = (rule_id, named, self.place, day, number)
        if where not in self._asked:
            cell = self.book.cell(rule_id, named, self.place, day)
            known = (id(cell), number)
            answer = self._told.get(known) if cell else None
            if answer is None:
                answer = self._answer(rule, cell, number)
                if cell:
                    self._told[known] = answer
            unknown = answer.status == "unknown"
            code = ".".join((rule_id, *(value for _, value in named)))
            self._asked[where] = (answer, Missing(code, rule_id, named, day) if unknown else None)
        return self._asked[where][0]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The source of every answer given, in the order asked, each once."""
        return tuple(dict.fromkeys(answer.source for answer, _ in self._asked.values()))

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Everything that was asked and that nobody has supplied."""
        return tuple(dict.fromkeys(missing for _, missing in self._asked.values() if missing))

    def _governing(self, rule: Rule) -> date:
        try:
            return self.dates[rule.governed_by]
        except KeyError:
            raise DateNotGiven(
                f"{rule.id} is governed by the day {rule.governed_by}; given {sorted(self.dates)}"
            ) from None

    def _answer(self, rule: Rule, cell: Cell | None, number: Any) -> Answer:
        if cell is None:
            return Answer(None, Source(rule.id, cite="", seen="missing"), None, "unknown")
        value, cite = cell.value, cell.origin.cite
        status = cell.status
        if rule.band and number is not None and status == "known":
            value, cite = _band(cell, number)
            status = "unknown" if value is None else status
        mark = mark_of(cell, self.today)
        source = Source(
            rule.id,
            cite=cite,
            seen=cell.origin.seen,
            confidence=cell.origin.confidence,
            edition=cell.origin.edition,
            checked=_checked(cell),
            since=cell.since,
            mark=mark,
        )
        return Answer(value, source, mark, status, cell)


def mark_of(cell: Cell, today: date) -> str | None:
    """The mark of doubt that a value bears on a day (docs/rules.md)."""
    if cell.origin.seen == "house":
        return "house"
    if cell.origin.seen in ("secondary", "memory"):
        return None if cell.confirmed else "unverified"
    checked = _checked(cell)
    fresh = checked is not None and today - checked <= CONFIRMATION_HOLDS
    return None if fresh else "edition_not_confirmed"


def _checked(cell: Cell) -> date | None:
    days = [day for day in (cell.origin.checked, cell.confirmed.on if cell.confirmed else None) if day]
    return max(days) if days else None


def _band(cell: Cell, number: Any) -> tuple[Any, str]:
    amount = Decimal(str(number))
    for band in cell.value:
        low, below = band["from"], band["below"]
        if amount >= low and (below is None or amount < below):
            return band["value"], band.get("cite") or cell.origin.cite
    return None, cell.origin.cite
