"""Buffers round lines and areas, in metres, however long the geometry: each piece is widened on the plane of its own centre.

A cable of two degrees would be 13 m too narrow or too wide at its ends if one plane served all of it (register.md §1 asks
for the affine plane of the place where one measures); pieces of 0.05° keep that under a centimetre at 500 m.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from marine.coordinates import MS_PER_DEGREE
from marine.planes import local_plane

PIECE_MS = 0.05 * MS_PER_DEGREE
ARC_SEGMENTS = 64  # to a quarter circle: 500 m round a corner are at most 0.04 m short


def buffered(geometry: Any, metres: float) -> Any:
    """The geometry and all within `metres` of it, on whole milliseconds of arc; without a buffer the geometry itself.

    `geometry` is shapely in milliseconds of arc (longitude, latitude), of any kind.

    >>> road = shapely.LineString([(439_200_000, 133_200_000), (439_300_000, 133_200_000)])
    >>> west, south, east, north = buffered(road, 500).bounds
    >>> round((north - south) * 0.030828)
    1000
    """
    if metres <= 0:
        return geometry
    edges = shapely.boundary(geometry) if shapely.get_dimensions(geometry) == 2 else geometry
    widened = [_widened(piece, metres) for piece in _pieces(edges)]
    parts = [*widened, geometry] if shapely.get_dimensions(geometry) == 2 else widened
    return _on_grid(shapely.union_all(parts))


def _pieces(geometry: Any) -> list[Any]:
    """Lines cut into runs of edges no wider than a piece; points as they are."""
    pieces: list[Any] = []
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Point":
            pieces.append(part)
            continue
        points = shapely.get_coordinates(shapely.segmentize(part, PIECE_MS))
        start = 0
        for end in range(1, len(points)):
            run = points[start : end + 1]
            is_last = end == len(points) - 1
            if is_last or np.ptp(points[start : end + 2], axis=0).max() > PIECE_MS:
                pieces.append(shapely.LineString(run))
                start = end
    return pieces


def _widened(piece: Any, metres: float) -> Any:
    west, south, east, north = piece.bounds
    plane = local_plane((west + east) / 2, (south + north) / 2)
    flat = shapely.transform(piece, plane.to_metres)
    return shapely.transform(shapely.buffer(flat, metres, quad_segs=ARC_SEGMENTS), plane.to_ms)


def _on_grid(geometry: Any) -> Any:
    rounded = shapely.transform(geometry, np.rint)
    if shapely.is_valid(rounded):
        return rounded
    parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(rounded)))
    return shapely.union_all([part for part in parts if shapely.get_dimensions(part) == 2])
