"""Where numbers and lengths stand on the map, so that none lies on another, on a point circle or on the parcel's lines.

Everything is in millimetres on paper, y downwards. A number may move off and get a leader; a length that finds no place is
left out of the drawing, and the caller lists it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import atan2, cos, degrees, hypot, pi, sin
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Array = npt.NDArray[np.float64]

# Point circles have a diameter of 2.0 mm (GB/T 42547-2023 图 L.6–L.10).
CIRCLE_RADIUS = 1.0
NUMBER_POINTS = 7.0
LENGTH_POINTS = 6.0
MM_PER_POINT = 25.4 / 72
# Digits of Noto Sans CJK are 0.555 em wide and 0.73 em high.
DIGIT_WIDTH, DIGIT_HEIGHT = 0.555, 0.8
DIRECTIONS = 24
GAPS = (0.25, 0.9, 1.8, 3.0, 4.5, 6.5, 9.0, 12.0, 15.0)
LEADER_FROM = 1.5
CLEARANCE = 0.15
# Points within this distance (mm) crowd each other, and how often a crowd is tried anew.
CROWD = 6.0
ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Label:
    """A text with its middle (mm), its turn in degrees clockwise, and the leader's two ends where it stands off."""

    text: str
    x: float
    y: float
    turn: float = 0.0
    leader: tuple[float, float, float, float] | None = None


@dataclass(slots=True)
class Board:
    """The map while labels are put on it: what they may not cover, and what they had better not cross."""

    width: float
    height: float
    circles: Array
    lines: Any
    taken: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        shapely.prepare(self.lines)

    def free(self, boxes: Any) -> npt.NDArray[np.bool_]:
        """Which boxes lie inside the map, clear of circles and of everything put there before."""
        inside = shapely.contains_properly(shapely.box(0, 0, self.width, self.height), boxes)
        clear = np.asarray(inside)
        if len(self.circles):
            tree = shapely.STRtree(shapely.points(self.circles))
            near = tree.query(boxes, predicate="dwithin", distance=CIRCLE_RADIUS + CLEARANCE)
            clear[near[0]] = False
        if self.taken:
            clear[shapely.STRtree(self.taken).query(boxes, predicate="intersects")[0]] = False
        return clear

    def take(self, box: Any) -> None:
        """What stands here now bars the place for all after it."""
        self.taken.append(shapely.buffer(box, CLEARANCE, join_style="mitre"))


def extent(text: str, points: float) -> tuple[float, float]:
    """Width and height of figures in millimetres.

    >>> [round(mm, 2) for mm in extent("12", 7)]
    [2.74, 1.98]
    """
    size = points * MM_PER_POINT
    return len(text) * DIGIT_WIDTH * size, DIGIT_HEIGHT * size


def place_numbers(board: Board, points: Sequence[tuple[str, float, float, float]]) -> tuple[list[Label], list[str]]:
    """Labels for (text, x, y, outward direction in radians), and the texts that found no place.

    The most crowded are put down first, the others have room anyway. Whoever is left without a place comes first in the
    next round, in which everything is put down anew.
    """
    spots = np.array([(x, y) for _, x, y, _ in points]).reshape(-1, 2)
    crowd = [int((np.hypot(*(spots - spot).T) < CROWD).sum()) for spot in spots]
    before, taken = list(board.taken), list(board.taken)
    first: list[int] = []
    best: dict[int, Label] = {}
    for _ in range(ROUNDS):
        board.taken = list(before)
        done: dict[int, Label] = {}
        for at in sorted(range(len(points)), key=lambda at: (at not in first, -crowd[at], at)):
            label = _number(board, *points[at])
            if label is not None:
                done[at] = label
        if len(done) > len(best):
            best, taken = done, board.taken
        lost = [at for at in range(len(points)) if at not in done]
        if not lost:
            break
        first += lost
    board.taken = taken
    return [best[at] for at in sorted(best)], [points[at][0] for at in range(len(points)) if at not in best]


