"""The clock of a case: every calendar day labelled, three figures apart, and the day on which it will be done.

*Statutory* limits run step by step, each by its article, and only a ground that the law names stops them. The *promised*
days run from acceptance to the end; a house switch may move them, never a limit of the law. *Former* days are only told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from approvals.dates import accepted_on, begun_on, day_of, way_to
from approvals.schedule import Schedule
from approvals.silence import days_of
from approvals.state import State, Task
from approvals.templates import Limit, Template
from data.answers import HOUSE_CITE, Source
from data.rulebook import Inquiry
from data.rulebook.inquiry import CONFIRMATION_HOLDS
from marine.workdays import Calendar, Exclusion, run_by_rules


@dataclass(frozen=True, slots=True)
class ClockDay:
    """One calendar day of the strip.

    `label`: `received`, `correction`, `before_acceptance`, `accepted`, `deemed_accepted`, `counted`, `makeup_workday`,
    `weekend`, `holiday`, `fixed_holiday`, `excluded`. `number` counts the promised days; `name` is a holiday or a ground,
    `basis` the article of the ground. `predicted` days lie ahead of today; `finish` is the last one.
    """

    date: date
    label: str
    number: int | None = None
    name: str | None = None
    basis: str | None = None
    predicted: bool = False
    finish: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of working days with its source; `finish` is its last day, `provisional` where a year's table is missing."""

    days: int | None
    counted: int
    finish: date | None
    provisional: date | None
    source: Source | None


@dataclass(frozen=True, slots=True)
class StepLimit:
    """The statutory limit of one step: its article, and the last day where the step has begun. `extended_by` is part of `days`."""

    step: str
    days: int
    source: Source
    extended_by: int = 0
    opened_on: date | None = None
    done_on: date | None = None
    finish: date | None = None
    provisional: date | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Days left out: the ground with its basis; `house` ones move the promised day only."""

    exclusion: Exclusion
    house: bool


@dataclass(frozen=True, slots=True)
class CaseClock:
    """The clock of a case on a day. `statutory_path` is the longest way to the end, its days are summed and never mixed
    with the promise. `missing` names the holiday tables that nobody has entered.
    """

    today: date
    received_on: date | None
    accepted_on: date | None
    days: tuple[ClockDay, ...]
    promised: Figure
    former: Figure
    statutory: tuple[StepLimit, ...]
    statutory_path: tuple[StepLimit, ...]
    left_out: tuple[LeftOut, ...]
    predicted_finish: date | None
    finished_on: date | None
    missing: tuple[str, ...]

    @property
    def statutory_days(self) -> int:
        """Working days by law along the longest way."""
        return sum(limit.days for limit in self.statutory_path)


def clock_of(state: State, template: Template, inquiry: Inquiry, today: date) -> CaseClock:
    """The clock of a case on a day; the inquiry carries the case's dates and place (`approvals.dates`)."""
    assert template.timing is not None
    timing = template.timing
    received, accepted = day_of(state, timing.received_by), accepted_on(state, template)
    finished = day_of(state, timing.ends_by)
    left_out = tuple(_left_out(state, template, inquiry, today))
    every = tuple(each.exclusion for each in left_out)
    schedule = Schedule(state, template, inquiry, today, standstills(state, inquiry))
    predicted = finished or (schedule.finish(timing.ends_by) if received and not state.ended else None)
    last = max(day for day in (predicted, finished or today, received or today) if day)
    if state.ended and not finished:
        last = state.last_on or today
    days = tuple(_strip(state, template, inquiry, (received, accepted, finished, predicted), last, today, every))
    promised = _figure(timing.figures.promised, inquiry, accepted, every, days, today)
    statutory = tuple(_limits(state, template, inquiry, left_out))
    missing = (*schedule.missing, *(f"calendar.{day.date.year}" for day in days if not _known(inquiry, day.date.year)))
    if promised.provisional is not None:
        missing = (*missing, f"calendar.{promised.provisional.year}")
    return CaseClock(
        today=today,
        received_on=received,
        accepted_on=accepted,
        days=days,
        promised=promised,
        former=_figure(timing.figures.former, inquiry, None, (), (), today),
        statutory=statutory,
        statutory_path=_longest(template, statutory),
        left_out=left_out,
        predicted_finish=predicted,
        finished_on=finished,
        missing=tuple(dict.fromkeys(missing)),
    )


