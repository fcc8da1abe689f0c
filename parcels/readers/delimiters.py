"""Text to rows of cells: commas, tabs, semicolons, bars, Chinese punctuation or plain spaces, whichever the text uses."""

from __future__ import annotations

import csv
import io
import re

from parcels.readers.values import refuse
from parcels.uploads import Limits

Row = tuple[int, list[str]]
# Spaces inside an angle (121° 30′ 29.6″ E) must not part its cells.
_INSIDE_ANGLE = re.compile(
    r"(?<=[°º˚∘度′'’分])[ \t\u3000]+(?=[\d.])|(?<=[″\"”秒])[ \t\u3000]+(?=[NSEWnsew](?:[\s,;|]|$))"
)
_ANGLE_MARKS = re.compile(r"[°º˚∘度]")
_THREE_PARTS = re.compile(r"\d{1,3} \d{1,2} \d{1,2}(?:\.\d+)?")
_DIGIT = re.compile(r"\d")


def split(text: str, limits: Limits) -> list[Row]:
    """Rows with their line number, counted from 1; a text in one line is parted into pairs."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x1a", "").split("\n")
    if len(lines) > limits.rows:
        refuse("table.too_many_rows", limit=limits.rows)
    filled = [line for line in lines if line.strip()]
    if len(filled) == 1 and (pairs := _one_line(filled[0])):
        return pairs
    sign = delimiter(filled[:200])
    rows = _by_sign(lines, sign, limits) if sign else [(n, _by_space(line)) for n, line in enumerate(lines, start=1)]
    wide = next((number for number, cells in rows if len(cells) > limits.columns * 4), None)
    if wide is not None:
        refuse("table.too_many_columns", row=wide, limit=limits.columns * 4)
    return rows


def delimiter(lines: list[str]) -> str | None:
    """The sign that parts most lines that hold digits; None for spaces.

    >>> delimiter(["1,2", "3,4"]), delimiter(["1\\t2,5"]), delimiter(["1 37°01′ 122°05′"])
    (',', '\\t', None)
    """
    numeric = [line for line in lines if _DIGIT.search(line)] or lines
    for sign in ("\t", ";", "；", "|", "，", ",", "、"):
        if numeric and sum(1 for line in numeric if sign in line) * 2 > len(numeric):
            return sign
    return None


def _by_sign(lines: list[str], sign: str, limits: Limits) -> list[Row]:
    if not sign.isascii():
        return [(n, [cell.strip() for cell in line.split(sign)]) for n, line in enumerate(lines, start=1)]
    reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=sign, strict=False)
    rows: list[Row] = []
    before = 0
    try:
        for cells in reader:
            # A quoted cell may span lines: a row is known by the line on which it starts.
            rows.append((before + 1, [cell.strip() for cell in cells]))
            before = reader.line_num
    except csv.Error:
        refuse("table.quotes_broken", row=before + 1)
    return rows


def _by_space(line: str) -> list[str]:
    joined = _INSIDE_ANGLE.sub("", line.strip())
    if not joined:
        return []
    if _ANGLE_MARKS.search(joined):
        return joined.split()
    wide = [cell.strip() for cell in re.split(r"[ \u3000]{2,}", joined)]
    if len(wide) >= 2 and all(" " not in cell or _THREE_PARTS.fullmatch(cell) for cell in wide):
        return wide
    return joined.split()


def _one_line(line: str) -> list[Row]:
    """`122.1,37.1 122.2,37.1 …` or `122.1 37.1, 122.2 37.1, …` or `…;…`: pairs in one line, at least three of them."""
    for outer, inner in ((";", "[,\\s]+"), ("；", "[,，\\s]+"), (r"\s+", ","), (",", r"\s+"), ("，", r"\s+")):
        parts = [part.strip() for part in re.split(outer, line.strip()) if part.strip()]
        pairs = [[cell for cell in re.split(inner, part) if cell] for part in parts]
        if len(pairs) >= 3 and all(len(pair) in (2, 3) for pair in pairs):
            return [(number, pair) for number, pair in enumerate(pairs, start=1)]
    return []
