"""Whose sea it is: the areas that the draft and each of its units meet, and the place that is competent for all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely

from data.rulebook import RuleBook
from marine.findings import Finding, Severity, Source
from marine.overlaps import overlaps_with_regions
from marine.widths import widths
from parcels.checks.limits import Limits
from parcels.checks.report import NotJudged
from parcels.checks.subject import Subject
from parcels.queries.places import Ancestor, AreaRow

COUNTRY = "cn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where a draft lies. `units` names for each unit the places that hold it with the share of each, greatest first.

    `chain` are the places that hold all of it, widest first: the last is the lowest common superior, the competent place.
    """

    areas: tuple[AreaRow, ...] = ()
    chain: tuple[Ancestor, ...] = ()
    units: tuple[tuple[tuple[Ancestor, float], ...], ...] = ()
    findings: tuple[Finding, ...] = ()
    not_judged: tuple[NotJudged, ...] = ()

    def codes(self, book: RuleBook, day: date) -> tuple[str, ...]:
        """The chain as the rule book names places, as far down as the book knows them."""
        known = [found for place in self.chain if (found := in_book(place, book, day))]
        return tuple(book.places.chain(known[-1])) if known else (COUNTRY,)


def in_book(place: Ancestor, book: RuleBook, day: date) -> str | None:
    """The rule book's own id of a place, by the administrative code that it bears on a day; None where the book does not know it."""
    code = place.code_on(day.toordinal())
    if code is None:
        return None
    if code in book.places:
        return code
    found = book.places.find(code, day)
    return found[0].id if found else None


def locate(subject: Subject, areas: Sequence[AreaRow], limits: Limits, day: date) -> Whereabouts:
    """The areas in force on `day` that the draft truly overlaps, and what lies in none of them."""
    ordinal = day.toordinal()
    standing = [area for area in areas if area.since <= ordinal < area.until and area.chain]
    if not standing:
        return Whereabouts(units=((),) * len(subject.units), not_judged=(_outside(),))
    shares = _shares(subject, standing, limits)
    met = [area for area in standing if area.id in shares]
    if not met:
        return Whereabouts(units=((),) * len(subject.units), not_judged=(_outside(),))
    deepest = _speaking(met, subject)
    chain = _common(deepest)
    findings = [_within(area, shares[area.id], ordinal) for area in met]
    if len({area.place_id for area in met}) > 1:
        findings.append(
            Finding(
                code="place.several",
                severity=Severity.NOTES,
                facts={"common_zh": chain[-1].name_zh, "common_en": chain[-1].name_en, "count": len(met)},
                basis=tuple(area_source(area, ordinal) for area in met),
            )
        )
    left = _left_out(subject, met, limits)
    return Whereabouts(
        areas=tuple(met),
        chain=chain,
        units=_of_units(subject, deepest, limits),
        findings=(*findings, *left[0]),
        not_judged=left[1],
    )


def _shares(subject: Subject, areas: Sequence[AreaRow], limits: Limits) -> dict[int, float]:
    """The share of the draft in each area that truly overlaps it; nothing is cut where one area holds it and no other is near."""
    if len(areas) == 1 and shapely.contains_properly(areas[0].geometry, subject.geometry):
        return {areas[0].id: 1.0}
    pairs = _compare([subject.geometry], areas, limits)
    return {area.id: float(pairs.share_draft[at]) for at, area in enumerate(areas) if pairs.overlaps[at]}


def _outside() -> NotJudged:
    return NotJudged(code="not_judged.place")


def area_source(area: AreaRow, ordinal: int) -> Source:
    """The sea area of a place as a source."""
    own = area.chain[-1]
    return Source(rule=f"place.{own.code_on(ordinal) or own.id}", cite=area.source, seen="layer", mark=area.mark)


