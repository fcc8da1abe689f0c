"""The closed schema of `data/codes/*.yaml`: code lists, and places with their dated codes by scheme."""

from __future__ import annotations

from typing import Any

from data.rulebook.codes import SCHEMES, Code, CodeList, Place, PlaceCode
from data.rulebook.reading import Reading
from data.rulebook.yamlfile import Located, read_yaml

KINDS = ("nation", "province", "city", "district", "county_city", "zone")


def read_codes(text: str, file: str) -> tuple[list[CodeList], list[Place], Reading]:
    """The lists and places of one file; the reading holds the faults."""
    reading = Reading(file)
    top = reading.closed(read_yaml(text, file), "", 1, needed=("sources",), allowed=("lists", "places"))
    reading.sources(top.get("sources"))
    told = top.get("lists")
    lists = [_list(reading, name, body) for name, body in (told.items() if isinstance(told, Located) else ())]
    places = [_place(reading, body, f"places[{number}]") for number, body in enumerate(top.get("places") or ())]
    known = {place.id for place in places}
    for place in places:
        if place.parent is not None and place.parent not in known:
            reading.fault("rules.place_unknown", 1, place.id, place.parent)
    if len(known) != len(places):
        reading.fault("rules.duplicate_code", 1, "places")
    reading.unused()
    return lists, places, reading


def _list(reading: Reading, name: str, given: Any) -> CodeList:
    body = reading.closed(given, name, 1, needed=("title", "entries"), allowed=("source",))
    zh, en = reading.titles(body.get("title"), f"{name}.title", body.line)
    entries: list[Code] = []
    seen: set[str] = set()
    for number, told in enumerate(body.get("entries") or ()):
        path = f"{name}.entries[{number}]"
        row = reading.closed(
            told, path, body.line, needed=("code", "zh", "en"), allowed=("parent", "from", "until", "source", "note")
        )
        code = reading.text(row, "code", path)
        if code in seen:
            reading.fault("rules.duplicate_code", row.line, path, code)
        parent = row.get("parent")
        if parent is not None and parent not in seen:
            reading.fault("rules.code_unknown", row.line, path, f"parent={parent}")
        seen.add(code)
        entries.append(
            Code(
                code=code,
                zh=reading.text(row, "zh", path),
                en=reading.text(row, "en", path),
                parent=parent,
                since=reading.day(row, "from", path),
                until=reading.day(row, "until", path),
                note=row.get("note"),
                origin=reading.origin(row.get("source", body.get("source")), row.line, path),
            )
        )
    return CodeList(name, zh, en, tuple(entries))


def _place(reading: Reading, given: Any, path: str) -> Place:
    row = reading.closed(given, path, 1, needed=("id", "kind", "zh", "en", "parent", "codes"))
    if row.get("kind") not in KINDS:
        reading.fault("rules.kind_unknown", row.line, path, row.get("kind"))
    codes = []
    for number, told in enumerate(row.get("codes") or ()):
        where = f"{path}.codes[{number}]"
        code = reading.closed(
            told, where, row.line, needed=("scheme", "code", "source"), allowed=("from", "until", "note")
        )
        if code.get("scheme") not in SCHEMES:
            reading.fault("rules.scheme_unknown", code.line, where, code.get("scheme"))
        codes.append(
            PlaceCode(
                scheme=str(code.get("scheme")),
                code=reading.text(code, "code", where),
                since=reading.day(code, "from", where),
                until=reading.day(code, "until", where),
                origin=reading.origin(code.get("source"), code.line, where),
                note=code.get("note"),
            )
        )
    parent = row.get("parent")
    return Place(
        id=reading.text(row, "id", path),
        kind=str(row.get("kind")),
        zh=reading.text(row, "zh", path),
        en=reading.text(row, "en", path),
        parent=parent,
        codes=tuple(codes),
    )
