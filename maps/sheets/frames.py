"""Paper and frame: the scale, the way from milliseconds of arc to millimetres, and the graticule.

Millimetres run right and down from the upper left corner of the map's neat line. The plane is Gauss–Krüger on the
boundary's own central meridian, so that a length measured on paper times the scale is the length of the register.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from marine.coordinates import dms
from marine.planes import Plane

Array = npt.NDArray[np.float64]

# The map's neat line, in millimetres; `sheet.typ` receives it and places everything else round it.
MAP_WIDTH = 166.0
MAP_HEIGHT = 156.0
# Free paper round the parcel of a 界址图, for numbers and lengths.
MARGIN = 15.0
# Scales are rounded up to this (GB/T 42547-2023 图 L.6–L.10).
SCALE_STEP = 100

FEWEST_LINES, MOST_LINES = 3, 8
# 1″ to 1° by GB/T 42547-2023 图 L.6–L.10; the tenths serve parcels of a few metres, where whole seconds would give a single line.
GRATICULE_MS = tuple(
    int(seconds * 1000)
    for seconds in (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600)
)
# What is drawn is cut at the neat line from a box so much larger (share of the map's size), so that no cut edge shows.
OVER_THE_EDGE = 0.02
# Points along one line of the graticule: its curvature on a sheet is far below the width of the pen.
SAMPLES = 17


@dataclass(frozen=True, slots=True)
class Frame:
    """The map on paper: plane, scale 1:`scale`, and the easting and northing at the upper left corner (metres)."""

    plane: Plane
    scale: int
    west: float
    north: float

    def on_paper(self, ms: npt.ArrayLike) -> Array:
        """Millimetres right and down of N points in milliseconds of arc."""
        metres = self.plane.to_metres(ms)
        return np.column_stack((metres[:, 0] - self.west, self.north - metres[:, 1])) * (1000.0 / self.scale)

    def drawn(self, geometry: Any) -> Any:
        """A geometry of milliseconds on paper, cut at the neat line; what lies far off is cut before it is projected."""
        west, south, east, north = self.bounds(grown=0.5)
        near = shapely.clip_by_rect(geometry, west, south, east, north)
        if near.is_empty:
            return near
        return shapely.clip_by_rect(shapely.transform(near, self.on_paper), 0, 0, MAP_WIDTH, MAP_HEIGHT)

    def bounds(self, grown: float = 0.0) -> tuple[float, float, float, float]:
        """West, south, east, north in milliseconds of the map's four sides, `grown` by a share of its size on each side."""
        metres = self.scale / 1000.0
        across, down = MAP_WIDTH * metres, MAP_HEIGHT * metres
        xs = np.linspace(self.west - grown * across, self.west + (1 + grown) * across, SAMPLES)
        ys = np.linspace(self.north - (1 + grown) * down, self.north + grown * down, SAMPLES)
        edge = np.concatenate(
            [np.column_stack((xs, np.full_like(xs, y))) for y in (ys[0], ys[-1])]
            + [np.column_stack((np.full_like(ys, x), ys)) for x in (xs[0], xs[-1])]
        )
        ms = self.plane.to_ms(edge)
        west, south = ms.min(axis=0).tolist()
        east, north = ms.max(axis=0).tolist()
        return west, south, east, north


def frame_round(plane: Plane, points: npt.ArrayLike, *, margin: float = MARGIN) -> Frame:
    """The frame of the largest scale, 1:N with N a multiple of a hundred, that holds the points inside the margin (mm)."""
    metres = plane.to_metres(points)
    low, high = metres.min(axis=0), metres.max(axis=0)
    width, height = (high - low).tolist()
    needed = max(width / (MAP_WIDTH - 2 * margin), height / (MAP_HEIGHT - 2 * margin)) * 1000.0
    return centred(plane, (low + high) / 2, rounded_up(needed))


def centred(plane: Plane, middle: Sequence[float] | Array, scale: int) -> Frame:
    """The frame of a scale about a middle (easting, northing)."""
    metres = scale / 1000.0
    return Frame(plane, scale, float(middle[0]) - MAP_WIDTH / 2 * metres, float(middle[1]) + MAP_HEIGHT / 2 * metres)


