"""The applicant's signature: a declaration over form, boundary and materials, confirmed by a one-time code or a stamped scan.

The event binds the three digests (docs/cases.md §7); any later change of what was signed voids it and says so.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from approvals import queries
from approvals.acts import Event
from approvals.cases.answers import form_digest, form_of, load, not_as_drawn
from approvals.cases.store import (
    Opened,
    Works,
    case_for,
    demand_editable,
    demand_version,
    names_in_book,
    record_events,
    touch,
)
from approvals.dates import dates_of
from approvals.forms import Answer, judge
from approvals.materials import materials_digest
from approvals.models import CaseMaterial, Message, Signing
from data.answers import Refusal
from data.clock import legal_day, recorded_at
from data.events import lock_streams
from marine.findings import Finding

CODE_DIGITS, CODE_MINUTES, MOST_ATTEMPTS = 6, 10, 5
CODE_PURPOSE = "signing_code"
# The stamped scan of the declaration is the signature itself, not a part of what is signed.
SCAN = "signed_scan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What a signature binds, as it stands now, and what still stands in its way."""

    form_digest: str
    boundary_hash: str
    materials_digest: str
    findings: tuple[Finding, ...] = ()

    def binds(self, signing: Signing) -> bool:
        """Whether a signature binds exactly this."""
        mine = (self.form_digest, self.boundary_hash, self.materials_digest)
        return mine == (signing.form_digest, signing.boundary_hash, signing.materials_digest)


def declared(session: Session, case: Opened, works: Works) -> Declared:
    """The three digests of what would be signed now, and every fault of the form."""
    answers = load(session, case, works.keys)
    if case.row.boundary_hash is None:
        raise Refusal("case.no_boundary", case=case.number)
    return Declared(
        form_digest=form_digest(case, answers),
        boundary_hash=case.row.boundary_hash,
        materials_digest=materials_digest(filed_by_applicant(session, case)),
        findings=judge_form(session, case, answers, works),
    )


def filed_by_applicant(session: Session, case: Opened) -> list[CaseMaterial]:
    """The materials that the applicant signs for; what offices put on the file later is not theirs."""
    on_file = queries.materials_on_file(session, case.row.id)
    return [each for each in on_file if each.provided_by == "applicant" and each.name != SCAN]


def judge_form(session: Session, case: Opened, answers: Mapping[str, Answer], works: Works) -> tuple[Finding, ...]:
    """Every fault of the form, by the case's dates and place."""
    day = legal_day(works.now)
    dates = dates_of(case.state, case.template, day)
    place = names_in_book(session, case.row.scope_place_id, works.book, day)
    inquiry = works.book.inquire(dates=dates, place=place, today=day)
    return (*judge(form_of(case), answers, inquiry), *not_as_drawn(case, answers))


def ask_for_code(session: Session, number: str, works: Works, *, version: int | None = None) -> tuple[Signing, Message]:
    """Send the applicant's person a one-time code for what stands now; refused while the form has faults."""
    case = case_for(session, number, lock=True)
    demand_version(case, version)
    demand_editable(case)
    what = declared(session, case, works)
    if what.findings:
        raise Refusal("case.form_has_faults", what.findings, case=number, count=len(what.findings))
    lock_streams(session, [case.stream])
    at = recorded_at(session)
    earlier = queries.signing_asked(session, case.row.id, works.actor.person)
    if earlier is not None:
        _void(earlier, "asked_again", at)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    salt = secrets.token_bytes(16)
    signing = Signing(
        case_id=case.row.id,
        way="code",
        form_digest=what.form_digest,
        boundary_hash=what.boundary_hash,
        materials_digest=what.materials_digest,
        asked_by=works.actor.person,
        code_hash=_hashed(salt, code),
        salt=salt,
        expires_at=works.now + timedelta(minutes=CODE_MINUTES),
        asked_at=at,
    )
    message = Message(
        case_id=case.row.id,
        to_account=works.actor.person,
        code="message.signing_code",
        facts={"case": number, "minutes": CODE_MINUTES},
        sealed=works.keys.seal_text(CODE_PURPOSE, code),
        recorded_at=at,
        sent_at=at,
        delivered_at=at,
    )
    session.add_all([signing, message])
    session.flush()  # the event names the signature's number
    told = {
        "signing": signing.id,
        "form": what.form_digest,
        "boundary": what.boundary_hash,
        "materials": what.materials_digest,
    }
    record_events(session, case, [Event("signing_asked", told)], actor=works.actor, at=at)
    return signing, message


