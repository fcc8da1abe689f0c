"""The one form of a case: seen, filled field by field, its holders named, signed by a one-time code or a stamped scan."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api.casework import Working, form_told, seen
from api.deps import Lang, Reading, Writing
from api.gates import act
from api.idempotency import Once
from api.problems import finding_json
from api.schemas.cases import FormIn, HoldersIn, SignatureIn, SigningAsk
from api.schemas.problems import refuses
from approvals.cases import drafting, signing, views
from approvals.models import Signing
from data.answers import Refusal

router = APIRouter(tags=["the one form"])


@router.get("/cases/{number}/form", summary="The form as it stands", responses=refuses(401, 403, 404))
@act("case.form.see")
def see_form(number: str, session: Reading, works: Working) -> dict[str, Any]:
    """Every field with its source, answer and basis; 40, 25, and what this applicant entered."""
    return form_told(session, seen(session, number, "case.form.see", works), works)


@router.patch("/cases/{number}/form", summary="Save answers", responses=refuses(401, 403, 404, 409))
@act("case.form.fill")
def fill_form(number: str, asked: FormIn, session: Writing, works: Working, lang: Lang) -> dict[str, Any]:
    """Saves what was typed even where it is wrong, and says what is wrong with it: nothing typed is lost."""
    seen(session, number, "case.form.fill", works)
    case, findings = drafting.fill(session, number, asked.answers, works, version=asked.version)
    return {**form_told(session, case, works), "findings": [finding_json(each, lang) for each in findings]}


@router.put("/cases/{number}/holders", summary="Who is to hold the right", responses=refuses(401, 403, 404, 409))
@act("case.holders.set")
def set_holders(number: str, asked: HoldersIn, session: Writing, works: Working) -> dict[str, Any]:
    """The applicant first; one alone, or all jointly, or all by shares that add up to one.

    Whoever names a co-holder acts for it too, or is an officer with its consent on paper.
    """
    case = seen(session, number, "case.holders.set", works)
    officer = any(works.actor.holds(role, views.chain_of(session, case)) for role in ("window", "steward"))
    # Whether there is such a party is not told: nobody learns more of parties by naming them than by acting for them.
    if not officer and any(holder.party not in works.actor.acts_for for holder in asked.holders):
        raise Refusal("problems.not_yours")
    shares = [holder.share() for holder in asked.holders]
    return views.case_view(session, drafting.set_holders(session, number, shares, works, version=asked.version), works)


@router.get("/cases/{number}/signing", summary="What would be signed now", responses=refuses(401, 403, 404, 409))
@act("case.form.see")
def see_declaration(number: str, session: Reading, works: Working, lang: Lang) -> dict[str, Any]:
    """The three digests that a signature binds, and what still stands in its way."""
    case = seen(session, number, "case.form.see", works)
    what = signing.declared(session, case, works)
    standing = signing.standing_signature(session, case)
    return {
        "form_digest": what.form_digest,
        "boundary_hash": what.boundary_hash,
        "materials_digest": what.materials_digest,
        "findings": [finding_json(each, lang) for each in what.findings],
        "signed_at": standing.signed_at.isoformat() if standing and standing.signed_at else None,
        "binds": bool(standing and what.binds(standing)),
    }


@router.post(
    "/cases/{number}/signing", summary="Send me a code", status_code=202, responses=refuses(401, 403, 404, 409)
)
@act("case.sign.ask")
def ask_for_code(number: str, asked: SigningAsk, session: Writing, works: Working) -> dict[str, Any]:
    """A one-time code goes to your messages; it holds for ten minutes and for what stands now."""
    seen(session, number, "case.sign.ask", works)
    signed, message = signing.ask_for_code(session, number, works, version=asked.version)
    return {"expires_at": signed.expires_at.isoformat() if signed.expires_at else None, "message": message.id}


@router.post("/cases/{number}/signature", summary="Sign", status_code=201, responses=refuses(401, 403, 404, 409))
@act("case.sign.give")
def sign(number: str, asked: SignatureIn, session: Writing, works: Working, once: Once) -> Any:
    """By the code that was sent, or by a stamped scan that is on the case's file."""
    case = seen(session, number, "case.sign.give", works)
    if asked.code is None:
        digest = str(asked.scan)
        signed = signing.sign_by_scan(session, number, digest, works, version=asked.version)
        return once.keep(_signed(signed), 201)
    if case.row.party_id not in works.actor.acts_for:
        raise Refusal("problems.not_yours")
    made = signing.sign_by_code(session, number, asked.code, works, version=asked.version)
    if isinstance(made, Refusal):
        # A wrong code counts even though the request is refused, and a refused request keeps no key.
        once.give_up()
        session.commit()
        raise made
    return once.keep(_signed(made), 201)


def _signed(signed: Signing) -> dict[str, Any]:
    return {
        "signing": signed.id,
        "way": signed.way,
        "signed_at": signed.signed_at.isoformat() if signed.signed_at else None,
        "form_digest": signed.form_digest,
        "boundary_hash": signed.boundary_hash,
        "materials_digest": signed.materials_digest,
    }
