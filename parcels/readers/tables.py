"""Coordinate tables of any origin (text or spreadsheet) to pieces: parcels, units, holes, and what the words around them say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from marine.coordinates import AngleError, ms_from_text
from marine.findings import Severity
from parcels.readers.rows import Block, Point, Row, Table, is_unit_title, read_rows, with_units
from parcels.readers.units import UnitRow, notation_rows, resolve
from parcels.readers.values import Declared, Numbers, Piece, RawRing, RawUnit, Report, refuse
from parcels.uploads import Limits, Origin

_CGCS2000 = re.compile(
    r"CGCS\s*-?\s*2000|2000\s*国家大地|国家\s*2000|国家大地坐标系\s*2000|大地\s*2000|EPSG:4490", re.IGNORECASE
)
_WGS84 = re.compile(r"WGS\s*-?_?\s*(?:19)?84|EPSG:4326", re.IGNORECASE)
_OLD = re.compile(
    r"(?:北京|beijing)\s*-?\s*(?:19)?54|(?:西安|xi'?an)\s*-?\s*(?:19)?80|54\s*北京坐标|80\s*西安坐标|(?:1954|1980)年?(?:北京|西安)坐标",
    re.IGNORECASE,
)
_WEB_MAPS: tuple[tuple[re.Pattern[str], Origin], ...] = (
    (re.compile(r"GCJ\s*-?\s*02|火星坐标|高德|腾讯地图", re.IGNORECASE), "gcj02"),
    (re.compile(r"BD\s*-?\s*09|百度", re.IGNORECASE), "bd09"),
)
_MERIDIAN = re.compile(
    r"(?:中央(?:子午线|经线)|central\s+meridian)\s*[:：为=]?\s*(?:东经|E)?\s*([0-9][0-9.°º′'’″\"度分秒\s]*)",
    re.IGNORECASE,
)
_EPSG = re.compile(r"EPSG\s*:\s*(\d{4,6})", re.IGNORECASE)
_PACKED = re.compile(r"1?\d{1,2}\.([0-5]\d[0-5]\d)\d*")
_FEWEST_PACKED = 8
_HOLE = re.compile(r"内|孔|洞|hole|inner|interior", re.IGNORECASE)


def pieces_of(
    rows: Sequence[Row], limits: Limits, report: Report
) -> tuple[tuple[Piece, ...], Declared, dict[str, Any]] | None:
    """Understand the rows of one table; None where they hold no point."""
    unit_rows, rest = notation_rows(rows)
    table = read_rows(rest, report)
    if table is None:
        return None
    if sum(len(block.points) for block in table.blocks) > limits.vertices:
        refuse("file.too_many_vertices", limit=limits.vertices)
    pieces = _pieces(table, unit_rows, report)
    _packed_angles(pieces, report)
    declared = _declared(table, report)
    layout = table.columns
    decisions: dict[str, Any] = {
        "columns": {"first": [i + 1 for i in layout.first], "second": [i + 1 for i in layout.second], "by": layout.by}
        | {
            key: getattr(layout, key) + 1
            for key in ("number", "unit", "mode", "parcel", "ring")
            if getattr(layout, key) is not None
        },
        "points": sum(len(block.points) for block in table.blocks),
    }
    return pieces, declared, decisions


def _pieces(table: Table, unit_rows: list[UnitRow], report: Report) -> tuple[Piece, ...]:
    blocks = table.blocks
    if any(is_unit_title(block.title) for block in blocks) and table.columns.unit is None:
        blocks = with_units(blocks)
    parcels: dict[str, list[Block]] = {}
    for block in blocks:
        parcels.setdefault(block.points[0].parcel, []).append(block)
    found: list[Piece] = []
    for name, members in parcels.items():
        found.extend(_parcel(name, members, len(found), report))
    if unit_rows:
        found = [resolve(found, unit_rows, report, outline_listed=False)]
    if len(found) > 1 and table.columns.parcel is None:
        report.add("table.blocks_are_parcels", Severity.NOTES, count=len(found))
    return tuple(found)


def _packed_angles(pieces: Sequence[Piece], report: Report) -> None:
    """Warn when every decimal could be minutes and seconds run together (37.2436 for 37°24′36″), as field books write them.

    Seconds under 60 happen to six in ten true decimals: the doubt needs eight different ones, and is wrong once in sixty.
    """
    values = [value for piece in pieces for corner in piece.corners for value in corner]
    packed = [match for value in values if (match := _PACKED.fullmatch(str(value)))]
    if len(packed) == len(values) and len({match[1] for match in packed}) >= _FEWEST_PACKED:
        value = str(values[0])
        degrees, decimals = value.split(".")
        read_as = f"{degrees}°{decimals[:2]}′{decimals[2:4]}{'.' + decimals[4:] if decimals[4:] else ''}″"
        report.add("table.packed_angles", Severity.WARNS, value=value, angle=read_as)


def _parcel(name: str, blocks: list[Block], before: int, report: Report) -> list[Piece]:
    if any(block.points[0].unit for block in blocks):
        return [Piece(rings=(), units=_units(blocks), feature_number=before + 1, name=name or None)]
    pieces: list[Piece] = []
    for block in blocks:
        ring, numbers = _ring(block)
        if _HOLE.search(block.points[0].ring) and pieces:
            outer = pieces[-1]
            pieces[-1] = Piece(
                rings=(*outer.rings, ring),
                numbers=(*outer.numbers, numbers),
                feature_number=outer.feature_number,
                name=outer.name,
            )
            continue
        number = before + len(pieces) + 1
        pieces.append(Piece(rings=(ring,), numbers=(numbers,), feature_number=number, name=name or block.title or None))
    return pieces


def _units(blocks: list[Block]) -> tuple[RawUnit, ...]:
    units: dict[str, list[Block]] = {}
    for block in blocks:
        first = block.points[0]
        known = units.setdefault(first.unit, [])
        if known and not _HOLE.search(first.ring):
            refuse("table.unit_comes_back", row=first.row, unit=first.unit[:60])
        known.append(block)
    made = []
    for name, members in units.items():
        rings = [_ring(block) for block in members]
        mode = members[0].points[0].mode or None
        made.append(RawUnit(name=name, rings=tuple(r for r, _ in rings), numbers=tuple(n for _, n in rings), mode=mode))
    return tuple(made)


def _ring(block: Block) -> tuple[RawRing, Numbers]:
    points: list[Point] = block.points
    return tuple(point.corner for point in points), tuple(point.number for point in points)


def _declared(table: Table, report: Report) -> Declared:
    """What titles and footnotes say about the reference system; an old datum among them is refused at once."""
    words = " ".join(table.words)
    if old := _OLD.search(words):
        refuse("crs.datum_needs_parameters", crs=old[0], datum=old[0])
    said = "cgcs2000" if _CGCS2000.search(words) else "wgs84" if _WGS84.search(words) else None
    if _CGCS2000.search(words) and _WGS84.search(words):
        refuse("crs.two_in_one_file", first="CGCS2000", second="WGS 84")
    code = _EPSG.search(words)
    origin = next((origin for pattern, origin in _WEB_MAPS if pattern.search(words)), None)
    if said is not None:
        report.add("crs.words_read", Severity.NOTES, words="CGCS2000" if said == "cgcs2000" else "WGS 84")
    return Declared(
        crs=f"EPSG:{code[1]}" if code else None,
        crs_by="words" if code else None,
        axis=table.axis,
        axis_by="header" if table.axis else None,
        angular=table.columns.angular,
        datum_said=said,
        central_meridian=_meridian(words),
        origin_said=origin,
    )


def _meridian(words: str) -> float | None:
    match = _MERIDIAN.search(words)
    if match is None:
        return None
    try:
        return ms_from_text(match[1].strip()) / 3_600_000
    except AngleError:
        return None
