"""A case claims its sea, a decision holds it, a right is entered: lock, load, advance, record, enqueue (register.md §6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from data.actors import Actor
from data.answers import Refusal
from data.clock import legal_day
from data.events import StreamName, record
from data.rulebook import RuleBook, on
from parcels import locks
from parcels.checks.limits import limits_for
from parcels.queries import register as queries
from parcels.queries.register import OpenClaim, StandingRight
from parcels.registering import guards
from parcels.registering.codes import Codes, district_of, issue
from parcels.registering.ending import cut_off
from parcels.registering.places import InPlace, places_of, write_places
from parcels.registering.recheck import Judged, Side, judge
from parcels.registering.requests import Granted, GrantRequest
from parcels.registering.rows import days, run, since, write
from parcels.registering.spaces import UnitBand, unit_bands
from parcels.registering.writing import (
    BoundaryToWrite,
    OccupationToWrite,
    WrittenBoundary,
    close,
    common,
    instant_of_act,
    told,
    write_boundaries,
    write_occupations,
)

# An accepted case is `outline` until its public notice; what is decided and registered is public by law (register.md §5).
DISCLOSURE = {"claimed": "outline", "approved": "public", "registered": "public"}


class ClaimMoved(Exception):
    """The case's boundary changed between looking and locking: roll back, look again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act under its locks: what was asked, by whom, what was found, and what the check said."""

    request: GrantRequest
    actor: Actor
    rules_hash: str
    claim: OpenClaim | None
    rights: Mapping[int, StandingRight]
    rows: tuple[UnitBand, ...]
    closing: tuple[int, ...]
    judged: Judged

    @property
    def case_stream(self) -> StreamName:
        """The stream of the case."""
        return StreamName("case", self.request.case_number)


def grant_once(session: Session, request: GrantRequest, *, actor: Actor, book: RuleBook, now: datetime) -> Granted:
    """One try of `register.grant`, in a savepoint of the caller's."""
    seen = queries.open_claim(session, request.case_number)
    request = _with_claim(request, seen)
    named = [right for right in (request.renews, request.changes) if right is not None]
    boxes = queries.boxes_of(session, rights=named, claim=seen) if named or seen else []
    locks.take(session, locks.locks_for([request.boundary.bounds, *boxes]))
    session.expire_all()
    if request.project_id is not None and not queries.lock_project(session, request.project_id):
        raise Refusal("project.not_found", project=request.project_id)
    rights = queries.lock_rights(session, named) if named else {}
    claim = queries.open_claim(session, request.case_number, lock=True) if seen else None
    if (seen and (seen.id, seen.boundary_id)) != (claim and (claim.id, claim.boundary_id)):
        raise ClaimMoved(request.case_number)
    today = legal_day(now)
    guards.may_stand(session, request, claim, rights, today)
    act = _judged(session, request, actor, book, claim, rights, today)
    writer = {"claimed": _claim, "approved": _approve, "registered": _register}[request.standing]
    try:
        return writer(session, act)
    except IntegrityError as fault:
        raise _refusal(fault, request) from fault


def _with_claim(request: GrantRequest, claim: OpenClaim | None) -> GrantRequest:
    """What the case said when it was accepted holds until it is registered."""
    if claim is None:
        return request
    return replace(
        request,
        renews=claim.renews_id,
        changes=claim.changes_id,
        project_id=request.project_id or claim.project_id,
        party_id=request.party_id or claim.party_id,
        decision_on=request.decision_on or claim.decision_on,
        mark=request.mark or claim.mark,
    )


def _judged(
    session: Session,
    request: GrantRequest,
    actor: Actor,
    book: RuleBook,
    claim: OpenClaim | None,
    rights: Mapping[int, StandingRight],
    today: date,
) -> Act:
    """The check repeated under the locks."""
    limits = limits_for(book.inquire(dates=on(request.decision_on or today), today=today))
    rows = unit_bands(request.boundary, request.occupying)
    side = Side(
        case_number=request.case_number,
        boundary=request.boundary,
        occupying=request.occupying,
        own_claim=claim.id if claim else None,
        own_right=request.renews if request.renews is not None else request.changes,
    )
    judged = judge(session, side, rows, limits)
    held = queries.holdings_of_claim(session, claim.id) if claim else []
    return Act(
        request=request,
        actor=actor,
        rules_hash=book.hash,
        claim=claim,
        rights=rights,
        rows=rows,
        closing=tuple(row.id for row in held),
        judged=judged,
    )


def _refusal(fault: IntegrityError, request: GrantRequest) -> BaseException:
    """A second claim of one case, made elsewhere in the sea at the same time."""
    name = getattr(getattr(fault.orig, "diag", None), "constraint_name", None)
    if name == "uq_sea_claim_case_number_open":
        return Refusal("claim.stands_already", case=request.case_number)
    return fault


