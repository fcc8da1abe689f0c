"""What an act does to the sea, through the register's own doors and inside the act's transaction (register.md §6).

An accepted case claims its sea. Where the register refuses the claim (somebody was first, or the boundary must be snapped) the
case is accepted all the same, for the law ties acceptance to papers only: it holds no sea, and its events say why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from sqlalchemy.orm import Session

from approvals import queries
from approvals.acts import Event
from approvals.cases.acting import Acting
from approvals.cases.checking import use_of
from approvals.cases.store import Opened, Works, record_events
from approvals.cases.use import bounds_of, occupying_of
from data.answers import Refusal
from data.clock import recorded_at
from parcels import locks, register
from parcels.queries import register as register_queries
from parcels.register import Granted, GrantRequest, Share, WithdrawRequest

# Refusals after which a case is accepted without a hold on the sea; any other refusal stops the act.
UNCLAIMED = frozenset({"register.conflict", "register.needs_consent", "boundary.snap_first"})
HOW_ENDED = {"withdrawn": "withdrawn", "refused": "refused", "lapsed": "lapsed"}


def lock_the_sea(session: Session, cases: Sequence[Opened]) -> None:
    """Take the locks of the register and of every cell that the cases' boundaries and claims touch, in the one order."""
    boxes = []
    for case in cases:
        drawn = bounds_of(case.row.use)
        if drawn is not None:
            boxes.append(drawn)
        claim = register_queries.open_claim(session, case.number)
        if claim is not None:
            boxes += register_queries.boxes_of(session, claim=claim)
    locks.take(session, locks.locks_for(boxes))


def claim_sea(acting: Acting) -> None:
    """Let the accepted case claim its sea, or say in its chain why it holds none."""
    session, case = acting.session, acting.case
    standing = queries.claim_of(session, case.number)
    if standing is not None:
        # A decision was taken back: the approval ends, and the case claims again.
        free_claim(acting, "withdrawn")
    request = _request(acting, "claimed", consents_pending=True, received_at=case.row.received_at)
    try:
        register.grant(session, request, actor=acting.works.actor, book=acting.works.book, now=acting.works.now)
    except Refusal as refusal:
        if refusal.code not in UNCLAIMED:
            raise
        _say_unclaimed(acting, refusal)
    acting.look_anew()


def _say_unclaimed(acting: Acting, refusal: Refusal) -> None:
    """Why, by codes only: the applicant holds this chain's hashes, and whose sea it is and how much stands in the filed report."""
    told = {"reason": refusal.code, "findings": sorted({finding.code for finding in refusal.findings})}
    at = recorded_at(acting.session)
    record_events(acting.session, acting.case, [Event("sea_unclaimed", told)], actor=acting.works.actor, at=at)


def hold_sea(acting: Acting) -> None:
    """The decision holds the sea; a case that held none claims it first, now that the check under the locks was clean."""
    if queries.claim_of(acting.session, acting.case.number) is None:
        claim = _request(acting, "claimed", received_at=acting.case.row.received_at)
        register.grant(acting.session, claim, actor=acting.works.actor, book=acting.works.book, now=acting.works.now)
    request = _request(acting, "approved", decision_on=acting.today)
    register.grant(acting.session, request, actor=acting.works.actor, book=acting.works.book, now=acting.works.now)
    acting.look_anew()


def register_right(acting: Acting) -> Granted:
    """Enter the right: it begins on the day of entry at the earliest, and ends as it was decided."""
    if acting.granted is None:
        case, today = acting.case, acting.today
        first, last = term_of(case)
        holders = tuple(
            Share(row.party_id, row.holding, row.numerator, row.denominator)
            for row in queries.holders_of(acting.session, case.row.id, today)
        )
        request = _request(
            acting,
            "registered",
            first=max(first, today),
            term=(first, last),
            decision_on=case.row.decided_on,
            entered_on=today,
            holders=holders,
            is_fee_exempt=case.state.fact("exemption_number") is not None,
        )
        acting.granted = register.grant(
            acting.session, request, actor=acting.works.actor, book=acting.works.book, now=acting.works.now
        )
        case.row.right_id = acting.granted.right_id
        acting.look_anew()
    return acting.granted


def free_sea(acting: Acting) -> None:
    """End the case's hold on the sea, if it has one; how it ended is how the case ended."""
    free_claim(acting, HOW_ENDED.get(acting.case.state.ended or "", "withdrawn"))


def free_claim(acting: Acting, how: Any) -> None:
    """End the claim or approval of the case, if there is one."""
    case = acting.case
    if queries.claim_of(acting.session, case.number) is None:
        return
    register.withdraw_claim(
        acting.session,
        WithdrawRequest(case_number=case.number, how=how),
        actor=acting.works.actor,
        now=acting.works.now,
    )
    acting.look_anew()


def disclose_claim(session: Session, case: Opened, works: Works, disclosure: Literal["public", "outline"]) -> bool:
    """Let the claim of a case be seen by all (public notice), or in outline again (register.md §5); False where it holds none."""
    claim = queries.claim_of(session, case.number)
    if claim is None or claim.standing != "claimed":
        return False
    request = _grant_request(
        session, case, works, "claimed", {"disclosure": disclosure, "consents_pending": True, "moves_claim": True}
    )
    register.change_claim(session, request, actor=works.actor, book=works.book, now=works.now)
    return True


def term_of(case: Opened) -> tuple[date, date]:
    """First and last day of the term: as decided, before that as asked; refused while nobody has told it."""
    decided = [case.state.fact(name) for name in ("term_first", "term_last")]
    use = case.row.use or {}
    told = decided if all(decided) else [use.get("from"), use.get("to")]
    if not all(told):
        raise Refusal("case.no_term", case=case.number)
    return date.fromisoformat(str(told[0])), date.fromisoformat(str(told[1]))


def _request(acting: Acting, standing: Any, **given: Any) -> GrantRequest:
    return _grant_request(acting.session, acting.case, acting.works, standing, given)


def _grant_request(
    session: Session, case: Opened, works: Works, standing: Any, given: Mapping[str, Any]
) -> GrantRequest:
    row, draft = case.row, use_of(case)
    first, last = term_of(case)
    told = dict(given)
    begins = told.pop("first", first)
    if begins > last:
        raise Refusal("case.term_over", case=case.number, last=last)
    name = queries.project_name(session, row.project_id) if row.project_id else None
    return GrantRequest(
        standing=standing,
        case_number=case.number,
        boundary=draft.boundary,
        occupying=occupying_of(draft, begins, last),
        party_id=row.party_id,
        project_id=row.project_id,
        name=name,
        origin=draft.origin or "cgcs2000",
        source_digest=(row.use or {}).get("source"),
        mark=row.mark,
        scope_place_id=row.scope_place_id,
        **{"term": (first, last), **told},
    )
