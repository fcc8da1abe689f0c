"""Workbooks made on the spot; cached values of formulas are put in as Excel would write them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl


def workbook(
    rows: Sequence[Sequence[Any]] = (), *, sheets: Mapping[str, Sequence[Sequence[Any]]] | None = None
) -> bytes:
    """An .xlsx with one sheet of rows, or with several named ones."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, content in (sheets or {"界址点": rows}).items():
        sheet = book.create_sheet(title)
        for row in content:
            sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_cached(data: bytes, values: Mapping[str, str]) -> bytes:
    """The workbook with the last computed value of some formula cells, as a spreadsheet program leaves it."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                text = content.decode()
                for cell, value in values.items():
                    text = re.sub(
                        rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)<v\s*/>|(<c r="{cell}"[^>]*><f>[^<]*</f>)<v></v>',
                        rf"\g<1>\g<2><v>{value}</v>",
                        text,
                    )
                content = text.encode()
            archive.writestr(info, content)
    return target.getvalue()
