"""The values in which every judgement is told: grade, severity, place, source, finding, and the refusal of an act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

from data.answers import Refusal, Source

__all__ = ["Finding", "Grade", "Refusal", "Severity", "Source", "Vertex"]


class Grade(IntEnum):
    """How a draft stands to one source, from harmless to impossible (register.md §2); a larger number is worse.

    >>> max(Grade.TOUCHING, Grade.CONFLICT).word
    'conflict'
    """

    CLEAR = 0
    TOUCHING = 1
    WITHIN_TOLERANCE = 2
    COMPATIBLE = 3
    NEEDS_CONSENT = 4
    CONFLICT = 5

    @property
    def word(self) -> str:
        """The name used in JSON and on the command line."""
        return self.name.lower()


class Severity(StrEnum):
    """What a fault in the input means for its sender."""

    BLOCKS = "blocks"
    WARNS = "warns"
    NOTES = "notes"


@dataclass(frozen=True, slots=True)
class Vertex:
    """A place in a polygon: `ring` 0 is the exterior, 1… the holes; `index` counts from 0 in the order given."""

    ring: int
    index: int
    lon: int | None = None
    lat: int | None = None
    unit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found (or looked for and not found): what, where, how much, by which rule, and what to do.

    `facts` holds plain values only (numbers, strings, dates, lists of them): its keys fill the message texts and stand in JSON.
    `geometry` is a shapely geometry in milliseconds of arc, or None where there is none or the asker may not see it.
    """

    code: str
    grade: Grade | None = None
    severity: Severity | None = None
    at: Vertex | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    basis: tuple[Source, ...] = ()
    remedy: str | None = None
    geometry: Any = None
