"""Whether a paper is one of ours and still holds: asked by its code or by its bytes, answered without any personal data.

Nothing is believed because it is stored: the bytes are digested anew, the signature is judged by the issuer's certificate, and
the boundary's hash is computed again from the stored coordinates (docs/papers.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Literal

from cryptography.exceptions import InvalidTag
from sqlalchemy.orm import Session

from api.papers.validating import Seal, seal_of
from approvals.cases.use import is_whole
from approvals.models import Case, Document, Issuer, Rendition
from approvals.papers.content import Words
from approvals.papers.kinds import title_of
from approvals.papers.reserving import ALPHABET, content_in, normal_code
from approvals.queries import papers as queries
from data.answers import Refusal
from data.events import ALGORITHM, digest
from parcels.parties import PartyKeys
from parcels.verify import boundary_holds

Answer = Literal["valid", "superseded", "revoked", "sample", "altered", "not_ours"]
# Every paper of ours bears its code in its metadata, which PDF/A keeps as plain text.
CODE_IN_FILE = re.compile(rb"haiyu:([" + ALPHABET.encode() + rb"-]{20,30})")

MOST_CODES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One thing that was compared: `bytes`, `signature`, `boundary` or `upload`; of which edition, and whether it holds."""

    what: Literal["bytes", "signature", "boundary", "upload"]
    holds: bool
    lang: str | None = None
    value: str = ""
    signer: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What anyone may know of a paper: nothing of it names a person."""

    kind: str
    title: Words
    number: str
    code: str
    issued_on: date
    issuer: Words
    signer: str
    standing: str
    is_sample: bool
    ended_on: date | None
    superseded_by: str | None
    boundary_hash: str | None
    rules_hash: str
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The answer, the paper that it is about (None for a file that is not ours), and what was compared."""

    answer: Answer
    paper: Told | None = None
    compared: tuple[Compared, ...] = ()

    @property
    def is_damaged(self) -> bool:
        """Whether what is stored here differs from what was issued: then nobody's copy can be proved by it."""
        return any(not each.holds for each in self.compared if each.what != "upload")


def verify_code(session: Session, typed: str, *, keys: PartyKeys) -> Verification:
    """The paper with a verification code, however it was typed; refused where there is none, or while it is being made."""
    code = normal_code(typed)
    document = queries.document_by_code(session, code) if code else None
    if document is None:
        raise Refusal("document.unknown")
    if document.standing == "making":
        raise Refusal("document.making")
    return _judged(session, document, keys)


def verify_file(session: Session, pdf: bytes, *, keys: PartyKeys) -> Verification:
    """The paper of which these are the bytes; `altered` where they bear the code of one of ours and are not its bytes."""
    found = queries.rendition_by_digest(session, f"{ALGORITHM}:{digest(pdf).hex()}")
    if found is not None:
        document = queries.document_by_id(session, found.document_id)
        assert document is not None
        own = _judged(session, document, keys)
        upload = Compared(what="upload", holds=True, lang=found.lang, value=found.digest)
        return Verification(answer=own.answer, paper=own.paper, compared=(upload, *own.compared))
    claimed = _claimed(session, pdf)
    if claimed is None:
        return Verification(answer="not_ours")
    upload = Compared(what="upload", holds=False, value=f"{ALGORITHM}:{digest(pdf).hex()}")
    return Verification(answer="altered", paper=_told(session, claimed), compared=(upload,))


def _claimed(session: Session, pdf: bytes) -> Document | None:
    """The paper that a file says it is, by the codes in its bytes; ours bear one, so that of many only the first are asked after."""
    for match in islice(CODE_IN_FILE.finditer(pdf), MOST_CODES):
        code = normal_code(match[1].decode("ascii"))
        document = queries.document_by_code(session, code) if code else None
        if document is not None and document.standing != "making":
            return document
    return None


def _judged(session: Session, document: Document, keys: PartyKeys) -> Verification:
    compared = tuple(_compared(session, document, keys))
    answer: Answer = _standing(document)
    if not all(each.holds for each in compared):
        answer = "altered"
    return Verification(answer=answer, paper=_told(session, document), compared=compared)


def _standing(document: Document) -> Answer:
    """The one word: a sample is a sample, whatever else became of it."""
    if document.is_sample:
        return "sample"
    words: dict[str, Answer] = {"valid": "valid", "superseded": "superseded", "revoked": "revoked"}
    return words[document.standing]


def _compared(session: Session, document: Document, keys: PartyKeys) -> Iterator[Compared]:
    """Bytes and signature of each edition, then the boundary."""
    certificate = session.get_one(Issuer, document.issuer_id).certificate
    for rendition in queries.renditions_of(session, document.id):
        pdf = queries.file_bytes(session, rendition.digest)
        same = pdf is not None and f"{ALGORITHM}:{digest(pdf).hex()}" == rendition.digest
        yield Compared(what="bytes", holds=same, lang=rendition.lang, value=rendition.digest)
        seal = seal_of(pdf, certificate) if pdf is not None else Seal(False)
        yield Compared(
            what="signature", holds=seal.holds, lang=rendition.lang, signer=rendition.signer, at=seal.signed_at
        )
    if document.boundary_hash is not None:
        yield Compared(what="boundary", holds=_boundary_holds(session, document, keys), value=document.boundary_hash)


def _boundary_holds(session: Session, document: Document, keys: PartyKeys) -> bool:
    """Every copy of the boundary that is kept gives the hash: the register's, the case's while it is the same, the paper's own."""
    name = document.boundary_hash
    assert name is not None
    if boundary_holds(session, name) is False:
        return False
    case = session.get(Case, document.case_id) if document.case_id is not None else None
    copies = [case.use["boundary"]] if case is not None and case.use and case.boundary_hash == name else []
    try:
        sheet = content_in(document, keys).sheet
    except (InvalidTag, KeyError, ValueError):
        return False
    copies += [sheet["boundary"]] if sheet else []
    return all(is_whole(copy, name) for copy in copies)


def _told(session: Session, document: Document) -> Told:
    issuer = session.get_one(Issuer, document.issuer_id)
    successor = session.get(Document, document.superseded_by_id) if document.superseded_by_id else None
    renditions: list[Rendition] = queries.renditions_of(session, document.id)
    return Told(
        kind=document.kind,
        title=title_of(document.kind),
        number=document.number,
        code=document.code,
        issued_on=document.issued_on,
        issuer={"zh": issuer.name_zh, "en": issuer.name_en},
        signer=issuer.signer,
        standing=document.standing,
        is_sample=document.is_sample,
        ended_on=document.ended_on,
        superseded_by=successor.number if successor else None,
        boundary_hash=document.boundary_hash,
        rules_hash=document.rules_hash,
        files=tuple((each.lang, each.digest) for each in renditions),
    )
