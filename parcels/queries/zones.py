"""Which zones, shorelines and land lie near a box, in which layer versions; whole zones are kept in memory once read.

A published version is not edited, so a zone that was read once is good for as long as its row has not been rewritten: the
candidate query brings the row's `xmin` along, and what is kept is used only while that agrees.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any, Literal
from weakref import WeakKeyDictionary

import shapely
from sqlalchemy.orm import Session

from marine.spaces import OPEN_FROM, OPEN_TO
from parcels.queries import Box, Row, degrees_of, in_milliseconds, rows

Kind = Literal["zones", "shoreline", "land"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One published version of a layer with what the layer says of itself; `since`, `until` as ordinals [since, until)."""

    id: int
    layer_id: int
    layer: str
    kind: Kind
    name_zh: str
    name_en: str
    office_zh: str | None
    office_en: str | None
    disclosure: str
    accuracy: float
    number: int
    since: int
    until: int
    transition: str
    transition_basis: str | None
    source: str
    cite: str | None
    mark: str | None
    hides: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneRow:
    """One whole zone: what it demands of whom, and where (`geometry` with its buffer, in milliseconds of arc, prepared)."""

    id: int
    version_id: int
    identity: str
    name_zh: str
    name_en: str
    effect: str
    use_types: frozenset[str] | None
    use_modes: frozenset[str] | None
    held_from: int
    held_to: int
    buffer: float
    answer_days: int | None
    cite: str | None
    disclosure: str | None
    attributes: dict[str, Any]
    geometry: Any


@dataclass(frozen=True, slots=True)
class Near:
    """What lies near a box: zones, areas of places (ids with the `xmin` of their rows), stamp of the catalogue, loads in audit."""

    zones: tuple[tuple[int, int], ...]
    areas: tuple[tuple[int, int], ...]
    versions: frozenset[tuple[int, int, int]]
    audits_pending: bool


# One round trip for all kinds. The parts are read by place; the joins fetch a handful of rows by key. Two parts of one zone
# give its row twice: `near` makes sets of them, which costs less than a sort for DISTINCT. Where no version hides
# anything, the second arm is not even begun.
NEAR = """
SELECT 1, z.id, z.xmin::text::bigint, 0::bigint
FROM zone_part AS part JOIN zone AS z ON z.id = part.zone_id
WHERE part.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)
UNION ALL
SELECT 1, z.id, z.xmin::text::bigint, 0::bigint
FROM zone_part AS part JOIN zone AS z ON z.id = part.zone_id
WHERE part.geom && ST_MakeEnvelope(%(hidden_west)s, %(hidden_south)s, %(hidden_east)s, %(hidden_north)s, 4490)
  AND part.version_id = ANY(%(hiding)s::bigint[]) AND cardinality(%(hiding)s::bigint[]) > 0
UNION ALL
SELECT 2, a.id, a.xmin::text::bigint, 0::bigint
FROM place_area_part AS part JOIN place_area AS a ON a.id = part.area_id
WHERE part.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)
UNION ALL
SELECT 3, v.id, v.xmin::text::bigint, l.xmin::text::bigint
FROM layer_version AS v JOIN layer AS l ON l.id = v.layer_id WHERE v.standing = 'published'
UNION ALL
SELECT 4, 0::bigint, 0::bigint, 0::bigint WHERE EXISTS (SELECT FROM load_run WHERE target = 'rights' AND audit = 'pending')
"""


def near(session: Session, box: Box, hidden_box: Box, hiding: Iterable[int]) -> Near:
    """Ids of all zones and place areas whose parts meet the box; for versions that hide something, the hidden box."""
    found = rows(
        session,
        NEAR,
        {
            **degrees_of(box),
            **{f"hidden_{side}": value for side, value in degrees_of(hidden_box).items()},
            "hiding": sorted(hiding),
        },
    )
    return Near(
        zones=tuple(sorted({(row[1], row[2]) for row in found if row[0] == 1})),
        areas=tuple(sorted({(row[1], row[2]) for row in found if row[0] == 2})),
        versions=frozenset((row[1], row[2], row[3]) for row in found if row[0] == 3),
        audits_pending=any(row[0] == 4 for row in found),
    )


