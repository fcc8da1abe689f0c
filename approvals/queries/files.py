"""Files, papers and money of a case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from approvals.models import (
    Bill,
    CaseMaterial,
    Document,
    Receipt,
    Rendition,
)
from parcels.models import (
    SourceFile,
)


def materials_on_file(session: Session, case_id: int) -> list[CaseMaterial]:
    """Files on a case's file that were not withdrawn, by name and age."""
    query = (
        select(CaseMaterial)
        .where(CaseMaterial.case_id == case_id, CaseMaterial.withdrawn_at.is_(None))
        .order_by(CaseMaterial.name, CaseMaterial.id)
    )
    return list(session.scalars(query))


def file_content(session: Session, digest: str) -> bytes:
    """The bytes that are kept under a digest."""
    return session.execute(select(SourceFile.content).where(SourceFile.digest == digest)).scalar_one()


def documents_of(session: Session, case_id: int) -> list[Document]:
    """The papers of a case, oldest first."""
    return list(session.scalars(select(Document).where(Document.case_id == case_id).order_by(Document.id)))


def bill_of(session: Session, case_id: int, *, lock: bool = False) -> Bill | None:
    """The bill of a case that stands (void ones left out)."""
    query = select(Bill).where(Bill.case_id == case_id, Bill.standing != "void").order_by(Bill.id.desc()).limit(1)
    if lock:
        query = query.with_for_update()
    return session.scalars(query).first()


def bills_of(session: Session, case_id: int) -> list[Bill]:
    """Every bill of a case, void ones included, the latest first."""
    return list(session.scalars(select(Bill).where(Bill.case_id == case_id).order_by(Bill.id.desc())))


def receipts_of(session: Session, bill_id: int) -> list[Receipt]:
    """Money that moved against a bill, in the order recorded."""
    return list(session.scalars(select(Receipt).where(Receipt.bill_id == bill_id).order_by(Receipt.id)))


def files_of_documents(session: Session, papers: Iterable[Document]) -> dict[int, list[dict[str, Any]]]:
    """The renditions of papers by the paper's id, as plain values; a paper that none was made of has an empty list."""
    found: dict[int, list[dict[str, Any]]] = {each.id: [] for each in papers}
    query = select(Rendition).where(Rendition.document_id.in_(found)).order_by(Rendition.id)
    for row in session.scalars(query) if found else ():
        found[row.document_id].append(
            {
                "lang": row.lang,
                "media_type": row.media_type,
                "digest": row.digest,
                "pages": row.pages,
                "signer": row.signer,
            }
        )
    return found


def rendition_of_case(
    session: Session, case_id: int, document_id: int, lang: str
) -> tuple[Document, Rendition, bytes] | None:
    """A paper of a case with its PDF in one language; None where it is not made, or not of this case."""
    query = (
        select(Document, Rendition, SourceFile.content)
        .join(Rendition, Rendition.document_id == Document.id)
        .join(SourceFile, SourceFile.digest == Rendition.digest)
        .where(
            Document.id == document_id,
            Document.case_id == case_id,
            Rendition.lang == lang,
            Rendition.media_type == "application/pdf",
        )
    )
    found = session.execute(query).one_or_none()
    return None if found is None else (found[0], found[1], found[2])
