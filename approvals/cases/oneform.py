"""The one form as a person meets it: what is asked and what is only shown, on which screen, how far it is filled, when it will be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from approvals import queries
from approvals.acts import Event
from approvals.cases.answers import form_of, load
from approvals.cases.store import Opened, Works, names_in_book
from approvals.clock import standstills
from approvals.dates import dates_of
from approvals.dictionary import Form, FormField
from approvals.forms import ENTERED, Answer, Counters, applies, counters, holders_in, name_of, repeats
from approvals.schedule import Schedule
from approvals.silence import days_of
from data.clock import legal_day
from data.rulebook import Inquiry
from marine.terms import Cap, cap

WHO, SEA, SIGN = "who", "sea", "sign"
SCREENS = (WHO, SEA, SIGN)
# Sections that have a screen of their own; a section of another form stands with the use of the sea.
SCREEN_OF = {"matter": WHO, "applicant": WHO, "project": WHO, "declaration": SIGN}
# Chosen while the parcel was drawn: shown once it is answered, for it was asked already.
DRAWN = frozenset({"use_type"})
ELSEWHERE = ("profile", "project_code")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One field for one holder: its answer, its screen, and whether it is `asked` or only shown."""

    name: str
    field_name: str
    holder: int
    field: FormField
    answer: Answer | None
    screen: str
    asked: bool
    applies: bool

    @property
    def empty(self) -> bool:
        """Whether nothing stands there."""
        return self.answer is None or self.answer.value in ("", [], {})

    @property
    def lacking(self) -> bool:
        """Whether somebody must still fill it."""
        return self.asked and self.applies and self.field.required and self.empty


@dataclass(frozen=True, slots=True)
class Meter:
    """The three figures of the form; `to_fill` are those that this applicant filled or has still to fill, `filled` how many are."""

    counted: Counters
    to_fill: int
    filled: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The form laid out: every item in the order of the form, and the meter."""

    form: Form
    items: tuple[Item, ...]
    meter: Meter
    answers: Mapping[str, Answer]

    @property
    def screens(self) -> tuple[str, ...]:
        """The screens on which something must be filled in or corrected, and the last one, on which everything is read and signed."""
        kept = {item.screen for item in self.items if item.asked and item.applies and item.field.required}
        return tuple(screen for screen in SCREENS if screen in kept or screen == SIGN)

    def on(self, screen: str) -> tuple[Item, ...]:
        """The items of a screen; what has no screen of its own left is read on the last one."""
        return tuple(item for item in self.items if item.screen == screen)


def lay_out(session: Session, case: Opened, works: Works) -> Layout:
    """The form of a case as it stands."""
    form, answers = form_of(case), load(session, case, works.keys)
    return laid_out(form, answers, queries.entered_events(session, case.number))


def laid_out(form: Form, answers: Mapping[str, Answer], events: list[Event]) -> Layout:
    """Fields sorted into asked and shown, and counted."""
    items = tuple(
        _item(form, answers, field_name, holder)
        for holder in holders_in(answers)
        for field_name, field in form.fields.items()
        if holder == 1 or repeats(form, field)
    )
    return Layout(form, items, _meter(form, items, events), answers)


def _item(form: Form, answers: Mapping[str, Answer], field_name: str, holder: int) -> Item:
    field, name = form.fields[field_name], name_of(field_name, holder)
    answer = answers.get(name)
    return Item(
        name=name,
        field_name=field_name,
        holder=holder,
        field=field,
        answer=answer,
        screen=SCREEN_OF.get(field.section, SEA),
        asked=_is_asked(field_name, field, answer),
        applies=applies(form, field, answers, holder),
    )


def _is_asked(name: str, field: FormField, answer: Answer | None) -> bool:
    """Typed fields; what no source knew; and what the applicant has written over what was known."""
    if field.source == "typed":
        return name not in DRAWN or answer is None
    if field.source in ELSEWHERE:
        return answer is None or answer.source == "typed"
    return field.editable and field.type != "units" and answer is not None and answer.source == "typed"


def _meter(form: Form, items: tuple[Item, ...], events: list[Event]) -> Meter:
    entered = {str(each.body["field"]) for each in events if each.kind == ENTERED and each.body["by"] == "applicant"}
    lacking = {item.field_name for item in items if item.lacking}
    emptied = {item.field_name for item in items if item.holder == 1 and item.empty}
    to_fill = (entered & set(form.fields)) | lacking
    return Meter(counters(form, events), len(to_fill), len(to_fill - lacking - emptied))


def inquiry_of(session: Session, case: Opened, works: Works) -> Inquiry:
    """The rule book asked by the case's own dates and place."""
    today = legal_day(works.now)
    place = names_in_book(session, case.row.scope_place_id, works.book, today)
    return works.book.inquire(dates=dates_of(case.state, case.template, today), place=place, today=today)


def term_limit(layout: Layout, inquiry: Inquiry) -> Cap | None:
    """The longest term of the use type that stands in the form; None while none does."""
    told = layout.answers.get("use_type")
    known = told is not None and isinstance(told.value, str) and told.value in inquiry.book.codes["use_types"]
    return cap(inquiry, told.value) if told is not None and known else None


@dataclass(frozen=True, slots=True)
class Forecast:
    """The day on which the case will be done if it is filed today at the promised pace.

    `before` are the working days that acceptance may take; `missing` names the holiday tables that it had to do without.
    """

    finish: date | None
    before: int | None = None
    missing: tuple[str, ...] = ()


def forecast(session: Session, case: Opened, works: Works) -> Forecast:
    """What the clock would predict on filing today."""
    timing, today = case.template.timing, legal_day(works.now)
    if timing is None or case.state.ended:
        return Forecast(None)
    inquiry = inquiry_of(session, case, works)
    schedule = Schedule(case.state, case.template, inquiry, today, standstills(case.state, inquiry))
    limit = case.template.steps[timing.accepted_by].limits.statutory
    before = days_of(limit, inquiry) if limit is not None else None
    return Forecast(schedule.finish(timing.ends_by), before, schedule.missing)


def items_to_correct(case: Opened) -> tuple[str, ...]:
    """The fields and materials that a correction asked for, while it is open."""
    open_steps = {task.step for task in case.state.open_tasks()}
    itemised = (
        outcome.itemised and "form_digest" in outcome.records
        for step in open_steps
        for outcome in case.template.steps[step].outcomes.values()
    )
    asked: Any = case.state.fact("items", ()) if any(itemised) else ()
    return tuple(str(each) for each in asked or ())
