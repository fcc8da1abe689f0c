"""Working days: which days count towards a limit, and on which day a limit ends (行政许可法 82, 民法典 201 and 203)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from data.rulebook import Inquiry
from marine.findings import Source

WEEKEND = (5, 6)


@dataclass(frozen=True, slots=True)
class DayLabel:
    """One calendar day of a run.

    `label` is `start`, `counted`, `makeup_workday`, `weekend`, `holiday`, `fixed_holiday` (a year without its table)
    or `excluded`; `name` is the holiday or the ground.
    """

    date: date
    label: str
    counted: bool
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Days left out by a named ground with its basis, both included; never without one (docs/rules.md)."""

    first: date
    last: date
    ground: str
    basis: str

    def covers(self, day: date) -> bool:
        """Whether the day is left out."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class ClockRun:
    """A count of working days: `finish` is None where a year's holiday table is missing, then `provisional_finish` says
    where weekends and fixed holidays alone would end it. `missing` names what is needed, e.g. `calendar.2027`.
    """

    start: date
    asked_days: int
    finish: date | None
    provisional_finish: date | None
    days: tuple[DayLabel, ...]
    missing: tuple[str, ...]
    basis: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """Holiday tables by year: `off` days with their names, weekend days worked, and the holidays on fixed solar days."""

    off: Mapping[date, str]
    work: frozenset[date]
    years: frozenset[int]
    fixed: Mapping[tuple[int, int], str] = field(default_factory=dict)
    basis: Mapping[int, Source] = field(default_factory=dict)

    @classmethod
    def of(cls, inquiry: Inquiry, years: Iterable[int]) -> Calendar:
        """The tables of these years from the rule book (rules calendar.year and calendar.fixed_holidays)."""
        off: dict[date, str] = {}
        work: set[date] = set()
        known: dict[int, Source] = {}
        for year in years:
            told = inquiry.ask("calendar.year", year=year)
            if told.value is None:
                continue
            known[year] = told.source
            off |= {date.fromisoformat(day): name for day, name in told.value["off"].items()}
            work |= {date.fromisoformat(day) for day in told.value["work"]}
        fixed = inquiry.ask("calendar.fixed_holidays").value or {}
        return cls(off, frozenset(work), frozenset(known), {_month_day(day): n for day, n in fixed.items()}, known)

    def label(self, day: date) -> DayLabel:
        """What the day is, apart from any case.

        >>> Calendar({date(2026, 10, 1): "国庆节"}, frozenset(), frozenset({2026})).label(date(2026, 10, 1)).label
        'holiday'
        """
        if day.year not in self.years:
            fixed = self.fixed.get((day.month, day.day))
            if fixed:
                return DayLabel(day, "fixed_holiday", False, fixed)
        if day in self.off:
            return DayLabel(day, "holiday", False, self.off[day])
        if day in self.work:
            return DayLabel(day, "makeup_workday", True)
        if day.weekday() in WEEKEND:
            return DayLabel(day, "weekend", False)
        return DayLabel(day, "counted", True)


def run(start: date, days: int, calendar: Calendar, exclusions: Iterable[Exclusion] = ()) -> ClockRun:
    """Count working days from the day after `start` (开始当日不计入) until the last of them is over.

    Zero days end on `start` itself. The count always ends on a working day, so art. 203 of the Civil Code needs no step.
    """
    if days < 0:
        raise ValueError(f"days are not negative: {days}")
    left_out = tuple(exclusions)
    labels = [DayLabel(start, "start", False)]
    missing: dict[str, None] = {}
    day, counted = start, 0
    while counted < days:
        day += timedelta(days=1)
        label = _in_case(calendar.label(day), left_out)
        labels.append(label)
        counted += label.counted
        if day.year not in calendar.years:
            missing[f"calendar.{day.year}"] = None
    years = sorted({label.date.year for label in labels} & set(calendar.basis))
    return ClockRun(
        start=start,
        asked_days=days,
        finish=None if missing else day,
        provisional_finish=day if missing else None,
        days=tuple(labels),
        missing=tuple(missing),
        basis=tuple(calendar.basis[year] for year in years),
    )


def run_by_rules(inquiry: Inquiry, start: date, days: int, exclusions: Iterable[Exclusion] = ()) -> ClockRun:
    """Count by the rule book's own tables, asking only for the years that the run reaches."""
    first = run(start, days, Calendar.of(inquiry, (start.year,)), exclusions)
    reached = range(start.year, first.days[-1].date.year + 1)
    if len(reached) == 1:
        return first
    # Later years' holidays push the end further still; one more year is asked for only when the run meets it.
    while True:
        found = run(start, days, Calendar.of(inquiry, reached), exclusions)
        last = found.days[-1].date.year
        if last < reached.stop:
            return found
        reached = range(start.year, last + 1)


def _in_case(label: DayLabel, left_out: tuple[Exclusion, ...]) -> DayLabel:
    ground = next((each.ground for each in left_out if each.covers(label.date)), None)
    return DayLabel(label.date, "excluded", False, ground) if ground and label.counted else label


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)
