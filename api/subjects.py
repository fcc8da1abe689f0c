"""What acts are about, as permission asks it: the subject of a case and of a question, read from their rows."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.permissions import Subject
from approvals.models import Case, CaseHolder, Question
from approvals.queries import places_above


def of_case(session: Session, case: Case) -> Subject:
    """A case: the applicant's and the co-holders', whoever began it, the parties that it asks, the places that handle it."""
    holders = session.scalars(select(CaseHolder.party_id).where(CaseHolder.case_id == case.id))
    asked = session.scalars(
        select(Question.party_id).where(Question.case_id == case.id, Question.party_id.is_not(None))
    )
    return Subject(
        party_ids=frozenset(holders) | _those(case.party_id),
        # A draft that names no applicant yet is its author's; afterwards only whoever acts for the applicant may go on with it.
        people=frozenset() if case.party_id is not None else _those(case.opened_by),
        asked_party_ids=frozenset(party for party in asked if party is not None),
        place_chain=chain_of(session, case.scope_place_id),
    )


def of_question(session: Session, question: Question, case: Case) -> Subject:
    """A question: put to one party only, whatever else its case asks."""
    whole = of_case(session, case)
    return Subject(
        party_ids=whole.party_ids,
        people=whole.people,
        asked_party_ids=_those(question.party_id),
        place_chain=whole.place_chain,
    )


def chain_of(session: Session, place_id: int | None) -> tuple[int, ...]:
    """The numbers of a place and all above it, widest first."""
    return tuple(place.id for place in places_above(session, place_id))


def _those(number: int | None) -> frozenset[int]:
    return frozenset() if number is None else frozenset({number})
