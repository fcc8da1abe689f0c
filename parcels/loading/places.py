"""Places with their sea areas from a table: one feature is one place's area for a span of days."""

from __future__ import annotations

from datetime import date
from typing import Any

import shapely
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from marine.coordinates import MS_PER_DEGREE
from marine.findings import Finding, Severity
from parcels.loading import cells
from parcels.models import Place, PlaceArea, PlaceCode
from parcels.models.columns import SRID
from parcels.publishing import PART_POINTS, days

KINDS = {"country", "province", "city", "county", "zone", "sea"}
_SUBDIVIDE = text(
    "INSERT INTO place_area_part (area_id, geom) SELECT id, ST_Subdivide(geom, :points) FROM place_area WHERE id = :id"
)


def place_with_code(session: Session, code: str, scheme: str, **made: Any) -> Place:
    """The place that has this code in the scheme, made if there is none."""
    found = session.scalar(
        select(Place).join(PlaceCode).where(PlaceCode.code == code, PlaceCode.scheme == scheme).limit(1)
    )
    if found is not None:
        return found
    place = Place(**made)
    session.add(place)
    session.flush()  # the code names the place's number
    session.add(PlaceCode(place_id=place.id, scheme=scheme, code=code, valid=days(None, None)))
    return place


def add_area(
    session: Session,
    place: Place,
    geometry: Any,
    *,
    first: date | None = None,
    last: date | None = None,
    source: str,
    mark: str | None = None,
    accuracy_m: float = 0.1,
) -> int:
    """The sea area of a place from `first` to `last`; an earlier area that reaches past `first` ends the day before."""
    if first is not None:
        session.execute(_END_EARLIER, {"place": place.id, "first": first})
    area_id = session.scalar(
        insert(PlaceArea)
        .values(
            place_id=place.id,
            valid=days(first, last),
            source=source,
            mark=mark,
            accuracy_m=accuracy_m,
            geom=_multipolygon(geometry),
        )
        .returning(PlaceArea.id)
    )
    session.execute(_SUBDIVIDE, {"id": area_id, "points": PART_POINTS})
    return int(area_id or 0)


_END_EARLIER = text(
    "UPDATE place_area SET valid = daterange(lower(valid), :first) "
    "WHERE place_id = :place AND valid && daterange(:first, NULL) "
    "AND (lower_inf(valid) OR lower(valid) < :first)"
)


def load_feature(session: Session, geometry: Any, values: dict[str, Any], source: str, at: int) -> int | Finding:
    """Enter one feature; the id of its place, or the finding for which it is refused."""
    code, name = cells.text_of(values.get("code")), cells.text_of(values.get("name"))
    kind = cells.text_of(values.get("kind")) or "county"
    for wrong, refusal in (
        (geometry is None or shapely.get_dimensions(geometry) != 2, "not_a_surface"),
        (code is None or name is None, "place_without_code"),
        (kind not in KINDS, "place_kind_unknown"),
    ):
        if wrong:
            facts = {"feature": at + 1, "kind": "" if geometry is None else geometry.geom_type, "place_kind": kind}
            return Finding(code=f"load.{refusal}", severity=Severity.BLOCKS, facts=facts)
    place = place_with_code(
        session,
        str(code),
        cells.text_of(values.get("scheme")) or "administrative",
        kind=kind,
        name_zh=str(name),
        name_en=cells.text_of(values.get("name_en")) or str(name),
    )
    add_area(
        session,
        place,
        geometry,
        first=cells.day_of(values.get("from"))[0],
        last=cells.day_of(values.get("to"))[0],
        source=cells.text_of(values.get("source")) or source,
        accuracy_m=cells.number_of(values.get("accuracy_m"))[0] or 0.1,
    )
    return place.id


def _multipolygon(geometry: Any) -> str:
    valid = geometry if shapely.is_valid(geometry) else shapely.make_valid(geometry)
    parts = shapely.get_parts(shapely.get_parts(valid))
    whole = shapely.multipolygons([part for part in parts if part.geom_type == "Polygon"])
    degrees = shapely.transform(whole, lambda ms: ms / MS_PER_DEGREE)
    wkb: str = shapely.to_wkb(shapely.set_srid(degrees, SRID), hex=True, include_srid=True)
    return wkb
