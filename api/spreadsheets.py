"""A list as a file that spreadsheets open: CSV with a byte order mark, so that Excel reads Chinese, or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

import openpyxl
from fastapi import Response
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}
# What a spreadsheet takes for a formula when a cell begins with it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(value: Any) -> Any:
    """A cell that no spreadsheet calculates: numbers stay numbers, texts that begin like a formula get an apostrophe.

    >>> safe("=cmd()"), safe(-1.5), safe(None), safe("123")
    ("'=cmd()", -1.5, '', '123')
    """
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return value
    told = str(value)
    return f"'{told}" if told.startswith(FORMULA) else told


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A head and rows as CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe(each) for each in head])
    writer.writerows([safe(each) for each in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A head and rows as a workbook with one sheet, its head frozen."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for row in (head, *rows):
        sheet.append(
            [ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell := safe(each), str) else cell for each in row]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_file(content: bytes, kind: str, name: str) -> Response:
    """The answer that a browser saves under a name."""
    disposition = f"attachment; filename*=UTF-8''{quote(f'{name}.{kind}')}"
    return Response(content, media_type=KINDS[kind], headers={"Content-Disposition": disposition})
