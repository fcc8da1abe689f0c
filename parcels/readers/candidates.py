"""What a file without a reference system could mean: the systems that fit its numbers, each with where the parcel would lie."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from marine.coordinates import dms, ms_from_degrees
from parcels.readers.systems import system
from parcels.readers.values import Option

Array = npt.NDArray[np.float64]

# The Gauss–Krüger planes that a file from Weihai's waters may stand on (docs/formats.md): 0.5° steps, then both 3° zones.
LOCAL_PLANES = ("gk:121.5", "gk:122", "gk:122.5", "gk:121", "EPSG:4549", "EPSG:4550", "EPSG:32651")
FIRST_THREE_DEGREE_ZONE, LAST_THREE_DEGREE_ZONE = 24, 45
FIRST_SIX_DEGREE_ZONE, LAST_SIX_DEGREE_ZONE = 13, 23
# EPSG:4513 is CGCS2000 3° zone 25, EPSG:4491 the 6° zone 13; the series run on without gaps.
_THREE_DEGREE_BASE, _SIX_DEGREE_BASE = 4513 - 25, 4491 - 13


def zone_of(points: Array) -> int | None:
    """The zone number that stands in front of all eastings (40512345 → 40), None where there is none.

    >>> zone_of(np.array([[40512345.0, 4100000.0]])), zone_of(np.array([[512345.0, 4100000.0]]))
    (40, None)
    """
    if not len(points):
        return None
    for column in (0, 1):
        zones = np.unique(points[:, column] // 1_000_000)
        if len(zones) == 1 and FIRST_SIX_DEGREE_ZONE <= zones[0] <= LAST_THREE_DEGREE_ZONE:
            return int(zones[0])
    return None


def looks_unzoned(points: Array) -> bool:
    """Whether one column holds eastings near 500 km without a zone number."""
    return any(bool(((points[:, i] > 0) & (points[:, i] < 1_000_000)).all()) for i in (0, 1))


def meridians_of_zone(zone: int) -> tuple[float, ...]:
    """Degrees of the central meridian of a zone number: 24–45 count by 3°, 13–23 by 6°."""
    if zone >= FIRST_THREE_DEGREE_ZONE:
        return (3.0 * zone,)
    return (6.0 * zone - 3.0,)


def zone_system(zone: int) -> str | None:
    """The EPSG code of CGCS2000 Gauss–Krüger with that zone number in the eastings.

    >>> zone_system(40), zone_system(21)
    ('EPSG:4528', 'EPSG:4499')
    """
    if 25 <= zone <= LAST_THREE_DEGREE_ZONE:
        return f"EPSG:{_THREE_DEGREE_BASE + zone}"
    if FIRST_SIX_DEGREE_ZONE <= zone <= LAST_SIX_DEGREE_ZONE:
        return f"EPSG:{_SIX_DEGREE_BASE + zone}"
    return None


def place(degrees: Array) -> dict[str, Any]:
    """Where the middle of the points would lie, as texts for people and as numbers for programs.

    >>> place(np.array([[122.0, 37.0], [122.5, 37.5]]))["lon_text"]
    '122°15′00″'
    """
    if not len(degrees) or not np.isfinite(degrees).all():
        return {}
    lon, lat = ((degrees.min(axis=0) + degrees.max(axis=0)) / 2).tolist()
    if abs(lon) > 180 or abs(lat) > 90:
        return {}
    return {
        "lon": round(lon, 6),
        "lat": round(lat, 6),
        "lon_text": dms(ms_from_degrees(lon), decimals=0),
        "lat_text": dms(ms_from_degrees(lat), decimals=0),
    }


def degrees(points: Array) -> tuple[Option, ...]:
    """What coordinates in degrees without a statement can be: a survey, a receiver, or a web map."""
    over = np.abs(points).max(axis=0) > 90 if len(points) else np.array([False, False])
    where = place(points[:, ::-1] if over[1] else points) if over.any() else {}
    answers = (("--crs", "EPSG:4490"), ("--crs", "EPSG:4326"), ("--origin", "gcj02"), ("--origin", "bd09"))
    return tuple(Option(option=option, value=value, facts=where) for option, value in answers)


def metres(points: Array) -> tuple[Option, ...]:
    """The planes that put the points somewhere sensible, in either axis order."""
    zone = zone_of(points)
    zoned = zone_system(zone) if zone is not None else None
    names = ((zoned,) if zoned else ()) if zone is not None else LOCAL_PLANES
    options = []
    for name in names:
        for ordered in (points, points[:, ::-1]):
            if system(name).plausible(ordered):
                options.append(Option(option="--crs", value=name, facts=place(system(name).to_degrees(ordered))))
                break
    return tuple(options)
