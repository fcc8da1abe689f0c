"""The closed schema of `data/rules/*.yaml`: rules, their dated values, and rows by key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from data.rulebook.reading import Reading
from data.rulebook.values import GOVERNING_DATES, Cell, Origin, Record, Rule, freeze, keys_of
from data.rulebook.yamlfile import Located, read_yaml

WANTED: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "decimal": (Decimal, int),
    "boolean": (bool,),
    "text": (str,),
    "date": (date,),
    "list": (list, tuple),
    "mapping": (dict, Record),
}
RULE_KEYS = ("title", "governed_by", "type", "values")
BLOCK_KEYS = ("until", "place", "source", "overrides", "note", "status", "value", "rows")
ROW_KEYS = ("value", "each", "source", "note", "status")


@dataclass(frozen=True, slots=True)
class RuleFile:
    """What one file says: rules, cells, and the line of each cell's block for later faults."""

    rules: tuple[Rule, ...]
    cells: tuple[tuple[Cell, int], ...]


def read_rules(text: str, file: str) -> tuple[RuleFile, Reading]:
    """Rules and values of one file; the reading holds the faults."""
    reading = Reading(file)
    top = reading.closed(read_yaml(text, file), "", 1, needed=("sources", "rules"))
    reading.sources(top.get("sources"))
    rules: list[Rule] = []
    cells: list[tuple[Cell, int]] = []
    told = top.get("rules")
    for name, body in (told if isinstance(told, Located) else {}).items():
        rule = _rule(reading, name, body)
        rules.append(rule)
        for number, block in enumerate(body.get("values") or () if isinstance(body, Located) else ()):
            cells.extend(_block(reading, rule, block, f"{name}.values[{number}]"))
    reading.unused()
    return RuleFile(tuple(rules), tuple(cells)), reading


def _rule(reading: Reading, name: str, given: Any) -> Rule:
    body = reading.closed(given, name, 1, needed=RULE_KEYS, allowed=("unit", "keys", "band"))
    zh, en = reading.titles(body.get("title"), f"{name}.title", body.line)
    governed, kind = body.get("governed_by"), body.get("type")
    if governed not in GOVERNING_DATES:
        reading.fault("rules.governed_by", body.line, name, governed)
    if kind not in WANTED:
        reading.fault("rules.type_unknown", body.line, name, kind)
    if not isinstance(body.get("values"), list) or not body["values"]:
        reading.fault("rules.no_values", body.line, name)
        body["values"] = []
    return Rule(
        id=name,
        zh=zh,
        en=en,
        governed_by=str(governed),
        type=str(kind),
        unit=body.get("unit"),
        keys=tuple(body.get("keys") or ()),
        band=body.get("band"),
    )


def _block(reading: Reading, rule: Rule, given: Any, path: str) -> list[tuple[Cell, int]]:
    block = reading.closed(given, path, 1, needed=("from",), allowed=BLOCK_KEYS)
    if ("rows" in block) != bool(rule.keys) or ("value" in block) == bool(rule.keys):
        reading.fault("rules.rows_or_value", block.line, path)
        return []
    since, until = reading.day(block, "from", path), reading.day(block, "until", path)
    if since and until and until < since:
        reading.fault("rules.until_before_from", block.line, path)
    base = Cell(
        rule=rule.id,
        keys=(),
        place=str(block.get("place", "cn")),
        since=since,
        until=until,
        value=None,
        status="known",
        origin=Origin(cite="", seen=""),
        overrides=block.get("overrides"),
        note=block.get("note"),
    )
    if not rule.keys:
        return [(_cell(reading, rule, base, block, block.get("source"), path), block.line)]
    made: list[tuple[Cell, int]] = []
    for number, row in enumerate(block["rows"] or ()):
        made.extend(_row(reading, rule, base, row, block, f"{path}.rows[{number}]"))
    return made


