"""What somebody's parties hold, claim and draft: rows of a list and the same as shapes of a map, each with the way on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import shapely
from sqlalchemy.orm import Session

from api.portal.charts import polygon_of
from api.schemas.register import label
from approvals import queries
from approvals.cases.answers import project_named
from approvals.cases.store import Works
from approvals.models import Case
from parcels.queries import held

Told = dict[str, Any]
SOON = timedelta(days=180)
# States in which a note of the register stops what its holder may do.
STOPPED = frozenset({"frozen", "seized"})


def state_of_right(row: Mapping[str, Any], today: date) -> str:
    """How a right stands on a day: ended, frozen, expiring within 180 days, or in force.

    >>> state_of_right({"ended_on": None, "term_to": date(2027, 1, 1), "notes": []}, date(2026, 11, 26))
    'expiring'
    """
    last = row["term_to"]
    if row["ended_on"] is not None or (last is not None and last < today):
        return "ended"
    if STOPPED & set(row["notes"]):
        return "frozen"
    return "expiring" if last is not None and last <= today + SOON else "right"


def rights(session: Session, parties: Iterable[int], today: date) -> list[Told]:
    """The rights of these parties, what ends first before the rest, ended ones last."""
    found = [_right(row, today) for row in held.rights_of(session, frozenset(parties))]
    return sorted(found, key=lambda row: row["state"] == "ended")


def _right(row: Mapping[str, Any], today: date) -> Told:
    code = row["parcel_code"] or row["register_number"] or row["legacy"]
    return {
        "id": f"right-{row['right_id']}",
        "kind": "right",
        "state": state_of_right(row, today),
        "name": row["parcel_name"] or code,
        "code": code,
        "area_ha": row["area_ha"],
        "first": row["term_from"],
        "last": row["ended_on"] or row["term_to"],
        "days": (row["term_to"] - today).days if row["term_to"] else None,
        "case": row["case_number"],
        "register": f"/register/{code}" if code else None,
        "mark": row["mark"],
        "geometry": json.loads(row["geojson"]) if row["geojson"] else None,
    }


def undecided(session: Session, cases: Iterable[Case], works: Works, lang: str) -> list[Told]:
    """Running cases that hold no right yet: claims that stand, applications on their way, and drafts."""
    return [
        _case(session, row, works, lang)
        for row in cases
        if row.ended is None and row.right_id is None and row.use and row.use.get("boundary")
    ]


def _case(session: Session, row: Case, works: Works, lang: str) -> Told:
    use = row.use or {}
    geometry = polygon_of(use["boundary"])
    claim = queries.claim_of(session, row.number)
    return {
        "id": f"case-{row.id}",
        "kind": "case",
        "state": "draft" if row.received_on is None else "claim" if claim is not None else "filed",
        "name": project_named(session, row),
        "code": row.number,
        "area_ha": use.get("hectares"),
        "first": _day(use.get("from")),
        "last": _day(use.get("to")),
        "days": None,
        "case": row.number,
        "register": None,
        "mark": row.mark,
        "use_type": label(works.book, "use_types", use.get("type"), lang),
        "geometry": json.loads(shapely.to_geojson(geometry)),
    }


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None


def shapes(rows: Iterable[Mapping[str, Any]]) -> Told:
    """The rows that have a place, as GeoJSON for the map of the page (CGCS2000, longitude before latitude)."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": row["id"],
                "geometry": row["geometry"],
                "properties": {"state": row["state"], "name": row["name"] or row["code"]},
            }
            for row in rows
            if row["geometry"]
        ],
    }


def box_of(rows: Iterable[Mapping[str, Any]]) -> tuple[float, float, float, float] | None:
    """The box of everything that has a place, in degrees; None where nothing has."""
    found = [shapely.from_geojson(json.dumps(row["geometry"])) for row in rows if row["geometry"]]
    if not found:
        return None
    west, south, east, north = shapely.total_bounds(found).tolist()
    return west, south, east, north
