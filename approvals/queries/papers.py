"""Papers with their renditions and bytes, and who issues them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from approvals.models import Case, Document, Issuer, Rendition
from parcels.models import SourceFile


def issuers_on(session: Session, place_ids: Sequence[int], day: date) -> list[Issuer]:
    """The installed issuers of these places, and of everywhere, that are in force on a day."""
    here = or_(Issuer.place_id.in_(place_ids), Issuer.place_id.is_(None))
    query = select(Issuer).where(here, Issuer.valid.contains(day), ~Issuer.is_builtin)
    return list(session.scalars(query.order_by(Issuer.id)))


def open_issuers_of(session: Session, place_id: int | None) -> list[Issuer]:
    """The installed issuers of one place (None: of everywhere) whose days have no end yet."""
    here = Issuer.place_id.is_(None) if place_id is None else Issuer.place_id == place_id
    query = select(Issuer).where(here, ~Issuer.is_builtin, func.upper_inf(Issuer.valid)).order_by(Issuer.id)
    return list(session.scalars(query))


def builtin_issuers(session: Session) -> list[Issuer]:
    """The rows of the built-in issuer, the newest first; there is one for each key that it has had."""
    return list(session.scalars(select(Issuer).where(Issuer.is_builtin).order_by(Issuer.id.desc())))


def every_issuer(session: Session) -> list[Issuer]:
    """All issuers in the order in which they were entered."""
    return list(session.scalars(select(Issuer).order_by(Issuer.id)))


def lock_case(session: Session, case_id: int) -> None:
    """Hold the row of a case until the transaction ends, as every act on it does before it touches its papers."""
    session.execute(select(Case.id).where(Case.id == case_id).with_for_update())


def document_by_id(session: Session, document_id: int, *, lock: bool = False) -> Document | None:
    """A document; with `lock` its row is held until the transaction ends, and read anew under the lock."""
    query = select(Document).where(Document.id == document_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def document_by_code(session: Session, code: str) -> Document | None:
    """The document of a verification code."""
    return session.scalars(select(Document).where(Document.code == code)).one_or_none()


def documents_of_kind(session: Session, case_id: int, kind: str) -> list[Document]:
    """The documents of one kind of a case, locked in the order of their ids."""
    query = select(Document).where(Document.case_id == case_id, Document.kind == kind).order_by(Document.id)
    return list(session.scalars(query.with_for_update().execution_options(populate_existing=True)))


def renditions_of(session: Session, document_id: int) -> list[Rendition]:
    """The renditions of a document, by language."""
    query = select(Rendition).where(Rendition.document_id == document_id).order_by(Rendition.id)
    return list(session.scalars(query))


def rendition_by_digest(session: Session, digest: str) -> Rendition | None:
    """The rendition that has these bytes; of several the earliest."""
    return session.scalars(select(Rendition).where(Rendition.digest == digest).order_by(Rendition.id).limit(1)).first()


def file_bytes(session: Session, digest: str) -> bytes | None:
    """The stored bytes of a digest, as they are now."""
    return session.scalar(select(SourceFile.content).where(SourceFile.digest == digest))


def making_of(session: Session, case: str) -> list[int]:
    """The documents of a case (by its number) that are issued and not made yet, oldest first."""
    query = (
        select(Document.id)
        .join(Case, Case.id == Document.case_id)
        .where(Case.number == case, Document.standing == "making")
        .order_by(Document.id)
    )
    return list(session.scalars(query))
