"""What the register asks while it holds its locks: who occupies the sea here, papers on file, guards, codes, streams of rows.

Boxes are (west, south, east, north) in whole milliseconds of arc, CGCS2000. Days are ordinals, [from, to).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from marine.spaces import OPEN_FROM, OPEN_TO
from parcels.queries import Box, degrees_of, in_milliseconds, rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One current row of `occupation` with the case and the boundary behind it; geometry in milliseconds of arc."""

    id: int
    right_id: int | None
    claim_id: int | None
    parcel_id: int | None
    unit_id: int | None
    standing: str
    layers: int
    z_low: float | None
    z_high: float | None
    z_surveyed: bool
    held_from: int
    held_to: int
    months: int
    is_layered: bool
    use_type: str | None
    use_mode: str | None
    accuracy_m: float | None
    disclosure: str
    parcel_code: str | None
    case_number: str | None
    boundary_hash: str | None
    geometry: Any


_HOLDING = """
SELECT o.id, o.right_id, o.claim_id, o.parcel_id, o.unit_id, o.standing, o.layers, o.z_low, o.z_high, o.z_surveyed,
       lower(o.held) - DATE '0001-01-01' + 1, upper(o.held) - DATE '0001-01-01' + 1, o.months, o.is_layered,
       o.use_type, o.use_mode, o.accuracy_m, o.disclosure, p.parcel_code,
       coalesce(c.case_number, r.case_number), b.hash, o.geom::bytea
FROM occupation AS o
LEFT JOIN parcel AS p ON p.id = o.parcel_id
LEFT JOIN sea_claim AS c ON c.id = o.claim_id
LEFT JOIN sea_right AS r ON r.id = o.right_id
LEFT JOIN unit AS u ON u.id = o.unit_id
LEFT JOIN boundary AS b ON b.id = u.boundary_id
WHERE upper_inf(o.known) AND {where}
"""
AROUND = _HOLDING.format(where="o.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)")
OF_RIGHT = _HOLDING.format(where="o.right_id = %(right)s::bigint")
OF_CLAIM = _HOLDING.format(where="o.claim_id = %(claim)s::bigint")


def holdings_around(session: Session, box: Box) -> list[Holding]:
    """Every current occupation whose box meets the box grown by 1 ms, by id; no date is filtered, the judge does that."""
    west, south, east, north = box
    return _holdings(session, AROUND, degrees_of((west - 1, south - 1, east + 1, north + 1)))


def holdings_of_right(session: Session, right_id: int) -> list[Holding]:
    """The current occupations of a right, by id."""
    return _holdings(session, OF_RIGHT, {"right": right_id})


def holdings_of_claim(session: Session, claim_id: int) -> list[Holding]:
    """The current occupations of a claim, by id."""
    return _holdings(session, OF_CLAIM, {"claim": claim_id})


def _holdings(session: Session, sql: str, parameters: dict[str, Any]) -> list[Holding]:
    found = sorted(rows(session, sql, parameters), key=lambda row: row[0])
    if not found:
        return []
    geometries = in_milliseconds([row[-1] for row in found])
    return [
        Holding(
            **dict(zip(_PLAIN, row, strict=False))
            | {
                "held_from": OPEN_FROM if row[10] is None else row[10],
                "held_to": OPEN_TO if row[11] is None else row[11],
                "geometry": geometry,
            }
        )
        for row, geometry in zip(found, geometries, strict=True)
    ]


