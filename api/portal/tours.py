"""Guided tours: the stops of a page, as its scripts show them once to each reader (js/portal/tour.js)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from data.messages import text


def tour_of(lang: str, name: str, places: Sequence[str]) -> dict[str, Any]:
    """A tour with its texts `portal.<name>.tour.<n>` and `….text`; `places` are the selectors that each stop speaks of."""
    stops = [
        {
            "at": place,
            "title": text(f"portal.{name}.tour.{number}", lang),
            "text": text(f"portal.{name}.tour.{number}.text", lang),
        }
        for number, place in enumerate(places, 1)
    ]
    return {"name": name, "stops": stops}
