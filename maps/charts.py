"""A still map as inline SVG whose colours come from the page's tokens: light and dark, zoomed or printed, without any script.

Shapes are shapely geometries in degrees (longitude, latitude) of CGCS2000; the picture is equirectangular about the middle of its box,
which at the size of a bay differs from any conformal one by less than a line's width. Classes are those of `css/charts.css`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import product
from math import ceil, cos, floor, hypot, log10, radians
from typing import Any

import numpy as np
import shapely

from data.messages import text

Bounds = tuple[float, float, float, float]
METRES_PER_DEGREE = 111_320.0
# Distances between graticule lines in minutes of arc, the first that gives at most so many lines is taken.
STEPS = (0.25, 0.5, 1, 2, 5, 10, 20, 30)
MOST_LINES = 4
NEAT_PX = 7
# Half of the widest stroke of `css/charts.css` and a little: land outside still tints the sea inside, and no stroke ends in sight.
BEYOND_PX = 34
# Where a name may stand that would lie on a right, or on land though it names water: the nearest first; else it is dropped.
NAME_STEPS = sorted(product(range(-120, 121, 40), range(-104, 105, 26)), key=lambda step: hypot(*step))
# Letters of names as wide as a phone shows them, so that a place is free on every screen.
LETTER_PX = {True: 32.0, False: 13.0}


@dataclass(frozen=True, slots=True)
class Shape:
    """One geometry with its class; `label` is told on hover and to readers, `link` makes it a way on, `name` is written inside."""

    geometry: Any
    kind: str
    label: str = ""
    link: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A name on the map: `kind` is `water` or `land`."""

    at: tuple[float, float]
    name: str
    kind: str = "water"


class Frame:
    """From degrees to pixels: one scale for both axes, the box in the middle."""

    def __init__(self, box: Bounds, width: int, height: int) -> None:
        west, south, east, north = box
        self.width, self.height = width, height
        self.squeeze = cos(radians((south + north) / 2))
        self.scale = min(width / ((east - west) * self.squeeze), height / (north - south))
        self.west = (west + east) / 2 - width / 2 / (self.scale * self.squeeze)
        self.north = (south + north) / 2 + height / 2 / self.scale
        self.east = self.west + width / (self.scale * self.squeeze)
        self.south = self.north - height / self.scale
        self.window = shapely.box(self.west, self.south, self.east, self.north)
        beyond = BEYOND_PX / self.scale
        self.sight = (self.west - beyond, self.south - beyond, self.east + beyond, self.north + beyond)

    def x(self, lon: float) -> float:
        """Pixels from the left edge."""
        return (lon - self.west) * self.squeeze * self.scale

    def y(self, lat: float) -> float:
        """Pixels from the upper edge."""
        return (self.north - lat) * self.scale

    def ground(self, left: float, top: float, right: float, bottom: float) -> Any:
        """The part of the ground, in degrees, under a rectangle of the picture."""
        lons = [self.west + x / (self.squeeze * self.scale) for x in (left, right)]
        lats = [self.north - y / self.scale for y in (bottom, top)]
        return shapely.box(lons[0], lats[0], lons[1], lats[1])

    def near(self, geometries: Sequence[Any]) -> Any:
        """Which of many geometries can be seen, by their boxes."""
        boxes = shapely.bounds(geometries).reshape(-1, 4)
        west, south, east, north = self.sight
        seen = (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
        return np.flatnonzero(seen)

    def paths(self, geometries: Sequence[Any]) -> list[str]:
        """The paths of polygons or lines, clipped a little outside the picture; empty where nothing of one is inside."""
        drawn = shapely.simplify(shapely.clip_by_rect(geometries, *self.sight), 0.4 / self.scale)
        return ["".join(self._ring(part) for part in _lines(each)) for each in drawn]

    def _ring(self, line: Any) -> str:
        ground = shapely.get_coordinates(line)
        across = ((ground[:, 0] - self.west) * self.squeeze * self.scale).tolist()
        down = ((self.north - ground[:, 1]) * self.scale).tolist()
        points = [f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True)]
        return f"M{'L'.join(points)}" if len(points) > 1 else ""


