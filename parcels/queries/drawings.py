"""What a statutory sheet draws round a parcel, as the public may know it (register.md §5): nothing else is ever selected here.

Registered and approved rights and claims that are `public`, with their holders' names; land and shoreline of public layers;
places with their sea. Boxes are (west, south, east, north) in milliseconds of arc. Every list is bounded, the nearest first,
and asks for one row more than it may give, so that a caller can say that something is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from sqlalchemy.orm import Session

from marine.coordinates import MS_PER_DEGREE
from parcels.models.columns import SRID
from parcels.queries import in_milliseconds, rows

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupied:
    """A parcel that is held in public near another: what of it lies in the box, one polygon for each unit and height band."""

    right_id: int | None
    claim_id: int | None
    parcel_id: int | None
    standing: str
    layers: int
    is_layered: bool
    parcel_code: str | None
    geometry: Any


OCCUPIED = """
SELECT right_id, claim_id, parcel_id, min(standing), bit_or(layers), bool_or(is_layered),
       (SELECT p.parcel_code FROM parcel AS p WHERE p.id = o.parcel_id), ST_Collect(geom ORDER BY id)::bytea
FROM occupation AS o
WHERE upper_inf(known) AND disclosure = 'public'
  AND geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)
  AND (upper(held) IS NULL OR upper(held) > %(day)s::date)
  AND (right_id IS NULL OR right_id <> ALL(%(rights)s::bigint[]))
  AND (claim_id IS NULL OR claim_id <> ALL(%(claims)s::bigint[]))
GROUP BY right_id, claim_id, parcel_id
ORDER BY min(geom <-> ST_GeomFromEWKB(%(parcel)s::bytea)), right_id, claim_id, parcel_id LIMIT %(limit)s
"""


def occupied_near(
    session: Session,
    box: Bounds,
    parcel: Any,
    day: date,
    *,
    limit: int,
    exempt_rights: Collection[int] = (),
    exempt_claims: Collection[int] = (),
) -> list[Occupied]:
    """Parcels held in public on a day or later that reach into a box, at most `limit` + 1, nearest to the parcel first."""
    parameters = {
        **_sides(box),
        "day": day,
        "parcel": _ewkb(parcel),
        "rights": sorted(exempt_rights),
        "claims": sorted(exempt_claims),
        "limit": limit + 1,
    }
    found = rows(session, OCCUPIED, parameters)
    shapes = in_milliseconds([row[-1] for row in found]) if found else ()
    names = Occupied.__slots__[:-1]
    return [
        Occupied(**dict(zip(names, row, strict=False)), geometry=shape)
        for row, shape in zip(found, shapes, strict=True)
    ]


OWN = """
(SELECT 'right', id FROM sea_right WHERE case_number = %(case)s::text LIMIT 100)
UNION ALL (SELECT 'claim', id FROM sea_claim WHERE case_number = %(case)s::text LIMIT 100)
"""


def own_of_case(session: Session, case_number: str) -> tuple[set[int], set[int]]:
    """Rights and claims by which a case itself holds the sea; neither is its own neighbour."""
    found = rows(session, OWN, {"case": case_number})
    return {row[1] for row in found if row[0] == "right"}, {row[1] for row in found if row[0] == "claim"}


HOLDERS = """
SELECT DISTINCT ON (k.right_id, k.party_id) k.right_id, n.name
FROM sea_right_party AS k
JOIN party AS p ON p.id = k.party_id
JOIN party_name AS n ON n.party_id = coalesce(p.merged_into_id, p.id) AND n.valid @> %(day)s::date
WHERE k.right_id = ANY(%(rights)s::bigint[])
ORDER BY k.right_id, k.party_id, lower(n.valid) DESC NULLS LAST, n.id DESC LIMIT 10000
"""


def holders_of_rights(session: Session, rights: Collection[int], day: date) -> dict[int, tuple[str, ...]]:
    """Names of the holders of public rights, as they are called on a day."""
    found: dict[int, list[str]] = {}
    for right, name in rows(session, HOLDERS, {"rights": sorted(rights), "day": day}):
        found.setdefault(right, []).append(name)
    return {right: tuple(names) for right, names in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class CoastPiece:
    """A zone of a land or shoreline version, cut to the box; `kind` is what a shoreline says of itself."""

    version_id: int
    name_zh: str
    name_en: str
    kind: str | None
    geometry: Any


COAST = """
SELECT z.version_id, z.name_zh, z.name_en, z.attributes ->> 'kind', ST_ClipByBox2D(z.geom, ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490))::bytea
FROM zone AS z
WHERE z.version_id = ANY(%(versions)s::bigint[]) AND coalesce(z.disclosure, 'public') = 'public'
  AND (z.held IS NULL OR z.held @> %(day)s::date)
  AND z.id IN (SELECT zone_id FROM zone_part WHERE version_id = ANY(%(versions)s::bigint[]) AND geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490))
ORDER BY z.geom <#> ST_GeomFromEWKB(%(parcel)s::bytea), z.id LIMIT %(limit)s
"""


def coast_near(
    session: Session, box: Bounds, parcel: Any, day: date, *, versions: Sequence[int], limit: int
) -> list[CoastPiece]:
    """Public land and shoreline of these versions in a box, at most `limit` + 1 pieces, nearest to the parcel first."""
    parameters = {**_sides(box), "day": day, "parcel": _ewkb(parcel), "versions": list(versions), "limit": limit + 1}
    found = rows(session, COAST, parameters)
    shapes = in_milliseconds([row[4] for row in found]) if found else ()
    return [
        CoastPiece(version_id=row[0], name_zh=row[1], name_en=row[2], kind=row[3], geometry=shape)
        for row, shape in zip(found, shapes, strict=True)
        if not shape.is_empty
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeaPiece:
    """The sea of a place, cut to the box, with its names and how sure its boundary is."""

    place_id: int
    kind: str
    name_zh: str
    name_en: str
    source: str
    mark: str | None
    geometry: Any


SEAS = """
SELECT a.place_id, p.kind, p.name_zh, p.name_en, a.source, a.mark, ST_ClipByBox2D(a.geom, ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490))::bytea
FROM place_area AS a JOIN place AS p ON p.id = a.place_id
WHERE a.valid @> %(day)s::date AND a.id IN (SELECT area_id FROM place_area_part WHERE geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490))
ORDER BY a.geom <#> ST_GeomFromEWKB(%(parcel)s::bytea), a.id LIMIT %(limit)s
"""


def seas_in(session: Session, box: Bounds, parcel: Any, day: date, *, limit: int) -> list[SeaPiece]:
    """The sea areas in force on a day that reach into a box, at most `limit`, nearest to the parcel first."""
    parameters = {**_sides(box), "day": day, "parcel": _ewkb(parcel), "limit": limit}
    found = rows(session, SEAS, parameters)
    shapes = in_milliseconds([row[6] for row in found]) if found else ()
    names = SeaPiece.__slots__[:-1]
    return [
        SeaPiece(**dict(zip(names, row, strict=False)), geometry=shape)
        for row, shape in zip(found, shapes, strict=True)
        if not shape.is_empty
    ]


def _sides(box: Bounds) -> dict[str, float]:
    return dict(zip(("west", "south", "east", "north"), (value / MS_PER_DEGREE for value in box), strict=True))


def _ewkb(shape: Any) -> bytes:
    """A shape in milliseconds of arc as EWKB in degrees."""
    turned = shapely.set_srid(shapely.transform(shape, lambda xy: xy / MS_PER_DEGREE), SRID)
    written: bytes = shapely.to_wkb(turned, include_srid=True)
    return written
