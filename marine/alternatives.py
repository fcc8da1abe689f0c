"""Where else the drawn parcel would fit: the nearest free sea, found by shifting it whole (register.md §4: within 2 km).

Geometries are shapely, in milliseconds of arc; distances are metres on the draft's local plane. The result is a suggestion to draw
again at another place, not a boundary: nobody has looked at the place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from marine.boundary import Boundary
from marine.planes import local_plane
from marine.polygons import Array

SEARCH_M = 2_000.0
# Shifts are tried on a grid; a finer one finds gaps that only just fit, which no one should be sent to.
_STEP_M = 50.0
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Shift:
    """How far the parcel must move, in metres east and north, and its outline there (whole milliseconds of arc)."""

    east_m: float
    north_m: float
    geometry: Any

    @property
    def metres(self) -> float:
        """The distance as the crow flies."""
        return round(float(np.hypot(self.east_m, self.north_m)), 1)


def free_sea(
    draft: Boundary, occupied: Sequence[Any], *, within: Any = None, search_m: float = SEARCH_M
) -> Shift | None:
    """The shortest shift on a 50 m grid that frees the parcel of everything `occupied`, inside `within` if that is given.

    Touching is free. None if there is no such place within `search_m`.
    """
    west, south, east, north = draft.bounds
    plane = local_plane((west + east) / 2, (south + north) / 2)
    whole = draft.parcel.to_shapely()
    tree = shapely.STRtree(list(occupied))
    if within is not None:
        shapely.prepare(within)
    steps = _shifts(search_m)
    for start in range(0, len(steps), _AT_ONCE):
        tried = steps[start : start + _AT_ONCE]
        moves = np.rint(tried / plane.scale)
        shapes = np.asarray([shapely.transform(whole, lambda xy, move=move: xy + move) for move in moves], dtype=object)
        free = _free(shapes, tree, within)
        if free.any():
            at = int(free.argmax())
            east_m, north_m = np.round(moves[at] * plane.scale, 1).tolist()
            return Shift(east_m, north_m, shapes[at])
    return None


def _shifts(search_m: float) -> Array:
    """Every shift of the grid within the distance, nearest first; of equal ones the more southern, then western."""
    count = int(search_m // _STEP_M)
    axis = np.arange(-count, count + 1) * _STEP_M
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    away = np.hypot(grid[:, 0], grid[:, 1])
    grid, away = grid[away <= search_m], away[away <= search_m]
    ordered: Array = grid[np.lexsort((grid[:, 0], grid[:, 1], away))]
    return ordered


def _free(shapes: Any, tree: Any, within: Any) -> Any:
    """Which shapes share no inner point with anything in the tree and lie inside `within`."""
    free = np.ones(len(shapes), dtype=bool) if within is None else shapely.covers(within, shapes)
    shape, other = tree.query(shapes, predicate="intersects")
    inner = ~shapely.touches(shapes[shape], tree.geometries[other])
    free[shape[inner]] = False
    return free
