"""Numbers of boundary points: data that is kept when it came with the file, made by the house rule only where there is none.

Source: register.md §1. Points are (longitude, latitude) in whole milliseconds of arc; rings are directed (exterior
counter-clockwise, holes clockwise) before they come here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from marine.polygons import Point, Polygon, started_at


@dataclass(frozen=True, slots=True)
class NumberedPoint:
    """One boundary point with its number; longitude and latitude in whole milliseconds of arc."""

    number: int
    lon: int
    lat: int


def rule_order(parcel: Polygon, units: Sequence[Polygon] = ()) -> tuple[Point, ...]:
    """Every point once, in the order in which the house rule numbers them.

    Outer ring counter-clockwise from the greatest (lat − lon), ties by greater latitude; holes by smallest (lon, lat),
    each clockwise from it; then inner points of units by (latitude descending, longitude).

    >>> rule_order(Polygon(((0, 0), (4, 0), (4, 4), (0, 4))))
    ((0, 4), (0, 0), (4, 0), (4, 4))
    """
    outer = parcel.exterior
    order = dict.fromkeys(started_at(outer, max(outer, key=lambda p: (p[1] - p[0], p[1]))))
    for hole in sorted((started_at(hole, min(hole)) for hole in parcel.holes), key=lambda hole: hole[0]):
        order.update(dict.fromkeys(hole))
    inner = {point for unit in units for ring in unit.rings for point in ring} - order.keys()
    order.update(dict.fromkeys(sorted(inner, key=lambda p: (-p[1], p[0]))))
    return tuple(order)


def number_points(
    parcel: Polygon, units: Sequence[Polygon] = (), given: Mapping[Point, int] | None = None
) -> tuple[tuple[Point, int], ...]:
    """Numbers of all points, sorted by number; given ones are kept, the others follow the highest in rule order.

    >>> number_points(Polygon(((0, 0), (4, 0), (0, 4))), given={(4, 0): 7})
    (((4, 0), 7), ((0, 4), 8), ((0, 0), 9))
    """
    order = rule_order(parcel, units)
    kept = {point: given[point] for point in order if point in given} if given else {}
    follows = max(kept.values(), default=0)
    for point in order:
        if point not in kept:
            follows += 1
            kept[point] = follows
    return tuple(sorted(kept.items(), key=lambda item: item[1]))


def shared_numbers(given: Mapping[Point, int], points: Iterable[Point]) -> dict[int, tuple[Point, ...]]:
    """Numbers that more than one of `points` claims, which nobody may keep.

    >>> shared_numbers({(0, 0): 1, (1, 0): 1, (2, 0): 2}, [(0, 0), (1, 0), (2, 0)])
    {1: ((0, 0), (1, 0))}
    """
    by_number: dict[int, list[Point]] = {}
    for point in dict.fromkeys(points):
        if point in given:
            by_number.setdefault(given[point], []).append(point)
    return {number: tuple(claimants) for number, claimants in by_number.items() if len(claimants) > 1}
