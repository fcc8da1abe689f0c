"""A case claims its sea, a decision holds it, a right is entered: lock, load, advance, record, enqueue (register.md §6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from psycopg.errors import UniqueViolation
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
from parcels.registering.act import Act, predecessor, said, term_of
from parcels.registering.codes import Codes
from parcels.registering.ending import cut_off
from parcels.registering.entering import (
    boundary_again,
    boundary_of,
    codes_for,
    insert_claim,
    insert_layering_notes,
    insert_parcel,
    insert_right,
    next_right,
    occupy,
    parcel_of_renewal,
    unit_ids,
    write_boundary,
)
from parcels.registering.lawful import refuse_unlawful
from parcels.registering.places import places_of, write_places
from parcels.registering.recheck import Side, judge
from parcels.registering.requests import Granted, GrantRequest
from parcels.registering.rows import run
from parcels.registering.spaces import unit_bands
from parcels.registering.writing import close, instant_of_act, told


class ClaimMoved(Exception):
    """The case's boundary changed between looking and locking: roll back, look again."""


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
    claim = queries.open_claim(session, request.case_number, lock=True)
    if (seen and (seen.id, seen.boundary_id)) != (claim and (claim.id, claim.boundary_id)):
        raise ClaimMoved(request.case_number)
    today = legal_day(now)
    guards.may_stand(session, request, claim, rights, today)
    act = _judged(session, request, actor, book, claim, rights, today)
    writer = _move if request.moves_claim else _WRITERS[request.standing]
    try:
        return writer(session, act)
    except UniqueViolation as fault:
        if fault.diag.constraint_name != "uq_sea_claim_case_number_open":
            raise
        # A second claim of one case, made elsewhere in the sea at the same time.
        raise Refusal("claim.stands_already", case=request.case_number) from fault


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
        # A renewal holds from the end on, so the right that it renews is judged like any other: their days lie apart.
        own_right=request.changes,
        consents_pending=request.consents_pending and request.standing == "claimed",
    )
    judged = judge(session, side, rows, limits)
    if request.standing != "claimed":
        refuse_unlawful(
            session, side, received=request.received_at, decided=request.decision_on, book=book, today=today
        )
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


def _claim(session: Session, act: Act) -> Granted:
    """The accepted case claims its sea."""
    request = act.request
    at = instant_of_act(session, [act.case_stream])
    written = write_boundary(session, act, at, parcel_id=parcel_of_renewal(session, request))
    claim_id = insert_claim(session, act, written.id, at)
    ids = occupy(session, act, at, written.unit_ids, claim_id=claim_id)
    body = {"claim": claim_id, "received_at": request.received_at or at, **said(session, act, ids)}
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
        {"day": request.decision_on, "term": term_of(request), "id": claim.id},
    )
    units = unit_ids(session, claim.boundary_id, request.boundary)
    ids = occupy(session, act, at, units, claim_id=claim.id)
    body = {"claim": claim.id, "decision_on": request.decision_on, **said(session, act, ids)}
    record(session, act.case_stream, "sea.approved", body, actor=act.actor, at=at)
    return Granted(
        recorded_at=at,
        claim_id=claim.id,
        boundary_id=claim.boundary_id,
        is_layered=act.judged.is_layered,
        findings=act.judged.findings,
        effects=({"effect": "sea.approved", "case": request.case_number, "claim_id": claim.id},),
    )


def _move(session: Session, act: Act) -> Granted:
    """The claim or approval of a case gets another boundary; the old one stays known for its time."""
    request, claim = act.request, guards.given(act.claim)
    at = instant_of_act(session, [act.case_stream], act.closing)
    close(session, act.closing, at)
    written = boundary_again(session, act) or write_boundary(
        session, act, at, parcel_id=parcel_of_renewal(session, request)
    )
    run(
        session,
        "UPDATE sea_claim SET boundary_id = %(boundary)s, term = %(term)s WHERE id = %(id)s",
        {"boundary": written.id, "term": term_of(request), "id": claim.id},
    )
    ids = occupy(session, act, at, written.unit_ids, claim_id=claim.id)
    body = {"claim": claim.id, "before": claim.boundary_hash, **said(session, act, ids)}
    record(session, act.case_stream, "sea.moved", body, actor=act.actor, at=at)
    return Granted(
        recorded_at=at,
        claim_id=claim.id,
        boundary_id=written.id,
        is_layered=act.judged.is_layered,
        findings=act.judged.findings,
        effects=({"effect": "sea.moved", "case": request.case_number, "claim_id": claim.id},),
    )


def _register(session: Session, act: Act) -> Granted:
    """The right is entered: parcel and codes, right and holders, occupation; what it changes ends with it."""
    request = act.request
    entered = guards.given(request.entered_on)
    parcel_id = parcel_of_renewal(session, request)
    places = () if parcel_id else places_of(session, request.boundary, entered)
    codes = None if parcel_id else codes_for(session, request, places)
    right_id = next_right(session)
    changed = request.changes
    ended = queries.holdings_of_right(session, changed) if changed is not None else []
    stream = StreamName("right", right_id)
    streams = [stream]
    if act.claim is not None:
        streams.append(act.case_stream)
    if changed is not None:
        streams.append(StreamName("right", changed))
    streams += [StreamName("right", earlier) for earlier in act.judged.layered_rights]
    at = instant_of_act(session, streams, [*act.closing, *(row.id for row in ended)])
    close(session, act.closing, at)
    written = boundary_of(session, act, at)
    if parcel_id is None:
        parcel_id = insert_parcel(session, act, written.id, codes, at)
        write_places(session, parcel_id, places)
    insert_right(session, act, right_id, parcel_id, at)
    ids = occupy(session, act, at, written.unit_ids, right_id=right_id, parcel_id=parcel_id)
    _close_claim(session, act, right_id, at)
    notes = insert_layering_notes(session, act, right_id, at)
    _record_right(session, act, stream, right_id, parcel_id, codes, ids, notes.get(right_id, []), at)
    _record_notes(session, act, right_id, notes, at)
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


def _close_claim(session: Session, act: Act, right_id: int, at: datetime) -> None:
    """The claim that became a right ends with it."""
    if act.claim is None:
        return
    run(
        session,
        "UPDATE sea_claim SET standing = 'registered', known = tstzrange(lower(known), %(at)s) WHERE id = %(id)s",
        {"at": at, "id": act.claim.id},
    )
    body = {"claim": act.claim.id, "right": right_id, "occupation": told(session, closed=act.closing)}
    record(session, act.case_stream, "sea.registered", body, actor=act.actor, at=at)


def _record_right(
    session: Session,
    act: Act,
    stream: StreamName,
    right_id: int,
    parcel_id: int,
    codes: Codes | None,
    ids: list[int],
    notes: list[int],
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
        "predecessor": predecessor(act.request),
        "layered_with": {"rights": act.judged.layered_rights, "cases": act.judged.layered_cases},
        "notes": notes,
        **said(session, act, ids, closed=()),
    }
    record(session, stream, "right.registered", body, actor=act.actor, at=at)


def _record_notes(session: Session, act: Act, right_id: int, notes: Mapping[int, list[int]], at: datetime) -> None:
    """The earlier rights' own streams tell of the note that this act put on them."""
    for earlier in act.judged.layered_rights:
        body = {"right": earlier, "kind": "layered", "notes": notes[earlier], "layered_with": right_id}
        record(session, StreamName("right", earlier), "right.noted", body, actor=act.actor, at=at)


_WRITERS = {"claimed": _claim, "approved": _approve, "registered": _register}
