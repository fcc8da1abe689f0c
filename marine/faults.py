"""Located faults with offered repairs: the door to what is wrong with one polygon, or with an edge drawn in another plane.

A repair is a geometry in milliseconds of arc that a person may accept; nothing here changes a boundary by itself.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import shapely

from marine.crossings import crossing_faults, tangle
from marine.findings import Finding, Severity
from marine.planes import local_plane
from marine.polygons import Array, Polygon, as_ring
from marine.ring_faults import (
    HOUSE_LIMITS,
    Limits,
    Namer,
    Place,
    near_repeats,
    needles,
    not_closed,
    shapeless,
    spikes,
    without_spikes,
)

__all__ = ["HOUSE_LIMITS", "Limits", "Namer", "Place", "densify_offer", "not_closed", "polygon_faults"]

# An edge that bends this much is no edge: more points than this on one edge means the plane does not fit the place.
_MOST_PIECES = 1_000


def polygon_faults(place: Place, limits: Limits) -> list[Finding]:
    """Everything wrong with one polygon (already without consecutive repeats); empty if it is sound.

    >>> [f.code for f in polygon_faults(Place(Polygon(((0, 0), (9000, 9000), (9000, 0), (0, 9000)))), Limits())]
    ['ring.crosses_itself']
    """
    hopeless = shapeless(place)
    if hopeless:
        return hopeless
    knotted = tangle(place)
    if knotted:
        return knotted
    tips = spikes(place)
    found = tips + near_repeats(place, limits) + needles(place, limits)
    polygon = without_spikes(place.polygon) if tips else place.polygon
    if tips and any(len(ring) < 3 for ring in polygon.rings):
        return found
    return found + crossing_faults(Place(polygon, place.unit, place.name_of))


class SourcePlane(Protocol):
    """The plane in which a file drew its edges; `marine.planes.Plane` is one."""

    def to_ms(self, metres: npt.ArrayLike, /) -> Array:
        """(longitude, latitude) in float milliseconds of arc of N×2 plane coordinates."""


def densify_offer(points: npt.ArrayLike, plane: SourcePlane, limits: Limits = HOUSE_LIMITS) -> Finding | None:
    """The offer to insert points where edges drawn straight in the file's plane leave our straight line by too much.

    `points` are N×2 metres of an unclosed ring in `plane`. An edge of the register is straight in longitude and latitude;
    the geometry offered is the ring with so many points on the plane's edges that none departs further than the limit.

    >>> from decimal import Decimal
    >>> from marine.planes import gauss_kruger
    >>> plane = gauss_kruger(Decimal("122.0"))
    >>> densify_offer([(500_000, 4_100_000), (500_100, 4_100_000), (500_000, 4_100_100)], plane) is None
    True
    """
    metres = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    if len(metres) < 3:
        return None
    corners = plane.to_ms(metres)
    middles = plane.to_ms((metres + np.roll(metres, -1, axis=0)) / 2)
    away = _departure(corners, middles)
    bent = np.flatnonzero(away > limits.densify_m)
    if not len(bent):
        return None
    # The departure of a piece falls with the square of the number of pieces; the 0.9 leaves room for rounding to 0.001″.
    pieces = np.ones(len(metres), dtype=np.int64)
    pieces[bent] = np.minimum(np.ceil(np.sqrt(away[bent] / (0.9 * limits.densify_m))), _MOST_PIECES).astype(np.int64)
    offered = as_ring(plane.to_ms(_cut(metres, pieces)))
    first = int(bent[0])
    place = Place(Polygon(as_ring(corners)))
    worst = float(away.max())
    facts = {
        "departs_m": round(worst, 2),
        "limit_m": limits.densify_m,
        "count": len(bent),
        "added": int(pieces.sum()) - len(metres),
    }
    return place.tell(
        "edge.departs_from_line",
        0,
        first,
        Severity.WARNS,
        facts=facts,
        remedy="edge.densify",
        geometry=shapely.Polygon(offered),
    )


def _departure(corners: Array, middles: Array) -> Array:
    """Metres between the plane's middle of each edge and the straight line in longitude and latitude."""
    centre = corners.mean(axis=0)
    flat = local_plane(float(centre[0]), float(centre[1]))
    start, middle = flat.to_metres(corners), flat.to_metres(middles)
    along = np.roll(start, -1, axis=0) - start
    off = middle - start
    length = np.hypot(along[:, 0], along[:, 1])
    cross = np.abs(along[:, 0] * off[:, 1] - along[:, 1] * off[:, 0])
    away: Array = np.divide(cross, length, out=np.zeros_like(cross), where=length > 0)
    return away


def _cut(metres: Array, pieces: Any) -> Array:
    """The ring with each edge cut into its number of equal pieces."""
    starts = np.repeat(metres, pieces, axis=0)
    steps = np.repeat((np.roll(metres, -1, axis=0) - metres) / pieces[:, None], pieces, axis=0)
    count = np.arange(len(starts)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    cut: Array = starts + steps * count[:, None]
    return cut
