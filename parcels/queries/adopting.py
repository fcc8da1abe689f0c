"""What adoption asks while it holds the register: codes that are held already, and in whose sea many parcels lie."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from parcels.queries import rows

TAKEN = """
SELECT parcel_code FROM parcel WHERE parcel_code = ANY(%(codes)s::text[])
UNION ALL SELECT unit_code FROM real_estate_unit WHERE unit_code = ANY(%(codes)s::text[])
"""


def codes_taken(session: Session, codes: Sequence[str]) -> set[str]:
    """Those of these parcel and unit codes that somebody holds already."""
    return {row[0] for row in rows(session, TAKEN, {"codes": list(codes)})}


PLACES_OF_PARCELS = """
SELECT p.id, a.place_id, bool_or(ST_Covers(part.geom, b.geom))
FROM parcel AS p
JOIN boundary AS b ON b.id = p.boundary_id
JOIN place_area_part AS part ON part.geom && b.geom
JOIN place_area AS a ON a.id = part.area_id AND a.valid @> %(day)s::date
WHERE p.id = ANY(%(parcels)s::bigint[]) AND b.hash IS NOT NULL AND ST_Intersects(part.geom, b.geom)
GROUP BY p.id, a.place_id ORDER BY p.id, a.place_id
"""


def places_of_parcels(session: Session, parcels: Sequence[int], day: date) -> list[tuple[int, int, bool]]:
    """For parcels with a valid boundary: (parcel, place, whether one piece of the place's sea covers the parcel)."""
    return [
        (row[0], row[1], row[2]) for row in rows(session, PLACES_OF_PARCELS, {"parcels": list(parcels), "day": day})
    ]


BOUNDARIES = """
SELECT p.id, b.geom::bytea FROM parcel AS p JOIN boundary AS b ON b.id = p.boundary_id
WHERE p.id = ANY(%(parcels)s::bigint[]) ORDER BY p.id
"""


def boundaries_of_parcels(session: Session, parcels: Sequence[int]) -> list[tuple[int, bytes]]:
    """The boundary of each parcel, as EWKB in degrees."""
    return [(row[0], row[1]) for row in rows(session, BOUNDARIES, {"parcels": list(parcels)})]
