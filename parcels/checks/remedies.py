"""The remedy: what is left when everything visible that stands in the way is taken out, judged again before it is offered.

Register.md §4: subtracted is every source that the asker may see and that is graded `conflict` or `boundary.resurvey`; what is
offered has no such finding, and none that is worse than the draft had against the same source.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import shapely

from data.rulebook import Inquiry
from marine.boundary import Boundary
from marine.findings import Finding, Grade
from marine.remedy import Part, remainder
from parcels.checks.report import Offer
from parcels.checks.rights import Opposed
from parcels.checks.subject import Subject
from parcels.drafts import ParcelDraft

RESURVEY = "boundary.resurvey"
# Zones of ten thousand points are cut to the draft's surroundings before they are subtracted (milliseconds of arc, about 30 m).
_MARGIN = 1000
_LARGE = 200

Judge = Callable[[ParcelDraft], Sequence[Opposed]]


def must_go(finding: Finding) -> bool:
    """Whether a remedy has to take this source out of the draft."""
    return finding.grade is Grade.CONFLICT or finding.facts.get("reason") == RESURVEY


def offer_remedy(subject: Subject, opposed: Sequence[Opposed], inquiry: Inquiry, judge: Judge) -> Offer | None:
    """The largest remainder that stands up to being judged again, the others as further parcels; None where there is none."""
    against = [each for each in opposed if each.geometry is not None and must_go(each.finding)]
    if not against:
        return None
    # What overlaps more than a tolerance and may stay is no neighbour to keep out of; only these are cut to size.
    others = [
        each.geometry
        for each in opposed
        if each.geometry is not None
        and not must_go(each.finding)
        and (each.finding.grade or Grade.CLEAR) <= Grade.WITHIN_TOLERANCE
    ]
    found = remainder(
        subject.draft.boundary,
        [_near(subject, each.geometry) for each in against],
        neighbours=[_near(subject, geometry) for geometry in others if shapely.get_dimensions(geometry) == 2],
        minimum_by_unit=_minimums(subject, inquiry),
    )
    before = {each.key: each.finding.grade or Grade.CLEAR for each in opposed}
    sound: list[tuple[Part, Grade]] = []
    for part in found.parts:
        grade = _stands(subject, part, before, judge)
        if grade is not None:
            sound.append((part, grade))
    if not sound:
        return None
    first, grade = sound[0]
    kept = {unit for part, _ in sound for unit in part.unit_of}
    return Offer(
        boundary=first.boundary,
        modes=modes_of(subject, first),
        further=tuple(part.boundary for part, _ in sound[1:]),
        dropped_units=tuple(unit for unit in range(len(subject.units)) if unit not in kept),
        grade=grade,
    )


def _minimums(subject: Subject, inquiry: Inquiry) -> list[Decimal]:
    """Least hectares of each unit by its mode; zero where no rule names one."""
    least = []
    for mode in subject.modes:
        known = mode is not None and mode in inquiry.book.codes["use_modes"]
        value = inquiry.ask("remedy.minimum_ha", mode=mode).value if known else None
        least.append(Decimal(value) if value is not None else Decimal(0))
    return least


def _near(subject: Subject, geometry: Any) -> Any:
    """A source as it is; a large one only as far as it can matter to the draft."""
    if shapely.get_num_coordinates(geometry) <= _LARGE:
        return geometry
    west, south, east, north = subject.draft.boundary.bounds
    around = (west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN)
    # Clipping is four times faster at ten thousand points, but what it makes of a twisted shore need not be valid.
    piece = shapely.clip_by_rect(geometry, *around)
    return piece if shapely.is_valid(piece) else shapely.intersection(geometry, shapely.box(*around))


def modes_of(subject: Subject, part: Part) -> tuple[str | None, ...]:
    """The mode of each unit of a part, from the unit of the draft that it came from."""
    return tuple(subject.modes[unit] for unit in part.unit_of)


def _stands(subject: Subject, part: Part, before: dict[tuple[Any, ...], Grade], judge: Judge) -> Grade | None:
    """The worst grade of a part judged again, or None if something in it must go still or became worse."""
    draft = redrawn(subject.draft, part.boundary, modes_of(subject, part))
    worst = Grade.CLEAR
    for each in judge(draft):
        grade = each.finding.grade or Grade.CLEAR
        if must_go(each.finding) or grade > max(before.get(each.key, Grade.CLEAR), Grade.TOUCHING):
            return None
        worst = max(worst, grade)
    return worst


def redrawn(draft: ParcelDraft, boundary: Boundary, modes: tuple[str | None, ...]) -> ParcelDraft:
    """The same draft within another boundary."""
    return replace(draft, boundary=boundary, unit_modes=modes)
