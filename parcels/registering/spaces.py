"""What a request occupies, unit by unit and height band by height band: the rows to judge are the rows to write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marine.boundary import Boundary
from marine.spaces import Space, day_range
from parcels.checks.limits import Limits
from parcels.queries.register import Holding
from parcels.registering.requests import Band, Occupying


@dataclass(frozen=True, slots=True)
class UnitBand:
    """One future row of `occupation`: which unit (from 0), its mode, its band; geometry in milliseconds of arc."""

    unit: int
    mode: str | None
    band: Band
    geometry: Any


def unit_bands(boundary: Boundary, occupying: Occupying) -> tuple[UnitBand, ...]:
    """The rows of a boundary's units, one per unit and height band."""
    if len(occupying.unit_modes) != len(boundary.units):
        raise ValueError(f"{len(boundary.units)} units need as many modes, not {len(occupying.unit_modes)}")
    return tuple(
        UnitBand(number, mode, band, unit.to_shapely())
        for number, (unit, mode) in enumerate(zip(boundary.units, occupying.unit_modes, strict=True))
        for band in occupying.bands_of(number)
    )


def space_of(row: UnitBand, occupying: Occupying, limits: Limits) -> Space:
    """The row as the judge compares it. A new use's accuracy is left out: it only softens what is refused either way."""
    held_from, held_to = day_range(occupying.first, occupying.last)
    return Space(
        geometry=row.geometry,
        layers=row.band.layers,
        z_low=row.band.low,
        z_high=row.band.high,
        z_surveyed=row.band.surveyed,
        held_from=held_from,
        held_to=held_to,
        months=occupying.months,
        layered=occupying.is_layered,
        excluded=is_excluded(row.mode, occupying.use_type, limits),
        mode=row.mode or "",
    )


def space_of_holding(other: Holding, limits: Limits) -> Space:
    """A row of occupation as the judge compares it; its accuracy is left out likewise."""
    return Space(
        geometry=other.geometry,
        layers=other.layers,
        z_low=other.z_low,
        z_high=other.z_high,
        z_surveyed=other.z_surveyed,
        held_from=other.held_from,
        held_to=other.held_to,
        months=other.months,
        layered=other.is_layered,
        excluded=is_excluded(other.use_mode, other.use_type, limits),
        mode=other.use_mode or "",
    )


def is_excluded(mode: str | None, use_type: str | None, limits: Limits) -> bool:
    """Whether a use can never be layered: it changes the sea completely, or its type never is (rule book)."""
    return mode in limits.excluded_modes or use_type in limits.types_never_layered
