"""In whose sea a parcel lies: computed from the sea areas in force, several where it crosses a line (register.md §7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import shapely
from sqlalchemy.orm import Session

from marine.areas import exact_hectares
from marine.boundary import Boundary
from marine.polygons import Polygon
from parcels.queries.register import seas_near
from parcels.registering.rows import write


@dataclass(frozen=True, slots=True)
class InPlace:
    """A place, what of the parcel lies in its sea (hectares, four places), and the code that its registry uses."""

    place_id: int
    kind: str
    hectares: Decimal
    code: str | None


def places_of(session: Session, boundary: Boundary, day: date) -> tuple[InPlace, ...]:
    """The places of a parcel, the largest part first; empty outside every known sea area."""
    shape = boundary.parcel.to_shapely()
    found = []
    for sea in seas_near(session, boundary.bounds, day):
        if sea.geometry is None or not shapely.intersects(sea.geometry, shape):
            continue
        hectares = boundary.area if shapely.covers(sea.geometry, shape) else _part(sea.geometry, shape, boundary)
        if hectares > 0:
            found.append(InPlace(sea.place_id, sea.kind, hectares, sea.code))
    return tuple(sorted(found, key=lambda place: (-place.hectares, place.place_id)))


def _part(sea: Any, shape: Any, boundary: Boundary) -> Decimal:
    """Hectares of the common part, on the parcel's own plane; corners that the line cuts are rounded to milliseconds."""
    common = shapely.get_parts(shapely.intersection(sea, shape))
    parts = [part for part in common if part.geom_type == "Polygon"]
    exact = sum(exact_hectares(Polygon.from_shapely(part), boundary.central_meridian) for part in parts)
    return Decimal(exact).quantize(Decimal("0.0001"))


def write_places(session: Session, parcel_id: int, places: tuple[InPlace, ...]) -> None:
    """The link table of a parcel."""
    write(
        session,
        "parcel_place",
        ("parcel_id", "place_id", "hectares", "is_computed"),
        ((parcel_id, place.place_id, place.hectares, True) for place in places),
    )