def _claim(session: Session, act: Act) -> Granted:
    """The accepted case claims its sea."""
    request = act.request
    at = instant_of_act(session, [act.case_stream])
    written = _write_boundary(session, act, at, parcel_id=_parcel_of_renewal(session, request))
    claim_id = _insert_claim(session, act, written.id, at)
    ids = _occupy(session, act, at, written.unit_ids, claim_id=claim_id)
    body = {"claim": claim_id, "received_at": request.received_at or at, **_said(session, act, ids)}
    record(session, act.case_stream, "sea.claimed", body, actor=act.actor, at=at)
    return Granted(
        recorded_at=at,
        claim_id=claim_id,
        boundary_id=written.id,
        findings=act.judged.findings,
        effects=({"effect": "sea.claimed", "case": request.case_number, "claim_id": claim_id},),
    )


def _approve(session: Session, act: Act) -> Granted:
    """The decision holds the sea that the case claimed."""
    request, claim = act.request, guards.given(act.claim)
    at = instant_of_act(session, [act.case_stream], act.closing)
    close(session, act.closing, at)
    run(
        session,
        "UPDATE sea_claim SET standing = 'approved', decision_on = %(day)s, term = %(term)s WHERE id = %(id)s",
        {"day": request.decision_on, "term": _term(request), "id": claim.id},
    )
    units = _unit_ids(session, claim.boundary_id)
    ids = _occupy(session, act, at, units, claim_id=claim.id)
    body = {"claim": claim.id, "decision_on": request.decision_on, **_said(session, act, ids)}
    record(session, act.case_stream, "sea.approved", body, actor=act.actor, at=at)
    return Granted(
        recorded_at=at,
        claim_id=claim.id,
        boundary_id=claim.boundary_id,
        is_layered=act.judged.is_layered,
        findings=act.judged.findings,
        effects=({"effect": "sea.approved", "case": request.case_number, "claim_id": claim.id},),
    )


def _register(session: Session, act: Act) -> Granted:
    """The right is entered: parcel and codes, right and holders, occupation; what it changes ends with it."""
    request = act.request
    entered = guards.given(request.entered_on)
    parcel_id = _parcel_of_renewal(session, request)
    places = () if parcel_id else places_of(session, request.boundary, entered)
    codes = None if parcel_id else _codes(session, request, places)
    right_id = _next_right(session)
    changed = request.changes
    ended = queries.holdings_of_right(session, changed) if changed is not None else []
    stream = StreamName("right", right_id)
    streams = [act.case_stream, stream, *([StreamName("right", changed)] if changed is not None else [])]
    at = instant_of_act(session, streams, [*act.closing, *(row.id for row in ended)])
    close(session, act.closing, at)
    written = _boundary_of(session, act, at)
    if parcel_id is None:
        parcel_id = _insert_parcel(session, act, written.id, codes, at)
        write_places(session, parcel_id, places)
    _insert_right(session, act, right_id, parcel_id, at)
    ids = _occupy(session, act, at, written.unit_ids, right_id=right_id, parcel_id=parcel_id)
    if act.claim is not None:
        run(
            session,
            "UPDATE sea_claim SET standing = 'registered', known = tstzrange(lower(known), %(at)s) WHERE id = %(id)s",
            {"at": at, "id": act.claim.id},
        )
        body = {"claim": act.claim.id, "right": right_id, **told(session, closed=act.closing)}
        record(session, act.case_stream, "sea.registered", body, actor=act.actor, at=at)
    _record_right(session, act, stream, right_id, parcel_id, codes, ids, at)
    if changed is not None:
        successors = (parcel_id,)
        cut_off(session, act.rights[changed], ended, entered, "changed", at, actor=act.actor, successors=successors)
    return Granted(
        recorded_at=at,
        claim_id=act.claim.id if act.claim else None,
        right_id=right_id,
        parcel_id=parcel_id,
        boundary_id=written.id,
        parcel_code=codes.parcel if codes else None,
        unit_code=codes.unit if codes else None,
        is_layered=act.judged.is_layered,
        findings=act.judged.findings,
        effects=({"effect": "right.registered", "right_id": right_id, "parcel_id": parcel_id},),
    )


