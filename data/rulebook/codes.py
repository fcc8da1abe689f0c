"""Code lists and places of the rule book: use types, use modes, layers, zone kinds; places with dated codes by scheme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from data.rulebook.values import Origin

SCHEMES = ("administrative", "statistical", "registry", "sea_area")


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One entry of a code list; `parent` is a code of the same list."""

    code: str
    zh: str
    en: str
    origin: Origin
    parent: str | None = None
    since: date | None = None
    until: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CodeList:
    """A named list of codes in the order of its source."""

    name: str
    zh: str
    en: str
    entries: tuple[Code, ...]

    def __getitem__(self, code: str) -> Code:
        for entry in self.entries:
            if entry.code == code:
                return entry
        raise KeyError(code)

    def __contains__(self, code: object) -> bool:
        return any(entry.code == code for entry in self.entries)

    def __iter__(self) -> Iterator[Code]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def children(self, code: str) -> tuple[Code, ...]:
        """The entries directly below a code."""
        return tuple(entry for entry in self.entries if entry.parent == code)

    def top(self, code: str) -> Code:
        """The first-level entry above a code, or the code itself."""
        entry = self[code]
        return entry if entry.parent is None else self.top(entry.parent)

    def leaves(self) -> tuple[Code, ...]:
        """The entries that can be chosen: those with nothing below them."""
        parents = {entry.parent for entry in self.entries}
        return tuple(entry for entry in self.entries if entry.code not in parents)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCode:
    """A code that a place bears in one scheme, for its dates (both included; None is open)."""

    scheme: str
    code: str
    since: date | None
    until: date | None
    origin: Origin
    note: str | None = None

    def covers(self, day: date) -> bool:
        """Whether the place bore the code on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place with an id of its own; its parent is that of administration, its codes are rows, none derived."""

    id: str
    kind: str
    zh: str
    en: str
    parent: str | None
    codes: tuple[PlaceCode, ...]

    def code(self, scheme: str, on: date) -> str | None:
        """The place's code in a scheme on a day."""
        return next((row.code for row in self.codes if row.scheme == scheme and row.covers(on)), None)


@dataclass(frozen=True, slots=True)
class Places:
    """All packaged places; asked by id, or by a code with its day."""

    entries: tuple[Place, ...]

    def __getitem__(self, place: str) -> Place:
        for entry in self.entries:
            if entry.id == place:
                return entry
        raise KeyError(place)

    def __contains__(self, place: object) -> bool:
        return any(entry.id == place for entry in self.entries)

    def __iter__(self) -> Iterator[Place]:
        return iter(self.entries)

    def get(self, place: str) -> Place | None:
        """The place with this id, or None."""
        return next((entry for entry in self.entries if entry.id == place), None)

    def chain(self, place: str) -> tuple[str, ...]:
        """Ids from the nation down to the place, widest first."""
        entry = self[place]
        return (*self.chain(entry.parent), entry.id) if entry.parent else (entry.id,)

    def find(self, code: str, on: date, scheme: str | None = None) -> tuple[Place, PlaceCode] | None:
        """The place that bore a code on a day; administrative codes are tried first when no scheme is named."""
        for wanted in (scheme,) if scheme else SCHEMES:
            for entry in self.entries:
                for row in entry.codes:
                    if row.scheme == wanted and row.code == code and row.covers(on):
                        return entry, row
        return None

    def ever(self, code: str) -> tuple[tuple[Place, PlaceCode], ...]:
        """Every place that bore a code at any time."""
        return tuple((entry, row) for entry in self.entries for row in entry.codes if row.code == code)

    def common_superior(self, places: tuple[str, ...]) -> str:
        """The lowest place above (or equal to) all of them."""
        chains = [self.chain(place) for place in places]
        shared = chains[0]
        for other in chains[1:]:
            shared = tuple(a for a, b in zip(shared, other, strict=False) if a == b)
        return shared[-1]


def codes_content(lists: Mapping[str, CodeList], places: Places) -> dict[str, Any]:
    """Lists and places as plain JSON."""
    return {
        "lists": [
            {"name": each.name, "zh": each.zh, "en": each.en, "entries": [_code(entry) for entry in each.entries]}
            for _, each in sorted(lists.items())
        ],
        "places": [
            {
                "id": place.id,
                "kind": place.kind,
                "zh": place.zh,
                "en": place.en,
                "parent": place.parent,
                "codes": [_place_code(row) for row in place.codes],
            }
            for place in places.entries
        ],
    }


def codes_from(content: Mapping[str, Any]) -> tuple[dict[str, CodeList], Places]:
    """The lists and places that `codes_content` wrote."""
    lists = {
        each["name"]: CodeList(
            each["name"], each["zh"], each["en"], tuple(Code(**_undated(e)) for e in each["entries"])
        )
        for each in content["lists"]
    }
    places = tuple(
        Place(**{**place, "codes": tuple(PlaceCode(**_undated(row)) for row in place["codes"])})
        for place in content["places"]
    )
    return lists, Places(places)


def _code(entry: Code) -> dict[str, Any]:
    return {
        "code": entry.code,
        "zh": entry.zh,
        "en": entry.en,
        "parent": entry.parent,
        "note": entry.note,
        **_dates(entry),
        "origin": _origin(entry.origin),
    }


def _place_code(row: PlaceCode) -> dict[str, Any]:
    content = {"scheme": row.scheme, "code": row.code, **_dates(row), "origin": _origin(row.origin)}
    # Left out where there is none, so that books stored before rows had notes keep their hash.
    return content | ({"note": row.note} if row.note else {})


def _dates(entry: Code | PlaceCode) -> dict[str, Any]:
    return {
        "since": entry.since.isoformat() if entry.since else None,
        "until": entry.until.isoformat() if entry.until else None,
    }


def _origin(origin: Origin) -> dict[str, Any]:
    return {
        "cite": origin.cite,
        "seen": origin.seen,
        "confidence": origin.confidence,
        "edition": origin.edition,
        "checked": origin.checked.isoformat() if origin.checked else None,
    }


def _undated(content: Mapping[str, Any]) -> dict[str, Any]:
    origin = content["origin"]
    checked = date.fromisoformat(origin["checked"]) if origin["checked"] else None
    return {
        **content,
        "since": date.fromisoformat(content["since"]) if content["since"] else None,
        "until": date.fromisoformat(content["until"]) if content["until"] else None,
        "origin": Origin(**{**origin, "checked": checked}),
    }
