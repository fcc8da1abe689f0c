"""Snapping, offered before signing: a boundary that runs along its neighbours shares their points and stays out of them.

Only what lies within the house tolerance is moved; a deeper overlap is a conflict or a resurvey and is left for the remedy.
Neighbours are shapely geometries in milliseconds of arc and are never moved (register.md §2). `grant` moves nothing: it refuses
and shows what `snap` offers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from marine.boundary import Boundary
from marine.opening import wider_than
from marine.overlaying import common, joined, minus
from marine.placing import SAME_POINT_M, Sea
from marine.planes import LocalPlane, local_plane
from marine.polygons import Point, Polygon, Ring
from marine.remedy import keeps_off, numbered_like, remainder
from marine.sharing import share_points, tiles
from marine.welding import passing

# Width up to which two lines are taken for one line drawn twice (rule boundary.tolerance.within_m).
WITHIN_M = 0.10
# In a sharp overlap no wider than the tolerance a corner can lie further inside than that: it must come out all the same.
_DEEPER = 2.5
# Moving a corner turns its edges, and a turned edge may meet a further corner of the neighbour.
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Move:
    """One change that snapping offers: a point moved, or put in (`before` is None); metres on the local plane."""

    before: Point | None
    after: Point
    metres: float


@dataclass(frozen=True, slots=True)
class Snapped:
    """The offered boundary and what it changes; None where no snapping within the tolerance keeps off the neighbours."""

    boundary: Boundary | None
    moves: tuple[Move, ...]


def snap(draft: Boundary, neighbours: Sequence[Any], *, within_m: float = WITHIN_M) -> Snapped:
    """Offer the draft with its corners on the points and lines of those neighbours that it meets within the tolerance.

    A draft that already shares its points and stays out of its neighbours comes back as it is, with no moves.
    """
    plane = _plane_of(draft)
    close = _along(draft, neighbours, plane, within_m)
    for neighbour in close:
        shapely.prepare(neighbour)
    offered = _moved_to(draft, close, plane, within_m)
    if offered is None and keeps_off(draft, close, plane):
        # Sharing points would tangle its own thin parts, and it may be granted as it is.
        return Snapped(draft, ())
    if offered is None:
        cut = _cut_off(draft, close, plane, within_m)
        if cut is None:
            return Snapped(None, ())
        # New corners of the cut may in turn lie near a neighbour's own.
        offered = _moved_to(cut, close, plane, within_m) or (cut, {})
    boundary, moved = offered
    return Snapped(boundary, _told(draft, boundary, moved, plane) if boundary is not draft else ())


def _moved_to(
    draft: Boundary, close: Sequence[Any], plane: LocalPlane, within_m: float
) -> tuple[Boundary, Mapping[Point, Point]] | None:
    """The draft with its corners moved, and where each went; None where that leaves it invalid or over a neighbour."""
    if not close:
        return draft, {}
    sea = Sea(plane, None, tuple(close))
    points = _corners(close)
    moved: dict[Point, Point] = {point: point for point, _ in draft.numbers}
    before = [draft.parcel, *(draft.units if len(draft.units) > 1 else ())]
    polygons = before
    for _ in range(_ROUNDS):
        step = _moves(polygons, sea, points, within_m)
        moved = {first: step.get(now, now) for first, now in moved.items()}
        following = _with_corners([_moved(polygon, step) for polygon in polygons], sea, points, within_m)
        if following == polygons:
            break
        polygons = following
    if polygons == before:
        return (draft, {}) if keeps_off(draft, close, plane) else None
    parcel, units = polygons[0], polygons[1:]
    whole = all(len(set(ring)) >= 3 for polygon in polygons for ring in polygon.rings)
    if (
        not whole
        or not all(polygon.to_shapely().is_valid for polygon in polygons)
        or (units and not tiles(parcel, units))
    ):
        return None
    boundary = numbered_like(draft, parcel, units, moved)
    return (boundary, moved) if keeps_off(boundary, close, plane) else None


def _plane_of(draft: Boundary) -> LocalPlane:
    west, south, east, north = draft.bounds
    return local_plane((west + east) / 2, (south + north) / 2)


def _along(draft: Boundary, neighbours: Sequence[Any], plane: LocalPlane, within_m: float) -> list[Any]:
    """Neighbours that the draft meets within the tolerance and overlaps nowhere wider than it."""
    whole = draft.parcel.to_shapely()
    reach = within_m / min(plane.scale)
    return [
        neighbour
        for neighbour in neighbours
        if shapely.dwithin(whole, neighbour, reach) and not wider_than(common(whole, neighbour), plane, within_m)
    ]


def _corners(neighbours: Sequence[Any]) -> list[Point]:
    corners = np.concatenate([shapely.get_coordinates(neighbour) for neighbour in neighbours])
    whole = corners[(corners == np.rint(corners)).all(axis=1)]
    return sorted({(int(lon), int(lat)) for lon, lat in whole.tolist()})


def _moves(polygons: Sequence[Polygon], sea: Sea, points: Sequence[Point], within_m: float) -> dict[Point, Point]:
    """Where each corner goes: onto a neighbour's point, out of a neighbour's inside, or up to an edge it nearly reaches."""
    corners = sorted({point for polygon in polygons for ring in polygon.rings for point in ring})
    own = np.asarray(corners, dtype=np.float64)
    metres = shapely.points(sea.plane.to_metres(own))
    step: dict[Point, Point] = {}
    allowed = [point for point, ok in zip(points, sea.allows(points), strict=True) if ok] if points else []
    if allowed:
        tree = shapely.STRtree(shapely.points(sea.plane.to_metres(allowed)))
        found, nearest = tree.query_nearest(metres, max_distance=within_m, all_matches=False)
        step = {corners[i]: allowed[j] for i, j in zip(found.tolist(), nearest.tolist(), strict=True)}
    outlines = [shapely.transform(shapely.boundary(n), sea.plane.to_metres) for n in sea.out_of]
    lines = joined(outlines)
    away = shapely.distance(lines, metres)
    free = sea.allows(own)
    for index in np.flatnonzero(_out_of_place(away, ~free, within_m)):
        if corners[index] in step:
            continue
        foot = shapely.shortest_line(lines, metres[index]).coords[0]
        placed = sea.nearest_allowed(sea.plane.to_ms([foot])[0].tolist())
        if placed is not None:
            step[corners[index]] = placed
    return {before: after for before, after in step.items() if before != after}


def _out_of_place(away: Any, inside: Any, within_m: float) -> Any:
    """Corners inside the other side, or outside it by more than a touch and no more than the tolerance."""
    return (inside & (away <= _DEEPER * within_m)) | (~inside & (away > SAME_POINT_M) & (away <= within_m))


def _moved(polygon: Polygon, step: Mapping[Point, Point]) -> Polygon:
    def ring(points: Ring) -> Ring:
        return tuple(step.get(point, point) for point in points)

    return Polygon(ring(polygon.exterior), tuple(ring(hole) for hole in polygon.holes)).without_repeats()


def _with_corners(polygons: list[Polygon], sea: Sea, points: Sequence[Point], within_m: float) -> list[Polygon]:
    """The polygons with those corners of neighbours put in that lie inside them, or further outside than a touch, within the tolerance."""
    whole = polygons[0].to_shapely()
    if not whole.is_valid or not points:
        return polygons
    shapes = shapely.points(np.asarray(points, dtype=np.float64))
    outline = shapely.transform(shapely.boundary(whole), sea.plane.to_metres)
    away = shapely.distance(outline, shapely.points(sea.plane.to_metres(points)))
    inside = shapely.contains_properly(whole, shapes)
    wanted = np.flatnonzero(_out_of_place(away, inside, within_m))
    if not len(wanted):
        return polygons
    chosen = [points[at] for at in wanted.tolist()]
    return share_points([passing(polygon, chosen, sea.plane, _DEEPER * within_m) for polygon in polygons])


def _cut_off(draft: Boundary, close: Sequence[Any], plane: LocalPlane, within_m: float) -> Boundary | None:
    """Where moving corners is not enough: the remainder, if it is one parcel, has every unit and lost no more than a strip."""
    remedy = remainder(draft, close)
    if remedy.boundary is None or remedy.further or remedy.units != tuple(range(len(draft.units))):
        return None
    lost = minus(draft.parcel.to_shapely(), remedy.boundary.parcel.to_shapely())
    return None if wider_than(lost, plane, _DEEPER * within_m) else remedy.boundary


def _told(draft: Boundary, boundary: Boundary, moved: Mapping[Point, Point], plane: LocalPlane) -> tuple[Move, ...]:
    before = {point for point, _ in draft.numbers}
    told = [Move(first, now, _apart(first, now, plane)) for first, now in moved.items() if first != now]
    arrived = {move.after for move in told}
    told += [Move(None, point, 0.0) for point, _ in boundary.numbers if point not in before and point not in arrived]
    return tuple(told)


def _apart(one: Point, two: Point, plane: LocalPlane) -> float:
    east, north = (two[0] - one[0]) * plane.scale[0], (two[1] - one[1]) * plane.scale[1]
    return round(math.hypot(east, north), 3)
