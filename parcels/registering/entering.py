"""The rows of an act: boundary and units, claim, parcel with its codes, right with its holders, occupation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import shapely
from sqlalchemy.orm import Session

from data.answers import Refusal
from marine.boundary import Boundary
from parcels.queries import in_milliseconds
from parcels.queries import register as queries
from parcels.registering.act import Act, predecessor, term_of
from parcels.registering.codes import Codes, district_of, issue
from parcels.registering.places import InPlace
from parcels.registering.requests import GrantRequest
from parcels.registering.rows import as_json, columns, days, new_ids, run, since, write
from parcels.registering.writing import (
    BoundaryToWrite,
    OccupationToWrite,
    WrittenBoundary,
    common,
    write_boundaries,
    write_occupations,
)

# An accepted case is `outline` until its public notice; what is decided and registered is public by law (register.md §5).
DISCLOSURE = {"claimed": "outline", "approved": "public", "registered": "public"}


def occupy(session: Session, act: Act, at: datetime, units: tuple[int, ...], **holder: Any) -> list[int]:
    """The rows of occupation of this act."""
    request = act.request
    held = days(request.occupying.first, request.occupying.last)
    rows = [
        OccupationToWrite(
            geometry=row.geometry,
            band=row.band,
            mode=row.mode,
            unit_id=units[row.unit],
            held=held,
            term=term_of(request),
            standing=request.standing,
            disclosure=request.disclosure or DISCLOSURE[request.standing],
            **common(request.occupying),
            **holder,
        )
        for row in act.rows
    ]
    return write_occupations(session, rows, at)


def write_boundary(session: Session, act: Act, at: datetime, parcel_id: int | None) -> WrittenBoundary:
    request = act.request
    boundary = BoundaryToWrite.settled(
        request.boundary,
        request.occupying.unit_modes,
        parcel_id=parcel_id,
        accuracy_m=request.occupying.accuracy_m,
        origin=request.origin,
        decisions=request.decisions,
        source_digest=request.source_digest,
    )
    return write_boundaries(session, [boundary], at)[0]


def boundary_of(session: Session, act: Act, at: datetime) -> WrittenBoundary:
    """The boundary that the case claimed, or a new one where the right is entered at once."""
    if act.claim is None:
        return write_boundary(session, act, at, parcel_id=None)
    return WrittenBoundary(act.claim.boundary_id, unit_ids(session, act.claim.boundary_id, act.request.boundary))


def boundary_again(session: Session, act: Act) -> WrittenBoundary | None:
    """The claim's own boundary where the act keeps it (its dates, layers or disclosure change); None where it is another."""
    claim, request = act.claim, act.request
    if claim is None or claim.boundary_hash != request.boundary.hash:
        return None
    found = run(
        session,
        "SELECT u.id, u.use_mode, b.accuracy_m FROM unit AS u JOIN boundary AS b ON b.id = u.boundary_id"
        " WHERE b.id = %(id)s",
        {"id": claim.boundary_id},
    )
    stored = {number: (mode, None if metres is None else float(metres)) for number, mode, metres in found}
    units = unit_ids(session, claim.boundary_id, request.boundary)
    asked = [(mode, request.occupying.accuracy_m) for mode in request.occupying.unit_modes]
    return WrittenBoundary(claim.boundary_id, units) if [stored[unit] for unit in units] == asked else None


def unit_ids(session: Session, boundary_id: int, boundary: Boundary) -> tuple[int, ...]:
    """The numbers of a stored boundary's units in the order of an equal boundary's: the hash does not tell their order."""
    found = run(session, "SELECT id, geom::bytea FROM unit WHERE boundary_id = %(id)s", {"id": boundary_id})
    shapes = shapely.normalize(in_milliseconds([geometry for _, geometry in found]))
    by_shape = {shape.wkb: number for (number, _), shape in zip(found, shapes, strict=True)}
    return tuple(by_shape[shapely.normalize(unit.to_shapely()).wkb] for unit in boundary.units)


def parcel_of_renewal(session: Session, request: GrantRequest) -> int | None:
    """The parcel that a renewal keeps: the one of the earlier right that has this very boundary."""
    if request.renews is None:
        return None
    found = run(
        session,
        "SELECT p.id FROM sea_right_parcel AS l JOIN parcel AS p ON p.id = l.parcel_id"
        " JOIN boundary AS b ON b.id = p.boundary_id WHERE l.right_id = %(right)s AND b.hash = %(hash)s",
        {"right": request.renews, "hash": request.boundary.hash},
    )
    if not found:
        raise Refusal("renewal.boundary_changed", right=request.renews)
    parcel_id: int = found[0][0]
    return parcel_id


