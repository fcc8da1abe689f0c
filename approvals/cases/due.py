"""By when an open step of a case should be done: what an inbox is sorted by."""

from __future__ import annotations

from datetime import date

from approvals.cases.waiting import LastDay, last_day
from approvals.templates import Template
from data.rulebook import Inquiry


def due_of(template: Template, step: str, since: date, inquiry: Inquiry) -> LastDay | None:
    """The day by which a step opened on a day should be done: as promised, else by law, else before silence decides.

    None where nobody has entered its rule: no limit is guessed.
    """
    told = template.steps[step]
    for limit in (told.limits.promised, told.limits.statutory, told.silence and told.silence.after):
        last = last_day(limit, since, inquiry) if limit else None
        if last is not None:
            return last
    return None
