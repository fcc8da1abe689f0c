"""The tables of a sheet: points with their closing rows, edges with their lengths, units that sum, neighbours' edges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import shapely

from maps.sheets.values import Neighbour, SheetRequest
from marine.boundary import Boundary, Point, Ring
from marine.coordinates import dms
from marine.planes import Plane

# A corner shared with a neighbour is the same point of the grid, or lies within its half step of the neighbour's edge.
SHARED_MS = 0.75


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge of the parcel or between its units, from point to point, its length in metres on the sheet's plane."""

    start: Point
    end: Point
    metres: float

    @property
    def length(self) -> str:
        """The length as it is printed, metres with two decimals."""
        return f"{self.metres:.2f}"


def point_rows(boundary: Boundary) -> list[list[str]]:
    """Number, latitude, longitude in the order of the rings; each ring closes with its first point, inner points follow."""
    rows = []
    for ring in boundary.parcel.rings:
        rows += [_row(boundary, point) for point in (*ring, ring[0])]
    on_rings = {point for ring in boundary.parcel.rings for point in ring}
    inner = [(number, point) for point, number in boundary.numbers if point not in on_rings]
    return rows + [_row(boundary, point) for _, point in sorted(inner)]


def _row(boundary: Boundary, point: Point) -> list[str]:
    return [str(boundary.number_of(point)), dms(point[1]), dms(point[0])]


def edges(boundary: Boundary, plane: Plane) -> list[Edge]:
    """Every edge once: those of the parcel in ring order, then those between units."""
    found: dict[frozenset[Point], tuple[Point, Point]] = {}
    rings = [*boundary.parcel.rings, *(ring for unit in boundary.units for ring in unit.rings)]
    for start, end in (pair for ring in rings for pair in pairs(ring)):
        found.setdefault(frozenset((start, end)), (start, end))
    ends = plane.to_metres([point for pair in found.values() for point in pair]).reshape(-1, 2, 2)
    lengths = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
    return [Edge(start, end, float(length)) for (start, end), length in zip(found.values(), lengths, strict=True)]


def pairs(ring: Ring) -> Iterator[tuple[Point, Point]]:
    """The edges of a ring, the closing one included."""
    return zip(ring, (*ring[1:], ring[0]), strict=True)


def unit_rows(request: SheetRequest) -> tuple[list[list[str]], str]:
    """Unit, mode, ring and hectares of each unit, and the parcel's hectares, which they sum to."""
    boundary = request.boundary
    rows = [
        [
            _at(request.unit_names, at) or str(at + 1),
            _at(request.unit_modes, at) or "—",
            boundary.unit_notation(at, brief=True),
            hectares(area),
        ]
        for at, area in enumerate(boundary.unit_areas)
    ]
    return rows, hectares(boundary.area)


def hectares(area: Decimal) -> str:
    """Hectares with four decimals.

    >>> hectares(Decimal("20.2"))
    '20.2000'
    """
    return f"{area:.4f}"


def _at(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""


def shared_edges(boundary: Boundary, neighbour: Neighbour) -> str:
    """The runs of the parcel's points that lie on the neighbour's outline, as `3-4-5;9-10`; empty where none is shared."""
    outline = shapely.boundary(neighbour.geometry)
    runs: list[list[int]] = []
    for ring in boundary.parcel.rings:
        spots = shapely.points(np.asarray(ring, dtype=float))
        middles = shapely.points(
            (np.asarray(ring, dtype=float) + np.roll(np.asarray(ring, dtype=float), -1, axis=0)) / 2
        )
        touching = shapely.dwithin(spots, outline, SHARED_MS)
        lies = touching & np.roll(touching, -1) & shapely.dwithin(middles, outline, 2 * SHARED_MS)
        runs += _runs([boundary.number_of(point) for point in ring], lies.tolist())
    return ";".join("-".join(map(str, run)) for run in runs)


def _runs(numbers: Sequence[int], lies: Sequence[bool]) -> list[list[int]]:
    """Chains of consecutive edges that are marked, round the ring's end as well.

    >>> _runs([1, 2, 3, 4], [True, False, False, True]), _runs([1, 2, 3], [True, True, True])
    ([[4, 1, 2]], [[1, 2, 3, 1]])
    """
    count = len(numbers)
    if all(lies):
        return [[*numbers, numbers[0]]]
    found: list[list[int]] = []
    first = next(at for at in range(count) if not lies[at]) + 1
    for at in (step % count for step in range(first, first + count)):
        if not lies[at]:
            continue
        if found and found[-1][-1] == numbers[at] and lies[at - 1]:
            found[-1].append(numbers[(at + 1) % count])
        else:
            found.append([numbers[at], numbers[(at + 1) % count]])
    return found


def neighbour_rows(boundary: Boundary, shown: Sequence[tuple[str, Neighbour]], nameless: str) -> list[list[str]]:
    """The neighbours on the map: letter, name, and the edges that they share with the parcel."""
    return [
        [letter or "—", neighbour.label or nameless, shared_edges(boundary, neighbour) or "—"]
        for letter, neighbour in shown
    ]


def mark(number: int) -> str:
    """The mark of a neighbour on the map.

    >>> mark(1), mark(27)
    ('A', 'A1')
    """
    letter = chr(ord("A") + (number - 1) % 26)
    return letter if number <= 26 else f"{letter}{(number - 1) // 26}"
