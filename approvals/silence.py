"""What the system itself must do because nobody did: silent acceptance, silent answers, lapse of what rests too long.

Pure: the day and the rule book are handed in. A job asks this once a legal day and passes each act to `engine.advance`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from approvals.acts import Act
from approvals.engine import possible_acts
from approvals.state import State
from approvals.templates import Limit, Template
from data.rulebook import Inquiry
from marine.workdays import Calendar


def due_acts(state: State, template: Template, inquiry: Inquiry, today: date) -> Iterator[Act]:
    """The acts of the system that are due on a day; in working days only where every year counted has its holiday table.

    A limit of five working days from Monday is over on the next Monday: on the sixth working day the silence speaks.
    """
    allowed = {(each.name, each.key or None) for each in possible_acts(state, template, "system")}
    for task in state.open_tasks():
        silence = template.steps[task.step].silence
        if silence is None:
            continue
        name = f"{task.step}.{silence.outcome}"
        if (name, task.key) in allowed:
            yield from _due(name, task.key, silence.after, task.opened_on, inquiry, today)
    for name, act in template.acts.items():
        if act.idle is not None and (name, None) in allowed and state.last_on is not None:
            yield from _due(name, None, act.idle, state.last_on, inquiry, today)


def working_days_between(after: date, today: date, calendar: Calendar) -> int | None:
    """Working days after one day, up to and including another; None where a year's holiday table is missing.

    >>> working_days_between(date(2026, 9, 30), date(2026, 10, 9), Calendar({}, frozenset(), frozenset({2026})))
    7
    """
    days = [after + timedelta(days=n) for n in range(1, (today - after).days + 1)]
    if any(day.year not in calendar.years for day in days):
        return None
    return sum(calendar.label(day).counted for day in days)


def days_of(limit: Limit, inquiry: Inquiry) -> int | None:
    """The working days of a limit: its own, or what the rule book says for the case; None where nobody has supplied it."""
    if limit.rule is None:
        return limit.days
    value = inquiry.ask(limit.rule).value
    return int(value) if value is not None else None


class Span(NamedTuple):
    """How long a limit is: days, working days unless the rule that it names is told in calendar days."""

    days: int
    calendar: bool = False


def span_of(limit: Limit, inquiry: Inquiry) -> Span | None:
    """The length of a limit; None where nobody has supplied it."""
    days = days_of(limit, inquiry)
    if days is None:
        return None
    return Span(days, limit.rule is not None and inquiry.book.rule(limit.rule).unit == "day")


def _due(name: str, key: str | None, limit: Limit, since: date, inquiry: Inquiry, today: date) -> Iterator[Act]:
    span = span_of(limit, inquiry)
    if span is None:
        return
    counted = "days_passed" if span.calendar else "working_days_passed"
    passed = (today - since).days if span.calendar else _working_days(since, today, inquiry)
    if passed is not None and passed > span.days:
        yield Act(name=name, key=key, on=today, role="system", facts={counted: passed, "limit_days": span.days})


def _working_days(since: date, today: date, inquiry: Inquiry) -> int | None:
    return working_days_between(since, today, Calendar.of(inquiry, range(since.year, today.year + 1)))
