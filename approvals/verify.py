"""Whether cases and papers are what their events tell: states by replay, documents, renditions and issuers by their digests.

The event log proves itself in `data.verify`; here its bodies are compared with the tables (register.md §7).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy.orm import Session

from approvals.acts import Event
from approvals.cases.use import is_whole
from approvals.engine import replay
from approvals.models import Case, Document, Rendition
from approvals.papers.issuers import ENTERED, certificate_digest
from approvals.papers.reserving import REVOKED, digest_in
from approvals.queries import verify as queries
from marine.findings import Finding, Severity
from parcels.parties import PartyKeys

CASE_PREFIX = "case."
MADE = "paper.made"
# What an event of the engine holds; other events of a case's chain tell of papers, money or the sea.
ENGINE_KEYS = frozenset({"tasks", "notes", "ended", "acts", "last_on"})


def findings(session: Session, keys: PartyKeys | None) -> Iterator[Finding]:
    """Every difference between the events and the tables of cases and papers. Read one snapshot while others write.

    Without the keys of personal data no content can be opened, and that is told too.
    """
    yield from _cases(session)
    if keys is None and (count := queries.document_count(session)):
        yield _fault("verify.keys_missing", count=count)
    papers = _PapersTold.by(queries.paper_events(session, (MADE, REVOKED)))
    for document in queries.documents(session):
        yield from _document(session, document, papers, keys)
    for number, lang in queries.renditions_of_other_bytes(session):
        yield _fault("verify.rendition_bytes", number=number, lang=lang)
    yield from _issuers(session)


def _cases(session: Session) -> Iterator[Finding]:
    """Each case stands where its events leave it, and its boundary is the one that its hash names."""
    for case in queries.cases(session):
        told = [_event(envelope) for envelope in queries.events_of(session, f"case:{case.number}", CASE_PREFIX)]
        engine = [event for event in told if ENGINE_KEYS <= event.body.keys()]
        if not engine:
            yield _fault("verify.case_untold", case=case.number)
            continue
        state = replay(engine)
        if state.as_json() != case.state or state.ended != case.ended:
            yield _fault("verify.case_state", case=case.number)
        if not _boundary_holds(case):
            yield _fault("verify.case_boundary", case=case.number)


def _event(envelope: bytes) -> Event:
    """An event from the bytes that were hashed: the column beside them is derived and may round numbers."""
    told = json.loads(envelope)
    return Event(told["kind"], told["body"])


def _boundary_holds(case: Case) -> bool:
    """Whether the boundary kept with a case is the one that it says; one without any is in order."""
    if case.use is None:
        return case.boundary_hash is None
    try:
        return is_whole(case.use["boundary"], case.boundary_hash)
    except (KeyError, TypeError):
        return False


@dataclass
class _PapersTold:
    """What the events tell of papers, by document: the body of its making, its standing, when it ended and by what."""

    made: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    standing: dict[int, tuple[str, str | None, int | None]] = field(
        default_factory=lambda: defaultdict(lambda: ("making", None, None))
    )

    @classmethod
    def by(cls, events: Iterator[tuple[str, bytes]]) -> _PapersTold:
        """Gathered in the order in which they were recorded."""
        told = cls()
        for kind, envelope in events:
            body = json.loads(envelope)["body"]
            number = int(body["document"])
            if kind == REVOKED:
                told.standing[number] = ("revoked", body["on"], None)
                continue
            told.made[number] = body
            told.standing[number] = ("valid", None, None)
            for other in body["superseded"]:
                told.standing[int(other["document"])] = ("superseded", other["on"], int(other["by"]))
        return told


def _document(session: Session, document: Document, told: _PapersTold, keys: PartyKeys | None) -> Iterator[Finding]:
    """A document's content gives its digest; columns, standing and renditions are those of its events."""
    if keys is not None and not _content_holds(document, keys):
        yield _fault("verify.document_content", number=document.number)
    body = told.made.get(document.id)
    if document.case_id is None:
        return
    stored = (
        document.standing,
        document.ended_on.isoformat() if document.ended_on else None,
        document.superseded_by_id,
    )
    if told.standing[document.id] != stored:
        yield _fault("verify.document_differs", number=document.number, column="standing")
    if body is None:
        if document.standing in ("valid", "superseded"):
            yield _fault("verify.document_untold", number=document.number, standing=document.standing)
        return
    columns = {
        "kind": document.kind,
        "number": document.number,
        "code": document.code,
        "is_sample": document.is_sample,
        "issuer": document.issuer_id,
        "issued_on": document.issued_on.isoformat(),
        "boundary": document.boundary_hash,
        "content": document.content_digest,
    }
    for column, value in columns.items():
        if body[column] != value:
            yield _fault("verify.document_differs", number=document.number, column=column)
    if sorted(body["renditions"], key=_edition) != sorted(
        map(_rendition, queries.renditions(session, document.id)), key=_edition
    ):
        yield _fault("verify.rendition_untold", number=document.number)


def _content_holds(document: Document, keys: PartyKeys) -> bool:
    try:
        return digest_in(document, keys) == document.content_digest
    except (InvalidTag, ValueError, KeyError):
        return False


def _rendition(rendition: Rendition) -> dict[str, Any]:
    return {
        "lang": rendition.lang,
        "media_type": rendition.media_type,
        "digest": rendition.digest,
        "unsigned": rendition.unsigned_digest,
        "pages": rendition.pages,
    }


def _edition(told: Mapping[str, Any]) -> tuple[str, str]:
    return told["lang"], told["media_type"]


def _issuers(session: Session) -> Iterator[Finding]:
    """Every issuer has the certificate with which it was entered: by another's, forged papers would verify."""
    entered: dict[int, str] = {}
    for _, envelope in queries.paper_events(session, (ENTERED,)):
        body = json.loads(envelope)["body"]
        entered[int(body["issuer"])] = str(body["certificate"])
    for issuer in queries.issuers(session):
        if entered.get(issuer.id) != certificate_digest(issuer.certificate):
            yield _fault("verify.issuer_differs", issuer=issuer.name_zh)


def _fault(code: str, **facts: Any) -> Finding:
    return Finding(code=code, severity=Severity.BLOCKS, facts=facts)
