"""Two invented parks with sites: an oyster park at Rushan and a marine-equipment park in the Economic Zone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from parcels.samples.coast import on_grid

STATES = ("vacant", "reserved", "leased", "built")


@dataclass(frozen=True, slots=True)
class SampleSite:
    zh: str
    en: str
    state: str
    owner: int | None
    geometry: shapely.MultiPolygon


@dataclass(frozen=True, slots=True)
class SamplePark:
    """A park and its sites; geometries in CGCS2000 degrees (lon, lat)."""

    zh: str
    en: str
    place: str
    geometry: shapely.MultiPolygon
    sites: tuple[SampleSite, ...]


def parks() -> tuple[SamplePark, ...]:
    """Both parks; every site stands on land."""
    return (
        _park("示例牡蛎园区", "Sample oyster park", "371083", (121.640, 36.835), 3, 4, "牡蛎", "Oyster"),
        _park(
            "示例海工装备产业园", "Sample marine-equipment park", "371072", (122.240, 37.425), 3, 5, "海工", "Equipment"
        ),
    )


def _park(zh: str, en: str, place: str, corner: tuple[float, float], rows: int, columns: int, *site: str) -> SamplePark:
    step, size = np.array([0.0042, 0.0032]), np.array([0.0034, 0.0026])
    sites = []
    for n in range(rows * columns):
        low = np.array(corner) + step * (n % columns, n // columns)
        state = STATES[n % len(STATES)]
        owner = None if state == "vacant" else n % 6
        shape = on_grid(shapely.MultiPolygon([shapely.box(*low, *(low + size))]))
        sites.append(SampleSite(f"{site[0]} {n + 1} 号地块", f"{site[1]} site {n + 1}", state, owner, shape))
    low, high = np.array(corner) - 0.0008, np.array(corner) + step * (columns, rows)
    return SamplePark(zh, en, place, on_grid(shapely.MultiPolygon([shapely.box(*low, *high)])), tuple(sites))
