"""What must hold between values: no gap, no overlap, explicit overrides, and codes that exist."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from data.rulebook.codes import CodeList, Places
from data.rulebook.faults import Fault
from data.rulebook.values import Cell

KEY_LISTS = {
    "use_type": ("use_types",),
    "mode": ("use_modes", "fee_modes"),
    "zone_kind": ("zone_kinds",),
    "layer": ("layers",),
}

Placed = tuple[Cell, str, int]


def faults_between(placed: Iterable[Placed], lists: Mapping[str, CodeList], places: Places) -> tuple[Fault, ...]:
    """Every fault that shows only when values are seen side by side."""
    rows = list(placed)
    found: list[Fault] = []
    groups: defaultdict[tuple[object, ...], list[Placed]] = defaultdict(list)
    for row in rows:
        found.extend(_codes(row, lists, places))
        groups[row[0].rule, row[0].keys, row[0].place].append(row)
    for group in groups.values():
        found.extend(_dates(group))
    if not found:
        found.extend(_overrides(rows, places))
    return tuple(found)


def overlap(a: Cell, b: Cell) -> bool:
    """Whether two values share a day."""
    return (a.since or date.min) <= (b.until or date.max) and (b.since or date.min) <= (a.until or date.max)


def _codes(row: Placed, lists: Mapping[str, CodeList], places: Places) -> Iterable[Fault]:
    cell, file, line = row
    if cell.place not in places:
        yield Fault("rules.place_unknown", file, line, cell.rule, cell.place)
    for name, value in cell.keys:
        if name == "place" and value not in places:
            yield Fault("rules.place_unknown", file, line, cell.rule, value)
        wanted = KEY_LISTS.get(name)
        if wanted and not any(value in lists[each] for each in wanted):
            yield Fault("rules.code_unknown", file, line, cell.rule, f"{name}={value}")


def _dates(group: list[Placed]) -> Iterable[Fault]:
    ordered = sorted(group, key=lambda row: row[0].since or date.min)
    for (before, _, _), (after, file, line) in itertools.pairwise(ordered):
        where = f"{after.rule}{list(after.keys) or ''} @{after.place}"
        if overlap(before, after):
            yield Fault("rules.overlap", file, line, where, str(after.since))
        elif before.until is not None and after.since != before.until + timedelta(days=1):
            yield Fault("rules.gap", file, line, where, f"{before.until}..{after.since}")


def _overrides(rows: list[Placed], places: Places) -> Iterable[Fault]:
    by_question: defaultdict[tuple[object, ...], list[Cell]] = defaultdict(list)
    for cell, _, _ in rows:
        by_question[cell.rule, cell.keys].append(cell)
    for cell, file, line in rows:
        above = places.chain(cell.place)[:-1]
        wider = {
            other.place for other in by_question[cell.rule, cell.keys] if other.place in above and overlap(cell, other)
        }
        if wider and cell.overrides not in wider:
            yield Fault("rules.override_not_said", file, line, cell.rule, ", ".join(sorted(wider)))
        if cell.overrides and not wider:
            yield Fault("rules.overrides_nothing", file, line, cell.rule, cell.overrides)
