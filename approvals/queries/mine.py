"""What parties look up across their cases: questions put to them, their bills and papers."""

from __future__ import annotations

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from approvals.models import Bill, Case, CaseHolder, CaseTask, Document, Message, Question
from parcels.models import Project

MOST = 300


def questions_to(session: Session, parties: frozenset[int]) -> list[tuple[str, Question]]:
    """The questions put to these parties with the numbers of their cases: open ones by day of answer, then the latest."""
    waits = case((Question.standing == "open", 0), else_=1)
    due = case((Question.standing == "open", Question.answer_by))
    query = (
        select(Case.number, Question)
        .join(Case, Case.id == Question.case_id)
        .where(Question.party_id.in_(parties))
        .order_by(waits, due.asc().nulls_last(), Question.id.desc())
        .limit(MOST)
    )
    return [(number, question) for number, question in session.execute(query)]


def bills_to(session: Session, parties: frozenset[int]) -> list[tuple[str, Bill]]:
    """The bills that these parties are to pay with the numbers of their cases: open ones first, then the latest."""
    query = (
        select(Case.number, Bill)
        .join(Case, Case.id == Bill.case_id)
        .where(Bill.payer_id.in_(parties))
        .order_by(case((Bill.standing == "open", 0), else_=1), Bill.id.desc())
        .limit(MOST)
    )
    return [(number, bill) for number, bill in session.execute(query)]


def papers_to(session: Session, parties: frozenset[int]) -> list[tuple[str, Document]]:
    """The papers of the cases of these parties with the numbers of the cases, the latest first."""
    query = (
        select(Case.number, Document)
        .join(Case, Case.id == Document.case_id)
        .where(Case.party_id.in_(parties))
        .order_by(Document.issued_on.desc(), Document.id.desc())
        .limit(MOST)
    )
    return [(number, document) for number, document in session.execute(query)]


def messages_about(session: Session, case_id: int, *, parties: frozenset[int], account: int | None) -> list[Message]:
    """What these parties and this account were told about a case, the latest first."""
    mine = Message.to_party_id.in_(parties) | (Message.to_account == account)
    query = select(Message).where(Message.case_id == case_id, mine).order_by(Message.id.desc()).limit(MOST)
    return list(session.scalars(query))


def cases_of(
    session: Session, parties: frozenset[int], *, show: str, words: str, before: int, limit: int
) -> list[tuple[Case, list[CaseTask]]]:
    """The cases that these parties apply for or are to hold the right of, newest first, each with its open tasks.

    `show` is all, waiting (for the applicant), running, drafts or ended; `words` stand in the number or the project's name.
    """
    held = select(CaseHolder.case_id).where(CaseHolder.party_id.in_(parties))
    mine = Case.party_id.in_(parties) | Case.id.in_(held)
    query = select(Case).where(mine, Case.id < before).order_by(Case.id.desc()).limit(limit)
    if show == "waiting":
        open_now = select(CaseTask.case_id).where(
            CaseTask.status == "open", (CaseTask.role == "enterprise") | (CaseTask.step == "receipt")
        )
        query = query.where(Case.ended.is_(None), Case.id.in_(open_now))
    elif show != "all":
        query = query.where(Case.ended.is_not(None) if show == "ended" else Case.ended.is_(None))
        if show != "ended":
            query = query.where(Case.received_on.is_(None) if show == "drafts" else Case.received_on.is_not(None))
    if words:
        named = select(Project.id).where(Project.name.icontains(words, autoescape=True))
        query = query.where(Case.number.icontains(words, autoescape=True) | Case.project_id.in_(named))
    cases = list(session.scalars(query))
    tasks: dict[int, list[CaseTask]] = {row.id: [] for row in cases}
    wanted = select(CaseTask).where(CaseTask.case_id.in_(tasks), CaseTask.status == "open").order_by(CaseTask.number)
    for task in session.scalars(wanted):
        tasks[task.case_id].append(task)
    return [(row, tasks[row.id]) for row in cases]
