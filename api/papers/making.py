"""Making a paper that an act has issued: set in both languages, signed, kept by digest; then it is valid and its forerunners are not.

Called by a job in a transaction of its own; doing it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from api.papers.setting import SetPaper, set_paper
from api.papers.signing import Signer, Signers
from approvals.models import Document, Issuer, Rendition
from approvals.papers.content import Drawing, PaperContent
from approvals.papers.kinds import title_of
from approvals.papers.reserving import content_in, stream_of
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

    Setting and signing take no locks; what stands is settled afterwards, under that of the case. A paper that was revoked
    meanwhile is not made any more. The caller commits.
    """
    document = queries.document_by_id(session, document_id)
    if document is None:
        raise ValueError(f"there is no document {document_id}")
    if document.standing == "making":
        content = content_in(document, keys)
        signer = signers.of(session.get_one(Issuer, document.issuer_id))
        lacking = [lang for lang in LANGUAGES if lang not in _editions(session, document)]
        made = [
            _edition(session, document, lang, signer, now, _set(content, lang, base_url, drawings)) for lang in lacking
        ]
        _lock(session, document)
        # Another worker may have been here, or an act may have revoked it: what counts is what stands now.
        if document.standing == "making":
            known = _editions(session, document)
            session.add_all(each for each in made if each.lang not in known)
            session.flush()  # the event and the answer name what is stored
            _stand(session, document)
    return tuple(queries.renditions_of(session, document.id))


def _editions(session: Session, document: Document) -> set[str]:
    """The languages in which a document is there as PDF."""
    return {each.lang for each in queries.renditions_of(session, document.id) if each.media_type == PDF}


def _set(content: PaperContent, lang: Language, base_url: str, drawings: Draw) -> SetPaper:
    drawn = [drawings(content, drawing, lang) for drawing in content.drawings]
    return set_paper(content, lang, base_url=base_url, drawn=drawn)


def _edition(
    session: Session, document: Document, lang: Language, signer: Signer, now: datetime, unsigned: SetPaper
) -> Rendition:
    """One edition, signed and its bytes kept."""
    signed = signer.sign(unsigned.pdf, at=now, reason=f"{title_of(document.kind)[lang]} {document.number}")
    return Rendition(
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


def _lock(session: Session, document: Document) -> None:
    """Take the locks of an act on the document's case, in their one order, and read the documents of its kind anew."""
    if document.case_id is not None:
        queries.lock_case(session, document.case_id)
        queries.documents_of_kind(session, document.case_id, document.kind)
    queries.document_by_id(session, document.id, lock=True)


def _stand(session: Session, document: Document) -> None:
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
                for each in queries.renditions_of(session, document.id)
            ],
        }
        stream = stream_of(session, document.case_id)
        record(session, stream, MADE, body, actor=Actor.machine(), at=recorded_at(session))
