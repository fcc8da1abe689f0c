"""The book that came with this version: `data/codes`, `data/rules` and `data/calendars`, read by their closed schemas."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from data.rulebook.book import RuleBook, sort_cells
from data.rulebook.calendars import RULE as CALENDAR
from data.rulebook.calendars import library_years, read_calendar
from data.rulebook.checks import Placed, faults_between
from data.rulebook.codefile import read_codes
from data.rulebook.codes import CodeList, Place, Places
from data.rulebook.faults import Fault, RuleBookError
from data.rulebook.schema import read_rules
from data.rulebook.values import Rule


@lru_cache(maxsize=1)
def packaged() -> RuleBook:
    """The packaged book; read and checked once per process."""
    texts = {kind: _texts(kind) for kind in ("codes", "rules", "calendars")}
    return read_book(**texts)


def read_book(*, codes: Mapping[str, str], rules: Mapping[str, str], calendars: Mapping[str, str]) -> RuleBook:
    """A book from texts by file name; raises RuleBookError with every fault found."""
    faults: list[Fault] = []
    lists: dict[str, CodeList] = {}
    places: list[Place] = []
    for file, text in codes.items():
        made, found, code_reading = read_codes(text, file)
        lists.update({each.name: each for each in made})
        places.extend(found)
        faults.extend(code_reading.faults)
    known: dict[str, Rule] = {CALENDAR.id: CALENDAR}
    placed: list[Placed] = []
    for file, text in rules.items():
        told, reading = read_rules(text, file)
        faults.extend(reading.faults)
        for rule in told.rules:
            if rule.id in known:
                faults.append(Fault("rules.duplicate_key", file, 1, rule.id))
            known[rule.id] = rule
        placed.extend((cell, file, line) for cell, line in told.cells)
    years = {cell.keys: (cell, "chinesecalendar", 0) for cell in library_years()}
    for file, text in calendars.items():
        year, reading = read_calendar(text, file)
        faults.extend(reading.faults)
        if year:
            years[year.keys] = (year, file, 1)
    placed.extend(years.values())
    everywhere = Places(tuple(places))
    if not faults:
        faults.extend(faults_between(placed, lists, everywhere))
    if faults:
        raise RuleBookError(tuple(faults))
    return RuleBook(known, sort_cells(cell for cell, _, _ in placed), lists, everywhere)


def _texts(kind: str) -> dict[str, str]:
    folder = files("data").joinpath(kind)
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return {name: folder.joinpath(name).read_text(encoding="utf-8") for name in names}
