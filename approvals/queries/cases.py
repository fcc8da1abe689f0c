"""Cases themselves: by number, in lists, with their answers, holders, reports and events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, literal, or_, select
from sqlalchemy.orm import Session

from approvals import acts
from approvals.models import (
    Case,
    CaseAnswer,
    CaseHolder,
    CaseReport,
    CaseTask,
    CaseVersion,
)
from data.event_tables import Event, EventStream, EventText
from parcels.models import (
    PartyName,
    Place,
    SeaClaim,
)


def case_by_number(session: Session, number: str, *, lock: bool = False) -> Case | None:
    """The case with a number; with `lock` its row is held until the transaction ends, and read anew under the lock."""
    query = select(Case).where(Case.number == number)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def case_row(session: Session, case_id: int, *, lock: bool = False) -> Case:
    """The case with an id; with `lock` its row is held until the transaction ends."""
    query = select(Case).where(Case.id == case_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one()


def cases_by_numbers(session: Session, numbers: Sequence[str], *, lock: bool = False) -> list[Case]:
    """Cases by number, in the order of their ids, which is the order in which their rows are locked."""
    query = select(Case).where(Case.number.in_(numbers)).order_by(Case.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(query))


def case_number(session: Session, case_id: int) -> str | None:
    """The number of a case; it never changes, so a session asks for each once."""
    kept: dict[int, str] = session.info.setdefault("case_numbers", {})
    number = kept.get(case_id) or session.scalar(select(Case.number).where(Case.id == case_id))
    if number is not None:
        kept[case_id] = number
    return number


def has_cases(session: Session) -> bool:
    """Whether anybody has opened a case."""
    return session.scalar(select(Case.id).limit(1)) is not None


def answers_of(session: Session, case_id: int) -> list[CaseAnswer]:
    """Every answer of a case's form."""
    query = select(CaseAnswer).where(CaseAnswer.case_id == case_id).order_by(CaseAnswer.field, CaseAnswer.holder)
    return list(session.scalars(query))


@dataclass(frozen=True, slots=True)
class HolderRow:
    """A holder to be, with the name that the party bears on the day asked."""

    ordinal: int
    party_id: int
    name: str
    holding: str
    numerator: int | None
    denominator: int | None


def holders_of(session: Session, case_id: int, day: date) -> list[HolderRow]:
    """Who is to hold the right, in order."""
    query = (
        select(CaseHolder, PartyName.name)
        .outerjoin(PartyName, and_(PartyName.party_id == CaseHolder.party_id, PartyName.valid.contains(day)))
        .where(CaseHolder.case_id == case_id)
        .order_by(CaseHolder.ordinal, PartyName.id.desc())
    )
    rows: dict[int, HolderRow] = {}
    for holder, name in session.execute(query):
        rows.setdefault(
            holder.ordinal,
            HolderRow(
                holder.ordinal,
                holder.party_id,
                name or "",
                holder.holding,
                holder.share_numerator,
                holder.share_denominator,
            ),
        )
    return list(rows.values())


def versions_of(session: Session, case_id: int) -> list[CaseVersion]:
    """The uses that a case was submitted with, the first one first."""
    query = select(CaseVersion).where(CaseVersion.case_id == case_id).order_by(CaseVersion.number)
    return list(session.scalars(query))


def neighbours_in_list(session: Session, case_id: int, place_id: int | None) -> tuple[str | None, str | None]:
    """The numbers of the running cases of the same place before and after a case; what has not been handed in is left out."""
    running = select(Case.number).where(
        Case.scope_place_id == place_id, Case.ended.is_(None), Case.received_on.is_not(None)
    )
    before = session.scalar(running.where(Case.id < case_id).order_by(Case.id.desc()).limit(1))
    return before, session.scalar(running.where(Case.id > case_id).order_by(Case.id).limit(1))


