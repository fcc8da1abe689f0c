"""What else could be asked for when no remedy is left: other layers, later days, or free sea near by (register.md §4).

Hidden sources are kept clear of by whole grid cells, so that a place offered tells no more than the cells do.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely

from data.rulebook import Inquiry
from marine.cells import cell_box, disclosure_cells
from marine.findings import Finding, Grade
from marine.spaces import OPEN_TO, Layer, layer_names
from parcels.checks.disclosure import cell_size
from parcels.checks.rights import Opposed
from parcels.checks.subject import Subject
from parcels.queries import Box
from parcels.queries.occupations import Neighbour

DIRECTIONS = 16
STEPS = 8
LARGE = 500


def alternatives(
    subject: Subject, opposed: Sequence[Opposed], neighbours: Sequence[Neighbour], excluded: frozenset[str]
) -> list[Finding]:
    """Layers that no opposing right holds, and the first day on which all of them have ended; nothing where others forbid."""
    against = [each for each in opposed if each.finding.grade is Grade.CONFLICT]
    if not against or any(each.key[0] != "right" for each in against):
        return []
    keys = {(each.key[1], each.key[2]) for each in against}
    rows = [row for row in neighbours if (row.right_id, row.claim_id) in keys]
    found = []
    free = Layer.ALL & ~_union_of_layers(rows)
    nature_changes = any((mode or "") in excluded for mode in (*subject.modes, *(row.use_mode for row in rows)))
    if free and not nature_changes:
        found.append(Finding(code="alternative.layers", facts={"layers": list(layer_names(int(free)))}))
    ends = max(row.held_to for row in rows)
    if ends < OPEN_TO:
        found.append(Finding(code="alternative.dates", facts={"from": date.fromordinal(ends)}))
    return found


def _union_of_layers(rows: Sequence[Neighbour]) -> int:
    held = 0
    for row in rows:
        held |= row.layers
    return held


def hidden_as_cells(inquiry: Inquiry, hidden: Sequence[tuple[str, Any]], box: Box) -> list[Any]:
    """Hidden sources (disclosure, surface) within a box as the squares of the cells that they touch."""
    frame = shapely.box(*box)
    squares = []
    for disclosure, geometry in hidden:
        size = cell_size(inquiry, disclosure)
        margin = shapely.box(box[0] - size, box[1] - size, box[2] + size, box[3] + size)
        near = shapely.intersection(geometry, margin)
        squares += [
            square
            for cell in sorted(disclosure_cells(near, size))
            if shapely.intersects(square := cell_box(cell, size), frame)
        ]
    return squares


def free_sea(subject: Subject, obstacles: Sequence[Any], sea: Any, kilometres: float) -> Finding | None:
    """The nearest place, in sixteen directions and eight steps, where the same shape meets no obstacle and stays in the sea."""
    shapes, metres = _moved(subject, kilometres)
    blocked = np.zeros(len(shapes), dtype=bool)
    points = shapely.get_num_coordinates(_objects(obstacles))
    # A zone of many points is asked once for all shapes, prepared; the many small ones by their boxes first.
    for large in (obstacle for obstacle, count in zip(obstacles, points, strict=True) if count > LARGE):
        shapely.prepare(large)
        blocked[~blocked] |= shapely.intersects(large, shapes[~blocked])
    small = [obstacle for obstacle, count in zip(obstacles, points, strict=True) if count <= LARGE]
    left = np.flatnonzero(~blocked)
    if small and len(left):
        blocked[left[np.unique(shapely.STRtree(small).query(shapes[left], predicate="intersects")[0])]] = True
    if sea is not None:
        shapely.prepare(sea)
        blocked |= ~shapely.covers(sea, shapes)
    free = np.flatnonzero(~blocked)
    if not len(free):
        return None
    best = int(free[np.argmin(metres[free])])
    return Finding(code="alternative.sea", facts={"distance_m": round(float(metres[best]))}, geometry=shapes[best])


def _moved(subject: Subject, kilometres: float) -> tuple[Any, Any]:
    """The parcel moved by whole milliseconds in all directions, nearest first, and how far in metres."""
    distance = np.repeat(np.arange(1, STEPS + 1) * kilometres * 1000 / STEPS, DIRECTIONS)
    angle = np.tile(np.arange(DIRECTIONS) * 2 * np.pi / DIRECTIONS, STEPS)
    scale = subject.local.scale
    shifts = np.rint(np.column_stack([np.sin(angle) / scale[0], np.cos(angle) / scale[1]]) * distance[:, None])
    copies = np.array([subject.geometry] * len(shifts), dtype=object)
    count = int(shapely.get_num_coordinates(subject.geometry))
    moved = shapely.get_coordinates(copies) + np.repeat(shifts, count, axis=0)
    return shapely.set_coordinates(copies.copy(), moved), distance


def _objects(shapes: Sequence[Any]) -> Any:
    array = np.empty(len(shapes), dtype=object)
    array[:] = list(shapes)
    return array
