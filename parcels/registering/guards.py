"""What must be so before an act may go on: the case's standing, and the notes on a right that is renewed, changed or ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from sqlalchemy.orm import Session

from data.answers import Refusal
from data.clock import legal_day
from parcels.queries import register as queries
from parcels.queries.register import OpenClaim, StandingRight
from parcels.registering.guard_table import FEE_EXEMPT, packaged_guards
from parcels.registering.requests import GrantRequest

T = TypeVar("T")
# What each act must be told beside the boundary and how it occupies the sea.
NEEDED = {"claimed": (), "approved": ("decision_on",), "registered": ("entered_on", "holders")}


def given(value: T | None) -> T:
    """A value that a guard has made sure of."""
    if value is None:
        raise RuntimeError("an act went on without what its guard asks for")
    return value


def may_stand(
    session: Session,
    request: GrantRequest,
    claim: OpenClaim | None,
    rights: Mapping[int, StandingRight],
    today: date,
) -> None:
    """Whether the case may take this step; raises `Refusal` where not."""
    missing = [name for name in NEEDED[request.standing] if not getattr(request, name)]
    if missing:
        raise Refusal("register.request_incomplete", case=request.case_number, missing=missing)
    _claim_may(request, claim)
    if request.renews is not None:
        _may_renew(request, rights.get(request.renews), claim, today)
    if request.changes is not None:
        day = request.entered_on or today
        _holds_from_entry(request)
        may_change(session, rights.get(request.changes), request.changes, request.consents, day)


def _claim_may(request: GrantRequest, claim: OpenClaim | None) -> None:
    """A case claims once, is approved on its claim, and registered on its approval; one without a claim registers at once."""
    wanted = {"claimed": None, "approved": "claimed", "registered": "approved"}[request.standing]
    if claim is None:
        if request.standing == "approved" or request.moves_claim:
            raise Refusal("claim.not_found", case=request.case_number)
        return
    if request.moves_claim:
        if claim.standing != request.standing:
            raise Refusal(
                "claim.wrong_standing", case=request.case_number, standing=claim.standing, wanted=request.standing
            )
        return
    if wanted is None:
        raise Refusal("claim.stands_already", case=request.case_number)
    if claim.standing != wanted:
        raise Refusal("claim.wrong_standing", case=request.case_number, standing=claim.standing, wanted=wanted)
    if claim.boundary_hash != request.boundary.hash:
        raise Refusal("claim.boundary_changed", case=request.case_number)


def _may_renew(request: GrantRequest, right: StandingRight | None, claim: OpenClaim | None, today: date) -> None:
    """A renewal is received before the end and holds from the end on (register.md §3)."""
    if right is None:
        raise Refusal("right.not_found", right=request.renews)
    if right.ended_on is not None:
        raise Refusal("right.ended", right=right.id, ended_on=right.ended_on)
    if right.term_to is None:
        # Both rights would hold the same sea for ever: an old right whose end nobody knows has no day to renew from.
        raise Refusal("renewal.end_unknown", right=right.id)
    # What counts is the first act of the case; one without a paper's own time is received when it is entered.
    received = legal_day(request.received_at) if request.received_at else today
    if claim is None and received >= right.term_to:
        raise Refusal("renewal.too_late", right=right.id, ended=right.term_to)
    if request.occupying.first is None or request.occupying.first < right.term_to:
        raise Refusal("renewal.holds_from_the_end", right=right.id, first=right.term_to)


def _holds_from_entry(request: GrantRequest) -> None:
    """The changed right ends on the day of entry; the one that follows it cannot hold the same sea earlier."""
    first, entered = request.occupying.first, request.entered_on
    if request.standing == "registered" and entered and (first is None or first < entered):
        raise Refusal("change.holds_from_the_entry", right=request.changes, entered=entered)


def may_change(
    session: Session,
    right: StandingRight | None,
    asked: int,
    consents: frozenset[int],
    day: date,
    act: str = "change",
) -> StandingRight:
    """A right that stands, and on which nothing bars the act or lacks its consent (data/registers/right_guards.yaml)."""
    if right is None:
        raise Refusal("right.not_found", right=asked)
    if right.ended_on is not None:
        raise Refusal("right.ended", right=right.id, ended_on=right.ended_on)
    table = packaged_guards()
    notes = queries.notes_on(session, right.id, day)
    kinds = [kind for kind, _ in notes] + ([FEE_EXEMPT] if right.is_fee_exempt else [])
    barring = table.barring(act, kinds)
    if barring:
        raise Refusal("right.fee_exempt" if barring == [FEE_EXEMPT] else "right.frozen", right=right.id, kinds=barring)
    unasked = sorted({party for kind, party in notes if table.asks(act, kind) and party not in consents}, key=str)
    if unasked:
        raise Refusal("right.mortgaged", right=right.id, parties=unasked)
    return right
