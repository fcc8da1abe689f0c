"""The shoreline that a draft occupies, natural and artificial apart, and the land that it lies on.

Both are layers with versions of their own (kinds `shoreline` and `land`), as accurate as they say; the shipped ones are marked
as samples and print as unverified.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from data.rulebook import Inquiry
from marine.findings import Finding, Grade, Source
from marine.overlaps import overlaps_with_regions
from parcels.checks.limits import Limits
from parcels.checks.report import NotJudged
from parcels.checks.rights import Opposed
from parcels.checks.subject import Subject
from parcels.checks.zones import GRADES, layer_source
from parcels.queries.zones import VersionRow, ZoneRow

NATURAL, ARTIFICIAL = "natural", "artificial"


def on_the_shore(
    subject: Subject, zones: Sequence[ZoneRow], versions: Sequence[VersionRow], limits: Limits, inquiry: Inquiry
) -> tuple[list[Finding], list[NotJudged]]:
    """Metres of natural and of artificial shoreline inside the draft; what reaches no deeper than its accuracy is not occupied."""
    by_id = {version.id: version for version in versions if version.kind == "shoreline"}
    if not by_id:
        return [], [NotJudged(code="not_judged.shoreline")]
    lines = [zone for zone in zones if zone.version_id in by_id]
    lengths: defaultdict[str, float] = defaultdict(float)
    parts: defaultdict[str, list[Any]] = defaultdict(list)
    sources: dict[str, Source] = {}
    if lines:
        pairs = _compare(subject, lines, [by_id[zone.version_id].accuracy for zone in lines], limits)
        for at, zone in enumerate(lines):
            if pairs.overlaps[at]:
                kind = ARTIFICIAL if zone.attributes.get("kind") == ARTIFICIAL else NATURAL
                lengths[kind] += float(pairs.length_m[at])
                parts[kind].append(pairs.geometry[at])
                sources[kind] = layer_source(by_id[zone.version_id], zone)
    if not lengths:
        basis = tuple(layer_source(version) for version in by_id.values())
        return [Finding(code="shoreline.none", grade=Grade.CLEAR, basis=basis)], []
    return [_occupied(kind, lengths[kind], parts[kind], sources[kind], inquiry) for kind in sorted(lengths)], []


def _occupied(kind: str, length: float, parts: Sequence[Any], source: Source, inquiry: Inquiry) -> Finding:
    """Natural shoreline is protected as the rule book says; artificial shoreline is told and nothing more."""
    facts: dict[str, Any] = {"shoreline": kind, "length_m": round(length, 1)}
    basis: tuple[Source, ...] = (source,)
    grade = Grade.COMPATIBLE
    if kind == NATURAL:
        rule = inquiry.ask("shoreline.natural_occupation")
        if rule.status == "known":
            grade = GRADES[str(rule.value)]
            basis = (rule.source, *basis)
        ratio = inquiry.ask("shoreline.restore_ratio")
        if ratio.status == "known":
            facts["restore_m"] = round(length * float(ratio.value), 1)
            basis = (*basis, ratio.source)
    return Finding(
        code=f"shoreline.{kind}", grade=grade, facts=facts, basis=basis, geometry=shapely.union_all(list(parts))
    )


def on_land(
    subject: Subject, zones: Sequence[ZoneRow], versions: Sequence[VersionRow], limits: Limits
) -> list[Opposed]:
    """What of the draft lies on land: no sea, so nothing that could be granted."""
    by_id = {version.id: version for version in versions if version.kind == "land"}
    lands = [zone for zone in zones if zone.version_id in by_id]
    if not by_id:
        return []
    found: list[Opposed] = []
    if lands:
        pairs = _compare(subject, lands, [by_id[zone.version_id].accuracy for zone in lands], limits)
        found = [
            _on_land(zone, by_id[zone.version_id], pairs, at) for at, zone in enumerate(lands) if pairs.overlaps[at]
        ]
    if found:
        return found
    basis = tuple(layer_source(version) for version in by_id.values())
    return [Opposed(Finding(code="land.none", grade=Grade.CLEAR, basis=basis), None, ("land", 0))]


def _on_land(zone: ZoneRow, version: VersionRow, pairs: Any, at: int) -> Opposed:
    finding = Finding(
        code="land.on_land",
        grade=Grade.CONFLICT,
        facts={
            "overlap_m2": round(float(pairs.overlap_m2[at]), 4),
            "overlap_ha": f"{pairs.overlap_m2[at] / 10_000:.4f}",
            "share_draft": round(float(pairs.share_draft[at]), 6),
            "width_m": round(float(pairs.width_m[at]), 3),
        },
        basis=(layer_source(version, zone),),
        geometry=pairs.geometry[at],
    )
    return Opposed(finding, zone.geometry, ("zone", zone.id))


def _compare(subject: Subject, zones: Sequence[ZoneRow], accuracy: Sequence[float], limits: Limits) -> Any:
    mine, theirs = np.empty(1, dtype=object), np.empty(len(zones), dtype=object)
    mine[0], theirs[:] = subject.geometry, [zone.geometry for zone in zones]
    return overlaps_with_regions(
        mine,
        theirs,
        np.zeros(len(zones), dtype=int),
        np.arange(len(zones)),
        tolerance=limits.tolerance,
        accuracy=[max(each, limits.zone_accuracy_least) for each in accuracy],
    )
