"""Builders of a small register, with defaults for all but the point of a test; everything goes through the register's doors.

Shapes are in metres from a corner off Rongcheng (122.6° E, 37.0° N); `cell` shifts the corner by whole lock cells of 0.1°.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import shapely
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from data.actors import Actor
from data.rulebook import packaged
from marine.boundary import Boundary, Polygon, settle
from marine.planes import local_plane
from marine.spaces import layers_from_names
from parcels import register
from parcels.models import LayeringPaper, Place, PlaceArea, PlaceAreaPart, PlaceCode, RightNote, SourceFile
from parcels.parties import NewParty, enter_party
from parcels.register import Adopted, AdoptRequest, Band, District, Granted, GrantRequest, Occupying, Share

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
TODAY = date(2026, 11, 23)
FIRST, LAST = date(2027, 1, 1), date(2041, 12, 31)
ADMINISTRATOR, OFFICER = Actor.administrator(1), Actor.officer(2)
BOOK = packaged()
WEST, SOUTH = 441_360_000, 133_200_000
PLANE = local_plane(WEST, SOUTH)
DISTRICT = District(county="371082", zone="001", subzone="002")
_cases = count(1)


def ms(east: float, north: float) -> tuple[int, int]:
    """A point so many metres east and north of the corner, in whole milliseconds of arc."""
    lon, lat = PLANE.to_ms([[east, north]])[0]
    return round(float(lon)), round(float(lat))


def rectangle(west: float, south: float, east: float, north: float) -> Any:
    """A rectangle in metres from the corner, as shapely in whole milliseconds."""
    return shapely.box(*ms(west, south), *ms(east, north))


def ring(*corners: tuple[float, float]) -> Any:
    """A polygon with corners in metres, valid or not."""
    return shapely.Polygon([ms(east, north) for east, north in corners])


def build_boundary(*shapes: Any) -> Boundary:
    """A settled boundary of one parcel, or of units that share edges; a square of 100 m unless told otherwise."""
    polygons = [Polygon.from_shapely(shape) for shape in shapes or [rectangle(0, 0, 100, 100)]]
    settled = settle(None, polygons) if len(polygons) > 1 else settle(polygons[0])
    assert settled.boundary is not None, settled.faults
    return settled.boundary


def build_occupying(boundary: Boundary, *, layer: str | Sequence[str] = (), **given: Any) -> Occupying:
    """Open aquaculture for fifteen years; `layer` names one or several layers and declares layered use."""
    names = [layer] if isinstance(layer, str) else list(layer)
    values: dict[str, Any] = {
        "use_type": "13",
        "unit_modes": ("41",) * len(boundary.units),
        "first": FIRST,
        "last": LAST,
        "bands": (Band(layers_from_names(names)),),
        "is_layered": bool(names),
    }
    return Occupying(**values | given)


def build_party(session: Session, name: str = "示例海洋有限公司") -> int:
    """A company without an identifier."""
    return enter_party(session, NewParty(name=name), actor=OFFICER, keys=None)


def build_request(
    shape: Any = None, *, standing: str = "registered", layer: str | Sequence[str] = (), **given: Any
) -> GrantRequest:
    """A request with everything its standing needs but the holders of a right."""
    boundary = shape if isinstance(shape, Boundary) else build_boundary(*([] if shape is None else [shape]))
    occupying = {
        name: given.pop(name)
        for name in (
            "use_type",
            "unit_modes",
            "first",
            "last",
            "bands",
            "unit_bands",
            "months",
            "is_layered",
            "accuracy_m",
        )
        if name in given
    }
    values: dict[str, Any] = {
        "standing": standing,
        "case_number": f"T{next(_cases)}",
        "boundary": boundary,
        "occupying": build_occupying(boundary, layer=layer, **occupying),
        "received_at": NOW,
        "decision_on": date(2026, 12, 1) if standing != "claimed" else None,
        "entered_on": date(2026, 12, 20) if standing == "registered" else None,
        "district": DISTRICT,
    }
    return GrantRequest(**values | given)


def build_right(session: Session, shape: Any = None, **given: Any) -> Granted:
    """A right entered at once through `grant`."""
    holders = given.pop("holders", None) or (Share(build_party(session)),)
    return grant(session, build_request(shape, holders=holders, **given))


def build_claim(session: Session, shape: Any = None, **given: Any) -> Granted:
    """An accepted case that claims its sea."""
    return grant(session, build_request(shape, standing="claimed", **given))


def build_parcel(session: Session, shape: Any = None, **given: Any) -> int:
    """A registered parcel; its id."""
    parcel_id = build_right(session, shape, **given).parcel_id
    assert parcel_id is not None
    return parcel_id


def grant(session: Session, request: GrantRequest) -> Granted:
    """The door, with an officer, the packaged rules and the day of the tests."""
    return register.grant(session, request, actor=OFFICER, book=BOOK, now=NOW)


def adopt(session: Session, *requests: AdoptRequest, **given: Any) -> tuple[Adopted, ...]:
    """The other door, for old rights."""
    return register.adopt(session, requests, actor=ADMINISTRATOR, **given)


def build_old(shape: Any = None, **given: Any) -> AdoptRequest:
    """An old right with dates and layers, of one square part unless told otherwise."""
    values: dict[str, Any] = {
        "geometry": rectangle(0, 0, 100, 100) if shape is None else shape,
        "use_type": "13",
        "use_mode": "41",
        "first": date(2015, 1, 1),
        "last": date(2029, 12, 31),
        "layers": 15,
    }
    return AdoptRequest(**values | given)


def build_paper(
    session: Session, *, case: str, boundary: Boundary, right: int | None = None, earlier_case: str | None = None
) -> None:
    """The earlier side's consent and the argumentation's conclusion, on the later case's file."""
    file = session.get(SourceFile, "0" * 64)
    if file is None:
        file = SourceFile(digest="0" * 64, name="同意书.pdf", content=b"%PDF-1.7")
        session.add(file)
        session.flush()
    session.add(
        LayeringPaper(
            case_number=case,
            boundary_hash=boundary.hash,
            earlier_right_id=right,
            earlier_case_number=earlier_case,
            kind="consent",
            consent_digest=file.digest,
            argument_digest=file.digest,
            recorded_at=NOW,
        )
    )
    session.flush()


