"""The numbers that an act draws before it locks any stream: of its case, its bill, and each of its papers."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from approvals import queries
from approvals.cases.acting import Acting, Plan
from approvals.numbers import next_numbers
from parcels.models import Place

BILL = "bill"


def case_number(session: Session, place_id: int, day: date) -> str:
    """The number of a new case of a place."""
    code, name = _place(session, place_id, day)
    return next_numbers(session, ["case"], place=code, name=name, year=day.year)["case"]


def numbers_for(session: Session, acting: Acting, plan: Plan) -> dict[str, str]:
    """The numbers of the papers that an act issues, by kind, and of its bill."""
    kinds = list(plan.papers)
    if any(record.by_system and name == "bill_number" for name, record in plan.records.items()):
        kinds.append(BILL)
    place_id = acting.case.row.scope_place_id
    if not kinds or place_id is None:
        return {}
    code, name = _place(session, place_id, acting.today)
    return next_numbers(session, kinds, place=code, name=name, year=acting.today.year)


def _place(session: Session, place_id: int, day: date) -> tuple[str, str]:
    place = session.get_one(Place, place_id)
    return queries.administrative_code(session, place_id, day) or str(place_id), place.name_zh
