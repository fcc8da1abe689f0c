"""Opening a piece of sea: what is left when everything narrower than a width has been taken away, with its own corners kept.

Input and output are shapely geometries in milliseconds of arc; distances are metres on an affine local plane (register.md §1, §4).
"""

from __future__ import annotations

from typing import Any

import shapely

from marine.overlaying import common, joined, minus
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
    parts = [part for kept_part in _polygons(kept) for part in _cut_at_necks(kept_part, plane, by_m)]
    broad = [part for part in parts if part.area >= _CRUMB_M2 * square_metre]
    return sorted(broad, key=lambda part: (-part.area, *part.bounds))


def _cut_at_necks(part: Any, plane: LocalPlane, by_m: float) -> list[Any]:
    """The part, or its broad pieces where a neck narrower than the opening still joins them.

    A mitre reaches up to five times the distance ahead of a blunt end, so it can bridge a neck that the erosion had cut: in 6 % of
    random remainders. What lies between two broad pieces is left out; what hangs on one of them only is its own corner and stays.
    """
    metres = shapely.transform(part, plane.to_metres)
    cores = _polygons(shapely.buffer(metres, _OVERLAY_M - by_m, join_style="round"))
    if len(cores) < 2:
        return [part]
    broad: list[Any] = []
    for core in sorted(cores, key=lambda core: (-core.area, *core.bounds)):
        reach = common(metres, shapely.buffer(core, by_m, join_style="bevel"))
        broad.append(minus(reach, joined(broad)) if broad else reach)
    # Grown by the overlay's hair, so that a corner's tip meets the piece it belongs to along a line and not almost.
    around = [shapely.buffer(reach, _OVERLAY_M, join_style="mitre") for reach in broad]
    for tip in _polygons(minus(metres, joined(around))):
        near = [index for index, reach in enumerate(around) if shapely.dwithin(reach, tip, _OVERLAY_M)]
        if len(near) == 1:
            around[near[0]] = joined([around[near[0]], shapely.buffer(tip, _OVERLAY_M, join_style="mitre")])
    masks = [shapely.transform(mask, plane.to_ms) for mask in around]
    taken: list[Any] = []
    for mask in masks:
        taken.append(minus(common(part, mask), joined(taken)) if taken else common(part, mask))
    return [max(_polygons(shape), key=lambda polygon: polygon.area) for shape in taken if _polygons(shape)]


def _polygons(geometry: Any) -> list[Any]:
    return [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon" and part.area > 0]


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
