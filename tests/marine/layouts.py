"""Random layouts for snapping and remedy: a drawn parcel among registered neighbours, on whole milliseconds off Weihai."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Any

import shapely

from marine.boundary import Boundary, Polygon, settle
from marine.planes import local_plane
from marine.polygons import Point, Ring

CENTRE = (122 * 3_600_000 + 1_234_567, 37 * 3_600_000 + 765_432)
PLANE = local_plane(*CENTRE)
METRE_EAST, METRE_NORTH = 1 / PLANE.scale[0], 1 / PLANE.scale[1]


@dataclass(frozen=True)
class Layout:
    """A drawn parcel and the geometries that hold parts of its sea."""

    draft: Boundary
    sources: tuple[Any, ...]


def at(east_m: float, north_m: float) -> Point:
    """The grid point nearest to metres from the centre."""
    return CENTRE[0] + round(east_m * METRE_EAST), CENTRE[1] + round(north_m * METRE_NORTH)


def blob(rng: random.Random, east: float, north: float, size: float, corners: int) -> Ring:
    """A star-shaped ring about a centre, in metres; sometimes nearly a rectangle, sometimes jagged."""
    turn, rough = rng.uniform(0, 2 * math.pi), rng.choice((0.0, 0.2, 0.6))
    ring = []
    for corner in range(corners):
        angle = turn + 2 * math.pi * corner / corners
        reach = size * (1 - rough * rng.random())
        ring.append(at(east + reach * math.cos(angle), north + reach * math.sin(angle)))
    return tuple(ring)


def sound(ring: Ring) -> bool:
    return len(set(ring)) == len(ring) >= 3 and shapely.Polygon(ring).is_valid


def random_draft(rng: random.Random) -> Boundary:
    """A parcel of 0.02 to 60 ha, with a hole now and then, in one to three units cut by straight lines through grid points."""
    while True:
        size = 10 ** rng.uniform(1.0, 2.6)
        exterior = blob(rng, 0, 0, size, rng.choice((4, 4, 5, 6, 8, 12, 30)))
        if not sound(exterior):
            continue
        holes: tuple[Ring, ...] = ()
        if rng.random() < 0.2:
            hole = blob(rng, 0, 0, size / 4, 5)
            if sound(hole) and shapely.Polygon(exterior).contains_properly(shapely.Polygon(hole)):
                holes = (hole,)
        units = halves(rng, exterior) if not holes and rng.random() < 0.4 else []
        settled = settle(Polygon(exterior, holes), units)
        if settled.boundary is not None:
            return settled.boundary


def halves(rng: random.Random, exterior: Ring) -> list[Polygon]:
    """The ring cut along a chord between two of its own corners, or not at all where no chord runs inside."""
    count = len(exterior)
    first = rng.randrange(count)
    last = (first + count // 2) % count
    low, high = min(first, last), max(first, last)
    chord = shapely.LineString([exterior[low], exterior[high]])
    if high - low < 2 or count - (high - low) < 2 or not shapely.Polygon(exterior).covers(chord):
        return []
    return [Polygon(exterior[low : high + 1]), Polygon(exterior[high:] + exterior[: low + 1])]


def neighbour_along(rng: random.Random, draft: Boundary) -> Any:
    """A registered neighbour on the outside of some edges of the draft, its corners up to two grid steps off the draft's."""
    ring = draft.parcel.exterior
    start, count = rng.randrange(len(ring)), rng.randint(1, max(1, len(ring) // 3))
    chain = [ring[(start + step) % len(ring)] for step in range(count + 1)]
    band = shapely.buffer(shapely.LineString(PLANE.to_metres(chain)), 30, cap_style="flat")
    outside = shapely.difference(shapely.transform(band, PLANE.to_ms), draft.parcel.to_shapely())
    widest = max(shapely.get_parts(outside), key=lambda part: part.area)
    off = rng.choice((0, 1, 2))
    corners = []
    for lon, lat in shapely.get_coordinates(widest.exterior)[:-1].round().astype(int).tolist():
        shift = (rng.randint(-off, off), rng.randint(-off, off)) if (lon, lat) in chain else (0, 0)
        corners.append((lon + shift[0], lat + shift[1]))
    return shapely.Polygon(corners)


def random_layout(rng: random.Random) -> Layout:
    """A draft and one to six sources: blobs over its edge or inside it, slivers, neighbours with corners on its edges."""
    draft = random_draft(rng)
    shape = draft.parcel.to_shapely()
    size = math.sqrt(shape.area) / 40
    sources = []
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        ring = rng.choice((over_edge, sliver, on_edge, inside))(rng, draft, size)
        if sound(ring) and shapely.Polygon(ring).area > 0:
            sources.append(shapely.Polygon(ring))
    return Layout(draft, tuple(sources))


def over_edge(rng: random.Random, draft: Boundary, size: float) -> Ring:
    angle = rng.uniform(0, 2 * math.pi)
    away = size * rng.uniform(0.2, 1.0)
    return blob(
        rng, away * math.cos(angle), away * math.sin(angle), size * rng.uniform(0.1, 0.8), rng.choice((3, 4, 5, 9))
    )


def inside(rng: random.Random, draft: Boundary, size: float) -> Ring:
    return blob(
        rng,
        size * rng.uniform(-0.3, 0.3),
        size * rng.uniform(-0.3, 0.3),
        size * rng.uniform(0.03, 0.3),
        rng.choice((3, 4, 7)),
    )


def sliver(rng: random.Random, draft: Boundary, size: float) -> Ring:
    """A band a few centimetres to metres deep along one edge of the draft."""
    ring = draft.parcel.exterior
    index = rng.randrange(len(ring))
    (ax, ay), (bx, by) = ring[index], ring[(index + 1) % len(ring)]
    depth = rng.choice((2, 5, 20, 60, 200))
    length = math.hypot(bx - ax, by - ay) or 1
    nx, ny = -(by - ay) / length, (bx - ax) / length
    deep = [(round(x + nx * depth), round(y + ny * depth)) for x, y in ((bx, by), (ax, ay))]
    out = [(round(x - nx * 900), round(y - ny * 900)) for x, y in ((ax, ay), (bx, by))]
    return (*out, *deep)


def on_edge(rng: random.Random, draft: Boundary, size: float) -> Ring:
    """A neighbour with T-junctions: two corners rounded from positions on an edge of the draft, one of its own corners shared."""
    ring = draft.parcel.exterior
    index = rng.randrange(len(ring))
    (ax, ay), (bx, by) = ring[index], ring[(index + 1) % len(ring)]
    part = rng.uniform(0.2, 0.8)
    middle = (round(ax + (bx - ax) * part), round(ay + (by - ay) * part))
    inner = at(size * rng.uniform(-0.4, 0.4), size * rng.uniform(-0.4, 0.4))
    return (ring[index], middle, inner)
