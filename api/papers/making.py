"""Making a paper that an act has issued: set in both languages, signed, kept by digest; then it is valid and its forerunners are not.

Called by a job in a transaction of its own; doing it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from api.papers.setting import set_paper
from api.papers.signing import Signers
from approvals.models import Document, Issuer, Rendition
from approvals.papers.content import Drawing, PaperContent
from approvals.papers.reserving import content_in, stream_of
from approvals.queries import case_row
from approvals.queries import papers as queries
from data.actors import Actor
from data.clock import recorded_at
from data.events import ALGORITHM, digest, record
from data.messages import LANGUAGES, Language
from parcels.papers import keep_file
from parcels.parties import PartyKeys

PDF = "application/pdf"
MADE = "paper.made"

# Draws a sheet that goes with a paper, as PDF in one language, from what is stored for the paper's case.
Draw = Callable[[PaperContent, Drawing, Language], bytes]


def make_paper(
    session: Session,
    document_id: int,
    *,
    keys: PartyKeys,
    signers: Signers,
    base_url: str,
    now: datetime,
    drawings: Draw,
) -> tuple[Rendition, ...]:
    """The renditions of a document, made where they are not there yet. `now` is told as the time of signing.

    One that was revoked meanwhile is not made any more. The caller commits. What takes long is done before the locks: an act on the
    case never waits for a paper.
    """
    document = _found(session, document_id)
    if document.standing != "making":
        return tuple(queries.renditions_of(session, document.id))
    content = content_in(document, keys)
    signer = signers.of(session.get_one(Issuer, document.issuer_id))
    made, known = [], {(each.lang, each.media_type) for each in queries.renditions_of(session, document.id)}
    for lang in (each for each in LANGUAGES if (each, PDF) not in known):
        drawn = [drawings(content, drawing, lang) for drawing in content.drawings]
        unsigned = set_paper(content, lang, base_url=base_url, drawn=drawn)
        signed = signer.sign(unsigned.pdf, at=now, reason=f"{content.title[lang]} {content.number}")
        made.append((lang, unsigned, signed))
    if _locked(session, document).standing != "making":
        return tuple(queries.renditions_of(session, document.id))
    session.add_all(
        Rendition(
            document_id=document.id,
            lang=lang,
            media_type=PDF,
            digest=keep_file(session, f"{document.kind}-{document.code}.{lang}.pdf", signed),
            unsigned_digest=f"{ALGORITHM}:{digest(unsigned.pdf).hex()}",
            pages=unsigned.pages,
            signer=signer.name,
            signed_at=now,
            recorded_at=now,
        )
        for lang, unsigned, signed in made
    )
    session.flush()  # the event and the answer name what is stored
    renditions = tuple(queries.renditions_of(session, document.id))
    _stand(session, document, renditions)
    return renditions


def _found(session: Session, document_id: int) -> Document:
    found = queries.document_by_id(session, document_id)
    if found is None:
        raise ValueError(f"there is no document {document_id}")
    return found


def _locked(session: Session, document: Document) -> Document:
    """The document under lock, with all of its case and kind: which of them is valid is settled among them.

    The case's row first, as every act does: nobody waits for the other, and times run forward on the case's chain.
    """
    if document.case_id is not None:
        case_row(session, document.case_id, lock=True)
        queries.documents_of_kind(session, document.case_id, document.kind)
    locked = queries.document_by_id(session, document.id, lock=True)
    assert locked is not None
    return locked


def _stand(session: Session, document: Document, renditions: tuple[Rendition, ...]) -> None:
    """The document becomes valid and takes the place of earlier ones; one that was overtaken while it was made is so at once."""
    superseded = []
    document.standing = "valid"
    if document.case_id is not None:
        others = queries.documents_of_kind(session, document.case_id, document.kind)
        for other in (each for each in others if each.standing == "valid" and each.id != document.id):
            older, newer = (other, document) if other.id < document.id else (document, other)
            older.standing, older.ended_on, older.superseded_by_id = "superseded", newer.issued_on, newer.id
            superseded.append(older.id)
        session.flush()  # the event tells what stands in the table
        body = {
            "document": document.id,
            "kind": document.kind,
            "number": document.number,
            "code": document.code,
            "is_sample": document.is_sample,
            "issuer": document.issuer_id,
            "issued_on": document.issued_on,
            "boundary": document.boundary_hash,
            "content": document.content_digest,
            "superseded": [
                {"document": each.id, "by": each.superseded_by_id, "on": each.ended_on}
                for each in others
                if each.id in superseded
            ],
            "renditions": [
                {
                    "lang": each.lang,
                    "media_type": each.media_type,
                    "digest": each.digest,
                    "unsigned": each.unsigned_digest,
                    "pages": each.pages,
                }
                for each in renditions
            ],
        }
        stream = stream_of(session, document.case_id)
        record(session, stream, MADE, body, actor=Actor.machine(), at=recorded_at(session))
