"""The offered repair of units that overlap or leave narrow gaps: cut in their order, gaps given to the unit alongside.

The linework of parcel and units is noded once; every face between the lines goes to one unit, so the result tiles by construction.
Float corners are rounded to whole milliseconds of arc. The result is an offer; a person accepts it (register.md §1).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from marine.opening import wider_than
from marine.overlaying import common, joined
from marine.placing import Placer, Sea
from marine.planes import LocalPlane, local_plane
from marine.polygons import Polygon
from marine.sharing import share_points, tiles

# A wider gap is sea that somebody forgot to give to a unit; no program should guess to which.
WIDEST_GAP_M = 1.0


def cut_to_fit(parcel: Polygon | None, units: Sequence[Polygon]) -> list[Polygon] | None:
    """The units cut so that they tile the parcel (or their union), the earlier unit keeping what two claim; None if that loses a unit.

    >>> one, two = Polygon(((0, 0), (900, 0), (900, 900), (0, 900))), Polygon(((600, 0), (1800, 0), (1800, 900), (600, 900)))
    >>> [sorted(unit.exterior) for unit in cut_to_fit(None, [one, two])][1]
    [(900, 0), (900, 900), (1800, 0), (1800, 900)]
    """
    shapes = [unit.to_shapely() for unit in units]
    whole = parcel.to_shapely() if parcel else joined(shapes)
    if whole.geom_type != "Polygon":
        return None
    west, south, east, north = whole.bounds
    plane = local_plane((west + east) / 2, (south + north) / 2)
    owned = _owned_faces(whole, shapes, plane)
    if owned is None:
        return None
    corners = np.concatenate([shapely.get_coordinates(face) for _, face in owned])
    old = {point for unit in units for ring in unit.rings for point in ring}
    old |= {point for ring in parcel.rings for point in ring} if parcel else set()
    placer = Placer(Sea(plane, None, ()), old, corners)
    placed = [(unit, polygon.to_shapely()) for unit, face in owned if (polygon := placer.polygon(face))]
    by_unit: dict[int, list[Any]] = {unit: [] for unit in range(len(units))}
    for owner, shape in placed:
        by_unit[owner].append(shape)
    merged = [joined(own) for own in by_unit.values()]
    if any(shape.geom_type != "Polygon" or shape.is_empty for shape in merged):
        return None
    parts = [Polygon.from_shapely(shape).directed() for shape in merged]
    union = joined(merged)
    if union.geom_type != "Polygon":
        return None
    fitted = share_points([Polygon.from_shapely(union).directed(), *parts])
    sound = all(polygon.to_shapely().is_valid for polygon in fitted)
    return fitted[1:] if sound and tiles(fitted[0], fitted[1:]) else None


def _owned_faces(whole: Any, shapes: Sequence[Any], plane: LocalPlane) -> list[tuple[int, Any]] | None:
    """Every face inside the parcel with the unit that gets it; None if a gap is too wide to be given away."""
    noded = joined([shapely.boundary(whole), *(shapely.boundary(shape) for shape in shapes)])
    faces = np.asarray(shapely.get_parts(shapely.polygonize([noded])), dtype=object)
    inside = shapely.point_on_surface(faces)
    shapely.prepare(whole)
    held = shapely.covers(whole, inside)
    faces, inside = faces[held], inside[held]
    owner = np.full(len(faces), len(shapes))
    at, unit = shapely.STRtree(shapes).query(inside, predicate="covered_by")
    np.minimum.at(owner, at, unit)
    gaps = faces[owner == len(shapes)]
    if any(wider_than(gap, plane, WIDEST_GAP_M) for gap in gaps):
        return None
    owned = [(int(unit), face) for unit, face in zip(owner, faces, strict=True) if unit < len(shapes)]
    # Gaps given away before are asked too: a gap divided by a corner's line may touch no unit but its other half.
    tree = shapely.STRtree([*(face for _, face in owned), *gaps])
    for gap in gaps:
        around = sorted(int(k) for k in tree.query(gap, predicate="intersects") if k < len(owned))
        beside = {k: common(gap, owned[k][1]).length for k in around}
        if not beside or max(beside.values()) == 0:
            return None
        owned.append((owned[max(beside, key=lambda k: beside[k])][0], gap))
    return owned
