"""Three stories through the register's own doors: a clean parcel, one that overlaps, and a layered pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely

from api.demo.stage import Stage
from data.answers import Refusal
from marine.boundary import Boundary, Polygon, settle
from marine.coordinates import MS_PER_DEGREE
from marine.findings import Finding, Grade
from marine.spaces import layer_names, layers_from_names
from parcels import checks, register
from parcels.checks import CheckReport
from parcels.drafts import ParcelDraft
from parcels.papers import file_layering_papers
from parcels.registering.requests import Band, District, Granted, GrantRequest, Occupying, Share
from parcels.samples.rights import rights

ROPES = ("surface", "water_column")
FLOOR = ("seabed", "subsoil")
DISTRICT = District(county="371082", zone="001", subzone="001")


@dataclass(slots=True)
class Told:
    """What happened: lines as (message code, facts), and the shapes to draw as (kind, label, geometry in milliseconds)."""

    lines: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    shapes: list[tuple[str, str, Any]] = field(default_factory=list)
    findings: list[tuple[str, Finding]] = field(default_factory=list)

    def say(self, code: str, /, **facts: Any) -> None:
        """Add a line."""
        self.lines.append((code, facts))

    def draw(self, kind: str, label: str, geometry: Any) -> None:
        """Add a shape."""
        self.shapes.append((kind, label, geometry))


def play(stage: Stage, heard: Callable[[int], None] = lambda steps: None) -> Told:
    """All stories in turn."""
    told = Told()
    for story in (clean, overlapping, layered):
        story(stage, told)
        heard(1)
    return told


def clean(stage: Stage, told: Told) -> None:
    """An oyster parcel in free water: checked, granted, registered."""
    boundary = rectangle((122.5180, 37.0900), (500, 390), 6)
    report = _checked(stage, told, "clean", boundary, ROPES)
    granted = _granted(stage, "示例-D-0001", boundary, ROPES)
    _tell_granted(told, "clean", boundary, granted)
    told.say("cli.demo.fits", grade=report.grade.word)


def overlapping(stage: Stage, told: Told) -> None:
    """A parcel drawn over a neighbour: refused; what is left of it is accepted and granted."""
    boundary = rectangle(_below_a_neighbour(stage), (620, 420), 14)
    report = _checked(stage, told, "overlapping", boundary, ROPES)
    _refused(stage, told, "示例-D-0002", boundary, ROPES)
    if report.remedy is None:
        told.say("cli.demo.no_remedy")
        return
    rest = report.remedy.boundary
    told.say("cli.demo.remedy", hectares=rest.area, drawn=boundary.area)
    told.draw("remedy", "", rest.parcel.to_shapely())
    granted = _granted(stage, "示例-D-0002", rest, ROPES)
    _tell_granted(told, "remedy", rest, granted)


def _below_a_neighbour(stage: Stage) -> tuple[float, float]:
    """A corner 220 m below the outer row of the Sanggou Bay rafts, under one that is in force for years."""
    outer = [f"示例-SGB-{column:02d}" for column in range(1, 7)]
    lasting = [
        right
        for right in rights(stage.today)
        if right.number in outer
        and right.first_day <= stage.today
        and right.last_day > stage.today + timedelta(days=365)
    ]
    lon, lat = lasting[-1].ring[0]
    return lon / MS_PER_DEGREE, lat / MS_PER_DEGREE - 220 / 111_000


def layered(stage: Stage, told: Told) -> None:
    """Ropes above and a seabed bed below: refused without papers, granted when they are on file."""
    above = rectangle((122.5420, 37.0905), (520, 420), 0)
    _checked(stage, told, "above", above, ROPES, layered=True)
    first = _granted(stage, "示例-D-0003", above, ROPES, layered=True)
    _tell_granted(told, "above", above, first)
    below = rectangle((122.5440, 37.0885), (420, 330), 0)
    _checked(stage, told, "below", below, FLOOR, layered=True)
    _refused(stage, told, "示例-D-0004", below, FLOOR, layered=True)
    with stage.opened() as session:
        file_layering_papers(
            session,
            case_number="示例-D-0004",
            boundary_hash=below.hash,
            earlier_right=first.right_id,
            consent=("在先权利人同意书（示例）.txt", "示例：同意在海床、底土另行设权。".encode()),
            conclusion=("论证结论（示例）.txt", "示例：立体分层设权可行。".encode()),
            actor=stage.actor,
        )
        session.commit()
    told.say("cli.demo.papers", right=first.right_id)
    granted = _granted(stage, "示例-D-0004", below, FLOOR, layered=True)
    _tell_granted(told, "below", below, granted)
    told.say("cli.demo.layered_note" if granted.is_layered else "cli.demo.not_layered")


def rectangle(corner: tuple[float, float], size: tuple[float, float], turn: float) -> Boundary:
    """A settled rectangle: south-west corner in degrees (lon, lat), size in metres, turned by degrees."""
    angle = np.radians(turn)
    corners = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]])
    turned = corners @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    scale = np.array([0.03092 * np.cos(np.radians(corner[1])), 0.03092])
    points = np.rint(np.array(corner) * MS_PER_DEGREE + turned / scale).astype(int)
    boundary = settle(Polygon(tuple((int(x), int(y)) for x, y in points))).boundary
    if boundary is None:
        raise ValueError("a rectangle always settles")
    return boundary


def _term(stage: Stage) -> tuple[date, date]:
    first = (stage.today + timedelta(days=40)).replace(day=1)
    return first, first.replace(year=first.year + 15) - timedelta(days=1)


def _checked(
    stage: Stage, told: Told, name: str, boundary: Boundary, layers: Sequence[str], *, layered: bool = False
) -> CheckReport:
    draft = ParcelDraft(
        boundary=boundary,
        use_type="13",
        unit_modes=("41",),
        layers=int(layers_from_names(layers)),
        held=_term(stage),
        layered=layered,
    )
    with stage.opened() as session:
        report = checks.check(session, draft, asker=stage.actor, book=stage.book, today=stage.today)
    told.say(
        "cli.demo.checked",
        name=name,
        hectares=boundary.area,
        hash=boundary.hash[:12],
        grade=report.grade.word,
        layers=list(layer_names(int(layers_from_names(layers)))),
    )
    told.draw("draft", "", boundary.parcel.to_shapely())
    for finding in report.findings:
        if finding.grade is not None and finding.grade >= Grade.COMPATIBLE:
            told.findings.append((name, finding))
            told.say("cli.demo.finding", name=name, finding=finding)
            if finding.grade >= Grade.NEEDS_CONSENT and shapely.get_dimensions(finding.geometry) == 2:
                told.draw(finding.grade.word, "", finding.geometry)
    return report


def _request(stage: Stage, case: str, boundary: Boundary, layers: Sequence[str], layered: bool) -> GrantRequest:
    first, last = _term(stage)
    return GrantRequest(
        standing="registered",
        case_number=case,
        boundary=boundary,
        occupying=Occupying(
            use_type="13",
            unit_modes=("41",),
            first=first,
            last=last,
            bands=(Band(int(layers_from_names(layers))),),
            is_layered=layered,
        ),
        received_at=stage.now,
        decision_on=stage.today,
        entered_on=stage.today,
        term=(first, last),
        party_id=stage.holder,
        holders=(Share(stage.holder),),
        district=DISTRICT,
        name=case,
        mark="sample",
    )


def _granted(stage: Stage, case: str, boundary: Boundary, layers: Sequence[str], *, layered: bool = False) -> Granted:
    with stage.opened() as session:
        request = _request(stage, case, boundary, layers, layered)
        granted = register.grant(session, request, actor=stage.actor, book=stage.book, now=stage.now)
        session.commit()
    return granted


def _refused(
    stage: Stage, told: Told, case: str, boundary: Boundary, layers: Sequence[str], *, layered: bool = False
) -> None:
    try:
        _granted(stage, case, boundary, layers, layered=layered)
    except Refusal as refusal:
        told.say("cli.demo.refused", refusal=refusal)
        return
    raise RuntimeError(f"{case} should have been refused")


def _tell_granted(told: Told, name: str, boundary: Boundary, granted: Granted) -> None:
    told.say(
        "cli.demo.granted",
        name=name,
        hectares=boundary.area,
        parcel_code=granted.parcel_code,
        unit_code=granted.unit_code,
        right=granted.right_id,
    )
    told.draw("granted", str(boundary.area), boundary.parcel.to_shapely())
