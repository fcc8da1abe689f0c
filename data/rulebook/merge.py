"""Laying the administrator's overlay on a book: entries that beat packaged values, confirmations that lift a doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from data.answers import HOUSE_CITE
from data.rulebook.book import RuleBook, Stale, sort_cells
from data.rulebook.calendars import RULE as CALENDAR
from data.rulebook.calendars import check_year
from data.rulebook.checks import faults_between, overlap
from data.rulebook.faults import Fault, RuleBookError, UnknownRule
from data.rulebook.schema import typed_value
from data.rulebook.values import SEEN, Cell, Confirmation, Confirmed, Entry, Origin

OVERLAY = "overlay"


def merge(book: RuleBook, entries: Sequence[Entry] = (), confirmations: Sequence[Confirmation] = ()) -> RuleBook:
    """A new book: the packaged one, the entries in force (withdrawn ones left out by the caller), the confirmations.

    An entry beats the packaged value for its dates and place. A confirmation holds for the value it was given for:
    where that value is gone or has changed, the doubt returns and the confirmation is listed in `stale`.
    Raises RuleBookError when an entry names no rule, has no document or source, a wrong type, or meets another entry.
    """
    faults: list[Fault] = []
    made: list[Cell] = []
    for number, entry in enumerate(entries):
        path = f"entries[{number}] {entry.rule}"
        cell = _cell(book, entry, path, faults)
        if cell is None:
            continue
        for other in made:
            same = (other.rule, other.keys, other.place) == (cell.rule, cell.keys, cell.place)
            if same and overlap(other, cell):
                faults.append(Fault("rules.entry_overlaps", OVERLAY, 0, path, str(cell.since)))
        found = faults_between([(replace(cell, overrides=None), OVERLAY, 0)], book.codes, book.places)
        faults.extend(found)
        made.append(cell)
    if faults:
        raise RuleBookError(tuple(faults))
    cells, stale = _confirm([*(cell for cell in book.cells if cell.layer != OVERLAY), *made], confirmations)
    return RuleBook(book.rules, sort_cells(cells), book.codes, book.places, stale)


def _cell(book: RuleBook, entry: Entry, path: str, faults: list[Fault]) -> Cell | None:
    try:
        rule = book.rule(entry.rule)
        keys = book.keys(entry.rule, dict(entry.keys))
        value = typed_value(rule, entry.value)
        if rule.id == CALENDAR.id:
            check_year(dict(keys), value)
    except UnknownRule:
        faults.append(Fault("rules.rule_unknown", OVERLAY, 0, path))
        return None
    except (ArithmeticError, TypeError, ValueError) as wrong:
        faults.append(Fault("rules.value_type", OVERLAY, 0, path, str(wrong)))
        return None
    if not entry.cite.strip() or not entry.document.strip():
        faults.append(Fault("rules.cite_missing", OVERLAY, 0, path))
    if entry.seen not in SEEN:
        faults.append(Fault("rules.seen_unknown", OVERLAY, 0, path, entry.seen))
    elif (entry.seen == "house") != entry.cite.startswith(HOUSE_CITE):
        faults.append(Fault("rules.house_cite", OVERLAY, 0, path, entry.cite))
    if entry.since and entry.until and entry.until < entry.since:
        faults.append(Fault("rules.until_before_from", OVERLAY, 0, path))
    return Cell(
        rule=entry.rule,
        keys=keys,
        place=entry.place,
        since=entry.since,
        until=entry.until,
        value=value,
        status="known" if value is not None else "abolished",
        origin=Origin(cite=entry.cite, seen=entry.seen, edition=entry.edition, checked=entry.checked),
        layer=OVERLAY,
        document=entry.document,
    )


def _confirm(cells: Sequence[Cell], confirmations: Sequence[Confirmation]) -> tuple[list[Cell], tuple[Stale, ...]]:
    made = [replace(cell, confirmed=None) for cell in cells]
    stale: list[Stale] = []
    for word in confirmations:
        here = [
            number
            for number, cell in enumerate(made)
            if cell.rule == word.rule
            and dict(cell.keys) == {name: str(value) for name, value in word.keys.items()}
            and cell.place == word.place
            and cell.since == word.since
        ]
        agreed = [number for number in here if made[number].fingerprint == word.fingerprint]
        if not agreed:
            stale.append(Stale(word, made[here[0]] if here else None))
        for number in agreed:
            made[number] = replace(made[number], confirmed=Confirmed(by=word.by, on=word.on, document=word.document))
    return made, tuple(stale)
