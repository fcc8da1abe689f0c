"""Where a new corner goes: to an old point that is near enough, else to the nearest grid point that is not inside a neighbour.

Rounding to the nearest grid point alone left overlaps in 85 % of remainders (register.md §2, measured).
Input is float milliseconds of arc; distances are metres on an affine local plane.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from marine.planes import LocalPlane
from marine.polygons import Array, Point, Polygon, Ring, without_repeats
from marine.ring_faults import without_spikes

# One and the same point (register.md §4).
SAME_POINT_M = 0.05
# Half-widths, in milliseconds, of the squares that are searched in turn; the last is about 1 m.
_SEARCH = (2, 6, 32)


@dataclass(frozen=True, slots=True)
class Sea:
    """What a new corner must respect: it stays in `within` (None: anywhere) and out of the inside of every one of `out_of`."""

    plane: LocalPlane
    within: Any
    out_of: tuple[Any, ...]

    def allows(self, points: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Which whole-millisecond points are allowed; judged exactly, a point on an edge is allowed."""
        shapes = shapely.points(np.asarray(points, dtype=np.float64).reshape(-1, 2))
        allowed = np.ones(len(shapes), dtype=bool)
        if self.within is not None:
            allowed &= shapely.covers(self.within, shapes)
        for neighbour in self.out_of:
            allowed &= ~shapely.contains_properly(neighbour, shapes)
        return allowed

    def nearest_allowed(self, point: Sequence[float]) -> Point | None:
        """The allowed grid point nearest to a float position, or None if there is none within about 1 m."""
        base = np.rint(np.asarray(point, dtype=np.float64))
        for reach in _SEARCH:
            steps = np.arange(-reach, reach + 1)
            grid = base + np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
            away = np.hypot(*((grid - np.asarray(point)) * self.plane.scale).T)
            # Of equally near points the one further south-west is taken, so that the answer never depends on order.
            order = np.lexsort((grid[:, 1], grid[:, 0], np.round(away, 9)))
            grid = grid[order]
            allowed = np.flatnonzero(self.allows(grid))
            # Beyond the square's nearer side a point outside the square could be nearer still: look further first.
            if len(allowed) and (
                away[order][allowed[0]] <= (reach + 0.5) * min(self.plane.scale) or reach == _SEARCH[-1]
            ):
                lon, lat = grid[allowed[0]].tolist()
                return int(lon), int(lat)
        return None


class Placer:
    """Maps float corners to grid points; the same corner always goes to the same point, so shared edges stay shared."""

    def __init__(self, sea: Sea, old: Iterable[Point], corners: Array, within_m: float = SAME_POINT_M) -> None:
        """`old` are points that may be re-used; `corners` (N×2 float ms) is everything that will be placed."""
        self._sea = sea
        points = sorted(set(old))
        self._old = [p for p, ok in zip(points, sea.allows(points), strict=True) if ok] if points else []
        self._place: dict[tuple[float, float], Point] = {}
        distinct = np.unique(corners, axis=0)
        fresh = self._place_on_old(distinct, within_m)
        self._place_new(fresh, within_m)

    def _place_on_old(self, corners: Array, within_m: float) -> Array:
        """Give every corner that is near an old point that point; returns the others."""
        if not self._old or not len(corners):
            return corners
        metres = shapely.points(self._sea.plane.to_metres(corners))
        tree = shapely.STRtree(shapely.points(self._sea.plane.to_metres(self._old)))
        found, nearest = tree.query_nearest(metres, max_distance=within_m, all_matches=False)
        for at, old in zip(found.tolist(), nearest.tolist(), strict=True):
            self._place[tuple(corners[at].tolist())] = self._old[old]
        rest = np.ones(len(corners), dtype=bool)
        rest[found] = False
        return corners[rest]

    def _place_new(self, corners: Array, within_m: float) -> None:
        """New corners that lie within the distance of each other become one point."""
        if not len(corners):
            return
        metres = shapely.points(self._sea.plane.to_metres(corners))
        one, two = shapely.STRtree(metres).query(metres, predicate="dwithin", distance=within_m)
        leader = np.arange(len(corners))
        for i, j in sorted(zip(one.tolist(), two.tolist(), strict=True)):
            if i < j and leader[i] == i and leader[j] == j:
                leader[j] = i
        for at in range(len(corners)):
            key = tuple(corners[at].tolist())
            if leader[at] != at:
                self._place[key] = self._place[tuple(corners[leader[at]].tolist())]
                continue
            placed = self._sea.nearest_allowed(corners[at])
            lon, lat = np.rint(corners[at]).astype(int).tolist()
            self._place[key] = placed if placed is not None else (lon, lat)

    def ring(self, coordinates: Array) -> Ring:
        """The placed ring of closed float coordinates, unclosed, without repeats."""
        return without_repeats(tuple(self._place[lon, lat] for lon, lat in coordinates[:-1].tolist()))

    def polygon(self, geometry: Any) -> Polygon | None:
        """The placed polygon; holes that shrink to nothing vanish, and None stands for a polygon that does."""
        exterior = self.ring(shapely.get_coordinates(geometry.exterior))
        holes = [self.ring(shapely.get_coordinates(hole)) for hole in geometry.interiors]
        if len(set(exterior)) < 3:
            return None
        placed = without_spikes(Polygon(exterior, tuple(hole for hole in holes if len(set(hole)) >= 3)))
        return placed if placed.to_shapely().is_valid else _largest_sound(placed)


def _largest_sound(polygon: Polygon) -> Polygon | None:
    """Where two corners went to one point, a loop of centimetres hangs on the ring: keep the polygon without it."""
    mended = shapely.make_valid(polygon.to_shapely(), method="structure", keep_collapsed=False)
    parts = [part for part in shapely.get_parts(mended) if part.geom_type == "Polygon"]
    if not parts:
        return None
    sound = Polygon.from_shapely(max(parts, key=lambda part: part.area))
    return sound if sound.to_shapely().is_valid else None
