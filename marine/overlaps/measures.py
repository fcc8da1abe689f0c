"""The geometry of pairs: whether interiors meet, exactly, and how much they share, in metres.

Whether they meet is decided on whole milliseconds of arc, where it is exact; metres are taken on the draft's own planes
(register.md §1): areas Gauss–Krüger, widths and edges on the affine one.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from marine.overlaps.pairs import Tolerance
from marine.planes import central_meridian, gauss_kruger, local_plane
from marine.touching import common_edges, gap_stretches
from marine.widths import widths

Array = npt.NDArray[Any]

# Milliseconds: overlaps that are thinner on average are asked again, of a predicate that does not construct points. Where an
# overlap is real, constructed points may round it away; where only edges are shared, a snapping overlay may invent it.
_DOUBTFUL_MS = 0.05
_LINES_AND_POINTS = 1
_POLYGON, _MULTIPOLYGON = shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON


class DraftPlanes:
    """The planes of the drafts of some pairs. `row[i]` is the draft (among the distinct ones) of pair i."""

    def __init__(self, geometry: Array, draft_index: Array) -> None:
        self.drafts, self.row = np.unique(draft_index, return_inverse=True)
        self._bounds = shapely.bounds(geometry[self.drafts]).reshape(-1, 4)
        self.centres = (self._bounds[:, :2] + self._bounds[:, 2:]) // 2
        self.scales = np.array([local_plane(lon, lat).scale for lon, lat in self.centres]).reshape(-1, 2)
        self._meridians: Array | None = None

    def local(self, shapes: Array, row: Array) -> Array:
        """Shapes in milliseconds on the local planes of their drafts, metres."""
        xy, of = shapely.get_coordinates(shapes, return_index=True)
        row = row[of]
        return _moved(shapes, (xy - self.centres[row]) * self.scales[row])

    def milliseconds(self, shapes: Array, row: Array) -> Array:
        """The way back from `local`, in float milliseconds."""
        xy, of = shapely.get_coordinates(shapes, return_index=True)
        row = row[of]
        return _moved(shapes, xy / self.scales[row] + self.centres[row])

    def areas(self, shapes: Array, row: Array) -> Array:
        """Square metres of shapes in milliseconds on the Gauss–Krüger planes of their drafts."""
        return self._measured(shapes, row, shapely.area)

    def lengths(self, shapes: Array, row: Array) -> Array:
        """Metres of lines in milliseconds on the Gauss–Krüger planes of their drafts."""
        return self._measured(shapes, row, shapely.length)

    def _measured(self, shapes: Array, row: Array, measure: Any) -> Array:
        meridians = self._each_meridian()[row]
        found = np.zeros(len(shapes))
        for meridian in dict.fromkeys(meridians):
            here = np.flatnonzero(meridians == meridian)
            xy = shapely.get_coordinates(shapes[here])
            found[here] = measure(_moved(shapes[here], gauss_kruger(meridian).to_metres(xy)))
        return found

    def _each_meridian(self) -> Array:
        if self._meridians is None:
            sides: list[Decimal] = [central_meridian(int(west), int(east)) for west, _, east, _ in self._bounds]
            self._meridians = np.array(sides, dtype=object)
        return self._meridians


@dataclass(frozen=True, slots=True, kw_only=True)
class Meetings:
    """How pairs meet in the plane. Arrays of one length; see `Pairs` for units."""

    overlaps: Array
    touches: Array
    overlap_m2: Array
    share_draft: Array
    share_other: Array
    width_m: Array
    shared_edge_m: Array
    geometry: Array


def meet(
    drafts: Array, others: Array, draft_index: Array, other_index: Array, *, limits: Array, tolerance: Tolerance
) -> Meetings:
    """How each pair of valid polygons (milliseconds) meets; a width at most its limit (metres) is right to 0.00001 m."""
    one, other = drafts[draft_index], others[other_index]
    common = np.asarray(shapely.intersection(one, other), dtype=object)
    overlaps, touches = _interiors(one, other, common)
    count = len(one)
    planes = DraftPlanes(drafts, draft_index)
    overlap, width, edge = np.zeros(count), np.zeros(count), np.zeros(count)
    shares = np.zeros((2, count))
    geometry = np.full(count, None, dtype=object)

    real = np.flatnonzero(overlaps)
    if len(real):
        row = planes.row[real]
        surface = surfaces(common[real])
        geometry[real] = np.where(shapely.is_empty(surface), common[real], surface)
        overlap[real] = planes.areas(surface, row)
        shares[0, real] = overlap[real] / _areas_of_drafts(planes, drafts, row)
        shares[1, real] = np.minimum(1, overlap[real] / planes.areas(other[real], row))
        width[real] = widths(planes.local(surface, row), limits[real])
        edge[real] = shapely.length(planes.local(common_edges(one[real], other[real]), row))

    rest = np.flatnonzero(~overlaps)
    if len(rest):
        touches[rest], edge[rest], geometry[rest] = _contacts(
            planes, one[rest], other[rest], common[rest], touches[rest], rest, tolerance
        )
    return Meetings(
        overlaps=overlaps,
        touches=touches,
        overlap_m2=overlap,
        share_draft=np.minimum(1, shares[0]),
        share_other=shares[1],
        width_m=width,
        shared_edge_m=edge,
        geometry=geometry,
    )


def surfaces(shapes: Array) -> Array:
    """Only the polygons of each shape: a common part may hold lines and points beside them."""
    found = np.array(shapes, dtype=object)
    kind = shapely.get_type_id(shapes)
    for i in np.flatnonzero((kind != _POLYGON) & (kind != _MULTIPOLYGON)):
        parts = shapely.get_parts(shapely.get_parts(shapes[i]))
        found[i] = shapely.multipolygons(parts[shapely.get_dimensions(parts) == 2])
    return found


def _interiors(one: Array, other: Array, common: Array) -> tuple[Array, Array]:
    """Whether the interiors of each pair meet, and whether they only touch; exact for whole milliseconds."""
    area, length = shapely.area(common), shapely.length(common)
    overlaps = area > _DOUBTFUL_MS * (length + 1)
    touches = np.zeros(len(one), dtype=bool)
    doubtful = np.flatnonzero(~overlaps)
    doubtful = doubtful[shapely.intersects(one[doubtful], other[doubtful])]
    if len(doubtful):
        overlaps[doubtful] = shapely.relate_pattern(one[doubtful], other[doubtful], "T********")
        touches[doubtful] = ~overlaps[doubtful]
    return overlaps, touches


def _areas_of_drafts(planes: DraftPlanes, drafts: Array, row: Array) -> Array:
    """Square metres of the draft of each pair, each draft measured once."""
    distinct, back = np.unique(row, return_inverse=True)
    return planes.areas(drafts[planes.drafts[distinct]], distinct)[back]


def _contacts(
    planes: DraftPlanes, one: Array, other: Array, common: Array, touches: Array, pair: Array, tolerance: Tolerance
) -> tuple[Array, Array, Array]:
    """For pairs without common interior: whether they touch, the shared edge in metres, and what is touched."""
    row = planes.row[pair]
    edge, geometry = np.zeros(len(one)), np.full(len(one), None, dtype=object)
    exact = np.flatnonzero(touches)
    geometry[exact] = common[exact]
    edge[exact] = shapely.length(planes.local(lines_and_points(common[exact]), row[exact]))
    # Points shared at most: rounding may have left a gap between what is one edge in the sea.
    near = np.flatnonzero((edge == 0) & (touches | _boxes_within(planes.scales[row], one, other, tolerance.touch_gap)))
    if len(near):
        stretches = gap_stretches(
            planes.local(one[near], row[near]), planes.local(other[near], row[near]), tolerance.touch_gap
        )
        edge[near] = shapely.length(stretches)
        found = edge[near] > 0
        touches = touches.copy()
        touches[near] |= found
        geometry[near[found]] = planes.milliseconds(stretches[found], row[near[found]])
    return touches, edge, geometry


def lines_and_points(shapes: Array) -> Array:
    """Each shape without the polygons that a snapping overlay may have left of a mere contact."""
    found = np.array(shapes, dtype=object)
    for i in np.flatnonzero(shapely.area(shapes) > 0):
        parts = shapely.get_parts(shapely.get_parts(shapes[i]))
        found[i] = shapely.geometrycollections(parts[shapely.get_dimensions(parts) <= _LINES_AND_POINTS])
    return found


def _boxes_within(scales: Array, one: Array, other: Array, gap: float) -> Array:
    reach = gap / scales
    a, b = shapely.bounds(one).reshape(-1, 4), shapely.bounds(other).reshape(-1, 4)
    apart = np.maximum(a[:, :2], b[:, :2]) - np.minimum(a[:, 2:], b[:, 2:])
    return np.asarray((apart <= reach).all(axis=1))


def _moved(shapes: Array, xy: Array) -> Array:
    return np.asarray(shapely.set_coordinates(np.array(shapes, dtype=object), xy), dtype=object)
