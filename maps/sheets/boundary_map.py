"""The map of a 宗海界址图: parcel, units, points with numbers, lengths, and the neighbours' outlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import atan2, dist
from typing import Any

import numpy as np
import shapely

from maps.sheets import frames, labels, tables
from maps.sheets.values import Neighbour, SheetRequest
from marine.boundary import Point, Ring
from marine.overlaying import minus
from marine.planes import Plane
from marine.polygons import as_array

# The north arrow's corner of the map: left, top, right, bottom in millimetres; nothing is written over it.
NORTH_ARROW = (frames.MAP_WIDTH - 13.0, 1.0, frames.MAP_WIDTH - 1.0, 22.0)
MARK_SIZE = 4.2
# So many places on each axis are tried for a mark that the middle of its neighbour has no room for.
SPOTS = 12
# Where more than this share of the corners lie closer to the next than a circle's diameter, circles would make one black
# band: then only corners a diameter apart are drawn and numbered, and the table holds all of them.
CROWDED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Drawn:
    """A map: its frame, what is drawn (for the Typst source), what found no room on it, and the signs of its legend."""

    frame: frames.Frame
    primitives: dict[str, Any]
    lengths: list[list[str]] = field(default_factory=list)
    numbers_off: list[str] = field(default_factory=list)
    neighbours: list[tuple[str, Neighbour]] = field(default_factory=list)
    signs: tuple[str, ...] = ()


def boundary_map(request: SheetRequest, plane: Plane) -> Drawn:
    """The map at the largest scale that holds the parcel."""
    boundary = request.boundary
    frame = frame_of(request, plane)
    points = list(boundary.points)
    spots = frame.on_paper([(point.lon, point.lat) for point in points])
    paper = {(point.lon, point.lat): spot for point, spot in zip(points, spots.tolist(), strict=True)}
    sides = tables.edges(boundary, plane)
    shown = shown_points(boundary.parcel.rings, paper)
    points = [point for point in points if (point.lon, point.lat) in shown]
    circles = np.array([paper[point.lon, point.lat] for point in points])
    board = labels.Board(
        frames.MAP_WIDTH,
        frames.MAP_HEIGHT,
        circles,
        shapely.MultiLineString([(paper[side.start], paper[side.end]) for side in sides]),
    )
    board.take(shapely.box(*NORTH_ARROW))
    outward = outward_directions(boundary.parcel.rings, paper)
    wanted = [(str(p.number), *paper[p.lon, p.lat], outward.get((p.lon, p.lat), -0.8)) for p in points]
    numbers, _ = labels.place_numbers(board, wanted)
    lengths, listed = _lengths(request, board, sides, paper)
    near = surroundings(request, frame)
    marks, neighbours = neighbours_shown(request, frame, board, paper)
    primitives = {
        **near,
        "parcel": [[[paper[point] for point in ring] for ring in boundary.parcel.rings]],
        "dividers": dividers(request, sides, paper),
        "circles": [[round(x, 4), round(y, 4)] for x, y in circles.tolist()],
        "numbers": [_told(label) for label in numbers],
        "lengths": [_told(label) for label in lengths],
        "marks": marks,
        "names": [],
    }
    drawn = {label.text for label in numbers}
    off = [str(point.number) for point in boundary.points if str(point.number) not in drawn]
    return Drawn(frame, primitives, listed, off, neighbours, signs(primitives))


def frame_of(request: SheetRequest, plane: Plane) -> frames.Frame:
    """The frame of the largest scale that holds the parcel; what lies round it does not matter."""
    return frames.frame_round(plane, as_array(request.boundary.parcel.exterior))


def shown_points(rings: Sequence[Ring], paper: dict[Point, list[float]]) -> set[Point]:
    """The corners that get a circle: all of them, or where they crowd those that lie a circle's diameter apart."""
    pairs = [(paper[start], paper[end]) for ring in rings for start, end in tables.pairs(ring)]
    near = sum(dist(*pair) < 2 * labels.CIRCLE_RADIUS for pair in pairs)
    if near <= CROWDED_SHARE * len(pairs):
        return set(paper)
    on_rings = {point for ring in rings for point in ring}
    kept = set(paper) - on_rings
    for ring in rings:
        last = ring[0]
        kept.add(last)
        for point in ring[1:]:
            if min(dist(paper[point], paper[other]) for other in (last, ring[0])) >= 2 * labels.CIRCLE_RADIUS:
                kept.add(point)
                last = point
    return kept


def _lengths(
    request: SheetRequest, board: labels.Board, sides: Sequence[tables.Edge], paper: dict[Point, list[float]]
) -> tuple[list[labels.Label], list[list[str]]]:
    """The lengths that stand on the map, and those that are listed because no room was left."""
    placed, listed = [], []
    for side in sides:
        label = labels.place_length(board, side.length, paper[side.start], paper[side.end])
        if label is not None:
            placed.append(label)
        else:
            ends = f"{request.boundary.number_of(side.start)}-{request.boundary.number_of(side.end)}"
            listed.append([ends, side.length])
    return placed, listed


