"""A paper as a row before its file exists: the act that issues it is complete and lawful, and the job makes the file from this.

The content is sealed with the keys of personal data; its digest is salted, so that nobody can try contents against it.
"""

from __future__ import annotations

import json
import secrets
from datetime import date, datetime
from typing import Any

import rfc8785
from sqlalchemy.orm import Session

from approvals.models import Case, Document, Issuer
from approvals.papers.content import PaperContent, as_json, from_json
from approvals.queries import papers as queries
from data.actors import Actor
from data.clock import recorded_at
from data.events import ALGORITHM, StreamName, digest, record
from parcels.parties import PartyKeys

# Read aloud and typed from paper: no 0 O 1 I L U, so that none is taken for another and no word comes about.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
# 30^20 codes are 98 bits; 80 are needed.
CODE_SIGNS, CODE_GROUP = 20, 4
SALT_BYTES = 32
REVOKED = "paper.revoked"


def new_code() -> str:
    """A random verification code, in groups of four.

    >>> len(new_code()), set(new_code()) <= set(ALPHABET + "-")
    (24, True)
    """
    signs = "".join(secrets.choice(ALPHABET) for _ in range(CODE_SIGNS))
    return "-".join(signs[at : at + CODE_GROUP] for at in range(0, CODE_SIGNS, CODE_GROUP))


def normal_code(typed: str) -> str | None:
    """A code as somebody types it: any case, with or without hyphens; None where it cannot be one.

    >>> normal_code("7k4m9qxtr2vdhw6p2345"), normal_code("7K4M")
    ('7K4M-9QXT-R2VD-HW6P-2345', None)
    """
    signs = "".join(sign for sign in typed.upper() if sign not in "- \u2010\u2011\u2013")
    if len(signs) != CODE_SIGNS or not set(signs) <= set(ALPHABET):
        return None
    return "-".join(signs[at : at + CODE_GROUP] for at in range(0, CODE_SIGNS, CODE_GROUP))


def reserve_document(
    session: Session,
    *,
    case: Case,
    kind: str,
    content: PaperContent,
    number: str,
    code: str,
    issuer: Issuer,
    template_hash: str,
    rules_hash: str,
    boundary_hash: str | None,
    form_digest: str | None,
    keys: PartyKeys,
    at: datetime,
) -> Document:
    """Enter a paper that is being made. `content` must bear this kind, number and code."""
    if (content.kind, content.number, content.code) != (kind, number, code):
        raise ValueError(f"the content is that of {content.kind} {content.number}, not of {kind} {number}")
    told, sealed = _sealed(content, keys)
    document = Document(
        case_id=case.id,
        kind=kind,
        number=number,
        code=code,
        issued_on=content.issued_on,
        standing="making",
        issuer_id=issuer.id,
        is_sample=issuer.is_builtin,
        template_hash=template_hash,
        rules_hash=rules_hash,
        boundary_hash=boundary_hash,
        form_digest=form_digest,
        content=sealed,
        content_digest=told,
        recorded_at=at,
    )
    session.add(document)
    session.flush()  # the effect that makes the paper names its number
    return document


def content_in(document: Document, keys: PartyKeys) -> PaperContent:
    """The content of a document; raises `InvalidTag` where the sealed bytes were changed or belong to another code."""
    return from_json(_opened(document, keys)["content"])


def digest_in(document: Document, keys: PartyKeys) -> str:
    """The digest of a document's content computed anew, to be compared with the one that is stored."""
    told = _opened(document, keys)
    return _digest(bytes.fromhex(told["salt"]), told["content"])


def void_documents(
    session: Session,
    case_id: int,
    kind: str,
    on: date,
    *,
    actor: Actor | None = None,
    at: datetime | None = None,
) -> list[Document]:
    """Revoke what a case holds of a kind, made or still being made; one event for each in the case's chain."""
    found = [each for each in queries.documents_of_kind(session, case_id, kind) if each.standing in ("making", "valid")]
    for document in found:
        document.standing, document.ended_on = "revoked", on
        body = {"document": document.id, "kind": kind, "number": document.number, "on": on}
        told_at = at or recorded_at(session)
        record(session, stream_of(session, case_id), REVOKED, body, actor=actor or Actor.machine(), at=told_at)
    return found


def stream_of(session: Session, case_id: int) -> StreamName:
    """The chain of events of a case."""
    number = session.get_one(Case, case_id).number
    return StreamName("case", number)


def purpose_of(code: str) -> str:
    """What a document's content is sealed for: no other document's."""
    return f"document/{code}"


def _sealed(content: PaperContent, keys: PartyKeys) -> tuple[str, bytes]:
    salt, told = secrets.token_bytes(SALT_BYTES), as_json(content)
    text = json.dumps({"salt": salt.hex(), "content": told}, ensure_ascii=False, allow_nan=False)
    return _digest(salt, told), keys.seal_text(purpose_of(content.code), text)


def _opened(document: Document, keys: PartyKeys) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(keys.open_text(purpose_of(document.code), document.content))
    return told


def _digest(salt: bytes, told: Any) -> str:
    return f"{ALGORITHM}:{digest(salt + rfc8785.dumps(told)).hex()}"