def _left_out(state: State, template: Template, inquiry: Inquiry, today: date) -> Iterator[LeftOut]:
    """Days left out by an act that names a ground of the law, and by steps that are themselves such a ground."""
    answer = inquiry.ask("days.excluded_grounds")
    lawful = tuple(answer.value or ())
    switches = inquiry.ask("days.house_exclusions").value or {}
    yield from (LeftOut(each, house=False) for each in standstills(state, inquiry))
    for task in state.tasks:
        ground = template.steps[task.step].excluded_as or ""
        span = _span(task, today)
        if span is None:
            continue
        if ground in lawful:
            yield LeftOut(Exclusion(*span, ground, answer.source.cite), house=False)
        elif switches.get(ground) is True:
            yield LeftOut(Exclusion(*span, ground, HOUSE_CITE), house=True)


def standstills(state: State, inquiry: Inquiry) -> tuple[Exclusion, ...]:
    """Days that an act left out by a ground of the law: nothing goes on meanwhile, so the prediction moves with them."""
    answer = inquiry.ask("days.excluded_grounds")
    made = []
    for note in state.noted("exclusion"):
        ground = str(note.facts["ground"])
        if ground in tuple(answer.value or ()):
            first, last = (date.fromisoformat(note.facts[name]) for name in ("first", "last"))
            made.append(Exclusion(first, last, ground, answer.source.cite))
    return tuple(made)


def _span(task: Task, today: date) -> tuple[date, date] | None:
    """The days that a task takes: from the day after it opened to the day it was done, or today."""
    if task.status in ("skipped", "closed") or (task.done_on is None and task.status != "open"):
        return None
    first, last = task.opened_on + timedelta(days=1), task.done_on or today
    return (first, last) if first <= last else None


def _strip(
    state: State,
    template: Template,
    inquiry: Inquiry,
    marks: tuple[date | None, date | None, date | None, date | None],
    last: date,
    today: date,
    left_out: tuple[Exclusion, ...],
) -> Iterator[ClockDay]:
    received, accepted, finished, predicted = marks
    if received is None:
        return
    calendar = Calendar.of(inquiry, range(received.year, last.year + 1))
    waiting = tuple(_waiting(state, template, today))
    number = 0
    for offset in range((last - received).days + 1):
        day = received + timedelta(days=offset)
        ahead = day > today
        finish = day == (finished or predicted)
        if accepted is None or day < accepted:
            label = "received" if day == received else "before_acceptance"
            if any(first < day <= until for first, until in waiting):
                label = "correction"
            yield ClockDay(day, label, predicted=ahead, finish=finish)
            continue
        if day == accepted:
            yield ClockDay(day, _acceptance(state, template), basis=_cite(template), predicted=ahead, finish=finish)
            continue
        told = calendar.label(day)
        ground = next((each for each in left_out if each.covers(day)), None) if told.counted else None
        if ground is not None:
            yield ClockDay(day, "excluded", None, ground.ground, ground.basis, ahead, finish)
            continue
        number += told.counted
        yield ClockDay(day, told.label, number if told.counted else None, told.name, None, ahead, finish)


