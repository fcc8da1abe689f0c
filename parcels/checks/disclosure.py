"""What an asker may learn of a source, and the grid cells that stand in for the edges of hidden ones (register.md §5).

A yes or no at a true edge finds the edge to the metre by halving twenty times. So what is hidden answers by cells: a source
touches a cell if their interiors meet, a draft is hit if its interior meets such a cell, and every number given is a number
about cells. The answer has no ids, no counts, no geometry, and one sentence for all offices together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely

from data.actors import Actor
from data.rulebook import Inquiry
from marine.coordinates import MS_PER_DEGREE
from marine.findings import Finding, Grade
from parcels.queries import Box

PUBLIC, OUTLINE, OFFICER, SEALED = "public", "outline", "officer", "sealed"
REASON = "hidden.cell"
MOST_CELLS = 40_000


def sees_everything(asker: Actor, places: Iterable[int]) -> bool:
    """Whether true edges may be shown: to an administrator, and to an officer of a place that holds the whole draft.

    `places` are the ids of every place above the draft, those of all its areas for which the same officer answers. A draft that
    lies in two counties is held by the city only: an officer of one of them reads cells like anyone.
    """
    if asker.is_administrator:
        return True
    everywhere = any(place is None for _, place in asker.posts)
    return asker.is_officer and (everywhere or bool(asker.places & frozenset(places)))


def cell_size(inquiry: Inquiry, disclosure: str) -> int:
    """The side of a cell in milliseconds of arc, for `outline` or for anything more hidden."""
    rule = "disclosure.cell.outline" if disclosure == OUTLINE else "disclosure.cell.officer"
    return round(float(inquiry.ask(rule).value) * MS_PER_DEGREE)


def grown_to_cells(box: Box, size: int) -> Box:
    """The box grown outwards to whole cells of `size` milliseconds.

    >>> grown_to_cells((5, 10, 12, 19), 10)
    (0, 10, 20, 20)
    """
    west, south, east, north = box
    return (
        math.floor(west / size) * size,
        math.floor(south / size) * size,
        math.ceil(east / size) * size,
        math.ceil(north / size) * size,
    )


def cells_of(geometry: Any, size: int) -> Any:
    """The cells, as shapely boxes, whose interiors meet the interior of a surface (milliseconds of arc).

    A surface of very many cells is answered by coarser ones, four of them joined: less is told, and the answer stays bounded.
    """
    bounds = geometry.bounds
    while (bounds[2] - bounds[0]) / size * ((bounds[3] - bounds[1]) / size) > MOST_CELLS:
        size *= 2
    west, south, east, north = grown_to_cells(tuple(geometry.bounds), size)
    lon, lat = np.meshgrid(
        np.arange(west, max(east, west + size), size), np.arange(south, max(north, south + size), size)
    )
    boxes = shapely.box(lon.ravel(), lat.ravel(), lon.ravel() + size, lat.ravel() + size)
    return boxes[interiors_meet(boxes, geometry)]


def interiors_meet(boxes: Any, geometry: Any) -> Any:
    """For each box, whether its interior meets the interior of a surface; exact, for all numbers are whole milliseconds."""
    shapely.prepare(geometry)
    return shapely.intersects(geometry, boxes) & ~shapely.touches(geometry, boxes)


def hit_cells(geometry: Any, sources: Sequence[Any], size: int) -> Any:
    """The cells of a draft that any of the sources touches, as boxes."""
    cells = cells_of(geometry, size)
    hit = np.zeros(len(cells), dtype=bool)
    for source in sources:
        hit |= interiors_meet(cells, source)
    return cells[hit]


def tenths(geometry: Any, cells: Any) -> int:
    """The share of a surface inside cells, in steps of ten per cent, upwards, so that a hit never reads as nothing."""
    inside = float(shapely.area(shapely.intersection(geometry, shapely.union_all(cells))) / shapely.area(geometry))
    # A share of exactly 30 % must not read 40 % for the last bit of a float.
    return min(100, 10 * max(1, math.ceil(inside * 10 - 1e-9)))


def office_finding() -> Finding:
    """The one sentence for everything that an office must look at, whatever and however many it is; no basis, no way to mend it."""
    return Finding(code="hidden.cell", grade=Grade.NEEDS_CONSENT, facts={"reason": REASON})


def outline_finding(inquiry: Inquiry, kind: str, geometry: Any, cells: Any) -> Finding:
    """That something of this kind (`claim` or `zone`) touches, and by what share of the draft in steps of 10 %."""
    return Finding(
        code=f"hidden.cell.{kind}",
        grade=Grade.NEEDS_CONSENT,
        facts={"reason": REASON, "share_percent": tenths(geometry, cells)},
        basis=(inquiry.ask("disclosure.cell.outline").source,),
    )


def hidden_findings(
    inquiry: Inquiry, geometry: Any, outlined: dict[str, list[Any]], for_offices: Sequence[Any]
) -> list[Finding]:
    """All that an asker without insight learns of the hidden sources that concern a draft."""
    found = []
    for kind, sources in sorted(outlined.items()):
        cells = hit_cells(geometry, sources, cell_size(inquiry, OUTLINE))
        if len(cells):
            found.append(outline_finding(inquiry, kind, geometry, cells))
    if for_offices and len(hit_cells(geometry, for_offices, cell_size(inquiry, OFFICER))):
        found.append(office_finding())
    return found