def _record_right(
    session: Session,
    act: Act,
    stream: StreamName,
    right_id: int,
    parcel_id: int,
    codes: Codes | None,
    ids: list[int],
    at: datetime,
) -> None:
    """The first event of the right's own stream."""
    digest = run(session, "SELECT right_digest(%(ids)s::bigint[])", {"ids": [right_id]})[0][0]
    body = {
        "right": right_id,
        "right_digest": digest,
        "parcel": parcel_id,
        "parcel_code": codes.parcel if codes else None,
        "case": act.request.case_number,
        "entered_on": act.request.entered_on,
        "predecessor": _predecessor(act.request),
        "layered_with": {"rights": act.judged.layered_rights, "cases": act.judged.layered_cases},
        **_said(session, act, ids, closed=()),
    }
    record(session, stream, "right.registered", body, actor=act.actor, at=at)


def _said(session: Session, act: Act, opened: list[int], closed: tuple[int, ...] | None = None) -> dict[str, Any]:
    """What every act's event says alike: the boundary by its hash, the rules by theirs, the rows of occupation."""
    return {
        "boundary": act.request.boundary.hash,
        "area_ha": act.request.boundary.area,
        "rules": act.rules_hash,
        "occupation": told(session, opened, act.closing if closed is None else closed),
    }


def _predecessor(request: GrantRequest) -> int | None:
    return request.renews if request.renews is not None else request.changes


def _term(request: GrantRequest) -> Any:
    first, last = request.term or (request.occupying.first, request.occupying.last)
    return days(first, last)


def _occupy(session: Session, act: Act, at: datetime, unit_ids: tuple[int, ...], **holder: int) -> list[int]:
    """The rows of occupation of this act."""
    request = act.request
    held = days(request.occupying.first, request.occupying.last)
    rows = [
        OccupationToWrite(
            geometry=row.geometry,
            band=row.band,
            mode=row.mode,
            unit_id=unit_ids[row.unit],
            held=held,
            term=_term(request),
            standing=request.standing,
            disclosure=request.disclosure or DISCLOSURE[request.standing],
            **common(request.occupying),
            **holder,
        )
        for row in act.rows
    ]
    return write_occupations(session, rows, at)


def _write_boundary(session: Session, act: Act, at: datetime, parcel_id: int | None) -> WrittenBoundary:
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


def _boundary_of(session: Session, act: Act, at: datetime) -> WrittenBoundary:
    """The boundary that the case claimed, or a new one where the right is entered at once."""
    if act.claim is None:
        return _write_boundary(session, act, at, parcel_id=None)
    return WrittenBoundary(act.claim.boundary_id, _unit_ids(session, act.claim.boundary_id))


def _unit_ids(session: Session, boundary_id: int) -> tuple[int, ...]:
    found = run(session, "SELECT id FROM unit WHERE boundary_id = %(id)s ORDER BY number", {"id": boundary_id})
    return tuple(row[0] for row in found)


def _parcel_of_renewal(session: Session, request: GrantRequest) -> int | None:
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


def _codes(session: Session, request: GrantRequest, places: tuple[InPlace, ...]) -> Codes | None:
    """The codes of a new parcel; None in a sea whose registry is unknown (an officer settles the place, then the code)."""
    district = request.district
    if district is None:
        # A county's or a zone's own code comes before that of the city above it.
        ordered = sorted(
            (place for place in places if place.code), key=lambda place: place.kind not in ("county", "zone")
        )
        district = district_of(ordered[0].code) if ordered else None
    return issue(session, district) if district else None


def _insert_claim(session: Session, act: Act, boundary_id: int, at: datetime) -> int:
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
            "term": _term(request),
            "received": request.received_at or at,
            "known": since(at),
            "mark": request.mark,
            "scope": request.scope_place_id,
        },
    )
    claim_id: int = found[0][0]
    return claim_id


def _next_right(session: Session) -> int:
    right_id: int = run(session, "SELECT nextval(pg_get_serial_sequence('sea_right', 'id'))", {})[0][0]
    return right_id


def _insert_parcel(session: Session, act: Act, boundary_id: int, codes: Codes | None, at: datetime) -> int:
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


def _insert_right(session: Session, act: Act, right_id: int, parcel_id: int, at: datetime) -> None:
    request = act.request
    write(
        session,
        "sea_right",
        "id door case_number claim_id register_number decision_on entered_on term area_registered is_fee_exempt is_layered"
        " predecessor_id known inconsistencies rules_hash mark scope_place_id".split(),
        [
            (
                right_id,
                "granted",
                request.case_number,
                act.claim.id if act.claim else None,
                request.register_number,
                request.decision_on,
                request.entered_on,
                _term(request),
                request.area_registered if request.area_registered is not None else request.boundary.area,
                request.is_fee_exempt,
                act.judged.is_layered or request.occupying.is_layered,
                _predecessor(request),
                since(at),
                Jsonb([]),
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
    if act.judged.is_layered:
        note = (right_id, "layered", "立体分层设权", days(request.occupying.first, request.occupying.last), since(at))
        write(session, "right_note", ("right_id", "kind", "text", "held", "known"), [note])
