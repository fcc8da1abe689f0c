"""The page at /: can this sea be used?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from api.deps import Lang, Reading, Rules, TheHouse, Today
from api.pages import page_texts
from data.messages import text
from data.rulebook import RuleBook
from maps.views import page_map
from marine.terms import last_day
from parcels.queries import atlas

router = APIRouter(include_in_schema=False)
# Weihai's waters, where the map opens while the register is empty.
WEIHAI: atlas.Bounds = (121.15, 36.65, 122.75, 37.65)
SOON = timedelta(days=180)
# Raft culture takes the surface and the water column (interface guide §2); what a mode is not listed for is left to the asker.
USUAL_LAYERS = {
    "41": ("surface", "water_column"),
    "53": ("seabed", "subsoil"),
    "22": ("seabed", "subsoil"),
    "44": ("surface", "water_column"),
}


@router.get("/")
def home(request: Request, home_of: TheHouse, session: Reading, rules: Rules, lang: Lang, today: Today) -> Response:
    """The page, its words and its map; the register itself is asked for by the map."""
    box = atlas.extent(session) or WEIHAI
    values = {
        "map": page_map(box, text("page.map.image", lang)),
        "day": today.isoformat(),
        "sample_data": home_of.settings.is_embedded,
        "use_types": _choices(rules, "use_types", lang),
        "use_modes": _choices(rules, "use_modes", lang),
        "defaults": _defaults(today),
        "rules_hash": rules.hash,
        "example": True,
        "boot": _boot(box, rules, lang, today),
    }
    return home_of.pages.answer(request, "home.html", values)  # type: ignore[no-any-return]


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
        "texts": page_texts(lang),
        "home": [[south, west], [north, east]],
        "day": today.isoformat(),
        "soon": (today + SOON).isoformat(),
        "modes": _choices(rules, "use_modes", lang),
        "example": _example(box),
    }


def _example(box: atlas.Bounds) -> str:
    """Five corners near the middle of the box, as an applicant might paste them."""
    lon, lat = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    corners = ((0.0, 0.0), (0.0055, 0.0010), (0.0056, 0.0024), (0.0045, 0.0044), (-0.0009, 0.0035))
    return "\n".join(
        ["点号,经度,纬度", *(f"{n},{lon + dx:.6f},{lat + dy:.6f}" for n, (dx, dy) in enumerate(corners, 1))]
    )
