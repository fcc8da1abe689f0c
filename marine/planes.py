"""The planes on which metres and hectares are measured, made from longitude and latitude in milliseconds of arc.

`gauss_kruger` is the plane of areas, sheets and projected files (register.md §1); `local_plane` is the affine one for
widths, buffers and openings: it only scales, so an edge that is straight in longitude and latitude stays straight.
Input order is always (longitude, latitude); metres are (easting, northing).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

from marine.coordinates import MS_PER_DEGREE

Array = npt.NDArray[np.float64]

# CGCS2000: semi-major axis in metres and inverse flattening.
SEMI_MAJOR = 6_378_137.0
INVERSE_FLATTENING = 298.257222101
_FLATTENING = 1.0 / INVERSE_FLATTENING
_E2 = _FLATTENING * (2.0 - _FLATTENING)
_RADIANS_PER_MS = math.pi / (180.0 * MS_PER_DEGREE)
FALSE_EASTING = 500_000.0


def central_meridian(west_ms: int, east_ms: int) -> Decimal:
    """The multiple of 0.5° nearest the middle of a box, of two the eastern; in degrees.

    >>> central_meridian(121 * MS_PER_DEGREE, 122 * MS_PER_DEGREE), central_meridian(437_850_000, 437_850_000)
    (Decimal('121.5'), Decimal('121.5'))
    >>> central_meridian(438_300_000, 438_300_000)
    Decimal('122.0')
    """
    steps = (int(west_ms) + int(east_ms) + MS_PER_DEGREE // 2) // MS_PER_DEGREE
    return Decimal(steps) * Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Plane:
    """A Gauss–Krüger plane of CGCS2000: scale 1 on the central meridian (degrees), false easting 500 km, metres."""

    central_meridian: Decimal
    _transformer: Any = field(repr=False, compare=False)

    @property
    def proj(self) -> str:
        """The plane as a PROJ text, for papers and for other programs."""
        return (
            f"+proj=tmerc +lat_0=0 +lon_0={self.central_meridian} +k=1 +x_0=500000 +y_0=0 "
            f"+a=6378137 +rf=298.257222101 +units=m"
        )

    def to_metres(self, ms: npt.ArrayLike) -> Array:
        """(easting, northing) in metres of N points (longitude, latitude) in milliseconds of arc."""
        xy = np.asarray(ms, dtype=np.float64).reshape(-1, 2)
        if not len(xy):
            return xy.copy()
        east, north = self._transformer.transform(xy[:, 0] / MS_PER_DEGREE, xy[:, 1] / MS_PER_DEGREE)
        return np.column_stack((east, north))

    def to_ms(self, metres: npt.ArrayLike) -> Array:
        """(longitude, latitude) as float milliseconds of arc of N points in metres; the caller rounds."""
        xy = np.asarray(metres, dtype=np.float64).reshape(-1, 2)
        if not len(xy):
            return xy.copy()
        lon, lat = self._transformer.transform(xy[:, 0], xy[:, 1], direction="INVERSE")
        return np.column_stack((lon, lat)) * MS_PER_DEGREE


@lru_cache(maxsize=64)
def gauss_kruger(meridian: Decimal) -> Plane:
    """The plane of one central meridian (degrees).

    >>> gauss_kruger(Decimal("121.5")).to_metres([[437_400_000, 0]]).tolist()
    [[500000.0, 0.0]]
    """
    pipeline = (
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0=500000 +y_0=0 +a=6378137 +rf=298.257222101"
    )
    return Plane(meridian, Transformer.from_pipeline(pipeline))


@dataclass(frozen=True, slots=True)
class LocalPlane:
    """Longitude and latitude scaled to metres about a centre (milliseconds of arc); `scale` is metres per millisecond."""

    lon_ms: float
    lat_ms: float
    scale: tuple[float, float]

    def to_metres(self, ms: npt.ArrayLike) -> Array:
        """Metres east and north of the centre."""
        xy = np.asarray(ms, dtype=np.float64).reshape(-1, 2)
        return (xy - (self.lon_ms, self.lat_ms)) * self.scale

    def to_ms(self, metres: npt.ArrayLike) -> Array:
        """Float milliseconds of arc from metres about the centre."""
        xy = np.asarray(metres, dtype=np.float64).reshape(-1, 2)
        return xy / self.scale + (self.lon_ms, self.lat_ms)


def local_plane(lon_ms: float, lat_ms: float) -> LocalPlane:
    """The affine plane of a centre: 0.001″ is about 0.025 m east and 0.031 m north off Weihai.

    >>> [round(m, 4) for m in local_plane(122 * MS_PER_DEGREE, 37 * MS_PER_DEGREE).scale]
    [0.0247, 0.0308]
    """
    latitude = lat_ms * _RADIANS_PER_MS
    root = 1.0 - _E2 * math.sin(latitude) ** 2
    prime_vertical = SEMI_MAJOR / math.sqrt(root)
    meridional = SEMI_MAJOR * (1.0 - _E2) / root**1.5
    # At the poles the east–west scale would vanish and could not be inverted; no sea of ours lies there.
    east = max(prime_vertical * math.cos(latitude), 1.0) * _RADIANS_PER_MS
    return LocalPlane(float(lon_ms), float(lat_ms), (east, meridional * _RADIANS_PER_MS))
