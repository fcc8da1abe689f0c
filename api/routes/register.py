"""The public register by box and by code, and the public zones by box."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from api.deps import Lang, Reading, Rules, Today
from api.gates import act
from api.schemas.problems import refuses
from api.schemas.register import collection, occupation, zone
from data.answers import Refusal
from parcels.queries import atlas

router = APIRouter(tags=["register"])
MOST = 5_000


def box_of(
    bbox: Annotated[
        str, Query(description="west,south,east,north in degrees CGCS2000", examples=["122.4,37.0,122.6,37.2"])
    ],
) -> atlas.Bounds:
    """The four numbers of a box; refuses anything else."""
    try:
        west, south, east, north = (float(part) for part in bbox.split(","))
    except ValueError:
        raise Refusal("problems.box") from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise Refusal("problems.box")
    return west, south, east, north


Box = Annotated[atlas.Bounds, Depends(box_of)]
Limit = Annotated[int, Query(ge=1, le=MOST)]
Day = Annotated[date | None, Query(description="The day asked about; today where none is given")]


@router.get("/register", summary="Public occupations in a box, as GeoJSON", responses=refuses())
@act("register.see")
def by_box(
    session: Reading, rules: Rules, lang: Lang, today: Today, box: Box, day: Day = None, limit: Limit = 1000
) -> dict[str, Any]:
    """In force on the day or later. `truncated` is true where the box holds more than `limit`."""
    found = atlas.occupations_in(session, box, day or today, limit + 1)
    features = [occupation(row, rules, lang) for row in found[:limit]]
    return collection(features, truncated=len(found) > limit, day=(day or today).isoformat())


@router.get(
    "/register/{code}",
    summary="A right by parcel code, unit code, register number or inherited number",
    responses=refuses(404),
)
@act("register.see")
def by_code(code: str, session: Reading, rules: Rules, lang: Lang) -> dict[str, Any]:
    """Every public occupation of the parcels that bear the code, past ones included."""
    # PostgreSQL holds no NUL in texts, so no code has one.
    found = [] if "\x00" in code else atlas.occupations_of(session, code)
    if not found:
        raise Refusal("problems.register_unknown", code=code)
    return collection([occupation(row, rules, lang) for row in found], code=code)


@router.get("/zones", summary="Public planning and protection zones in a box, as GeoJSON", responses=refuses())
@act("zones.see")
def zones(session: Reading, lang: Lang, today: Today, box: Box, day: Day = None, limit: Limit = 1000) -> dict[str, Any]:
    """Of published layer versions in force on the day."""
    found = atlas.public_zones(session, box, day or today, limit + 1)
    return collection(
        [zone(row, lang) for row in found[:limit]], truncated=len(found) > limit, day=(day or today).isoformat()
    )
