"""Files, papers and money of a case."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from approvals.models import (
    Bill,
    CaseMaterial,
    Document,
    Receipt,
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
