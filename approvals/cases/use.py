"""The use of the sea that a case asks for, as plain values in its row, and back to the draft that a check judges.

Points are whole milliseconds of arc; numbers are kept as they came (register.md §1). Days are both included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from data.answers import Refusal
from marine.boundary import Boundary, Polygon, measured
from marine.notation import parse
from marine.spaces import ALL_YEAR, Layer, layer_names, layers_from_names, month_numbers
from parcels.drafts import Heights, ParcelDraft
from parcels.registering.requests import Occupying


def boundary_as_plain(boundary: Boundary) -> dict[str, Any]:
    """A boundary as numbered points, rings and unit notation; `boundary_of` gives an equal one back."""
    return {
        "hash": boundary.hash,
        "exterior": [list(point) for point in boundary.parcel.exterior],
        "holes": [[list(point) for point in hole] for hole in boundary.parcel.holes],
        "points": [[point.number, point.lon, point.lat] for point in boundary.points],
        "units": [boundary.unit_notation(at) for at in range(len(boundary.units))],
    }


def boundary_of(told: Mapping[str, Any]) -> Boundary:
    """The boundary that `boundary_as_plain` told: settled before, so only measured; refused where its hash names another."""
    at = {number: (lon, lat) for number, lon, lat in told["points"]}
    parcel = Polygon(_ring(told["exterior"]), tuple(_ring(hole) for hole in told["holes"]))
    units = []
    if len(told["units"]) > 1:
        for notation in told["units"]:
            rings = [tuple(at[number] for number in ring) for ring in parse(notation)]
            units.append(Polygon(rings[0], tuple(rings[1:])))
    found = measured(parcel, units, {point: number for number, point in at.items()})
    if found.hash != told["hash"]:
        raise Refusal("case.boundary_altered", hash=told["hash"])
    return found


def is_whole(told: Mapping[str, Any], name: str | None) -> bool:
    """Whether kept plain values still are the boundary of a hash: its geometry, and a number for each of its points alone."""
    try:
        found = boundary_of(told)
        return found.hash == name and boundary_as_plain(found) == told
    except (Refusal, KeyError, IndexError, TypeError, ValueError):
        # Whatever the values were made into, they are no boundary any more.
        return False


def _ring(points: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((int(lon), int(lat)) for lon, lat in points)


def use_as_plain(
    draft: ParcelDraft, *, unit_uses: Sequence[str] = (), source_digest: str | None = None
) -> dict[str, Any]:
    """What a draft asks for, as plain values. `unit_uses` are the specific uses 具体用途 of its units."""
    first, last = draft.held or (None, None)
    heights = draft.heights
    return {
        "boundary": boundary_as_plain(draft.boundary),
        "hectares": str(draft.boundary.area),
        "type": draft.use_type,
        "modes": list(draft.unit_modes),
        "unit_uses": [*unit_uses, *[""] * (len(draft.boundary.units) - len(unit_uses))],
        "from": first.isoformat() if first else None,
        "to": last.isoformat() if last else None,
        "layers": list(layer_names(draft.layers or Layer.ALL)),
        "months": list(month_numbers(draft.months or ALL_YEAR)),
        "heights": {"low": heights.low, "high": heights.high, "surveyed": heights.surveyed} if heights else None,
        "layered": draft.layered,
        "accuracy": draft.accuracy,
        "origin": draft.origin,
        "source": source_digest,
    }


def asked_anew(use: Mapping[str, Any]) -> dict[str, Any]:
    """A kept use in the words in which a check or a new case is asked for it: points with their numbers, units by notation."""
    boundary = use["boundary"]
    points = [{"number": number, "lon_ms": lon, "lat_ms": lat} for number, lon, lat in boundary["points"]]
    units = [{"ring": notation} for notation in boundary["units"]]
    asked = {
        "boundary": {"exterior": boundary["exterior"], "holes": boundary["holes"], "points": points, "units": units},
        "mode": use["modes"],
        **{
            name: use[name]
            for name in ("type", "from", "to", "layers", "months", "heights", "layered", "accuracy", "origin")
        },
        **{name: use[name] for name in ("unit_uses", "source")},
    }
    return {name: value for name, value in asked.items() if value is not None}


def draft_of(use: Mapping[str, Any]) -> ParcelDraft:
    """The draft that a check judges."""
    held = tuple(date.fromisoformat(use[end]) if use[end] else None for end in ("from", "to"))
    heights = use["heights"]
    months = 0
    for month in use["months"]:
        months |= 1 << (month - 1)
    return ParcelDraft(
        boundary=boundary_of(use["boundary"]),
        use_type=use["type"],
        unit_modes=tuple(use["modes"]),
        layers=int(layers_from_names(use["layers"])),
        heights=Heights(**heights) if heights else None,
        months=months,
        held=None if held == (None, None) else (held[0], held[1]),
        accuracy=use["accuracy"],
        origin=use["origin"],
        layered=bool(use["layered"]),
    )


def occupying_of(draft: ParcelDraft, first: date | None, last: date | None) -> Occupying:
    """How the draft would occupy the sea from `first` to `last`."""
    return replace(Occupying.of(draft), first=first, last=last)


def bounds_of(use: Mapping[str, Any] | None) -> tuple[int, int, int, int] | None:
    """The box of the boundary, from its points alone; None where nothing has been drawn."""
    if use is None:
        return None
    lons, lats = zip(*use["boundary"]["exterior"], strict=True)
    return min(lons), min(lats), max(lons), max(lats)
