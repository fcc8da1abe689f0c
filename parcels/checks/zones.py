"""The draft against planning and protection zones: what each demands, of whom to ask, and what later versions would say.

A zone concerns the units whose modes it names, a parcel whose type it names, and the days on which it holds. What it demands is
its own effect, or what the rule book's table of uses and kinds of zone says, whichever is stricter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from data.rulebook import Inquiry
from marine.findings import Finding, Grade, Severity, Source
from marine.overlaps import RegionPairs, overlaps_with_regions
from parcels.checks.limits import Limits
from parcels.checks.report import NotJudged
from parcels.checks.rights import Opposed
from parcels.checks.subject import Subject
from parcels.queries.zones import VersionRow, ZoneRow, day

STRICTNESS = ("none", "inform", "consult", "restrict", "forbid")
GRADES = {
    "forbid": Grade.CONFLICT,
    "restrict": Grade.NEEDS_CONSENT,
    "consult": Grade.NEEDS_CONSENT,
    "inform": Grade.COMPATIBLE,
}


@dataclass(frozen=True, slots=True)
class Demand:
    """A zone that concerns the draft: what it demands, of which part of the whole parcel, and on what basis."""

    zone: ZoneRow
    version: VersionRow
    effect: str
    part: Any
    whole: Any
    basis: tuple[Source, ...]

    @property
    def disclosure(self) -> str:
        """How far the zone is disclosed: its own word, else its layer's."""
        return self.zone.disclosure or self.version.disclosure


def demands(
    subject: Subject, zones: Sequence[ZoneRow], versions: Sequence[VersionRow], inquiry: Inquiry
) -> tuple[list[Demand], list[NotJudged]]:
    """The zones of these versions that concern the draft, and those that cannot be judged without its type or mode."""
    by_id = {version.id: version for version in versions if version.kind == "zones"}
    found: list[Demand] = []
    unjudged: dict[str, NotJudged] = {}
    start, end = subject.days
    for zone in zones:
        version = by_id.get(zone.version_id)
        if version is None or zone.held_from >= end or zone.held_to <= start:
            continue
        missing = _missing(subject, zone)
        if missing:
            # What a hidden layer would ask must not be told by what it lacks.
            if (zone.disclosure or version.disclosure) == "public":
                unjudged.setdefault(
                    f"{missing}{version.id}",
                    NotJudged(
                        code=f"not_judged.zone_{missing}",
                        facts={"layer_zh": version.name_zh, "layer_en": version.name_en},
                        option=f"--{missing}",
                    ),
                )
            continue
        if zone.use_types is not None and subject.draft.use_type not in zone.use_types:
            continue
        part = subject.part_of(zone.use_modes)
        if part is None:
            continue
        effect, basis = effect_on(subject.draft.use_type, zone, version, inquiry)
        if effect != "none":
            found.append(Demand(zone, version, effect, part, subject.geometry, basis))
    return found, list(unjudged.values())


def _missing(subject: Subject, zone: ZoneRow) -> str | None:
    """The option without which nobody can say whether the zone concerns the draft."""
    if zone.use_types is not None and subject.draft.use_type is None:
        return "type"
    if zone.use_modes is not None and None in subject.modes:
        return "mode"
    return None


def effect_on(
    use_type: str | None, zone: ZoneRow, version: VersionRow, inquiry: Inquiry
) -> tuple[str, tuple[Source, ...]]:
    """The stricter of the zone's own effect and the table of uses and kinds of zone for a use type, with its basis."""
    kind = zone.attributes.get("zone_kind") or zone.attributes.get("kind")
    if kind in inquiry.book.codes["zone_kinds"] and use_type:
        answer = inquiry.ask("use.zone_table", use_type=use_type, zone_kind=kind)
        if answer.status == "known" and STRICTNESS.index(answer.value) > STRICTNESS.index(zone.effect):
            return str(answer.value), (answer.source, layer_source(version, zone))
    return zone.effect, (layer_source(version, zone),)


def layer_source(version: VersionRow, zone: ZoneRow | None = None) -> Source:
    """The layer version as a source: its basis, its number, its mark of doubt."""
    cite = (zone.cite if zone else None) or version.cite or version.source
    return Source(
        rule=f"layer.{version.layer}",
        cite=cite,
        seen="layer",
        edition=f"{version.number}",
        since=day(version.since),
        mark=version.mark,
    )


@dataclass(frozen=True, slots=True)
class Meeting:
    """How a part of the parcel stands to one zone; measures as in `marine.overlaps.RegionPairs`."""

    grade: Grade
    overlaps: bool
    overlap_m2: float
    share_draft: float
    width_m: float
    geometry: Any


def compare(found: Sequence[Demand], limits: Limits) -> list[Meeting]:
    """How the parts of the parcel stand to the zones that concern them, pair by pair.

    Zones that hold the whole part overlap it alike: it is measured once, against the first of them.
    """
    if not found:
        return []
    parts, zones = _objects([demand.part for demand in found]), _objects([demand.zone.geometry for demand in found])
    held = shapely.contains_properly(zones, parts)
    first: dict[int, int] = {}
    stands_for = [first.setdefault(id(parts[at]), at) if held[at] else at for at in range(len(found))]
    asked = sorted(set(stands_for))
    accuracy = [max(demand.version.accuracy, limits.zone_accuracy_least, limits.tolerance.within) for demand in found]
    pairs = overlaps_with_regions(
        parts,
        zones,
        asked,
        asked,
        tolerance=limits.tolerance,
        accuracy=accuracy,
        effects=[demand.effect for demand in found],
    )
    row = {at: place for place, at in enumerate(asked)}
    return [_meeting(found[at], pairs, row[stands_for[at]], held[at], accuracy[at]) for at in range(len(found))]


