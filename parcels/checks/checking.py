"""One check from draft to report: judge what may be shown, stand cells in for what may not, offer what is left."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import shapely
from sqlalchemy.orm import Session

from data.actors import Actor
from data.rulebook import RuleBook
from marine.authority import Part
from marine.coordinates import MS_PER_DEGREE
from marine.findings import Finding, Grade, Severity, Source
from parcels.checks.alternatives import alternatives, free_sea, hidden_as_cells
from parcels.checks.disclosure import hidden_findings
from parcels.checks.law import judge_law
from parcels.checks.remedies import must_go, offer_remedy
from parcels.checks.report import CheckReport, Judged, NotJudged, worst_first
from parcels.checks.rights import Opposed
from parcels.checks.scene import Scene
from parcels.checks.shoreline import on_the_shore
from parcels.checks.subject import Subject
from parcels.checks.versions import CaseDates
from parcels.checks.zones import demands, later_versions, layer_source, nothing_found, sealed_findings
from parcels.drafts import ParcelDraft
from parcels.queries.zones import borrowed_memory, day
from parcels.readers import shift_suspected

# The search for free sea moves the whole outline 128 times; beyond so many points, or so many neighbours, it is left out.
MOST_POINTS_MOVED, MOST_NEIGHBOURS_MOVED = 5_000, 500


def check(
    session: Session,
    draft: ParcelDraft,
    *,
    asker: Actor,
    book: RuleBook,
    today: date,
    received: date | None = None,
    accepted: date | None = None,
    decided: date | None = None,
    exempt_rights: Collection[int] = (),
    exempt_claims: Collection[int] = (),
    project_parts: Sequence[Part] = (),
    national_project: bool = False,
    judged: Judged | None = None,
) -> CheckReport:
    """Judge a draft against everything registered, claimed, planned and lawful, as `asker` may know it; stores nothing.

    `received`, `accepted`, `decided` are the case's days; before any case all of them are `today` (the legal day of asking).
    Exempt are the right that the case renews or changes and the case's own claim. `project_parts`: earlier parts of the project.
    With `judged`, of a stored report, and its day and book, the same report comes out again, whatever was entered since.
    """
    dates = CaseDates(received=received or today, accepted=accepted or received or today, decided=decided or today)
    with borrowed_memory(session) as memory:
        scene = Scene(
            session=session,
            memory=memory,
            subject=Subject(draft=draft, today=today),
            asker=asker,
            book=book,
            dates=dates,
            exempt_rights=frozenset(exempt_rights),
            exempt_claims=frozenset(exempt_claims),
            judged=judged,
        )
        return _report(scene, project_parts, national_project)


def _report(scene: Scene, project_parts: Sequence[Part], national_project: bool) -> CheckReport:
    draft = scene.subject.draft
    opposed = scene.opposed(draft)
    shore, shore_missing = on_the_shore(
        scene.subject, scene.gathered.zones, scene.layering.governing, scene.limits, scene.inquiry
    )
    law = judge_law(scene.subject, scene.where, scene.inquiry, parts=project_parts, national_project=national_project)
    outlined, for_offices = scene.hidden()
    hidden = hidden_findings(scene.inquiry, scene.subject.geometry, outlined, for_offices)
    findings = worst_first(
        [
            *(each.finding for each in opposed),
            *hidden,
            *sealed_findings(scene.sealed, scene.inquiry),
            *_shifted(scene, opposed),
            *_negative(scene, opposed, hidden),
            *shore,
            *scene.where.findings,
            *law.findings,
            *_of_versions(scene, opposed),
        ]
    )
    remedy = offer_remedy(scene.subject, opposed, scene.inquiry, scene.opposed)
    instead = () if remedy else _alternatives(scene, opposed)
    return CheckReport(
        draft=draft,
        findings=findings,
        not_judged=(*scene.where.not_judged, *law.not_judged, *shore_missing, *_not_judged(scene)),
        remedy=remedy,
        alternatives=tuple(instead),
        fee=law.fee,
        rules_hash=scene.book.hash,
        sources_used=_sources([*findings, *instead, *([law.fee] if law.fee else [])]),
        judged=scene.past(),
        today=scene.today,
        sees_everything=scene.sees_everything,
    )


def _shifted(scene: Scene, opposed: Sequence[Opposed]) -> list[Finding]:
    """Where the draft lies on land and a web map's shift would explain it: the question whose coordinates they are.

    The shifts off Weihai, 0.41–0.47 and 1.2–1.3 km (docs/formats.md), are less than the distance of the search.
    """
    if not any(each.finding.code == "land.on_land" for each in opposed):
        return []
    lands = {version.id for version in scene.layering.governing if version.kind == "land"}
    dry = shapely.union_all([zone.geometry for zone in scene.around.zones if zone.version_id in lands])
    points = shapely.get_coordinates(scene.subject.geometry)[:-1] / MS_PER_DEGREE
    origin = shift_suspected(points, shapely.transform(dry, lambda ms: ms / MS_PER_DEGREE))
    if origin is None:
        return []
    share = float(shapely.intersects_xy(dry, *(points.T * MS_PER_DEGREE)).mean())
    facts = {"share": f"{share:.0%}", "origin": origin}
    return [Finding(code="crs.shift_suspected", severity=Severity.WARNS, facts=facts)]


def _sources(findings: Sequence[Finding]) -> tuple[Source, ...]:
    """Every source that stands behind something said, once; never what was merely asked, which would tell of hidden zones."""
    return tuple(dict.fromkeys(source for finding in findings for source in finding.basis))


def _negative(scene: Scene, opposed: Sequence[Opposed], hidden: Sequence[Finding]) -> list[Finding]:
    """For every kind of source that was looked at and of which nothing was found: a finding that says so."""
    standings = {each.finding.facts.get("standing") for each in opposed}
    found = []
    if not standings & {"registered", "approved"}:
        found.append(Finding(code="right.none", grade=Grade.CLEAR))
    if "claimed" not in standings and not any(finding.code == "hidden.cell.claim" for finding in hidden):
        found.append(Finding(code="claim.none", grade=Grade.CLEAR))
    met = {each.finding.facts["layer"] for each in opposed if "layer" in each.finding.facts}
    shown = [version for version in scene.layering.governing if scene.shows(version.disclosure)]
    return [*found, *nothing_found([version for version in shown if version.layer not in met])]


def _of_versions(scene: Scene, opposed: Sequence[Opposed]) -> list[Finding]:
    """What later versions would say, and which layers ended without a successor."""
    layering = scene.layering
    newer = [version for version in layering.newer if version.kind == "zones" and scene.shows(version.disclosure)]
    later, _ = demands(scene.subject, scene.gathered.zones, newer, scene.inquiry) if newer else ([], [])
    notes = later_versions(
        [each for each in opposed if "layer" in each.finding.facts],
        [demand for demand in later if scene.shows(demand.disclosure)],
        newer,
        scene.limits,
    )
    for version in layering.lapsed:
        if version.kind == "zones" and scene.shows(version.disclosure):
            facts = {
                "layer": version.layer,
                "layer_zh": version.name_zh,
                "layer_en": version.name_en,
                "version": version.number,
                "until": day(version.until - 1),
            }
            basis = (layer_source(version),)
            notes.append(Finding(code="zone.lapsed", severity=Severity.WARNS, facts=facts, basis=basis))
    return notes


def _not_judged(scene: Scene) -> list[NotJudged]:
    """What could not be judged for want of layers, of a type or mode that a zone asks for, or of an audit."""
    missing = list(scene.all_demands[1])
    if not any(version.kind == "zones" for version in scene.layering.governing):
        missing.append(NotJudged(code="not_judged.zones"))
    missing += [
        NotJudged(code="not_judged.audit", facts={"run": run, "source": source}, required=False)
        for run, source in scene.audits
    ]
    return missing


def _alternatives(scene: Scene, opposed: Sequence[Opposed]) -> list[Finding]:
    """Where a conflict leaves no remedy: other layers, later days, free sea near by."""
    if not any(each.geometry is not None and must_go(each.finding) for each in opposed):
        return []
    found = alternatives(scene.subject, opposed, scene.visible_neighbours, scene.limits.excluded_modes)
    points = int(shapely.get_num_coordinates(scene.subject.geometry))
    crowded = len(scene.gathered.neighbours) > MOST_NEIGHBOURS_MOVED
    if not scene.where.areas or points > MOST_POINTS_MOVED or crowded:
        return found
    place = free_sea(
        scene.subject,
        _obstacles(scene),
        shapely.union_all([a.geometry for a in scene.where.areas]),
        scene.search_km,
    )
    return [*found, *([place] if place else [])]


def _obstacles(scene: Scene) -> list[Any]:
    """What the search for free sea keeps clear of: what is visible by its edge, what is hidden by its cells."""
    around = scene.around
    asked, _ = demands(scene.subject, around.zones, scene.layering.governing, scene.inquiry)
    strict = [demand for demand in asked if demand.effect != "inform"]
    lands = {version.id for version in scene.layering.governing if version.kind == "land"}
    obstacles = [row.geometry for row in around.neighbours if scene.shows(row.disclosure)]
    obstacles += [demand.zone.geometry for demand in strict if scene.shows(demand.disclosure)]
    obstacles += [zone.geometry for zone in around.zones if zone.version_id in lands]
    hidden = [(row.disclosure, row.geometry) for row in around.neighbours if not scene.shows(row.disclosure)]
    hidden += [(each.disclosure, each.zone.geometry) for each in strict if not scene.shows(each.disclosure)]
    return obstacles + hidden_as_cells(scene.inquiry, hidden, scene.search_box)
