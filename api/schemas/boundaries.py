"""A boundary as it travels: whole milliseconds of arc, CGCS2000, longitude before latitude; GeoJSON in degrees is read too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from data.answers import Refusal
from marine.boundary import Polygon, Settled, settle
from marine.coordinates import ms_from_degrees
from marine.findings import Severity
from marine.notation import parse

MOST_POINTS = 100_000
LON_MS = 180 * 3_600_000
LAT_MS = 90 * 3_600_000

Lon = Annotated[int, Field(ge=-LON_MS, le=LON_MS)]
Lat = Annotated[int, Field(ge=-LAT_MS, le=LAT_MS)]
LonDegrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
LatDegrees = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
RingMs = Annotated[list[tuple[Lon, Lat]], Field(max_length=MOST_POINTS)]


class PointIn(BaseModel):
    """A numbered boundary point."""

    model_config = ConfigDict(extra="ignore")
    number: int = Field(ge=1, le=999_999)
    lon_ms: Lon
    lat_ms: Lat


class UnitIn(BaseModel):
    """An inner unit by the numbers of its points: `1-2-3-1`, holes after `;`."""

    model_config = ConfigDict(extra="ignore")
    ring: str = Field(max_length=900_000)


class GeoJsonPolygon(BaseModel):
    """A GeoJSON Polygon in degrees of CGCS2000; rounded once to 0.001″."""

    model_config = ConfigDict(extra="ignore")
    type: str = Field(pattern="^Polygon$")
    coordinates: list[Annotated[list[tuple[LonDegrees, LatDegrees]], Field(max_length=MOST_POINTS)]] = Field(
        min_length=1, max_length=10_000
    )


class BoundaryIn(BaseModel):
    """What `POST /files` answered as `geometry` can be sent back as it is; or give `exterior` and `holes`, or `geojson`."""

    model_config = ConfigDict(extra="ignore")
    exterior: RingMs | None = None
    holes: list[RingMs] = Field(default_factory=list, max_length=10_000)
    points: list[PointIn] = Field(default_factory=list, max_length=MOST_POINTS)
    units: list[UnitIn] = Field(default_factory=list, max_length=2_000)
    geojson: GeoJsonPolygon | None = None

    @model_validator(mode="after")
    def _has_a_ring(self) -> Self:
        if self.exterior is None and self.geojson is None:
            raise PydanticCustomError("no_boundary", "give exterior (milliseconds of arc) or geojson (degrees)")
        if self.exterior is not None and len(self.exterior) + sum(map(len, self.holes)) > MOST_POINTS:
            raise PydanticCustomError("too_many_points", "at most {most} points", {"most": MOST_POINTS})
        return self

    def settled(self) -> Settled:
        """The settled boundary with its lesser faults; raises the refusal that names every fault at its vertex."""
        numbers = {(point.lon_ms, point.lat_ms): point.number for point in self.points}
        found = settle(self._polygon(), self._units(), numbers or None)
        if found.boundary is None:
            blocking = [fault for fault in found.faults if fault.severity is Severity.BLOCKS]
            raise Refusal("problems.boundary_invalid", found.faults, count=len(blocking))
        return found

    def _polygon(self) -> Polygon:
        if self.exterior is not None:
            return Polygon(tuple(self.exterior), tuple(tuple(hole) for hole in self.holes))
        assert self.geojson is not None
        rings = [
            _opened([(ms_from_degrees(x), ms_from_degrees(y)) for x, y in ring]) for ring in self.geojson.coordinates
        ]
        return Polygon(rings[0], tuple(rings[1:]))

    def _units(self) -> list[Polygon]:
        if len(self.units) < 2:
            return []
        at = {point.number: (point.lon_ms, point.lat_ms) for point in self.points}
        return [_unit(unit.ring, at) for unit in self.units]


def _opened(ring: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Rings are unclosed in memory; GeoJSON closes them."""
    return tuple(ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring)


def _unit(notation: str, at: dict[int, tuple[int, int]]) -> Polygon:
    try:
        rings = [tuple(at[number] for number in ring) for ring in parse(notation)]
    except KeyError as absent:
        raise Refusal("problems.form", count=1, field="boundary.units", reason=f"{notation}: {absent}") from absent
    return Polygon(rings[0], tuple(rings[1:]))
