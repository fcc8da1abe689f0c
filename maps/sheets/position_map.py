"""The map of a 宗海位置图: the parcel as a place among coast, names and other parcels, with a callout that names it."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, log10
from typing import Any

import numpy as np
import shapely

from maps.sheets import frames, labels, tables
from maps.sheets.boundary_map import NORTH_ARROW, Drawn, dividers, signs, surroundings
from maps.sheets.values import SheetRequest
from marine.planes import Plane
from marine.polygons import as_array

# The parcel's longer side takes at most this share of the map.
PARCEL_SHARE = 1 / 8
# How far a sheet reaches for the nearest coast, in metres; farther off the sea stands alone.
FARTHEST_COAST = 60_000.0
# Coast is in sight when its nearest point lies this share of the way to the map's side.
COAST_SHARE = 0.7
# Point circles are drawn where no two corners lie nearer on paper than this (mm); nearer ones would be one blot.
CIRCLES_FROM = 2 * labels.CIRCLE_RADIUS
NAME_POINTS = 7.5
# The callout keeps this distance from the parcel (mm).
CALLOUT_OFF = 14.0


def position_map(request: SheetRequest, plane: Plane) -> Drawn:
    """The map about the parcel's middle, wide enough to show the nearest coast that was passed in."""
    boundary = request.boundary
    frame = frame_of(request, plane)
    points = [(point.lon, point.lat) for point in boundary.points]
    spots = frame.on_paper(points)
    paper = dict(zip(points, spots.tolist(), strict=True))
    sides = tables.edges(boundary, plane)
    shortest = min(side.metres for side in sides) * 1000 / frame.scale
    circles = spots if shortest >= CIRCLES_FROM else np.empty((0, 2))
    parcel = shapely.Polygon([paper[point] for point in boundary.parcel.exterior])
    board = labels.Board(frames.MAP_WIDTH, frames.MAP_HEIGHT, circles, parcel.exterior)
    for taken in (shapely.box(*NORTH_ARROW), shapely.buffer(parcel, 1.0)):
        board.take(taken)
    near = surroundings(request, frame)
    primitives = {
        **near,
        "parcel": [[[paper[point] for point in ring] for ring in boundary.parcel.rings]],
        "dividers": dividers(request, sides, paper),
        "circles": circles.round(4).tolist(),
        "numbers": [],
        "lengths": [],
        "marks": [],
        "callout": callout(request, board, parcel, _outlines(near["neighbours"])),
    }
    primitives["names"] = names(request, frame, board)
    return Drawn(frame, primitives, signs=signs(primitives))


def _outlines(polygons: Sequence[Any]) -> Any:
    """Polygons as they are drawn (lists of rings), as one shape."""
    return shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in polygons])


def frame_of(request: SheetRequest, plane: Plane) -> frames.Frame:
    """The frame about the parcel's middle, wide enough for the parcel and for the nearest coast within reach."""
    middle, size = _middle_and_size(request, plane)
    return frames.centred(plane, middle, _scale(size, _coast_metres(request, plane, middle)))


def widest_frame(request: SheetRequest, plane: Plane) -> frames.Frame:
    """The frame if the nearest coast lay as far off as a sheet ever reaches: what is passed in need not lie outside it."""
    middle, size = _middle_and_size(request, plane)
    return frames.centred(plane, middle, _scale(size, FARTHEST_COAST))


def _middle_and_size(request: SheetRequest, plane: Plane) -> tuple[Any, float]:
    """The middle of the parcel's box (easting, northing) and its longer side, in metres."""
    metres = plane.to_metres(as_array(request.boundary.parcel.exterior))
    low, high = metres.min(axis=0), metres.max(axis=0)
    return (low + high) / 2, float((high - low).max())


def _scale(size: float, coast: float | None) -> int:
    """The scale's denominator for a parcel of this size (metres) and a coast so many metres off, None for none."""
    needed = size / (frames.MAP_HEIGHT * PARCEL_SHARE) * 1000
    if coast is not None:
        needed = max(needed, coast / (frames.MAP_HEIGHT / 2 * COAST_SHARE) * 1000)
    return round_scale(needed)


def _coast_metres(request: SheetRequest, plane: Plane, middle: Any) -> float | None:
    """Metres from the parcel's middle to the nearest coast, None where there is none within reach."""
    around = request.surroundings
    shapes = [around.land, *(shore.geometry for shore in around.shorelines)]
    reach = frames.centred(plane, middle, int(FARTHEST_COAST * 2 / frames.MAP_HEIGHT * 1000)).bounds()
    near = [shapely.clip_by_rect(shape, *reach) for shape in shapes if shape is not None]
    found = [shapely.transform(shape, plane.to_metres) for shape in near if not shape.is_empty]
    if not found:
        return None
    distance = float(shapely.distance(shapely.GeometryCollection(found), shapely.Point(*middle)))
    return distance if distance <= FARTHEST_COAST else None


def round_scale(needed: float) -> int:
    """The scale's denominator up to two figures, a multiple of a hundred: small scales are read in round numbers.

    >>> round_scale(31_220), round_scale(812), round_scale(99_100)
    (32000, 900, 100000)
    """
    unit = max(10 ** (int(log10(max(needed, 1))) - 1), frames.SCALE_STEP)
    return max(ceil(round(needed / unit, 9)), 1) * unit


def callout(request: SheetRequest, board: labels.Board, parcel: Any, others: Any) -> dict[str, Any]:
    """The box that names the parcel, with the end of its line on the parcel; in the first free place round it.

    `others` are outlines that it hides only where there is no other place.
    """
    name = request.project or request.parcel_code
    width, height = min(max(words_width(name), 24.0), 70.0), 9.0
    x, y = shapely.point_on_surface(parcel).coords[0]
    west, north, east, south = parcel.bounds
    spots = []
    for step in range(1, 6):
        off = CALLOUT_OFF * step
        across = (east + off + width / 2, west - off - width / 2)
        down = (north - off - height / 2, south + off + height / 2)
        spots += [(cx, cy) for cy in down for cx in across] + [((west + east) / 2, cy) for cy in down]
    cx, cy = np.array(spots).T
    boxes = shapely.box(cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2)
    free = board.free(boxes)
    clear = free & ~shapely.intersects(others, boxes)
    told = {"name": name, "width": width, "height": height, "to": [x, y]}
    if not free.any():
        return {**told, "x": width, "y": height}
    best = int(np.argmax(clear if clear.any() else free))
    board.take(boxes[best])
    return {**told, "x": float(cx[best]), "y": float(cy[best])}


def words_width(words: str) -> float:
    """Millimetres that a name takes at the callout's size: Chinese characters are one em wide, others about 0.58.

    >>> round(words_width("牡蛎"), 2)
    9.29
    """
    ems = sum(1.0 if ord(letter) > 0x2E80 else 0.58 for letter in words)
    return ems * NAME_POINTS * labels.MM_PER_POINT + 4.0


def names(request: SheetRequest, frame: frames.Frame, board: labels.Board) -> list[dict[str, Any]]:
    """Names of places inside the map, each at the first of its points that lies free; without one it is left out."""
    found: list[dict[str, Any]] = []
    for place in request.surroundings.places:
        width = words_width(place.name) - 2.0
        for x, y in frame.on_paper([(place.lon, place.lat), *place.others]).tolist():
            box = shapely.box(x - width / 2, y - 1.8, x + width / 2, y + 1.8)
            if board.free(np.array([box]))[0]:
                board.take(box)
                found.append({"text": place.name, "kind": place.kind, "x": round(x, 4), "y": round(y, 4)})
                break
    return found
