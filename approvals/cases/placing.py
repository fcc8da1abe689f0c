"""Which place handles a case: the county whose sea it lies in, or the lowest place above all of them (山东13, 17)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from approvals import queries
from marine.boundary import Boundary
from parcels.registering.places import places_of


def handling_place(session: Session, boundary: Boundary, day: date) -> int | None:
    """The id of the place that handles a case with this boundary; None outside every known sea area.

    A zone inside a county holds the parcel with it: the deeper of the two is meant, for its chain holds the other.
    """
    chains = [
        [place.id for place in queries.places_above(session, found.place_id)]
        for found in places_of(session, boundary, day)
    ]
    deepest = [one for one in chains if not any(one != other and other[: len(one)] == one for other in chains)]
    if not deepest:
        return None
    common = None
    for step in zip(*deepest, strict=False):
        if len(set(step)) > 1:
            break
        common = step[0]
    return common
