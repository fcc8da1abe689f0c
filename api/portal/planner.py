"""The planner's map: all rights, claims, zones and sites on a day, by state and by layer."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.gates import act
from api.layer_files import reads_cases
from api.portal import tours
from api.portal.shell import InShell
from api.routes.planning import FIRST_YEAR
from data.clock import legal_day
from data.messages import text
from maps.views import page_map
from marine.spaces import LAYER_NAMES
from parcels.queries import atlas, planning, sites

router = APIRouter(include_in_schema=False)
# Weihai's waters, where the map opens while the register is empty.
WEIHAI: atlas.Bounds = (121.15, 36.65, 122.75, 37.65)


@router.get("/map")
@act("planning.see")
def planning_map(shell: InShell) -> Response:
    """The map; its scripts ask `/api/v1/planning` for what is in view."""
    west, south, east, north = atlas.extent(shell.session) or WEIHAI
    first = planning.first_record(shell.session)
    boot = {
        "tour": tours.tour_of(shell.lang, "planner", ("#find", "#map-panel", ".ts", "#side")),
        "recorded_since": legal_day(first).isoformat() if first else None,
        "home": [[south, west], [north, east]],
        "first_year": FIRST_YEAR,
        "cases": reads_cases(shell.works.actor),
    }
    drawn = page_map((west, south, east, north), text("portal.planner.image", shell.lang))
    names = ("page.", "portal.planner.")
    return shell.show(
        "planner/map.html",
        map=drawn,
        states=planning.STATES,
        times=planning.TIMES,
        layer_names=LAYER_NAMES,
        site_states=sites.STATES,
        boot=boot,
        script_texts=names,
        rail="mini",
    )
