"""How drafts stand to regions: zones, places, sea limits, the shoreline. The plane alone counts; dates and modes are the caller's.

Overlaps up to a layer's stated accuracy, at least 0.10 m, are within tolerance (register.md §2). What a true overlap means is
said by the layer's effect (register.md §3).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from marine.findings import Grade
from marine.overlaps.measures import DraftPlanes, surfaces
from marine.overlaps.pairs import RegionPairs, Tolerance
from marine.widths import widths

Array = npt.NDArray[Any]

# What a true overlap with a zone of this effect is to the applicant (register.md §3).
EFFECT_GRADES: dict[str, Grade] = {
    "forbid": Grade.CONFLICT,
    "restrict": Grade.NEEDS_CONSENT,
    "consult": Grade.NEEDS_CONSENT,
    "inform": Grade.COMPATIBLE,
}
_CIRCLE_SEGMENTS = 32
_MARGIN_M = 10.0
_MANY_POINTS = 400
_AROUND_MS = 1_000
# How wide a zone lies over a parcel is told, and decides nothing beyond the zone's accuracy: a thousandth of the size will do.
WIDTH_SHARE = 0.0005


def overlaps_with_regions(
    drafts: Array,
    regions: Array,
    draft_index: npt.ArrayLike,
    region_index: npt.ArrayLike,
    *,
    tolerance: Tolerance,
    accuracy: npt.ArrayLike = np.nan,
    buffer_m: npt.ArrayLike = 0.0,
    effects: npt.ArrayLike | None = None,
) -> RegionPairs:
    """Compare drafts (polygons) with regions (polygons or lines), all in milliseconds.

    For each region: `accuracy` in metres (NaN: not stated), `buffer_m` metres by which it is grown on the draft's local plane,
    `effects` one of EFFECT_GRADES (none given: a true overlap is a conflict).

    >>> import shapely
    >>> draft, zone = shapely.box(0, 0, 4000, 4000), shapely.box(3000, 0, 9000, 4000)
    >>> found = overlaps_with_regions([draft], [zone], [0], [0], tolerance=Tolerance(), effects=["inform"])
    >>> Grade(found.grade[0]).word, round(float(found.share_draft[0]), 2)
    ('compatible', 0.25)
    """
    draft_array, region_array = _objects(drafts), _objects(regions)
    one, other = np.asarray(draft_index, dtype=np.intp), np.asarray(region_index, dtype=np.intp)
    limit = np.fmax(np.broadcast_to(np.asarray(accuracy, dtype=float), region_array.shape)[other], tolerance.zone_least)
    grown = np.broadcast_to(np.asarray(buffer_m, dtype=float), region_array.shape)[other]
    planes = DraftPlanes(draft_array, one)
    mine, theirs = draft_array[one], _grown(planes, draft_array[one], region_array[other], grown)
    common, inside, touches = _common(mine, theirs)

    count = len(one)
    overlap, share, width, length = (np.zeros(count) for _ in range(4))
    geometry = np.full(count, None, dtype=object)
    geometry[touches] = common[touches]
    beyond = np.zeros(count, dtype=bool)
    flat = shapely.get_dimensions(theirs) == 2
    areal = np.flatnonzero(inside & flat)
    if len(areal):
        row, surface = planes.row[areal], surfaces(common[areal])
        geometry[areal] = surface
        overlap[areal] = planes.areas(surface, row)
        share[areal] = np.minimum(1, overlap[areal] / planes.areas(mine[areal], row))
        width[areal] = widths(planes.local(surface, row), limit[areal], share=WIDTH_SHARE)
        beyond[areal] = width[areal] > limit[areal]
    linear = np.flatnonzero(inside & ~flat)
    if len(linear):
        row = planes.row[linear]
        geometry[linear] = common[linear]
        length[linear] = planes.lengths(common[linear], row)
        beyond[linear] = _deeper(planes.local(mine[linear], row), planes.local(common[linear], row), limit[linear])
    grades = np.full(count, Grade.CLEAR, dtype=np.int8)
    grades[touches] = Grade.TOUCHING
    grades[inside] = Grade.WITHIN_TOLERANCE
    grades[beyond] = _meaning(effects, other)[beyond]
    return RegionPairs(
        grade=grades,
        overlaps=beyond,
        overlap_m2=overlap,
        share_draft=share,
        width_m=width,
        length_m=length,
        geometry=geometry,
    )


def _objects(shapes: Any) -> Array:
    if isinstance(shapes, np.ndarray):
        return shapes
    found = np.empty(len(shapes), dtype=object)
    found[:] = list(shapes)
    return found


def _meaning(effects: npt.ArrayLike | None, other: Array) -> Array:
    if effects is None:
        return np.full(len(other), Grade.CONFLICT, dtype=np.int8)
    named = np.asarray(effects, dtype=object)
    return np.array([EFFECT_GRADES[name] for name in named], dtype=np.int8)[other]


def _common(one: Array, other: Array) -> tuple[Array, Array, Array]:
    """The common parts, whether they reach into the draft's interior, and whether the two only touch."""
    inside, touches = np.zeros(len(one), dtype=bool), np.zeros(len(one), dtype=bool)
    common = np.full(len(one), None, dtype=object)
    meeting = np.flatnonzero(shapely.intersects(other, one))
    # A draft that lies wholly in a large prepared zone need not be cut with its ten thousand points.
    held = np.zeros(len(meeting), dtype=bool)
    ready = np.flatnonzero(shapely.is_prepared(other[meeting]) & (shapely.get_dimensions(other[meeting]) == 2))
    held[ready] = shapely.contains_properly(other[meeting[ready]], one[meeting[ready]])
    whole, cut = meeting[held], meeting[~held]
    common[whole], inside[whole] = one[whole], True
    if len(cut):
        common[cut] = shapely.intersection(one[cut], _clipped(other[cut], one[cut]))
        reaching = shapely.area(common[cut]) > 0.05 * (shapely.length(common[cut]) + 1)
        doubtful = np.flatnonzero(~reaching)
        reaching[doubtful] = shapely.relate_pattern(one[cut[doubtful]], other[cut[doubtful]], "T********")
        inside[cut], touches[cut] = reaching, ~reaching
    return common, inside, touches


