"""The list of an office in few queries, however many cases it has: what sorts first, the rest only for the lines of one page."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, false, func, or_, select, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from approvals.models import Case, CaseAnswer, CaseHolder, CaseTask
from data.event_tables import Event
from parcels.models import PartyName, Place, Project

Posts = Sequence[tuple[str | None, int | None]]
"""Roles at places, each with all that lies below; a role None is any role, a place None is everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which cases a list is to have.

    `posts` are whose cases they are; with `waiting` only those with an open step of the role of one of them. `place` is one place
    with all below it, `template` one kind of matter, `words` a part of the project's name, the applicant's or the number.
    """

    posts: Posts
    waiting: bool = False
    ended: bool = False
    place: int | None = None
    template: str | None = None
    words: str = ""


def cases_of_desk(session: Session, sought: Sought, day: date, *, most: int, skip: int = 0) -> list[Row[Any]]:
    """The columns by which a list is judged and sorted, newest case first; names are looked up as they are on the day."""
    columns = (
        Case.id, Case.number, Case.template, Case.template_version, Case.template_hash, Case.scope_place_id, Case.project_id,
        Case.standing, Case.ended, Case.mark, Case.received_on, Case.accepted_on, Case.decided_on,
    )  # fmt: skip
    query = select(*columns).where(_mine(sought), *_narrowed(sought, day))
    return list(session.execute(query.order_by(Case.id.desc()).limit(most).offset(skip)))


def count_of_desk(session: Session, sought: Sought, day: date) -> int:
    """How many cases such a list has."""
    query = select(func.count()).select_from(Case).where(_mine(sought), *_narrowed(sought, day))
    return session.scalar(query) or 0


def open_tasks_of(session: Session, cases: Collection[int]) -> dict[int, list[Any]]:
    """The open tasks of cases in the order of their numbers: step, key, role, and since when."""
    columns = (CaseTask.case_id, CaseTask.number, CaseTask.step, CaseTask.key, CaseTask.role, CaseTask.opened_on)
    query = select(*columns).where(CaseTask.case_id.in_(cases), CaseTask.status == "open")
    found: dict[int, list[Any]] = {}
    for row in session.execute(query.order_by(CaseTask.case_id, CaseTask.number)):
        found.setdefault(row.case_id, []).append(row)
    return found


def applicants_of(session: Session, cases: Collection[int], day: date) -> dict[int, str]:
    """The name, on a day, of the first holder to be of each case."""
    query = (
        select(CaseHolder.case_id, PartyName.name)
        .join(PartyName, and_(PartyName.party_id == CaseHolder.party_id, PartyName.valid.contains(day)))
        .where(CaseHolder.case_id.in_(cases))
        .order_by(CaseHolder.case_id, CaseHolder.ordinal, PartyName.id.desc())
        .ext(distinct_on(CaseHolder.case_id))
    )
    return {row.case_id: row.name for row in session.execute(query)}


def parties_named(session: Session, parties: Collection[int], day: date) -> dict[int, str]:
    """The names that parties bear on a day."""
    query = select(PartyName.party_id, PartyName.name).where(
        PartyName.party_id.in_(parties), PartyName.valid.contains(day)
    )
    return {row.party_id: row.name for row in session.execute(query.order_by(PartyName.id))}


def projects_named(session: Session, projects: Collection[int]) -> dict[int, str]:
    """The names of projects."""
    found = session.execute(select(Project.id, Project.name).where(Project.id.in_(projects)))
    return {row.id: row.name for row in found}


def projects_typed(session: Session, cases: Collection[int]) -> dict[int, str]:
    """What the forms of drafts call their projects, by case."""
    typed = select(CaseAnswer.case_id, CaseAnswer.value).where(
        CaseAnswer.case_id.in_(cases), CaseAnswer.field == "project_name", CaseAnswer.holder == 1
    )
    return {row.case_id: str(row.value) for row in session.execute(typed) if row.value}


def last_events_of(session: Session, numbers: Collection[str], without: Collection[str]) -> Mapping[str, Event]:
    """The latest event of each case's chain that is of none of these kinds."""
    streams = {f"case:{number}": number for number in numbers}
    query = (
        select(Event)
        .where(Event.stream.in_(streams), Event.kind.not_in(without))
        .order_by(Event.stream, Event.seq.desc())
        .ext(distinct_on(Event.stream))
    )
    return {streams[event.stream]: event for event in session.scalars(query)}


def kinds_and_places(session: Session, posts: Posts) -> tuple[list[str], list[Place]]:
    """The matters of the running cases of these posts, and the places that handle them."""
    rows = session.execute(
        select(Case.template, Case.scope_place_id).where(_mine(Sought(posts=posts)), Case.ended.is_(None)).distinct()
    ).all()
    places = select(Place).where(Place.id.in_({row.scope_place_id for row in rows})).order_by(Place.id)
    return sorted({row.template for row in rows}), list(session.scalars(places))


def _mine(sought: Sought) -> ColumnElement[bool]:
    if not sought.waiting:
        places = {place for _, place in sought.posts}
        return or_(false(), *(at_or_below(place) for place in places))
    ways = [
        and_(CaseTask.role == role if role is not None else true(), at_or_below(place)) for role, place in sought.posts
    ]
    open_task = select(CaseTask.case_id).where(CaseTask.case_id == Case.id, CaseTask.status == "open")
    return or_(false(), *(open_task.where(way).exists() for way in ways))


def _narrowed(sought: Sought, day: date) -> list[ColumnElement[bool]]:
    told: list[ColumnElement[bool]] = [Case.ended.is_not(None) if sought.ended else Case.ended.is_(None)]
    if not sought.waiting:
        # What has not been handed in yet is the applicant's own.
        told.append(Case.received_on.is_not(None))
    if sought.place is not None:
        told.append(at_or_below(sought.place))
    if sought.template is not None:
        told.append(Case.template == sought.template)
    if sought.words:
        told.append(_speaks_of(sought.words, day))
    return told


def _speaks_of(words: str, day: date) -> ColumnElement[bool]:
    named = select(Project.id).where(Project.name.icontains(words, autoescape=True))
    held = (
        select(CaseHolder.case_id)
        .join(PartyName, and_(PartyName.party_id == CaseHolder.party_id, PartyName.valid.contains(day)))
        .where(PartyName.name.icontains(words, autoescape=True))
    )
    by_number = Case.number.icontains(words, autoescape=True)
    return or_(by_number, Case.project_id.in_(named), Case.id.in_(held))


def at_or_below(place: int | None) -> ColumnElement[bool]:
    """The condition on cases handled at a place or below it; None is everywhere."""
    if place is None:
        return true()
    below = select(Place.id).where(Place.id == place).cte(recursive=True)
    below = below.union(select(Place.id).where(Place.parent_id == below.c.id))
    return Case.scope_place_id.in_(select(below.c.id))
