"""The values of reading: corners as written, shapes, questions, and the reading as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from marine.findings import Finding, Refusal, Severity, Vertex
from parcels.uploads import AxisOrder, Origin

Coordinate = str | float
"""A number as the file wrote it; text wherever the file is text, so that rounding starts from the decimal digits."""

Corner = tuple[Coordinate, Coordinate]
"""Two coordinates in the order of the file; `axis` of the shape says which is which."""

RawRing = tuple[Corner, ...]
"""Corners in file order, without the repeated closing one."""

Numbers = tuple[int | None, ...]
"""The point number of each corner of a ring, as the file gave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawUnit:
    """One use unit 内部单元 as the file gave it: its rings (exterior first), their numbers, its use mode 用海方式."""

    name: str
    rings: tuple[RawRing, ...]
    numbers: tuple[Numbers, ...] = ()
    mode: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawShape:
    """One parcel as it lies in the file, in the reference system it came in; nothing is rounded or moved yet.

    `rings` (exterior first) is empty where the parcel is only given through its units. `crs` is `EPSG:n`, `gk:122.5` or
    the WKT of the file; None while a question is open. `accuracy` in metres, None when nothing is stated.
    `offset` in metres is added to the easting (a zone number that stands in the numbers but not in the CRS, or the reverse).
    """

    rings: tuple[RawRing, ...]
    numbers: tuple[Numbers, ...] = ()
    units: tuple[RawUnit, ...] = ()
    crs: str | None = None
    axis: AxisOrder | None = None
    origin: Origin | None = None
    offset: float = 0.0
    accuracy: float | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    feature_number: int = 1
    part: int = 1
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One possible answer: the command-line option and value that give it, and what it would mean (`facts`)."""

    option: str
    value: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def choice(self) -> str:
        """The name of the same answer in `Choices` and in the JSON interface."""
        return self.option.lstrip("-")

    @property
    def code(self) -> str:
        """The message that says what this answer would mean."""
        if (self.option, self.value) in _SAID_OTHERWISE:
            return _SAID_OTHERWISE[self.option, self.value]
        placed = "lon_text" in self.facts
        if self.choice == "axis":
            return f"option.axis.{self.value}" if placed else "option.axis_unplaced"
        if self.choice == "crs":
            return "option.crs" if placed else "option.crs_unplaced"
        return "option.sheet"

    @property
    def told(self) -> Mapping[str, Any]:
        """The facts that fill the text of `code`."""
        return {"value": self.value, **self.facts}


# In degrees the question of the system is whose coordinates they are (docs/formats.md), so these answers say that.
_SAID_OTHERWISE = {
    ("--crs", "EPSG:4490"): "option.survey",
    ("--crs", "EPSG:4326"): "option.receiver",
    ("--origin", "gcj02"): "option.gcj02",
    ("--origin", "bd09"): "option.bd09",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something the file leaves open; `code` has the texts, `option` the way to answer on the command line."""

    id: str
    code: str
    option: str
    options: tuple[Option, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Value and message code of each answer; `options` has the facts that fill the text."""
        return tuple((option.value, option.code) for option in self.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came out of one upload. While `questions` is not empty the shapes are not yet placed on the earth.

    `decisions` tells in plain values how the file was understood (format, encoding, CRS, axis order, origin, sheet,
    columns), so that the reading can be repeated and explained for ever.
    """

    format: str
    digest: str
    shapes: tuple[RawShape, ...] = ()
    questions: tuple[Question, ...] = ()
    findings: tuple[Finding, ...] = ()
    decisions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One polygon of the file before the question of the reference system is asked.

    `sourced` points back for messages: `{"feature": 3}` for features, `{"row": 12}` for tables.
    """

    rings: tuple[RawRing, ...]
    numbers: tuple[Numbers, ...] = ()
    units: tuple[RawUnit, ...] = ()
    properties: Mapping[str, Any] = field(default_factory=dict)
    feature_number: int = 1
    part: int = 1
    name: str | None = None

    @property
    def corners(self) -> list[Corner]:
        """All corners, of the outline and of the units."""
        found = [corner for ring in self.rings for corner in ring]
        return found + [corner for unit in self.units for ring in unit.rings for corner in ring]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What the file itself says about its reference system. `axis_by` is `format` or `header`."""

    crs: str | None = None
    crs_by: str | None = None
    axis: AxisOrder | None = None
    axis_by: str | None = None
    angular: bool | None = None
    datum_said: str | None = None
    central_meridian: float | None = None
    origin_said: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one format reader found in a file."""

    format: str
    pieces: tuple[Piece, ...]
    declared: Declared = field(default_factory=Declared)
    findings: tuple[Finding, ...] = ()
    questions: tuple[Question, ...] = ()
    decisions: Mapping[str, Any] = field(default_factory=dict)


class Report:
    """Collects findings of one reading; after `limit` of one code only their number goes on counting."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._found: list[Finding] = []
        self._counts: dict[str, int] = {}

    def add(self, code: str, severity: Severity, at: Vertex | None = None, **facts: Any) -> None:
        """Take one finding down."""
        self._counts[code] = self._counts.get(code, 0) + 1
        if self._counts[code] <= self._limit:
            self._found.append(Finding(code=code, severity=severity, at=at, facts=facts))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, and for each code that was cut short one line that says how many there are."""
        more = [
            Finding(code="file.more_of_the_same", severity=Severity.NOTES, facts={"of": code, "count": count})
            for code, count in self._counts.items()
            if count > self._limit
        ]
        return (*self._found, *more)


def refuse(code: str, at: Vertex | None = None, **facts: Any) -> NoReturn:
    """Raise the refusal of a file; the same code and facts stand in its one finding, with the vertex where known."""
    raise Refusal(code, [Finding(code=code, severity=Severity.BLOCKS, at=at, facts=facts)], **facts)


def without_closing(ring: list[Corner]) -> tuple[RawRing, bool]:
    """The ring without its repeated last corner, and whether it was closed.

    >>> without_closing([("1", "2"), ("3", "4"), ("5", "0"), ("1.0", "2")])
    ((('1', '2'), ('3', '4'), ('5', '0')), True)
    """
    if len(ring) > 1 and _same(ring[0], ring[-1]):
        return tuple(ring[:-1]), True
    return tuple(ring), False


def _same(one: Corner, other: Corner) -> bool:
    if one == other:
        return True
    try:
        return all(float(a) == float(b) for a, b in zip(one, other, strict=True))
    except ValueError:
        return False
