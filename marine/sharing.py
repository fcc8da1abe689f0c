"""Points that polygons share, and the exact test whether units tile a parcel.

All points are whole milliseconds of arc; nothing here knows a tolerance.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from marine.crossings import side
from marine.polygons import IntArray, Point, Polygon, Ring, as_array

Edge = tuple[Point, Point]


def share_points(polygons: Sequence[Polygon]) -> list[Polygon]:
    """Insert every corner of every polygon into the edges on which it lies exactly."""
    points = sorted({point for polygon in polygons for ring in polygon.rings for point in ring})
    corners = np.asarray(points, dtype=np.int64)
    tree = shapely.STRtree(shapely.points(corners.astype(np.float64)))
    return [
        Polygon(
            _with_points(polygon.exterior, corners, tree),
            tuple(_with_points(hole, corners, tree) for hole in polygon.holes),
        )
        for polygon in polygons
    ]


def _with_points(ring: Ring, corners: IntArray, tree: Any) -> Ring:
    start = as_array(ring)
    end = np.roll(start, -1, axis=0)
    lines = shapely.linestrings(np.stack((start, end), axis=1).astype(np.float64))
    edge, corner = tree.query(lines, predicate="dwithin", distance=0.5)
    a, b, p = start[edge], end[edge], corners[corner]
    inside = (np.minimum(a, b) <= p).all(axis=1) & (p <= np.maximum(a, b)).all(axis=1)
    inside &= (p != a).any(axis=1) & (p != b).any(axis=1) & (side(a, b, p) == 0)
    edge, p = edge[inside], p[inside]
    if not len(edge):
        return ring
    return inserted(ring, edge, p)


def inserted(ring: Ring, edges: IntArray, points: IntArray) -> Ring:
    """The ring with each point put into its edge, in the order along that edge."""
    start = as_array(ring)
    far = np.abs(points - start[edges]).sum(axis=1)
    within: dict[int, list[Point]] = {}
    for at in np.lexsort((far, edges)):
        lon, lat = points[at].tolist()
        within.setdefault(int(edges[at]), []).append((lon, lat))
    result: list[Point] = []
    for index, point in enumerate(ring):
        result.append(point)
        result.extend(within.get(index, ()))
    return tuple(result)


def tiles(parcel: Polygon, units: Sequence[Polygon]) -> bool:
    """Whether the directed edges of the units, inner ones cancelled, are exactly those of the parcel (rings directed, points shared)."""
    return left_over(parcel, units) is None


def left_over(parcel: Polygon, units: Sequence[Polygon]) -> Edge | None:
    """The first edge that proves that the units do not tile the parcel."""
    open_edges: dict[Edge, int] = {}
    for unit in units:
        for a, b in _edges(unit):
            if open_edges.get((b, a)):
                open_edges[b, a] -= 1
            else:
                open_edges[a, b] = open_edges.get((a, b), 0) + 1
    for edge in _edges(parcel):
        left = open_edges.get(edge, 0)
        if not left:
            return edge
        open_edges[edge] = left - 1
    return next((edge for edge, count in open_edges.items() if count), None)


def _edges(polygon: Polygon) -> list[Edge]:
    directed = polygon.directed()
    return [edge for ring in directed.rings for edge in zip(ring, ring[1:] + ring[:1], strict=True)]