def _limits(state: State, template: Template, inquiry: Inquiry, left_out: tuple[LeftOut, ...]) -> Iterator[StepLimit]:
    """The statutory limit of every step that has one; only grounds of the law stop it."""
    assert template.timing is not None
    by_law = tuple(each.exclusion for each in left_out if not each.house)
    for name in template.order:
        limit = template.steps[name].limits.statutory
        days = days_of(limit, inquiry) if limit else None
        if limit is None or days is None:
            continue
        extended = 0
        if name == template.timing.decided_by and template.timing.extension and state.noted("extension"):
            extended = days_of(template.timing.extension, inquiry) or 0
        tasks = [task for task in state.current(name) if task.status != "skipped"]
        opened = begun_on(state, template, name) if tasks else None
        done = [task.done_on for task in tasks]
        ended = max(day for day in done if day) if done and all(done) else None
        # Art. 45 stops the limits of its own section: not the five days before acceptance, and no limit that has been kept.
        stops = [each for each in by_law if template.steps[name].counts and not (ended and each.first > ended)]
        run = run_by_rules(inquiry, opened, days + extended, stops) if opened else None
        yield StepLimit(
            step=name,
            days=days + extended,
            source=source_of(limit, template, inquiry),
            extended_by=extended,
            opened_on=opened,
            done_on=ended,
            finish=run.finish if run else None,
            provisional=run.provisional_finish if run else None,
        )


def _longest(template: Template, limits: tuple[StepLimit, ...]) -> tuple[StepLimit, ...]:
    """The way to the end with the most statutory days, of the steps that count; what precedes acceptance does not."""
    assert template.timing is not None
    known = {limit.step: limit for limit in limits}
    best: dict[str, tuple[StepLimit, ...]] = {}
    for name in way_to(template, template.timing.ends_by):
        before = [best[need] for need in template.steps[name].needs]
        way = max(before, key=lambda path: sum(limit.days for limit in path), default=())
        counts = template.steps[name].counts and name in known
        best[name] = (*way, known[name]) if counts else way
    return best[template.timing.ends_by]


def source_of(limit: Limit, template: Template, inquiry: Inquiry) -> Source:
    """Where a limit comes from: the rule book's own source, or that of the template's file."""
    if limit.rule is not None:
        return inquiry.ask(limit.rule).source
    origin = template.sources[str(limit.source)]
    fresh = origin.checked is not None and inquiry.today - origin.checked <= CONFIRMATION_HOLDS
    mark = {"house": "house", "text": None if fresh else "edition_not_confirmed"}.get(origin.seen, "unverified")
    return Source(
        f"process.{template.template}",
        cite=origin.cite,
        seen=origin.seen,
        confidence=origin.confidence,
        edition=origin.edition,
        checked=origin.checked,
        mark=mark,
    )


def _figure(
    limit: Limit | None,
    inquiry: Inquiry,
    start: date | None,
    left_out: tuple[Exclusion, ...],
    strip: tuple[ClockDay, ...],
    today: date,
) -> Figure:
    """A figure of the whole: the rule book may not have it for the place, then its days are None."""
    answer = inquiry.ask(limit.rule) if limit and limit.rule else None
    days = days_of(limit, inquiry) if limit else None
    counted = max((day.number for day in strip if day.number and day.date <= today), default=0)
    source = answer.source if answer and days is not None else None
    if days is None or start is None:
        return Figure(days, counted, None, None, source)
    run = run_by_rules(inquiry, start, days, left_out)
    return Figure(days, counted, run.finish, run.provisional_finish, source)


def _waiting(state: State, template: Template, today: date) -> Iterator[tuple[date, date]]:
    """The spans in which the case waits for the applicant before acceptance: steps that send it back to acceptance."""
    assert template.timing is not None
    for task in state.tasks:
        outcomes = template.steps[task.step].outcomes.values()
        if any(outcome.reopens == template.timing.accepted_by for outcome in outcomes):
            yield task.opened_on, task.done_on or (state.last_on if state.ended and state.last_on else today)


def _acceptance(state: State, template: Template) -> str:
    assert template.timing is not None
    done = [task for task in state.current(template.timing.accepted_by) if task.status == "done"]
    return "deemed_accepted" if any(task.role == "system" for task in done) else "accepted"


def _cite(template: Template) -> str:
    assert template.timing is not None
    return template.sources[template.steps[template.timing.accepted_by].source].cite


def _known(inquiry: Inquiry, year: int) -> bool:
    return inquiry.ask("calendar.year", year=year).value is not None
