"""A polygon of whole milliseconds of arc, and the few exact operations on its rings.

Point = (longitude, latitude) in whole milliseconds of arc, CGCS2000. A ring is not closed: its last point is not its first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Point = tuple[int, int]
Ring = tuple[Point, ...]
IntArray = npt.NDArray[np.int64]
Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Polygon:
    """One exterior ring and any holes; nothing about direction, start or validity is promised here (see `settled`)."""

    exterior: Ring
    holes: tuple[Ring, ...] = ()

    @property
    def rings(self) -> tuple[Ring, ...]:
        """Exterior first, then the holes: the ring numbers of `findings.Vertex`."""
        return (self.exterior, *self.holes)

    def to_shapely(self) -> Any:
        """The shapely polygon, coordinates in milliseconds as float64 (exact). Rings under three points give an empty one."""
        if len(self.exterior) < 3:
            return shapely.Polygon()
        holes = [shapely.linearrings(as_array(hole)) for hole in self.holes if len(hole) >= 3]
        return shapely.polygons(shapely.linearrings(as_array(self.exterior)), holes=holes or None)

    @classmethod
    def from_shapely(cls, geometry: Any) -> Polygon:
        """Take over a shapely polygon in milliseconds, each coordinate rounded half to even.

        >>> Polygon.from_shapely(shapely.box(0, 0, 2, 1)).exterior
        ((2, 0), (2, 1), (0, 1), (0, 0))
        """
        return cls(ring_of(geometry.exterior), tuple(ring_of(hole) for hole in geometry.interiors))

    def without_repeats(self) -> Polygon:
        """The same polygon without consecutive exact repeats (and without a closing point)."""
        return Polygon(without_repeats(self.exterior), tuple(without_repeats(hole) for hole in self.holes))

    def directed(self) -> Polygon:
        """Exterior counter-clockwise, holes clockwise; every ring keeps its first point."""
        return Polygon(directed(self.exterior, ccw=True), tuple(directed(hole, ccw=False) for hole in self.holes))


def ring_of(linear_ring: Any) -> Ring:
    """The points of a shapely ring in milliseconds, unclosed, rounded half to even."""
    return as_ring(shapely.get_coordinates(linear_ring)[:-1])


def as_ring(points: npt.ArrayLike) -> Ring:
    """N×2 milliseconds (float or int) as a ring of Python integers, rounded half to even."""
    rounded = np.rint(np.asarray(points)).astype(np.int64).reshape(-1, 2)
    return tuple(map(tuple, rounded.tolist()))


def as_array(ring: Iterable[Point]) -> IntArray:
    """The ring as an N×2 array of whole milliseconds."""
    return np.asarray(tuple(ring), dtype=np.int64).reshape(-1, 2)


def without_repeats(ring: Ring) -> Ring:
    """Drop consecutive repeats, the closing point included; the only thing that is ever dropped unasked.

    >>> without_repeats(((0, 0), (0, 0), (4, 0), (0, 4), (0, 0)))
    ((0, 0), (4, 0), (0, 4))
    """
    if len(ring) < 2:
        return ring
    points = as_array(ring)
    keep = np.any(points != np.roll(points, 1, axis=0), axis=1)
    # The first of a run stays; of a run that wraps round the end, the one at the start of the ring stays.
    keep[0] = True
    last = len(ring)
    while last > 1 and ring[last - 1] == ring[0]:
        last -= 1
    keep[last:] = False
    if bool(keep.all()):
        return ring
    return tuple(ring[index] for index in np.flatnonzero(keep))


def twice_area(ring: Ring) -> int:
    """Twice the signed area in ms², exact: positive for counter-clockwise rings.

    >>> twice_area(((0, 0), (4, 0), (0, 4)))
    16
    """
    if len(ring) < 3:
        return 0
    points = as_array(ring)
    local = points - points[0]
    ahead = np.roll(local, -1, axis=0)
    spread = int(np.abs(local).max())
    if spread * spread * 2 * len(ring) < 2**62:
        return int((local[:, 0] * ahead[:, 1] - local[:, 1] * ahead[:, 0]).sum())
    xs, ys = local[:, 0].tolist(), local[:, 1].tolist()
    return sum(xs[i - 1] * ys[i] - ys[i - 1] * xs[i] for i in range(len(ring)))


def directed(ring: Ring, *, ccw: bool) -> Ring:
    """The ring in the asked direction, keeping its first point.

    >>> directed(((0, 0), (0, 4), (4, 0)), ccw=True)
    ((0, 0), (4, 0), (0, 4))
    """
    if len(ring) < 3 or (twice_area(ring) >= 0) == ccw:
        return ring
    return (ring[0], *reversed(ring[1:]))


def started_at(ring: Ring, point: Point) -> Ring:
    """The ring rotated to begin at `point`."""
    at = ring.index(point)
    return ring[at:] + ring[:at]
