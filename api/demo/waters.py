"""Where the stories play: parcels off Rongcheng, drawn in metres, or shapes of real leases laid into free water."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from marine.boundary import Boundary, Polygon, settle
from marine.coordinates import MS_PER_DEGREE
from parcels.samples.rights import rights

ROPES = ("surface", "water_column")
FLOOR = ("seabed", "subsoil")


def rectangle(corner: tuple[float, float], size: tuple[float, float], turn: float) -> Boundary:
    """A settled rectangle: south-west corner in degrees (lon, lat), size in metres, turned by degrees."""
    angle = np.radians(turn)
    corners = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]])
    turned = corners @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    scale = np.array([0.03092 * np.cos(np.radians(corner[1])), 0.03092])
    points = np.rint(np.array(corner) * MS_PER_DEGREE + turned / scale).astype(int)
    boundary = settle(Polygon(tuple((int(x), int(y)) for x, y in points))).boundary
    if boundary is None:
        raise ValueError("a rectangle always settles")
    return boundary


def below_a_neighbour(today: date) -> tuple[float, float]:
    """A corner 220 m below the outer row of the Sanggou Bay rafts, under one that is in force for years."""
    outer = [f"示例-SGB-{column:02d}" for column in range(1, 7)]
    lasting = [
        right
        for right in rights(today)
        if right.number in outer and right.first_day <= today and right.last_day > today + timedelta(days=365)
    ]
    lon, lat = lasting[-1].ring[0]
    return lon / MS_PER_DEGREE, lat / MS_PER_DEGREE - 220 / 111_000


def inside_a_right_of(holder: int, today: date) -> Boundary:
    """A rectangle well inside rafts of a sample party (by its place in `parcels.samples.people`) that are in force for years."""
    mine = [
        right
        for right in rights(today)
        if right.number.startswith("示例-SGB") and right.holder == holder and right.first_day <= today
        if right.last_day > today + timedelta(days=365)
    ]
    lon, lat = mine[0].ring[0]
    return rectangle((lon / MS_PER_DEGREE + 0.0006, lat / MS_PER_DEGREE + 0.0018), (300, 160), 14)


def term(today: date) -> tuple[date, date]:
    """Fifteen years from the first of a month that lies after everything that a case takes."""
    first = (today + timedelta(days=80)).replace(day=1)
    return first, first.replace(year=first.year + 15) - timedelta(days=1)


def use_of(boundary: Boundary, layers: Sequence[str], today: date, *, layered: bool = False) -> dict[str, Any]:
    """A raft culture of oysters there, in the words of the interface."""
    first, last = term(today)
    return {
        "boundary": {"exterior": [list(point) for point in boundary.parcel.exterior]},
        "type": "13",
        "mode": "41",
        "from": first.isoformat(),
        "to": last.isoformat(),
        "layers": list(layers),
        "layered": layered,
        "unit_uses": ["牡蛎筏式养殖"],
    }