def rounded_up(needed: float) -> int:
    """The scale's denominator, up to the next hundred.

    >>> rounded_up(312.2), rounded_up(400.0), rounded_up(3)
    (400, 400, 100)
    """
    return max(ceil(round(needed / SCALE_STEP, 9)), 1) * SCALE_STEP


def step_of(low: float, high: float) -> int:
    """The step of the graticule (ms) that has three to eight lines between two bounds, as near to five as can be.

    Lines within a hundredth of the span from a side do not count: slanting a little, they may leave the map on the way.

    >>> step_of(0, 2_600), step_of(100, 60_100), step_of(0, 5.5 * 3_600_000)
    (500, 10000, 3600000)
    """
    rim = (high - low) / 100

    def lines(step: int) -> int:
        return floor((high - rim) / step) - ceil((low + rim) / step) + 1

    fitting = [step for step in GRATICULE_MS if FEWEST_LINES <= lines(step) <= MOST_LINES]
    return min(fitting or GRATICULE_MS[-1:], key=lambda step: abs(lines(step) - 5))


def graticule(frame: Frame) -> tuple[list[list[list[float]]], list[dict[str, Any]]]:
    """The lines (mm), and their labels: text, side (top, bottom, left, right) and place along that side (mm)."""
    west, south, east, north = frame.bounds()
    # Lines run a little beyond the map and are cut: parallels bulge, and the box of the sides may stop short of them.
    beyond_west, beyond_south, beyond_east, beyond_north = frame.bounds(grown=OVER_THE_EDGE)
    lines: list[list[list[float]]] = []
    labels: list[dict[str, Any]] = []
    for axis, (low, high, other_low, other_high) in enumerate(
        ((west, east, beyond_south, beyond_north), (south, north, beyond_west, beyond_east))
    ):
        step = step_of(low, high)
        along = np.linspace(other_low, other_high, SAMPLES)
        for number in range(ceil(low / step), floor(high / step) + 1):
            fixed = np.full_like(along, number * step)
            line = shapely.LineString(frame.on_paper(np.column_stack((fixed, along) if axis == 0 else (along, fixed))))
            part = shapely.clip_by_rect(line, 0, 0, MAP_WIDTH, MAP_HEIGHT)
            if part.geom_type != "LineString" or part.is_empty:
                continue
            lines.append(rounded(part))
            labels += _labels(part, axis, label_of(number * step, step))
    return lines, labels


def _labels(line: Any, axis: int, text: str) -> list[dict[str, Any]]:
    """One label at each end that lies on the two sides where this family of lines is named."""
    sides = (("top", 1, 0.0), ("bottom", 1, MAP_HEIGHT)) if axis == 0 else (("left", 0, 0.0), ("right", 0, MAP_WIDTH))
    found = []
    for x, y in (line.coords[0], line.coords[-1]):
        for side, which, value in sides:
            if abs((x, y)[which] - value) < 1e-6:
                found.append({"text": text, "side": side, "at": round((y, x)[which], 3)})
    return found


def label_of(ms: int, step: int) -> str:
    """A label with as many decimals as its step needs.

    >>> label_of(437_429_500, 500), label_of(437_429_000, 1000), label_of(437_400_000, 60_000)
    ('121°30′29.5″', '121°30′29″', '121°30′')
    """
    if step % 60_000 == 0:
        return dms(ms, decimals=0).removesuffix("00″")
    return dms(ms, decimals=0 if step % 1000 == 0 else 1)


def rounded(line: Any) -> list[list[float]]:
    """The points of a line or ring in millimetres with four decimals (0.1 µm)."""
    return np.round(shapely.get_coordinates(line), 4).tolist()


def polygons_of(geometry: Any) -> list[list[list[list[float]]]]:
    """The polygons of any geometry as lists of rings, closed rings without their last point."""
    found = []
    for part in shapely.get_parts(shapely.get_parts(np.atleast_1d(geometry))):
        if part.geom_type == "Polygon" and not part.is_empty:
            found.append([rounded(ring)[:-1] for ring in (part.exterior, *part.interiors)])
    return found


def lines_of(geometry: Any) -> list[list[list[float]]]:
    """The lines of any geometry."""
    parts = shapely.get_parts(shapely.get_parts(np.atleast_1d(geometry)))
    return [rounded(part) for part in parts if part.geom_type == "LineString" and not part.is_empty]
