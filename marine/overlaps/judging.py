"""The one place that says conflict: grades between rights, claims and drafts (register.md §2).

How the rules meet where the page leaves it open:
- Days or months apart: clear, whatever the plane; the geometry is not even cut.
- Width comes before layers: what is at most 0.10 m wide is within tolerance "whatever it is", layered or not.
- A new survey (`boundary.resurvey`) softens what would be a conflict. Between disjoint layers the way out stays the consent, for any width.
- Layers kept apart by surveyed heights are disjoint layers: stacked rights, which need the consent and the papers like any others.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from marine.findings import Grade
from marine.overlaps.attributes import ForbiddenPair, Shared, never_together, shared
from marine.overlaps.measures import Meetings, meet
from marine.overlaps.pairs import Pairs, Tolerance
from marine.spaces import Spaces

Array = npt.NDArray[Any]

_CHUNK = 20_000


def grade(
    drafts: Spaces,
    others: Spaces,
    draft_index: npt.ArrayLike,
    other_index: npt.ArrayLike,
    *,
    tolerance: Tolerance,
    forbidden_layer_pairs: Sequence[ForbiddenPair] = (),
    papers: npt.ArrayLike | None = None,
) -> Pairs:
    """Grade the pairs (drafts[draft_index[i]], others[other_index[i]]); geometry is valid polygons in milliseconds.

    `papers`: for each pair, whether the earlier holder's consent or a settlement and the argumentation's conclusion are on file;
    without it, whether both sides say so. One pair is an array of one, and gets the same answer as among a million.

    >>> import shapely
    >>> from marine.spaces import Layer, Space
    >>> mine = Spaces.of([Space(geometry=shapely.box(0, 0, 4000, 4000), layers=Layer.SEABED)])
    >>> theirs = Spaces.of([
    ...     Space(geometry=shapely.box(2000, 0, 6000, 4000)),
    ...     Space(geometry=shapely.box(4000, 0, 6000, 4000)),
    ...     Space(geometry=shapely.box(2000, 0, 6000, 4000), layers=Layer.SURFACE),
    ... ])
    >>> found = grade(mine, theirs, [0, 0, 0], [0, 1, 2], tolerance=Tolerance())
    >>> [Grade(g).word for g in found.grade], found.reason.tolist()
    (['conflict', 'touching', 'needs_consent'], ['sea.exclusive', 'boundary.touching', 'layers.consent'])
    >>> len(grade(mine, theirs, [], [], tolerance=Tolerance()))
    0
    """
    one, other = np.asarray(draft_index, dtype=np.intp), np.asarray(other_index, dtype=np.intp)
    common = shared(drafts, others, one, other)
    live = np.flatnonzero(~(common.dates_apart | common.months_apart))
    limits = _resurvey_limits(drafts, others, one[live], other[live], tolerance)
    plane = meet(drafts.geometry, others.geometry, one[live], other[live], limits=limits, tolerance=tolerance)
    on_file = _papers(drafts, others, one, other, papers)
    forbidden = never_together(forbidden_layer_pairs, drafts, others, one[live], other[live])

    grades = np.full(len(one), Grade.CLEAR, dtype=np.int8)
    reasons = np.full(len(one), "", dtype=object)
    reasons[common.months_apart] = "months.apart"
    reasons[common.dates_apart] = "dates.apart"
    grades[live], reasons[live] = _judged(
        plane,
        shared_layers=common.layers[live] != 0,
        layering=_layering(drafts, others, one[live], other[live], common, live, on_file[live]),
        forbidden=forbidden,
        limits=limits,
        tolerance=tolerance,
    )
    return _assembled(grades, reasons, common, plane, live)


def grade_many(
    drafts: Spaces,
    others: Spaces,
    draft_index: npt.ArrayLike,
    other_index: npt.ArrayLike,
    *,
    tolerance: Tolerance,
    forbidden_layer_pairs: Sequence[ForbiddenPair] = (),
    papers: npt.ArrayLike | None = None,
    threads: int | None = None,
    keep_geometry: bool = True,
) -> Pairs:
    """`grade` in chunks and threads (GEOS works outside the interpreter's lock), with the same answer; for region-wide audits.

    Without `keep_geometry` the common parts are dropped chunk by chunk, which a million pairs need.
    """
    one, other = np.asarray(draft_index, dtype=np.intp), np.asarray(other_index, dtype=np.intp)
    on_file = _papers(drafts, others, one, other, papers)
    workers = threads or os.cpu_count() or 1
    chunk = max(1, min(_CHUNK, -(-len(one) // workers)))

    def work(start: int) -> Pairs:
        part = slice(start, start + chunk)
        found = grade(
            drafts,
            others,
            one[part],
            other[part],
            tolerance=tolerance,
            forbidden_layer_pairs=forbidden_layer_pairs,
            papers=on_file[part],
        )
        if not keep_geometry:
            found.geometry[:] = None
        return found

    starts = range(0, max(1, len(one)), chunk)
    with ThreadPoolExecutor(workers) as pool:
        return Pairs.joined(list(pool.map(work, starts)))


def _papers(drafts: Spaces, others: Spaces, one: Array, other: Array, papers: npt.ArrayLike | None) -> Array:
    if papers is None:
        return np.asarray(drafts.papers[one] & others.papers[other])
    return np.asarray(papers, dtype=bool)


def _resurvey_limits(drafts: Spaces, others: Spaces, one: Array, other: Array, tolerance: Tolerance) -> Array:
    """Up to which width a new survey can settle each pair, metres: the sum of both accuracies counts only if both are surveyed."""
    return np.asarray(np.fmax(tolerance.resurvey, drafts.accuracy[one] + others.accuracy[other]))


def _layering(
    drafts: Spaces, others: Spaces, one: Array, other: Array, common: Shared, live: Array, on_file: Array
) -> Array:
    """What stands between each pair and layered rights over each other, as a reason; `layers.compatible` where nothing does."""
    reasons = np.full(len(one), "layers.consent", dtype=object)
    reasons[common.heights_apart[live]] = "heights.apart"
    declared = drafts.layered[one] & others.layered[other]
    reasons[declared & on_file] = "layers.compatible"
    reasons[common.heights_contradict[live]] = "heights.contradict"
    reasons[drafts.excluded[one] | others.excluded[other]] = "layers.excluded"
    return reasons


def _judged(
    plane: Meetings, *, shared_layers: Array, layering: Array, forbidden: Array, limits: Array, tolerance: Tolerance
) -> tuple[Array, Array]:
    """Grades and reasons of pairs whose days and months meet."""
    grades = np.full(len(shared_layers), Grade.CLEAR, dtype=np.int8)
    reasons = np.full(len(shared_layers), "plane.apart", dtype=object)

    def say(where: Array, verdict: Grade, reason: str | Array) -> None:
        grades[where] = verdict
        reasons[where] = reason if isinstance(reason, str) else reason[where]

    say(plane.touches, Grade.TOUCHING, "boundary.touching")
    say(plane.overlaps, Grade.CONFLICT, "sea.exclusive")
    layered = plane.overlaps & ~shared_layers
    never = forbidden != ""
    say(layered & never, Grade.CONFLICT, forbidden)
    apart = layered & ~never
    say(apart, Grade.NEEDS_CONSENT, layering)
    say(apart & (layering == "layers.compatible"), Grade.COMPATIBLE, "layers.compatible")
    thin = plane.overlaps & (plane.width_m <= limits)
    say(thin & (shared_layers | never), Grade.NEEDS_CONSENT, "boundary.resurvey")
    say(plane.overlaps & (plane.width_m <= tolerance.within), Grade.WITHIN_TOLERANCE, "boundary.within_tolerance")
    return grades, reasons


def _assembled(grades: Array, reasons: Array, common: Shared, plane: Meetings, live: Array) -> Pairs:
    def spread(values: Array) -> Array:
        found = np.full(len(grades), np.nan)
        found[live] = values
        return found

    geometry = np.full(len(grades), None, dtype=object)
    geometry[live] = plane.geometry
    return Pairs(
        grade=grades,
        reason=reasons,
        overlap_m2=spread(plane.overlap_m2),
        share_draft=spread(plane.share_draft),
        share_other=spread(plane.share_other),
        width_m=spread(plane.width_m),
        shared_edge_m=spread(plane.shared_edge_m),
        shared_layers=common.layers,
        shared_from=common.from_day,
        shared_to=common.to_day,
        shared_months=common.months,
        heights_contradict=common.heights_contradict,
        geometry=geometry,
    )
