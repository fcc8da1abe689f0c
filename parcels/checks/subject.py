"""The draft as the check sees it: one surface, one range of days, its layers and months, and the units by use mode."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import ceil
from typing import Any

import shapely

from marine.planes import LocalPlane, Plane, gauss_kruger, local_plane
from marine.spaces import ALL_YEAR, OPEN_TO, Layer
from parcels.drafts import ParcelDraft
from parcels.queries import Box

# Candidates are looked for in a box grown by this much, so that no rounding of degrees hides one (register.md §1).
GROWN_BY = 1


def grown_by(subject: Subject, kilometres: float) -> Box:
    """The draft's box grown by so many kilometres (milliseconds of arc)."""
    east, north = (ceil(kilometres * 1000 / metres) for metres in subject.local.scale)
    west_ms, south_ms, east_ms, north_ms = subject.draft.boundary.bounds
    return west_ms - east, south_ms - north, east_ms + east, north_ms + north


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A draft on a day. Without dates the draft is compared from `today` on, for ever, and the check says that dates are missing."""

    draft: ParcelDraft
    today: date

    @cached_property
    def geometry(self) -> Any:
        """The parcel in milliseconds of arc, prepared."""
        surface = self.draft.boundary.parcel.to_shapely()
        shapely.prepare(surface)
        return surface

    @cached_property
    def units(self) -> tuple[Any, ...]:
        """The units in milliseconds of arc."""
        return tuple(unit.to_shapely() for unit in self.draft.boundary.units)

    @cached_property
    def modes(self) -> tuple[str | None, ...]:
        """The use mode of each unit, None where none is given."""
        given = tuple(self.draft.unit_modes)
        return given + (None,) * (len(self.draft.boundary.units) - len(given))

    @cached_property
    def box(self) -> Box:
        """The draft's box grown by 1 ms."""
        west, south, east, north = self.draft.boundary.bounds
        return west - GROWN_BY, south - GROWN_BY, east + GROWN_BY, north + GROWN_BY

    @property
    def has_dates(self) -> bool:
        """Whether the draft says from when to when."""
        held = self.draft.held
        return held is not None and held[0] is not None and held[1] is not None

    @cached_property
    def days(self) -> tuple[int, int]:
        """Ordinals [from, to)."""
        first, last = self.draft.held or (None, None)
        return (
            (first or self.today).toordinal(),
            OPEN_TO if last is None else last.toordinal() + 1,
        )

    @property
    def layers(self) -> int:
        """The layers as bits; a draft that names none occupies all four."""
        return int(self.draft.layers or Layer.ALL)

    @property
    def months(self) -> int:
        """The months as bits."""
        return int(self.draft.months or ALL_YEAR)

    @cached_property
    def plane(self) -> Plane:
        """The Gauss–Krüger plane of areas."""
        return gauss_kruger(self.draft.boundary.central_meridian)

    @cached_property
    def local(self) -> LocalPlane:
        """The affine plane of widths."""
        west, south, east, north = self.draft.boundary.bounds
        return local_plane((west + east) / 2, (south + north) / 2)

    def part_of(self, modes: frozenset[str] | None) -> Any:
        """The part of the parcel whose units have one of these modes; all of it for None; None where there is none."""
        if modes is None:
            return self.geometry
        fitting = [unit for unit, mode in zip(self.units, self.modes, strict=True) if mode in modes]
        if len(fitting) == len(self.units):
            return self.geometry
        return shapely.union_all(fitting) if fitting else None
