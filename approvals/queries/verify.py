"""What `haiyu verify` reads of cases and papers: everything, a piece at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from approvals.models import Case, Document, Issuer, Rendition
from data.event_tables import Event
from parcels.models import SourceFile

CHUNK = 500


def cases(session: Session) -> Iterator[Case]:
    """Every case, by number of its row."""
    after = 0
    while found := list(session.scalars(select(Case).where(Case.id > after).order_by(Case.id).limit(CHUNK))):
        yield from found
        after = found[-1].id


def events_of(session: Session, stream: str, prefix: str) -> Iterator[bytes]:
    """The bytes of a stream's events of which the kind begins so, in order."""
    query = select(Event.envelope).where(Event.stream == stream, Event.kind.startswith(prefix, autoescape=True))
    return iter(session.scalars(query.order_by(Event.seq)))


def paper_events(session: Session, kinds: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """The events of these kinds, kind and bytes, in the order in which they were recorded."""
    query = select(Event.kind, Event.envelope).where(Event.kind.in_(kinds)).order_by(Event.recorded_at, Event.id)
    return ((kind, envelope) for kind, envelope in session.execute(query))


def documents(session: Session) -> Iterator[Document]:
    """Every document, by number of its row."""
    after = 0
    while found := list(
        session.scalars(select(Document).where(Document.id > after).order_by(Document.id).limit(CHUNK))
    ):
        yield from found
        after = found[-1].id


def document_count(session: Session) -> int:
    """How many documents there are."""
    return session.execute(select(func.count()).select_from(Document)).scalar_one()


def renditions(session: Session, document_id: int) -> list[Rendition]:
    """The renditions of a document."""
    return list(session.scalars(select(Rendition).where(Rendition.document_id == document_id)))


def renditions_of_other_bytes(session: Session) -> Iterator[tuple[str, str]]:
    """Renditions whose stored bytes do not have their digest, as number and language; the database digests them."""
    digest = func.concat("sha256:", func.encode(func.sha256(SourceFile.content), cast("hex", Text)))
    query = (
        select(Document.number, Rendition.lang)
        .join(Document, Document.id == Rendition.document_id)
        .join(SourceFile, SourceFile.digest == Rendition.digest)
        .where(digest != Rendition.digest)
        .order_by(Rendition.id)
    )
    return ((number, lang) for number, lang in session.execute(query))


def issuers(session: Session) -> list[Issuer]:
    """Every issuer."""
    return list(session.scalars(select(Issuer).order_by(Issuer.id)))