def codes_for(session: Session, request: GrantRequest, places: tuple[InPlace, ...]) -> Codes | None:
    """The codes of a new parcel; None in a sea whose registry is unknown (an officer settles the place, then the code)."""
    district = request.district
    if district is None:
        # A county's or a zone's own code comes before that of the city above it.
        ordered = sorted(
            (place for place in places if place.code), key=lambda place: place.kind not in ("county", "zone")
        )
        district = district_of(ordered[0].code) if ordered else None
    return issue(session, district) if district else None


def insert_claim(session: Session, act: Act, boundary_id: int, at: datetime) -> int:
    request = act.request
    found = run(
        session,
        "INSERT INTO sea_claim (case_number, standing, project_id, party_id, boundary_id, renews_id, changes_id, use_type,"
        " term, received_at, known, mark, scope_place_id)"
        " VALUES (%(case)s, 'claimed', %(project)s, %(party)s, %(boundary)s, %(renews)s, %(changes)s, %(use_type)s,"
        " %(term)s, %(received)s, %(known)s, %(mark)s, %(scope)s) RETURNING id",
        {
            "case": request.case_number,
            "project": request.project_id,
            "party": request.party_id,
            "boundary": boundary_id,
            "renews": request.renews,
            "changes": request.changes,
            "use_type": request.occupying.use_type,
            "term": term_of(request),
            "received": request.received_at or at,
            "known": since(at),
            "mark": request.mark,
            "scope": request.scope_place_id,
        },
    )
    claim_id: int = found[0][0]
    return claim_id


def next_right(session: Session) -> int:
    right_id: int = run(session, "SELECT nextval(pg_get_serial_sequence('sea_right', 'id'))", {})[0][0]
    return right_id


def insert_parcel(session: Session, act: Act, boundary_id: int, codes: Codes | None, at: datetime) -> int:
    request = act.request
    found = run(
        session,
        "INSERT INTO parcel (parcel_code, project_id, name, use_type, boundary_id, created_at, mark, scope_place_id)"
        " VALUES (%(code)s, %(project)s, %(name)s, %(use_type)s, %(boundary)s, %(at)s, %(mark)s, %(scope)s) RETURNING id",
        {
            "code": codes.parcel if codes else None,
            "project": request.project_id,
            "name": request.name,
            "use_type": request.occupying.use_type,
            "boundary": boundary_id,
            "at": at,
            "mark": request.mark,
            "scope": request.scope_place_id,
        },
    )
    parcel_id: int = found[0][0]
    run(
        session,
        "UPDATE boundary SET parcel_id = %(parcel)s WHERE id = %(id)s AND parcel_id IS NULL",
        {"parcel": parcel_id, "id": boundary_id},
    )
    if codes:
        write(session, "real_estate_unit", ("parcel_id", "unit_code", "feature"), [(parcel_id, codes.unit, "W")])
    if request.changes is not None:
        before = queries.parcels_of_right(session, request.changes)
        write(
            session,
            "parcel_lineage",
            ("parcel_id", "predecessor_id", "act"),
            ((parcel_id, earlier, "boundary.changed") for earlier in before),
        )
    return parcel_id


def insert_right(session: Session, act: Act, right_id: int, parcel_id: int, at: datetime) -> None:
    request = act.request
    write(
        session,
        "sea_right",
        columns(
            "id door case_number claim_id register_number decision_on entered_on term area_registered is_fee_exempt is_layered"
            " predecessor_id known inconsistencies rules_hash mark scope_place_id"
        ),
        [
            (
                right_id,
                "granted",
                request.case_number,
                act.claim.id if act.claim else None,
                request.register_number,
                request.decision_on,
                request.entered_on,
                term_of(request),
                request.area_registered if request.area_registered is not None else request.boundary.area,
                request.is_fee_exempt,
                act.judged.is_layered or request.occupying.is_layered,
                predecessor(request),
                since(at),
                as_json([]),
                act.rules_hash,
                request.mark,
                request.scope_place_id,
            )
        ],
    )
    write(session, "sea_right_parcel", ("right_id", "parcel_id"), [(right_id, parcel_id)])
    write(
        session,
        "sea_right_party",
        ("right_id", "party_id", "holding", "share_numerator", "share_denominator"),
        ((right_id, share.party_id, share.holding, share.numerator, share.denominator) for share in request.holders),
    )


def insert_layering_notes(session: Session, act: Act, right_id: int, at: datetime) -> dict[int, list[int]]:
    """The note 立体分层设权 on the right and on each earlier one that it is layered with; numbers of notes by right."""
    if not act.judged.is_layered:
        return {}
    rights = [right_id, *act.judged.layered_rights]
    ids = new_ids(session, "right_note", len(rights))
    held = days(act.request.occupying.first, act.request.occupying.last)
    write(
        session,
        "right_note",
        ("id", "right_id", "kind", "text", "held", "known"),
        [
            (number, right, "layered", "立体分层设权", held, since(at))
            for number, right in zip(ids, rights, strict=True)
        ],
    )
    return {right: [number] for number, right in zip(ids, rights, strict=True)}
