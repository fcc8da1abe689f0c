"""Coordinate reference systems by the names people give them, and whether their datum may be taken as CGCS2000.

`gk:122.5` is Gauss–Krüger on CGCS2000 with any central meridian (docs/formats.md). No datum is shifted here: Beijing 1954 and
Xi'an 1980 need local parameters that only a surveyor has, so they are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from marine.planes import gauss_kruger
from parcels.readers.values import refuse

Array = npt.NDArray[np.float64]
Datum = Literal["cgcs2000", "wgs84", "other"]

_EPSG = re.compile(r"(?:urn:(?:x-)?ogc:def:crs:)?epsg:{1,2}(?:[\d.]*:)?(\d{3,6})", re.IGNORECASE)
_EPSG_ADDRESS = re.compile(
    r"https?://www\.opengis\.net/(?:def/crs/epsg/[\d.]+/|gml/srs/epsg\.xml#)(\d{3,6})", re.IGNORECASE
)
_CRS84 = re.compile(
    r"(?:urn:(?:x-)?ogc:def:crs:)?ogc:[\d.]*:?crs84|https?://www\.opengis\.net/def/crs/ogc/[\d.]+/crs84", re.IGNORECASE
)
_CGCS2000 = re.compile(r"china[_ ]?(geodetic coordinate system )?2000|cgcs[_ ]?2000", re.IGNORECASE)
_WGS84 = re.compile(r"wgs[_ ]?(19)?84|world[_ ]geodetic[_ ]system[_ ]1984", re.IGNORECASE)
# Datums whose coordinates lie up to about two metres from CGCS2000 share this ellipsoid; older ones lie 50–150 m away.
_MODERN_AXIS, _MODERN_FLATTENING = 6_378_137.0, 298.2572


@dataclass(frozen=True, slots=True)
class System:
    """A reference system as the readers use it; `name` is what decisions and `RawShape.crs` keep."""

    name: str
    label: str
    geographic: bool
    datum: Datum
    datum_name: str
    crs: Any

    def to_degrees(self, first_second: npt.ArrayLike) -> Array:
        """(easting or longitude, northing or latitude) → (longitude, latitude) degrees on the same datum; inf if impossible."""
        points = np.asarray(first_second, dtype=np.float64).reshape(-1, 2)
        if self.geographic and self.name.startswith("EPSG:"):
            return points
        try:
            lon, lat = _inverse(self.name).transform(points[:, 0], points[:, 1])
        except ProjError:
            return np.full_like(points, np.inf)
        return np.column_stack([lon, lat])

    @property
    def false_easting(self) -> float | None:
        """The easting of the central meridian in metres, None where the system is no transverse Mercator one."""
        return _parameter(self.crs, "False easting")

    @property
    def central_meridian(self) -> float | None:
        """Degrees of longitude of the central meridian of a transverse Mercator system."""
        return _parameter(self.crs, "Longitude of natural origin")

    def plausible(self, first_second: Array) -> bool:
        """Whether all points lie where this system is made for (its area of use and two degrees round it)."""
        degrees = self.to_degrees(first_second)
        if not np.isfinite(degrees).all():
            return False
        west, south, east, north = self._area()
        lon, lat = degrees[:, 0], degrees[:, 1]
        across = (lon >= west - 2) & (lon <= east + 2) if west <= east else (lon >= west - 2) | (lon <= east + 2)
        return bool((across & (lat >= south - 2) & (lat <= north + 2)).all())

    def _area(self) -> tuple[float, float, float, float]:
        area = self.crs.area_of_use
        if self.name.startswith("gk:") or (area is None and self.central_meridian is not None):
            middle = self.central_meridian or 0.0
            return middle - 2, -82.0, middle + 2, 82.0
        if area is None:
            return -180.0, -90.0, 180.0, 90.0
        return area.west, area.south, area.east, area.north


def _parameter(crs: Any, name: str) -> float | None:
    operation = crs.coordinate_operation
    if operation is None or "Transverse Mercator" not in operation.method_name:
        return None
    return next((float(p.value) for p in operation.params if p.name == name), None)


def _plain_meridian(crs: Any) -> float | None:
    """The central meridian of a plain Gauss–Krüger plane: scale 1, false easting 500 km, metres; None for any other."""
    expected = {
        "Latitude of natural origin": 0.0,
        "Scale factor at natural origin": 1.0,
        "False easting": 500_000.0,
        "False northing": 0.0,
    }
    metric = all(axis.unit_name in ("metre", "Meter", "meter") for axis in crs.axis_info)
    if crs.is_projected and metric and all(_parameter(crs, name) == value for name, value in expected.items()):
        return _parameter(crs, "Longitude of natural origin")
    return None


@lru_cache(maxsize=64)
def system(text: str) -> System:
    """The system of a name, number, URN or WKT; refuses what is unknown, not horizontal or not transferable.

    >>> system("gk:122.5").name, system("4490").name, system("urn:ogc:def:crs:OGC:1.3:CRS84").name
    ('gk:122.5', 'EPSG:4490', 'EPSG:4326')
    """
    written = text.strip()
    if written.lower().startswith("gk:"):
        return _gauss_kruger(written)
    crs = _horizontal(_parse(written), written)
    datum, datum_name = _datum(crs, written)
    code = crs.to_epsg(min_confidence=70) if _number_of(written) is None else _number_of(written)
    if code is None and datum == "cgcs2000" and (meridian := _plain_meridian(crs)) is not None:
        return _gauss_kruger(f"gk:{meridian}")
    name = f"EPSG:{code}" if code else crs.to_wkt()
    if code and _number_of(written) is None:
        crs = CRS.from_epsg(code)
    return System(name, crs.name, crs.is_geographic, datum, datum_name, crs)


def _number_of(written: str) -> int | None:
    if _CRS84.fullmatch(written):
        return 4326
    match = _EPSG.fullmatch(written) or _EPSG_ADDRESS.fullmatch(written) or re.fullmatch(r"(\d{3,6})", written)
    return int(match[1]) if match else None


def _parse(written: str) -> Any:
    number = _number_of(written)
    try:
        return CRS.from_epsg(number) if number is not None else CRS.from_user_input(written)
    except (CRSError, ValueError, TypeError):
        refuse("crs.unknown", crs=written[:120])


def _gauss_kruger(written: str) -> System:
    try:
        meridian = Decimal(written[3:].strip())
    except InvalidOperation:
        refuse("crs.unknown", crs=written[:120])
    if not meridian.is_finite() or not 60 <= meridian <= 150:
        refuse("crs.meridian_out_of_range", crs=written[:120])
    plain = meridian.normalize()
    name = f"gk:{plain:f}"
    return System(name, name, False, "cgcs2000", "China 2000", CRS.from_user_input(gauss_kruger(meridian).proj))


def _horizontal(crs: Any, written: str) -> Any:
    if crs.is_bound:
        crs = crs.source_crs
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    if not (crs.is_geographic or crs.is_projected):
        refuse("crs.not_horizontal", crs=written[:120])
    return crs.to_2d()


def _datum(crs: Any, written: str) -> tuple[Datum, str]:
    """Which datum family the system stands on; refuses those that need parameters."""
    geodetic = crs.geodetic_crs
    said = f"{geodetic.datum.name if geodetic.datum else ''} {geodetic.name}"
    name = geodetic.datum.name if geodetic.datum else geodetic.name
    if _CGCS2000.search(said):
        return "cgcs2000", "China 2000"
    if _WGS84.search(said):
        return "wgs84", "WGS 84"
    ellipsoid = geodetic.ellipsoid
    modern = (
        ellipsoid is not None
        and abs(ellipsoid.semi_major_metre - _MODERN_AXIS) < 0.5
        and abs(ellipsoid.inverse_flattening - _MODERN_FLATTENING) < 0.001
        and (geodetic.prime_meridian is None or geodetic.prime_meridian.longitude == 0)
    )
    if not modern:
        refuse("crs.datum_needs_parameters", crs=written[:120], datum=name)
    return "other", name


@lru_cache(maxsize=64)
def _inverse(name: str) -> Any:
    crs = system(name).crs
    return Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)


def same_system(one: str, other: str) -> bool:
    """Whether two texts name the same system (`gk:120` is EPSG:4549).

    >>> same_system("gk:120", "EPSG:4549"), same_system("gk:120", "EPSG:4528")
    (True, False)
    """
    first, second = system(one), system(other)
    if first.name == second.name:
        return True
    planes = [_plain_meridian(each.crs) for each in (first, second)]
    return first.datum == second.datum == "cgcs2000" and planes[0] is not None and planes[0] == planes[1]
