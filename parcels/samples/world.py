"""Loads the sample world through the register's own doors: places, layers, parties, old rights, two applications, parks.

Everything carries the mark `sample`. It is laid once: a database that holds any right or layer is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.actors import Actor
from data.rulebook import RuleBook
from data.rulebook.codes import Place as BookPlace
from marine.boundary import Polygon, settle
from marine.coordinates import MS_PER_DEGREE
from marine.identifiers import id_check, uscc_check
from marine.spaces import layers_from_names
from parcels import register
from parcels.loading.places import add_area
from parcels.models import Layer, Park, Place, PlaceCode, Project, ProjectParty, ProjectSite, SeaRight
from parcels.models.columns import SRID
from parcels.parties import NewParty, PartyKeys, enter_party
from parcels.publishing import LayerDraft, ZoneDraft, add_zones, days, in_chunks, lay_down, layer_of, publish
from parcels.registering.requests import AdoptRequest, Band, GrantRequest, Holder, Occupying
from parcels.samples.parks import parks
from parcels.samples.people import PARTIES
from parcels.samples.rights import SampleRight, rights
from parcels.samples.sea_areas import sea_areas
from parcels.samples.zones import SampleLayer, SampleZone, layers

MARK = "sample"
SOURCE = "示例世界 / sample world"
PLACE_KINDS = {"nation": "country", "province": "province", "city": "city", "zone": "zone"}
ADMINISTRATOR = Actor.administrator()
Opened = Callable[[], AbstractContextManager[Session]]
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Claim:
    """An invented application under way: a box of metres east and north of a corner (lon, lat), a rope culture of oysters."""

    case_number: str
    name: str
    corner: tuple[float, float]
    size: tuple[float, float]
    party: int


CLAIMS = (
    Claim("示例-2026-0001", "桑沟湾外筏式养殖", (122.5860, 37.0700), (480, 420), 0),
    Claim("示例-2026-0002", "南黄外牡蛎养殖", (121.8000, 36.7850), (520, 380), 1),
)


def is_empty(session: Session) -> bool:
    """Whether nothing has been registered or laid down yet."""
    return not (session.scalar(select(func.count(SeaRight.id))) or session.scalar(select(func.count(Layer.id))))


def load(
    opened: Opened, *, book: RuleBook, keys: PartyKeys, today: date, now: datetime, told: Told = lambda code: None
) -> bool:
    """Lay the sample world; False where the database already holds something. Each part is one transaction."""
    with opened() as session:
        if not is_empty(session):
            return False
        told("samples.places")
        _places(session, book, today)
        session.commit()
    for layer in layers():
        told("samples.layers")
        with opened() as session:
            _layer(session, layer)
            session.commit()
    with opened() as session:
        told("samples.rights")
        parties = _parties(session, keys)
        _rights(session, parties, today)
        _claims(session, parties, book, today, now)
        _parks(session, parties)
        session.commit()
    return True


def _places(session: Session, book: RuleBook, today: date) -> None:
    """Places and codes from the rule book, the sample sea areas on top."""
    entered: dict[str, Place] = {}
    for entry in book.places:
        place = Place(
            kind=PLACE_KINDS.get(entry.kind, "county"),
            name_zh=entry.zh,
            name_en=entry.en,
            parent_id=entered[entry.parent].id if entry.parent else None,
        )
        session.add(place)
        session.flush()  # codes and children name the place's number
        entered[entry.id] = place
        for code in entry.codes:
            session.add(
                PlaceCode(place_id=place.id, scheme=code.scheme, code=code.code, valid=days(code.since, code.until))
            )
    for entry in book.places:
        entered[entry.id].registry_place_id = _registry(entry, entered, book, today)
    for place_id, geometry in sea_areas().items():
        add_area(session, entered[place_id], _milliseconds(geometry), source=SOURCE, mark=MARK, accuracy_m=5)


def _registry(entry: BookPlace, entered: dict[str, Place], book: RuleBook, today: date) -> int | None:
    code = entry.code("registry", today)
    found = book.places.find(code, today, "administrative") if code else None
    return entered[found[0].id].id if found else None


def _milliseconds(geometry: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(geometry, lambda degrees: np.rint(degrees * MS_PER_DEGREE))


def _layer(session: Session, sample: SampleLayer) -> None:
    draft = LayerDraft(
        code=sample.code,
        kind=sample.kind,
        name_zh=sample.zh,
        name_en=sample.en,
        office_zh=sample.office_zh,
        office_en=sample.office_en,
        accuracy_m=sample.accuracy_m,
    )
    layer = layer_of(session, draft)
    version = lay_down(
        session, layer, source=SOURCE, valid=(None, None), actor=ADMINISTRATOR, mark=MARK, proposed_by="示例管理员甲"
    )
    for chunk in in_chunks(_zone(zone) for zone in sample.zones):
        add_zones(session, version, chunk)
    publish(session, version, approved_by="示例管理员乙", actor=ADMINISTRATOR)


def _zone(zone: SampleZone) -> ZoneDraft:
    return ZoneDraft(
        identity=zone.identity,
        name_zh=zone.zh,
        name_en=zone.en,
        effect=zone.effect,
        geometry=_milliseconds(zone.geometry),
        use_types=zone.use_types,
        use_modes=zone.use_modes,
        buffer_m=zone.buffer_m,
        answer_days=zone.answer_days,
        cite=zone.cite,
        disclosure=zone.disclosure,
        attributes=dict(zone.attributes),
    )


def _parties(session: Session, keys: PartyKeys) -> list[int]:
    made = []
    for party in PARTIES:
        check = uscc_check(party.body) if party.scheme == "uscc" else id_check(party.body)
        entered = NewParty(name=party.zh, kind=party.kind, scheme=party.scheme, number=party.body + check, mark=MARK)
        made.append(enter_party(session, entered, actor=ADMINISTRATOR, keys=keys))
    return made


def _rights(session: Session, parties: list[int], today: date) -> None:
    asked = [_adopted(number, right, parties) for number, right in enumerate(rights(today), 1)]
    refused = [answer for answer in register.adopt(session, asked, actor=ADMINISTRATOR) if answer.refusal]
    if refused:
        raise RuntimeError(f"the sample world has {len(refused)} rights without usable geometry")


def _adopted(key: int, right: SampleRight, parties: list[int]) -> AdoptRequest:
    return AdoptRequest(
        key=key,
        geometry=shapely.Polygon(right.ring),
        use_type=right.use_type,
        use_mode=right.use_mode,
        first=right.first_day,
        last=right.last_day,
        entered_on=right.first_day,
        decision_on=right.first_day - timedelta(days=14),
        layers=None if right.layers is None else int(layers_from_names(right.layers)),
        months=right.months,
        accuracy_m=right.surveyed_m,
        name=right.zh,
        register_number=right.number,
        holders=(Holder(name=PARTIES[right.holder].zh, party_id=parties[right.holder]),),
        mark=MARK,
    )


def _claims(session: Session, parties: list[int], book: RuleBook, today: date, now: datetime) -> None:
    """Two applications under way, each of a project of its own."""
    first = (today + timedelta(days=60)).replace(day=1)
    for claim in CLAIMS:
        project = Project(name=claim.name, mark=MARK)
        session.add(project)
        session.flush()  # the claim names the project's number
        session.add(ProjectParty(project_id=project.id, party_id=parties[claim.party]))
        boundary = settle(Polygon(_corners(claim))).boundary
        if boundary is None:
            raise RuntimeError(f"the sample application {claim.case_number} has no valid boundary")
        occupying = Occupying(
            use_type="13",
            unit_modes=("41",),
            first=first,
            last=first.replace(year=first.year + 15) - timedelta(days=1),
            bands=(Band(int(layers_from_names(("surface", "water_column")))),),
        )
        request = GrantRequest(
            standing="claimed",
            case_number=claim.case_number,
            boundary=boundary,
            occupying=occupying,
            received_at=now,
            party_id=parties[claim.party],
            project_id=project.id,
            name=claim.name,
            disclosure="outline",
            mark=MARK,
        )
        register.grant(session, request, actor=ADMINISTRATOR, book=book, now=now)


def _corners(claim: Claim) -> tuple[tuple[int, int], ...]:
    lon, lat = (round(value * MS_PER_DEGREE) for value in claim.corner)
    east = round(claim.size[0] / (0.03092 * float(np.cos(np.radians(claim.corner[1])))))
    north = round(claim.size[1] / 0.03092)
    return ((lon, lat), (lon + east, lat), (lon + east, lat + north), (lon, lat + north))


def _parks(session: Session, parties: list[int]) -> None:
    for sample in parks():
        place = session.scalar(select(PlaceCode.place_id).where(PlaceCode.code == sample.place).limit(1))
        park = Park(name_zh=sample.zh, name_en=sample.en, place_id=place, mark=MARK, geom=_wkb(sample.geometry))
        session.add(park)
        session.flush()  # sites name the park's number
        for site in sample.sites:
            owner = None if site.owner is None else parties[site.owner]
            session.add(
                ProjectSite(
                    park_id=park.id,
                    owner_id=owner,
                    name_zh=site.zh,
                    name_en=site.en,
                    state=site.state,
                    mark=MARK,
                    geom=_wkb(site.geometry),
                )
            )


def _wkb(geometry: shapely.Geometry) -> str:
    wkb: str = shapely.to_wkb(shapely.set_srid(geometry, SRID), hex=True, include_srid=True)
    return wkb
