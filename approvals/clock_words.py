"""The clock in words: what stands in a day's cell, and the whole strip as a table that a person can read."""

from __future__ import annotations

from collections.abc import Iterable

from approvals.clock import ClockDay
from data.messages import text

WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
TOLD = {"zh": " · ", "en": ", "}


def cell(day: ClockDay, lang: str) -> str:
    """The words of one day: its label, whether it is predicted, whether the case is done on it; never omitted.

    >>> from datetime import date
    >>> cell(ClockDay(date(2026, 10, 1), "holiday", name="国庆节", predicted=True), "zh")
    '预计 · 国庆节'
    """
    ground = text(f"clock.ground.{day.name}", lang) if day.label == "excluded" else ""
    label = text(f"clock.{day.label}", lang, number=day.number, name=day.name, basis=day.basis, ground=ground)
    parts = [text("clock.predicted", lang)] if day.predicted else []
    parts.append(label)
    if day.finish:
        parts.append(text("clock.finish", lang))
    return TOLD[lang].join(parts)


def table(days: Iterable[ClockDay], lang: str) -> tuple[str, ...]:
    """One line per calendar day: date, weekday, words."""
    return tuple(f"{day.date.isoformat()} {WEEKDAYS[lang][day.date.weekday()]} {cell(day, lang)}" for day in days)
