"""The frozen values of which a rule book is made: records, rules, cells, entries and confirmations."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import rfc8785

Keys = tuple[tuple[str, str], ...]

GOVERNING_DATES = ("received", "accepted", "decided", "period", "event")
SEEN = ("text", "secondary", "memory", "house")


class Record(Mapping[str, Any]):
    """An immutable, hashable, picklable mapping with text keys."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Any]) -> None:
        self._items = tuple(sorted(items.items()))

    def __getitem__(self, key: str) -> Any:
        for name, value in self._items:
            if name == key:
                return value
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(self._items)

    def __repr__(self) -> str:
        return f"Record({dict(self._items)!r})"


def freeze(value: Any) -> Any:
    """The same plain value, unchangeable: lists become tuples, mappings become records."""
    if isinstance(value, Mapping):
        return Record({str(name): freeze(inner) for name, inner in value.items()})
    if isinstance(value, list | tuple):
        return tuple(freeze(inner) for inner in value)
    return value


def plain(value: Any) -> Any:
    """A frozen value as JSON; decimals and dates keep their type under `$decimal` and `$date`.

    >>> plain(Decimal("4.63"))
    {'$decimal': '4.63'}
    """
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [plain(inner) for inner in value]
    return value


def unplain(value: Any) -> Any:
    """The frozen value that `plain` wrote."""
    if isinstance(value, dict):
        if set(value) == {"$decimal"}:
            return Decimal(value["$decimal"])
        if set(value) == {"$date"}:
            return date.fromisoformat(value["$date"])
        return Record({name: unplain(inner) for name, inner in value.items()})
    if isinstance(value, list):
        return tuple(unplain(inner) for inner in value)
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The document behind a value: where it stands, how it was seen, which edition, when last confirmed in force."""

    cite: str
    seen: str
    confidence: str | None = None
    edition: str | None = None
    checked: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One question that can be asked: its keys, the type of its answers, and the date of the case that governs it.

    `band` names the number (hectares, kilometres …) by which half-open bands `[from, below)` are chosen.
    """

    id: str
    zh: str
    en: str
    governed_by: str
    type: str
    unit: str | None = None
    keys: tuple[str, ...] = ()
    band: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """Who confirmed a value, when, and by which document."""

    by: str
    on: date
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One answer to one rule: for these keys, this place, from `since` to `until` (both days included; None is open).

    `status` is `known`, `unknown` (nobody has told us) or `abolished`; the value of the last two is None.
    """

    rule: str
    keys: Keys
    place: str
    since: date | None
    until: date | None
    value: Any
    status: str
    origin: Origin
    layer: str = "packaged"
    overrides: str | None = None
    note: str | None = None
    document: str | None = None
    confirmed: Confirmed | None = None

    def covers(self, day: date) -> bool:
        """Whether the value is in force on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    @property
    def fingerprint(self) -> str:
        """Names what was confirmed: a change of value, dates or source under a confirmation changes it."""
        content = cell_content(self)
        for name in ("confirmed", "note"):
            content.pop(name, None)
        return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A value that an administrator has supplied, with its document; it beats the packaged one for its dates and place."""

    rule: str
    value: Any
    cite: str
    document: str
    place: str = "cn"
    keys: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    seen: str = "text"
    edition: str | None = None
    checked: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """An administrator's word that the value with this fingerprint is in force."""

    rule: str
    place: str
    since: date | None
    fingerprint: str
    by: str
    on: date
    document: str
    keys: Mapping[str, str] = field(default_factory=dict)


def keys_of(names: Sequence[str], given: Mapping[str, Any]) -> Keys:
    """The given keys as text, in the order of the rule."""
    return tuple((name, str(given[name])) for name in names)


def cell_content(cell: Cell) -> dict[str, Any]:
    """A cell as plain JSON."""
    made: dict[str, Any] = {
        "rule": cell.rule,
        "keys": dict(cell.keys),
        "place": cell.place,
        "since": cell.since.isoformat() if cell.since else None,
        "until": cell.until.isoformat() if cell.until else None,
        "value": plain(cell.value),
        "status": cell.status,
        "layer": cell.layer,
        "overrides": cell.overrides,
        "note": cell.note,
        "document": cell.document,
        "origin": {
            "cite": cell.origin.cite,
            "seen": cell.origin.seen,
            "confidence": cell.origin.confidence,
            "edition": cell.origin.edition,
            "checked": cell.origin.checked.isoformat() if cell.origin.checked else None,
        },
        "confirmed": None,
    }
    if cell.confirmed:
        made["confirmed"] = {
            "by": cell.confirmed.by,
            "on": cell.confirmed.on.isoformat(),
            "document": cell.confirmed.document,
        }
    return made


def cell_from(content: Mapping[str, Any], names: Sequence[str]) -> Cell:
    """The cell that `cell_content` wrote; `names` are the rule's keys in order."""
    origin = content["origin"]
    confirmed = content["confirmed"]
    return Cell(
        rule=content["rule"],
        keys=keys_of(names, content["keys"]),
        place=content["place"],
        since=_day(content["since"]),
        until=_day(content["until"]),
        value=unplain(content["value"]),
        status=content["status"],
        layer=content["layer"],
        overrides=content["overrides"],
        note=content["note"],
        document=content["document"],
        origin=Origin(**{**origin, "checked": _day(origin["checked"])}),
        confirmed=Confirmed(**{**confirmed, "on": _day(confirmed["on"])}) if confirmed else None,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
