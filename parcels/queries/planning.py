"""The map of an office on a day: units of rights and claims by state and layer, counted or whole, and zones; hidden ones in scope.

A state is computed from the day: `pending` for claims, then `ended`, `frozen` (frozen or seized), `expiring` (ends within the days
given), else `registered`. What begins after the day is not shown; neither is a claim that was made after it.

Valid time and record time are both kept (register.md §7). By valid time a day is seen as the register knows it now; by
record time as the register held it when that day ended, whatever was corrected, ended or registered since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from parcels.queries.atlas import Bounds
from parcels.queries.scope import Scope

STATES = ("registered", "pending", "expiring", "frozen", "ended")
ALL_LAYERS = 15
Time = Literal["valid", "record"]
TIMES: tuple[Time, ...] = ("valid", "record")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is looked at: a box in degrees, a day, the day until which an end is soon, states, layers.

    `until` is the instant at which the day ended: what was recorded later was not yet known then. None for a day that is not over.
    `as_recorded` asks for what the register held at that instant; on a day that is not over that is what it holds now.
    """

    box: Bounds
    day: date
    until: datetime | None
    soon: date
    scope: Scope
    states: tuple[str, ...] = STATES
    layers: int = ALL_LAYERS
    as_recorded: bool = False

    @property
    def time(self) -> Time:
        """By which of the two times the day is seen."""
        return "record" if self.as_recorded and self.until is not None else "valid"

    @property
    def parameters(self) -> dict[str, Any]:
        """As the statements below take it."""
        corners = dict(zip(("west", "south", "east", "north"), self.box, strict=True))
        told = {
            "day": self.day,
            "until": self.until,
            "soon": self.soon,
            "states": list(self.states),
            "layers": self.layers,
            "as_recorded": self.time == "record",
        }
        return {**corners, **told, **self.scope.parameters}


# Rows that the register holds now; rows that it held at an instant, each kind by its own index of places.
_OCCUPATIONS: dict[Time, str] = {
    "valid": "upper_inf(o.known) AND o.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4490)",
    "record": """
  (upper_inf(o.known) AND o.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4490)
   OR NOT upper_inf(o.known) AND o.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4490))
  AND o.known @> CAST(:until AS timestamptz)""",
}
_NOTES: dict[Time, str] = {"valid": "upper_inf(n.known)", "record": "n.known @> CAST(:until AS timestamptz)"}


def _seen(time: Time) -> str:
    return f"""
SELECT o.id, o.geom, o.layers, o.right_id, o.parcel_id, o.unit_id, o.claim_id, o.standing, o.months, o.use_type, o.use_mode, o.held,
       o.is_layered, c.case_number, c.boundary_id AS claim_boundary, c.scope_place_id,
       CASE WHEN o.standing <> 'registered' THEN 'pending'
            WHEN upper(o.held) <= :day THEN 'ended'
            WHEN f.right_id IS NOT NULL THEN 'frozen'
            WHEN upper(o.held) <= :soon THEN 'expiring'
            ELSE 'registered' END AS state
FROM occupation AS o
LEFT JOIN sea_claim AS c ON c.id = o.claim_id
LEFT JOIN (SELECT DISTINCT n.right_id FROM right_note AS n
           WHERE n.kind IN ('frozen', 'seized') AND {_NOTES[time]} AND n.held @> CAST(:day AS date)) AS f ON f.right_id = o.right_id
WHERE {_OCCUPATIONS[time]}
  AND (o.disclosure = 'public' OR :everywhere OR c.scope_place_id = ANY(CAST(:places AS bigint[]))
       OR EXISTS (SELECT FROM place_area AS a WHERE a.place_id = ANY(CAST(:places AS bigint[])) AND a.valid @> CAST(:today AS date)
                  AND ST_Covers(a.geom, o.geom)))
  AND (lower(o.held) IS NULL OR lower(o.held) <= :day OR o.standing <> 'registered')
  AND (o.standing = 'registered' OR lower(o.known) < coalesce(CAST(:until AS timestamptz), 'infinity'))
"""  # noqa: S608 -- all parts are literals of this file


def _cells(time: Time) -> TextClause:
    return text(f"""
SELECT floor(ST_XMin(seen.geom) / :step)::int AS col, floor(ST_YMin(seen.geom) / :step)::int AS row, seen.state, seen.layers, count(*) AS n
FROM ({_seen(time)}) AS seen GROUP BY 1, 2, 3, 4
""")  # noqa: S608 -- all parts are literals of this file


