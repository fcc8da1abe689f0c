"""An old ring that is not valid still occupies the sea: a valid superset of it on the grid of milliseconds (register.md §6).

The ring itself stays as given; only the occupation is made from this.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely

# Rounding a corner moves it by at most √½ ms; after growing by this much it still lies outside what it must cover.
_GROWTH_MS = 2.0


def occupied(shape: Any) -> Any:
    """The valid area of a polygon (milliseconds of arc): itself where it is valid, else all that its rings enclose.

    Every face that the exterior encloses counts, however often it winds round; holes are taken out only where they are simple
    and lie inside. None where nothing is left that has an area.

    >>> bow_tie = shapely.Polygon([(0, 0), (4000, 4000), (4000, 0), (0, 4000)])
    >>> occupied(bow_tie).area
    8000000.0
    >>> occupied(shapely.Polygon([(0, 0), (4000, 0), (8000, 0)])) is None
    True
    """
    shape = shapely.force_2d(shape)
    if shapely.is_empty(shape) or not np.isfinite(shapely.get_coordinates(shape)).all():
        return None
    if shapely.is_valid(shape):
        return shape if shape.area > 0 else None
    filled = _enclosed(shape.exterior)
    if filled is None:
        return None
    holes = [hole for hole in _simple(shape.interiors) if shapely.covers(filled, hole)]
    exact = shapely.difference(filled, shapely.union_all(holes)) if holes else filled
    return _on_grid(exact) if exact.area > 0 else None


def _enclosed(ring: Any) -> Any:
    """The union of all faces that a ring's line encloses."""
    noded = shapely.union_all([shapely.LineString(shapely.get_coordinates(ring))])
    faces = shapely.get_parts(shapely.polygonize([noded]))
    return shapely.union_all([shapely.Polygon(face.exterior) for face in faces]) if len(faces) else None


def _simple(rings: Iterable[Any]) -> list[Any]:
    return [hole for hole in (shapely.Polygon(ring) for ring in rings) if shapely.is_valid(hole) and hole.area > 0]


def _on_grid(exact: Any) -> Any:
    """The area with whole milliseconds, covering all of it: grown a little where rounding alone would lose some."""
    rounded = _surfaces(shapely.set_precision(exact, 1.0))
    if rounded is not None and shapely.covers(rounded, exact):
        return rounded
    grown = shapely.buffer(exact, _GROWTH_MS, join_style="mitre", mitre_limit=2.0)
    return _surfaces(shapely.set_precision(grown, 1.0))


def _surfaces(shape: Any) -> Any:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > 0]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
