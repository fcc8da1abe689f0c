"""What an office has to do, as one list: each case with what waits, for whom, and until when; what is due first stands first.

Due days are told by the rule book from the days that a case's row keeps, so that a list of a thousand cases opens none of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from approvals.cases.due import due_of
from approvals.cases.store import Works, names_in_book
from approvals.cases.waiting import NO_LIMIT, LastDay
from approvals.dates import dates_between
from approvals.library import packaged
from approvals.queries import desk as asked
from approvals.queries import places_above
from approvals.queries.desk import Posts, Sought
from approvals.templates import Label, Template
from data.actors import Actor
from data.clock import legal_day
from data.event_tables import Event
from data.rulebook import Inquiry

# Whose steps wait for which office; a steward helps where applicants must act, a planner looks on.
WORKED: Mapping[str, tuple[str, ...]] = {
    "steward": ("steward", "enterprise"),
    "window": ("window",),
    "reviewer": ("reviewer",),
    "approver": ("approver",),
    "registrar": ("registrar",),
}
ASKED = "asked"
# An office with more open cases than this has them newest first beyond it.
MOST = 5000


@dataclass(frozen=True, slots=True)
class Waits:
    """A step that waits: who holds it, since when; `mine` is one of the reader's own roles."""

    step: str
    role: str
    since: date
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One case of the list. `due` is the last day of the step that ends first, of the reader's own steps where it has any."""

    id: int
    number: str
    template: Template
    standing: str | None
    ended: str | None
    mark: str | None
    place: int | None
    project_id: int | None
    received_on: date | None
    waits: tuple[Waits, ...]
    due: LastDay

    @property
    def label(self) -> Label | None:
        """The words of the standing."""
        return self.template.ends.get(self.ended or "") or self.template.standings.get(self.standing or "")

    @property
    def order(self) -> tuple[date, str]:
        """What ends first comes first, what has no limit last; cases of one day by number."""
        return self.due.day or self.due.at_least or date.max, self.number


@dataclass(frozen=True, slots=True)
class Named:
    """What is looked up for the lines of one page only: the names, and what happened last."""

    project: str | None
    applicant: str | None
    last: Event | None


def own_posts(actor: Actor) -> Posts:
    """The steps that wait for this person, as roles at places."""
    return [(worked, place) for role, place in actor.posts for worked in WORKED.get(role, ())]


def posts_asked(actor: Actor) -> Posts:
    """Those who were asked, at the places of this person."""
    return [(ASKED, place) for _, place in posts_looking(actor)]


def posts_looking(actor: Actor) -> Posts:
    """Every post at whose place one may look at cases: all but the administrator's."""
    return [(role, place) for role, place in actor.posts if role != "administrator"]


def lines(session: Session, works: Works, sought: Sought) -> list[Line]:
    """The lines of a list of running cases, what is due first standing first."""
    today = legal_day(works.now)
    rows = asked.cases_of_desk(session, sought, today, most=MOST)
    return sorted(_lines(session, works, rows), key=lambda line: line.order)


def ended_lines(session: Session, works: Works, sought: Sought, *, most: int, skip: int) -> list[Line]:
    """A page of ended cases, the newest first."""
    rows = asked.cases_of_desk(session, sought, legal_day(works.now), most=most, skip=skip)
    return list(_lines(session, works, rows))


def due_until(found: Sequence[Line], last: date) -> list[Line]:
    """The lines whose day is over or comes by `last`; one that no table knows yet is not called due."""
    return [line for line in found if line.due.day is not None and line.due.day <= last]


def named(session: Session, works: Works, page: Sequence[Line], inner: Collection[str]) -> dict[int, Named]:
    """Names and the last event for the lines of one page; `inner` are kinds of events that a reader is not told."""
    today = legal_day(works.now)
    applicants = asked.applicants_of(session, [line.id for line in page], today)
    projects = asked.projects_named(session, {line.project_id for line in page if line.project_id is not None})
    typed = asked.projects_typed(session, [line.id for line in page if line.project_id is None])
    latest = asked.last_events_of(session, [line.number for line in page], inner)
    return {
        line.id: Named(
            projects.get(line.project_id or 0) or typed.get(line.id), applicants.get(line.id), latest.get(line.number)
        )
        for line in page
    }


def _lines(session: Session, works: Works, rows: Sequence[Row[Any]]) -> Iterator[Line]:
    tasks = asked.open_tasks_of(session, [row.id for row in rows])
    dues = _Dues(session, works, legal_day(works.now), own_posts(works.actor))
    for row in rows:
        template = packaged().kept(row.template, row.template_version, row.template_hash)
        waits = _waits(dues, row, tasks.get(row.id, ()))
        mine = [each for each in waits if each.mine] or waits
        yield Line(
            id=row.id,
            number=row.number,
            template=template,
            standing=row.standing,
            ended=row.ended,
            mark=row.mark,
            place=row.scope_place_id,
            project_id=row.project_id,
            received_on=row.received_on,
            waits=tuple(waits),
            due=NO_LIMIT if row.ended else dues.first(row, template, mine),
        )


def _waits(dues: _Dues, row: Row[Any], tasks: Sequence[Row[Any]]) -> list[Waits]:
    """Each open step once, one's own first: neither whose question nor how many are open is told by a list."""
    chain = dues.chain(row.scope_place_id)
    found: dict[tuple[str, str], Waits] = {}
    for task in tasks:
        mine = any(role == task.role and (place is None or place in chain) for role, place in dues.own)
        found.setdefault((task.step, task.role), Waits(task.step, task.role, task.opened_on, mine))
    return sorted(found.values(), key=lambda each: not each.mine)


@dataclass(slots=True)
class _Dues:
    """Due days, each combination of step, days and place computed once."""

    session: Session
    works: Works
    today: date
    own: Posts
    _known: dict[Any, LastDay] = field(default_factory=dict)
    _inquiries: dict[int | None, Inquiry] = field(default_factory=dict)
    _chains: dict[int | None, tuple[int, ...]] = field(default_factory=dict)

    def chain(self, place: int | None) -> tuple[int, ...]:
        if place not in self._chains:
            self._chains[place] = tuple(each.id for each in places_above(self.session, place))
        return self._chains[place]

    def first(self, row: Row[Any], template: Template, waits: Sequence[Waits]) -> LastDay:
        days = (row.received_on, row.accepted_on, row.decided_on)
        ends = [self._due(template, each, days, row.scope_place_id) for each in waits]
        return min(ends, key=lambda each: each.day or each.at_least or date.max, default=NO_LIMIT)

    def _due(
        self, template: Template, waits: Waits, days: tuple[date | None, date | None, date | None], place: int | None
    ) -> LastDay:
        key = (template.hash, waits.step, waits.since, days, place)
        if key not in self._known:
            inquiry = self._inquiry(days, place)
            self._known[key] = due_of(template, waits.step, waits.since, inquiry) or NO_LIMIT
        return self._known[key]

    def _inquiry(self, days: tuple[date | None, date | None, date | None], place: int | None) -> Inquiry:
        """One memory of answers for each place: `Inquiry.at` shares it."""
        if place not in self._inquiries:
            chain = names_in_book(self.session, place, self.works.book, self.today)
            dates = dates_between(None, None, None, self.today)
            self._inquiries[place] = self.works.book.inquire(dates=dates, place=chain, today=self.today)
        return self._inquiries[place].at(place=None, **dates_between(*days, self.today))
