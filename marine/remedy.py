"""The remedy: the largest lawful remainder of a drawn parcel, as a boundary that the applicant may accept (register.md §4).

Sources are shapely geometries in milliseconds of arc (whole milliseconds where they come from the register); the caller passes
those that the asker may see and that are graded conflict or `boundary.resurvey`. Minimum areas are hectares and come from the
rule book. Nothing is changed: the result is an offer that is checked again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import shapely

from marine.boundary import Boundary, measured
from marine.cutting import cut_units
from marine.numbering import number_points, rule_order
from marine.opening import opened_parts, wider_than
from marine.overlaying import common, joined, minus
from marine.placing import SAME_POINT_M, Placer, Sea
from marine.planes import LocalPlane, local_plane
from marine.polygons import Point, Polygon
from marine.sharing import share_points, tiles
from marine.tiling import tile
from marine.welding import passing, welded

# What rounding may leave over a registered unit (register.md §2, boundary.rounding_m).
ROUNDING_M = 0.05
# Second try, for corners that no grid point near them can respect: keep this far from every source.
_CLEARANCE_M = 0.06


@dataclass(frozen=True, slots=True)
class Part:
    """One parcel of the remainder; `unit_of` names for each of its units the unit of the draft (from 0) that it is part of."""

    boundary: Boundary
    unit_of: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Remedy:
    """What is left of a draft: the largest part first. `dropped_units` are units of the draft (from 0) with no sea left in it."""

    parts: tuple[Part, ...]
    dropped_units: tuple[int, ...]

    @property
    def boundary(self) -> Boundary | None:
        """The remedy itself, or None where nothing lawful is left."""
        return self.parts[0].boundary if self.parts else None

    @property
    def units(self) -> tuple[int, ...]:
        """For each unit of `boundary` the unit of the draft that it comes from, so that modes can follow."""
        return self.parts[0].unit_of if self.parts else ()

    @property
    def further(self) -> tuple[Boundary, ...]:
        """The other parts, each to become a parcel of its own, largest first."""
        return tuple(part.boundary for part in self.parts[1:])

    @property
    def area(self) -> Decimal:
        """Hectares of the remedy; zero where there is none."""
        return self.parts[0].boundary.area if self.parts else Decimal("0.0000")


def remainder(
    draft: Boundary,
    sources: Sequence[Any],
    *,
    neighbours: Sequence[Any] = (),
    minimum_by_unit: Sequence[Decimal] = (),
) -> Remedy:
    """Subtract `sources` from the draft, open what is left by 1 m and place its corners on the grid.

    `neighbours` are other geometries that the draft only touches: their points are re-used and their inside is kept free.
    `minimum_by_unit` is the least area in hectares of each unit of the draft; a unit cut below it is dropped whole.
    """
    plane = _plane_of(draft)
    near = _near(draft, sources)
    minimum = list(minimum_by_unit) or [Decimal(0)] * len(draft.units)
    given_up: list[Any] = []
    while True:
        parts = _parts(draft, [*near, *given_up], neighbours, plane)
        small = _cut_too_small(draft, parts, minimum)
        if not small:
            break
        given_up += small
    left = {unit for part in parts for unit in part.unit_of}
    gone = tuple(unit for unit in range(len(draft.units)) if unit not in left)
    return Remedy(tuple(parts), gone)


def _plane_of(draft: Boundary) -> LocalPlane:
    west, south, east, north = draft.bounds
    return local_plane((west + east) / 2, (south + north) / 2)


def _near(draft: Boundary, sources: Sequence[Any]) -> list[Any]:
    """Sources whose box meets the draft's; the others cannot take anything away."""
    box = shapely.box(*draft.bounds)
    return [
        source for source in sources if not source.is_empty and shapely.intersects(box, shapely.box(*source.bounds))
    ]


def _cut_too_small(draft: Boundary, parts: Sequence[Part], minimum: Sequence[Decimal]) -> list[Any]:
    """The sea of units that were cut below their minimum: the whole unit, or its piece in one part where another part keeps enough."""
    given_up: list[Any] = []
    for unit in range(len(draft.units)):
        pieces = [piece for part in parts if (piece := _piece_of(part, unit)) is not None]
        least = min(minimum[unit], draft.unit_areas[unit])
        small = [shape for area, shape in pieces if area < least]
        given_up += [draft.units[unit].to_shapely()] if small and len(small) == len(pieces) else small
    return given_up


def _piece_of(part: Part, unit: int) -> tuple[Decimal, Any] | None:
    """Hectares and geometry of what one part keeps of a unit of the draft."""
    kept = [at for at, owner in enumerate(part.unit_of) if owner == unit]
    if not kept:
        return None
    area = sum((part.boundary.unit_areas[at] for at in kept), Decimal(0))
    return area, joined([part.boundary.units[at].to_shapely() for at in kept])


def _parts(draft: Boundary, taken: Sequence[Any], neighbours: Sequence[Any], plane: LocalPlane) -> list[Part]:
    """The parcels that remain when everything in `taken` is subtracted, largest first."""
    whole = draft.parcel.to_shapely()
    left = minus(whole, joined(taken)) if taken else whole
    touched = [n for n in _near(draft, neighbours) if common(n, whole).area == 0]
    out_of = (*taken, *touched)
    for geometry in (whole, *out_of):
        shapely.prepare(geometry)
    sea = Sea(plane, whole, out_of)
    kept = opened_parts(left, plane)
    old = _old_points(draft, out_of, kept)
    found: list[Part | None] = []
    for piece in kept:
        part = _part(draft, piece, sea, old)
        if part is not None:
            found.append(part)
            continue
        cleared = minus(piece, joined([_grown(source, plane) for source in out_of]))
        found += [_part(draft, smaller, sea, old) for smaller in opened_parts(cleared, plane)]
    sound = [part for part in found if part is not None]
    return sorted(sound, key=lambda part: (-part.boundary.area, part.boundary.hash))


