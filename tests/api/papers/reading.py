"""Reading papers back: the words of a PDF with their places, as poppler sees them, and from these rows, tables and points."""

from __future__ import annotations

import re
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# Left edges of the two columns of a list of fields, and of the notes, in points (paper.typ: 22 mm, then 37 mm and 44 mm).
LABELS, VALUES, NOTES = 64.0, 168.0, 409.0
HEAD, FOOT = 68.0, 742.0
TALLEST = 24.0
# Label and value of a row are set in two sizes: their tops differ by less than this.
ROUNDING = 4.0
ANGLE = re.compile(r"(\d+)(\d{2}°\d{2}′\d{2}\.\d{3}″)(\d{3}°\d{2}′\d{2}\.\d{3}″)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a page: its left edge, its top, its right edge, in points from the upper left corner."""

    page: int
    x: float
    y: float
    right: float
    text: str

    @property
    def at(self) -> tuple[int, float]:
        return self.page, self.y


def words_of(pdf: Path) -> list[Word]:
    """All words of the body, in the order of lines; the watermark, head and foot are left out."""
    told = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, check=True).stdout
    # poppler writes control characters as they are, and HTML that is XML but for its entities.
    found = []
    for number, page in enumerate(ElementTree.fromstring(told.decode()).iter("{http://www.w3.org/1999/xhtml}page"), 1):
        for word in page:
            x, y, right, bottom = (float(word.attrib[name]) for name in ("xMin", "yMin", "xMax", "yMax"))
            if bottom - y < TALLEST and HEAD < y < FOOT:
                found.append(Word(number, x, y, right, word.text or ""))
    return sorted(found, key=lambda word: (word.page, round(word.y), word.x))


def squeezed(text: str) -> str:
    """A text without its white space: a line may break anywhere."""
    return "".join(text.split())


def fields_of(words: Sequence[Word], labels: Sequence[str]) -> list[str]:
    """The values of the rows with these labels, in their order, squeezed; AssertionError where a label is not met in its turn."""
    column = [word for word in words if LABELS <= word.x < VALUES]
    tops: list[tuple[int, float]] = []
    ends: list[tuple[int, float]] = []
    at = 0
    for label in labels:
        wanted, told, top = squeezed(label), "", None
        while told != wanted:
            assert at < len(column), f"{label!r} is not on the paper; met {told!r}"
            word = column[at]
            at += 1
            if told and not wanted.startswith(told + word.text):
                told, top = "", None
            if not wanted.startswith(told + word.text):
                continue
            top = top or word.at
            told += word.text
        assert top is not None
        tops.append(top)
        ends.append(column[at].at if at < len(column) else (10**6, 0.0))
    return [
        _value(words, top, min(end, *tops[number + 1 : number + 2] or [end]))
        for number, (top, end) in enumerate(zip(tops, ends, strict=True))
    ]


def _value(words: Sequence[Word], top: tuple[int, float], end: tuple[int, float]) -> str:
    """What stands in the column of values between two tops."""
    first, last = (top[0], top[1] - ROUNDING), (end[0], end[1] - ROUNDING)
    headings = [word.at for word in words if word.x < LABELS and first < word.at < last]
    last = min([last, *((page, y - ROUNDING) for page, y in headings)])
    return squeezed("".join(word.text for word in words if VALUES <= word.x < NOTES and first <= word.at < last))


def table_of(words: Sequence[Word], heads: Sequence[str], last: str) -> list[list[str]]:
    """The rows of a table by the heads of its columns, squeezed, to the row that begins with `last` (its total)."""
    at, columns = _heads(words, heads)
    rows: list[list[str]] = []
    repeated = set(map(squeezed, heads))
    for word in words[at:]:
        column = max((number for number, x in enumerate(columns) if x <= word.x + 2), default=0)
        if column == 0 and word.text == last:
            return rows
        if squeezed(word.text) in repeated and word.text not in {cell for row in rows[-1:] for cell in row}:
            continue
        if column == 0 and word.text.isdecimal() and word.text == str(len(rows) + 1):
            rows.append([""] * len(heads))
        if rows:
            rows[-1][column] += word.text
    raise AssertionError(f"the table has no row {last!r}")


def _heads(words: Sequence[Word], heads: Sequence[str]) -> tuple[int, list[float]]:
    """Where a table's heads stand: the word after them, and the left edge of each column."""
    wanted = [squeezed(head) for head in heads]
    for at in range(len(words)):
        line = [word for word in words[at : at + 12] if word.page == words[at].page and abs(word.y - words[at].y) < 3]
        if [word.text for word in line][: len(wanted)] == wanted:
            return at + len(wanted), [word.x for word in line[: len(wanted)]]
    raise AssertionError(f"no table has the heads {heads}")


def points_of(words: Sequence[Word]) -> list[tuple[str, str, str]]:
    """Number, latitude and longitude of the boundary points, line by line."""
    return [(number, lat, lon) for number, lat, lon in ANGLE.findall("".join(word.text for word in words))]
