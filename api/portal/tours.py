"""Guided tours: the stops of a page, as its scripts show them once to each reader (js/portal/tour.js)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from data.messages import has, text


def tour_of(lang: str, name: str, places: Sequence[str], *, desk: str = "") -> dict[str, Any]:
    """A tour with its texts `portal.<name>.tour.<n>` and `….text`; `places` are the selectors that each stop speaks of.

    With `desk` it opens once for each office, and a stop may say something of its own to it (`….text.<desk>`).
    """
    stops = [
        {
            "at": place,
            "title": text(f"portal.{name}.tour.{number}", lang),
            "text": text(_text_for(f"portal.{name}.tour.{number}.text", desk), lang),
        }
        for number, place in enumerate(places, 1)
    ]
    return {"name": f"{name}:{desk}" if desk else name, "stops": stops}


def _text_for(code: str, desk: str) -> str:
    own = f"{code}.{desk}"
    return own if desk and has(own) else code