VERSIONS = """
SELECT v.id, v.layer_id, l.code, l.kind, l.name_zh, l.name_en, l.office_zh, l.office_en, l.disclosure, l.accuracy_m::float8,
       v.number, lower(v.valid) - DATE '0001-01-01' + 1, upper(v.valid) - DATE '0001-01-01' + 1,
       v.transition, v.transition_basis, v.source, v.cite, v.mark,
       l.disclosure <> 'public'
           OR EXISTS (SELECT FROM zone AS z WHERE z.version_id = v.id AND coalesce(z.disclosure, 'public') <> 'public'),
       v.xmin::text::bigint, l.xmin::text::bigint
FROM layer_version AS v JOIN layer AS l ON l.id = v.layer_id
WHERE CASE WHEN %(ids)s::bigint[] IS NULL THEN v.standing = 'published' ELSE v.id = ANY(%(ids)s::bigint[]) END
ORDER BY l.code, v.number
"""


def published_versions(session: Session) -> tuple[tuple[VersionRow, ...], frozenset[tuple[int, int, int]]]:
    """All published versions of all layers, by layer code and number, with the stamp that `near` compares."""
    found = rows(session, VERSIONS, {"ids": None})
    return _versions(found), frozenset((row[0], row[19], row[20]) for row in found)


def versions_by_id(session: Session, ids: Iterable[int]) -> tuple[VersionRow, ...]:
    """These very versions, whatever became of them: what a stored report judged by."""
    return _versions(rows(session, VERSIONS, {"ids": sorted(ids)}))


def _versions(found: list[Row]) -> tuple[VersionRow, ...]:
    return tuple(
        VersionRow(
            id=row[0],
            layer_id=row[1],
            layer=row[2],
            kind=row[3],
            name_zh=row[4],
            name_en=row[5],
            office_zh=row[6],
            office_en=row[7],
            disclosure=row[8],
            accuracy=row[9],
            number=row[10],
            since=OPEN_FROM if row[11] is None else row[11],
            until=OPEN_TO if row[12] is None else row[12],
            transition=row[13],
            transition_basis=row[14],
            source=row[15],
            cite=row[16],
            mark=row[17],
            hides=row[18],
        )
        for row in found
    )


WHOLE_ZONES = """
SELECT z.id, z.version_id, z.identity, z.name_zh, z.name_en, z.effect, z.use_types, z.use_modes,
       lower(z.held) - DATE '0001-01-01' + 1, upper(z.held) - DATE '0001-01-01' + 1,
       z.buffer_m::float8, z.answer_days, z.cite, z.disclosure, z.attributes, z.effect_geom::bytea, z.xmin::text::bigint
FROM zone AS z WHERE z.id = ANY(%(ids)s::bigint[]) ORDER BY z.id
"""


def zones_by_id(session: Session, ids: Iterable[int]) -> list[ZoneRow]:
    """These very zones, read anew."""
    return [zone for _, zone in _whole_zones(session, sorted(ids))]


def _whole_zones(session: Session, ids: list[int]) -> list[tuple[int, ZoneRow]]:
    found = rows(session, WHOLE_ZONES, {"ids": ids})
    if not found:
        return []
    geometries = in_milliseconds([row[15] for row in found])
    shapely.prepare(geometries)
    return [(row[16], _zone(row, geometry)) for row, geometry in zip(found, geometries, strict=True)]


def _zone(row: tuple[Any, ...], geometry: Any) -> ZoneRow:
    return ZoneRow(
        id=row[0],
        version_id=row[1],
        identity=row[2],
        name_zh=row[3],
        name_en=row[4],
        effect=row[5],
        use_types=None if row[6] is None else frozenset(row[6]),
        use_modes=None if row[7] is None else frozenset(row[7]),
        held_from=OPEN_FROM if row[8] is None else row[8],
        held_to=OPEN_TO if row[9] is None else row[9],
        buffer=row[10],
        answer_days=row[11],
        cite=row[12],
        disclosure=row[13],
        attributes=row[14] or {},
        geometry=geometry,
    )


