"""A settled boundary: one parcel, the units that tile it, its numbers, meridian, areas and hash (register.md §1).

`settle` is the one way from polygons of whole milliseconds of arc to a `Boundary`; what it finds wrong it tells, located and
with an offered repair, and never mends unasked. Consecutive exact repeats are no points of the boundary and are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from marine.areas import Adjustment, exact_hectares, hectares, share_out
from marine.coordinates import MS_PER_DEGREE, dms
from marine.faults import HOUSE_LIMITS, Limits, Place, polygon_faults
from marine.findings import Finding, Severity, Vertex
from marine.hashing import boundary_hash, canonical_text, text_hash
from marine.notation import show
from marine.numbering import NumberedPoint, number_points, rule_order, shared_numbers
from marine.planes import central_meridian
from marine.polygons import Point, Polygon, Ring, as_array, started_at
from marine.tiling import narrow_gaps, tile

__all__ = [
    "Boundary",
    "NumberedPoint",
    "Point",
    "Polygon",
    "Ring",
    "Settled",
    "boundary_hash",
    "canonical_text",
    "measured",
    "settle",
]


# The width of a six-degree zone, the widest that any Gauss–Krüger plane was ever made for.
WIDEST_DEGREES = 6


@dataclass(frozen=True, slots=True)
class Boundary:
    """A valid boundary with everything that was measured on it once; rings are directed, areas in hectares."""

    parcel: Polygon
    units: tuple[Polygon, ...]
    numbers: tuple[tuple[Point, int], ...]
    central_meridian: Decimal
    area: Decimal
    unit_areas: tuple[Decimal, ...]
    hash: str
    adjustments: tuple[Adjustment, ...] = ()
    canonical: str = field(repr=False, compare=False, default="")
    _number_at: dict[Point, int] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._number_at.update(self.numbers)
        if not self.canonical:
            object.__setattr__(self, "canonical", canonical_text(self.parcel, self.units))

    @property
    def points(self) -> tuple[NumberedPoint, ...]:
        """Every point once: along the exterior, the holes, then inner points of units by number."""
        outline = dict.fromkeys(point for ring in self.parcel.rings for point in ring)
        inner = (point for point, _ in self.numbers if point not in outline)
        return tuple(NumberedPoint(self._number_at[point], *point) for point in (*outline, *inner))

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """West, south, east, north in whole milliseconds of arc."""
        points = as_array(self.parcel.exterior)
        west, south = points.min(axis=0).tolist()
        east, north = points.max(axis=0).tolist()
        return west, south, east, north

    def number_of(self, point: Point) -> int:
        """The number of one of its points; KeyError for any other."""
        return self._number_at[point]

    def unit_notation(self, unit: int, *, brief: bool = False) -> str:
        """Unit `unit` (from 0) as `1-2-3-1;7-8-9-7`; `brief` folds long runs with an ellipsis."""
        return show([[self._number_at[point] for point in ring] for ring in self.units[unit].rings], brief=brief)


@dataclass(frozen=True, slots=True)
class Settled:
    """The boundary, or None where a fault blocks it, and everything that was found."""

    boundary: Boundary | None
    faults: tuple[Finding, ...] = ()


def settle(
    parcel: Polygon | None,
    units: Sequence[Polygon] = (),
    numbers: Mapping[Point, int] | None = None,
    *,
    limits: Limits = HOUSE_LIMITS,
) -> Settled:
    """Settle a boundary from a parcel, or from the units whose union it is; the result does not depend on ring direction.

    >>> settled = settle(Polygon(((437_400_000, 133_200_000), (437_404_000, 133_200_000), (437_404_000, 133_204_000))))
    >>> settled.boundary.unit_notation(0), settled.boundary.central_meridian, settled.faults
    ('1-2-3-1', Decimal('121.5'), ())
    """
    if parcel is None and not units:
        raise ValueError("a boundary needs a parcel or units")
    whole = parcel.without_repeats() if parcel else None
    parts = [unit.without_repeats() for unit in units]
    found = _polygon_findings(whole, parts, numbers, limits)
    found += _too_wide([whole, *parts] if whole else parts)
    if _blocked(found):
        return Settled(None, tuple(found))
    whole, parts = whole.directed() if whole else None, [unit.directed() for unit in parts]
    if parts:
        tiling = tile(whole, parts)
        if whole is None and tiling.parcel is not None and not tiling.faults:
            found += narrow_gaps(tiling.parcel, tiling.units)
        whole, parts = tiling.parcel, list(tiling.units)
        found += tiling.faults
    if whole is not None and numbers:
        found += _number_findings(whole, parts, numbers)
    if whole is None or _blocked(found):
        return Settled(None, tuple(found))
    return Settled(measured(whole, parts, numbers), tuple(found))


def _polygon_findings(
    whole: Polygon | None, parts: Sequence[Polygon], numbers: Mapping[Point, int] | None, limits: Limits
) -> list[Finding]:
    """Faults of each polygon by itself. A unit that is the parcel again is not told twice."""
    name_of = numbers.get if numbers else None
    found = polygon_faults(Place(whole, None, name_of), limits) if whole else []
    for at, unit in enumerate(parts):
        if unit != whole:
            found += polygon_faults(Place(unit, at, name_of), limits)
    return found


def _too_wide(polygons: Sequence[Polygon]) -> list[Finding]:
    """Wider than a whole zone, areas on one plane mean nothing: almost always one point has a slip in its degrees."""
    points = [
        (point, at, index) for p in polygons for at, ring in enumerate(p.rings) for index, point in enumerate(ring)
    ]
    if not points:
        return []
    west, east = min(points)[0][0], max(points)[0][0]
    if east - west <= WIDEST_DEGREES * MS_PER_DEGREE:
        return []
    middle = sorted(point[0][0] for point in points)[len(points) // 2]
    (lon, lat), at, index = max(points, key=lambda item: abs(item[0][0] - middle))
    facts = {"point": index + 1, "lon": dms(lon), "lat": dms(lat), "limit": WIDEST_DEGREES}
    return [Finding(code="point.too_far", severity=Severity.BLOCKS, at=Vertex(at, index, lon, lat), facts=facts)]


def _blocked(found: Sequence[Finding]) -> bool:
    return any(finding.severity is Severity.BLOCKS for finding in found)


def _number_findings(whole: Polygon, parts: Sequence[Polygon], numbers: Mapping[Point, int]) -> list[Finding]:
    """Numbers that two points claim; renumbering is an offered act."""
    places = {point: (at, index) for at, ring in enumerate(whole.rings) for index, point in enumerate(ring)}
    twice = shared_numbers(numbers, rule_order(whole, parts))
    return [
        Finding(
            code="numbers.twice",
            severity=Severity.BLOCKS,
            at=Vertex(*places.get(points[1], (0, 0)), *points[1]),
            facts={"point": number, "count": len(points)},
            remedy="numbers.renumber",
        )
        for number, points in twice.items()
    ]


def measured(whole: Polygon, units: Sequence[Polygon] = (), numbers: Mapping[Point, int] | None = None) -> Boundary:
    """Numbers, meridian, areas and hash of geometry that is known to be valid (settled before, or read from the register)."""
    whole, parts = whole.directed(), [unit.directed() for unit in units]
    given = dict(numbers) if numbers else None
    numbered = number_points(whole, parts, given)
    if not given:
        whole, parts = _started_by_rule(whole, parts, dict(numbered))
    if not parts:
        parts = [whole]
    points = as_array(whole.exterior)
    meridian = central_meridian(int(points[:, 0].min()), int(points[:, 0].max()))
    area = hectares(whole, meridian)
    shares = share_out(area, [exact_hectares(part, meridian) for part in parts])
    text = canonical_text(whole, parts)
    return Boundary(
        whole, tuple(parts), numbered, meridian, area, shares.parts, text_hash(text), shares.adjustments, text
    )


def _started_by_rule(
    whole: Polygon, parts: Sequence[Polygon], number: Mapping[Point, int]
) -> tuple[Polygon, list[Polygon]]:
    """Unnumbered rings begin at their lowest number, so that the start points of a file do not matter."""

    def turned(polygon: Polygon) -> Polygon:
        rings = [started_at(ring, min(ring, key=number.__getitem__)) for ring in polygon.rings]
        return Polygon(rings[0], tuple(sorted(rings[1:], key=lambda ring: number[ring[0]])))

    return turned(whole), [turned(part) for part in parts]
