"""Where rings cross or touch themselves or each other, judged exactly on whole milliseconds of arc, with offered repairs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from marine.findings import Finding
from marine.opening import wider_than
from marine.polygons import IntArray, Polygon, as_array
from marine.ring_faults import MOST_TOLD, Place

# The house tolerance: a part that is nowhere wider is no part of a parcel.
_CRUMB_WIDTH_M = 0.10
_REASON = re.compile(r"^(?P<words>[^\[]*)(?:\[(?P<x>\S+) (?P<y>\S+)\])?")


@dataclass(frozen=True, slots=True)
class Edges:
    """All edges of a polygon as arrays: ring number, index of the start vertex, start and end in ms."""

    ring: IntArray
    index: IntArray
    start: IntArray
    end: IntArray
    size: IntArray

    @classmethod
    def of(cls, polygon: Polygon) -> Edges:
        """The edges ring by ring, in order."""
        arrays = [as_array(ring) for ring in polygon.rings]
        return cls(
            np.concatenate([np.full(len(a), at) for at, a in enumerate(arrays)]),
            np.concatenate([np.arange(len(a)) for a in arrays]),
            np.concatenate(arrays),
            np.concatenate([np.roll(a, -1, axis=0) for a in arrays]),
            np.concatenate([np.full(len(a), len(a)) for a in arrays]),
        )

    def lines(self) -> Any:
        """The edges as shapely lines."""
        return shapely.linestrings(np.stack((self.start, self.end), axis=1).astype(np.float64))


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two edges (numbers into `Edges`) that meet where they should not; `proper` if they cross inside both."""

    one: int
    two: int
    proper: bool


def side(a: IntArray, b: IntArray, c: IntArray) -> IntArray:
    """Sign of the turn a → b → c, exact in 64 bits for milliseconds of arc: 1 left, −1 right, 0 on the line."""
    ab, ac = b - a, c - a
    turn: IntArray = np.sign(ab[..., 0] * ac[..., 1] - ab[..., 1] * ac[..., 0])
    return turn


def meetings(edges: Edges) -> list[Meeting]:
    """Pairs of edges that are not neighbours in one ring and share a point."""
    lines = edges.lines()
    one, two = shapely.STRtree(lines).query(lines, predicate="intersects")
    keep = one < two
    one, two = one[keep], two[keep]
    same = edges.ring[one] == edges.ring[two]
    apart = (edges.index[two] - edges.index[one]) % edges.size[one]
    neighbours = same & ((apart == 1) | (apart == edges.size[one] - 1))
    one, two = one[~neighbours], two[~neighbours]
    a, b, c, d = edges.start[one], edges.end[one], edges.start[two], edges.end[two]
    proper = (side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0)
    # Floating candidates are a superset: an improper meeting must have an end point exactly on the other edge.
    touch = _on(a, b, c) | _on(a, b, d) | _on(c, d, a) | _on(c, d, b)
    real = proper | touch
    return [Meeting(int(i), int(j), bool(p)) for i, j, p in zip(one[real], two[real], proper[real], strict=True)]


def _on(a: IntArray, b: IntArray, p: IntArray) -> Any:
    within = (np.minimum(a, b) <= p).all(axis=-1) & (p <= np.maximum(a, b)).all(axis=-1)
    return (side(a, b, p) == 0) & within


def crossing_faults(place: Place) -> list[Finding]:
    """What makes the polygon invalid, located; empty if it is valid."""
    geometry = place.polygon.to_shapely()
    if geometry.is_valid:
        return []
    edges = Edges.of(place.polygon)
    met = meetings(edges)
    within = [meet for meet in met if edges.ring[meet.one] == edges.ring[meet.two]]
    found = _self_meetings(place, edges, within)
    if any(meet.proper and edges.ring[meet.one] != edges.ring[meet.two] for meet in met):
        found += _hole_crossings(place, edges, met)
    if not found:
        found = _misplaced_holes(place)
    return found or [_unplaced(place, geometry)]


def _self_meetings(place: Place, edges: Edges, within: list[Meeting]) -> list[Finding]:
    """Crossings and touches of one ring with itself; both are told at the start of the edge that comes first."""
    if not within:
        return []
    remedy, geometry = _uncrossed(place.polygon, edges, within) or _split(place)
    found = []
    crossing = [meet for meet in within if meet.proper]
    # A ring that crosses itself also touches itself in passing; the touches are worth telling only where nothing crosses.
    for meet in (crossing or _one_per_point(edges, within))[:MOST_TOLD]:
        other = int(edges.index[meet.two])
        facts = {"other": _name(place, int(edges.ring[meet.two]), other), "count": len(crossing or within)}
        code = "ring.crosses_itself" if meet.proper else "ring.touches_itself"
        ring, index = int(edges.ring[meet.one]), int(edges.index[meet.one])
        if not meet.proper:
            ring, index = _touching_vertex(edges, meet)
        found.append(place.tell(code, ring, index, facts=facts, remedy=remedy, geometry=geometry))
    return found


def _one_per_point(edges: Edges, touches: list[Meeting]) -> list[Meeting]:
    """A ring through one point twice meets itself in four pairs of edges; keep one pair for each place."""
    seen: dict[tuple[int, ...], Meeting] = {}
    for meet in touches:
        ring, index = _touching_vertex(edges, meet)
        where = np.flatnonzero((edges.ring == ring) & (edges.index == index))[0]
        seen.setdefault(tuple(edges.start[where].tolist()), meet)
    return list(seen.values())


