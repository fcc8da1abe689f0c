"""What passes for rounding must not eat into a right: an overlap that reaches deeper than rounding is judged as of one piece.

Each pair of rows is judged by its own width, and whoever cuts a parcel into slivers, lays them in turns over several layers,
months or heights, or asks for sliver after sliver in cases of their own, shows the judge nothing but narrow overlaps. Rounding
leaves strips along a neighbour's edge. So of a right (or claim), all its rows that stand to the act in the same way taken
together, the water deeper than the rounding (rule boundary.tolerance.rounding_m) from its edge is never entered again, by
however many acts; where it has no such water at all, nothing of it is. The edge is always that of the rows as stored: what an
earlier act took for rounding moves no edge.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from sqlalchemy.orm import Session

from marine.findings import Grade
from marine.overlaps import Pairs, grade
from marine.overlaps.attributes import shared
from marine.planes import LocalPlane, local_plane
from marine.spaces import Space, Spaces
from parcels.checks.limits import Limits
from parcels.queries import register as queries
from parcels.queries.register import Holding
from parcels.registering.spaces import space_of_holding

# Metres: a strip of exactly the rounding is not deeper than it.
_SLACK_M = 0.001
# Metres round an overlap in which its depth is looked for: more than any rounding.
_AROUND_M = 1.0

Array = npt.NDArray[Any]


def judge_again(
    session: Session, pairs: Pairs, drafts: Spaces, mine: Array, around: list[Holding], theirs: Array,
    papers: list[bool], limits: Limits,
) -> frozenset[int]:  # fmt: skip
    """Judge again, in one piece, the pairs whose narrow overlap reaches into the other's core; `pairs` holds the new answer.

    `drafts[mine[i]]` and `around[theirs[i]]` are the sides of pair i, `papers` of each of `around`. Gives the pairs judged again:
    one that is narrow even so is no rounding either.
    """
    deep = set()
    everything: dict[tuple[int | None, int | None], list[Space]] = {}
    for at in np.flatnonzero(pairs.grade == Grade.WITHIN_TOLERANCE).tolist():
        other = around[theirs[at]]
        key = (other.right_id, other.claim_id)
        if key not in everything:
            everything[key] = [space_of_holding(row, limits) for row in _all_of(session, other)]
        whole = _alike(Spaces.of(everything[key]), drafts, int(mine[at]), pairs.shared_layers[at] != 0)
        if not _reaches_in(pairs.geometry[at], whole, limits.tolerance.rounding):
            continue
        deep.add(at)
        one = Spaces.of([space_of_holding(other, limits)])
        rest = _alike(drafts, one, 0, pairs.shared_layers[at] != 0)
        again = grade(
            _with_geometry(drafts, int(mine[at]), rest),
            _with_geometry(one, 0, whole),
            [0],
            [0],
            tolerance=limits.tolerance,
            forbidden_layer_pairs=limits.forbidden,
            papers=[papers[theirs[at]]],
        )
        for name in Pairs.__slots__:
            getattr(pairs, name)[at] = getattr(again, name)[0]
    return frozenset(deep)


def _all_of(session: Session, other: Holding) -> list[Holding]:
    """Every current row of a right or claim; its own locks keep them as they are, for its box meets the act's."""
    if other.right_id is not None:
        return queries.holdings_of_right(session, other.right_id)
    assert other.claim_id is not None  # a row is of a right or of a claim (ck_occupation_right_or_claim)
    return queries.holdings_of_claim(session, other.claim_id)


def _alike(spaces: Spaces, with_these: Spaces, at: int, sharing: bool) -> Any:
    """The surface of those spaces that meet `with_these[at]` in time, and share layers with it or do not, as `sharing` says."""
    each = np.arange(len(spaces.geometry))
    common = shared(spaces, with_these, each, np.full(len(each), at))
    live = ~(common.dates_apart | common.months_apart) & ((common.layers != 0) == sharing)
    return shapely.union_all(spaces.geometry[live])


def _with_geometry(spaces: Spaces, at: int, geometry: Any) -> Spaces:
    """One of the spaces with another surface."""
    columns = {name: getattr(spaces, name)[[at]] for name in Spaces.__slots__}
    surface = np.empty(1, dtype=object)
    surface[0] = geometry
    return replace(spaces, **columns | {"geometry": surface})


def _reaches_in(overlap: Any, whole: Any, rounding: float) -> bool:
    """Whether an overlap lies deeper in a surface than `rounding` metres from its edge, or the surface is nowhere deeper."""
    west, south, east, north = shapely.bounds(overlap)
    plane = local_plane((west + east) / 2, (south + north) / 2)
    aside, up = _AROUND_M / plane.scale[0], _AROUND_M / plane.scale[1]
    near = shapely.intersection(whole, shapely.box(west - aside, south - up, east + aside, north + up))
    core = _core(near, plane, rounding)
    if shapely.is_empty(core):
        return bool(shapely.is_empty(_core(whole, plane, rounding)))
    return bool(shapely.intersects(core, _metres(overlap, plane)))


def _core(surface: Any, plane: LocalPlane, rounding: float) -> Any:
    return shapely.buffer(_metres(surface, plane), -(rounding + _SLACK_M), join_style="mitre")


def _metres(shape: Any, plane: LocalPlane) -> Any:
    return shapely.transform(shape, plane.to_metres)
