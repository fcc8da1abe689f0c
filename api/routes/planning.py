"""The planning map of an office: rights, claims, zones and sites on a day. Hidden ones are told to officers of their place only."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query

from api.deps import Asker, Lang, Reading, Rules, Today
from api.gates import act
from api.layer_files import reads_cases
from api.minutes import once_a_minute
from api.routes.register import Box
from api.schemas.planning import cell_features, counts_of, head_of, office_zone, row_of, shown_in, site, unit
from api.schemas.problems import refuses
from api.schemas.register import collection
from api.schemas.sheets import Day
from api.spreadsheets import as_csv, as_file, as_xlsx
from data.answers import Refusal
from data.clock import LEGAL_ZONE
from marine.spaces import LAYER_NAMES
from parcels.queries import planning
from parcels.queries.planning import STATES, View
from parcels.queries.scope import scope_of
from parcels.queries.sites import sites_in

router = APIRouter(prefix="/planning", tags=["planning"])
NAMES = tuple(LAYER_NAMES)
# So many units are drawn whole; beyond it, counts by cells, about so many across.
MOST_DRAWN, MOST_ZONES, MOST_EXPORTED, CELLS_ACROSS = 2_500, 2_000, 20_000, 24
# The count of so many is kept for a minute; nobody sees a single one among them.
COUNTED_ONCE = 50_000
SOON = timedelta(days=180)
FIRST_YEAR = 2002
Named = Annotated[
    str, Query(max_length=100, description="Some of the names, by commas; all of them where none is given")
]


ByTime = Annotated[
    planning.Time,
    Query(alias="time", description="By valid time, as the register knows that day now, or by record time, as it stood in the register then"),
]  # fmt: skip


def view_of(
    session: Reading, by: Asker, today: Today, box: Box, day: Day | None = None, states: Named = "", layers: Named = "",
    by_time: ByTime = "valid",
) -> View:  # fmt: skip
    """What is looked at, with what the asker may see of it."""
    on = day or today
    if by_time == "record" and on > today:
        raise Refusal("planning.not_recorded_yet", day=on.isoformat(), today=today.isoformat())
    bits = sum(1 << NAMES.index(name) for name in _some(layers, NAMES))
    return View(
        box=box, day=on, until=_end_of(on) if on < today else None, soon=on + SOON,
        scope=scope_of(session, by, today), states=_some(states, STATES), layers=bits, as_recorded=by_time == "record",
    )  # fmt: skip


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), LEGAL_ZONE)


def _some(told: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The names that were given, in their own order; a name that is not known is a fault of the asker's."""
    given = {name for name in told.split(",") if name}
    if not given <= set(known):
        raise Refusal("planning.unknown_name", names=", ".join(sorted(given - set(known))), known=", ".join(known))
    return tuple(name for name in known if name in given) if given else known


InView = Annotated[View, Depends(view_of)]


@router.get(
    "/units", summary="Units of rights and claims on a day, or their counts by cells", responses=refuses(401, 403)
)
@act("planning.see")
def units(session: Reading, by: Asker, rules: Rules, lang: Lang, view: InView) -> dict[str, Any]:
    """`kind` is units, or cells where there are too many to draw; `counts` are of all that is in the box."""
    step = (view.box[2] - view.box[0]) / CELLS_ACROSS
    cells = once_a_minute(
        session,
        f"cells {view.time} {view.parameters} {step}",
        lambda: planning.cells_in(session, view, step),
        worth=lambda found: sum(cell.n for cell in found) > COUNTED_ONCE,
    )
    shown = shown_in(cells, view)
    members = {"day": view.day.isoformat(), "time": view.time, "counts": counts_of(cells), "shown": shown}
    if shown > MOST_DRAWN:
        return collection(cell_features(cells, view, step), kind="cells", **members)
    found = planning.units_in(session, view, MOST_DRAWN)
    return collection([unit(row, rules, lang, cases=reads_cases(by)) for row in found], kind="units", **members)


@router.get("/export", summary="The units of a view as a file", responses=refuses(401, 403))
@act("planning.see")
def export(
    session: Reading, by: Asker, rules: Rules, lang: Lang, view: InView, form: Literal["geojson", "csv", "xlsx"] = "geojson",
    ids: Annotated[str, Query(max_length=20_000, pattern=r"^([0-9]{1,18}(,|$))*$", description="Only these units")] = "",
) -> Any:  # fmt: skip
    """All of them or, where there are more than a file holds, none and a refusal that says so."""
    found = planning.units_in(session, view, MOST_EXPORTED + 1)
    if len(found) > MOST_EXPORTED:
        raise Refusal("planning.too_many", limit=MOST_EXPORTED)
    wanted = {int(each) for each in ids.split(",") if each}
    features = [unit(row, rules, lang, cases=reads_cases(by)) for row in found if not wanted or row["id"] in wanted]
    name = f"haiyu-{view.day.isoformat()}" + ("-as-recorded" if view.time == "record" else "")
    if form == "geojson":
        told = collection(features, day=view.day.isoformat(), time=view.time)
        return as_file(json.dumps(told, ensure_ascii=False).encode(), form, name)
    return as_file(
        (as_csv if form == "csv" else as_xlsx)(head_of(lang), [row_of(each, lang) for each in features]), form, name
    )


@router.get("/zones", summary="Zones in force on a day", responses=refuses(401, 403))
@act("planning.see")
def zones(session: Reading, lang: Lang, view: InView) -> dict[str, Any]:
    """Hidden ones only where the asker is an officer, and no further than the sea of that place."""
    found = planning.zones_in(session, view, MOST_ZONES + 1)
    features = [office_zone(row, lang) for row in found[:MOST_ZONES] if row["geojson"]]
    return collection(features, truncated=len(found) > MOST_ZONES, day=view.day.isoformat())


@router.get("/sites", summary="Parks and their sites", responses=refuses(401, 403))
@act("planning.see")
def sites(session: Reading, lang: Lang, box: Box) -> dict[str, Any]:
    """As they stand now: a site has a state and no days of its own. Who owns one is not told."""
    found = sites_in(session, box, MOST_ZONES + 1)
    return collection([site(row, lang) for row in found[:MOST_ZONES]], truncated=len(found) > MOST_ZONES)


@router.get(
    "/years", summary="How many public rights were in force at the end of each year", responses=refuses(401, 403)
)
@act("planning.see")
def years(session: Reading, today: Today) -> dict[str, Any]:
    """From 2002, when the law of sea use came into force."""
    found = once_a_minute(
        session, f"years {today.year}", lambda: planning.rights_by_year(session, FIRST_YEAR, today.year)
    )
    return {"years": [{"year": year, "units": n} for year, n in found]}
