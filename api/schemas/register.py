"""The public register as GeoJSON: features of occupations and zones with their words in one language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from data.rulebook import RuleBook
from marine.spaces import LAYER_NAMES

Row = Mapping[str, Any]


def label(book: RuleBook, name: str, code: str | None, lang: str) -> str | None:
    """A code with its name; the bare code where the list has none."""
    if code is None:
        return None
    found = book.codes[name]
    return f"{code} {getattr(found[code], lang)}" if code in found else code


def occupation(row: Row, book: RuleBook, lang: str) -> dict[str, Any]:
    """One occupation; dates are days, both included, null where open."""
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": json.loads(row["geojson"]),
        "properties": {
            "code": row["parcel_code"]
            or row["register_number"]
            or row["legacy"]
            or f"#{row['parcel_id'] or row['id']}",
            "name": row["parcel_name"],
            "register_number": row["register_number"],
            "standing": row["standing"],
            "use_type": label(book, "use_types", row["use_type"], lang),
            "mode": row["use_mode"],
            "mode_label": label(book, "use_modes", row["use_mode"], lang) or "–",
            "area_ha": None if row["area_ha"] is None else str(row["area_ha"]),
            "layers": [name for bit, name in enumerate(LAYER_NAMES) if row["layers"] & (1 << bit)],
            "months": [month for month in range(1, 13) if row["months"] & (1 << (month - 1))],
            "from": _iso(row["held_from"]),
            "to": _iso(last_day(row["held_to"])),
            "layered": row["is_layered"],
            "mark": row["mark"],
        },
    }


def last_day(end: date | None) -> date | None:
    """The last day of a half-open range: people and papers count both days."""
    return None if end is None else end - timedelta(days=1)


def zone(row: Row, lang: str) -> dict[str, Any]:
    """One public zone with its layer and effect."""
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": json.loads(row["geojson"]),
        "properties": {
            "identity": row["identity"],
            "name": row[f"name_{lang}"],
            "layer": row[f"layer_{lang}"],
            "layer_code": row["layer"],
            "version": row["version"],
            "effect": row["effect"],
            "buffer_m": float(row["buffer_m"]),
            "cite": row["cite"],
            "source": row["source"],
            "mark": row["mark"],
        },
    }


def collection(features: list[dict[str, Any]], **members: Any) -> dict[str, Any]:
    """A FeatureCollection in CGCS2000 longitude, latitude."""
    return {"type": "FeatureCollection", "features": features, **members}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
