"""Boundaries and requests for the tests of sheets, the published parcel of the Shanghai 公示 among them."""

from __future__ import annotations

from dataclasses import replace
from math import cos, pi, sin
from typing import Any

import shapely

from maps.sheets import Neighbour, SheetRequest, Shoreline, Surroundings
from marine.boundary import Boundary, Point, Polygon, settle
from marine.coordinates import ms_from_text

SECONDS = {
    1: (3.213, 56.375),
    2: (3.175, 56.651),
    3: (3.157, 56.790),
    4: (3.952, 56.919),
    5: (4.259, 57.001),
    6: (4.449, 57.052),
    7: (4.475, 56.933),
    8: (4.469, 56.912),
    9: (3.971, 56.802),
    10: (3.974, 56.777),
    11: (4.009, 56.518),
    12: (2.969, 56.332),
    13: (4.243, 56.560),
    14: (4.329, 55.928),
    15: (3.085, 55.492),
}
CRANE_QUAY = {
    number: (ms_from_text(f"121 40 {lon:.3f}"), ms_from_text(f"31 23 {lat:.3f}"))
    for number, (lat, lon) in SECONDS.items()
}
QUAY_UNITS = ((2, 3, 4, 5, 6, 7, 8, 9, 10), (1, 2, 10, 11), (12, 1, 11, 13, 14, 15))
BAY: Point = (ms_from_text("122°30′"), ms_from_text("37°07′"))


def boundary_of(parcel: Polygon | None, units: Any = (), numbers: Any = None) -> Boundary:
    """A settled boundary; a fault fails the test."""
    settled = settle(parcel, units, numbers)
    assert settled.boundary is not None, settled.faults
    return settled.boundary


def crane_quay() -> Boundary:
    """The published crane quay with its three units and its own numbers."""
    units = [Polygon(tuple(CRANE_QUAY[number] for number in unit)) for unit in QUAY_UNITS]
    return boundary_of(None, units, {point: number for number, point in CRANE_QUAY.items()})


def quay_request(**changes: Any) -> SheetRequest:
    """The crane quay's sheet, with a neighbour along 3-4-5-6 and a stretch of quay wall."""
    p = CRANE_QUAY
    east = shapely.Polygon([p[3], (p[3][0] + 1500, p[3][1] - 300), (p[6][0] + 1500, p[6][1]), p[6], p[5], p[4]])
    wall = shapely.LineString([(p[15][0] - 900, p[15][1] - 300), (p[3][0] + 2000, p[3][1] - 500)])
    request = SheetRequest(
        boundary=crane_quay(),
        project="吊机码头工程",
        unit_names=("护岸", "码头", "回旋水域"),
        unit_modes=("非透水构筑物", "透水构筑物", "港池、蓄水等"),
        surroundings=Surroundings(
            neighbours=(Neighbour(geometry=east, label="示例港务有限公司"),),
            shorelines=(Shoreline(geometry=wall, kind="artificial"),),
            note="岸线为示意",
        ),
    )
    return replace(request, **changes)


def star(points: int, *, east_ms: int = 40_000, north_ms: int = 30_000, waves: int = 5) -> Boundary:
    """A smooth star in the bay with as many points as asked."""
    turns = [2 * pi * step / points for step in range(points)]
    ring = tuple(
        (
            BAY[0] + round(east_ms * (1 + 0.18 * sin(waves * turn)) * cos(turn)),
            BAY[1] + round(north_ms * (1 + 0.18 * sin(waves * turn)) * sin(turn)),
        )
        for turn in turns
    )
    return boundary_of(Polygon(ring))


def with_a_hole() -> Boundary:
    """A square of about 500 m with a square hole."""
    return boundary_of(Polygon(square_ring(20_000), (square_ring(5_000),)))


def square(side: int) -> Polygon:
    """A square about the middle of the bay, its side in milliseconds of arc."""
    return Polygon(square_ring(side))


def many_units(count: int) -> Boundary:
    """A row of strips side by side."""
    west, south = BAY
    strips = [
        Polygon(
            (
                (west + 2000 * at, south),
                (west + 2000 * (at + 1), south),
                (west + 2000 * (at + 1), south + 30_000),
                (west + 2000 * at, south + 30_000),
            )
        )
        for at in range(count)
    ]
    return boundary_of(None, strips)


def square_ring(side: int) -> tuple[Point, ...]:
    """Its corners, counter-clockwise."""
    lon, lat = BAY[0] - side // 2, BAY[1] - side // 2
    return ((lon, lat), (lon + side, lat), (lon + side, lat + side), (lon, lat + side))
