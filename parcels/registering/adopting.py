"""Old rights enter the register as they are: one exclusive lock, COPY into every table, one event for the chunk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from data.actors import Actor
from data.clock import legal_day
from data.events import StreamName, record
from marine.codes import PARCEL_LENGTH
from parcels import locks
from parcels.parties import NewParty, PartyKeys, find_parties, write_parties
from parcels.queries.adopting import codes_taken
from parcels.registering.placing import place_parcels
from parcels.registering.requests import Adopted, AdoptRequest, Holder
from parcels.registering.rows import as_json, columns, new_ids, since, write
from parcels.registering.rows import run as execute
from parcels.registering.taking_over import Inconsistency, Part, Prepared, prepare_all
from parcels.registering.writing import (
    ALGORITHM,
    OccupationToWrite,
    instant_of_act,
    runs,
    told,
    write_boundaries,
    write_occupations,
)

BATCHES = StreamName("register", "batches")


@dataclass(frozen=True, slots=True)
class RunChunk:
    """The chunk of a bulk load that these requests are: its run, its number, the features it spans."""

    run_id: int
    number: int
    first_feature: int
    last_feature: int


@dataclass(frozen=True, slots=True)
class Line:
    """One part of one prepared right with the numbers that its rows get."""

    ready: Prepared
    right_id: int
    part: Part
    parcel_id: int
    boundary_id: int


def adopt_chunk(
    session: Session,
    requests: Sequence[AdoptRequest],
    *,
    actor: Actor,
    keys: PartyKeys | None,
    run: RunChunk | None,
) -> tuple[Adopted, ...]:
    """One try of `register.adopt`: prepare without a lock, then lock, write, record."""
    prepared = prepare_all(requests)
    locks.take(session, locks.EXCLUSIVE)
    session.expire_all()
    at = instant_of_act(session, [BATCHES])
    lines = _lines(session, [ready for ready in prepared if ready.parts])
    held_twice = _write_parcels(session, lines, run, at)
    boundaries = [replace(line.part.boundary, parcel_id=line.parcel_id) for line in lines]
    written = write_boundaries(session, boundaries, at, [line.boundary_id for line in lines])
    _write_rights(session, lines, held_twice, keys, run, at)
    rows = [_occupation(line, units.unit_ids) for line, units in zip(lines, written, strict=True)]
    occupations = write_occupations(session, rows, at)
    place_parcels(session, [line.parcel_id for line in lines], legal_day(at))
    answers = _answers(prepared, lines, held_twice)
    _write_outcomes(session, answers, run, at)
    _record(session, actor, run, lines, occupations, answers, at)
    return answers


def _lines(session: Session, usable: Sequence[Prepared]) -> list[Line]:
    """A line per part, with the numbers of its right, parcel and boundary."""
    count = sum(len(ready.parts) for ready in usable)
    parcels = iter(new_ids(session, "parcel", count))
    boundaries = iter(new_ids(session, "boundary", count))
    return [
        Line(ready, right_id, part, next(parcels), next(boundaries))
        for ready, right_id in zip(usable, new_ids(session, "sea_right", len(usable)), strict=True)
        for part in ready.parts
    ]


def _occupation(line: Line, unit_ids: Sequence[int]) -> OccupationToWrite:
    request = line.ready.request
    return OccupationToWrite(
        geometry=line.part.occupies,
        band=line.ready.band,
        mode=request.use_mode,
        use_type=request.use_type,
        held=line.ready.held,
        term=line.ready.held,
        standing="registered",
        months=line.ready.months,
        is_layered=request.is_layered,
        accuracy_m=request.accuracy_m,
        disclosure="public",
        unit_id=unit_ids[0] if len(unit_ids) == 1 else None,
        parcel_id=line.parcel_id,
        right_id=line.right_id,
    )


@dataclass(frozen=True, slots=True)
class GivenCodes:
    """Which parcel keeps which code, and what is told of codes that it could not keep, by right."""

    parcel: Mapping[int, str]
    units: Sequence[tuple[int, str, str]]
    told: Mapping[int, Sequence[Inconsistency]]


def _give_codes(session: Session, lines: Sequence[Line]) -> GivenCodes:
    """The first holder keeps a code; whoever comes later keeps it as a legacy identifier only."""
    wanted = {text for line in lines for _, text in line.ready.codes}
    taken = codes_taken(session, sorted(wanted)) if wanted else set()
    told: dict[int, list[Inconsistency]] = {}
    parcel_code: dict[int, str] = {}
    unit_codes: list[tuple[int, str, str]] = []
    for line in lines:
        for scheme, text in line.ready.codes:
            several = len(line.ready.parts) > 1
            if text in taken or several:
                # A right of several parts leaves open which of its parcels the code means.
                one = {"code": "code.of_several_parts" if several else "code.held_twice", "value": text}
                if one not in told.setdefault(line.right_id, []):
                    told[line.right_id].append(one)
                continue
            taken.add(text)
            if scheme == "parcel_code":
                parcel_code[line.parcel_id] = text
            else:
                unit_codes.append((line.parcel_id, text, text[PARCEL_LENGTH]))
    return GivenCodes(parcel_code, unit_codes, told)


def _write_parcels(
    session: Session, lines: Sequence[Line], chunk: RunChunk | None, at: datetime
) -> Mapping[int, Sequence[Inconsistency]]:
    """Parcels with the codes they keep; gives what is told of codes held twice, by right."""
    codes = _give_codes(session, lines)
    write(
        session,
        "parcel",
        columns("id parcel_code project_id name use_type boundary_id created_at run_id mark scope_place_id"),
        (
            (
                line.parcel_id,
                codes.parcel.get(line.parcel_id),
                line.ready.request.project_id,
                line.ready.request.name,
                line.ready.request.use_type,
                line.boundary_id,
                at,
                chunk.run_id if chunk else None,
                line.ready.request.mark,
                line.ready.request.scope_place_id,
            )
            for line in lines
        ),
    )
    write(session, "real_estate_unit", ("parcel_id", "unit_code", "feature"), codes.units)
    return codes.told


def _write_rights(
    session: Session,
    lines: Sequence[Line],
    held_twice: Mapping[int, Sequence[Inconsistency]],
    keys: PartyKeys | None,
    chunk: RunChunk | None,
    at: datetime,
) -> None:
    """Rights with their parcels, holders and old numbers."""
    rights = {line.right_id: line.ready for line in lines}
    write(
        session,
        "sea_right",
        columns(
            "id door register_number decision_on entered_on term area_registered is_fee_exempt is_layered known"
            " inconsistencies run_id mark scope_place_id"
        ),
        (
            (
                right_id,
                "adopted",
                ready.request.register_number,
                ready.request.decision_on,
                ready.request.entered_on,
                ready.held,
                ready.request.area_registered,
                ready.request.is_fee_exempt,
                ready.request.is_layered,
                since(at),
                as_json([*ready.inconsistencies, *held_twice.get(right_id, ())]),
                chunk.run_id if chunk else None,
                ready.request.mark,
                ready.request.scope_place_id,
            )
            for right_id, ready in rights.items()
        ),
    )
    write(session, "sea_right_parcel", ("right_id", "parcel_id"), ((one.right_id, one.parcel_id) for one in lines))
    write(
        session,
        "sea_right_party",
        ("right_id", "party_id", "holding", "share_numerator", "share_denominator"),
        _shares(session, rights, keys),
    )
    _write_identifiers(session, lines)


def _write_identifiers(session: Session, lines: Sequence[Line]) -> None:
    """Every number that came with a right, on each of its parcels; none of them unique."""
    write(
        session,
        "legacy_identifier",
        ("parcel_id", "right_id", "scheme", "value"),
        (
            (line.parcel_id, line.right_id, scheme, value)
            for line in lines
            for scheme, value in line.ready.request.identifiers
        ),
    )


def _shares(session: Session, rights: Mapping[int, Prepared], keys: PartyKeys | None) -> list[tuple[Any, ...]]:
    """Who holds which right. Holders with the same identifier are one party; without one, equal names are not enough."""
    named = [
        (right_id, holder, ready.request.mark) for right_id, ready in rights.items() for holder in ready.request.holders
    ]
    numbered = list(dict.fromkeys((one.scheme, one.number) for _, one, _ in named if one.number and not one.party_id))
    if numbered and keys is None:
        raise ValueError("identifiers are stored encrypted: the keys must be given")
    known = find_parties(session, numbered, keys=keys) if numbered and keys else {}
    places: list[tuple[int, Holder, int | bytes]] = []
    new: dict[bytes | int, NewParty] = {}
    for right_id, holder, mark in named:
        hashed = keys.hashed(holder.scheme, holder.number) if keys and holder.number else None
        party_id = holder.party_id or (known.get(hashed) if hashed else None)
        # A negative stand-in keeps parties without an identifier apart until they have a number.
        stand_in = party_id or hashed or -len(places) - 1
        if party_id is None and stand_in not in new:
            new[stand_in] = NewParty(
                name=holder.name, kind=holder.kind, scheme=holder.scheme, number=holder.number, mark=mark
            )
        places.append((right_id, holder, stand_in))
    entered = dict(zip(new, write_parties(session, list(new.values()), keys=keys), strict=True))
    shares = {
        (right_id, entered.get(stand_in, stand_in)): (holder.holding, holder.numerator, holder.denominator)
        for right_id, holder, stand_in in places
    }
    return [(*key, *share) for key, share in shares.items()]


def _answers(
    prepared: Sequence[Prepared], lines: Sequence[Line], held_twice: Mapping[int, Sequence[Inconsistency]]
) -> tuple[Adopted, ...]:
    """What became of each request, in their order."""
    parcels: dict[int, list[int]] = {}
    right_of: dict[int, int] = {}
    for line in lines:
        parcels.setdefault(line.right_id, []).append(line.parcel_id)
        right_of[id(line.ready)] = line.right_id
    answers = []
    for ready in prepared:
        right_id = right_of.get(id(ready))
        answers.append(
            Adopted(
                key=ready.request.key,
                right_id=right_id,
                parcel_ids=tuple(parcels.get(right_id, ())) if right_id else (),
                inconsistencies=(*ready.inconsistencies, *held_twice.get(right_id or 0, ())),
                refusal=ready.refusal,
            )
        )
    return tuple(answers)


def _write_outcomes(session: Session, answers: Sequence[Adopted], chunk: RunChunk | None, at: datetime) -> None:
    """What each feature of a load became, and the chunk itself."""
    if chunk is None:
        return
    write(
        session,
        "load_feature",
        columns("run_id feature_number part outcome right_id parcel_id findings"),
        (
            (chunk.run_id, one.key, part, "adopted", one.right_id, parcel_id, as_json(list(one.inconsistencies)))
            for one in answers
            for part, parcel_id in enumerate(one.parcel_ids)
        ),
    )
    refused = [one for one in answers if one.refusal]
    write(
        session,
        "load_feature",
        columns("run_id feature_number part outcome findings"),
        (
            (chunk.run_id, one.key, 0, "refused", as_json([{"code": one.refusal.code}, *one.inconsistencies]))
            for one in refused
            if one.refusal
        ),
    )
    write(
        session,
        "load_chunk",
        columns("run_id number first_feature last_feature adopted refused recorded_at"),
        [
            (
                chunk.run_id,
                chunk.number,
                chunk.first_feature,
                chunk.last_feature,
                len(answers) - len(refused),
                len(refused),
                at,
            )
        ],
    )


def _record(
    session: Session,
    actor: Actor,
    chunk: RunChunk | None,
    lines: Sequence[Line],
    occupations: Sequence[int],
    answers: Sequence[Adopted],
    at: datetime,
) -> None:
    """The one event of the chunk; a right's own stream opens with its first act here, citing the batch."""
    rights = sorted({line.right_id for line in lines})
    digest = execute(session, "SELECT right_digest(%(ids)s::bigint[])", {"ids": rights})[0][0] if rights else None
    body = {
        "run": chunk.run_id if chunk else None,
        "chunk": chunk.number if chunk else None,
        "rights": runs(rights),
        "right_digest": digest,
        "alg": ALGORITHM,
        "parcels": runs(line.parcel_id for line in lines),
        "refused": sum(1 for one in answers if one.refusal),
        "occupation": told(session, occupations),
    }
    record(session, BATCHES, "rights.adopted", body, actor=actor, at=at)
