"""The offered repair of units that almost tile: weld points within the house distance, put them into the edges that pass by.

Distances are metres on the local plane of the parcel. The result is an offer; a person accepts it (register.md §1).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from marine.planes import LocalPlane, local_plane
from marine.polygons import Point, Polygon, Ring, as_array
from marine.sharing import inserted, share_points, tiles

# The house tolerance for one and the same line (register.md §2, `boundary.touch_m` and the duplicate distance).
WELD_M = 0.05


def welded(parcel: Polygon, units: Sequence[Polygon], within_m: float = WELD_M) -> list[Polygon] | None:
    """The units welded to the parcel and to each other so that they tile exactly, or None if that needs more than welding."""
    box = shapely.bounds(parcel.to_shapely())
    flat = local_plane((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    moved = _one_place(_points(parcel, units), flat, within_m)
    rings = [_moved(polygon, moved) for polygon in (parcel, *units)]
    if any(len(set(ring)) < 3 for polygon in rings for ring in polygon.rings):
        return None
    corners = sorted({point for polygon in rings for ring in polygon.rings for point in ring})
    joined = [passing(polygon, corners, flat, within_m) for polygon in rings]
    # Edges that now run through a new corner may pass exactly through others.
    shared = share_points(joined)
    whole, parts = shared[0], shared[1:]
    sound = all(polygon.to_shapely().is_valid for polygon in shared)
    return parts if sound and tiles(whole, parts) else None


def _points(parcel: Polygon, units: Sequence[Polygon]) -> list[Point]:
    """All points once, the parcel's first: they are the ones that stay."""
    return list(dict.fromkeys(point for polygon in (parcel, *units) for ring in polygon.rings for point in ring))


def _one_place(points: list[Point], flat: LocalPlane, within_m: float) -> dict[Point, Point]:
    """Which earlier point each point is welded to, where one lies within the distance."""
    metres = shapely.points(flat.to_metres(points))
    one, two = shapely.STRtree(metres).query(metres, predicate="dwithin", distance=within_m)
    moved: dict[Point, Point] = {}
    for i, j in sorted(zip(one.tolist(), two.tolist(), strict=True)):
        if i < j and points[i] not in moved and points[j] not in moved:
            moved[points[j]] = points[i]
    return moved


def _moved(polygon: Polygon, moved: dict[Point, Point]) -> Polygon:
    def ring(points: Ring) -> Ring:
        return tuple(moved.get(point, point) for point in points)

    return Polygon(ring(polygon.exterior), tuple(ring(hole) for hole in polygon.holes)).without_repeats()


def passing(polygon: Polygon, points: Sequence[Point], flat: LocalPlane, within_m: float = WELD_M) -> Polygon:
    """The polygon with every one of `points` that lies within the distance of an edge put into that edge."""
    tree = shapely.STRtree(shapely.points(flat.to_metres(points)))
    corners = np.asarray(points, dtype=np.int64)

    def ring(given: Ring) -> Ring:
        own = set(given)
        start = flat.to_metres(as_array(given))
        lines = shapely.linestrings(np.stack((start, np.roll(start, -1, axis=0)), axis=1))
        edge, corner = tree.query(lines, predicate="dwithin", distance=within_m)
        free = np.asarray([points[at] not in own for at in corner], dtype=bool)
        if not free.any():
            return given
        # A corner near two edges of the ring (at one of its own corners) belongs to the nearer one only.
        away = shapely.distance(lines[edge], shapely.points(flat.to_metres(corners[corner])))
        best: dict[int, int] = {}
        for at in np.flatnonzero(free):
            known = best.get(int(corner[at]))
            if known is None or away[at] < away[known]:
                best[int(corner[at])] = int(at)
        chosen = np.asarray(sorted(best.values()), dtype=np.int64)
        return inserted(given, edge[chosen], corners[corner[chosen]])

    return Polygon(ring(polygon.exterior), tuple(ring(hole) for hole in polygon.holes))
