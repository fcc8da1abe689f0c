"""Areas from rounded points on the Gauss–Krüger plane (coordinate method), in hectares with four places.

Points are (longitude, latitude) in whole milliseconds of arc; the central meridian is in degrees and is kept with the boundary
(register.md §1, docs/boundary.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

import numpy as np
import numpy.typing as npt

from marine.planes import gauss_kruger
from marine.polygons import Polygon

FOURTH_PLACE = Decimal("0.0001")
_SQUARE_METRES = Decimal(10_000)


def square_metres(ring: npt.ArrayLike, central_meridian: Decimal) -> float:
    """Area of one unclosed ring of (lon, lat) milliseconds, in m², never negative.

    >>> square_metres([], Decimal("121.5"))
    0.0
    """
    metres = gauss_kruger(central_meridian).to_metres(ring)
    if len(metres) < 3:
        return 0.0
    local = metres - metres[0]
    ahead = np.roll(local, -1, axis=0)
    return abs(float((local[:, 0] * ahead[:, 1] - local[:, 1] * ahead[:, 0]).sum())) / 2.0


def exact_hectares(polygon: Polygon, central_meridian: Decimal) -> Decimal:
    """Unrounded hectares: the exterior less its holes."""
    area = square_metres(polygon.exterior, central_meridian)
    area -= sum(square_metres(hole, central_meridian) for hole in polygon.holes)
    return Decimal(repr(area)) / _SQUARE_METRES


def hectares(polygon: Polygon, central_meridian: Decimal) -> Decimal:
    """Hectares with four places, rounded once, half to even.

    >>> degree = 3_600_000
    >>> square = Polygon(((122 * degree, 37 * degree), (122 * degree + 4000, 37 * degree),
    ...                   (122 * degree + 4000, 37 * degree + 4000), (122 * degree, 37 * degree + 4000)))
    >>> hectares(square, Decimal("122.0"))
    Decimal('1.2195')
    """
    return exact_hectares(polygon, central_meridian).quantize(FOURTH_PLACE, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A part whose own rounding would have been `rounded`, and which got `given` so that the parts sum to the total."""

    part: int
    rounded: Decimal
    given: Decimal


@dataclass(frozen=True, slots=True)
class Shares:
    """Parts with four places that sum to the total exactly, and which of them were adjusted by 0.0001."""

    parts: tuple[Decimal, ...]
    adjustments: tuple[Adjustment, ...]


def share_out(total: Decimal, parts: Sequence[Decimal]) -> Shares:
    """Round unrounded parts (hectares) to four places so that they sum to `total`, by largest remainder.

    The parts must tile what the total measures: their sum may differ from it only by what the rounding of the total took.

    >>> share_out(Decimal("0.1106"), [Decimal("0.017760"), Decimal("0.078102"), Decimal("0.014768")]).parts
    (Decimal('0.0177'), Decimal('0.0781'), Decimal('0.0148'))
    >>> share_out(Decimal("0"), ())
    Shares(parts=(), adjustments=())
    """
    floors = [part.quantize(FOURTH_PLACE, rounding=ROUND_FLOOR) for part in parts]
    missing = int((total - sum(floors, Decimal(0))) / FOURTH_PLACE)
    if not 0 <= missing <= len(parts):
        raise ValueError(f"parts of {sum(parts, Decimal(0))} ha do not make up a total of {total} ha")
    # Of equal remainders the earlier part gets the step, so that the same input always gives the same units.
    order = sorted(range(len(parts)), key=lambda index: (floors[index] - parts[index], index))
    given = list(floors)
    for index in order[:missing]:
        given[index] += FOURTH_PLACE
    rounded = [part.quantize(FOURTH_PLACE, rounding=ROUND_HALF_EVEN) for part in parts]
    adjustments = (Adjustment(i, r, g) for i, (r, g) in enumerate(zip(rounded, given, strict=True)) if r != g)
    return Shares(tuple(given), tuple(adjustments))


def agree_within_rounding(stated: Sequence[Decimal], ours: Sequence[Decimal]) -> bool:
    """Whether stated unit areas differ from ours by at most 0.0001 ha each: which unit an office adjusts is not fixed (docs/boundary.md).

    >>> agree_within_rounding([Decimal("0.0147"), Decimal("0.0178")], [Decimal("0.0148"), Decimal("0.0177")])
    True
    """
    return len(stated) == len(ours) and all(abs(a - b) <= FOURTH_PLACE for a, b in zip(stated, ours, strict=True))
