"""The rows of boundaries, units and occupation, the one instant of an act, and what its event says of the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from data.events import StreamName, lock_streams
from marine.boundary import Boundary
from marine.polygons import Point
from parcels.registering.requests import Band, Occupying
from parcels.registering.rows import as_json, columns, degrees, new_ids, run, since, write

ALGORITHM = "sha256"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitToWrite:
    """One unit of a boundary; geometry in milliseconds of arc."""

    geometry: Any
    mode: str | None = None
    area: Decimal | None = None
    specific_use: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryToWrite:
    """A boundary as it is stored. `hash` and `canonical` are None for an old invalid one, which is kept as given."""

    geometry: Any
    units: tuple[UnitToWrite, ...]
    central_meridian: Decimal
    numbers: Sequence[tuple[Point, int]]
    hash: str | None = None
    canonical: str | None = None
    area: Decimal | None = None
    parcel_id: int | None = None
    accuracy_m: float | None = None
    origin: str = "cgcs2000"
    decisions: Mapping[str, Any] = field(default_factory=dict)
    source_digest: str | None = None

    @classmethod
    def settled(
        cls, boundary: Boundary, modes: Sequence[str | None], specific_use: str | None = None, **more: Any
    ) -> BoundaryToWrite:
        """The rows of a settled boundary; `more` are the fields that do not follow from it."""
        whole = boundary.parcel.to_shapely()
        return cls(
            geometry=whole,
            units=tuple(
                UnitToWrite(
                    # A parcel of one unit is that unit: the same shape is turned into a row's geometry once.
                    geometry=whole if unit is boundary.parcel else unit.to_shapely(),
                    mode=mode,
                    area=area,
                    specific_use=specific_use,
                )
                for unit, mode, area in zip(boundary.units, modes, boundary.unit_areas, strict=True)
            ),
            central_meridian=boundary.central_meridian,
            numbers=boundary.numbers,
            hash=boundary.hash,
            canonical=boundary.canonical,
            area=boundary.area,
            **more,
        )


@dataclass(frozen=True, slots=True)
class WrittenBoundary:
    """The numbers that a boundary and its units were given, units in their order."""

    id: int
    unit_ids: tuple[int, ...]


_BOUNDARY = columns(
    "id parcel_id hash alg canonical central_meridian area_ha numbers accuracy_m origin decisions source_digest recorded_at"
    " geom"
)
_UNIT = columns("id boundary_id number use_mode specific_use area_ha geom")


def write_boundaries(
    session: Session, boundaries: Sequence[BoundaryToWrite], recorded_at: datetime, ids: Sequence[int] | None = None
) -> list[WrittenBoundary]:
    """Write boundaries and their units; one call for one or for thousands. `ids` are numbers drawn for them before."""
    ids = new_ids(session, "boundary", len(boundaries)) if ids is None else ids
    units = [unit for boundary in boundaries for unit in boundary.units]
    unit_ids = iter(new_ids(session, "unit", len(units)))
    shapes = degrees([*(one.geometry for one in boundaries), *(unit.geometry for unit in units)])
    write(
        session,
        "boundary",
        _BOUNDARY,
        (
            (
                number,
                one.parcel_id,
                one.hash,
                ALGORITHM if one.hash else None,
                one.canonical,
                one.central_meridian,
                one.area,
                as_json([[lon, lat, label] for (lon, lat), label in one.numbers]),
                one.accuracy_m,
                one.origin,
                as_json(dict(one.decisions)),
                one.source_digest,
                recorded_at,
                shape,
            )
            for number, one, shape in zip(ids, boundaries, shapes[: len(boundaries)], strict=True)
        ),
    )
    written = [
        WrittenBoundary(number, tuple(next(unit_ids) for _ in one.units))
        for number, one in zip(ids, boundaries, strict=True)
    ]
    unit_shapes = iter(shapes[len(boundaries) :])
    write(
        session,
        "unit",
        _UNIT,
        (
            (unit_id, row.id, at, unit.mode, unit.specific_use, unit.area, next(unit_shapes))
            for row, one in zip(written, boundaries, strict=True)
            for at, (unit_id, unit) in enumerate(zip(row.unit_ids, one.units, strict=True), 1)
        ),
    )
    return written


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupationToWrite:
    """One row of `occupation`: a unit's band held by a right or a claim; `geometry` in milliseconds of arc."""

    geometry: Any
    band: Band
    mode: str | None
    use_type: str | None
    held: str
    term: str
    standing: str
    months: int
    is_layered: bool
    accuracy_m: float | None
    disclosure: str
    unit_id: int | None
    parcel_id: int | None = None
    right_id: int | None = None
    claim_id: int | None = None


