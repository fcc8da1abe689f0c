"""What an old right becomes: its parts with what they occupy, and everything about it that does not fit, told and kept.

Pure: nothing here reads the database, so that a chunk is prepared before the register is locked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

import shapely

from marine.boundary import Boundary
from marine.codes import PARCEL_LENGTH, CodeError, parse
from marine.findings import Finding, Severity
from marine.many import measured_many
from marine.planes import central_meridian
from marine.polygons import Polygon
from marine.spaces import ALL_YEAR, Layer
from parcels.parties import check_digit_ok
from parcels.registering.mending import occupied
from parcels.registering.requests import AdoptRequest, Band
from parcels.registering.rows import days
from parcels.registering.storable import clean, storable
from parcels.registering.writing import BoundaryToWrite, UnitToWrite

Inconsistency = dict[str, Any]
CODE_SCHEMES = ("parcel_code", "unit_code")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an old right, a parcel of its own: its boundary as stored, and what it occupies (milliseconds of arc)."""

    boundary: BoundaryToWrite
    occupies: Any


@dataclass(frozen=True, slots=True)
class Prepared:
    """One request made ready: `parts` is empty where nothing usable was given (`refusal` says so)."""

    request: AdoptRequest
    parts: tuple[Part, ...]
    band: Band
    held: str
    months: int
    codes: tuple[tuple[str, str], ...]
    inconsistencies: tuple[Inconsistency, ...]
    refusal: Finding | None = None


def prepare_all(requests: Sequence[AdoptRequest]) -> list[Prepared]:
    """Make old rights ready to be written; boundaries that were not settled before are measured here, all at once."""
    shapes = [_polygons(request) for request in requests]
    open_at = [at for at, request in enumerate(requests) if len(request.boundaries) != len(shapes[at])]
    measured = iter(measured_many([shape for at in open_at for shape in shapes[at]]))
    settled = {at: tuple(next(measured) for _ in shapes[at]) for at in open_at}
    return [_prepared(request, shapes[at], settled.get(at, request.boundaries)) for at, request in enumerate(requests)]


def _polygons(request: AdoptRequest) -> list[Any]:
    if request.geometry is None:
        return []
    # Twice, because a collection may hold multipolygons. Heights of corners are no part of a boundary.
    parts = shapely.get_parts(shapely.get_parts(request.geometry))
    return [part for part in shapely.force_2d(parts) if part.geom_type == "Polygon"]


def _prepared(request: AdoptRequest, shapes: Sequence[Any], boundaries: Sequence[Boundary | None]) -> Prepared:
    request, left_out = storable(request)
    told = [{"code": finding.code, **_plain(finding.facts)} for finding in request.findings] + left_out
    parts = _parts(request, shapes, boundaries, told)
    if not parts:
        refusal = Finding(code="adopt.no_usable_geometry", severity=Severity.BLOCKS, facts={"feature": request.key})
        return Prepared(request, (), Band(), days(None, None), ALL_YEAR, (), tuple(told), refusal)
    held = _held(request, told)
    band = _band(request, told)
    for holder in request.holders:
        if holder.number and check_digit_ok(holder.scheme, holder.number) is False:
            told.append({"code": "party.check_digit", "scheme": holder.scheme})
    codes = _codes(request, told)
    return Prepared(request, parts, band, held, request.months or ALL_YEAR, codes, tuple(told))


def _parts(
    request: AdoptRequest,
    shapes: Sequence[Any],
    boundaries: Sequence[Boundary | None],
    told: list[Inconsistency],
) -> tuple[Part, ...]:
    """Every polygon of the geometry that occupies something."""
    parts, unusable = [], 0
    for number, (shape, boundary) in enumerate(zip(shapes, boundaries, strict=True), 1):
        part = _valid(request, boundary) if boundary else _as_given(request, shape)
        if part is None:
            unusable += 1
            continue
        parts.append(part)
        if boundary is None:
            told.append({"code": "ring.kept_invalid", "part": number})
    if parts and unusable:
        told.append({"code": "parts.unusable", "count": unusable})
    if len(parts) > 1:
        told.append({"code": "parts.several", "count": len(parts)})
    return tuple(parts)


def _valid(request: AdoptRequest, boundary: Boundary) -> Part:
    modes = (request.use_mode,) * len(boundary.units)
    stored = BoundaryToWrite.settled(boundary, modes, request.specific_use, **_origin(request))
    return Part(stored, stored.geometry)


def _as_given(request: AdoptRequest, shape: Any) -> Part | None:
    """An invalid ring is kept as it was given; it has no hash, and its occupation is a valid superset."""
    occupies = occupied(shape)
    if occupies is None:
        return None
    west, _, east, _ = shapely.bounds(shape).tolist()
    polygon = Polygon.from_shapely(shape)
    points = dict.fromkeys(point for ring in polygon.rings for point in ring)
    stored = BoundaryToWrite(
        geometry=shape,
        units=(UnitToWrite(geometry=shape, mode=request.use_mode, specific_use=request.specific_use),),
        central_meridian=central_meridian(round(west), round(east)),
        numbers=[(point, number) for number, point in enumerate(points, 1)],
        **_origin(request),
    )
    return Part(stored, occupies)


def _origin(request: AdoptRequest) -> dict[str, Any]:
    return {
        "accuracy_m": request.accuracy_m,
        "origin": request.origin,
        "decisions": request.decisions,
        "source_digest": request.source_digest,
    }


def _held(request: AdoptRequest, told: list[Inconsistency]) -> str:
    """The days of the right; a missing one leaves its side open, reversed ones leave both open."""
    first, last = request.first, request.last
    if first is not None and last is not None and last < first:
        told.append({"code": "dates.reversed", "first": first.isoformat(), "last": last.isoformat()})
        first = last = None
    if last == date.max:
        last = None
    if first is None or last is None:
        missing = [side for side, day in (("first", first), ("last", last)) if day is None]
        told.append({"code": "dates.unknown", "missing": missing})
    return days(first, last)


def _band(request: AdoptRequest, told: list[Inconsistency]) -> Band:
    """Layers and heights; without layer data all four, without sense in the heights none."""
    if not request.layers:
        told.append({"code": "layers.unknown"})
    low, high = request.z_low, request.z_high
    if low is not None and high is not None and low >= high:
        told.append({"code": "heights.reversed", "low": low, "high": high})
        low = high = None
    surveyed = request.z_surveyed and low is not None and high is not None
    return Band(request.layers or Layer.ALL, low, high, surveyed)


def _codes(request: AdoptRequest, told: list[Inconsistency]) -> tuple[tuple[str, str], ...]:
    """The codes that could be ours: well formed, without spaces; the rest stay legacy identifiers and are told."""
    found = []
    for scheme, value in request.identifiers:
        if scheme not in CODE_SCHEMES:
            continue
        try:
            code = parse(value)
        except CodeError as fault:
            told.append({"code": "code.malformed", "scheme": scheme, "value": value, "fault": fault.code})
            continue
        text = code.unit_code if scheme == "unit_code" else code.parcel_code
        if text is None:
            told.append({"code": "code.malformed", "scheme": scheme, "value": value, "fault": "code.length"})
        else:
            found.append((scheme, text))
            if scheme == "unit_code":
                found.append(("parcel_code", text[:PARCEL_LENGTH]))
    return tuple(dict.fromkeys(found))


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON holds them."""
    return {name: _plain_value(value) for name, value in facts.items() if name != "code"}


def _plain_value(value: Any) -> Any:
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and isfinite(value)):
        return value
    return clean(str(value))
