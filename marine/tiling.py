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
from marine.crossings import Edges, search_meetings
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
# Pairs of units that are overlaid to tell overlaps, and points up to which a repair of a whole tiling is worked out.
MOST_OVERLAID = 20_000
MOST_REPAIRED = 20_000
# Points among which there are too few crossings to matter to an overlay (22,500 at most).
FEW_POINTS = 300
# A slit is over ten times as long as wide; its ends lie within a hair (metres) of the units that overlay cut it from.
_SLIT = 10
_OVERLAY_M = 0.001


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
    knotted = _tangled(everything)
    if knotted:
        return Tiling(None, tuple(units), (knotted,))
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


def _tangled(polygons: Sequence[Polygon]) -> Finding | None:
    """Units that run over each other so often that no overlay of them would end: told by their number, not drawn."""
    if sum(len(ring) for polygon in polygons for ring in polygon.rings) <= FEW_POINTS:
        return None
    edges = Edges.of(Polygon((), tuple(ring for polygon in polygons for ring in polygon.rings)))
    search = search_meetings(edges)
    if search.whole:
        return None
    at = edges.start[search.crossings[0].one if search.crossings else 0]
    lon, lat = (int(value) for value in at)
    facts = {"count": len(edges.ring), "lon": dms(lon), "lat": dms(lat)}
    return Finding(code="units.tangled", severity=Severity.BLOCKS, at=Vertex(0, 0, lon, lat), facts=facts)


def narrow_gaps(parcel: Polygon, units: Sequence[Polygon]) -> tuple[Finding, ...]:
    """Holes in a union of units that are so narrow that they are more likely a slip than sea left out; told, not blocking."""
    west, south, east, north = parcel.to_shapely().bounds
    flat = local_plane((west + east) / 2, (south + north) / 2)
    is_broad = [wider_than(shapely.Polygon(hole), flat, WIDEST_GAP_M) for hole in parcel.holes]
    narrow = [shapely.Polygon(hole) for hole, broad in zip(parcel.holes, is_broad, strict=True) if not broad]
    shapes = [unit.to_shapely() for unit in units]
    found = [_gap(units, shapes, gap, None, None) for gap in open_gaps(parcel, shapes, flat)[:MOST_TOLD]]
    if narrow:
        broad = tuple(hole for hole, broad in zip(parcel.holes, is_broad, strict=True) if broad)
        remedy, repair = _repair(Polygon(parcel.exterior, broad), units)
        found += [_gap(units, shapes, hole, remedy, repair) for hole in narrow[:MOST_TOLD]]
    return tuple(replace(finding, severity=Severity.WARNS) for finding in found)


def open_gaps(parcel: Polygon, shapes: Sequence[Any], flat: LocalPlane) -> list[Any]:
    """Slits between two units that open to the outside, no wider than the widest gap and over ten times as long as wide.

    They are no holes of the union, so the union alone does not show them. A corner between two
    units wider than about 6° is no slit (the same figure by which a needle is told). Largest first; shapes in milliseconds of arc.
    """
    if len(shapes) < 2:
        return []
    outline = shapely.transform(shapely.Polygon(parcel.exterior), flat.to_metres)
    grown = shapely.buffer(outline, WIDEST_GAP_M / 2, join_style="mitre")
    closed = shapely.buffer(grown, -WIDEST_GAP_M / 2, join_style="mitre")
    tree = shapely.STRtree(shapely.transform(np.asarray(shapes, dtype=object), flat.to_metres))
    found = []
    for piece in shapely.get_parts(minus(closed, outline)):
        length = piece.length / 2
        if piece.geom_type != "Polygon" or length < WIDEST_GAP_M:
            continue
        # A slit is mean width times length; a wedge is twice as wide at its mouth as in the mean.
        slender = piece.area / length < length / _SLIT and _widest(piece) < length / _SLIT
        if slender and len(tree.query(piece, predicate="dwithin", distance=_OVERLAY_M)) > 1:
            found.append(shapely.transform(piece, flat.to_ms))
    return sorted(found, key=lambda piece: (-piece.area, *piece.bounds))


def _repair(parcel: Polygon, units: Sequence[Polygon]) -> tuple[str | None, Any]:
    """Shared points if welding does it, else units cut to fit; None where a person has to draw, or there are too many points."""
    if sum(len(ring) for polygon in (parcel, *units) for ring in polygon.rings) > MOST_REPAIRED:
        return None, None
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
    shapely.prepare(whole)
    outside = 0
    for at in np.flatnonzero(~shapely.covers(whole, shapes)).tolist():
        beyond = minus(shapes[at], whole)
        if beyond.area > _CRUMB_MS2:
            found.append(_piece("units.outside", units, at, beyond, remedy, repair))
            outside += 1
        if outside == MOST_TOLD:
            break
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
    shapes = np.asarray([unit.to_shapely() for unit in units], dtype=object)
    tree = shapely.STRtree(shapes)
    found: list[Finding] = []
    overlaid = 0
    for i, shape in enumerate(shapes):
        for j in sorted(int(k) for k in tree.query(shape, predicate="intersects") if k > i):
            overlap = common(shape, shapes[j])
            overlaid += 1
            if overlap.area > _CRUMB_MS2:
                found.append(_piece("units.overlap", units, i, overlap, remedy, repair, other=j + 1))
            # Thousands of units that meet in one point make millions of pairs; what is left unseen here is told as points not shared.
            if len(found) == MOST_TOLD or overlaid == MOST_OVERLAID:
                return found
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
    return _widest(shapely.transform(piece, flat.to_metres))


def _widest(metres: Any) -> float:
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