def words_of_act(session: Session, number: str, act: str) -> dict[str, str]:
    """The free words of the latest such act of a case, by name; words that were erased are left out."""
    latest = select(func.max(Event.id)).where(Event.stream == f"case:{number}", Event.kind == f"case.{act}")
    rows = session.execute(
        select(EventText.name, EventText.content).where(
            EventText.event_id == latest.scalar_subquery(), EventText.content.is_not(None)
        )
    )
    return {name: content for name, content in rows if content is not None}


def last_report(session: Session, case_id: int, purpose: str) -> CaseReport | None:
    """The report filed last with a case for one purpose."""
    query = (
        select(CaseReport)
        .where(CaseReport.case_id == case_id, CaseReport.purpose == purpose)
        .order_by(CaseReport.id.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def claim_of(session: Session, number: str) -> SeaClaim | None:
    """The open claim by which a case holds its sea."""
    query = select(SeaClaim).where(SeaClaim.case_number == number, func.upper_inf(SeaClaim.known))
    return session.scalars(query).one_or_none()


def case_number_of_claim(session: Session, claim_id: int) -> str | None:
    """The case that made a claim."""
    return session.scalar(select(SeaClaim.case_number).where(SeaClaim.id == claim_id))


def cases_listed(
    session: Session,
    *,
    parties: frozenset[int],
    places: frozenset[int],
    everywhere: bool,
    role: str | None,
    ended: bool | None,
    after: int,
    limit: int,
) -> list[tuple[int, Case, list[CaseTask]]]:
    """Cases of these parties or at these places (and below), newest first; with `role`, those with an open task of it."""
    below = select(Place.id).where(Place.id.in_(places)).cte("below", recursive=True)
    below = below.union(select(Place.id).where(Place.parent_id == below.c.id))
    mine = [Case.party_id.in_(parties)] if parties else []
    here = [Case.scope_place_id.in_(select(below.c.id))] if places else []
    seen = literal(True) if everywhere else or_(*mine, *here) if mine or here else literal(False)
    query = select(Case).where(seen, Case.id < after).order_by(Case.id.desc()).limit(limit)
    if ended is not None:
        query = query.where(Case.ended.is_not(None) if ended else Case.ended.is_(None))
    if role is not None:
        open_task = select(CaseTask.case_id).where(CaseTask.status == "open", CaseTask.role == role)
        query = query.where(Case.id.in_(open_task))
    cases = list(session.scalars(query))
    tasks: dict[int, list[CaseTask]] = {}
    open_now = select(CaseTask).where(CaseTask.case_id.in_([case.id for case in cases]), CaseTask.status == "open")
    for task in session.scalars(open_now.order_by(CaseTask.case_id, CaseTask.number)):
        tasks.setdefault(task.case_id, []).append(task)
    return [(case.id, case, tasks.get(case.id, [])) for case in cases]


def open_cases(session: Session, after: int, limit: int) -> list[Case]:
    """Cases that have not ended, by id: what the system looks through once a day."""
    query = select(Case).where(Case.ended.is_(None), Case.id > after).order_by(Case.id).limit(limit)
    return list(session.scalars(query))


def entered_events(session: Session, number: str) -> list[acts.Event]:
    """The events of entering in a case's chain, as the form counts them."""
    query = select(Event).where(Event.stream == f"case:{number}", Event.kind == "case.form.entered").order_by(Event.seq)
    return [acts.Event(event.kind.removeprefix("case."), event.body) for event in session.scalars(query)]


def head_of_chain(session: Session, number: str) -> bytes:
    """The hash of the latest event of a case's chain."""
    return session.scalar(select(EventStream.hash).where(EventStream.name == f"case:{number}")) or b""


def last_event(session: Session, number: str) -> int:
    """The place of the latest event in a case's chain; 0 where nothing is recorded yet."""
    return session.scalar(select(EventStream.seq).where(EventStream.name == f"case:{number}")) or 0


def events_of_case(session: Session, number: str) -> list[Event]:
    """The whole chain of a case."""
    return list(session.scalars(select(Event).where(Event.stream == f"case:{number}").order_by(Event.seq)))
