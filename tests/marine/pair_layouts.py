"""Random pairs of parcels on whole milliseconds of arc, for comparisons with independent computations."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

# A place off Weihai, milliseconds.
LON, LAT = 440_100_000, 134_200_000


def star(rng: np.random.Generator, points: int, radius: int, at: tuple[int, int] = (LON, LAT)) -> Any:
    """A star-shaped polygon with whole coordinates; drawn again until it is valid."""
    while True:
        angle = np.sort(rng.uniform(0, 2 * np.pi, points))
        reach = radius * rng.uniform(0.3, 1, points)
        xy = np.rint(np.column_stack((reach * np.cos(angle), reach * np.sin(angle)))) + at
        shape = shapely.Polygon(xy)
        if shape.is_valid and shape.area > 0:
            return shape


def t_junction(rng: np.random.Generator) -> tuple[Any, Any]:
    """A draft on a slanting edge, a neighbour on its other side with corners exactly on that edge (lattice points of it)."""
    step = rng.integers(1, 60, 2)
    count = int(rng.integers(4, 400))
    first = np.array([LON, LAT])
    last = first + step * count
    aside = np.array([-step[1], step[0]])
    draft = shapely.Polygon([first, last, last + aside * rng.integers(1, 90), first + aside * rng.integers(1, 90)])
    i, j = np.sort(rng.choice(np.arange(count + 1), 2, replace=False))
    beyond = -aside * rng.integers(1, 90)
    near, far = first + step * i, first + step * j
    return draft, shapely.Polygon([near, near + beyond, far + beyond, far])


def sliver(rng: np.random.Generator) -> tuple[Any, Any]:
    """Two parcels whose common edge was rounded apart: the neighbour's corners are off the draft's edge by a few milliseconds."""
    length = int(rng.integers(2_000, 400_000))
    tilt = int(rng.integers(-3_000, 3_000))
    east, north, south = LON + length, LAT + 9_000, LAT - 9_000
    off = rng.integers(-45, 46, 3)
    draft = shapely.Polygon([(LON, LAT), (east, LAT + tilt), (east, north), (LON, north)])
    middle = (LON + length // 2, LAT + tilt // 2 + off[2])
    corners = [(LON, LAT + off[0]), (LON, south), (east, south), (east, LAT + tilt + off[1]), middle]
    return draft, shapely.Polygon(corners)


def shared_edge(rng: np.random.Generator) -> tuple[Any, Any]:
    """Two parts of a star, cut along points that both keep."""
    points = shapely.get_coordinates(star(rng, int(rng.integers(6, 30)), 9_000))[:-1]
    cut = int(rng.integers(2, len(points) - 2))
    centre = np.array([LON, LAT])
    return shapely.Polygon([centre, *points[: cut + 1]]), shapely.Polygon([centre, *points[cut:], points[0]])


def nested(rng: np.random.Generator) -> tuple[Any, Any]:
    """One inside the other, or filling a hole of the other exactly, or alone in a larger hole."""
    inner = star(rng, int(rng.integers(3, 20)), 2_000)
    ring = shapely.box(LON - 9_000, LAT - 9_000, LON + 9_000, LAT + 9_000)
    kind = rng.integers(3)
    if kind == 0:
        return inner, ring
    hole = inner if kind == 1 else shapely.box(LON - 2_500, LAT - 2_500, LON + 2_500, LAT + 2_500)
    return inner, ring.difference(hole)


def l_shapes(rng: np.random.Generator) -> tuple[Any, Any]:
    """Two L-shapes whose boxes overlap, on a coarse lattice, so that they meet, touch or miss each other about equally often."""

    def one(turned: bool) -> Any:
        long, wide, thick = rng.integers(3, 8), rng.integers(3, 8), rng.integers(1, 3)
        xy = np.array([(0, 0), (long, 0), (long, thick), (thick, thick), (thick, wide), (0, wide)])
        xy = (np.array([8, 8]) - xy if turned else xy) + rng.integers(0, 6, 2)
        return shapely.Polygon(xy * 977 + np.array([LON, LAT]))

    return one(False), one(True)


def stars(rng: np.random.Generator) -> tuple[Any, Any]:
    """Two stars near each other."""
    away = rng.integers(-12_000, 12_000, 2)
    points = rng.integers(3, 40, 2)
    return star(rng, int(points[0]), 8_000), star(rng, int(points[1]), 8_000, (LON + int(away[0]), LAT + int(away[1])))


KINDS = (t_junction, sliver, shared_edge, nested, l_shapes, stars)


def pair_layouts(count: int, seed: int) -> list[tuple[Any, Any]]:
    """`count` valid pairs, all kinds in turn, each pair in either order."""
    rng = np.random.default_rng(seed)
    pairs: list[tuple[Any, Any]] = []
    while len(pairs) < count:
        one, other = KINDS[len(pairs) % len(KINDS)](rng)
        if one.is_valid and other.is_valid and one.area > 0 and other.area > 0:
            pairs.append((one, other) if rng.integers(2) else (other, one))
    return pairs
