"""What a verification reads: the events that tell of occupation and rights, the rows they tell of, boundaries as stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from parcels.queries import rows

Runs = Sequence[Sequence[int]]
CHUNK = 2000

EVENTS = """
SELECT id, kind, recorded_at, body FROM event
WHERE id > %(after)s::bigint
  AND kind IN ('sea.claimed', 'sea.moved', 'sea.approved', 'sea.registered', 'sea.freed',
               'right.registered', 'right.noted', 'right.ended', 'rights.adopted')
ORDER BY id LIMIT %(limit)s::int
"""


def telling_events(session: Session) -> Iterator[tuple[int, str, datetime, dict[str, Any]]]:
    """Every event of the register's acts in the order of their numbers: number, kind, time, body."""
    after = 0
    while found := rows(session, EVENTS, {"after": after, "limit": CHUNK}):
        yield from ((row[0], row[1], row[2], row[3]) for row in found)
        after = found[-1][0]


OCCUPATION_DIGEST = "SELECT occupation_digest(%(ids)s::bigint[])"
RIGHT_DIGEST = "SELECT right_digest(%(ids)s::bigint[])"


def occupation_digest(session: Session, ids: Sequence[int]) -> str:
    """The digest of these rows as they stand now."""
    return str(rows(session, OCCUPATION_DIGEST, {"ids": list(ids)})[0][0])


def right_digest(session: Session, ids: Sequence[int]) -> str:
    """The digest of these rights as they stand now."""
    return str(rows(session, RIGHT_DIGEST, {"ids": list(ids)})[0][0])


ABSENT = """
SELECT id FROM unnest(%(ids)s::bigint[]) AS told(id)
WHERE NOT EXISTS (SELECT FROM occupation WHERE occupation.id = told.id) ORDER BY id
"""


def absent_occupations(session: Session, ids: Sequence[int]) -> list[int]:
    """Those of these numbers that no row has."""
    return [row[0] for row in rows(session, ABSENT, {"ids": list(ids)})]


UNTOLD = """
SELECT id FROM {table} WHERE NOT id <@ (
    SELECT coalesce(range_agg(int8range(first, last, '[]')), '{{}}'::int8multirange)
    FROM unnest(%(firsts)s::bigint[], %(lasts)s::bigint[]) AS told(first, last)
) ORDER BY id
"""
UNTOLD_OCCUPATIONS = UNTOLD.format(table="occupation")
UNTOLD_RIGHTS = UNTOLD.format(table="sea_right")


def untold_occupations(session: Session, told: Runs) -> list[int]:
    """Rows of occupation that no event opened."""
    return _untold(session, UNTOLD_OCCUPATIONS, told)


def untold_rights(session: Session, told: Runs) -> list[int]:
    """Rights that no event entered."""
    return _untold(session, UNTOLD_RIGHTS, told)


def _untold(session: Session, sql: str, told: Runs) -> list[int]:
    parameters = {"firsts": [run[0] for run in told], "lasts": [run[1] for run in told]}
    return [row[0] for row in rows(session, sql, parameters)]


CLOSED = "SELECT id, upper(known) FROM occupation WHERE NOT upper_inf(known)"


def closed_occupations(session: Session) -> dict[int, datetime]:
    """When each closed row was closed."""
    return {row[0]: row[1] for row in rows(session, CLOSED, {})}


ENDED = "SELECT id, ended_on, ended_how FROM sea_right WHERE ended_on IS NOT NULL"


def ended_rights(session: Session) -> dict[int, tuple[date, str | None]]:
    """When and how each ended right ended."""
    return {row[0]: (row[1], row[2]) for row in rows(session, ENDED, {})}


CLAIMS = "SELECT c.id, c.standing, b.hash FROM sea_claim AS c JOIN boundary AS b ON b.id = c.boundary_id"


def claims(session: Session) -> dict[int, tuple[str, str]]:
    """Where each claim stands, and the hash of its boundary."""
    return {row[0]: (row[1], row[2]) for row in rows(session, CLAIMS, {})}


LAYERING_NOTES = "SELECT id, right_id, kind FROM right_note WHERE kind = 'layered'"


def layering_notes(session: Session) -> dict[int, tuple[int, str]]:
    """Of each note 立体分层设权 its right and kind."""
    return {row[0]: (row[1], row[2]) for row in rows(session, LAYERING_NOTES, {})}


OTHER_BOUNDARY = """
SELECT DISTINCT p.id FROM occupation AS o
JOIN unit AS u ON u.id = o.unit_id JOIN boundary AS b ON b.id = u.boundary_id JOIN parcel AS p ON p.id = o.parcel_id
LEFT JOIN boundary AS own ON own.id = p.boundary_id
WHERE upper_inf(o.known) AND o.right_id IS NOT NULL AND p.boundary_id IS DISTINCT FROM b.id
  AND (own.hash IS NULL OR own.hash IS DISTINCT FROM b.hash)
ORDER BY p.id
"""


def parcels_of_another_boundary(session: Session) -> list[int]:
    """Parcels whose boundary is not the one of their current occupation. A renewal may have a row of its own for an equal one."""
    return [row[0] for row in rows(session, OTHER_BOUNDARY, {})]


BOUNDARIES = """
SELECT b.id, b.hash, b.canonical, b.geom::bytea, u.shapes
FROM (SELECT * FROM boundary WHERE id > %(after)s::bigint AND hash IS NOT NULL ORDER BY id LIMIT %(limit)s::int) AS b
CROSS JOIN LATERAL (SELECT array_agg(geom::bytea ORDER BY number) AS shapes FROM unit WHERE boundary_id = b.id) AS u
ORDER BY b.id
"""


BOUNDARIES_NAMED = """
SELECT b.id, b.canonical, b.geom::bytea, u.shapes
FROM boundary AS b
CROSS JOIN LATERAL (SELECT array_agg(geom::bytea ORDER BY number) AS shapes FROM unit WHERE boundary_id = b.id) AS u
WHERE b.hash = %(name)s ORDER BY b.id
"""


def boundaries_named(session: Session, name: str) -> list[tuple[int, str, bytes, list[bytes]]]:
    """The boundaries that bear one hash: number, canonical text, geometry and those of the units as EWKB."""
    return [(row[0], row[1], row[2], row[3] or []) for row in rows(session, BOUNDARIES_NAMED, {"name": name})]


def hashed_boundaries(session: Session) -> Iterator[tuple[int, str, str, bytes, list[bytes]]]:
    """Every boundary that has a hash: number, hash, canonical text, its geometry and those of its units as EWKB."""
    after = 0
    while found := rows(session, BOUNDARIES, {"after": after, "limit": CHUNK}):
        yield from ((row[0], row[1], row[2], row[3], row[4] or []) for row in found)
        after = found[-1][0]