_OCCUPATION = columns(
    "id parcel_id unit_id right_id claim_id held term known standing layers z_low z_high z_surveyed months is_layered"
    " use_type use_mode accuracy_m disclosure geom"
)


def write_occupations(session: Session, rows: Sequence[OccupationToWrite], recorded_at: datetime) -> list[int]:
    """Write rows of occupation, known from `recorded_at` on; gives their numbers in the order of the rows."""
    ids = new_ids(session, "occupation", len(rows))
    known = since(recorded_at)
    write(
        session,
        "occupation",
        _OCCUPATION,
        (
            (
                number,
                row.parcel_id,
                row.unit_id,
                row.right_id,
                row.claim_id,
                row.held,
                row.term,
                known,
                row.standing,
                int(row.band.layers),
                row.band.low,
                row.band.high,
                row.band.surveyed,
                row.months,
                row.is_layered,
                row.use_type,
                row.mode,
                row.accuracy_m,
                row.disclosure,
                shape,
            )
            for number, row, shape in zip(ids, rows, degrees([row.geometry for row in rows]), strict=True)
        ),
    )
    return ids


def common(occupying: Occupying) -> dict[str, Any]:
    """The columns that all rows of a request share."""
    return {
        "use_type": occupying.use_type,
        "months": occupying.months,
        "is_layered": occupying.is_layered,
        "accuracy_m": occupying.accuracy_m,
    }


CLOCK = """
SELECT greatest(
    clock_timestamp(),
    (SELECT max(lower(known)) + interval '1 microsecond' FROM occupation WHERE id = ANY(%(closing)s::bigint[])),
    (SELECT max(recorded_at) FROM event_stream WHERE name = ANY(%(streams)s::text[]))
)
"""


def instant_of_act(session: Session, streams: Iterable[StreamName], closing: Sequence[int] = ()) -> datetime:
    """Take the act's last locks (its stream heads) and read the clock once: later than every record time that it closes.

    The clock of a machine can be set back; the record's cannot.
    """
    names = list(streams)
    lock_streams(session, names)
    found = run(session, CLOCK, {"closing": list(closing), "streams": [str(name) for name in names]})
    instant: datetime = found[0][0]
    return instant


CLOSE = """
UPDATE occupation SET known = tstzrange(lower(known), %(at)s) WHERE id = ANY(%(ids)s::bigint[]) AND upper_inf(known)
RETURNING id
"""


def close(session: Session, ids: Sequence[int], recorded_at: datetime) -> None:
    """Close the record time of current rows; all of them must be current."""
    if not ids:
        return
    closed = run(session, CLOSE, {"at": recorded_at, "ids": list(ids)})
    if len(closed) != len(ids):
        raise RuntimeError(f"{len(ids) - len(closed)} rows of occupation were closed by somebody else under our lock")


def told(session: Session, opened: Sequence[int] = (), closed: Sequence[int] = ()) -> dict[str, Any]:
    """What an event says of occupation: rows opened (as runs of numbers) with the digest of what they hold, rows closed."""
    body: dict[str, Any] = {"opened": runs(opened), "closed": runs(closed)}
    if opened:
        digest = run(session, "SELECT occupation_digest(%(ids)s::bigint[])", {"ids": list(opened)})
        body["digest"] = {"alg": ALGORITHM, "value": digest[0][0]}
    return body


def runs(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers as runs [first, last].

    >>> runs([7, 1, 2, 3])
    [[1, 3], [7, 7]]
    """
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found
