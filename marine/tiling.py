"""Whether units tile their parcel, judged exactly: shared points are put into every ring whose edge they lie on, and then
every inner edge must occur once in each direction and the rest must be the parcel's own edges.

All points are whole milliseconds of arc; no tolerance is used for the judgement. Where it fails, the overlaps, gaps and
pieces outside are located, with a repair that welds what lies within the house distance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from marine.coordinates import dms
from marine.findings import Finding, Severity, Vertex
from marine.opening import wider_than
from marine.overlaying import common, joined, minus
from marine.planes import LocalPlane, local_plane
from marine.polygons import Polygon, as_array
from marine.refitting import WIDEST_GAP_M, cut_to_fit
from marine.ring_faults import MOST_TOLD
from marine.sharing import left_over, share_points, tiles
from marine.welding import welded

# Overlay of exact corners may leave crumbs of float size (under 1e-5 m²); the exact test has already said whether anything is wrong.
_CRUMB_MS2 = 0.01


@dataclass(frozen=True, slots=True)
class Tiling:
    """Parcel and units with their shared points in place, and what keeps them from tiling."""

    parcel: Polygon | None
    units: tuple[Polygon, ...]
    faults: tuple[Finding, ...]


def tile(parcel: Polygon | None, units: Sequence[Polygon]) -> Tiling:
    """Share the points between parcel and units and say whether the units tile it; without a parcel, their union is it.

    >>> halves = [Polygon(((0, 0), (2, 0), (2, 4), (0, 4))), Polygon(((2, 0), (4, 0), (4, 4), (2, 4)))]
    >>> tile(Polygon(((0, 0), (4, 0), (4, 4), (0, 4))), halves).parcel.exterior
    ((0, 0), (2, 0), (4, 0), (4, 4), (2, 4), (0, 4))
    """
    everything = [*units] if parcel is None else [parcel, *units]
    noded = share_points(everything)
    inner = noded if parcel is None else noded[1:]
    if parcel is None:
        union = joined([unit.to_shapely() for unit in inner])
        if union.geom_type != "Polygon":
            return Tiling(None, tuple(inner), (*_overlaps(inner, None, None), _apart(inner, union)))
        noded = share_points([Polygon.from_shapely(union).directed(), *inner])
        inner = noded[1:]
    whole = noded[0]
    if tiles(whole, inner):
        return Tiling(whole, tuple(inner), ())
    return Tiling(whole, tuple(inner), _told(whole, inner))


def narrow_gaps(parcel: Polygon, units: Sequence[Polygon]) -> tuple[Finding, ...]:
    """Holes in a union of units that are so narrow that they are more likely a slip than sea left out; told, not blocking."""
    west, south, east, north = parcel.to_shapely().bounds
    flat = local_plane((west + east) / 2, (south + north) / 2)
    broad = tuple(hole for hole in parcel.holes if wider_than(shapely.Polygon(hole), flat, WIDEST_GAP_M))
    narrow = [shapely.Polygon(hole) for hole in parcel.holes if hole not in broad]
    if not narrow:
        return ()
    remedy, repair = _repair(Polygon(parcel.exterior, broad), units)
    shapes = [unit.to_shapely() for unit in units]
    found = [_gap(units, shapes, hole, remedy, repair) for hole in narrow[:MOST_TOLD]]
    return tuple(replace(finding, severity=Severity.WARNS) for finding in found)


def _repair(parcel: Polygon, units: Sequence[Polygon]) -> tuple[str | None, Any]:
    """Shared points if welding does it, else units cut to fit; None where a person has to draw."""
    for remedy, mend in (("units.share_points", welded), ("units.cut_to_fit", cut_to_fit)):
        mended = mend(parcel, units)
        if mended:
            return remedy, shapely.GeometryCollection([unit.to_shapely() for unit in mended])
    return None, None


def _told(parcel: Polygon, units: Sequence[Polygon]) -> tuple[Finding, ...]:
    remedy, repair = _repair(parcel, units)
    whole = parcel.to_shapely()
    shapes = [unit.to_shapely() for unit in units]
    found = _overlaps(units, remedy, repair)
    for at, shape in enumerate(shapes):
        beyond = minus(shape, whole)
        if beyond.area > _CRUMB_MS2:
            found.append(_piece("units.outside", units, at, beyond, remedy, repair))
    gaps = minus(whole, joined(shapes))
    found += [_gap(units, shapes, gap, remedy, repair) for gap in _parts(gaps)[:MOST_TOLD]]
    return tuple(found) or (_not_shared(parcel, units, remedy, repair),)


def _gap(units: Sequence[Polygon], shapes: Sequence[Any], gap: Any, remedy: str | None, repair: Any) -> Finding:
    nearest = int(np.argmin(shapely.distance(shapes, gap)))
    return _piece("units.gap", units, nearest, gap, remedy, repair)


def _not_shared(parcel: Polygon, units: Sequence[Polygon], remedy: str | None, repair: Any) -> Finding:
    """The test says that the units do not tile, and overlay sees nothing of it: name the first edge that proves it."""
    edge = left_over(parcel, units)
    lon, lat = edge[0] if edge else parcel.exterior[0]
    return Finding(
        code="units.points_not_shared",
        severity=Severity.BLOCKS,
        at=Vertex(0, 0, lon, lat),
        facts={"lon": dms(lon), "lat": dms(lat)},
        remedy=remedy,
        geometry=repair,
    )


def _overlaps(units: Sequence[Polygon], remedy: str | None, repair: Any) -> list[Finding]:
    shapes = [unit.to_shapely() for unit in units]
    one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    found: list[Finding] = []
    for i, j in zip(one, two, strict=True):
        if i >= j:
            continue
        overlap = common(shapes[i], shapes[j])
        if overlap.area > _CRUMB_MS2 and len(found) < MOST_TOLD:
            found.append(_piece("units.overlap", units, int(i), overlap, remedy, repair, other=int(j) + 1))
    return found


def _parts(geometry: Any) -> list[Any]:
    parts = [part for part in shapely.get_parts(geometry) if part.area > _CRUMB_MS2]
    return sorted(parts, key=lambda part: -part.area)


def _piece(
    code: str, units: Sequence[Polygon], unit: int, piece: Any, remedy: str | None, repair: Any, **facts: Any
) -> Finding:
    """A finding about a piece of sea, told at the unit's corner nearest to it; the area is measured on the local plane."""
    ring = units[unit].exterior
    inside = piece.representative_point()
    corners = as_array(ring)
    index = int(np.hypot(corners[:, 0] - inside.x, corners[:, 1] - inside.y).argmin())
    lon, lat = ring[index]
    flat = local_plane(inside.x, inside.y)
    told = {
        "unit": unit + 1,
        "area_m2": round(piece.area * flat.scale[0] * flat.scale[1], 4),
        "width_m": round(_width(piece, flat), 3),
        **facts,
    }
    at = Vertex(0, index, lon, lat, unit)
    return Finding(code=code, severity=Severity.BLOCKS, at=at, facts=told, remedy=remedy, geometry=repair)


def _width(piece: Any, flat: LocalPlane) -> float:
    """Diameter in metres of the largest circle in the widest part of a piece of sea."""
    metres = shapely.transform(piece, flat.to_metres)
    parts = [part for part in shapely.get_parts(metres) if part.geom_type == "Polygon" and part.area > 0]
    if not parts:
        return 0.0
    tolerance = max(min(float(part.area / part.length) for part in parts) / 100, 1e-4)
    return max(2.0 * float(shapely.maximum_inscribed_circle(part, tolerance).length) for part in parts)


def _apart(units: Sequence[Polygon], union: Any) -> Finding:
    parts = sorted(shapely.get_parts(union), key=lambda part: -part.area)
    shapes = [unit.to_shapely() for unit in units]
    at = next((i for i, shape in enumerate(shapes) if not shape.intersects(parts[0])), 0)
    lon, lat = units[at].exterior[0]
    facts = {"unit": at + 1, "parts": len(parts)}
    return Finding(
        code="units.apart", severity=Severity.BLOCKS, at=Vertex(0, 0, lon, lat, at), facts=facts, geometry=union
    )
