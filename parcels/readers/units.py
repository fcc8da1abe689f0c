"""Use units given by ring notation (`1-2-…-1`) over numbered points: from `units.csv`, or from a unit table in the same sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from marine import notation
from marine.findings import Refusal, Severity
from parcels.readers.columns import role_of
from parcels.readers.delimiters import split
from parcels.readers.texts import decode
from parcels.readers.values import Corner, Numbers, Piece, RawRing, RawUnit, Report, refuse
from parcels.uploads import Limits, Upload

_NOTATION = re.compile(
    r"[\s(]*[A-Za-z]?\d+(?:\s*[-—–\uff0d]\s*(?:[A-Za-z]?\d+|…|⋯|\.{2,}))+(?:\s*[;；]\s*[\d…\-—–\uff0d.\s]+)*[)\s]*"
)
# A dash after a digit, and room for 1-2-3-1: most cells of a table have neither.
_DASH = re.compile("[0-9][ )]*[-—–\uff0d]")
_SHORTEST_NOTATION = 5
_PARCEL_WORDS = frozenset(("parcel", "宗海", "宗海界址", "outline", "外轮廓"))


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One line of a unit table: name, rings as point numbers, use mode, and the row it stands in."""

    row: int
    name: str
    rings: tuple[tuple[int, ...], ...]
    mode: str | None


def read_units(upload: Upload, encoding: str | None, limits: Limits, report: Report) -> list[UnitRow]:
    """The rows of a `units.csv` (unit, ring, mode; headers Chinese, English or none)."""
    if not upload.data.strip():
        refuse("units.empty", name=upload.name[:80])
    text, _ = decode(upload.data, encoding, report)
    rows = split(text, limits)
    found = [row for row in rows if any(cell.strip() for cell in row[1])]
    roles = _roles(found[0][1]) if found else None
    body = found[1:] if roles else found
    units = [_unit_row(number, cells, roles or {"unit": 0, "notation": 1, "mode": 2}) for number, cells in body]
    if not units:
        refuse("units.empty", name=upload.name[:80])
    return units


def _roles(cells: Sequence[str]) -> dict[str, int] | None:
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        role = role_of(cell)
        if role is not None:
            found.setdefault("notation" if role == "ring" else role, index)
    return found if "notation" in found else None


def _unit_row(number: int, cells: Sequence[str], roles: dict[str, int]) -> UnitRow:
    def cell(role: str) -> str:
        at = roles.get(role)
        return cells[at].strip() if at is not None and at < len(cells) else ""

    if not cell("notation"):
        refuse("units.ring_missing", row=number, unit=cell("unit")[:60])
    return UnitRow(number, cell("unit") or str(number), _parse(cell("notation"), number), cell("mode") or None)


def _parse(text: str, row: int) -> tuple[tuple[int, ...], ...]:
    try:
        return notation.parse(text)
    except Refusal as error:
        refuse(error.code, **{**error.facts, "row": row})


def notation_rows(rows: Sequence[tuple[int, list[str]]]) -> tuple[list[UnitRow], list[tuple[int, list[str]]]]:
    """Take the rows of a 宗海内部单元表 out of a sheet: those with a closed ring notation in one cell."""
    units: list[UnitRow] = []
    rest: list[tuple[int, list[str]]] = []
    for number, cells in rows:
        at = next((i for i, cell in enumerate(cells) if _is_notation(cell)), None)
        if at is None:
            rest.append((number, cells))
            continue
        words = [cell.strip() for cell in cells[:at] if cell.strip()]
        after = [
            cell.strip() for cell in cells[at + 1 :] if cell.strip() and not re.fullmatch(r"\d+\.\d+", cell.strip())
        ]
        name = words[0] if words else str(number)
        mode = words[1] if len(words) > 1 else after[0] if after else None
        units.append(UnitRow(number, name, _parse(cells[at], number), mode))
    return units, rest


def _is_notation(cell: str) -> bool:
    """A ring notation ends where it began and names three points: nothing else (no date, no angle) looks like that."""
    if len(cell) < _SHORTEST_NOTATION or not _DASH.search(cell) or not _NOTATION.fullmatch(cell):
        return False
    numbers = re.findall(r"\d+", re.split(r"[;；]", cell)[0])
    return len(numbers) >= 3 and numbers[0] == numbers[-1]


def resolve(pieces: Sequence[Piece], rows: Sequence[UnitRow], report: Report, *, outline_listed: bool) -> Piece:
    """Lay units over the numbered points of one parcel.

    `outline_listed`: the piece's ring is the outline (a feature file); else its points are only a list (a table), and the
    parcel is the union of the units or the row named 宗海.
    """
    if outline_listed and len(pieces) != 1:
        refuse("units.several_parcels", count=len(pieces))
    points = _numbered(pieces, report)
    units: list[RawUnit] = []
    outline: tuple[tuple[RawRing, ...], tuple[Numbers, ...]] | None = None
    for row in rows:
        rings = tuple(tuple(_corner(points, number, row) for number in ring) for ring in row.rings)
        numbers: tuple[Numbers, ...] = tuple(tuple(ring) for ring in row.rings)
        if row.name.strip().lower() in _PARCEL_WORDS:
            outline = rings, numbers
        else:
            units.append(RawUnit(name=row.name, rings=rings, numbers=numbers, mode=row.mode))
    _unused(points, rows, report)
    first = pieces[0]
    if outline is None and outline_listed:
        outline = first.rings, first.numbers or _by_order(first)
    return Piece(
        rings=outline[0] if outline else (),
        numbers=outline[1] if outline else (),
        units=tuple(units),
        properties=first.properties,
        feature_number=first.feature_number,
        part=first.part,
        name=first.name,
    )


def _by_order(piece: Piece) -> tuple[Numbers, ...]:
    numbers: list[Numbers] = []
    count = 0
    for ring in piece.rings:
        numbers.append(tuple(range(count + 1, count + 1 + len(ring))))
        count += len(ring)
    return tuple(numbers)


def _numbered(pieces: Sequence[Piece], report: Report) -> dict[int, Corner]:
    """Number → corner over all points; points without numbers count in the order of the file, and that is said."""
    given = [piece.numbers for piece in pieces]
    if not any(number is not None for numbers in given for ring in numbers for number in ring):
        report.add("units.numbered_by_order", Severity.WARNS)
        given = [_by_order(piece) for piece in pieces]
    points: dict[int, Corner] = {}
    for piece, numbers in zip(pieces, given, strict=True):
        for ring, labels in zip(piece.rings, numbers, strict=True):
            for corner, number in zip(ring, labels, strict=True):
                if number is None:
                    continue
                if points.setdefault(number, corner) != corner:
                    refuse("table.number_twice", number=number)
    return points


def _corner(points: dict[int, Corner], number: int, row: UnitRow) -> Corner:
    if number not in points:
        refuse("units.no_such_point", unit=row.name[:60], number=number, row=row.row)
    return points[number]


def _unused(points: dict[int, Corner], rows: Sequence[UnitRow], report: Report) -> None:
    used = {number for row in rows for ring in row.rings for number in ring}
    left = sorted(set(points) - used)
    if left:
        report.add("units.points_unused", Severity.WARNS, numbers=left[:20], count=len(left))