def _within(area: AreaRow, share: float, ordinal: int) -> Finding:
    own = area.chain[-1]
    return Finding(
        code="place.within",
        severity=Severity.NOTES,
        facts={
            "place_zh": own.name_zh,
            "place_en": own.name_en,
            "place_code": own.code_on(ordinal),
            "share_draft": round(share, 6),
        },
        basis=(area_source(area, ordinal),),
    )


def _compare(shapes: Sequence[Any], areas: Sequence[AreaRow], limits: Limits) -> Any:
    """Every shape with every area, shape by shape."""
    mine, theirs = np.empty(len(shapes), dtype=object), np.empty(len(areas), dtype=object)
    mine[:], theirs[:] = list(shapes), [area.geometry for area in areas]
    one, other = np.meshgrid(np.arange(len(mine)), np.arange(len(theirs)), indexing="ij")
    return overlaps_with_regions(
        mine,
        theirs,
        one.ravel(),
        other.ravel(),
        tolerance=limits.tolerance,
        accuracy=[max(area.accuracy, limits.zone_accuracy_least) for area in areas],
    )


def _speaking(met: Sequence[AreaRow], subject: Subject) -> list[AreaRow]:
    """The areas that say whose sea it is: one that holds the whole draft speaks alone, the deepest of such.

    A functional zone inside a county overlaps it: both hold the draft, and the zone's own chain is the more exact answer. Of
    several that share the draft, a place that stands above another of them says nothing more.
    """
    holding = [area for area in met if shapely.covers(area.geometry, subject.geometry)]
    if holding:
        return [max(holding, key=lambda area: (len(area.chain), -area.id))]
    above = {place.id for area in met for place in area.chain[:-1]}
    return [area for area in met if area.place_id not in above]


def _common(areas: Sequence[AreaRow]) -> tuple[Ancestor, ...]:
    """The chain that all have in common."""
    shared = []
    for steps in zip(*(area.chain for area in areas), strict=False):
        if len({step.id for step in steps}) > 1:
            break
        shared.append(steps[0])
    return tuple(shared)


def _of_units(
    subject: Subject, areas: Sequence[AreaRow], limits: Limits
) -> tuple[tuple[tuple[Ancestor, float], ...], ...]:
    """For each unit the places that truly hold some of it and their shares of what they hold together, greatest first."""
    if len(areas) == 1:
        return (((areas[0].chain[-1], 1.0),),) * len(subject.units)
    pairs = _compare(subject.units, areas, limits)
    shares = (pairs.share_draft * pairs.overlaps).reshape(len(subject.units), len(areas))
    found = []
    for row in shares:
        total = float(row.sum())
        held = [(area.chain[-1], float(share) / total) for area, share in zip(areas, row, strict=True) if share > 0]
        found.append(tuple(sorted(held, key=lambda each: (-each[1], each[0].id))))
    return tuple(found)


def _left_out(
    subject: Subject, met: Sequence[AreaRow], limits: Limits
) -> tuple[tuple[Finding, ...], tuple[NotJudged, ...]]:
    """What of the draft lies in no known sea area, if it is wider than the areas are accurate."""
    if any(shapely.covers(area.geometry, subject.geometry) for area in met):
        return (), ()
    known = shapely.union_all([area.geometry for area in met])
    outside = shapely.difference(subject.geometry, known)
    if shapely.is_empty(outside) or shapely.area(outside) == 0:
        return (), ()
    allowed = max(limits.zone_accuracy_least, *(area.accuracy for area in met))
    local = shapely.transform(outside, subject.local.to_metres)
    if float(widths(np.array([local], dtype=object), allowed)[0]) <= allowed:
        return (), ()
    share = shapely.area(outside) / shapely.area(subject.geometry)
    finding = Finding(
        code="place.partly_outside",
        severity=Severity.WARNS,
        facts={"share_draft": round(float(share), 6)},
        geometry=outside,
    )
    return (finding,), (NotJudged(code="not_judged.place_partly", facts={"share_draft": round(float(share), 6)}),)
