"""What is wrong with a ring by itself (shape, spikes, needles, near repeats), each located at its vertex and, where one is known, with an offered repair that a person accepts.

A finding's `geometry` is the polygon with every fault of that kind mended, in milliseconds of arc; `remedy` names the act.
Nothing here changes a boundary by itself (register.md §1). Lengths are metres on the local plane of the polygon.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from marine.coordinates import MS_PER_DEGREE, dms
from marine.findings import Finding, Severity, Vertex
from marine.planes import LocalPlane, local_plane
from marine.polygons import Array, IntArray, Point, Polygon, Ring, as_array

# The same fault a thousand times is one message with a count, not a thousand messages.
MOST_TOLD = 20
# Sine of the sharpest corner that can still be meant; below it (6°) a corner narrower than the limit is a slip of the pen.
_NEEDLE = 0.1

Namer = Callable[[Point], int | None]


@dataclass(frozen=True, slots=True)
class Limits:
    """Lengths in metres from the rule book (`boundary.duplicate_m`, `boundary.densify_m`); the defaults are the house's own."""

    duplicate_m: float = 0.05
    densify_m: float = 0.10


HOUSE_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Place:
    """What is looked at: a polygon, which unit it is (from 0; None for the parcel), and what its points are called."""

    polygon: Polygon
    unit: int | None = None
    name_of: Namer | None = None

    @property
    def plane(self) -> LocalPlane:
        """The affine plane of the polygon's middle."""
        points = as_array(self.polygon.exterior)
        middle = (points.min(axis=0) + points.max(axis=0)) / 2
        return local_plane(float(middle[0]), float(middle[1]))

    def vertex(self, ring: int, index: int) -> Vertex:
        """The vertex as findings name it."""
        points = self.polygon.rings[ring]
        if not points:
            return Vertex(ring, index, unit=self.unit)
        lon, lat = points[index]
        return Vertex(ring, index, lon, lat, self.unit)

    def tell(self, code: str, ring: int, index: int, severity: Severity = Severity.BLOCKS, **more: Any) -> Finding:
        """A finding at one vertex; `point` is its number, or its place in the ring counted from 1."""
        at = self.vertex(ring, index)
        number = self.name_of((at.lon, at.lat)) if self.name_of and at.lon is not None and at.lat is not None else None
        facts: dict[str, Any] = {"point": number if number is not None else index + 1, "ring": ring}
        if at.lon is not None and at.lat is not None:
            facts |= {"lon": dms(at.lon), "lat": dms(at.lat)}
        if self.unit is not None:
            facts["unit"] = self.unit + 1
        facts |= more.pop("facts", {})
        return Finding(code=code, severity=severity, at=at, facts=facts, **more)


def shapeless(place: Place) -> list[Finding]:
    """Rings that have no inside at all, and points that are nowhere on earth."""
    found: list[Finding] = []
    for at, ring in enumerate(place.polygon.rings):
        if len(found) == MOST_TOLD:
            break
        distinct = len(set(ring))
        if distinct < 3:
            remedy = "hole.drop" if at else None
            found.append(place.tell("ring.too_few", at, 0, facts={"count": distinct}, remedy=remedy))
            continue
        points = as_array(ring)
        outside = (np.abs(points[:, 0]) > 180 * MS_PER_DEGREE) | (np.abs(points[:, 1]) > 90 * MS_PER_DEGREE)
        if outside.any():
            found.append(place.tell("point.out_of_range", at, int(outside.argmax())))
        elif _on_one_line(points):
            found.append(place.tell("ring.zero_area", at, 0, remedy="hole.drop" if at else None))
    return found


def _on_one_line(points: IntArray) -> bool:
    away = points - points[0]
    far = away[int(np.abs(away).max(axis=1).argmax())]
    return not np.any(away[:, 0] * far[1] - away[:, 1] * far[0])


def corners(points: IntArray | Array) -> tuple[Any, Any]:
    """At each vertex the vectors to the point before and to the point after."""
    return np.roll(points, 1, axis=0) - points, np.roll(points, -1, axis=0) - points


def spike_tips(points: IntArray) -> Any:
    """Where the ring turns back exactly on itself."""
    back, ahead = corners(points)
    cross = back[:, 0] * ahead[:, 1] - back[:, 1] * ahead[:, 0]
    dot = back[:, 0] * ahead[:, 0] + back[:, 1] * ahead[:, 1]
    return (cross == 0) & (dot > 0)


def without_spikes(polygon: Polygon) -> Polygon:
    """The polygon with every exact spike taken off, until none is left.

    >>> without_spikes(Polygon(((0, 0), (4, 0), (9, 0), (4, 0), (4, 4)))).exterior
    ((0, 0), (4, 0), (4, 4))
    """
    return Polygon(_despiked(polygon.exterior), tuple(_despiked(hole) for hole in polygon.holes))