def _meeting(demand: Demand, pairs: RegionPairs, at: int, held: bool, accuracy: float) -> Meeting:
    width = float(pairs.width_m[at])
    overlaps = width > accuracy if held else bool(pairs.overlaps[at])
    grade = Grade(int(pairs.grade[at]))
    if held:
        grade = GRADES[demand.effect] if overlaps else Grade.WITHIN_TOLERANCE
    return Meeting(
        grade, overlaps, float(pairs.overlap_m2[at]), float(pairs.share_draft[at]), width, pairs.geometry[at]
    )


def against_zones(found: Sequence[Demand], limits: Limits, inquiry: Inquiry) -> list[Opposed]:
    """A finding for every zone that the draft meets, with the zone's surface."""
    return [
        Opposed(_finding(demand, meeting, inquiry), _taken(demand), ("zone", demand.zone.id))
        for demand, meeting in zip(found, compare(found, limits), strict=True)
        if meeting.grade is not Grade.CLEAR
    ]


def _taken(demand: Demand) -> Any:
    """What a remedy would have to give up to the zone: no more than the part of the parcel that it concerns."""
    if demand.effect != "forbid" or demand.part is demand.whole:
        return demand.zone.geometry
    return shapely.intersection(demand.zone.geometry, demand.part)


def _finding(demand: Demand, meeting: Meeting, inquiry: Inquiry) -> Finding:
    zone, version = demand.zone, demand.version
    code = demand.effect if meeting.overlaps else meeting.grade.word
    facts: dict[str, Any] = {
        "layer": version.layer,
        "layer_zh": version.name_zh,
        "layer_en": version.name_en,
        "zone": zone.identity,
        "zone_zh": zone.name_zh,
        "zone_en": zone.name_en,
        "version": version.number,
        "version_from": day(version.since),
        "effect": demand.effect,
        "buffer_m": zone.buffer,
        "overlap_m2": round(meeting.overlap_m2, 4),
        "overlap_ha": f"{meeting.overlap_m2 / 10_000:.4f}",
        "share_draft": round(meeting.share_draft, 6),
        "width_m": round(meeting.width_m, 3),
        "accuracy_m": version.accuracy,
    }
    basis = demand.basis
    if meeting.overlaps and GRADES[demand.effect] is Grade.NEEDS_CONSENT:
        office, more = _office(version, zone, inquiry)
        facts |= office
        basis = (*basis, *more)
    return Finding(
        code=f"zone.{code}",
        grade=meeting.grade,
        facts=facts,
        basis=basis,
        geometry=meeting.geometry,
    )


def sealed_findings(found: Sequence[Demand], inquiry: Inquiry) -> list[Finding]:
    """For officers: which office is asked about every use of a sealed area; no measure, for what it protects is not stored."""
    return [
        Finding(
            code="zone.sealed",
            grade=Grade.NEEDS_CONSENT,
            facts={"layer": demand.version.layer, **_office(demand.version, demand.zone, inquiry)[0]},
            basis=demand.basis,
        )
        for demand in found
    ]


def _office(version: VersionRow, zone: ZoneRow, inquiry: Inquiry) -> tuple[dict[str, Any], tuple[Source, ...]]:
    """Whom to ask, how many working days they are asked to answer within, and after how many silence counts."""
    silence = inquiry.ask("days.consultation_silence")
    asked = inquiry.ask("days.consultation_asked")
    facts = {
        "office_zh": version.office_zh or version.name_zh,
        "office_en": version.office_en or version.name_en,
        "answer_days": zone.answer_days or asked.value,
        "silence_days": silence.value,
    }
    return facts, (silence.source,) if zone.answer_days else (asked.source, silence.source)


def nothing_found(versions: Sequence[VersionRow]) -> list[Finding]:
    """For every layer that was looked at and has nothing here: a finding that says so."""
    return [
        Finding(
            code="zone.none",
            grade=Grade.CLEAR,
            facts={
                "layer": version.layer,
                "layer_zh": version.name_zh,
                "layer_en": version.name_en,
                "version": version.number,
                "version_from": day(version.since),
            },
            basis=(layer_source(version),),
        )
        for version in versions
        if version.kind == "zones"
    ]


def later_versions(
    now: Sequence[Opposed], later: Sequence[Demand], versions: Sequence[VersionRow], limits: Limits
) -> list[Finding]:
    """What each later public version would say where that differs from what governs; notes, which enter no grade."""
    today = {
        layer: max(opposed.finding.grade or Grade.CLEAR for opposed in now if opposed.finding.facts["layer"] == layer)
        for layer in {opposed.finding.facts["layer"] for opposed in now}
    }
    then: dict[int, Grade] = {}
    for demand, meeting in zip(later, compare(later, limits), strict=True):
        then[demand.version.id] = max(then.get(demand.version.id, Grade.CLEAR), meeting.grade)
    return [
        Finding(
            code="zone.newer",
            severity=Severity.NOTES,
            facts={
                "layer": version.layer,
                "layer_zh": version.name_zh,
                "layer_en": version.name_en,
                "version": version.number,
                "version_from": day(version.since),
                "would": then.get(version.id, Grade.CLEAR).word,
            },
            basis=(layer_source(version),),
        )
        for version in versions
        if then.get(version.id, Grade.CLEAR) != today.get(version.layer, Grade.CLEAR)
    ]


def _objects(shapes: Sequence[Any]) -> Any:
    array = np.empty(len(shapes), dtype=object)
    array[:] = list(shapes)
    return array