def _touching_vertex(edges: Edges, meet: Meeting) -> tuple[int, int]:
    """(ring, index) of the end point that lies on the other edge."""
    one, two = meet.one, meet.two
    ends = ((one, 0, two), (two, 0, one), (one, 1, two), (two, 1, one))
    for edge, end, other in ends:
        point = edges.end[edge] if end else edges.start[edge]
        if bool(_on(edges.start[other], edges.end[other], point)):
            return int(edges.ring[edge]), int((edges.index[edge] + end) % edges.size[edge])
    return int(edges.ring[one]), int(edges.index[one])


def _name(place: Place, ring: int, index: int) -> int:
    number = place.name_of(place.polygon.rings[ring][index]) if place.name_of else None
    return number if number is not None else index + 1


def _uncrossed(polygon: Polygon, edges: Edges, within: list[Meeting]) -> tuple[str, Any] | None:
    """One crossing usually means two points in the wrong order: turn round the stretch between the two edges."""
    if len(within) != 1 or not within[0].proper:
        return None
    ring, first, last = (int(v) for v in (edges.ring[within[0].one], *edges.index[[within[0].one, within[0].two]]))
    points = polygon.rings[ring]
    turned = points[: first + 1] + tuple(reversed(points[first + 1 : last + 1])) + points[last + 1 :]
    rings = [turned if at == ring else other for at, other in enumerate(polygon.rings)]
    geometry = Polygon(rings[0], tuple(rings[1:])).to_shapely()
    return ("ring.reorder_points", geometry) if geometry.is_valid else None


def _split(place: Place) -> tuple[str, Any]:
    """The parts into which the crossings cut the polygon, new corners rounded to the grid; crumbs that rounding split off are dropped."""
    parts = shapely.make_valid(place.polygon.to_shapely(), method="structure", keep_collapsed=False)
    rounded = shapely.set_precision(parts, 1.0)
    polygons = [part for part in shapely.get_parts(rounded) if part.geom_type == "Polygon" and part.area > 0]
    broad = [part for part in polygons if wider_than(part, place.plane, _CRUMB_WIDTH_M)] or polygons
    remedy = "ring.drop_crumbs" if len(broad) == 1 and len(polygons) > 1 else "ring.split"
    return remedy, broad[0] if len(broad) == 1 else shapely.MultiPolygon(broad)


def _hole_crossings(place: Place, edges: Edges, met: list[Meeting]) -> list[Finding]:
    between = [meet for meet in met if meet.proper and edges.ring[meet.one] != edges.ring[meet.two]]
    geometry = _cut_out(place.polygon)
    # The higher ring number is always a hole; its vertex is the one to look at.
    return [
        place.tell(
            "hole.crosses",
            int(edges.ring[meet.two]),
            int(edges.index[meet.two]),
            facts={"other": int(edges.ring[meet.one]), "count": len(between)},
            remedy="hole.cut_out",
            geometry=geometry,
        )
        for meet in between[:MOST_TOLD]
    ]


def _cut_out(polygon: Polygon) -> Any:
    """Exterior less everything that its holes cover, rounded to the grid; None if either cannot be made sense of."""
    outer = shapely.Polygon(polygon.exterior)
    holes = [shapely.Polygon(hole) for hole in polygon.holes]
    if not (outer.is_valid and all(hole.is_valid for hole in holes)):
        return None
    return shapely.set_precision(shapely.difference(outer, shapely.union_all(holes)), 1.0)


def _misplaced_holes(place: Place) -> list[Finding]:
    """Holes outside the exterior, inside another hole, or cutting the polygon in two by touching."""
    outer = shapely.Polygon(place.polygon.exterior)
    holes = [shapely.Polygon(hole) for hole in place.polygon.holes]
    if not outer.is_valid:
        return []
    geometry = _cut_out(place.polygon)
    found = [
        place.tell("hole.outside", at, 0, remedy="hole.drop", geometry=geometry)
        for at, hole in enumerate(holes, start=1)
        if not outer.covers(hole)
    ]
    for at, hole in enumerate(holes, start=1):
        around = [k for k, other in enumerate(holes, start=1) if k != at and other.covers(hole)]
        if around and (not hole.equals(holes[around[0] - 1]) or around[0] < at):
            found.append(
                place.tell("hole.nested", at, 0, facts={"other": around[0]}, remedy="hole.drop", geometry=geometry)
            )
    return found


def _unplaced(place: Place, geometry: Any) -> Finding:
    """The engine calls it invalid for a reason that has no sentence of its own: say the place it names."""
    told = _REASON.match(shapely.is_valid_reason(geometry))
    at = (0, 0)
    if told and told["x"]:
        points = np.concatenate([as_array(ring) for ring in place.polygon.rings]).astype(np.float64)
        nearest = int(np.hypot(points[:, 0] - float(told["x"]), points[:, 1] - float(told["y"])).argmin())
        edges = Edges.of(place.polygon)
        at = (int(edges.ring[nearest]), int(edges.index[nearest]))
    remedy, mended = _split(place)
    reason = told["words"] if told else ""
    code = "ring.cuts_through" if "disconnected" in reason else "ring.invalid"
    return place.tell(code, *at, facts={"reason": reason}, remedy=remedy, geometry=mended)
