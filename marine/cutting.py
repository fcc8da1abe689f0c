"""Cutting the units of a draft by a piece of its parcel, so that the pieces share every corner that the cut makes.

Each unit overlaid by itself would compute shared corners twice and round them apart; here the inner lines are noded once with the
outline of the piece, and units are the faces between them. Geometries are shapely, in float milliseconds of arc.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from marine.opening import wider_than
from marine.overlaying import common, joined
from marine.planes import LocalPlane
from marine.polygons import Polygon

# A face that is nowhere wider than this is what two nearly equal lines leave between them, not sea that anyone uses.
_CRUMB_WIDTH_M = 0.10


def cut_units(units: Sequence[Polygon], piece: Any, plane: LocalPlane) -> list[tuple[int, Any]]:
    """(number of the unit from 0, its face) for all faces of the piece; a unit cut in two has two faces.

    >>> from marine.planes import local_plane
    >>> left, right = Polygon(((0, 0), (900, 0), (900, 900), (0, 900))), Polygon(((900, 0), (1800, 0), (1800, 900), (900, 900)))
    >>> piece = shapely.box(300, 0, 1800, 900)
    >>> [(unit, face.bounds) for unit, face in cut_units([left, right], piece, local_plane(0, 0))]
    [(0, (300.0, 0.0, 900.0, 900.0)), (1, (900.0, 0.0, 1800.0, 900.0))]
    """
    if len(units) == 1:
        return [(0, piece)]
    noded = joined([shapely.boundary(piece), _inner_lines(units)])
    faces = [face for face in shapely.get_parts(shapely.polygonize([noded])) if _inside(face, piece)]
    shapes = {unit: polygon.to_shapely() for unit, polygon in enumerate(units)}
    broad = _without_crumbs(faces, plane)
    cut = [(_owner(face, shapes), face) for face in broad]
    return sorted(cut, key=lambda item: (item[0], -item[1].area, *item[1].bounds))


def _inner_lines(units: Sequence[Polygon]) -> Any:
    """The edges that two units share, each once: whole milliseconds, exact."""
    edges = set()
    shared = []
    for unit in units:
        for ring in unit.directed().rings:
            for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
                if (b, a) in edges:
                    shared.append((a, b))
                edges.add((a, b))
    return shapely.multilinestrings(shared) if shared else shapely.MultiLineString()


def _inside(face: Any, piece: Any) -> bool:
    return bool(shapely.contains_properly(piece, shapely.point_on_surface(face)))


def _owner(face: Any, shapes: dict[int, Any]) -> int:
    """The unit that holds most of the face."""
    units = list(shapes)
    areas = [common(shapes[unit], face).area for unit in units]
    return units[int(np.argmax(areas))]


def _without_crumbs(faces: Sequence[Any], plane: LocalPlane) -> list[Any]:
    """The faces with each crumb joined to the broad face with which it shares most of its outline."""
    broad = [face for face in faces if wider_than(face, plane, _CRUMB_WIDTH_M)]
    crumbs = [face for face in faces if not wider_than(face, plane, _CRUMB_WIDTH_M)]
    for crumb in sorted(crumbs, key=lambda face: (-face.area, *face.bounds)):
        if not broad:
            break
        shared = [common(other, crumb).length for other in broad]
        most = int(np.argmax(shared))
        both = joined([broad[most], crumb])
        if shared[most] > 0 and both.geom_type == "Polygon":
            broad[most] = both
    return broad
