"""Who occupies the sea near a box: the candidate rows of the check, the layering papers, and loads that await their audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from marine.findings import Refusal
from marine.spaces import OPEN_FROM, OPEN_TO
from parcels.queries import Box, Row, degrees_of, in_milliseconds, rows

# No parcel has that many neighbours; a box round half the sea has, and is refused instead of answered for minutes.
MOST_NEIGHBOURS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """One current row of `occupation`: geometry in milliseconds of arc, days as ordinals [from, to), layers and months as bits."""

    id: int
    parcel_id: int | None
    unit_id: int | None
    right_id: int | None
    claim_id: int | None
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
    accuracy: float | None
    disclosure: str
    parcel_code: str | None
    geometry: Any


# Two arms: what anybody may see is looked for in the draft's own box, what is hidden in the box of the grid cells that the
# draft meets (register.md §5). The second runs on an index of its own, which is empty or nearly so. The parcel's code is read
# by key, row by row: a join would leave the planner a choice, and what it guesses of a box that it does not know is no help.
NEIGHBOURS = """
SELECT o.id, o.parcel_id, o.unit_id, o.right_id, o.claim_id, o.standing, o.layers, o.z_low, o.z_high, o.z_surveyed,
       lower(o.held) - DATE '0001-01-01' + 1, upper(o.held) - DATE '0001-01-01' + 1, o.months, o.is_layered,
       o.use_type, o.use_mode, o.accuracy_m, o.disclosure,
       (SELECT p.parcel_code FROM parcel AS p WHERE p.id = o.parcel_id), o.geom::bytea
FROM (
    SELECT * FROM occupation
    WHERE upper_inf(known) AND disclosure = 'public'
      AND geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)
    UNION ALL
    SELECT * FROM occupation
    WHERE upper_inf(known) AND disclosure <> 'public'
      AND geom && ST_MakeEnvelope(%(hidden_west)s, %(hidden_south)s, %(hidden_east)s, %(hidden_north)s, 4490)
) AS o
WHERE o.held && daterange(DATE '0001-01-01' + (%(first)s::int - 1), DATE '0001-01-01' + (%(end)s::int - 1))
LIMIT 20001
"""


def neighbours(session: Session, box: Box, hidden_box: Box, held_from: int, held_to: int) -> list[Neighbour]:
    """Current rows whose box meets `box` (hidden ones: `hidden_box`) and that are held on some day of the range, by id."""
    parameters = {
        **degrees_of(box),
        **{f"hidden_{side}": value for side, value in degrees_of(hidden_box).items()},
        "first": None if held_from <= OPEN_FROM else held_from,
        "end": None if held_to >= OPEN_TO else held_to,
    }
    found = rows(session, NEIGHBOURS, parameters)
    if len(found) > MOST_NEIGHBOURS:
        raise Refusal("boundary.too_wide", most=MOST_NEIGHBOURS)
    return _neighbours(found)


# The same columns; statements stand whole, so that they can be read and tried as they are.
BY_ID = """
SELECT o.id, o.parcel_id, o.unit_id, o.right_id, o.claim_id, o.standing, o.layers, o.z_low, o.z_high, o.z_surveyed,
       lower(o.held) - DATE '0001-01-01' + 1, upper(o.held) - DATE '0001-01-01' + 1, o.months, o.is_layered,
       o.use_type, o.use_mode, o.accuracy_m, o.disclosure, p.parcel_code, o.geom::bytea
FROM occupation AS o LEFT JOIN parcel AS p ON p.id = o.parcel_id WHERE o.id = ANY(%(ids)s::bigint[])
"""


def occupations_by_id(session: Session, ids: Sequence[int]) -> list[Neighbour]:
    """These very rows, whether current or closed since: what a stored report judged."""
    return _neighbours(rows(session, BY_ID, {"ids": list(ids)})) if ids else []


def _neighbours(read: list[Row]) -> list[Neighbour]:
    found = sorted(read, key=lambda row: int(row[0]))
    if not found:
        return []
    geometries = in_milliseconds([row[-1] for row in found])
    return [
        Neighbour(
            id=row[0],
            parcel_id=row[1],
            unit_id=row[2],
            right_id=row[3],
            claim_id=row[4],
            standing=row[5],
            layers=row[6],
            z_low=row[7],
            z_high=row[8],
            z_surveyed=row[9],
            held_from=OPEN_FROM if row[10] is None else row[10],
            held_to=OPEN_TO if row[11] is None else row[11],
            months=row[12],
            is_layered=row[13],
            use_type=row[14],
            use_mode=row[15],
            accuracy=row[16],
            disclosure=row[17],
            parcel_code=row[18],
            geometry=geometry,
        )
        for row, geometry in zip(found, geometries, strict=True)
    ]


LAYERING_PAPERS = """
SELECT DISTINCT earlier_right_id FROM layering_paper AS p
WHERE NOT EXISTS (SELECT FROM layering_paper_withdrawn AS w WHERE w.paper_id = p.id)
  AND boundary_hash = %(hash)s AND earlier_right_id = ANY(%(rights)s::bigint[])
"""


def rights_with_layering_papers(session: Session, boundary_hash: str, right_ids: Sequence[int]) -> frozenset[int]:
    """The earlier rights for which consent (or settlement) and argumentation are on file for a boundary of this hash."""
    parameters = {"hash": boundary_hash, "rights": list(right_ids)}
    return frozenset(row[0] for row in rows(session, LAYERING_PAPERS, parameters))


UNAUDITED = """
SELECT DISTINCT l.id, l.source_name FROM load_run AS l
WHERE l.target = 'rights' AND l.audit = 'pending'
  AND EXISTS (SELECT FROM sea_right AS r WHERE r.run_id = l.id AND r.id = ANY(%(rights)s::bigint[]))
ORDER BY l.id
"""


def unaudited_runs(session: Session, right_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Bulk loads that brought one of these rights and whose overlaps nobody has audited yet: (run, name of its file)."""
    return [(row[0], row[1]) for row in rows(session, UNAUDITED, {"rights": list(right_ids)})]
