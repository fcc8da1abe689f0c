"""Where rings cross or touch themselves or each other, judged exactly on whole milliseconds of arc, with offered repairs."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
# Crossings are counted up to here; a ring with more is a knot, and "more" says as much as their number.
MOST_COUNTED = 1_000
# Pairs of edges with meeting boxes that are judged for one polygon or tiling: about two seconds of work. Two thousand
# strips side by side at a slant stay under it; no polygon of fewer than 2,828 points can reach it.
MOST_EXAMINED = 4_000_000
# Edges of the first lot, pairs aimed at in a lot, and edges of the longest.
_FIRST_LOT, _LOT_PAIRS, _LONGEST_LOT = 16, 500_000, 8_192
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


@dataclass(slots=True)
class Search:
    """What a search for meetings found within its bounds: `examined` pairs of edges whose boxes meet were judged.

    `whole` is False where the search stopped early: at `MOST_COUNTED` meetings, or at `MOST_EXAMINED` pairs.
    """

    crossings: list[Meeting]
    touches: list[Meeting]
    examined: int = 0
    whole: bool = True


def search_meetings(edges: Edges) -> Search:
    """Pairs of edges that cross, and edges of one ring that touch without being neighbours; in order of the first edge.

    A ring that crosses itself everywhere has a number of crossings that grows with the square of its points, so the search
    takes the edges in lots and ends as soon as it knows enough to tell.
    """
    found = Search([], [])
    for one, two in candidates(edges):
        found.examined += len(one)
        _judge(edges, one, two, found)
        if len(found.crossings) >= MOST_COUNTED or found.examined > MOST_EXAMINED:
            found.whole = False
            break
    return found


def candidates(edges: Edges) -> Iterator[tuple[IntArray, IntArray]]:
    """Lots of pairs of edges (first < second) whose boxes meet, neighbours in one ring left out."""
    tree = shapely.STRtree(edges.lines())
    at, lot = 0, _FIRST_LOT
    while at < len(edges.ring):
        boxes = tree.geometries[at : at + lot]
        one, two = tree.query(boxes)
        one = one + at
        at += lot
        # The next lot is as long as the hits of this one allow, so that no lot ever holds a square of the whole.
        lot = int(np.clip(_LOT_PAIRS * lot // max(len(one), 1), 1, _LONGEST_LOT))
        keep = one < two
        one, two = one[keep], two[keep]
        apart = (edges.index[two] - edges.index[one]) % edges.size[one]
        neighbours = (edges.ring[one] == edges.ring[two]) & ((apart == 1) | (apart == edges.size[one] - 1))
        one, two = one[~neighbours], two[~neighbours]
        order = np.lexsort((two, one))
        yield one[order], two[order]


def _judge(edges: Edges, one: IntArray, two: IntArray, found: Search) -> None:
    a, b, c, d = edges.start[one], edges.end[one], edges.start[two], edges.end[two]
    proper = (side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0)
    # Boxes that meet are only candidates: an improper meeting must have an end point exactly on the other edge.
    own = np.flatnonzero(~proper & (edges.ring[one] == edges.ring[two]))
    a, b, c, d = a[own], b[own], c[own], d[own]
    touch = own[_on(a, b, c) | _on(a, b, d) | _on(c, d, a) | _on(c, d, b)]
    for hits, kept in ((np.flatnonzero(proper), found.crossings), (touch, found.touches)):
        kept += [Meeting(int(one[k]), int(two[k]), bool(proper[k])) for k in hits[: MOST_COUNTED - len(kept)]]


def _on(a: IntArray, b: IntArray, p: IntArray) -> Any:
    within = (np.minimum(a, b) <= p).all(axis=-1) & (p <= np.maximum(a, b)).all(axis=-1)
    return (side(a, b, p) == 0) & within


def are_few(count: int) -> bool:
    """Whether so few edges can be judged in every pair."""
    return count**2 <= 2 * MOST_EXAMINED


def tangle(place: Place) -> list[Finding]:
    """The finding about a polygon whose lines run over each other too often to be judged whole; empty for all others.

    Long lines beside each other at a slant are like this, whether they cross or not; the engine's own overlay and validity
    take as long over them as the square of their number, so this is asked before either.
    """
    edges = Edges.of(place.polygon)
    if are_few(len(edges.ring)):
        return []
    found = search_meetings(edges)
    if found.whole:
        return []
    return _told(place, edges, found) or [place.tell("ring.tangled", 0, 0, facts={"count": len(edges.ring)})]


def crossing_faults(place: Place) -> list[Finding]:
    """What makes the polygon invalid, located; empty if it is valid. Ask `tangle` first."""
    geometry = place.polygon.to_shapely()
    if geometry.is_valid:
        return []
    edges = Edges.of(place.polygon)
    found = _told(place, edges, search_meetings(edges)) or misplaced_holes(place)
    return found or [_unplaced(place, geometry)]


def _told(place: Place, edges: Edges, search: Search) -> list[Finding]:
    """What the search found: each ring with itself, then holes across other rings."""
    own = [meet for meet in search.crossings if edges.ring[meet.one] == edges.ring[meet.two]]
    between = [meet for meet in search.crossings if edges.ring[meet.one] != edges.ring[meet.two]]
    found = _self_meetings(place, edges, own + search.touches, offers=search.whole)
    if between:
        found += _hole_crossings(place, edges, between, offers=search.whole)
    return found


def _self_meetings(place: Place, edges: Edges, within: list[Meeting], *, offers: bool) -> list[Finding]:
    """Crossings and touches of one ring with itself; both are told at the start of the edge that comes first.

    `offers` is False where not all were found: a knot of a thousand crossings has thousands of parts, and no repair.
    """
    if not within:
        return []
    remedy, geometry = (_uncrossed(place.polygon, edges, within) or _split(place)) if offers else (None, None)
    found = []
    crossing = [meet for meet in within if meet.proper]
    # A ring that crosses itself also touches itself in passing; the touches are worth telling only where nothing crosses.
    for meet in (crossing or _one_per_point(edges, within))[:MOST_TOLD]:
        other = int(edges.index[meet.two])
        facts = {"other": _name(place, int(edges.ring[meet.two]), other), "count": len(crossing or within)}
        facts |= {} if offers else {"more": True}
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


def _hole_crossings(place: Place, edges: Edges, between: list[Meeting], *, offers: bool) -> list[Finding]:
    geometry = _cut_out(place.polygon) if offers else None
    # The higher ring number is always a hole; its vertex is the one to look at.
    return [
        place.tell(
            "hole.crosses",
            int(edges.ring[meet.two]),
            int(edges.index[meet.two]),
            facts={"other": int(edges.ring[meet.one]), "count": len(between)} | ({} if offers else {"more": True}),
            remedy="hole.cut_out" if offers else None,
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


def misplaced_holes(place: Place) -> list[Finding]:
    """Holes outside the exterior or inside another hole; the first of each kind."""
    outer = shapely.Polygon(place.polygon.exterior)
    holes = np.asarray([shapely.Polygon(hole) for hole in place.polygon.holes], dtype=object)
    if not outer.is_valid or not len(holes):
        return []
    shapely.prepare(outer)
    outside = np.flatnonzero(~shapely.covers(outer, holes)) + 1
    nested = _nested(holes)
    if not len(outside) and not nested:
        return []
    geometry = _cut_out(place.polygon)
    found = [
        place.tell("hole.outside", int(at), 0, facts={"count": len(outside)}, remedy="hole.drop", geometry=geometry)
        for at in outside[:MOST_TOLD]
    ]
    return found + [
        place.tell("hole.nested", at, 0, facts={"other": other}, remedy="hole.drop", geometry=geometry)
        for at, other in nested
    ]


def _nested(holes: Any) -> list[tuple[int, int]]:
    """(hole, hole around it), counted from 1: the first of them. Of equal holes the first one stays."""
    tree = shapely.STRtree(holes)
    found: list[tuple[int, int]] = []
    for at, hole in enumerate(holes, start=1):
        around = sorted(int(k) + 1 for k in tree.query(hole, predicate="covered_by") if k + 1 != at)
        if around and (around[0] < at or not hole.equals(holes[around[0] - 1])):
            found.append((at, around[0]))
        if len(found) == MOST_TOLD:
            break
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
