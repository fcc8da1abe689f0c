"""The draft against registered rights, approvals and claims: one source per right and band, graded by `marine.overlaps` alone.

A right's units near the draft are taken together, and so are the draft's own: an overlap is as wide as it is, whatever unit
borders run through it. Only where units differ in mode are they looked at one by one besides, for what their modes forbid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from marine.findings import Finding, Grade, Source
from marine.overlaps import ForbiddenPair, Pairs, grade
from marine.spaces import Space, Spaces, days_of, layer_names, month_numbers
from parcels.checks.limits import Limits
from parcels.checks.subject import Subject
from parcels.queries.occupations import Neighbour

# The rule that a reason of `marine.overlaps` rests on.
RULES = {
    "sea.exclusive": "use.occupies_by_default",
    "boundary.resurvey": "boundary.tolerance.resurvey_m",
    "boundary.within_tolerance": "boundary.tolerance.within_m",
    "boundary.touching": "boundary.tolerance.touch_m",
    "layers.excluded": "use.mode_changes_nature",
    "layers.consent": "use.occupies_by_default",
    "layers.compatible": "use.occupies_by_default",
    "heights.apart": "use.occupies_by_default",
    "heights.contradict": "use.occupies_by_default",
}
NEVER = "layers.never_together"
NEVER_WITH_TYPE = "layers.never_with_type"


@dataclass(frozen=True, slots=True)
class Opposed:
    """A finding against one source, with the source's surface: what a remedy may have to subtract."""

    finding: Finding
    geometry: Any
    key: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """What one right or claim holds near the draft with the same days, layers, heights and months: rows taken together.

    Where its units have several modes there is a band of the whole, with mode "", and one of each mode, `part_of` the whole.
    """

    rows: tuple[Neighbour, ...]
    geometry: Any
    mode: str
    part_of: int | None = None

    @classmethod
    def of(cls, rows: Sequence[Neighbour], mode: str, part_of: int | None = None) -> Band:
        """Rows that differ in nothing but place (and, for the whole, mode), with the surface of all of them."""
        surfaces = [row.geometry for row in rows]
        return cls(tuple(rows), surfaces[0] if len(surfaces) == 1 else shapely.union_all(surfaces), mode, part_of)

    @property
    def first(self) -> Neighbour:
        """The row that speaks for all."""
        return self.rows[0]

    @property
    def accuracy(self) -> float | None:
        """Metres: the least that any row states, None where one is not surveyed: no unit widens another's tolerance."""
        stated = [row.accuracy for row in self.rows]
        return None if None in stated else min(each for each in stated if each is not None)


def bands(neighbours: Sequence[Neighbour]) -> list[Band]:
    """Rows of one right or claim that belong together; in the order of their first rows."""
    groups: defaultdict[tuple[Any, ...], dict[str, list[Neighbour]]] = defaultdict(dict)
    for row in neighbours:
        key = (
            row.right_id,
            row.claim_id,
            row.standing,
            row.held_from,
            row.held_to,
            row.layers,
            row.z_low,
            row.z_high,
            row.z_surveyed,
            row.months,
            row.is_layered,
            row.use_type,
        )
        groups[key].setdefault(row.use_mode or "", []).append(row)
    found: list[Band] = []
    for by_mode in groups.values():
        if len(by_mode) == 1:
            found += [Band.of(rows, mode) for mode, rows in by_mode.items()]
            continue
        whole = len(found)
        found.append(Band.of([row for rows in by_mode.values() for row in rows], ""))
        found += [Band.of(rows, mode, whole) for mode, rows in by_mode.items()]
    return found


def spaces_of_draft(subject: Subject, limits: Limits, accuracy: float | None) -> Spaces:
    """The parcel as a whole first; then, where its units have several modes, the part of each mode."""
    start, end = subject.days
    modes = sorted({mode for mode in subject.modes if mode})
    parts: list[tuple[str, Any]] = [(modes[0], subject.geometry)] if len(modes) == 1 else [("", subject.geometry)]
    if len(modes) > 1:
        parts += [(mode, subject.part_of(frozenset({mode}))) for mode in modes]
    heights = subject.draft.heights
    low, high, surveyed = (heights.low, heights.high, heights.surveyed) if heights else (None, None, False)
    return Spaces.of(
        [
            Space(
                geometry=geometry,
                layers=subject.layers,
                z_low=low,
                z_high=high,
                z_surveyed=surveyed,
                held_from=start,
                held_to=end,
                months=subject.months,
                layered=bool(subject.draft.layered),
                excluded=mode in limits.excluded_modes,
                accuracy=accuracy,
                mode=mode,
            )
            for mode, geometry in parts
        ]
    )


def spaces_of(found: Sequence[Band], limits: Limits, cap: float | None) -> Spaces:
    """Bands as spaces; `cap` in metres bounds the accuracy that a survey may claim."""
    return Spaces.of(
        [
            Space(
                geometry=band.geometry,
                layers=band.first.layers,
                z_low=band.first.z_low,
                z_high=band.first.z_high,
                z_surveyed=band.first.z_surveyed,
                held_from=band.first.held_from,
                held_to=band.first.held_to,
                months=band.first.months,
                layered=band.first.is_layered,
                excluded=band.mode in limits.excluded_modes,
                accuracy=capped(band.accuracy, cap),
                mode=band.mode,
            )
            for band in found
        ]
    )


