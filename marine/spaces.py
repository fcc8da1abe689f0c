"""What a unit occupies beside its plane: layers, heights, days and months of the year; and arrays of such spaces.

Units: days are proleptic ordinals (`date.toordinal()`), ranges half-open [from, to); heights are metres in the 1985 datum,
[low, high); geometry is shapely in whole milliseconds of arc (longitude, latitude), CGCS2000. Source: register.md §2 and §6.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import IntFlag
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

ALL_YEAR = 0b1111_1111_1111
# An unbounded side of a date range. They lie outside every date that Python or a register can write, so that no real bound equals them.
OPEN_FROM = 0
OPEN_TO = date.max.toordinal() + 1
# Heights of one layer separate two units only beyond this overlap (register.md §2).
HEIGHTS_OVERLAP_M = 0.1

Array = npt.NDArray[Any]


class Layer(IntFlag):
    """The four layers of the sea (水面, 水体, 海床, 底土), from top to bottom, as bits."""

    SURFACE = 1
    WATER_COLUMN = 2
    SEABED = 4
    SUBSOIL = 8
    ALL = 15


LAYER_NAMES: dict[str, Layer] = {
    "surface": Layer.SURFACE,
    "water_column": Layer.WATER_COLUMN,
    "seabed": Layer.SEABED,
    "subsoil": Layer.SUBSOIL,
}


def layers_from_names(names: Iterable[str]) -> Layer:
    """The set of layers with these names; nothing named means no layer data, and that occupies all four (register.md §2).

    >>> layers_from_names(["seabed", "subsoil"]) == Layer.SEABED | Layer.SUBSOIL
    True
    >>> layers_from_names([]) == Layer.ALL
    True
    """
    found = Layer(0)
    for name in names:
        found |= LAYER_NAMES[name]
    return found or Layer.ALL


def layer_names(layers: int) -> tuple[str, ...]:
    """The names of a set of layers, from top to bottom.

    >>> layer_names(6)
    ('water_column', 'seabed')
    """
    return tuple(name for name, layer in LAYER_NAMES.items() if layers & layer)


def months_from_range(first: int, last: int) -> int:
    """The months from `first` to `last` (1–12, both included; across New Year when last < first) as 12 bits, bit 0 January.

    >>> f"{months_from_range(11, 2):012b}"
    '110000000011'
    """
    if not (1 <= first <= 12 and 1 <= last <= 12):
        raise ValueError(f"months run from 1 to 12, not {first}-{last}")
    return sum(1 << (first - 1 + step) % 12 for step in range((last - first) % 12 + 1))


def month_numbers(months: int) -> tuple[int, ...]:
    """The months (1–12) of a 12-bit set.

    >>> month_numbers(0b100000000001)
    (1, 12)
    """
    return tuple(number for number in range(1, 13) if months >> (number - 1) & 1)


def day_range(first: date | None, last: date | None) -> tuple[int, int]:
    """The half-open range of ordinals for two days of which both are included; None leaves that side open.

    >>> day_range(date(2027, 1, 1), date(2027, 1, 1))
    (739982, 739983)
    >>> day_range(None, None) == (OPEN_FROM, OPEN_TO)
    True
    """
    return (
        OPEN_FROM if first is None else first.toordinal(),
        OPEN_TO if last is None else last.toordinal() + 1,
    )


def days_of(held_from: int, held_to: int) -> tuple[date | None, date | None]:
    """First and last day (both included) of a half-open range; an open side is None.

    >>> days_of(739982, 739983)
    (datetime.date(2027, 1, 1), datetime.date(2027, 1, 1))
    """
    return (
        None if held_from <= OPEN_FROM else date.fromordinal(held_from),
        None if held_to >= OPEN_TO else date.fromordinal(held_to - 1),
    )


class HeightBand(NamedTuple):
    """The heights that one unit states for some of its layers, in metres; None where the bound is missing or only referenced."""

    layers: int
    low: float | None
    high: float | None


def contradictions(bands: Sequence[HeightBand]) -> tuple[tuple[int, int], ...]:
    """Pairs of bands of one unit whose numbers contradict their names; (i, i) where a band's own low is not below its high.

    An upper layer must not reach more than 0.1 m below the top of a lower one; bounds that are unknown contradict nothing.

    >>> contradictions([HeightBand(Layer.SURFACE, -1.0, 0.0), HeightBand(Layer.SEABED, -9.0, -8.0)])
    ()
    >>> contradictions([HeightBand(Layer.SEABED, -5.0, -2.0), HeightBand(Layer.SURFACE, -4.0, 0.0)])
    ((0, 1),)
    """
    found = [
        (i, i)
        for i, band in enumerate(bands)
        if band.low is not None and band.high is not None and not band.low < band.high
    ]
    for i, one in enumerate(bands):
        for j in range(i + 1, len(bands)):
            upper, lower = sorted((one, bands[j]), key=lambda band: band.layers & -band.layers)
            if upper.layers & lower.layers or upper.low is None or lower.high is None:
                continue
            if lower.high - upper.low > HEIGHTS_OVERLAP_M:
                found.append((i, j))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """One unit's occupation of the sea (one height band), ready to be compared with others.

    `z_low`, `z_high`: metres or None. `z_surveyed`: both numbers come from a survey. `layered`: 立体分层 is declared.
    `excluded`: its mode changes the sea completely (填海). `never_layered`: its use type is never layered with another
    (rule `layers.never_with_type`). `mode`: 用海方式. `accuracy`: metres, surveyed only, already capped by the house table.
    `papers`: this side's part of the layering papers is on file (register.md §2).
    """

    geometry: Any
    layers: int = Layer.ALL
    z_low: float | None = None
    z_high: float | None = None
    z_surveyed: bool = False
    held_from: int = OPEN_FROM
    held_to: int = OPEN_TO
    months: int = ALL_YEAR
    layered: bool = False
    excluded: bool = False
    never_layered: bool = False
    accuracy: float | None = None
    mode: str = ""
    papers: bool = False


_TYPES: dict[str, str] = {
    "geometry": "O",
    "layers": "u1",
    "z_low": "f8",
    "z_high": "f8",
    "z_surveyed": "?",
    "held_from": "i4",
    "held_to": "i4",
    "months": "u2",
    "layered": "?",
    "excluded": "?",
    "never_layered": "?",
    "accuracy": "f8",
    "mode": "U2",
    "papers": "?",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spaces:
    """Arrays of spaces, all of one length; missing numbers are NaN. Only `geometry` must be given."""

    geometry: Array
    layers: Array
    z_low: Array
    z_high: Array
    z_surveyed: Array
    held_from: Array
    held_to: Array
    months: Array
    layered: Array
    excluded: Array
    never_layered: Array
    accuracy: Array
    mode: Array
    papers: Array

    def __len__(self) -> int:
        return len(self.geometry)

    def __iter__(self) -> Iterator[Space]:
        return (self.row(i) for i in range(len(self)))

    @classmethod
    def of(cls, rows: Sequence[Space]) -> Spaces:
        """Spaces from rows.

        >>> len(Spaces.of([]))
        0
        """
        return cls(**{name: _column([getattr(row, name) for row in rows], kind) for name, kind in _TYPES.items()})

    @classmethod
    def columns(cls, geometry: Array, **given: Any) -> Spaces:
        """Spaces from columns; what is not given has the default of `Space` in every row (the bulk door)."""
        unknown = given.keys() - _TYPES.keys()
        if unknown:
            raise TypeError(f"Spaces has no columns {sorted(unknown)}")
        length = len(geometry)
        arrays: dict[str, Array] = {"geometry": np.asarray(geometry, dtype=object)}
        for name, kind in _TYPES.items():
            if name == "geometry":
                continue
            value = given.get(name, _DEFAULTS[name])
            arrays[name] = np.broadcast_to(np.asarray(value, dtype=kind), (length,))
        return cls(**arrays)

    def take(self, index: Array) -> Spaces:
        """The rows at these positions."""
        return Spaces(**{name: getattr(self, name)[index] for name in _TYPES})

    def row(self, i: int) -> Space:
        """One row as a value; NaN becomes None."""
        values = {name: getattr(self, name)[i] for name in _TYPES}
        plain = {
            name: value if name == "geometry" else _plain(value.item() if hasattr(value, "item") else value)
            for name, value in values.items()
        }
        return Space(**plain)


_DEFAULTS = {
    field.name: float("nan") if field.default is None else field.default
    for field in fields(Space)
    if field.name != "geometry"
}


def _column(values: list[Any], kind: str) -> Array:
    """One column; object columns are filled one by one, for numpy would unpack some geometries."""
    column = np.empty(len(values), dtype=kind)
    for i, value in enumerate(values):
        column[i] = np.nan if value is None and kind == "f8" else value
    return column


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and np.isnan(value) else value
