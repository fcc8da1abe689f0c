"""Overlay that always answers: plain first, then mended, then on a fine grid that the engine can always node.

Corners that buffers make lie almost on the lines that they were made from, and there the engine's floating overlay may give up
(seen about once in 7,000 random remainders). The grid is 0.001 ms of arc, 0.03 mm, far under everything that the house decides on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import shapely

GRID_MS = 0.001


def common(one: Any, two: Any) -> Any:
    """The intersection of two geometries.

    >>> common(shapely.box(0, 0, 4, 4), shapely.box(2, 0, 9, 4)).bounds
    (2.0, 0.0, 4.0, 4.0)
    """
    return _overlaid(shapely.intersection, one, two)


def minus(one: Any, two: Any) -> Any:
    """The first geometry without the second.

    >>> minus(shapely.box(0, 0, 4, 4), shapely.box(2, 0, 9, 4)).bounds
    (0.0, 0.0, 2.0, 4.0)
    """
    return _overlaid(shapely.difference, one, two)


def joined(geometries: Sequence[Any]) -> Any:
    """The union of any number of geometries.

    >>> joined([shapely.box(0, 0, 4, 4), shapely.box(4, 0, 9, 4)]).area, joined([]).is_empty
    (36.0, True)
    """
    try:
        return shapely.union_all(geometries)
    except shapely.GEOSException:
        return shapely.union_all([_mended(geometry) for geometry in geometries], grid_size=GRID_MS)


def _overlaid(operation: Callable[..., Any], one: Any, two: Any) -> Any:
    try:
        return operation(one, two)
    except shapely.GEOSException:
        return operation(_mended(one), _mended(two), grid_size=GRID_MS)


def _mended(geometry: Any) -> Any:
    return geometry if geometry.is_valid else shapely.make_valid(geometry, method="structure", keep_collapsed=False)
