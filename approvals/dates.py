"""The days of a case by which the rule book is asked: received, accepted, decided; read from its tasks, never chosen."""

from __future__ import annotations

from datetime import date

from approvals.state import State
from approvals.templates import Template


def day_of(state: State, step: str | None) -> date | None:
    """The legal day on which a step was first done in the rounds that still tell; None while it is not."""
    days = [task.effective_on for task in state.telling() if task.step == step and task.effective_on is not None]
    return min(days) if days else None


def dates_of(state: State, template: Template, today: date) -> dict[str, date]:
    """The dates that `RuleBook.inquire` takes; what has not happened yet is judged as if it happened today."""
    timing = template.timing
    if timing is None:
        return dates_between(None, None, None, today)
    return dates_between(
        day_of(state, timing.received_by), accepted_on(state, template), day_of(state, timing.decided_by), today
    )


def dates_between(received: date | None, accepted: date | None, decided: date | None, today: date) -> dict[str, date]:
    """The same from the three days themselves, as a case's row keeps them.

    >>> dates_between(date(2026, 11, 20), None, None, date(2026, 11, 26))["decided"]
    datetime.date(2026, 11, 26)
    """
    received = received or today
    accepted = accepted or max(received, today)
    decided = decided or max(accepted, today)
    return {"received": received, "accepted": accepted, "decided": decided, "period": decided, "event": today}


def accepted_on(state: State, template: Template) -> date | None:
    """The day of acceptance: the step stands done, and not by sending the case back."""
    if template.timing is None:
        return None
    step = template.timing.accepted_by
    outcomes = template.steps[step].outcomes
    done = (task for task in state.current(step) if task.status == "done" and task.outcome is not None)
    # An outcome that neither ends nor goes to a standing of its own (a correction) is no acceptance: something must
    # that rests on it and lies on the way to the end.
    way = way_to(template, template.timing.ends_by)
    for task in done:
        if task.outcome in outcomes and any(
            task.outcome in template.allowed(name, step) for name in way if step in template.steps[name].needs
        ):
            return task.effective_on
    return None


def begun_on(state: State, template: Template, step: str) -> date:
    """The day from which the limit of an opened step runs: when what it needs was legally done.

    A step of the system takes no legal time, and silence dates acceptance back; what was opened anew runs from that day.
    """
    tasks = [task for task in state.current(step) if task.status != "skipped"]
    first = min((task.opened_on for task in tasks), default=state.last_on or date.min)
    if any(task.round > 1 for task in tasks):
        return first
    before = [day for need in template.steps[step].needs if (day := _legally_done(state, template, need))]
    return min(first, max(before, default=first))


def _legally_done(state: State, template: Template, step: str) -> date | None:
    tasks = [task for task in state.current(step) if task.status == "done" and task.effective_on]
    if not tasks:
        return None
    if template.steps[step].role == "system" and template.steps[step].needs:
        return begun_on(state, template, step)
    return max(task.effective_on for task in tasks if task.effective_on)


def way_to(template: Template, end: str) -> tuple[str, ...]:
    """The steps on which an end rests, itself last, in order."""
    found = {end}
    for name in reversed(template.order):
        if name in found:
            found |= set(template.steps[name].needs)
    return tuple(name for name in template.order if name in found)
