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
from marine.overlaying import common, joined
from marine.placing import SAME_POINT_M, Sea
from marine.planes import LocalPlane, local_plane
from marine.polygons import Point, Polygon, Ring
from marine.remedy import ROUNDING_M, keeps_off, numbered_like, remainder
from marine.sharing import share_points, tiles
from marine.welding import passing

# Width up to which two lines are taken for one line drawn twice (rule boundary.tolerance.within_m).
WITHIN_M = 0.10
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
    if not close:
        return Snapped(draft, ())
    for neighbour in close:
        shapely.prepare(neighbour)
    sea = Sea(plane, None, tuple(close))
    points = _corners(close)
    moved: dict[Point, Point] = {point: point for point, _ in draft.numbers}
    polygons = [draft.parcel, *(draft.units if len(draft.units) > 1 else ())]
    for _ in range(_ROUNDS):
        step = _moves(polygons, sea, points, within_m)
        moved = {first: step.get(now, now) for first, now in moved.items()}
        following = [_moved(polygon, step) for polygon in polygons]
        following = _with_corners(following, sea, points, within_m)
        if following == polygons:
            break
        polygons = following
    return _offered(draft, polygons, moved, close, plane)


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
    for index in np.flatnonzero((away <= within_m) & (~free | (away > SAME_POINT_M))):
        if corners[index] in step:
            continue
        foot = shapely.shortest_line(lines, metres[index]).coords[0]
        placed = sea.nearest_allowed(sea.plane.to_ms([foot])[0].tolist())
        if placed is not None:
            step[corners[index]] = placed
    return {before: after for before, after in step.items() if before != after}


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
    wanted = np.flatnonzero((away <= within_m) & (inside | (away > SAME_POINT_M)))
    if not len(wanted):
        return polygons
    chosen = [points[at] for at in wanted.tolist()]
    return share_points([passing(polygon, chosen, sea.plane, within_m) for polygon in polygons])


def _offered(
    draft: Boundary, polygons: list[Polygon], moved: Mapping[Point, Point], close: Sequence[Any], plane: LocalPlane
) -> Snapped:
    parcel, units = polygons[0], polygons[1:]
    if parcel == draft.parcel:
        return Snapped(draft if keeps_off(draft, close, plane) else _cut_off(draft, close), ())
    sound = all(len(set(ring)) >= 3 for polygon in polygons for ring in polygon.rings)
    if sound and all(polygon.to_shapely().is_valid for polygon in polygons) and (not units or tiles(parcel, units)):
        boundary = numbered_like(draft, parcel, units, moved)
        if keeps_off(boundary, close, plane, ROUNDING_M):
            return Snapped(boundary, _told(draft, boundary, moved, plane))
    cut = _cut_off(draft, close)
    return Snapped(cut, _told(draft, cut, {}, plane) if cut else ())


def _cut_off(draft: Boundary, close: Sequence[Any]) -> Boundary | None:
    """Where moving corners is not enough: the one remainder that has lost no unit, or nothing."""
    remedy = remainder(draft, close)
    return remedy.boundary if not remedy.further and remedy.units == tuple(range(len(draft.units))) else None


def _told(draft: Boundary, boundary: Boundary, moved: Mapping[Point, Point], plane: LocalPlane) -> tuple[Move, ...]:
    before = {point for point, _ in draft.numbers}
    told = [Move(first, now, _apart(first, now, plane)) for first, now in moved.items() if first != now]
    arrived = {move.after for move in told}
    told += [Move(None, point, 0.0) for point, _ in boundary.numbers if point not in before and point not in arrived]
    return tuple(told)


def _apart(one: Point, two: Point, plane: LocalPlane) -> float:
    east, north = (two[0] - one[0]) * plane.scale[0], (two[1] - one[1]) * plane.scale[1]
    return round(math.hypot(east, north), 3)
