"""Coordinate tables in Excel workbooks (.xlsx): cached values of formulas are used and said, never taken silently."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from marine.findings import Severity
from parcels.readers import archives, tables
from parcels.readers.angles import recognise
from parcels.readers.archives import Archive
from parcels.readers.values import Content, Option, Question, Report, refuse
from parcels.readers.warned import gathered
from parcels.uploads import Choices, Limits

NAME = "workbook"
_BROKEN = (
    InvalidFileException,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    # The errors of both XML parsers that openpyxl may use, the standard library's and lxml's, are of this kind.
    SyntaxError,
    zipfile.BadZipFile,
    OSError,
    EOFError,
    OverflowError,
    AssertionError,
    NotImplementedError,
    RuntimeError,
)
_DOCTYPE_WINDOW = 4096


def sniff(data: bytes) -> bool:
    """A zip archive with the table of contents of an Office file."""
    return archives.is_zip(data) and "[Content_Types].xml" in archives.names(data)


def read(data: bytes, choices: Choices, limits: Limits, report: Report) -> Content:
    """The points of the one sheet that holds any, or of the sheet that `choices.sheet` names."""
    _safe(data, limits)
    # What openpyxl warns of (styles, extensions, validation lists) does not touch the values of cells.
    with gathered():
        values = _sheets(data, limits, cached=True)
        wanted = list(values) if choices.sheet is None else [choices.sheet]
        if choices.sheet is not None and choices.sheet not in values:
            refuse("file.no_such_sheet", sheet=choices.sheet[:80], found=", ".join(values)[:200])
        holding = [name for name in wanted if sum(1 for _, cells in values[name] if _points(cells)) >= 1]
        if not holding:
            formulas = _sheets(data, limits, cached=False)
            _formulas(wanted[0], formulas[wanted[0]], values[wanted[0]], report)
            refuse("table.no_points")
        if len(holding) > 1:
            options = tuple(Option(option="--sheet", value=name) for name in holding)
            return Content(
                format=NAME,
                pieces=(),
                questions=(Question(id="sheet", code="question.sheet", option="--sheet", options=options),),
            )
        sheet = holding[0]
        formulas = _sheets(data, limits, cached=False, only=sheet)
    _formulas(sheet, formulas[sheet], values[sheet], report)
    _dates(sheet, values[sheet])
    rows = [(number, [_text(cell) for cell in cells]) for number, cells in values[sheet]]
    found = tables.pieces_of(rows, limits, report)
    if found is None:
        refuse("table.no_points")
    pieces, declared, decisions = found
    return Content(format=NAME, pieces=pieces, declared=declared, decisions=decisions | {"sheet": sheet})


def _safe(data: bytes, limits: Limits) -> None:
    """Hold the workbook to the limits of every archive, and refuse document types (entity bombs) before any parser sees them."""
    archive = Archive(data, limits)
    if not any(entry.name.startswith("xl/") for entry in archive.entries):
        refuse("file.office_other")
    for entry in archive.entries:
        content = archive.read(entry)
        if entry.suffix in (".xml", ".rels") and b"<!DOCTYPE" in content[:_DOCTYPE_WINDOW].upper().replace(
            b"\x00", b""
        ):
            refuse("file.workbook_doctype", entry=entry.name[:80])


def _sheets(
    data: bytes, limits: Limits, *, cached: bool, only: str | None = None
) -> dict[str, list[tuple[int, list[Any]]]]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=cached, keep_links=False)
        try:
            visible = [
                sheet for sheet in book.worksheets if sheet.sheet_state == "visible" and only in (None, sheet.title)
            ]
            return {sheet.title: list(_rows(sheet, limits)) for sheet in visible}
        finally:
            book.close()
    except _BROKEN as error:
        refuse("file.workbook_damaged", detail=type(error).__name__)


def _rows(sheet: Any, limits: Limits) -> Iterator[tuple[int, list[Any]]]:
    # The size that a sheet claims for itself may be a million empty rows: only rows that are there are gone through.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=limits.columns), start=1):
        if number > limits.rows:
            refuse("table.too_many_rows", limit=limits.rows)
        yield number, list(cells)


def _points(cells: list[Any]) -> bool:
    return sum(1 for cell in cells if isinstance(cell, (int, float, str)) and recognise(_text(cell)) is not None) >= 2


def _text(value: Any) -> str:
    """A cell as text; a float by its shortest decimal digits, which is what the sheet shows at full width."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).strip()


def _formulas(
    sheet: str, formulas: list[tuple[int, list[Any]]], values: list[tuple[int, list[Any]]], report: Report
) -> None:
    """Tell of formulas among the cells: the value that the sheet last computed is used; one that was never computed is refused."""
    cached = dict(values)
    for number, cells in formulas:
        for column, cell in enumerate(cells):
            text = getattr(cell, "text", cell)
            if not (isinstance(text, str) and text.startswith("=")) or (isinstance(cell, str) and len(cell) < 2):
                continue
            row = cached.get(number, [])
            value = row[column] if column < len(row) else None
            place = f"{get_column_letter(column + 1)}{number}"
            if value is None:
                refuse("table.formula_without_value", sheet=sheet[:60], cell=place, formula=text[:60], row=number)
            if isinstance(value, str) and value.startswith("#"):
                refuse("table.formula_error", sheet=sheet[:60], cell=place, value=value[:20], row=number)
            report.add(
                "table.formula",
                Severity.WARNS,
                sheet=sheet[:60],
                cell=place,
                formula=text[:60],
                value=_text(value)[:40],
            )


def _dates(sheet: str, rows: list[tuple[int, list[Any]]]) -> None:
    """Refuse coordinates that the spreadsheet turned into dates or times; the original digits are lost there."""
    for number, cells in rows:
        turned = next((i for i, cell in enumerate(cells) if isinstance(cell, (datetime, date, time, timedelta))), None)
        others = sum(1 for cell in cells if isinstance(cell, (int, float)) and not isinstance(cell, bool))
        if turned is not None and 1 <= others <= 2:
            place = f"{get_column_letter(turned + 1)}{number}"
            refuse("table.cell_is_date", sheet=sheet[:60], cell=place, value=str(cells[turned])[:40], row=number)