class Kept:
    """Rows read once and kept while their `xmin` agrees; bounded by the number of points, the least recently used go first."""

    def __init__(self, points: int = 2_000_000) -> None:
        self._rows: OrderedDict[int, tuple[int, Any, int]] = OrderedDict()
        self._limit = points
        self._points = 0

    def known(self, wanted: Iterable[tuple[int, int]]) -> dict[int, Any]:
        """Those of the wanted (id, xmin) that are kept and still agree."""
        found = {}
        for key, xmin in wanted:
            kept = self._rows.get(key)
            if kept is not None and kept[0] == xmin:
                self._rows.move_to_end(key)
                found[key] = kept[1]
        return found

    def keep(self, key: int, xmin: int, row: Any, geometry: Any) -> None:
        """Keep a row; it replaces an older one of the same id."""
        size = int(shapely.get_num_coordinates(geometry)) + 16
        old = self._rows.pop(key, None)
        self._points += size - (old[2] if old else 0)
        self._rows[key] = (xmin, row, size)
        while self._points > self._limit and len(self._rows) > 1:
            _, (_, _, gone) = self._rows.popitem(last=False)
            self._points -= gone


class Memory:
    """What a process keeps of one database: the catalogue of layers, whole zones, whole areas of places.

    One check has it alone: two threads that ask one prepared geometry at a time crash the process (GEOS mutates its index
    while it answers, and shapely frees the interpreter's lock; seen with 10,000 points and four threads).
    """

    def __init__(self) -> None:
        self.versions: tuple[VersionRow, ...] = ()
        self.stamp: frozenset[tuple[int, int, int]] | None = None
        self.zones = Kept()
        self.areas = Kept()


_MEMORIES: WeakKeyDictionary[Any, list[Memory]] = WeakKeyDictionary()
_MEMORIES_LOCK = Lock()
_MOST_MEMORIES = 8


@contextmanager
def borrowed_memory(session: Session) -> Iterator[Memory]:
    """A memory of the session's database for one check alone; the warmest that is free, or a new one.

    Engines do not share, for ids and `xmin` mean something only in one database.
    """
    engine = session.connection().engine
    with _MEMORIES_LOCK:
        free = _MEMORIES.setdefault(engine, [])
        memory = free.pop() if free else Memory()
    try:
        yield memory
    finally:
        with _MEMORIES_LOCK:
            if len(free) < _MOST_MEMORIES:
                free.append(memory)


def whole_zones(session: Session, memory: Memory, wanted: tuple[tuple[int, int], ...]) -> list[ZoneRow]:
    """The wanted zones, whole, by id; only those not yet in memory are read."""
    found = memory.zones.known(wanted)
    absent = [key for key, _ in wanted if key not in found]
    if absent:
        for xmin, zone in _whole_zones(session, absent):
            memory.zones.keep(zone.id, xmin, zone, zone.geometry)
            found[zone.id] = zone
    return [found[key] for key in sorted(found)]


def day(ordinal: int) -> date | None:
    """The day of an ordinal bound, None where the side is open."""
    return None if ordinal <= OPEN_FROM or ordinal >= OPEN_TO else date.fromordinal(ordinal)


NEAREST = """
SELECT ST_Distance(part.geom::geography, draft.box::geography) / 1000
FROM zone_part AS part, (SELECT ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490) AS box) AS draft
WHERE part.version_id = ANY(%(versions)s::bigint[])
ORDER BY part.geom <-> draft.box LIMIT 8
"""


def kilometres_offshore(session: Session, box: Box, shore_versions: Iterable[int]) -> float | None:
    """Kilometres from a box to the nearest shoreline of these versions; None where no shoreline is known.

    Eight parts are measured, for the index orders by degrees, in which a degree of longitude counts as much as one of latitude.
    """
    found = rows(session, NEAREST, {**degrees_of(box), "versions": sorted(shore_versions)})
    return min((float(row[0]) for row in found), default=None)
