"""The page at /: can this sea be used?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from api.deps import Lang, Reading, Rules, TheHouse, Today
from api.gates import act
from api.pages import texts_under
from data.messages import text
from data.rulebook import RuleBook
from maps.views import page_map
from marine.terms import last_day
from parcels.queries import atlas

router = APIRouter(include_in_schema=False)
# Weihai's waters, where the map opens while the register is empty.
WEIHAI: atlas.Bounds = (121.15, 36.65, 122.75, 37.65)
# The parcel of the interface guide's mock-up: invented, in Sanggou Bay, where the sample world has rafts beside it.
EXAMPLE = """点号,北纬,东经
1,37°07′05.515″,122°30′29.645″
2,37°07′08.885″,122°30′49.457″
3,37°07′13.864″,122°30′49.875″
4,37°07′21.220″,122°30′45.936″
5,37°07′17.890″,122°30′26.362″
"""
SOON = timedelta(days=180)
# Raft culture takes the surface and the water column (interface guide §2); what a mode is not listed for is left to the asker.
USUAL_LAYERS = {
    "41": ("surface", "water_column"),
    "53": ("seabed", "subsoil"),
    "22": ("seabed", "subsoil"),
    "44": ("surface", "water_column"),
}


@router.get("/")
@act("page.see")
def home(request: Request, home_of: TheHouse, session: Reading, rules: Rules, lang: Lang, today: Today) -> Response:
    """The page, its words and its map; the register itself is asked for by the map."""
    box = atlas.extent(session) or WEIHAI
    samples = atlas.holds_samples(session)
    values = {
        "map": page_map(box, text("page.map.image", lang)),
        "day": today.isoformat(),
        "sample_data": samples,
        "use_types": _choices(rules, "use_types", lang),
        "use_modes": _choices(rules, "use_modes", lang),
        "defaults": _defaults(today),
        "rules_hash": rules.hash,
        "example": samples,
        "boot": _boot(box, rules, lang, today),
    }
    return home_of.pages.answer(request, "home.html", values)


def _choices(rules: RuleBook, name: str, lang: str) -> list[dict[str, Any]]:
    return [
        {"code": code.code, "label": getattr(code, lang), "layers": USUAL_LAYERS.get(code.code, ())}
        for code in rules.codes[name].leaves()
    ]


def _defaults(today: date) -> dict[str, Any]:
    """A first form: raft culture for fifteen years from the next first of January."""
    first = date(today.year + 1, 1, 1)
    return {
        "use_type": "13",
        "mode": "41",
        "first_day": first.isoformat(),
        "last_day": last_day(first, 15).isoformat(),
        "layers": USUAL_LAYERS["41"],
    }


def _boot(box: atlas.Bounds, rules: RuleBook, lang: str, today: date) -> dict[str, Any]:
    """What the scripts start with."""
    west, south, east, north = box
    return {
        "lang": lang,
        "api": "/api/v1",
        "texts": texts_under(lang, ("page.",)),
        "home": [[south, west], [north, east]],
        "day": today.isoformat(),
        "soon": (today + SOON).isoformat(),
        "modes": _choices(rules, "use_modes", lang),
        "example": EXAMPLE,
    }
