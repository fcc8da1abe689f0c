"""From a raw shape to a settled boundary, and to the draft of a use of the sea that a check or a case works on.

Coordinates are turned once into whole milliseconds of arc on CGCS2000 (register.md §1): degrees from their decimal text,
metres through the inverse of their projection, web-map coordinates shifted back first. No corner is added, dropped or moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from marine.boundary import Boundary, Settled, settle
from marine.coordinates import MS_PER_DEGREE, ms_from_array
from marine.faults import densify_offer
from marine.findings import Finding, Refusal, Severity, Vertex
from marine.polygons import Point, Polygon
from marine.spaces import ALL_YEAR, Layer
from parcels.readers.angles import as_floats, milliseconds
from parcels.readers.systems import System, system
from parcels.readers.values import Corner, Numbers, RawRing, RawShape, refuse
from parcels.readers.webmaps import shifted_back
from parcels.uploads import AxisOrder, Origin

__all__ = ["Drafted", "Heights", "ParcelDraft", "draft_parcel"]

IntArray = npt.NDArray[np.int64]
Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heights:
    """A height band in metres on the 1985 datum, [low, high); `surveyed`: both numbers come from a survey."""

    low: float | None = None
    high: float | None = None
    surveyed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A shape after settling: the boundary or its located faults, and what was found on the way."""

    settled: Settled
    findings: tuple[Finding, ...] = ()
    accuracy: float | None = None
    origin: Origin | None = None
    unit_names: tuple[str, ...] = ()
    unit_modes: tuple[str | None, ...] = ()

    @property
    def geometry(self) -> Settled:
        """The same as `settled`."""
        return self.settled

    @property
    def boundary(self) -> Boundary | None:
        """The boundary, None where a fault blocks it."""
        return self.settled.boundary

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """What was found on the way, then the faults of the boundary."""
        return (*self.findings, *self.settled.faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelDraft:
    """A use of the sea as somebody wishes it: where, for what, how, in which layers, from when to when.

    `held` are the first and the last day, both included; None leaves that side open. `layers` (four bits) and `months`
    (twelve bits, bit 0 January) as `marine.spaces`; None names none. `unit_modes` follow the boundary's units. `accuracy`
    in metres only if surveyed: what a receiver or a sketch states does not widen a tolerance. `papers`: consent and
    argumentation for layered rights are on file.
    """

    boundary: Boundary
    use_type: str | None = None
    unit_modes: tuple[str | None, ...] = ()
    layers: int | None = Layer.ALL
    heights: Heights | None = None
    months: int | None = ALL_YEAR
    held: tuple[date | None, date | None] | None = None
    accuracy: float | None = None
    origin: Origin | None = None
    project: int | None = None
    party: int | None = None
    layered: bool = False
    papers: bool = False
    findings: tuple[Finding, ...] = ()


def draft_parcel(shape: RawShape) -> Drafted:
    """Round the corners of a shape once and settle its boundary; faults are told, never mended here."""
    if shape.crs is None or shape.axis is None or shape.origin is None:
        refuse("draft.question_open", feature=shape.feature_number)
    placer = _Placer(system(shape.crs), shape.axis, shape.origin, shape.offset, shape.feature_number)
    findings: list[Finding] = []
    parcel = _polygon(shape.rings, placer, shape, findings) if shape.rings else None
    units = [_polygon(unit.rings, placer, shape, findings) for unit in shape.units]
    if parcel is None and not units:
        refuse("file.feature_empty", feature=shape.feature_number)
    numbers = _numbers(shape, parcel, units, findings)
    findings += _bending_edges(shape, placer)
    return Drafted(
        settled=settle(parcel, units, numbers or None),
        findings=tuple(findings),
        accuracy=shape.accuracy,
        origin=shape.origin,
        unit_names=tuple(unit.name for unit in shape.units),
        unit_modes=tuple(unit.mode for unit in shape.units),
    )


@dataclass(frozen=True, slots=True)
class _Placer:
    """Turns corners of one file into milliseconds of arc; also the plane in which that file drew its edges."""

    system: System
    axis: AxisOrder
    origin: Origin
    offset: float
    feature: int

    def milliseconds(self, corners: Sequence[Corner]) -> IntArray:
        """N×2 (longitude, latitude) in whole milliseconds of arc."""
        if self.system.geographic:
            across, up = (0, 1) if self.axis == "lonlat" else (1, 0)
            if self.origin in ("gcj02", "bd09"):
                return ms_from_array(shifted_back(as_floats(corners)[:, [across, up]], self.origin))
            lon = milliseconds([corner[across] for corner in corners])
            lat = milliseconds([corner[up] for corner in corners])
            return np.column_stack([lon, lat])
        return np.rint(self.to_ms(self.metres(corners))).astype(np.int64)

    def metres(self, corners: Sequence[Corner]) -> Array:
        """N×2 (easting, northing) in the units of the system, a missing or extra zone number settled."""
        values = as_floats(corners)
        ordered = values if self.axis == "lonlat" else values[:, ::-1]
        return np.asarray(ordered + np.array([self.offset, 0.0]), dtype=np.float64)

    def to_ms(self, metres: npt.ArrayLike) -> Array:
        """(longitude, latitude) as float milliseconds of N×2 plane coordinates: what `densify_offer` asks of a plane."""
        degrees = self.system.to_degrees(metres)
        if not np.isfinite(degrees).all():
            at = int(np.argmax(~np.isfinite(degrees).all(axis=1)))
            value = ", ".join(f"{number:.10g}" for number in np.asarray(metres)[at])
            refuse("crs.cannot_place", crs=self.system.label, feature=self.feature, point=at + 1, value=value)
        return degrees * MS_PER_DEGREE


def _polygon(rings: tuple[RawRing, ...], placer: _Placer, shape: RawShape, findings: list[Finding]) -> Polygon:
    placed = [_ring(ring, number, placer, shape) for number, ring in enumerate(rings)]
    findings += [_repeats(ring, number, shape) for number, ring in enumerate(placed) if _repeated(ring)]
    return Polygon(placed[0], tuple(placed[1:]))


def _ring(ring: RawRing, number: int, placer: _Placer, shape: RawShape) -> tuple[Point, ...]:
    points = placer.milliseconds(ring) if ring else np.empty((0, 2), dtype=np.int64)
    beyond = np.abs(points[:, 1]) > 90 * MS_PER_DEGREE
    if beyond.any():
        at = int(np.argmax(beyond))
        vertex = Vertex(number, at)
        value = ", ".join(str(part) for part in ring[at])
        refuse("crs.latitude_out_of_range", vertex, feature=shape.feature_number, point=at + 1, value=value)
    return tuple(map(tuple, points.tolist()))


def _repeated(ring: tuple[Point, ...]) -> list[int]:
    """Indexes of points that fall on the same millisecond as the one before them."""
    return [index for index in range(1, len(ring)) if ring[index] == ring[index - 1]]


def _repeats(ring: tuple[Point, ...], number: int, shape: RawShape) -> Finding:
    """Consecutive repeats are the only points left out unasked (register.md §1), so they are told."""
    found = _repeated(ring)
    facts = {"feature": shape.feature_number, "ring": number + 1, "point": found[0] + 1, "count": len(found)}
    at = Vertex(number, found[0], *ring[found[0]])
    return Finding(code="ring.repeats_left_out", severity=Severity.NOTES, at=at, facts=facts)


def _numbers(
    shape: RawShape, parcel: Polygon | None, units: Sequence[Polygon], findings: list[Finding]
) -> dict[Point, int]:
    """Point → number from the file; a place that came with two numbers keeps the first, and that is said."""
    found: dict[Point, int] = {}
    given: list[tuple[tuple[Numbers, ...], Polygon]] = [(shape.numbers, parcel)] if parcel is not None else []
    given += [(unit.numbers, polygon) for unit, polygon in zip(shape.units, units, strict=True)]
    told: set[Point] = set()
    for rings, polygon in given:
        for labels, ring in zip(rings, polygon.rings, strict=False):
            for index, (number, point) in enumerate(zip(labels, ring, strict=False)):
                if number is None:
                    continue
                first = found.setdefault(point, number)
                if first != number and point not in told:
                    told.add(point)
                    facts = {"first": first, "second": number, "feature": shape.feature_number}
                    at = Vertex(0, index, *point)
                    findings.append(Finding(code="numbers.one_place_two", severity=Severity.WARNS, at=at, facts=facts))
    return found


def _bending_edges(shape: RawShape, placer: _Placer) -> list[Finding]:
    """For projected files: the offer to insert points where straight edges of their plane leave ours (register.md §1)."""
    if placer.system.geographic:
        return []
    rings = list(shape.rings) or [ring for unit in shape.units for ring in unit.rings]
    offers: list[Finding] = []
    for ring in rings:
        try:
            offer = densify_offer(placer.metres(ring), placer) if len(ring) >= 3 else None
        except Refusal:
            # The corners themselves are placed; only a point between them is not: such an edge crosses the edge of the plane.
            offer = None
        if offer is not None:
            offers.append(offer)
    return offers
