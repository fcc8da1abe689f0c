"""Opening a piece of sea: what is left when everything narrower than a width has been taken away, with its own corners kept.

Input and output are shapely geometries in milliseconds of arc; distances are metres on an affine local plane (register.md §1, §4).
"""

from __future__ import annotations

from typing import Any

import shapely

from marine.overlaying import common
from marine.planes import LocalPlane

# Register.md §4: no neck narrower than 2 m; corners sharper than about 23° are cut at five times the distance.
OPENING_M = 1.0
MITRE_LIMIT = 5.0
# The opened shape is grown by this much and laid over the piece itself, so that edges which survive are the piece's own,
# corner for corner, and not what two buffers made of them.
_OVERLAY_M = 0.01
# A part smaller than this cannot hold the square that an opening by 1 m must leave; it is a crumb of the overlay.
_CRUMB_M2 = 1.0


def opened(piece: Any, plane: LocalPlane, by_m: float = OPENING_M) -> Any:
    """The mitred opening itself, in milliseconds of arc: eroded, then grown by the same distance."""
    metres = shapely.transform(piece, plane.to_metres)
    return shapely.transform(_opened_metres(metres, by_m), plane.to_ms)


def _opened_metres(metres: Any, by_m: float) -> Any:
    eroded = shapely.buffer(metres, -by_m, join_style="mitre", mitre_limit=MITRE_LIMIT)
    return shapely.buffer(eroded, by_m, join_style="mitre", mitre_limit=MITRE_LIMIT)


def opened_parts(piece: Any, plane: LocalPlane, by_m: float = OPENING_M) -> list[Any]:
    """The polygons left of `piece` after opening, largest first; where an edge survives, its points are the piece's own.

    >>> from marine.planes import local_plane
    >>> plane = local_plane(0, 0)
    >>> broad = shapely.transform(shapely.box(0, 0, 10, 10), plane.to_ms)
    >>> thin = shapely.transform(shapely.box(0, 0, 10, 1.5), plane.to_ms)
    >>> [part.equals(broad) for part in opened_parts(broad, plane)], opened_parts(thin, plane)
    ([True], [])
    """
    if piece.is_empty:
        return []
    metres = shapely.transform(piece, plane.to_metres)
    grown = shapely.buffer(_opened_metres(metres, by_m), _OVERLAY_M, join_style="mitre", mitre_limit=MITRE_LIMIT)
    kept = common(piece, shapely.transform(grown, plane.to_ms))
    square_metre = 1.0 / (plane.scale[0] * plane.scale[1])
    parts = [p for p in shapely.get_parts(kept) if p.geom_type == "Polygon" and p.area >= _CRUMB_M2 * square_metre]
    return sorted(parts, key=lambda part: (-part.area, *part.bounds))


def wider_than(piece: Any, plane: LocalPlane, width_m: float) -> bool:
    """Whether a circle of more than `width_m` metres fits into the piece (register.md §2: its width).

    >>> from marine.planes import local_plane
    >>> plane = local_plane(0, 0)
    >>> strip = shapely.transform(shapely.box(0, 0, 10, 1.5), plane.to_ms)
    >>> wider_than(strip, plane, 1.4), wider_than(strip, plane, 1.6)
    (True, False)
    """
    if piece.is_empty or piece.area == 0:
        return False
    metres = shapely.transform(piece, plane.to_metres)
    return not shapely.buffer(metres, -width_m / 2, join_style="round").is_empty