# The columns of `_HOLDING` in their order, the geometry left out.
_PLAIN = Holding.__slots__[:-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenClaim:
    """The claim by which a case holds the sea now."""

    id: int
    case_number: str
    standing: str
    boundary_id: int
    boundary_hash: str | None
    renews_id: int | None
    changes_id: int | None
    project_id: int | None
    party_id: int | None
    decision_on: date | None
    received_at: datetime
    mark: str | None


_CLAIM = """
SELECT c.id, c.case_number, c.standing, c.boundary_id, (SELECT hash FROM boundary WHERE id = c.boundary_id),
       c.renews_id, c.changes_id, c.project_id, c.party_id, c.decision_on, c.received_at, c.mark
FROM sea_claim AS c WHERE c.case_number = %(case)s::text AND upper_inf(c.known)
"""


def open_claim(session: Session, case_number: str, *, lock: bool = False) -> OpenClaim | None:
    """The open claim of a case; with `lock` its row stays locked until the transaction ends."""
    found = rows(session, _CLAIM + ("FOR UPDATE OF c" if lock else ""), {"case": case_number})
    return OpenClaim(**dict(zip(OpenClaim.__slots__, found[0], strict=True))) if found else None


BOXES = """
SELECT round(ST_XMin(box) * 3600000)::bigint, round(ST_YMin(box) * 3600000)::bigint,
       round(ST_XMax(box) * 3600000)::bigint, round(ST_YMax(box) * 3600000)::bigint
FROM (SELECT Box3D(geom) AS box FROM occupation
      WHERE upper_inf(known) AND (right_id = ANY(%(rights)s::bigint[]) OR claim_id = %(claim)s::bigint)
      UNION ALL SELECT Box3D(geom) FROM boundary WHERE id = %(boundary)s::bigint) AS boxes
"""


def boxes_of(session: Session, *, rights: Iterable[int] = (), claim: OpenClaim | None = None) -> list[Box]:
    """The boxes of what rights and a claim occupy now, and of the claim's boundary: what an act on them locks."""
    parameters = {
        "rights": list(rights),
        "claim": claim.id if claim else None,
        "boundary": claim.boundary_id if claim else None,
    }
    return [(row[0], row[1], row[2], row[3]) for row in rows(session, BOXES, parameters)]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRight:
    """A right as an act on it needs to see it, its row locked."""

    id: int
    case_number: str | None
    term_from: date | None
    term_to: date | None
    ended_on: date | None
    is_fee_exempt: bool
    run_id: int | None
    scope_place_id: int | None


RIGHTS = """
SELECT id, case_number, lower(term), upper(term), ended_on, is_fee_exempt, run_id, scope_place_id
FROM sea_right WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE
"""


def lock_rights(session: Session, ids: Iterable[int]) -> dict[int, StandingRight]:
    """Lock the rows of these rights by id."""
    found = rows(session, RIGHTS, {"ids": sorted(set(ids))})
    return {row[0]: StandingRight(**dict(zip(StandingRight.__slots__, row, strict=True))) for row in found}


PROJECT = "SELECT id FROM project WHERE id = %(id)s::bigint FOR UPDATE"


def lock_project(session: Session, project_id: int | None) -> bool:
    """Lock a project's row; False where there is no such project."""
    return project_id is not None and bool(rows(session, PROJECT, {"id": project_id}))


NOTES = """
SELECT kind, party_id FROM right_note
WHERE right_id = %(right)s::bigint AND upper_inf(known) AND held @> %(day)s::date
"""


def notes_on(session: Session, right_id: int, day: date) -> list[tuple[str, int | None]]:
    """What stands on a right on a day: (kind, party)."""
    return [(row[0], row[1]) for row in rows(session, NOTES, {"right": right_id, "day": day})]


PAPERS = """
SELECT case_number, boundary_hash, earlier_right_id, earlier_case_number FROM layering_paper AS p
WHERE NOT EXISTS (SELECT FROM layering_paper_withdrawn AS w WHERE w.paper_id = p.id)
  AND (case_number = %(case)s::text OR earlier_case_number = %(case)s::text OR earlier_right_id = ANY(%(rights)s::bigint[]))
"""


@dataclass(frozen=True, slots=True)
class Paper:
    """A consent or settlement with the argumentation's conclusion: of whose later file, for which boundary, from which earlier side."""

    case_number: str
    boundary_hash: str
    earlier_right_id: int | None
    earlier_case_number: str | None


def layering_papers(session: Session, case_number: str, rights: Sequence[int]) -> list[Paper]:
    """The papers in force that name this case on either side, or one of these rights as the earlier one."""
    return [Paper(*row) for row in rows(session, PAPERS, {"case": case_number, "rights": list(rights)})]


PARCELS_OF_RIGHT = "SELECT parcel_id FROM sea_right_parcel WHERE right_id = %(right)s::bigint ORDER BY parcel_id"


def parcels_of_right(session: Session, right_id: int) -> list[int]:
    """The parcels of a right, by id."""
    return [row[0] for row in rows(session, PARCELS_OF_RIGHT, {"right": right_id})]


HOLDERS = """
SELECT party_id, holding, share_numerator, share_denominator FROM sea_right_party
WHERE right_id = %(right)s::bigint ORDER BY party_id
"""


def holders_of(session: Session, right_id: int) -> list[tuple[int, str, int | None, int | None]]:
    """Who holds a right: party, kind of holding, share."""
    return [(row[0], row[1], row[2], row[3]) for row in rows(session, HOLDERS, {"right": right_id})]


PLACES = """
SELECT DISTINCT a.id, a.place_id, p.kind, coalesce(registry.code, own.code)
FROM place_area_part AS part
JOIN place_area AS a ON a.id = part.area_id AND a.valid @> %(day)s::date
JOIN place AS p ON p.id = a.place_id
LEFT JOIN place_code AS registry ON registry.place_id = coalesce(p.registry_place_id, p.id)
     AND registry.scheme = 'registry' AND registry.valid @> %(day)s::date
LEFT JOIN place_code AS own ON own.place_id = coalesce(p.registry_place_id, p.id)
     AND own.scheme = 'administrative' AND own.valid @> %(day)s::date
WHERE part.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)
"""
AREA_NEAR = """
SELECT ST_Union(ST_ClipByBox2D(part.geom, ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)))::bytea
FROM place_area_part AS part
WHERE part.area_id = %(area)s::bigint
  AND part.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)
"""


@dataclass(frozen=True, slots=True)
class SeaOf:
    """A place whose sea area may hold a parcel, with the code that its registry uses, and that sea near the parcel in milliseconds."""

    place_id: int
    kind: str
    code: str | None
    geometry: Any


def seas_near(session: Session, box: Box, day: date) -> list[SeaOf]:
    """The sea areas in force on a day near a box, cut to the box grown by 1000 ms, each once."""
    west, south, east, north = box
    grown = degrees_of((west - 1000, south - 1000, east + 1000, north + 1000))
    found = []
    for area, place, kind, code in sorted(rows(session, PLACES, {**grown, "day": day}), key=lambda row: row[:2]):
        cut = rows(session, AREA_NEAR, {**grown, "area": area})
        found.append(SeaOf(place, kind, code, in_milliseconds([cut[0][0]])[0]))
    return found


GREATEST = """
SELECT greatest(
    (SELECT max(substr(parcel_code, 15, 5)::int) FROM parcel
      WHERE parcel_code >= %(first)s::text AND parcel_code < %(after)s::text),
    (SELECT max(substr(value, 15, 5)::int) FROM legacy_identifier
      WHERE scheme IN ('parcel_code', 'unit_code') AND value >= %(first)s::text AND value < %(after)s::text
        AND value ~ '^[0-9]{12}GH[0-9]{5}'), 0)
"""


def greatest_sequence(session: Session, prefix: str) -> int:
    """The greatest number any parcel ever had in a sub-district (12 digits), adopted ones included: codes are never given again."""
    found = rows(session, GREATEST, {"first": f"{prefix}GH00000", "after": f"{prefix}GI"})
    return int(found[0][0])
