"""Boundaries of many parcels at once: the same values as `marine.boundary.measured` gives one by one, for bulk adoption.

Whole registers come in by the hundred thousand; here the points of all simple rings lie in one array, and only the texts that
are hashed are made ring by ring.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from marine.areas import FOURTH_PLACE
from marine.boundary import Boundary, measured
from marine.coordinates import MS_PER_DEGREE
from marine.hashing import HEADER, text_hash
from marine.planes import gauss_kruger
from marine.polygons import Polygon

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def measured_many(geometries: Sequence[Any] | npt.NDArray[Any]) -> list[Boundary | None]:
    """The boundary of each shapely polygon in whole milliseconds of arc, None where it is not valid; one unit each.

    >>> one, none = measured_many([shapely.box(439_200_000, 133_200_000, 439_204_000, 133_204_000), shapely.Polygon()])
    >>> one == measured(Polygon.from_shapely(shapely.box(439_200_000, 133_200_000, 439_204_000, 133_204_000))), none
    (True, None)
    """
    whole = np.asarray(geometries, dtype=object)
    valid = shapely.is_valid(whole) & ~shapely.is_empty(whole) & (shapely.get_type_id(whole) == 3)
    simple = valid & (shapely.get_num_interior_rings(whole) == 0)
    made: list[Boundary | None] = [None] * len(whole)
    for at in np.flatnonzero(valid & ~simple):
        made[at] = measured(Polygon.from_shapely(whole[at]).without_repeats())
    places = np.flatnonzero(simple)
    if len(places):
        for at, boundary in zip(places, _simple(whole[places]), strict=True):
            made[at] = boundary
    return made


@dataclass(frozen=True, slots=True)
class _Rings:
    """Unclosed rings end to end: `points` N×2, `start` and `count` of each ring."""

    points: Ints
    start: Ints
    count: Ints

    @property
    def owner(self) -> Ints:
        return np.repeat(np.arange(len(self.count)), self.count)

    def turned(self, first: Ints) -> _Rings:
        """Each ring begun at the point with the index `first` (counted in its own ring)."""
        within = np.arange(len(self.points)) - self.start[self.owner]
        moved = (within + first[self.owner]) % self.count[self.owner]
        return _Rings(self.points[self.start[self.owner] + moved], self.start, self.count)

    def ahead(self) -> Ints:
        """The next point round the ring, for each point."""
        following = np.arange(1, len(self.points) + 1)
        following[self.start + self.count - 1] = self.start
        return following

    def sum(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        total: npt.NDArray[Any] = np.add.reduceat(values, self.start)
        return total


def _simple(polygons: npt.NDArray[Any]) -> list[Boundary]:
    rings = _directed(_without_repeats(_open_rings(polygons)))
    first_numbered = _best(rings, rings.points[:, 1] - rings.points[:, 0], rings.points[:, 1])
    numbered = rings.turned(first_numbered)
    canonical = rings.turned(_best(rings, -rings.points[:, 0], -rings.points[:, 1]))
    meridians = _meridians(rings)
    hectares = _hectares(numbered, meridians)
    made = []
    for at, (start, count) in enumerate(zip(rings.start.tolist(), rings.count.tolist(), strict=True)):
        ring = tuple(map(tuple, numbered.points[start : start + count].tolist()))
        text = " ".join(f"{lon},{lat}" for lon, lat in canonical.points[start : start + count].tolist())
        canonical_text = f"{HEADER}\nP {text}\n"
        digest = text_hash(canonical_text)
        polygon = Polygon(ring)
        numbers = tuple(zip(ring, range(1, count + 1), strict=True))
        area = Decimal(repr(float(hectares[at]))) / 10_000
        area = area.quantize(FOURTH_PLACE, rounding=ROUND_HALF_EVEN)
        made.append(Boundary(polygon, (polygon,), numbers, meridians[at], area, (area,), digest, (), canonical_text))
    return made


def _open_rings(polygons: npt.NDArray[Any]) -> _Rings:
    exteriors = shapely.get_exterior_ring(polygons)
    coordinates, owner = shapely.get_coordinates(exteriors, return_index=True)
    points = np.rint(coordinates).astype(np.int64)
    closing = np.append(owner[1:] != owner[:-1], True)
    return _grouped(points[~closing], owner[~closing])


def _grouped(points: Ints, owner: Ints) -> _Rings:
    count = np.bincount(owner)
    return _Rings(points, np.concatenate([[0], np.cumsum(count)[:-1]]), count)


def _without_repeats(rings: _Rings) -> _Rings:
    """As polygons.without_repeats: of a run the first stays, of one that wraps round the end the one at the start."""
    before = np.arange(-1, len(rings.points) - 1)
    before[rings.start] = rings.start + rings.count - 1
    keep = np.any(rings.points != rings.points[before], axis=1)
    if keep.all():
        return rings
    keep[rings.start] = True
    for ring in np.unique(rings.owner[~keep | (np.any(rings.points != rings.points[before], axis=1) != keep)]):
        low, last = rings.start[ring], rings.start[ring] + rings.count[ring]
        while last > low + 1 and (rings.points[last - 1] == rings.points[low]).all():
            last -= 1
            keep[last] = False
    return _grouped(rings.points[keep], rings.owner[keep])


def _directed(rings: _Rings) -> _Rings:
    """Counter-clockwise, each keeping its first point; twice the area in ms² is exact in 64 bits for boxes under 12°."""
    local = rings.points - rings.points[rings.start][rings.owner]
    ahead = local[rings.ahead()]
    clockwise = rings.sum(local[:, 0] * ahead[:, 1] - local[:, 1] * ahead[:, 0]) < 0
    within = np.arange(len(rings.points)) - rings.start[rings.owner]
    mirrored = np.where(within == 0, 0, rings.count[rings.owner] - within)
    taken = np.where(clockwise[rings.owner], mirrored, within)
    return _Rings(rings.points[rings.start[rings.owner] + taken], rings.start, rings.count)


def _best(rings: _Rings, key: Ints, tie: Ints) -> Ints:
    """Index in its ring of the point with the greatest key, of equal ones the greatest tie, of equal ones the first."""
    order = np.lexsort((-np.arange(len(key)), tie, key, rings.owner))
    last = rings.start + rings.count - 1
    found: Ints = order[last] - rings.start
    return found


def _meridians(rings: _Rings) -> list[Decimal]:
    west = np.minimum.reduceat(rings.points[:, 0], rings.start)
    east = np.maximum.reduceat(rings.points[:, 0], rings.start)
    halves = (west + east + MS_PER_DEGREE // 2) // MS_PER_DEGREE
    return [Decimal(half) * Decimal("0.5") for half in halves.tolist()]


def _hectares(rings: _Rings, meridians: list[Decimal]) -> Floats:
    """Square metres of each ring on its own plane, summed as areas.square_metres does."""
    kinds = sorted(set(meridians))
    which = np.array([kinds.index(meridian) for meridian in meridians])
    metres = np.empty(rings.points.shape, dtype=np.float64)
    for number, meridian in enumerate(kinds):
        mine = which[rings.owner] == number
        metres[mine] = gauss_kruger(meridian).to_metres(rings.points[mine])
    local = metres - metres[rings.start][rings.owner]
    ahead = local[rings.ahead()]
    areas: Floats = np.abs(rings.sum(local[:, 0] * ahead[:, 1] - local[:, 1] * ahead[:, 0])) / 2.0
    return areas