def capped(accuracy: float | None, cap: float | None) -> float | None:
    """A surveyed accuracy in metres, at most the cap; None stays "not surveyed"."""
    return accuracy if accuracy is None or cap is None else min(accuracy, cap)


def against_rights(
    subject: Subject, mine: Spaces, found: Sequence[Band], theirs: Spaces, limits: Limits, *, papers: frozenset[int]
) -> list[Opposed]:
    """Every band that is not clear of the draft, as a finding with its surface; `mine` and `theirs` are the two as spaces."""
    one, other = (index.ravel() for index in np.meshgrid(np.arange(len(mine)), np.arange(len(theirs)), indexing="ij"))
    on_file = np.array([(band.first.right_id in papers) for band in found], dtype=bool)
    pairs = grade(
        mine,
        theirs,
        one,
        other,
        tolerance=limits.tolerance,
        forbidden_layer_pairs=_forbidden_here(limits, mine, theirs),
        papers=on_file[other],
    )
    judged = [_opposed(subject, band, pairs, np.flatnonzero(other == at), limits) for at, band in enumerate(found)]
    return [each for band, each in zip(found, judged, strict=True) if each and _adds(each, band, judged)]


def _adds(opposed: Opposed, band: Band, judged: Sequence[Opposed | None]) -> bool:
    """Whether the finding on units of one mode says more than the one on the whole of the right."""
    whole = None if band.part_of is None else judged[band.part_of]
    return whole is None or (opposed.finding.grade or Grade.CLEAR) > (whole.finding.grade or Grade.CLEAR)


def _forbidden_here(limits: Limits, mine: Spaces, theirs: Spaces) -> list[ForbiddenPair]:
    """The forbidden pairs of which each side's modes name one; the others cannot fit and need not be asked of every pair."""
    one, other = set(mine.mode.tolist()), set(theirs.mode.tolist())
    return [
        pair
        for pair in limits.forbidden
        if (one & set(pair.modes) and other & set(pair.other_modes))
        or (one & set(pair.other_modes) and other & set(pair.modes))
    ]


def _opposed(subject: Subject, band: Band, pairs: Pairs, rows: Any, limits: Limits) -> Opposed | None:
    """The finding against one band: measures of the parcel as a whole, grade and reason of the worst part."""
    whole, worst = int(rows[0]), int(rows[np.argmax(pairs.grade[rows])])
    verdict, reason = Grade(int(pairs.grade[worst])), str(pairs.reason[worst])
    if verdict is Grade.CLEAR:
        return None
    if _never_by_type(subject, band, limits) and reason.startswith(("layers.", "heights.")):
        verdict, reason = Grade.CONFLICT, NEVER_WITH_TYPE
    finding = Finding(
        code=f"neighbour.{reason.split('.')[1]}" if not reason.startswith(NEVER) else "neighbour.never_together",
        grade=verdict,
        facts=_facts(band, pairs, whole, reason),
        basis=_basis(reason, limits),
        geometry=pairs.geometry[whole],
    )
    return Opposed(finding, band.geometry, ("right", band.first.right_id, band.first.claim_id, band.rows[0].id))


def _never_by_type(subject: Subject, band: Band, limits: Limits) -> bool:
    return bool(limits.types_never_layered & {subject.draft.use_type, band.first.use_type})


def _basis(reason: str, limits: Limits) -> tuple[Source, ...]:
    rule = NEVER if reason.startswith(f"{NEVER}.") else RULES.get(reason, reason)
    return (limits.sources[rule],) if rule in limits.sources else ()


def _facts(band: Band, pairs: Pairs, at: int, reason: str) -> dict[str, Any]:
    row = band.first
    first, last = days_of(int(pairs.shared_from[at]), int(pairs.shared_to[at]))
    shared = int(pairs.shared_layers[at])
    area = _number(pairs.overlap_m2[at], 4)
    return {
        "reason": reason,
        "standing": row.standing,
        "right": row.right_id,
        "claim": row.claim_id,
        "parcel": row.parcel_id,
        "parcel_code": row.parcel_code,
        "overlap_m2": area,
        "overlap_ha": f"{(area or 0.0) / 10_000:.4f}",
        "share_draft": _number(pairs.share_draft[at], 6),
        "share_other": _number(pairs.share_other[at], 6),
        "width_m": _number(pairs.width_m[at], 3),
        "shared_edge_m": _number(pairs.shared_edge_m[at], 2),
        # What both hold in common; where the layers are apart, the neighbour's own.
        "layers": list(layer_names(shared or row.layers)),
        "layers_shared": bool(shared),
        "from": first,
        "to": last,
        "months": list(month_numbers(int(pairs.shared_months[at]))),
        "heights_contradict": bool(pairs.heights_contradict[at]),
    }


def _number(value: Any, places: int) -> float | None:
    """A measure rounded; NaN, which says "not measured", is None."""
    return None if np.isnan(value) else round(float(value), places)
