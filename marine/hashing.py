"""The canonical text of a boundary and its SHA-256: the name of a geometry, whatever its numbering (docs/boundary.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from marine.polygons import Polygon, Ring, directed, started_at, without_repeats

HEADER = "haiyu-boundary/1"
ALGORITHM = "sha256"


def canonical_text(parcel: Polygon, units: Sequence[Polygon] = ()) -> str:
    """The text that is hashed; the same for every start point, direction, order of holes and order of units.

    >>> print(canonical_text(Polygon(((4, 0), (0, 0), (0, 4)))), end="")
    haiyu-boundary/1
    P 0,0 4,0 0,4
    """
    exterior, holes = _canonical(parcel)
    lines = [HEADER, f"P {_text(exterior)}", *(f"H {_text(hole)}" for hole in holes)]
    if len(units) > 1:
        canonical = sorted((_canonical(unit) for unit in units), key=lambda unit: (unit[0], *unit[1]))
        for unit_exterior, unit_holes in canonical:
            lines.append(" ".join((f"U {_text(unit_exterior)}", *(f"H {_text(hole)}" for hole in unit_holes))))
    return "\n".join(lines) + "\n"


def boundary_hash(parcel: Polygon, units: Sequence[Polygon] = ()) -> str:
    """SHA-256 of the canonical text, lower hex. Defined for valid boundaries only; the caller settles first.

    >>> boundary_hash(Polygon(((4, 0), (0, 0), (0, 4))))[:16]
    'da8ec214097bbb6f'
    """
    return text_hash(canonical_text(parcel, units))


def text_hash(text: str) -> str:
    """SHA-256 of a canonical text, lower hex."""
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _canonical(polygon: Polygon) -> tuple[Ring, list[Ring]]:
    exterior = _canonical_ring(polygon.exterior, ccw=True)
    return exterior, sorted(_canonical_ring(hole, ccw=False) for hole in polygon.holes)


def _canonical_ring(ring: Ring, *, ccw: bool) -> Ring:
    turned = directed(without_repeats(ring), ccw=ccw)
    return started_at(turned, min(turned)) if turned else turned


def _text(ring: Ring) -> str:
    return " ".join(f"{lon},{lat}" for lon, lat in ring)