def build_note(
    session: Session, right_id: int, kind: str, party_id: int | None = None, recorded: datetime = NOW
) -> None:
    """A note that stands on a right from its entry on."""
    held, known = Range(date(2020, 1, 1), None), Range(recorded, None)
    session.add(RightNote(right_id=right_id, kind=kind, party_id=party_id, held=held, known=known))
    session.flush()


def build_place(session: Session, code: str, shape: Any, *, kind: str = "county", registry: str | None = None) -> int:
    """A place of 威海市 with a sea area, its administrative code, and the code its registry uses if that is another."""
    place = Place(kind=kind, name_zh=code, name_en=code, parent_id=_city(session))
    session.add(place)
    session.flush()
    always: Range[date] = Range(None, None)
    session.add(PlaceCode(place_id=place.id, scheme="administrative", code=code, valid=always))
    if registry:
        session.add(PlaceCode(place_id=place.id, scheme="registry", code=registry, valid=always))
    whole = in_degrees(shape)
    area = PlaceArea(
        place_id=place.id,
        valid=always,
        source="test",
        mark="sample",
        geom=f"SRID=4490;{shapely.MultiPolygon([whole]).wkt}",
    )
    session.add(area)
    session.flush()
    session.add(PlaceAreaPart(area_id=area.id, geom=f"SRID=4490;{whole.wkt}"))
    session.flush()
    return place.id


def _city(session: Session) -> int:
    """威海市, made once: every county has a place above it."""
    found = session.scalars(select(Place.id).where(Place.kind == "city")).first()
    if found is not None:
        return found
    city = Place(kind="city", name_zh="威海市", name_en="Weihai")
    session.add(city)
    session.flush()
    session.add(PlaceCode(place_id=city.id, scheme="administrative", code="371000", valid=Range(None, None)))
    return city.id


def in_degrees(shape: Any) -> Any:
    """A shape in milliseconds as degrees."""
    return shapely.transform(shape, lambda xy: xy / 3_600_000)


def rows(session: Session, sql: str, **given: Any) -> list[Any]:
    """What a query finds, for assertions."""
    return list(session.execute(text(sql), given))