def _despiked(ring: Ring) -> Ring:
    """One walk along the ring; a tip is taken back as soon as the point after it is known, then the seam is looked at."""
    kept: deque[Point] = deque()
    for point in ring:
        while len(kept) >= 2 and _is_tip(kept[-2], kept[-1], point):
            kept.pop()
        if not kept or kept[-1] != point:
            kept.append(point)
    while len(kept) >= 3:
        if kept[-1] == kept[0] or _is_tip(kept[-2], kept[-1], kept[0]):
            kept.pop()
        elif _is_tip(kept[-1], kept[0], kept[1]):
            kept.popleft()
        else:
            break
    return tuple(kept)


def _is_tip(before: Point, tip: Point, after: Point) -> bool:
    back, ahead = (before[0] - tip[0], before[1] - tip[1]), (after[0] - tip[0], after[1] - tip[1])
    return back[0] * ahead[1] == back[1] * ahead[0] and back[0] * ahead[0] + back[1] * ahead[1] > 0


def _told(place: Place, code: str, hits: Sequence[tuple[int, int]], **more: Any) -> list[Finding]:
    """The first findings of one kind at (ring, index); each knows how many there are in all."""
    facts = {"count": len(hits), **more.pop("facts", {})}
    return [place.tell(code, ring, index, facts=facts, **more) for ring, index in hits[:MOST_TOLD]]


def spikes(place: Place) -> list[Finding]:
    hits = _hits(place, lambda points: spike_tips(points))
    if not hits:
        return []
    mended = without_spikes(place.polygon)
    geometry = mended.to_shapely() if len(mended.exterior) >= 3 else None
    return _told(place, "ring.spike", hits, remedy="ring.remove_spike", geometry=geometry)


def near_repeats(place: Place, limits: Limits) -> list[Finding]:
    """Neighbouring points nearer than the limit: not invalid, but nobody can set them out."""
    plane = place.plane

    def near(points: IntArray) -> Any:
        back, _ = corners(plane.to_metres(points))
        return np.hypot(back[:, 0], back[:, 1]) < limits.duplicate_m

    hits = _hits(place, near)
    if not hits:
        return []
    mended = _dropped(place.polygon, hits).to_shapely()
    geometry = mended if not mended.is_empty and mended.is_valid else None
    facts = {"limit_m": limits.duplicate_m}
    return _told(
        place,
        "ring.duplicate_point",
        hits,
        severity=Severity.WARNS,
        remedy="ring.merge_points" if geometry is not None else None,
        geometry=geometry,
        facts=facts,
    )


def needles(place: Place, limits: Limits) -> list[Finding]:
    """Spikes that are not exact: a corner under 6° whose shorter side lies within the limit of the longer."""
    plane = place.plane

    def thin(points: IntArray) -> Any:
        back, ahead = corners(plane.to_metres(points))
        cross = np.abs(back[:, 0] * ahead[:, 1] - back[:, 1] * ahead[:, 0])
        dot = back[:, 0] * ahead[:, 0] + back[:, 1] * ahead[:, 1]
        one, two = np.hypot(back[:, 0], back[:, 1]), np.hypot(ahead[:, 0], ahead[:, 1])
        longer, shorter = np.maximum(one, two), np.minimum(one, two)
        narrow = (cross < limits.duplicate_m * longer) & (cross < _NEEDLE * longer * shorter)
        return narrow & (dot > 0) & (shorter >= limits.duplicate_m) & ~spike_tips(points)

    hits = _hits(place, thin)
    if not hits:
        return []
    mended = _dropped(place.polygon, hits).to_shapely()
    geometry = mended if not mended.is_empty and mended.is_valid else None
    remedy = "ring.remove_spike" if geometry is not None else None
    return _told(place, "ring.needle", hits, severity=Severity.WARNS, remedy=remedy, geometry=geometry)


def _hits(place: Place, test: Callable[[IntArray], Any]) -> list[tuple[int, int]]:
    return [
        (at, int(index))
        for at, ring in enumerate(place.polygon.rings)
        for index in np.flatnonzero(test(as_array(ring)))
    ]


def _dropped(polygon: Polygon, hits: Iterable[tuple[int, int]]) -> Polygon:
    """The polygon without the points at (ring, index)."""
    gone = set(hits)
    rings = [
        tuple(point for index, point in enumerate(ring) if (at, index) not in gone)
        for at, ring in enumerate(polygon.rings)
    ]
    return Polygon(rings[0], tuple(rings[1:]))


def not_closed(points: Sequence[Point], place_ring: int = 0) -> Finding | None:
    """For file forms whose rings must repeat the first point: the finding if this one does not (rings here are unclosed).

    >>> not_closed([(0, 0), (9, 0), (0, 9), (0, 0)]) is None
    True
    """
    if len(points) < 2 or points[0] == points[-1]:
        return None
    ring = tuple(points)
    place = Place(Polygon(ring))
    gap = place.plane.to_metres([ring[0]]) - place.plane.to_metres([ring[-1]])
    return place.tell(
        "ring.not_closed",
        0,
        len(ring) - 1,
        Severity.WARNS,
        facts={"gap_m": round(float(np.hypot(*gap[0])), 3), "ring": place_ring},
        remedy="ring.close",
        geometry=shapely.Polygon(ring) if len(ring) >= 3 else None,
    )
