"""The map of an office as GeoJSON: units with their state on the day, or counts by cells; and the same as rows of a file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.schemas.register import occupation, zone
from data.messages import text
from data.rulebook import RuleBook
from marine.spaces import LAYER_NAMES
from parcels.queries.planning import STATES, Cell, View

HEAD = (
    "code", "name", "state", "use_type", "mode_label", "area_ha", "layers", "from", "to", "register_number", "case", "mark",
)  # fmt: skip


def unit(row: Mapping[str, Any], book: RuleBook, lang: str, *, cases: bool) -> dict[str, Any]:
    """One unit, as the public register tells it, with its state and, for a claim and who reads `cases`, its case."""
    told = occupation(row, book, lang)
    told["properties"] |= {"state": row["state"], "case": row["case_number"] if cases else None}
    if cases and row["case_number"] and row["parcel_code"] is None and row["legacy"] is None:
        told["properties"]["code"] = row["case_number"]
    return told


def office_zone(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """One zone with how far it is disclosed."""
    told = zone(row, lang)
    told["properties"]["disclosure"] = row["disclosure"]
    return told


def site(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """A park, or a site with its state and its park."""
    return {
        "type": "Feature",
        "geometry": json.loads(row["geojson"]),
        "properties": {
            "kind": row["kind"],
            "name": row[f"name_{lang}"],
            "site": row["state"],
            "park": row[f"park_{lang}"],
            "mark": row["mark"],
        },
    }


def counts_of(cells: Iterable[Cell]) -> dict[str, Any]:
    """How many units there are in all, of each state, and in each layer."""
    states: Counter[str] = Counter()
    layers: Counter[str] = Counter()
    for cell in cells:
        states[cell.state] += cell.n
        for bit, name in enumerate(LAYER_NAMES):
            layers[name] += cell.n if cell.layers & (1 << bit) else 0
    return {
        "total": sum(states.values()),
        "states": {name: states[name] for name in STATES},
        "layers": {name: layers[name] for name in LAYER_NAMES},
    }


def shown_in(cells: Iterable[Cell], view: View) -> int:
    """How many units of the cells the view asks for."""
    return sum(cell.n for cell in cells if cell.state in view.states and cell.layers & view.layers)


def cell_features(cells: Iterable[Cell], view: View, step: float) -> list[dict[str, Any]]:
    """One point with a count for each cell that holds anything the view asks for."""
    found: Counter[tuple[int, int]] = Counter()
    for cell in cells:
        if cell.state in view.states and cell.layers & view.layers:
            found[cell.col, cell.row] += cell.n
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [(col + 0.5) * step, (row + 0.5) * step]},
            "properties": {"n": n, "step": step},
        }
        for (col, row), n in sorted(found.items())
    ]


def head_of(lang: str) -> list[str]:
    """The head of the file in words."""
    return [text(f"portal.planner.column.{name}", lang) for name in HEAD]


def row_of(feature: Mapping[str, Any], lang: str) -> Sequence[Any]:
    """A unit as a row under `head_of`."""
    told = feature["properties"]
    layers = text("page.comma", lang).join(text(f"page.layer.{name}", lang) for name in told["layers"])
    words = {
        "state": text(f"portal.planner.state.{told['state']}", lang),
        "layers": layers,
        "use_type": told["use_type"],
        "mark": text(f"page.mark_of.{told['mark']}", lang) if told["mark"] else "",
    }
    return [words.get(name, told[name]) for name in HEAD]
