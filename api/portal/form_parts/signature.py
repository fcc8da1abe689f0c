"""Where the signature stands: what it binds, what is in its way, who may give it, and what voided the last one."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from approvals import queries
from approvals.cases.signing import CODE_MINUTES, MOST_ATTEMPTS, declared, standing_signature
from approvals.cases.store import Opened, Works, is_editable, place_chain

Told = dict[str, Any]


def standing(session: Session, case: Opened, works: Works) -> Told:
    """The three digests and the state of the signature over them."""
    what = declared(session, case, works)
    signed = standing_signature(session, case)
    binds = signed is not None and what.binds(signed)
    voided = None if binds else queries.signing_voided_last(session, case.row.id)
    return {
        "form": what.form_digest,
        "boundary": what.boundary_hash,
        "materials": what.materials_digest,
        "minutes": CODE_MINUTES,
        "tries": MOST_ATTEMPTS,
        "signed_at": signed.signed_at if signed and binds else None,
        "way": signed.way if signed and binds else None,
        "voided": {"at": voided.voided_at, "reason": voided.void_reason} if voided else None,
    }


def may(case: Opened, works: Works, session: Session) -> Told:
    """What the reader may do here: fill, sign, enter a scan, file; and as whom."""
    own = case.row.party_id in works.actor.acts_for
    chain = place_chain(session, case)
    window = works.actor.holds("window", chain)
    open_now = is_editable(case)
    fills = open_now and (own or window or works.actor.holds("steward", chain))
    return {"own": own, "fill": fills, "sign": open_now and own, "scan": open_now and (own or window), "helps": not own}
