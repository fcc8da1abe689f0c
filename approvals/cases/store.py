"""A case as it is loaded, locked and written back: its row, the engine's state, and the template with which it began."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from approvals import queries
from approvals.acts import Advance, Event
from approvals.dates import accepted_on, day_of
from approvals.library import packaged
from approvals.models import Case, CaseTask, CaseVersion
from approvals.state import State
from approvals.templates import Template
from data import events
from data.actors import Actor
from data.answers import Refusal
from data.events import StreamName
from data.rulebook import RuleBook
from parcels.parties import PartyKeys

PREFIX = "case."


@dataclass(frozen=True, slots=True)
class Works:
    """What every act on a case is handed: the rule book in force, the keys of personal data, who acts, and the instant."""

    book: RuleBook
    keys: PartyKeys
    actor: Actor
    now: datetime


@dataclass(slots=True)
class Opened:
    """A case as loaded. `state` moves on with each act; the row is written by `save`."""

    row: Case
    state: State
    template: Template

    @property
    def number(self) -> str:
        """The case's number."""
        return self.row.number

    @property
    def stream(self) -> StreamName:
        """The case's chain of events."""
        return StreamName("case", self.row.number)


def case_for(session: Session, number: str, *, lock: bool = False) -> Opened:
    """The case with a number; refuses where there is none. What the asker may see of it is the door's matter."""
    # PostgreSQL holds no NUL in texts, so no number has one.
    row = None if "\x00" in number else queries.case_by_number(session, number, lock=lock)
    if row is None:
        raise Refusal("case.not_found", case=number)
    return opened(row)


def opened(row: Case) -> Opened:
    """A row with its state and its own template."""
    state = State.from_json(row.state)
    return Opened(row, state, packaged().of(state))


def demand_version(case: Opened, version: int | None) -> None:
    """Refuse where somebody else has changed the case since the asker read it."""
    if version is not None and version != case.row.version:
        raise Refusal("case.changed_meanwhile", case=case.number, version=version, now=case.row.version)


def is_editable(case: Opened) -> bool:
    """Whether the applicant may change form, boundary and materials: a step is open that signs them."""
    return not case.state.ended and any(
        "form_digest" in outcome.records
        for task in case.state.open_tasks()
        for outcome in case.template.steps[task.step].outcomes.values()
    )


def demand_editable(case: Opened) -> None:
    """Refuse a change of what has been filed: only a correction or a new application changes it."""
    if not is_editable(case):
        raise Refusal("case.not_editable", case=case.number)


def save(session: Session, case: Opened, made: Advance, *, actor: Actor, at: datetime) -> None:
    """Write an advance: events in the chain, the state, its tasks as rows, and the days by which lists are sorted."""
    record_events(session, case, made.events, actor=actor, at=at)
    _write_tasks(session, case, made.state)
    case.state = made.state
    row, template = case.row, case.template
    row.state = made.state.as_json()
    row.standing = standing_of(made.state, template)
    row.ended = made.state.ended
    if template.timing is not None:
        row.received_on = day_of(made.state, template.timing.received_by)
        row.accepted_on = accepted_on(made.state, template)
        row.decided_on = day_of(made.state, template.timing.decided_by)
    touch(row)


def keep_version(session: Session, case: Opened, at: datetime) -> None:
    """Keep the use as it is submitted now, beside those that were submitted before."""
    before = queries.versions_of(session, case.row.id)
    session.add(CaseVersion(case_id=case.row.id, number=len(before) + 1, use=case.row.use, recorded_at=at))


def touch(row: Case) -> None:
    """Count one change of the case."""
    row.version += 1


def record_events(session: Session, case: Opened, told: Iterable[Event], *, actor: Actor, at: datetime) -> None:
    """Append events to the case's chain; free words stay beside their bodies."""
    for event in told:
        body = {"template": case.state.template, **event.body} if event.kind == "begin" else event.body
        events.record(session, case.stream, PREFIX + event.kind, body, actor=actor, at=at, texts=event.texts)


def _write_tasks(session: Session, case: Opened, state: State) -> None:
    """Bring the rows of the tasks that have changed in line with the state."""
    before = {task.number: task for task in case.state.tasks}
    changed = [
        {
            "case_id": case.row.id,
            "number": task.number,
            "step": task.step,
            "key": task.key,
            "role": case.template.steps[task.step].role,
            "round": task.round,
            "status": task.status,
            "outcome": task.outcome,
            "opened_on": task.opened_on,
            "done_on": task.done_on,
        }
        for task in state.tasks
        if before.get(task.number) != task
    ]
    if changed:
        statement = insert(CaseTask).values(changed)
        moved = {name: statement.excluded[name] for name in ("status", "outcome", "done_on")}
        session.execute(statement.on_conflict_do_update(index_elements=["case_id", "number"], set_=moved))


def standing_of(state: State, template: Template) -> str | None:
    """The standing that the latest telling outcome gave the case; what was rolled back gives none.

    Rounds that were sent back go on telling (a correction asked for), so the order of acts decides, not that of steps.
    """
    standing, rank = None, (date.min, 0)
    for task in state.tasks:
        if task.status not in ("done", "returned") or task.outcome is None or task.done_on is None:
            continue
        told = template.steps[task.step].outcomes[task.outcome].standing
        if told is not None and (task.done_on, task.number) >= rank:
            standing, rank = told, (task.done_on, task.number)
    return standing


def place_chain(session: Session, case: Opened) -> tuple[int, ...]:
    """The ids of the place that handles the case and of all above it, widest first."""
    return tuple(place.id for place in queries.places_above(session, case.row.scope_place_id))


def names_in_book(session: Session, place_id: int | None, book: RuleBook, day: date) -> tuple[str, ...]:
    """The chain of a place as the rule book names places; the nation alone where it knows none."""
    for code in queries.codes_above(session, place_id, day):
        found = book.places.find(code, day)
        name = code if code in book.places else found[0].id if found else None
        if name is not None:
            return tuple(book.places.chain(name))
    return ("cn",)