def _lines(geometry: Any) -> Iterable[Any]:
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon":
            yield part.exterior
            yield from part.interiors
        elif part.geom_type in ("LineString", "LinearRing"):
            yield part
        elif part.geom_type.startswith(("Multi", "Geometry")):
            yield from _lines(part)


def around(geometry: Any, share: float = 0.9) -> Bounds:
    """The box of a geometry with so much of its size left free on each side.

    >>> around(shapely.box(0, 0, 2, 1), 0.5)
    (-1.0, -1.0, 3.0, 2.0)
    """
    west, south, east, north = shapely.bounds(geometry).tolist()
    margin = share * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin


def chart(
    box: Bounds,
    width: int,
    height: int,
    label: str,
    *,
    land: Sequence[Any] = (),
    shapes: Sequence[Shape] = (),
    places: Sequence[Place] = (),
    neat: bool = False,
    lang: str = "en",
) -> str:
    """The SVG element. `label` tells the whole picture to whoever does not see it; `neat` adds the black-and-white frame."""
    frame = Frame(box, width, height)
    lines, degrees = _graticule(frame, neat)
    paths = frame.paths([shape.geometry for shape in shapes])
    drawn = [_drawn(frame, shape, path) for shape, path in zip(shapes, paths, strict=True) if path]
    parts = [_ground(frame, land), lines, *drawn, degrees]
    parts += _names(frame, places, [shape.geometry for shape in shapes], land)
    parts.append(_scale(frame, neat, lang))
    if neat:
        parts.append(_neat_line(frame))
    # A picture with ways on is a group of links; one without is a single image.
    role = "group" if any(shape.link for shape in shapes) else "img"
    return (
        f'<svg class="{"chart neated" if neat else "chart"}" viewBox="0 0 {width} {height}" role="{role}" aria-label="{escape(label)}" '
        f'preserveAspectRatio="xMidYMid slice">{"".join(parts)}</svg>'
    )


def _ground(frame: Frame, land: Sequence[Any]) -> str:
    path = "".join(frame.paths([land[at] for at in frame.near(land)]))
    if not path:
        return ""
    # Wide strokes under the land make the near-shore tints and three fading waterlines: decoration, not depth.
    kinds = ("near", "nearer", "wl far", "wl far gap", "wl mid", "wl mid gap", "wl", "wl gap", "land")
    return "".join(f'<path class="{kind}" d="{path}"/>' for kind in kinds)


def _graticule(frame: Frame, neat: bool) -> tuple[str, str]:
    """Its lines, which lie under everything, and their degrees, which lie over it."""
    minutes = (frame.east - frame.west) * 60
    step = next((each for each in STEPS if minutes / each <= MOST_LINES), STEPS[-1]) / 60
    inset = NEAT_PX + 4 if neat else 4
    lines, told = [], []
    for count in range(ceil(frame.west / step), floor(frame.east / step) + 1):
        at = frame.x(count * step)
        lines.append(f'<path class="grat" d="M{at:.1f},0V{frame.height}"/>')
        label = _minutes(count * step, "E")
        if 40 < at < frame.width - 8 * len(label):
            told.append(f'<text class="gt" x="{at + 3:.1f}" y="{inset + (15 if neat else 10)}">{label}</text>')
    for count in range(ceil(frame.south / step), floor(frame.north / step) + 1):
        at = frame.y(count * step)
        lines.append(f'<path class="grat" d="M0,{at:.1f}H{frame.width}"/>')
        if 40 < at < frame.height - 46:
            x = frame.width - inset
            told.append(
                f'<text class="gt" text-anchor="end" x="{x}" y="{at - 3:.1f}">{_minutes(count * step, "N")}</text>'
            )
    return "".join(lines), "".join(told)


def _minutes(degrees: float, side: str) -> str:
    whole = round(degrees * 3600)
    seconds = f"{whole % 60:02d}″" if whole % 60 else ""
    return f"{whole // 3600}°{whole % 3600 // 60:02d}′{seconds}{side}"


