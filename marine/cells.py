"""Two fixed grids over the sea: cells that acts lock, and cells at which what is not public is answered.

All in whole milliseconds of arc and whole-number arithmetic, so that Python and the database name the same cells.

Lock cells (register.md §6): 0.1° × 0.1°, cell = floor((lon + 180°) / 0.1°) · 10,000 + floor((lat + 90°) / 0.1°), one int64.
A box is grown by at least 1 m on each side: 33 ms of latitude (1.0 m) and 66 ms of longitude (1.0 m at 60° N, more to the south).
The trigger's SQL function `lock_cells(geometry)` says the same in bigint; sums are clamped to 0 before they are divided, for
SQL divides toward zero and Python toward the smaller.
Disclosure cells (register.md §5): half-open squares of 0.01° or 0.002°, named (column, row) counted from longitude 0, latitude 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from marine.coordinates import MS_PER_DEGREE

LOCK_CELL_MS = MS_PER_DEGREE // 10
LOCK_GROW_LON_MS = 66
LOCK_GROW_LAT_MS = 33
LOCK_ROWS = 10_000
OFFICER_CELL_MS = MS_PER_DEGREE // 100
OUTLINE_CELL_MS = MS_PER_DEGREE // 500

_WEST_MS, _SOUTH_MS = 180 * MS_PER_DEGREE, 90 * MS_PER_DEGREE
_COLUMNS, _ROWS = 2 * _WEST_MS // LOCK_CELL_MS, 2 * _SOUTH_MS // LOCK_CELL_MS

Bounds = tuple[int, int, int, int]
Cell = tuple[int, int]


def lock_cells(*boxes: Bounds) -> list[int]:
    """The lock cells that any of these boxes (west, south, east, north in milliseconds, both ends included) touches, ascending.

    >>> lock_cells((122 * MS_PER_DEGREE + 100, 37 * MS_PER_DEGREE + 100, 122 * MS_PER_DEGREE + 200, 37 * MS_PER_DEGREE + 200))
    [30201270]
    >>> lock_cells((122 * MS_PER_DEGREE, 37 * MS_PER_DEGREE, 122 * MS_PER_DEGREE, 37 * MS_PER_DEGREE))
    [30191269, 30191270, 30201269, 30201270]
    >>> lock_cells()
    []
    """
    found: set[int] = set()
    for west, south, east, north in boxes:
        columns = range(
            _index(int(west) - LOCK_GROW_LON_MS + _WEST_MS, _COLUMNS),
            _index(int(east) + LOCK_GROW_LON_MS + _WEST_MS, _COLUMNS) + 1,
        )
        rows = range(
            _index(int(south) - LOCK_GROW_LAT_MS + _SOUTH_MS, _ROWS),
            _index(int(north) + LOCK_GROW_LAT_MS + _SOUTH_MS, _ROWS) + 1,
        )
        found.update(column * LOCK_ROWS + row for column in columns for row in rows)
    return sorted(found)


def _index(from_edge_ms: int, count: int) -> int:
    return min(max(from_edge_ms, 0) // LOCK_CELL_MS, count - 1)


def bounds_of(shapes: Iterable[Any]) -> list[Bounds]:
    """The boxes of shapes in milliseconds, as whole numbers (outward where a shape has fractions)."""
    boxes = shapely.bounds(np.array(list(shapes), dtype=object)).reshape(-1, 4)
    outward = np.column_stack((np.floor(boxes[:, :2]), np.ceil(boxes[:, 2:]))).astype(np.int64)
    return [(int(w), int(s), int(e), int(n)) for w, s, e, n in outward]


def cell_box(cell: Cell, size_ms: int) -> Any:
    """The square of a disclosure cell as a polygon in milliseconds."""
    column, row = cell
    return shapely.box(column * size_ms, row * size_ms, (column + 1) * size_ms, (row + 1) * size_ms)


def disclosure_cells(shape: Any, size_ms: int) -> frozenset[Cell]:
    """The cells (column, row) that a shape in milliseconds touches: those whose interior meets the shape's.

    A polygon that ends on a cell's edge does not touch the cell beyond. A line that runs along an edge has its interior in
    no cell; it belongs to the cell whose half-open square holds it, the one to the east or north.

    >>> sorted(disclosure_cells(shapely.box(0, 0, OUTLINE_CELL_MS, OUTLINE_CELL_MS + 1), OUTLINE_CELL_MS))
    [(0, 0), (0, 1)]
    >>> sorted(disclosure_cells(shapely.LineString([(0, 10), (0, 20)]), OUTLINE_CELL_MS))
    [(0, 0)]
    """
    if shapely.is_empty(shape):
        return frozenset()
    west, south, east, north = shapely.bounds(shape)
    columns = np.arange(west // size_ms, east // size_ms + 1)
    rows = np.arange(south // size_ms, north // size_ms + 1)
    found = [_touched(shape, columns[start : start + 256], rows, size_ms) for start in range(0, len(columns), 256)]
    return frozenset(cell for part in found for cell in part)


def _touched(shape: Any, columns: npt.NDArray[Any], rows: npt.NDArray[Any], size_ms: int) -> list[Cell]:
    column, row = (axis.ravel() for axis in np.meshgrid(columns, rows, indexing="ij"))
    west, south = column * size_ms, row * size_ms
    boxes = shapely.box(west, south, west + size_ms, south + size_ms)
    shapely.prepare(shape)
    meets = shapely.intersects(shape, boxes)
    inside = shapely.contains_properly(shape, boxes)
    asked = np.flatnonzero(meets & ~inside)
    touched = inside
    touched[asked] = shapely.relate_pattern(boxes[asked], shape, "T********")
    if shapely.get_dimensions(shape) < 2:
        # Points and lines on an edge: whole milliseconds of the half-open square end one before its far sides.
        half_open = shapely.box(west[asked], south[asked], west[asked] + size_ms - 1, south[asked] + size_ms - 1)
        touched[asked] |= shapely.intersects(shape, half_open)
    return [(int(c), int(r)) for c, r in zip(column[touched], row[touched], strict=True)]