def _grown(source: Any, plane: LocalPlane) -> Any:
    metres = shapely.transform(source, plane.to_metres)
    grown = shapely.buffer(metres, _CLEARANCE_M, join_style="mitre")
    return shapely.transform(grown, plane.to_ms)


def _old_points(draft: Boundary, out_of: Sequence[Any], kept: Sequence[Any]) -> set[Point]:
    """The draft's own points and those corners of neighbours that are whole milliseconds and near what is kept."""
    old = {point for point, _ in draft.numbers}
    if not kept:
        return old
    west, south, east, north = shapely.total_bounds(np.asarray(kept, dtype=object))
    for geometry in out_of:
        corners = shapely.get_coordinates(geometry)
        whole = (corners == np.rint(corners)).all(axis=1)
        inside = (corners >= (west - 3, south - 3)).all(axis=1) & (corners <= (east + 3, north + 3)).all(axis=1)
        old.update((int(lon), int(lat)) for lon, lat in corners[whole & inside].tolist())
    return old


def _part(draft: Boundary, piece: Any, sea: Sea, old: set[Point]) -> Part | None:
    """One piece as a boundary on the grid, or None if no placing keeps it valid and off the sources."""
    cut = cut_units(draft.units, piece, sea.plane)
    corners = np.concatenate([shapely.get_coordinates(shape) for shape in (piece, *(shape for _, shape in cut))])
    placer = Placer(sea, old, corners)
    whole = placer.polygon(piece)
    units = [(unit, polygon) for unit, shape in cut if (polygon := placer.polygon(shape)) is not None]
    if whole is None or not units:
        return None
    boundary = _assembled(draft, whole, [polygon for _, polygon in units])
    if boundary is None:
        return None
    boundary = _following(draft, boundary, sea.out_of, sea.plane)
    return Part(boundary, tuple(unit for unit, _ in units)) if keeps_off(boundary, sea.out_of, sea.plane) else None


def _assembled(draft: Boundary, whole: Polygon, units: Sequence[Polygon]) -> Boundary | None:
    """Parcel and units put together; the parcel of several units is their union, so that it has their points."""
    if len(units) < 2:
        whole = whole.directed()
        return numbered_like(draft, whole, []) if whole.to_shapely().is_valid else None
    parts = [polygon.directed() for polygon in units]
    if not all(part.to_shapely().is_valid for part in parts):
        return None
    tiling = tile(None, parts)
    if tiling.faults:
        mended = welded(whole.directed(), parts, 2 * SAME_POINT_M)
        tiling = tile(None, mended) if mended else tiling
    if tiling.faults or tiling.parcel is None:
        return None
    return numbered_like(draft, tiling.parcel, tiling.units)


def numbered_like(
    draft: Boundary, whole: Polygon, units: Sequence[Polygon], moved: Mapping[Point, Point] | None = None
) -> Boundary:
    """Measure a geometry made from the draft: points keep their numbers (moved ones too), new ones follow the draft's highest.

    A draft that was numbered by the house rule is numbered by it anew.
    """
    if draft.numbers == number_points(draft.parcel, draft.units):
        return measured(whole, units)
    given: dict[Point, int] = {}
    for point, number in draft.numbers:
        given.setdefault(moved.get(point, point) if moved else point, number)
    highest = max(number for _, number in draft.numbers)
    numbers: dict[Point, int] = {}
    for point in rule_order(whole.directed(), units):
        if point not in given:
            highest += 1
        numbers[point] = given.get(point, highest)
    return measured(whole, units, numbers)


def _following(draft: Boundary, boundary: Boundary, taken: Sequence[Any], plane: LocalPlane) -> Boundary:
    """The boundary with those corners of the sources put in that ended up just inside its edges."""
    whole = boundary.parcel.to_shapely()
    inner = set()
    for source in taken:
        if common(source, whole).area == 0:
            continue
        corners = shapely.get_coordinates(source)
        corners = corners[(corners == np.rint(corners)).all(axis=1)]
        shapes = shapely.points(corners)
        near = shapely.dwithin(whole.exterior, shapes, SAME_POINT_M / min(plane.scale))
        inner |= {(int(x), int(y)) for x, y in corners[shapely.contains_properly(whole, shapes) & near].tolist()}
    if not inner:
        return boundary
    return _bent_round(draft, boundary, inner, plane)


def _bent_round(draft: Boundary, boundary: Boundary, inner: set[Point], plane: LocalPlane) -> Boundary:
    """Bend the nearest edge of parcel and unit round each point; the boundary as it was if that makes it invalid."""
    corners = sorted(inner)
    parcel = passing(boundary.parcel, corners, plane)
    units = [passing(unit, corners, plane) for unit in boundary.units] if len(boundary.units) > 1 else []
    shared = share_points([parcel, *units])
    sound = all(polygon.to_shapely().is_valid for polygon in shared)
    if not sound or (units and not tiles(shared[0], shared[1:])):
        return boundary
    return numbered_like(draft, shared[0], shared[1:])


def keeps_off(boundary: Boundary, sources: Sequence[Any], plane: LocalPlane, at_most_m: float = ROUNDING_M) -> bool:
    """Whether what the boundary leaves over each source is nowhere wider than rounding may leave (metres)."""
    whole = boundary.parcel.to_shapely()
    return not any(wider_than(common(source, whole), plane, at_most_m) for source in sources)