def _drawn(frame: Frame, shape: Shape, path: str) -> str:
    title = f"<title>{escape(shape.label)}</title>" if shape.label else ""
    told = f'<path class="{shape.kind}" d="{path}">{title}</path>'
    if shape.kind == "draft":
        told = f'<path class="casing" d="{path}"/>{told}'
    if shape.name:
        centre = shapely.point_on_surface(shape.geometry)
        told += f'<text class="me" text-anchor="middle" x="{frame.x(centre.x):.1f}" y="{frame.y(centre.y):.1f}">{escape(shape.name)}</text>'
    if not shape.link:
        return told
    return f'<a href="{escape(shape.link)}" aria-label="{escape(shape.label)}">{told}</a>'


def _names(frame: Frame, places: Sequence[Place], drawn: Sequence[Any], land: Sequence[Any]) -> list[str]:
    """Names beside what is drawn; those of land lie on land, those of water do not."""
    taken = {"land": shapely.STRtree(drawn), "water": shapely.STRtree([*drawn, *(land[at] for at in frame.near(land))])}
    seen = [place for place in places if shapely.intersects_xy(frame.window, *place.at)]
    return [_name(frame, place, _room(frame, place, taken[place.kind])) for place in seen]


def _room(frame: Frame, place: Place, taken: shapely.STRtree) -> tuple[float, float] | None:
    """Where in the picture a name lies on nothing that is taken, as near to its place as may be; None where it would everywhere."""
    wide = sum(LETTER_PX[letter > "\u2fff"] for letter in place.name)
    for across, down in NAME_STEPS:
        x, y = frame.x(place.at[0]) + across, frame.y(place.at[1]) + down
        inside = 30 < x < frame.width - wide - 12 and 36 < y < frame.height - 24
        if inside and not taken.query(frame.ground(x - 4, y - 20, x + wide, y + 6), predicate="intersects").size:
            return x, y
    return None


def _name(frame: Frame, place: Place, at: tuple[float, float] | None) -> str:
    if at is None:
        return ""
    x, y = at
    dot = f'<circle class="dot" cx="{x - 8:.1f}" cy="{y - 4:.1f}" r="2"/>' if place.kind == "land" else ""
    return f'{dot}<text class="{place.kind}-name" x="{x:.1f}" y="{y:.1f}">{escape(place.name)}</text>'


def _scale(frame: Frame, neat: bool, lang: str) -> str:
    """A bar of a round length of at most a third of the picture, with its length."""
    per_metre = frame.scale / METRES_PER_DEGREE
    most = frame.width / 3 / per_metre
    size = 10 ** floor(log10(most))
    metres = next(factor * size for factor in (5, 2, 1) if factor * size <= most)
    unit, length_of = ("kilometres", metres // 1000) if metres >= 1000 else ("metres", metres)
    told = text(f"page.scale.{unit}", lang, n=f"{length_of:g}")
    length, x, y = metres * per_metre, 14 + (NEAT_PX if neat else 0), frame.height - 14 - (NEAT_PX if neat else 0)
    bar = f'<path class="scale" d="M{x},{y - 5}V{y}H{x + length:.1f}V{y - 5}"/>'
    return f'{bar}<text class="st" x="{x + length + 6:.1f}" y="{y}">{told}</text>'


def _neat_line(frame: Frame) -> str:
    """The frame of a chart: black and white in turn, each a round part of the edge."""
    parts = 12
    told = [f'<rect class="neat-ground" x="0" y="0" width="{frame.width}" height="{frame.height}"/>']
    for count in range(0, parts, 2):
        x, y = frame.width * count / parts, frame.height * count / parts
        wide, high = frame.width / parts, frame.height / parts
        for left, top, across, down in (
            (x, 0, wide, NEAT_PX),
            (x, frame.height - NEAT_PX, wide, NEAT_PX),
            (0, y, NEAT_PX, high),
            (frame.width - NEAT_PX, y, NEAT_PX, high),
        ):
            told.append(f'<rect class="neat" x="{left:.1f}" y="{top:.1f}" width="{across:.1f}" height="{down:.1f}"/>')
    for inset in (0.5, NEAT_PX):
        wide, high = frame.width - 2 * inset, frame.height - 2 * inset
        told.append(f'<rect class="neat-edge" x="{inset}" y="{inset}" width="{wide}" height="{high}"/>')
    return "".join(told)
