"""Real lease polygons moved into the sea off Weihai: the shapes are real, the places are not, and everything says so.

The files come from a folder that the caller names; nothing of them is kept in the repository.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from marine.planes import gauss_kruger


@dataclass(frozen=True, slots=True)
class Window:
    """A square of a lease file and where it goes: `centre` in the file's metres, `to` in degrees, `half` its half side in metres."""

    file: str
    plane: str
    centre: tuple[float, float]
    half: float
    to: tuple[float, float]
    turn: float
    number: str


@dataclass(frozen=True, slots=True)
class Lease:
    """One real shape at its invented place: shapely in whole milliseconds of arc, with the file's own number."""

    geometry: Any
    number: str
    source: str


# Chosen for what they show: slivers and touching neighbours, neat grids that share edges, layered pairs on one outline.
WINDOWS = (
    Window("leases_la_oyster.gpkg", "EPSG:26915", (0, 0), 4_500, (122.760, 37.060), 20, "LEASE_NUMB"),
    Window("leases_fl_aquaculture.gpkg", "EPSG:26917", (0, 0), 3_000, (122.740, 36.960), 0, "parcel_num"),
    Window("leases_nc_shellfish.gpkg", "EPSG:32119", (0, 0), 4_000, (122.700, 36.900), 35, "ProductNbr"),
)
MERIDIAN = Decimal("122.5")


def leases(folder: Path) -> Iterator[Lease]:
    """The leases of all windows; a file that is absent is passed over."""
    for window in WINDOWS:
        path = folder / "leases" / window.file
        if path.is_file():
            yield from _of(window, path)


def _of(window: Window, path: Path) -> Iterator[Lease]:
    table = pyogrio.read_dataframe(path).to_crs(window.plane)
    shapes = table.geometry.to_numpy()
    centre = _busiest(shapes, window.half) if window.centre == (0, 0) else window.centre
    inside = shapely.contains(shapely.box(*(np.array(centre) - window.half), *(np.array(centre) + window.half)), shapes)
    target = gauss_kruger(MERIDIAN).to_metres(np.array([window.to]) * 3_600_000)[0]
    turn = np.radians(window.turn)
    rotate = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])

    def moved(metres: Any) -> Any:
        return np.rint(gauss_kruger(MERIDIAN).to_ms((metres - np.array(centre)) @ rotate + target))

    for number, shape in zip(table[window.number][inside], shapes[inside], strict=True):
        yield Lease(shapely.transform(shape, moved), f"{path.stem}:{number}", path.name)


def _busiest(shapes: Any, half: float) -> tuple[float, float]:
    """The middle of the square of the file with most shapes, on a grid of half sides."""
    middles = shapely.get_coordinates(shapely.centroid(shapes))
    cells, counts = np.unique(np.floor(middles / half), axis=0, return_counts=True)
    x, y = (cells[counts.argmax()] + 0.5) * half
    return float(x), float(y)