def _clipped(regions: Array, drafts: Array) -> Array:
    """Regions of many points cut down to the surroundings of their drafts: four times faster at ten thousand points.

    The new points lie outside the draft; they move what is left of the cut edges by less than a millionth of a millisecond.
    """
    found = regions
    for i in np.flatnonzero(shapely.get_num_coordinates(regions) > _MANY_POINTS):
        west, south, east, north = shapely.bounds(drafts[i])
        piece = shapely.clip_by_rect(
            regions[i], west - _AROUND_MS, south - _AROUND_MS, east + _AROUND_MS, north + _AROUND_MS
        )
        if shapely.is_valid(piece):
            found = found.copy() if found is regions else found
            found[i] = piece
    return found


def _grown(planes: DraftPlanes, one: Array, regions: Array, buffer_m: Array) -> Array:
    """The regions, those with a buffer grown by it; of these only what lies near the draft is built."""
    found = regions
    wanted = np.flatnonzero(buffer_m > 0)
    if len(wanted):
        found = regions.copy()
        row = planes.row[wanted]
        reach = (buffer_m[wanted, None] + _MARGIN_M) / planes.scales[row]
        box = shapely.bounds(one[wanted])
        for place, i in enumerate(wanted):
            west, south = box[place, :2] - reach[place]
            east, north = box[place, 2:] + reach[place]
            found[i] = _near(regions[i], shapely.box(west, south, east, north))
        local = planes.local(found[wanted], row)
        around = shapely.buffer(local, buffer_m[wanted], quad_segs=_CIRCLE_SEGMENTS)
        found[wanted] = planes.milliseconds(around, row)
    return found


def _near(region: Any, box: Any) -> Any:
    """The part of a region in a box; its own shape where the box holds it all."""
    return region if shapely.covers(box, region) else shapely.intersection(region, box)


def _deeper(drafts: Array, lines: Array, limit: Array) -> Array:
    """Whether a line reaches deeper into a draft than the limit, metres."""
    cores = shapely.buffer(drafts, -limit, quad_segs=_CIRCLE_SEGMENTS)
    return np.asarray(shapely.intersects(cores, lines))