def _row(reading: Reading, rule: Rule, base: Cell, given: Any, block: Located, path: str) -> list[tuple[Cell, int]]:
    row = reading.closed(given, path, block.line, needed=(), allowed=(*rule.keys, *ROW_KEYS))
    each = row.get("each")
    if ("value" in row) == ("each" in row):
        reading.fault("rules.value_or_each", row.line, path)
        return []
    spread = dict(each) if isinstance(each, Located) else {}
    if "each" in row and (len(spread) != 1 or not isinstance(next(iter(spread.values())), Located)):
        reading.fault("rules.each", row.line, path)
        return []
    named = {name: _choices(row.get(name)) for name in rule.keys if name not in spread}
    for name, choices in named.items():
        if not choices or not all(isinstance(choice, str) for choice in choices):
            reading.fault("rules.key_value", row.line, f"{path}.{name}", row.get(name))
            return []
    inner: list[tuple[dict[str, str], Any]] = [({}, row.get("value"))]
    for name, values in spread.items():
        inner = [({name: key}, value) for key, value in values.items()]
    made = []
    for combination in product(*named.values()):
        for extra, value in inner:
            keys = {**dict(zip(named, combination, strict=True)), **extra}
            if set(keys) != set(rule.keys):
                reading.fault("rules.key_value", row.line, path, sorted(keys))
                continue
            told = Located({**row, "value": value})
            told.line = row.line
            start = replace(base, keys=keys_of(rule.keys, keys), note=row.get("note", base.note))
            source = row.get("source", block.get("source"))
            made.append((_cell(reading, rule, start, told, source, path), row.line))
    return made


def _choices(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def _cell(reading: Reading, rule: Rule, base: Cell, given: Located, source: Any, path: str) -> Cell:
    origin = reading.origin(source, given.line, path)
    value, status = given.get("value"), given.get("status")
    if (value is None) != (status in ("unknown", "abolished")) or status not in (None, "unknown", "abolished"):
        reading.fault("rules.status", given.line, path, status)
    try:
        value = typed_value(rule, value)
    except (TypeError, ValueError) as wrong:
        reading.fault("rules.value_type", given.line, path, wrong)
    return replace(base, value=value, status=status or "known", origin=origin)


def typed_value(rule: Rule, value: Any) -> Any:
    """The value as the rule's type, frozen; raises TypeError or ValueError saying what is wrong.

    >>> typed_value(Rule(id="x", zh="", en="", governed_by="decided", type="decimal"), 3)
    Decimal('3')
    """
    if value is None:
        return None
    return _bands(rule, value) if rule.band else _plain_value(rule.type, value)


def _plain_value(kind: str, value: Any) -> Any:
    wanted = WANTED.get(kind, ())
    if not isinstance(value, wanted) or (isinstance(value, bool) and kind != "boolean"):
        raise TypeError(f"{value!r} is not {kind}")
    if kind != "decimal":
        return freeze(value)
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError(f"{value!r} is no number")
    return number


def _bands(rule: Rule, given: Any) -> Any:
    if not isinstance(given, list | tuple) or not given:
        raise TypeError(f"{given!r} is not a list of bands")
    made: list[Record] = []
    reached: Decimal | None = Decimal(0)
    for band in given:
        if not {"from", "below", "value"} <= set(band) <= {"from", "below", "value", "cite"}:
            raise ValueError(f"a band has from, below, value (and cite): {sorted(band)}")
        if reached is None:
            raise ValueError("a band follows an open one")
        low = Decimal(band["from"])
        if low != reached:
            raise ValueError(f"bands leave a gap or overlap at {reached}: the next begins at {low}")
        below = Decimal(band["below"]) if band["below"] is not None else None
        if below is not None and below <= low:
            raise ValueError(f"the band from {low} ends at {below}")
        value = None if band["value"] is None else _plain_value(rule.type, band["value"])
        kept = {"from": low, "below": below, "value": value}
        made.append(Record({**kept, "cite": band["cite"]} if "cite" in band else kept))
        reached = below
    if reached is not None:
        raise ValueError(f"bands end at {reached}; the last one must be open (below: null)")
    return tuple(made)
