"""The values of a comparison: the limits it was made with and what it found for each pair."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """The house limits in metres; the caller passes what the rule book says (rules `boundary.tolerance.*`).

    `within`: an overlap of at most this width is within tolerance. `resurvey`: up to here a new survey can settle it.
    `touch_gap`: a gap of at most this width along a stretch still touches. `rounding`: what `grant` accepts as left by rounding.
    """

    within: float = 0.10
    resurvey: float = 1.0
    touch_gap: float = 0.05
    rounding: float = 0.05
    zone_least: float = 0.10

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, float(getattr(self, field.name)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """What was found for each pair; arrays of one length, in the order asked.

    `grade` (int of `Grade`), `reason` (a code or ""). `overlap_m2` and the shares (0–1) are measured on the draft's Gauss–Krüger
    plane, `width_m` and `shared_edge_m` on its local plane; all are 0 where nothing is shared, and NaN where days or months kept
    the two apart, so that nothing was measured. `shared_layers`: those that count as shared; `shared_from`, `shared_to`: half-open
    ordinals; `shared_months`: months with a common day. `heights_contradict`: layers named apart whose surveyed heights overlap.
    `geometry` (shapely, milliseconds): the overlap, or what is touched, or None.
    """

    grade: Array
    reason: Array
    overlap_m2: Array
    share_draft: Array
    share_other: Array
    width_m: Array
    shared_edge_m: Array
    shared_layers: Array
    shared_from: Array
    shared_to: Array
    shared_months: Array
    heights_contradict: Array
    geometry: Array

    def __len__(self) -> int:
        return len(self.grade)

    @classmethod
    def joined(cls, parts: list[Pairs]) -> Pairs:
        """Several results as one, in order."""
        return cls(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegionPairs:
    """How drafts stand to regions (zones, places, the shoreline), in the plane alone; arrays of one length, in the order asked.

    `grade`: CLEAR, TOUCHING, WITHIN_TOLERANCE, or for a true overlap what the region's effect makes of it (CONFLICT without one).
    `overlaps`: a true overlap. `overlap_m2`, `share_draft`, `width_m`: as in `Pairs`, 0 against lines. `length_m`: of a line inside
    the draft. `geometry` (shapely, milliseconds): the common part, or None.
    """

    grade: Array
    overlaps: Array
    overlap_m2: Array
    share_draft: Array
    width_m: Array
    length_m: Array
    geometry: Array

    def __len__(self) -> int:
        return len(self.grade)
