"""The clock of a case as it travels: the strip of days, the three figures apart, the limits of each step, the prediction."""

from __future__ import annotations

from typing import Any

from approvals.clock import CaseClock, Figure, StepLimit
from approvals.clock_words import cell
from approvals.templates import Template
from parcels.checks.serial import source_block


def clock_json(clock: CaseClock, template: Template, lang: str) -> dict[str, Any]:
    """The clock in one language; days and numbers do not depend on it."""
    return {
        "today": clock.today.isoformat(),
        "received_on": _iso(clock.received_on),
        "accepted_on": _iso(clock.accepted_on),
        "finished_on": _iso(clock.finished_on),
        "predicted_finish": _iso(clock.predicted_finish),
        "missing": list(clock.missing),
        "promised": _figure(clock.promised),
        "former": _figure(clock.former),
        "statutory": [_limit(each, template) for each in clock.statutory],
        "statutory_path": {"days": clock.statutory_days, "steps": [each.step for each in clock.statutory_path]},
        "left_out": [
            {
                "ground": each.exclusion.ground,
                "first": each.exclusion.first.isoformat(),
                "last": each.exclusion.last.isoformat(),
                "basis": each.exclusion.basis,
                "house": each.house,
            }
            for each in clock.left_out
        ],
        "days": [
            {
                "date": day.date.isoformat(),
                "label": day.label,
                "number": day.number,
                "basis": day.basis,
                "predicted": day.predicted,
                "finish": day.finish,
                "name": day.name,
                "house": any(
                    each.house and each.exclusion.first <= day.date <= each.exclusion.last for each in clock.left_out
                ),
                "weekday": day.date.isoweekday(),
                "text": cell(day, lang),
            }
            for day in clock.days
        ],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "days": figure.days,
        "counted": figure.counted,
        "finish": _iso(figure.finish),
        "provisional": _iso(figure.provisional),
        "source": source_block(figure.source) if figure.source else None,
    }


def _limit(limit: StepLimit, template: Template) -> dict[str, Any]:
    title = template.steps[limit.step].title
    return {
        "step": limit.step,
        "title": {"zh": title.zh, "en": title.en},
        "days": limit.days,
        "extended_by": limit.extended_by,
        "source": source_block(limit.source),
        "opened_on": _iso(limit.opened_on),
        "done_on": _iso(limit.done_on),
        "finish": _iso(limit.finish),
        "provisional": _iso(limit.provisional),
    }


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
