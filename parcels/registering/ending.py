"""A right ends, or a claim does: what was known is closed, what remains true is written again, and the sea is free."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from data.actors import Actor
from data.answers import Refusal
from data.clock import legal_day
from data.events import StreamName, record
from marine.spaces import OPEN_FROM, OPEN_TO
from parcels import locks
from parcels.queries import register as queries
from parcels.queries.register import Holding, StandingRight
from parcels.registering import guards
from parcels.registering.requests import Band, Ended, EndRequest, WithdrawRequest
from parcels.registering.rows import run, until
from parcels.registering.writing import OccupationToWrite, close, instant_of_act, told, write_occupations


def end_once(session: Session, request: EndRequest, *, actor: Actor, now: datetime) -> Ended:
    """One try of `register.end_right`."""
    locks.take(session, locks.locks_for(queries.boxes_of(session, rights=[request.right_id])))
    session.expire_all()
    found = queries.lock_rights(session, [request.right_id]).get(request.right_id)
    right = guards.may_change(session, found, request.right_id, request.consents, legal_day(now), "end")
    held = queries.holdings_of_right(session, right.id)
    stream = StreamName("right", right.id)
    at = instant_of_act(session, [stream], [row.id for row in held])
    cut_off(session, right, held, request.ended_on, request.how, at, actor=actor, case_number=request.case_number)
    effect = {"effect": "right.ended", "right_id": right.id, "ended_on": request.ended_on}
    return Ended(recorded_at=at, right_id=right.id, effects=(effect,))


def cut_off(
    session: Session,
    right: StandingRight,
    held: Sequence[Holding],
    ended_on: date,
    how: str,
    at: datetime,
    *,
    actor: Actor,
    case_number: str | None = None,
    successors: Sequence[int] = (),
) -> None:
    """End a right whose heads and rows are locked: close its rows, write what it held until the day, tell its stream."""
    current = [row.id for row in held]
    close(session, current, at)
    rest = [row for row in held if row.held_from < ended_on.toordinal()]
    ids = write_occupations(session, [_until(row, right, ended_on) for row in rest], at)
    run(
        session,
        "UPDATE sea_right SET ended_on = %(day)s, ended_how = %(how)s WHERE id = %(id)s",
        {"day": ended_on, "how": how, "id": right.id},
    )
    if successors:
        run(
            session,
            "UPDATE parcel SET ended_at = %(at)s WHERE ended_at IS NULL"
            " AND id IN (SELECT parcel_id FROM sea_right_parcel WHERE right_id = %(right)s)",
            {"at": at, "right": right.id},
        )
    body = {
        "right": right.id,
        "batch": right.run_id,
        "ended_on": ended_on,
        "how": how,
        "case": case_number,
        "successor_parcels": list(successors),
        "occupation": told(session, ids, current),
    }
    record(session, StreamName("right", right.id), "right.ended", body, actor=actor, at=at)


def _until(row: Holding, right: StandingRight, ended_on: date) -> OccupationToWrite:
    """The same occupation, held until the day the right ended (that day no longer included) or its own earlier end."""
    end = min(row.held_to, ended_on.toordinal())
    first = None if row.held_from <= OPEN_FROM else date.fromordinal(row.held_from)
    last = None if end >= OPEN_TO else date.fromordinal(end)
    return OccupationToWrite(
        geometry=row.geometry,
        band=Band(row.layers, row.z_low, row.z_high, row.z_surveyed),
        mode=row.use_mode,
        use_type=row.use_type,
        held=until(first, last),
        term=until(right.term_from, right.term_to),
        standing=row.standing,
        months=row.months,
        is_layered=row.is_layered,
        accuracy_m=row.accuracy_m,
        disclosure=row.disclosure,
        unit_id=row.unit_id,
        parcel_id=row.parcel_id,
        right_id=row.right_id,
    )


def withdraw_once(session: Session, request: WithdrawRequest, *, actor: Actor, now: datetime) -> Ended:
    """One try of `register.withdraw_claim`."""
    seen = queries.open_claim(session, request.case_number)
    if seen is None:
        raise Refusal("claim.not_found", case=request.case_number)
    locks.take(session, locks.locks_for(queries.boxes_of(session, claim=seen)))
    session.expire_all()
    claim = queries.open_claim(session, request.case_number, lock=True)
    if claim is None:
        raise Refusal("claim.not_found", case=request.case_number)
    if request.how == "refused" and claim.standing != "claimed":
        raise Refusal("claim.wrong_standing", case=claim.case_number, standing=claim.standing, wanted="claimed")
    held = [row.id for row in queries.holdings_of_claim(session, claim.id)]
    stream = StreamName("case", claim.case_number)
    at = instant_of_act(session, [stream], held)
    close(session, held, at)
    run(
        session,
        "UPDATE sea_claim SET standing = %(how)s, known = tstzrange(lower(known), %(at)s) WHERE id = %(id)s",
        {"how": request.how, "at": at, "id": claim.id},
    )
    body = {"claim": claim.id, "how": request.how, "occupation": told(session, closed=held)}
    record(session, stream, "sea.freed", body, actor=actor, at=at)
    effect = {"effect": "sea.freed", "case": claim.case_number, "how": request.how}
    return Ended(recorded_at=at, claim_id=claim.id, effects=(effect,))
