"""Who issues and signs the papers of a place: installed issuers from the nearest place up, else the built-in one (register.md §8)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from approvals.models import Issuer
from approvals.queries import papers as queries
from data.actors import Actor
from data.answers import Refusal
from data.events import StreamName, record

STREAM = StreamName("user_administration", "issuers")
ENTERED = "issuer.entered"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIssuer:
    """An issuer to be entered: for which place (None: everywhere), its names, certificate (DER), the name of its key, its days."""

    place_id: int | None
    name_zh: str
    name_en: str
    signer: str
    certificate: bytes
    key_name: str
    since: date
    until: date | None = None
    is_builtin: bool = False


def issuer_for(session: Session, place_chain: Sequence[int], day: date) -> Issuer:
    """The issuer of the nearest place of a chain (widest first) on a day, else that of everywhere, else the built-in one.

    Refused where not even the built-in one has been entered: `api.papers.sample_issuer` does that when a server or worker starts.
    """
    found = {issuer.place_id: issuer for issuer in queries.issuers_on(session, place_chain, day)}
    for place in (*reversed(place_chain), None):
        if place in found:
            return found[place]
    builtin = builtin_issuer(session)
    if builtin is None:
        raise Refusal("issuer.none")
    return builtin


def builtin_issuer(session: Session) -> Issuer | None:
    """The built-in issuer with its present key; None before one was entered."""
    return next(iter(queries.builtin_issuers(session)), None)


def enter_issuer(session: Session, new: NewIssuer, *, actor: Actor, at: datetime) -> Issuer:
    """Enter an issuer; one of the same place that was open so far ends the day before. An event names the certificate's digest."""
    if not actor.is_administrator and not new.is_builtin:
        raise Refusal("issuer.administrator_only")
    if new.until is not None and new.until < new.since:
        raise Refusal("issuer.days", first=new.since.isoformat(), last=new.until.isoformat())
    for earlier in queries.open_issuers_of(session, new.place_id) if not new.is_builtin else ():
        if earlier.valid.lower is not None and earlier.valid.lower >= new.since:
            raise Refusal("issuer.overlaps", issuer=earlier.name_zh, first=earlier.valid.lower.isoformat())
        earlier.valid = Range(earlier.valid.lower, new.since)
    end = None if new.until is None else date.fromordinal(new.until.toordinal() + 1)
    issuer = Issuer(
        place_id=new.place_id,
        name_zh=new.name_zh,
        name_en=new.name_en,
        signer=new.signer,
        certificate=new.certificate,
        key_name=new.key_name,
        is_builtin=new.is_builtin,
        valid=Range(new.since, end),
        recorded_at=at,
    )
    session.add(issuer)
    session.flush()  # the event names the issuer's number
    body = {
        "issuer": issuer.id,
        "place": new.place_id,
        "certificate": certificate_digest(new.certificate),
        "is_builtin": new.is_builtin,
        "from": new.since,
        "until": new.until,
    }
    record(session, STREAM, ENTERED, body, actor=actor, at=at)
    return issuer


def certificate_digest(certificate: bytes) -> str:
    """The digest by which an event names a certificate."""
    return f"sha256:{hashlib.sha256(certificate).hexdigest()}"
