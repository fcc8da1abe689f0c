"""The public register: a map with its list, and one page for each right; exactly what `GET /api/v1/register` discloses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any
from urllib.parse import quote

import shapely
from fastapi import APIRouter, Query, Request, Response

from api.deps import GREATEST_ROW, Counted
from api.gates import act
from api.portal.charts import place_chart, state_of
from api.portal.shell import InShell, Shell
from api.schemas.register import occupation
from data.answers import Refusal
from data.messages import text
from maps.views import page_map
from marine.coordinates import dms, ms_from_degrees
from parcels.queries import atlas

router = APIRouter(include_in_schema=False)
PAGE = 25
WEIHAI: atlas.Bounds = (121.15, 36.65, 122.75, 37.65)
SOON = timedelta(days=180)
# Half the width and height of the view that opens on a named piece of sea, in degrees.
NEAR = (0.07, 0.05)
NEAR_PATTERN = r"^(-?\d{1,3}(\.\d{1,6})?,-?\d{1,2}(\.\d{1,6})?)?$"
SCRIPT_TEXTS = (
    "page.right.",
    "page.in_view",
    "page.layer.",
    "page.scale.",
    "page.comma",
    "page.hectares",
    "page.until",
    "portal.register.script.",
)
Row = Mapping[str, Any]


@router.get("/register", dependencies=[Counted])
@act("register.see")
def register(
    shell: InShell,
    request: Request,
    q: Annotated[str, Query(max_length=80)] = "",
    near: Annotated[str, Query(pattern=NEAR_PATTERN)] = "",
    bbox: Annotated[str, Query(max_length=120)] = "",
    after: Annotated[int, Query(ge=0, le=GREATEST_ROW)] = 0,
) -> Response:
    """Whose sea is this, and until when: by map, by words, or by what is in view; a changed view fetches the list alone."""
    words = q.replace("\x00", "").strip()
    values = {"q": words, **_listed(shell, words, _box(bbox), after)}
    if request.headers.get("hx-request"):
        return shell.fragment("register/list.html", **values)
    box = _around(near) or _extent(values["found"]) or atlas.extent(shell.session) or WEIHAI
    boot = {"home": [[box[1], box[0]], [box[3], box[2]]], "soon": (shell.today + SOON).isoformat(), "words": words}
    chart = page_map(box, text("portal.register.map", shell.lang))
    return shell.show("register/register.html", map=chart, near=near, boot=boot, script_texts=SCRIPT_TEXTS, **values)


@router.get("/register/{code}")
@act("register.see")
def right(shell: InShell, code: str) -> Response:
    """One right by parcel code, unit code, register number or inherited number, with its past as far as it is public."""
    found = [] if "\x00" in code else atlas.occupations_of(shell.session, code)
    if not found:
        raise Refusal("problems.register_unknown", code=code)
    rows = sorted(found, key=lambda row: row["held_from"] or date.min, reverse=True)
    first = rows[0]
    told = right_row(first, shell)
    values: dict[str, Any] = {
        "row": told,
        "code": code,
        "points": _points(first["geojson"]),
        "history": [right_row(row, shell) for row in rows],
        "map": place_chart(
            shapely.from_geojson(first["geojson"]), told["state"], shell.lang, told["title"], size=(760, 460)
        ),
    }
    return shell.show("register/right.html", **values)


def right_row(row: Row, shell: Shell) -> dict[str, Any]:
    """One public occupation as the interface tells it, with the words of a page."""
    told = occupation(dict(row), shell.works.book, shell.lang)["properties"]
    state = state_of(row, shell.today)
    facts = [text(f"page.right.{state}", shell.lang), (told["use_type"] or "").partition(" ")[2]]
    if told["to"]:
        facts.append(text("page.until", shell.lang, day=told["to"]))
    return {
        **told,
        "id": row["id"],
        "state": state,
        "title": told["name"] or told["code"],
        "facts": " · ".join(each for each in facts if each),
        "address": f"/register/{quote(told['code'], safe='')}",
    }


def _listed(shell: Shell, words: str, box: atlas.Bounds | None, after: int) -> dict[str, Any]:
    """A page of the list: what bears the words, else what lies in the box, else the beginning of the register."""
    session, today = shell.session, shell.today
    if words:
        found = atlas.occupations_called(session, words, today, after=after, limit=PAGE + 1)
    elif box is not None:
        found = atlas.occupations_in(session, box, today, PAGE + 1)
    else:
        found = atlas.first_occupations(session, today, PAGE + 1)
    shown = found[:PAGE]
    return {
        "found": shown if words else [],
        "rows": [right_row(row, shell) for row in shown],
        "more": shown[-1]["id"] if words and len(found) > PAGE else None,
        "many": len(found) > PAGE,
        "in_view": box is not None,
        "most": PAGE,
    }


def _box(told: str) -> atlas.Bounds | None:
    """The box of the view; a box that is none counts as not told, for the map sends it and no reader types it."""
    try:
        west, south, east, north = (float(part) for part in told.split(","))
    except ValueError:
        return None
    return (west, south, east, north) if -180 <= west < east <= 180 and -90 <= south < north <= 90 else None


def _around(near: str) -> atlas.Bounds | None:
    if not near:
        return None
    lon, lat = (float(part) for part in near.split(","))
    return lon - NEAR[0], lat - NEAR[1], lon + NEAR[0], lat + NEAR[1]


def _extent(rows: list[Row]) -> atlas.Bounds | None:
    """The box of what was found, with a margin."""
    if not rows:
        return None
    west, south, east, north = shapely.total_bounds([shapely.from_geojson(row["geojson"]) for row in rows]).tolist()
    margin = max(east - west, north - south) * 0.4
    return west - margin, south - margin, east + margin, north + margin


def _points(geojson: str) -> list[dict[str, Any]]:
    """The corners of the outer rings in stored order; numbers count from 1, for the register's map keeps no others."""
    geometry = json.loads(geojson)
    shells = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    corners = [corner for rings in shells for corner in rings[0][:-1]]
    return [
        {"number": number, "north": dms(ms_from_degrees(lat)), "east": dms(ms_from_degrees(lon))}
        for number, (lon, lat) in enumerate(corners, 1)
    ]
