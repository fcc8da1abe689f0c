"""How neighbours touch: the length of a shared edge, and gaps so small that they still count as one edge.

Everything here is in metres on the draft's local plane. Source: register.md §2 ("a shared point or a gap ≤ 0.05 m along a
shared stretch"). A stretch is longer than four gaps: a corner that merely comes near an edge is no shared stretch.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Array = npt.NDArray[Any]

# House reading of "along a shared stretch": at 0.05 m a right-angled corner before an edge has at most 0.14 m of its sides within the gap.
STRETCH_GAPS = 4


def common_edges(one: Array, other: Array) -> Array:
    """The lines that the boundaries of each pair have in common, exactly (points where they only cross are left out).

    >>> import shapely
    >>> edges = common_edges(np.array([shapely.box(0, 0, 2, 2)]), np.array([shapely.box(2, 1, 3, 5)]))
    >>> float(shapely.length(edges)[0])
    1.0
    """
    return np.asarray(shapely.intersection(shapely.boundary(one), shapely.boundary(other)), dtype=object)


def gap_stretches(one: Array, other: Array, gap: float) -> Array:
    """The stretches of each first boundary that lie within `gap` metres of the second shape; empty lines where there are none.

    >>> import shapely
    >>> near = gap_stretches(np.array([shapely.box(0, 0, 2, 9)]), np.array([shapely.box(2.04, 0, 3, 9)]), 0.05)
    >>> round(float(shapely.length(near)[0]), 1)
    9.0
    >>> corner = shapely.Polygon([(2.04, 4), (3, 5), (3, 3)])
    >>> gap_stretches(np.array([shapely.box(0, 0, 2, 9)]), np.array([corner]), 0.05)[0].is_empty
    True
    """
    found = np.full(len(one), shapely.MultiLineString(), dtype=object)
    close = np.flatnonzero(shapely.dwithin(one, other, gap))
    if not len(close):
        return found
    within = shapely.intersection(shapely.boundary(one[close]), shapely.buffer(other[close], gap))
    parts, row = shapely.get_parts(shapely.line_merge(within), return_index=True)
    long = shapely.length(parts) > STRETCH_GAPS * gap
    for i in np.unique(row[long]):
        found[close[i]] = shapely.multilinestrings(parts[long & (row == i)])
    return found
