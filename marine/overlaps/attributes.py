"""What two spaces share beside their plane: days, months, layers and heights; judged before any geometry is cut.

Source: register.md §2. Days are half-open ranges of ordinals; months are 12 bits; heights metres in the 1985 datum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from marine.spaces import ALL_YEAR, HEIGHTS_OVERLAP_M, Layer, Spaces

Array = npt.NDArray[Any]

_EPOCH_ORDINAL = 719_163  # 1970-01-01, where numpy's dates begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What the pairs share. Arrays of one length.

    `from_day`, `to_day`: the common days, half-open (empty where `from_day >= to_day`). `months`: the months in which a day lies
    that both hold. `layers`: the layers that count as shared, none where the heights keep the two apart.
    `heights_apart`: layers of the same name, kept apart by surveyed numbers. `heights_contradict`: layers of different names whose
    surveyed numbers overlap.
    """

    from_day: Array
    to_day: Array
    months: Array
    layers: Array
    heights_apart: Array
    heights_contradict: Array

    @property
    def dates_apart(self) -> Array:
        return np.asarray(self.from_day >= self.to_day)

    @property
    def months_apart(self) -> Array:
        """No day lies in both date ranges and both month sets, though the ranges share days."""
        return np.asarray((self.months == 0) & ~self.dates_apart)


NEVER_TOGETHER = "layers.never_together"
NEVER_WITH_TYPE = "layers.never_with_type"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForbiddenPair:
    """Two uses, each by its modes and layers (no modes named: any), that may never lie over each other in layers.

    `reason` is the code of the text that says why.
    """

    modes: tuple[str, ...] = ()
    other_modes: tuple[str, ...] = ()
    layers: int = Layer.ALL
    other_layers: int = Layer.ALL
    reason: str = NEVER_TOGETHER

    @classmethod
    def of_rule(cls, value: Iterable[Mapping[str, Any]]) -> tuple[ForbiddenPair, ...]:
        """The pairs of the rule `layers.never_together`: entries with two `modes` and the `ground`, order does not matter.

        >>> ForbiddenPair.of_rule([{"modes": ["41", "44"], "ground": "navigation"}])[0].reason
        'layers.never_together.navigation'
        """
        return tuple(
            cls(
                modes=(entry["modes"][0],),
                other_modes=(entry["modes"][1],),
                reason=f"{NEVER_TOGETHER}.{entry['ground']}",
            )
            for entry in value
        )


def months_between(from_day: Array, to_day: Array) -> Array:
    """The months that the half-open ranges of days touch, as 12 bits; 0 for an empty range.

    >>> from datetime import date
    >>> first, after = date(2027, 12, 31).toordinal(), date(2028, 1, 2).toordinal()
    >>> f"{months_between(np.array([first]), np.array([after]))[0]:012b}"
    '100000000001'
    """
    first = _month(from_day)
    span = np.clip(_month(to_day - 1) - first + 1, 0, 12)
    turned = ((1 << span) - 1) << (first % 12)
    covered = (turned | turned >> 12) & ALL_YEAR
    return np.where(from_day < to_day, covered, 0)


def _month(days: Array) -> Array:
    """Months since January 1970 of ordinals."""
    instants = (np.asarray(days, dtype=np.int64) - _EPOCH_ORDINAL).astype("M8[D]")
    return instants.astype("M8[M]").astype(np.int64)


def shared(drafts: Spaces, others: Spaces, draft_index: Array, other_index: Array) -> Shared:
    """What each pair (drafts[draft_index[i]], others[other_index[i]]) shares."""
    from_day = np.maximum(drafts.held_from[draft_index], others.held_from[other_index])
    to_day = np.minimum(drafts.held_to[draft_index], others.held_to[other_index])
    both_months = _whole(drafts.months, ALL_YEAR)[draft_index] & _whole(others.months, ALL_YEAR)[other_index]
    months = both_months.astype(np.int64) & months_between(from_day, to_day)
    layers = _whole(drafts.layers, Layer.ALL)[draft_index] & _whole(others.layers, Layer.ALL)[other_index]
    depth = _common_height(drafts, others, draft_index, other_index)
    # A comparison with NaN is False: what is unknown counts as shared and contradicts nothing.
    apart = (depth <= HEIGHTS_OVERLAP_M + 1e-9) & (layers != 0)
    return Shared(
        from_day=from_day,
        to_day=to_day,
        months=months.astype(np.uint16),
        layers=np.where(apart, 0, layers).astype(np.uint8),
        heights_apart=apart,
        heights_contradict=(depth > HEIGHTS_OVERLAP_M + 1e-9) & (layers == 0),
    )


def _whole(bits: Array, everything: int) -> Array:
    """Sets of bits; an empty one says nothing, and what is unknown counts as all of it."""
    return np.where(bits == 0, bits.dtype.type(everything), bits)


def _common_height(drafts: Spaces, others: Spaces, draft_index: Array, other_index: Array) -> Array:
    """How many metres of height two bands have in common (negative: the gap); NaN unless all four numbers are from a survey."""
    surveyed = drafts.z_surveyed[draft_index] & others.z_surveyed[other_index]
    if not surveyed.any():
        return np.full(len(draft_index), np.nan)
    low, other_low = drafts.z_low[draft_index], others.z_low[other_index]
    high, other_high = drafts.z_high[draft_index], others.z_high[other_index]
    # A band whose low is not below its high says nothing that could keep two units apart.
    known = surveyed & (low < high) & (other_low < other_high)
    return np.where(known, np.minimum(high, other_high) - np.maximum(low, other_low), np.nan)


def never_together(
    pairs: Sequence[ForbiddenPair], drafts: Spaces, others: Spaces, draft_index: Array, other_index: Array
) -> Array:
    """The reason why each pair may never be layered, "" where it may; the first that fits says it."""
    reasons = np.full(len(draft_index), "", dtype=object)
    reasons[drafts.never_layered[draft_index] | others.never_layered[other_index]] = NEVER_WITH_TYPE
    if not pairs or not len(draft_index):
        return reasons
    one, other = drafts.layers[draft_index], others.layers[other_index]
    one_mode, other_mode = drafts.mode[draft_index], others.mode[other_index]
    for pair in pairs:
        fits = _fits(pair, one, one_mode, other, other_mode) | _fits(pair, other, other_mode, one, one_mode)
        reasons[fits & (reasons == "")] = pair.reason
    return reasons


def _fits(pair: ForbiddenPair, layers: Array, modes: Array, other_layers: Array, other_modes: Array) -> Array:
    fits = ((layers & pair.layers) != 0) & ((other_layers & pair.other_layers) != 0)
    if pair.modes:
        fits &= np.isin(modes, pair.modes)
    if pair.other_modes:
        fits &= np.isin(other_modes, pair.other_modes)
    return np.asarray(fits)