def _number(board: Board, text: str, x: float, y: float, outward: float) -> Label | None:
    width, height = extent(text, NUMBER_POINTS)
    turns = outward + np.arange(DIRECTIONS) * (2 * pi / DIRECTIONS)
    across, down = np.meshgrid(turns, np.array(GAPS))
    ux, uy = np.cos(across).ravel(), np.sin(across).ravel()
    gaps = down.ravel()
    # The nearest place of the box on this ray that leaves the gap between it and the circle.
    reach = np.minimum(
        (width / 2 + CIRCLE_RADIUS + gaps) / np.maximum(np.abs(ux), 1e-9),
        (height / 2 + CIRCLE_RADIUS + gaps) / np.maximum(np.abs(uy), 1e-9),
    )
    cx, cy = x + ux * reach, y + uy * reach
    boxes = shapely.box(cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2)
    off = np.abs((across.ravel() - outward + pi) % (2 * pi) - pi)
    cost = gaps * 1.5 + off * 0.8 + shapely.intersects(board.lines, boxes) * 8.0
    leaders = shapely.linestrings(
        np.stack(
            (
                np.column_stack((x + ux * CIRCLE_RADIUS * 1.02, y + uy * CIRCLE_RADIUS * 1.02)),
                np.column_stack((cx, cy)),
            ),
            axis=1,
        )
    )
    led = gaps >= LEADER_FROM
    # A number nearer to another circle than to its own would be read as that point's.
    cost += led * 3.0 + _nearer_to_another(board, cx, cy, (x, y)) * 5.0
    allowed = board.free(boxes)
    allowed &= ~led | _leader_free(board, leaders, (x, y))
    asked = np.flatnonzero(allowed & led)
    cost[asked] += shapely.crosses(board.lines, leaders[asked]) * 6.0
    if not allowed.any():
        return None
    best = int(np.argmin(np.where(allowed, cost, np.inf)))
    board.take(boxes[best])
    leader = None
    if led[best]:
        line = shapely.difference(leaders[best], shapely.buffer(boxes[best], 0.2))
        board.take(line)
        (x0, y0), (x1, y1) = line.coords[0], line.coords[-1]
        leader = (x0, y0, x1, y1)
    return Label(text, float(cx[best]), float(cy[best]), 0.0, leader)


def _nearer_to_another(board: Board, cx: Array, cy: Array, own: tuple[float, float]) -> npt.NDArray[np.bool_]:
    """Which middles lie nearer to some other circle than to their own."""
    others = board.circles[np.hypot(*(board.circles - own).T) > 1e-6]
    if not len(others):
        return np.zeros(len(cx), dtype=bool)
    nearest = np.hypot(cx[:, None] - others[:, 0], cy[:, None] - others[:, 1]).min(axis=1)
    return np.asarray(nearest < np.hypot(cx - own[0], cy - own[1]))


def _leader_free(board: Board, leaders: Any, own: tuple[float, float]) -> npt.NDArray[np.bool_]:
    """Leaders that touch no label and no other point's circle."""
    clear = np.ones(len(leaders), dtype=bool)
    if board.taken:
        clear[shapely.STRtree(board.taken).query(leaders, predicate="intersects")[0]] = False
    others = board.circles[np.hypot(*(board.circles - own).T) > 1e-6]
    if len(others):
        near = shapely.STRtree(shapely.points(others)).query(leaders, predicate="dwithin", distance=CIRCLE_RADIUS)
        clear[near[0]] = False
    return clear


def place_length(board: Board, text: str, start: Sequence[float], end: Sequence[float]) -> Label | None:
    """A length along its edge, on the left of its way first (outside of a counter-clockwise ring lies on its right).

    None where the edge is too short on paper or both sides are taken.
    """
    (x0, y0), (x1, y1) = start, end
    along = hypot(x1 - x0, y1 - y0)
    width, height = extent(text, LENGTH_POINTS)
    if along < width + 2 * CIRCLE_RADIUS + 0.8:
        return None
    turn = atan2(y1 - y0, x1 - x0)
    # y runs down on paper: the right-hand side of the way is +90° here.
    for side in (pi / 2, -pi / 2):
        for share in (0.5, 0.35, 0.65):
            away = height / 2 + 0.8
            cx = x0 + (x1 - x0) * share + cos(turn + side) * away
            cy = y0 + (y1 - y0) * share + sin(turn + side) * away
            box = _turned(cx, cy, width, height, turn)
            if board.free(np.array([box]))[0] and not shapely.intersects(board.lines, box):
                board.take(box)
                return Label(text, cx, cy, _upright(degrees(turn)))
    return None


def _turned(cx: float, cy: float, width: float, height: float, turn: float) -> Any:
    corners = np.array([(-width, -height), (width, -height), (width, height), (-width, height)]) / 2
    c, s = cos(turn), sin(turn)
    return shapely.Polygon(corners @ np.array([[c, s], [-s, c]]) + (cx, cy))


def _upright(turn: float) -> float:
    """The turn under which a text is not upside down.

    >>> _upright(170.0), _upright(-100.0), _upright(30.0)
    (-10.0, 80.0, 30.0)
    """
    return turn - 180 if turn > 90 else turn + 180 if turn <= -90 else turn
