"""The greatest width of a shape: the diameter of the largest circle inside it, in metres.

Input is polygonal shapely geometry in metres on a plane that keeps edges straight (`marine.planes.local_plane`). Two ways to
the answer: GEOS' search, whose result is from 0 to 0.01 m too small, for shapes whose width decides nothing more; and an
enclosure of our own, right to 0.00001 m, wherever a limit of register.md §2 could be near.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Array = npt.NDArray[Any]

# Radius, metres: how far GEOS may stop below the largest circle.
SEARCH_TOLERANCE_M = 0.005
# Radius, metres: how far the enclosure may stop below it. A thousandth of a millisecond of arc is six times as much.
ENCLOSURE_M = 5e-6
_NEAREST = 3
_PAIRS = {n: np.array(list(combinations(range(n), 2)), dtype=int).reshape(-1, 2).T for n in range(_NEAREST + 1)}
_TRIPLES = {n: np.array(list(combinations(range(n), 3)), dtype=int).reshape(-1, 3).T for n in range(_NEAREST + 1)}
_EDGES = ((0, 1), (1, 2), (2, 0))
_MOST_CELLS = 50_000
# Beyond this the triangles alone take seconds; a single sliver of so many points is left to GEOS' search.
_MOST_POINTS = 20_000
# From here on it pays to put a rectangle around each part first.
_MANY_PARTS = 4
# Perimeter² / area: 16 for a square, 404 for a strip of 1 to 100.
_COMPACT = 400


def widths(shapes: Array, limits: npt.ArrayLike, *, share: float = 0.0) -> Array:
    """Greatest width of each shape in metres, right to 0.00001 m where it is at most the shape's limit, else to 0.01 m.

    Whether a width is above its limit is therefore never left to the slack of a search. With `share` a wide shape's width may be
    short by twice that share of its size (the root of its area): between nearly parallel sides GEOS searches long for
    millimetres of hundreds of metres (6.5 ms against 0.8 ms for a parcel of 20 ha).

    >>> import shapely
    >>> widths(np.array([shapely.box(0, 0, 50, 0.1), shapely.box(0, 0, 50, 20)]), 1.0).round(6).tolist()
    [0.1, 20.0]
    >>> widths(np.array([], dtype=object), 1.0).tolist()
    []
    """
    shapes = np.asarray(shapes, dtype=object)
    limits = np.broadcast_to(np.asarray(limits, dtype=float), shapes.shape)
    found = np.zeros(len(shapes))
    if not len(shapes):
        return found
    area = shapely.area(shapes)
    # Long strips wear out the search: GEOS gives up after some thousand steps, and late. So only compact shapes go there.
    compact = shapely.length(shapes) ** 2 < _COMPACT * area
    # No circle is larger than the shape itself: too little area needs no search.
    roomy = 2 * np.sqrt(area / np.pi) > limits
    searched = compact & roomy
    found[searched] = 2 * shapely.length(
        shapely.maximum_inscribed_circle(
            shapes[searched], tolerance=np.maximum(SEARCH_TOLERANCE_M, share * np.sqrt(area[searched]))
        )
    )
    for i in np.flatnonzero(found <= limits):
        found[i] = 2 * largest_radius(shapes[i])
    return found


def largest_radius(shape: Any) -> float:
    """Radius in metres of the largest circle inside a polygon or multipolygon, at most 0.000005 m too small.

    The shape is cut into triangles; within one, the distance to each edge of the shape is convex, hence nowhere above the
    plane through its values at the three corners, and the highest point under all these planes is found exactly. Triangles
    that cannot beat the best circle so far are dropped, the others halved. Between two straight banks the first step is exact,
    however long the sliver.

    >>> import shapely
    >>> round(largest_radius(shapely.Polygon([(0, 0), (4, 0), (0, 3)])), 9)
    1.0
    >>> largest_radius(shapely.Polygon())
    0.0
    """
    best = 0.0
    parts = shapely.get_parts(shape)
    parts = parts[shapely.area(parts) > 0]
    bounds = _radius_bounds(parts)
    for i in np.argsort(-bounds):
        if bounds[i] > best:
            best = max(best, _radius_in(parts[i], best))
    return best


def _radius_bounds(parts: Array) -> Array:
    """What no circle in each polygon can exceed: half the short side of a rectangle around it, and its own area."""
    by_area = np.sqrt(shapely.area(parts) / np.pi)
    if len(parts) < _MANY_PARTS:
        return np.asarray(by_area)
    around = shapely.oriented_envelope(parts)
    whole = shapely.get_num_coordinates(around) == 5
    sides = np.full(len(parts), np.inf)
    corners = shapely.get_coordinates(around[whole]).reshape(-1, 5, 2)
    sides[whole] = np.linalg.norm(np.diff(corners[:, :3], axis=1), axis=2).min(axis=1)
    return np.asarray(np.minimum(by_area, sides / 2 * (1 + 1e-6) + 1e-6))


def _radius_in(polygon: Any, best: float) -> float:
    # Near its own place a coordinate has more bits for the width of a sliver.
    origin = np.array(polygon.bounds[:2])
    polygon = shapely.transform(polygon, lambda xy: xy - origin)
    cells = _triangles(polygon) if shapely.get_num_coordinates(polygon) <= _MOST_POINTS else None
    if cells is None:
        return max(best, float(shapely.maximum_inscribed_circle(polygon, tolerance=ENCLOSURE_M).length))
    starts, ends = _segments(polygon)
    tree = shapely.STRtree(shapely.linestrings(np.stack((starts, ends), axis=1)))
    while len(cells):
        uppers, points = _highest(cells, starts, ends, tree)
        _, reached = tree.query_nearest(shapely.points(points), all_matches=False, return_distance=True)
        best = max(best, float(reached.max()))
        cells = cells[uppers > best + ENCLOSURE_M]
        if len(cells) > _MOST_CELLS:
            return max(best, float(shapely.maximum_inscribed_circle(polygon, tolerance=ENCLOSURE_M).length))
        cells = _halves(cells)
    return best


def _triangles(polygon: Any) -> Array | None:
    """Triangles (T, 3, 2) that make up a polygon, or None where GEOS could not cut it completely."""
    parts = shapely.get_parts(shapely.constrained_delaunay_triangles(polygon))
    if not len(parts) or abs(shapely.area(parts).sum() - polygon.area) > 1e-9 + 1e-6 * polygon.area:
        return None
    return np.asarray(shapely.get_coordinates(parts).reshape(-1, 4, 2)[:, :3])


def _segments(polygon: Any) -> tuple[Array, Array]:
    xy, ring = shapely.get_coordinates(shapely.get_rings(polygon), return_index=True)
    same = ring[1:] == ring[:-1]
    return xy[:-1][same], xy[1:][same]


def _highest(cells: Array, starts: Array, ends: Array, tree: Any) -> tuple[Array, Array]:
    """For each triangle an upper bound of the distance to the boundary within it, and the point where the bound stands.

    Begins with the segment nearest the middle and adds, some times, the one nearest the highest point: any few segments give
    a bound, these give a near one.
    """
    rows = np.arange(len(cells))
    heights = np.empty((len(cells), 3, 0))
    points = cells.mean(axis=1)
    for _ in range(_NEAREST):
        nearest = tree.nearest(shapely.points(points))
        heights = np.concatenate([heights, _heights(cells, starts[nearest], ends[nearest])], axis=2)
        weights = np.concatenate([_at_corners(len(cells)), _on_edges(heights), _inside(heights)], axis=1)
        values = np.einsum("cwk,cks->cws", weights, heights).min(axis=2)
        highest = values.argmax(axis=1)
        points = np.einsum("ck,ckd->cd", weights[rows, highest], cells)
    return values[rows, highest], points


def _heights(cells: Array, starts: Array, ends: Array) -> Array:
    """Distance of each triangle's corners to the triangle's own segment, (T, 3, 1)."""
    offset = cells - starts[:, None, :]
    along = (ends - starts)[:, None, :]
    squared = (along * along).sum(axis=2)
    place = np.divide((offset * along).sum(axis=2), squared, out=np.zeros(offset.shape[:2]), where=squared > 0)
    away = offset - np.clip(place, 0, 1)[..., None] * along
    return np.asarray(np.hypot(away[..., 0], away[..., 1])[..., None])


def _at_corners(count: int) -> Array:
    return np.broadcast_to(np.eye(3), (count, 3, 3))


def _on_edges(heights: Array) -> Array:
    """Where two planes have one height on an edge of the triangle, as barycentric weights."""
    one, other = _PAIRS[heights.shape[2]]
    difference = heights[:, :, one] - heights[:, :, other]
    slope = difference - difference[:, [1, 2, 0]]
    share = np.divide(difference, slope, out=np.zeros_like(slope), where=slope != 0).clip(0, 1)
    weights = np.zeros((*share.shape, 3))
    for a, b in _EDGES:
        weights[:, a, :, a], weights[:, a, :, b] = 1 - share[:, a], share[:, a]
    return weights.reshape(len(heights), -1, 3)


def _inside(heights: Array) -> Array:
    """Where three planes have one height within the triangle, as barycentric weights; a corner where they have none."""
    i, j, k = _TRIPLES[heights.shape[2]]
    (a, b, c), (d, e, f) = ((heights[:, :, i] - heights[:, :, other]).transpose(1, 0, 2) for other in (j, k))
    weights = np.stack([b * f - c * e, c * d - a * f, a * e - b * d], axis=2)
    total = weights.sum(axis=2, keepdims=True)
    weights = np.divide(weights, total, out=np.zeros_like(weights), where=total != 0)
    inside = (weights.min(axis=2) >= 0) & (np.abs(weights.sum(axis=2) - 1) < 1e-9)
    return np.asarray(np.where(inside[..., None], weights, (1.0, 0.0, 0.0)))


def _halves(cells: Array) -> Array:
    """Each triangle cut in two at the middle of its longest side, so that none stays long and thin."""
    sides = np.linalg.norm(cells - np.roll(cells, -1, axis=1), axis=2)
    first = sides.argmax(axis=1)
    rows = np.arange(len(cells))
    a, b, c = (cells[rows, (first + step) % 3] for step in range(3))
    middle = (a + b) / 2
    return np.concatenate([np.stack((a, middle, c), axis=1), np.stack((middle, b, c), axis=1)])
