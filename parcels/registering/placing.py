"""In whose sea many adopted parcels lie: those inside one place's sea at once, those that cross a line one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from marine.boundary import measured
from marine.polygons import Polygon
from parcels.queries import in_milliseconds
from parcels.queries.adopting import boundaries_of_parcels, places_of_parcels
from parcels.registering.places import places_of, write_places
from parcels.registering.rows import run

WHOLE = """
INSERT INTO parcel_place (parcel_id, place_id, hectares, is_computed)
SELECT p.id, given.place_id, b.area_ha, true
FROM unnest(%(parcels)s::bigint[], %(places)s::bigint[]) AS given(parcel_id, place_id)
JOIN parcel AS p ON p.id = given.parcel_id JOIN boundary AS b ON b.id = p.boundary_id
"""


def place_parcels(session: Session, parcel_ids: Sequence[int], day: date) -> None:
    """Fill the link table for new parcels. One with an invalid boundary has no area and waits for its repair."""
    found = places_of_parcels(session, parcel_ids, day)
    crossing = sorted({parcel for parcel, _, covered in found if not covered})
    across = set(crossing)
    whole = [(parcel, place) for parcel, place, covered in found if covered and parcel not in across]
    if whole:
        run(session, WHOLE, {"parcels": [one for one, _ in whole], "places": [place for _, place in whole]})
    stored = boundaries_of_parcels(session, crossing) if crossing else []
    shapes: Iterable[Any] = in_milliseconds([wkb for _, wkb in stored]) if stored else ()
    for (parcel_id, _), shape in zip(stored, shapes, strict=True):
        write_places(session, parcel_id, places_of(session, measured(Polygon.from_shapely(shape)), day))
