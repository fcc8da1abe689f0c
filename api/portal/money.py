"""What a case owes and what was paid, as its pages show it, and the amount that is usually entered next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from api.schemas.register import label
from approvals import billing, queries
from approvals.cases import views
from approvals.cases.store import Works
from approvals.models import Case


def bill_block(session: Session, case: Case, works: Works, lang: str) -> dict[str, Any] | None:
    """The bill with its lines, receipts and balance; None before one is issued."""
    bill = queries.bill_of(session, case.id)
    if bill is None:
        return None
    told = views.bill_view(bill, queries.receipts_of(session, bill.id), billing.balance(session, bill))
    told["lines"] = [
        {**line, "mode_label": label(works.book, "use_modes", line.get("mode"), lang)} for line in told["lines"]
    ]
    return told


def presets(session: Session, case: Case) -> Mapping[str, str]:
    """What still has to be paid, offered in the field of a receipt; nothing before a bill."""
    bill = queries.bill_of(session, case.id)
    if bill is None:
        return {}
    return {"paid_yuan": str(billing.balance(session, bill).as_json()["remaining_yuan"])}
