"""Holiday tables by year: those of chinesecalendar, replaced year by year by `data/calendars/*.yaml`.

A year is one value of the rule `calendar.year`: the days off and the weekend days worked, as the annual notice of the
General Office of the State Council sets them. So an administrator enters a new year like any other value, with its document.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from importlib.metadata import version
from typing import Any

import chinese_calendar

from data.rulebook.reading import Reading
from data.rulebook.values import Cell, Origin, Record, Rule
from data.rulebook.yamlfile import read_yaml

RULE = Rule(
    id="calendar.year",
    zh="年度放假安排",
    en="Holiday table of a year",
    governed_by="event",
    type="mapping",
    keys=("year",),
)
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}


def library_years() -> tuple[Cell, ...]:
    """One value per year that the installed chinesecalendar covers."""
    off: defaultdict[int, dict[str, str]] = defaultdict(dict)
    work: defaultdict[int, list[str]] = defaultdict(list)
    for day, name in chinese_calendar.holidays.items():
        off[day.year][day.isoformat()] = NAMES[name]
    for day in chinese_calendar.workdays:
        work[day.year].append(day.isoformat())
    origin = Origin(
        cite="国务院办公厅年度节假日安排通知（chinesecalendar 收录）",
        seen="secondary",
        edition=f"chinesecalendar {version('chinesecalendar')}",
    )
    return tuple(year_cell(year, off[year], work[year], origin) for year in sorted(off))


def year_cell(year: int, off: dict[str, str], work: list[str], origin: Origin) -> Cell:
    """A year's table as a value of `calendar.year`: `off` maps ISO days to the holiday's name, `work` lists ISO days."""
    return Cell(
        rule=RULE.id,
        keys=(("year", str(year)),),
        place="cn",
        since=None,
        until=None,
        value=Record({"off": Record(off), "work": tuple(sorted(work))}),
        status="known",
        origin=origin,
    )


def check_year(keys: dict[str, str], value: Any) -> None:
    """Raise ValueError unless a table entered by hand has named days off and weekend days worked, all of its own year."""
    if set(value) != {"off", "work"}:
        raise ValueError(f"a year has off and work: {sorted(value)}")
    days = [*value["off"], *value["work"]]
    for day in days:
        found = date.fromisoformat(day)
        if str(found.year) != keys["year"]:
            raise ValueError(f"{day} is not in {keys['year']}")
    for day in value["work"]:
        if date.fromisoformat(day).weekday() < 5:
            raise ValueError(f"{day} is no weekend day, so it needs no order to work")
    if len(set(days)) != len(days):
        raise ValueError("a day is off and worked, or named twice")


def read_calendar(text: str, file: str) -> tuple[Cell | None, Reading]:
    """One year's overlay file: `sources`, `year`, `source`, `off` (holiday → days), `work` (days)."""
    reading = Reading(file)
    top = reading.closed(read_yaml(text, file), "", 1, needed=("sources", "year", "source", "off", "work"))
    reading.sources(top.get("sources"))
    origin = reading.origin(top.get("source"), top.line, "source")
    year = top.get("year")
    off: dict[str, str] = {}
    for name, days in (top.get("off") or {}).items():
        for day in _days(reading, days, year, f"off.{name}", top.line):
            if day in off:
                reading.fault("rules.duplicate_key", top.line, f"off.{name}", day)
            off[day] = name
    work = _days(reading, top.get("work"), year, "work", top.line)
    for day in set(work) & set(off):
        reading.fault("rules.duplicate_key", top.line, "work", day)
    reading.unused()
    if reading.faults:
        return None, reading
    return year_cell(int(str(year)), off, work, origin), reading


def _days(reading: Reading, given: Any, year: Any, path: str, line: int) -> list[str]:
    made = []
    for day in given if isinstance(given, list) else ():
        if type(day) is not date or day.year != year:
            reading.fault("rules.not_a_date", line, path, repr(day))
        else:
            made.append(day.isoformat())
    if not isinstance(given, list):
        reading.fault("rules.not_a_date", line, path, repr(given))
    return made