def sign_by_code(
    session: Session, number: str, code: str, works: Works, *, version: int | None = None
) -> Signing | Refusal:
    """Confirm with the code. A wrong one is counted, so the refusal is returned and the caller commits before raising it."""
    case = case_for(session, number, lock=True)
    demand_version(case, version)
    demand_editable(case)
    signing = queries.signing_asked(session, case.row.id, works.actor.person)
    if signing is None or signing.code_hash is None or signing.salt is None:
        return Refusal("signing.none_asked", case=number)
    lock_streams(session, [case.stream])
    at = recorded_at(session)
    if signing.expires_at is None or works.now > signing.expires_at:
        _void(signing, "expired", at)
        return Refusal("signing.expired", case=number, minutes=CODE_MINUTES)
    if not hmac.compare_digest(_hashed(signing.salt, code.strip()), signing.code_hash):
        signing.attempts += 1
        left = MOST_ATTEMPTS - signing.attempts
        if left <= 0:
            _void(signing, "too_many_attempts", at)
        return Refusal("signing.wrong_code", case=number, left=max(left, 0))
    if not declared(session, case, works).binds(signing):
        _void(signing, "changed", at)
        return Refusal("signing.changed_meanwhile", case=number)
    return _signed(session, case, signing, works, at)


def sign_by_scan(session: Session, number: str, digest: str, works: Works, *, version: int | None = None) -> Signing:
    """Sign by the stamped scan of the declaration, which lies on the case's file under this digest."""
    case = case_for(session, number, lock=True)
    digest = f"sha256:{digest.removeprefix('sha256:')}"
    scans = {each.digest for each in queries.materials_on_file(session, case.row.id) if each.name == SCAN}
    if digest not in scans:
        raise Refusal("act.file_not_on_case", act="sign", fact="scan", digest=digest)
    demand_version(case, version)
    demand_editable(case)
    what = declared(session, case, works)
    if what.findings:
        raise Refusal("case.form_has_faults", what.findings, case=number, count=len(what.findings))
    lock_streams(session, [case.stream])
    at = recorded_at(session)
    signing = Signing(
        case_id=case.row.id,
        way="scan",
        form_digest=what.form_digest,
        boundary_hash=what.boundary_hash,
        materials_digest=what.materials_digest,
        asked_by=works.actor.person,
        scan_digest=digest,
        asked_at=at,
    )
    session.add(signing)
    session.flush()  # the event names the signature's number
    return _signed(session, case, signing, works, at)


def _signed(session: Session, case: Opened, signing: Signing, works: Works, at: datetime) -> Signing:
    signing.signed_at = at
    told = {
        "signing": signing.id,
        "way": signing.way,
        "form": signing.form_digest,
        "boundary": signing.boundary_hash,
        "materials": signing.materials_digest,
        "scan": signing.scan_digest,
    }
    record_events(session, case, [Event("signed", told)], actor=works.actor, at=at)
    touch(case.row)
    return signing


def standing_signature(session: Session, case: Opened) -> Signing | None:
    """The signature that was given and that nothing has voided since."""
    return queries.signing_in_force(session, case.row.id)


def void_signatures(session: Session, case: Opened, reason: str, at: datetime) -> None:
    """Void every signature that stands, because what it bound has changed."""
    if case.row.id is None:
        return
    for signing in queries.signings_open(session, case.row.id):
        _void(signing, reason, at)


def demand_signature(session: Session, case: Opened, works: Works) -> tuple[Signing, Declared]:
    """The signature that stands over exactly what is to be filed; refused where there is none."""
    what = declared(session, case, works)
    if what.findings:
        raise Refusal("case.form_has_faults", what.findings, case=case.number, count=len(what.findings))
    signing = queries.signing_in_force(session, case.row.id)
    if signing is None or not what.binds(signing):
        raise Refusal("signing.missing", case=case.number)
    return signing, what


def _void(signing: Signing, reason: str, at: datetime) -> None:
    signing.voided_at, signing.void_reason = at, reason


def _hashed(salt: bytes, code: str) -> bytes:
    return hashlib.sha256(salt + code.encode()).digest()
