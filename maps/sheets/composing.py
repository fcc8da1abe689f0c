"""From a request to a laid-out sheet: the map in millimetres, the tables, and every word in the sheet's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from data.messages import text
from maps.sheets import boundary_map, frames, position_map, tables
from maps.sheets.issuing import issued_block
from maps.sheets.layering import layer_lines
from maps.sheets.values import Sheet, SheetRequest
from marine.coordinates import dms
from marine.planes import gauss_kruger
from marine.polygons import as_array

WORDS = (
    "points", "units", "neighbours", "legend", "number", "latitude", "longitude", "unit", "mode", "ring", "area", "total", "mark",
    "holder", "shared", "lengths", "continued", "more", "units_overleaf", "scale", "north", "code", "code_hint", "map_approval", "hash", "page", "place_name",
    "watermark", "metres", "remarks", "sources",
)  # fmt: skip


MOST_NUMBERS_LISTED = 30


def compose(request: SheetRequest) -> Sheet:
    """Lay out a sheet. Nothing here asks the clock, and the same request always gives the same sheet."""
    boundary, lang = request.boundary, request.lang
    plane = gauss_kruger(boundary.central_meridian)
    drawn = (
        boundary_map.boundary_map(request, plane)
        if request.kind == "boundary"
        else position_map.position_map(request, plane)
    )
    units, total = tables.unit_rows(request)
    values: dict[str, Any] = {
        "lang": lang,
        "kind": request.kind,
        "title": title(request),
        "words": {word: text(f"sheets.word.{word}", lang) for word in WORDS},
        "sample": request.is_sample,
        "code": request.parcel_code,
        "map_approval": request.map_approval,
        "hash": boundary.hash,
        "map": {"width": frames.MAP_WIDTH, "height": frames.MAP_HEIGHT, **drawn.primitives},
        "scale": drawn.frame.scale,
        "bar": scale_bar(drawn.frame.scale, lang),
        "points": tables.point_rows(boundary) if request.kind == "boundary" else [],
        "units": units,
        "total": total,
        "layers": layer_lines(request),
        "neighbours": tables.neighbour_rows(boundary, drawn.neighbours, text("sheets.nameless", lang)),
        "lengths": drawn.lengths,
        "numbers_off": numbers_off(drawn.numbers_off, lang),
        "legend": [{"sign": sign, "text": text(f"sheets.legend.{sign}", lang)} for sign in drawn.signs],
        "location": location(request) if request.kind == "position" else [],
        "remarks": list(request.remarks) if request.kind == "position" else [],
        "grid": signature_grid(request),
        "note": request.surroundings.note if set(drawn.signs) & {"land", "natural", "artificial", "neighbour"} else "",
        "sources": request.surroundings.sources,
        "issued": issued_block(request.issued, lang),
    }
    drawn_on = request.signatures.drawn_on or (request.issued.issued_on if request.issued else None)
    return Sheet(drawn.frame.scale, values, drawn_on)


def numbers_off(numbers: Sequence[str], lang: str) -> str:
    """The numbers that the map leaves out, or how many where a list would be longer than it is useful."""
    if len(numbers) > MOST_NUMBERS_LISTED:
        return text("sheets.numbers_counted", lang, count=len(numbers))
    return text("sheets.numbers_listed", lang, numbers=" ".join(numbers)) if numbers else ""


def title(request: SheetRequest) -> str:
    """The sheet's title, "{project}宗海界址图"; in English the kind comes first."""
    return text(f"sheets.title.{request.kind}", request.lang, project=request.project).strip(" ,，—")


def signature_grid(request: SheetRequest) -> list[list[str]]:
    """Label and value of every field of the signature grid, in the order of the standard (GB/T 42547-2023 图 L.6–L.10)."""
    lang, signed = request.lang, request.signatures
    meridian = dms(int(request.boundary.central_meridian * 3_600_000), decimals=0)
    values = {
        "datum": "CGCS2000",
        "projection": text("sheets.projection", lang),
        "meridian": text("sheets.meridian", lang, degrees=meridian),
        "heights": request.vertical_datum or text("sheets.heights", lang),
        "organisation": signed.organisation,
        "surveyor": signed.surveyor,
        "drafter": signed.drafter,
        "drawn_on": signed.drawn_on.isoformat() if signed.drawn_on else "",
        "checker": signed.checker,
        "reviewer": signed.reviewer,
    }
    return [[text(f"sheets.grid.{name}", lang), value] for name, value in values.items()]


def location(request: SheetRequest) -> list[list[str]]:
    """Where the parcel lies: its middle, its four sides, its area, whose sea it is, and the words that were passed in."""
    lang = request.lang
    west, south, east, north = request.boundary.bounds
    # The middle of the box; whole milliseconds, of two the even one.
    middle = [round((low + high) / 2) for low, high in ((west, east), (south, north))]
    rows = [
        [text("sheets.word.centre", lang), text("sheets.place.point", lang, lat=dms(middle[1]), lon=dms(middle[0]))],
        [
            text("sheets.word.extent", lang),
            text("sheets.place.extent", lang, west=dms(west), east=dms(east), south=dms(south), north=dms(north)),
        ],
        [text("sheets.word.area", lang), tables.hectares(request.boundary.area)],
    ]
    if request.district:
        rows.append([text("sheets.word.district", lang), request.district])
    if request.location:
        rows.append([text("sheets.word.place", lang), request.location])
    return rows


def scale_bar(scale: int, lang: str) -> dict[str, Any]:
    """A bar of two parts, each a round length of 10 to 25 mm on paper."""
    smallest = 10 * scale / 1000
    power = 10 ** int(np.floor(np.log10(smallest)))
    metres = next(power * step for step in (1, 2, 5, 10) if power * step >= smallest)
    label = f"{metres * 2 / 1000:g} km" if metres >= 1000 else f"{metres * 2:g} m"
    return {"part": round(metres * 1000 / scale, 4), "label": label}


def corners(request: SheetRequest) -> Any:
    """All corners of the parcel, N×2 milliseconds."""
    return as_array(request.boundary.parcel.exterior)
