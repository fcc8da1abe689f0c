"""Coordinates drawn on Chinese web maps: shifted back by the published formulae, and recognised when nobody said so.

GCJ-02 (Amap, Tencent, WeChat) is a smooth displacement of WGS 84; BD-09 (Baidu) displaces GCJ-02 once more. The formulae are
those published in public coordinate-conversion libraries; the authority has never published them, so the result is a sketch.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import shapely

Array = npt.NDArray[np.float64]

# Krassovsky 1940, on which the published formula rests.
_A, _E2 = 6_378_245.0, 0.006_693_421_622_965_943
_BAIDU = math.pi * 3000.0 / 180.0
_BAIDU_LON, _BAIDU_LAT = 0.0065, 0.006
_ROUNDS = 6
# A parcel of which less than this lies at sea, and more than that after the shift back, was probably drawn on a web map.
_MOSTLY_LAND, _MOSTLY_SEA = 0.5, 0.9


def to_gcj02(degrees: Array) -> Array:
    """(lon, lat) degrees on WGS 84 → GCJ-02.

    >>> moved = to_gcj02(np.array([[122.1, 37.5]]))
    >>> bool(0.004 < moved[0, 0] - 122.1 < 0.007)
    True
    """
    lon, lat = degrees[:, 0], degrees[:, 1]
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = (20.0 * np.sin(6.0 * x * math.pi) + 20.0 * np.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    d_lat += (20.0 * np.sin(y * math.pi) + 40.0 * np.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    d_lat += (160.0 * np.sin(y / 12.0 * math.pi) + 320.0 * np.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    d_lon += (20.0 * np.sin(x * math.pi) + 40.0 * np.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    d_lon += (150.0 * np.sin(x / 12.0 * math.pi) + 300.0 * np.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    phi = np.radians(lat)
    magic = 1.0 - _E2 * np.sin(phi) ** 2
    d_lat = np.degrees(d_lat * magic * np.sqrt(magic) / (_A * (1.0 - _E2)))
    d_lon = np.degrees(d_lon * np.sqrt(magic) / (_A * np.cos(phi)))
    return np.column_stack([lon + d_lon, lat + d_lat])


def from_gcj02(degrees: Array) -> Array:
    """(lon, lat) degrees GCJ-02 → WGS 84, by iteration; undoes `to_gcj02` to better than a millimetre."""
    found = degrees.copy()
    for _ in range(_ROUNDS):
        found += degrees - to_gcj02(found)
    return found


def to_bd09(degrees: Array) -> Array:
    """(lon, lat) degrees on WGS 84 → BD-09."""
    gcj = to_gcj02(degrees)
    x, y = gcj[:, 0], gcj[:, 1]
    z = np.hypot(x, y) + 0.00002 * np.sin(y * _BAIDU)
    theta = np.arctan2(y, x) + 0.000003 * np.cos(x * _BAIDU)
    return np.column_stack([z * np.cos(theta) + _BAIDU_LON, z * np.sin(theta) + _BAIDU_LAT])


def from_bd09(degrees: Array) -> Array:
    """(lon, lat) degrees BD-09 → WGS 84, by iteration."""
    found = degrees.copy()
    for _ in range(_ROUNDS):
        found += degrees - to_bd09(found)
    return found


def shifted_back(degrees: Array, origin: str) -> Array:
    """Coordinates of a web map as WGS 84, approximately; other origins unchanged."""
    if origin == "gcj02":
        return from_gcj02(degrees)
    return from_bd09(degrees) if origin == "bd09" else degrees


def shift_suspected(points: Array, land: shapely.Geometry) -> str | None:
    """`gcj02` or `bd09` if the points lie on land as they stand and at sea once that map's shift is taken off; else None.

    `points` are (lon, lat) degrees read as WGS 84 or CGCS2000, `land` a polygon in the same. Only a question follows from it.
    """
    standing = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    if not len(standing) or not np.isfinite(standing).all():
        return None
    shapely.prepare(land)
    if _at_sea(standing, land) > _MOSTLY_LAND:
        return None
    for origin in ("gcj02", "bd09"):
        if _at_sea(shifted_back(standing, origin), land) >= _MOSTLY_SEA:
            return origin
    return None


def _at_sea(points: Array, land: shapely.Geometry) -> float:
    return 1.0 - float(shapely.contains_xy(land, points[:, 0], points[:, 1]).mean())