def _units(time: Time) -> TextClause:
    return text(f"""
SELECT seen.id, seen.state, seen.standing, seen.layers, seen.months, seen.use_type, seen.use_mode, seen.is_layered, seen.case_number,
       lower(seen.held) AS held_from, upper(seen.held) AS held_to, coalesce(u.area_ha, b.area_ha) AS area_ha, seen.parcel_id,
       p.parcel_code, p.name AS parcel_name, coalesce(p.mark, r.mark) AS mark, r.register_number, seen.scope_place_id,
       (SELECT min(l.value) FROM legacy_identifier AS l WHERE l.parcel_id = seen.parcel_id) AS legacy,
       ST_AsGeoJSON(seen.geom, 7, 0) AS geojson
FROM ({_seen(time)}) AS seen
LEFT JOIN parcel AS p ON p.id = seen.parcel_id
LEFT JOIN sea_right AS r ON r.id = seen.right_id
LEFT JOIN unit AS u ON u.id = seen.unit_id
LEFT JOIN boundary AS b ON b.id = coalesce(p.boundary_id, seen.claim_boundary)
WHERE seen.state = ANY(CAST(:states AS text[])) AND seen.layers & :layers <> 0
ORDER BY seen.id LIMIT :most
""")  # noqa: S608 -- all parts are literals of this file


CELLS: dict[Time, TextClause] = {time: _cells(time) for time in TIMES}
UNITS: dict[Time, TextClause] = {time: _units(time) for time in TIMES}

# What is hidden is shown where the reader's places have it, cut at their edge, and not at all elsewhere.
ZONES = text("""
WITH mine AS MATERIALIZED (
  SELECT ST_Union(a.geom) AS geom FROM place_area AS a
  WHERE a.place_id = ANY(CAST(:places AS bigint[])) AND a.valid @> CAST(:today AS date))
SELECT z.id, z.identity, z.name_zh, z.name_en, z.effect, z.buffer_m, z.cite, l.code AS layer, l.name_zh AS layer_zh,
       l.name_en AS layer_en, v.number AS version, v.source, v.mark, coalesce(z.disclosure, l.disclosure) AS disclosure,
       CASE WHEN :everywhere OR coalesce(z.disclosure, l.disclosure) = 'public' THEN ST_AsGeoJSON(z.geom, 7, 0)
            ELSE ST_AsGeoJSON(ST_Intersection(z.geom, mine.geom), 7, 0) END AS geojson
FROM zone AS z JOIN layer_version AS v ON v.id = z.version_id JOIN layer AS l ON l.id = v.layer_id CROSS JOIN mine
WHERE l.kind = 'zones' AND v.standing = 'published' AND v.valid @> CAST(:day AS date)
  AND (NOT :as_recorded OR v.published_at <= CAST(:until AS timestamptz))
  AND (coalesce(z.disclosure, l.disclosure) = 'public' OR :everywhere OR ST_Intersects(z.geom, mine.geom))
  AND z.id IN (SELECT zone_id FROM zone_part WHERE geom && ST_MakeEnvelope(:west, :south, :east, :north, 4490))
ORDER BY l.code, z.id LIMIT :most
""")

# Each unit is looked at once, whatever the number of years: what begins in a year less what has ended by then, added up.
YEARS = text("""
WITH spans AS MATERIALIZED (
  SELECT extract(year FROM lower(held))::int AS since, extract(year FROM upper(held))::int AS until, count(*) AS n FROM occupation
  WHERE upper_inf(known) AND disclosure = 'public' AND standing = 'registered' GROUP BY 1, 2)
SELECT y.year, coalesce(sum(s.n), 0)::bigint FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS y(year)
LEFT JOIN spans AS s ON coalesce(s.since, 0) <= y.year AND coalesce(s.until, 9999) > y.year
GROUP BY 1 ORDER BY 1
""")


FIRST_RECORD = text("SELECT recorded_at FROM event ORDER BY id LIMIT 1")


@dataclass(frozen=True, slots=True)
class Cell:
    """How many units of a state and a set of layers begin in a cell, by column and row of a grid from 0°, 0°."""

    col: int
    row: int
    state: str
    layers: int
    n: int


def cells_in(session: Session, view: View, step: float) -> list[Cell]:
    """Counts of all states and layers in the box by cells of `step` degrees; nothing is left out, whatever the view narrows to."""
    return [Cell(*row) for row in session.execute(CELLS[view.time], {**view.parameters, "step": step})]


def units_in(session: Session, view: View, most: int) -> list[dict[str, Any]]:
    """The units of the view, whole, by id."""
    return [dict(row) for row in session.execute(UNITS[view.time], {**view.parameters, "most": most}).mappings()]


def zones_in(session: Session, view: View, most: int) -> list[dict[str, Any]]:
    """Zones in force on the view's day, by layer; hidden ones as far as the scope reaches."""
    return [dict(row) for row in session.execute(ZONES, {**view.parameters, "most": most}).mappings()]


def rights_by_year(session: Session, first: int, last: int) -> Sequence[tuple[int, int]]:
    """How many units of public rights were in force at the end of each year, both years included."""
    found = session.execute(YEARS, {"first": first, "last": last})
    return [(row[0], row[1]) for row in found]


def first_record(session: Session) -> datetime | None:
    """When this system recorded its first act: by record time, the sea was not known before. None where nothing is recorded yet."""
    found: datetime | None = session.execute(FIRST_RECORD).scalar()
    return found
