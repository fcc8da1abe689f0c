"""Whose sea it is: areas of places whole, and each place with its codes and its ancestors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import shapely
from sqlalchemy.orm import Session

from marine.spaces import OPEN_FROM, OPEN_TO
from parcels.queries import in_milliseconds, rows
from parcels.queries.zones import Memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Ancestor:
    """A place on the way up to the country, with its codes (code, from, to) as ordinals [from, to).

    Administrative codes come first; a functional zone (经区, 高区) has none and is known by its statistical code. The code that
    the registry uses may be another place's and is not among them.
    """

    id: int
    kind: str
    name_zh: str
    name_en: str
    codes: tuple[tuple[str, int, int], ...]

    def code_on(self, day: int) -> str | None:
        """The code in force on a day (ordinal)."""
        return next((code for code, since, until in self.codes if since <= day < until), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRow:
    """The sea area of a place in milliseconds of arc (prepared), and the chain of places from the country down to it."""

    id: int
    place_id: int
    since: int
    until: int
    source: str
    mark: str | None
    accuracy: float
    chain: tuple[Ancestor, ...]
    geometry: Any


AREAS = """
SELECT a.id, a.place_id, lower(a.valid) - DATE '0001-01-01' + 1, upper(a.valid) - DATE '0001-01-01' + 1,
       a.source, a.mark, a.accuracy_m::float8, a.geom::bytea, a.xmin::text::bigint
FROM place_area AS a WHERE a.id = ANY(%(ids)s::bigint[]) ORDER BY a.id
"""

CHAINS = """
WITH RECURSIVE up AS (
    SELECT p.id AS leaf, p.id, p.kind, p.name_zh, p.name_en, p.parent_id, 0 AS step
    FROM place AS p WHERE p.id = ANY(%(ids)s::bigint[])
    UNION ALL
    SELECT up.leaf, p.id, p.kind, p.name_zh, p.name_en, p.parent_id, up.step + 1
    FROM up JOIN place AS p ON p.id = up.parent_id WHERE up.step < 20
)
SELECT up.leaf, up.step, up.id, up.kind, up.name_zh, up.name_en, c.code,
       lower(c.valid) - DATE '0001-01-01' + 1, upper(c.valid) - DATE '0001-01-01' + 1
FROM up LEFT JOIN place_code AS c ON c.place_id = up.id AND c.scheme IN ('administrative', 'statistical')
ORDER BY up.leaf, up.step DESC, c.scheme, c.code
"""


def whole_areas(session: Session, memory: Memory, wanted: tuple[tuple[int, int], ...]) -> list[AreaRow]:
    """The wanted areas, whole, by id, each with its chain of places; only those not yet in memory are read."""
    found = memory.areas.known(wanted)
    absent = [key for key, _ in wanted if key not in found]
    if absent:
        for xmin, area in _read(session, absent):
            memory.areas.keep(area.id, xmin, area, area.geometry)
            found[area.id] = area
    return [found[key] for key in sorted(found)]


def areas_by_id(session: Session, ids: Iterable[int]) -> list[AreaRow]:
    """These very areas, read anew."""
    return [area for _, area in _read(session, sorted(ids))]


def _read(session: Session, ids: list[int]) -> list[tuple[int, AreaRow]]:
    found = rows(session, AREAS, {"ids": ids})
    if not found:
        return []
    geometries = in_milliseconds([row[7] for row in found])
    shapely.prepare(geometries)
    chains = chains_of(session, [row[1] for row in found])
    return [
        (
            row[8],
            AreaRow(
                id=row[0],
                place_id=row[1],
                since=OPEN_FROM if row[2] is None else row[2],
                until=OPEN_TO if row[3] is None else row[3],
                source=row[4],
                mark=row[5],
                accuracy=row[6],
                chain=chains[row[1]],
                geometry=geometry,
            ),
        )
        for row, geometry in zip(found, geometries, strict=True)
    ]


def chains_of(session: Session, place_ids: list[int]) -> dict[int, tuple[Ancestor, ...]]:
    """For each place the places above it and itself, widest first."""
    chains: dict[int, dict[int, list[Any]]] = {}
    for leaf, _, place, kind, name_zh, name_en, code, since, until in rows(session, CHAINS, {"ids": place_ids}):
        entry = chains.setdefault(leaf, {}).setdefault(place, [kind, name_zh, name_en, []])
        if code is not None:
            entry[3].append((code, OPEN_FROM if since is None else since, OPEN_TO if until is None else until))
    return {
        leaf: tuple(
            Ancestor(id=place, kind=kind, name_zh=name_zh, name_en=name_en, codes=tuple(codes))
            for place, (kind, name_zh, name_en, codes) in entries.items()
        )
        for leaf, entries in chains.items()
    }