def _told(label: labels.Label) -> dict[str, Any]:
    leader = [round(value, 4) for value in label.leader] if label.leader else None
    return {
        "text": label.text,
        "x": round(label.x, 4),
        "y": round(label.y, 4),
        "turn": round(label.turn, 4),
        "leader": leader,
    }


def outward_directions(rings: Sequence[Ring], paper: dict[Point, list[float]]) -> dict[Point, float]:
    """For every corner the direction on paper (radians, y down) that leads out of the parcel."""
    found: dict[Point, float] = {}
    for ring in rings:
        spots = np.array([paper[point] for point in ring])
        ahead, behind = np.roll(spots, -1, axis=0) - spots, spots - np.roll(spots, 1, axis=0)
        # The right-hand side of a directed ring is outside: (dx, dy) turned by +90° where y runs down is (-dy, dx).
        normals = sum(
            np.column_stack((-way[:, 1], way[:, 0])) / np.maximum(np.hypot(*way.T), 1e-9)[:, None]
            for way in (ahead, behind)
        )
        for point, (x, y) in zip(ring, np.asarray(normals).tolist(), strict=True):
            found[point] = atan2(y, x)
    return found


def dividers(
    request: SheetRequest, sides: Sequence[tables.Edge], paper: dict[Point, list[float]]
) -> list[list[list[float]]]:
    """The lines between units: the edges that are not the parcel's own."""
    own = {frozenset(pair) for ring in request.boundary.parcel.rings for pair in tables.pairs(ring)}
    return [[paper[side.start], paper[side.end]] for side in sides if frozenset((side.start, side.end)) not in own]


def surroundings(request: SheetRequest, frame: frames.Frame) -> dict[str, Any]:
    """Land, shores, neighbours and the graticule, cut at the neat line."""
    around = request.surroundings
    lines, names = frames.graticule(frame)
    shores: dict[str, list[Any]] = {"natural": [], "artificial": []}
    for shore in around.shorelines:
        shores[shore.kind or "natural"] += frames.lines_of(frame.drawn(shore.geometry))
    return {
        "land": frames.polygons_of(frame.drawn(around.land)) if around.land is not None else [],
        "shores": shores,
        "neighbours": [shape for each in around.neighbours for shape in frames.polygons_of(frame.drawn(each.geometry))],
        "graticule": lines,
        "graticule_labels": names,
    }


def neighbours_shown(
    request: SheetRequest, frame: frames.Frame, board: labels.Board, paper: dict[Point, list[float]]
) -> tuple[list[dict[str, Any]], list[tuple[str, Neighbour]]]:
    """The letters on the map, each clear of the parcel and of other words, and the neighbours that the map shows.

    A neighbour too narrow for its letter keeps its line in the table, without one.
    """
    parcel = shapely.buffer(shapely.Polygon([paper[point] for point in request.boundary.parcel.exterior]), 2.0)
    marks: list[dict[str, Any]] = []
    shown: list[tuple[str, Neighbour]] = []
    for neighbour in request.surroundings.neighbours:
        drawn = frame.drawn(neighbour.geometry)
        if drawn.is_empty:
            continue
        spot = _clear_spot(minus(drawn, parcel), board)
        letter = tables.mark(len(marks) + 1) if spot is not None else ""
        if spot is not None:
            marks.append({"text": letter, "x": round(spot[0], 4), "y": round(spot[1], 4)})
        shown.append((letter, neighbour))
    return marks, shown


def _clear_spot(shape: Any, board: labels.Board) -> tuple[float, float] | None:
    """The middle of the widest part of a shape that is free for a mark, else the freest place elsewhere in it."""
    if shape.is_empty or shape.area == 0:
        return None
    widest = shapely.maximum_inscribed_circle(shape).coords[0]
    inside = shapely.point_on_surface(shape)
    spots = np.vstack(([widest, (inside.x, inside.y)], _spots_in(shape)))
    x, y = spots.T
    half = MARK_SIZE / 2
    boxes = shapely.box(x - half, y - half, x + half, y + half)
    free = np.flatnonzero(board.free(boxes))
    if not len(free):
        return None
    board.take(boxes[free[0]])
    return float(x[free[0]]), float(y[free[0]])


def _spots_in(shape: Any) -> Any:
    """Places all over a shape, those farthest from its edge first; a corner of the map may hold the widest one already."""
    west, north, east, south = shape.bounds
    across, down = np.meshgrid(np.linspace(west, east, SPOTS), np.linspace(north, south, SPOTS))
    spots = np.column_stack((across.ravel(), down.ravel()))
    spots = spots[shapely.contains_xy(shape, spots)]
    away = shapely.distance(shapely.points(spots), shapely.boundary(shape))
    return spots[np.argsort(-away, kind="stable")]


def signs(primitives: dict[str, Any]) -> tuple[str, ...]:
    """The signs that the legend explains: only what is drawn."""
    drawn = {
        "parcel": True,
        "boundary": True,
        "point": bool(primitives["circles"]),
        "divider": bool(primitives["dividers"]),
        "neighbour": bool(primitives["neighbours"]),
        "natural": bool(primitives["shores"]["natural"]),
        "artificial": bool(primitives["shores"]["artificial"]),
        "land": bool(primitives["land"]),
    }
    return tuple(sign for sign, shown in drawn.items() if shown)
