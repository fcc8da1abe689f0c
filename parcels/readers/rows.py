"""From rows of cells to pieces: titles and headers told apart from points, rings from blocks, units from columns or titles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from marine.coordinates import AngleError
from marine.findings import Severity
from parcels.readers import columns as heads
from parcels.readers.angles import exact_ms, recognise
from parcels.readers.columns import Columns, point_number
from parcels.readers.values import Corner, Report, refuse
from parcels.uploads import AxisOrder

Row = tuple[int, list[str]]
_FEWEST_CORNERS = 3
_UNIT_TITLE = re.compile(r"^(?:内部|用海)?单元\s*[0-9A-Za-z一二三四五六七八九十甲乙丙丁]*\b|^unit\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Point:
    """One row that holds a point, with what the row says about it."""

    row: int
    corner: Corner
    number: int | None
    named: str
    unit: str = ""
    mode: str = ""
    parcel: str = ""
    ring: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Rows with the same key belong to the same ring."""
        return self.parcel, self.unit, self.ring


@dataclass(slots=True)
class Block:
    """Points of one ring in order, and the title that stands above them."""

    points: list[Point]
    title: str = ""
    closed: bool = False
    start: tuple[float, float] | None = None

    def is_closed_by(self, point: Point) -> bool:
        """Whether a row repeats the first point of its ring, as statutory tables do."""
        if len(self.points) < _FEWEST_CORNERS:
            return False
        if self.start is None:
            self.start = _values(self.points[0].corner)
        return self.start == _values(point.corner)


@dataclass(slots=True)
class Table:
    """What the rows came to: blocks of points, the columns, and all words that stand around them."""

    blocks: list[Block]
    columns: Columns
    words: list[str]
    axis: AxisOrder | None


def read_rows(rows: Sequence[Row], report: Report) -> Table | None:
    """Understand a table; None if it holds no points at all."""
    filled = [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]
    header = _find_header(filled)
    layout = header[1] if header else heads.from_values(filled)
    if layout is None:
        return None
    start = header[0] if header else 0
    reader = _Walk(layout, report)
    for number, cells in rows:
        if number > start:
            reader.take(number, cells)
        elif number < start:
            reader.words.append(" ".join(cells))
        else:
            reader.words.append(" ".join(cells))
    blocks = reader.finish()
    if not blocks:
        return None
    return Table(blocks, layout, reader.words, _axis(layout, reader.axes, report))


def _find_header(filled: list[Row]) -> tuple[int, Columns] | None:
    for index, (number, cells) in enumerate(filled[:50]):
        following = filled[index + 1][1] if index + 1 < len(filled) else []
        if (found := heads.from_header(cells, following)) is not None:
            return number, found
        # A second line of headings (degrees, minutes, seconds) stands between the first and the numbers.
        if index + 2 < len(filled) and (found := heads.from_header(cells, filled[index + 2][1])) is not None:
            return number, found
    return None


def _axis(layout: Columns, named: set[tuple[str, str]], report: Report) -> AxisOrder | None:
    """The order that the header or the cells (N, 北纬 …) name; cells that contradict each other are refused."""
    orders = {
        "lonlat" if pair in (("lon", "lat"), ("lon", ""), ("", "lat")) else "latlon" for pair in named if any(pair)
    }
    if len(orders) > 1 or any(one == two for one, two in named if one):
        refuse("table.axis_in_cells_mixed")
    by_cells = next(iter(orders), None)
    if by_cells is not None and layout.axis is not None and by_cells != layout.axis:
        refuse("table.axis_header_and_cells")
    return by_cells or layout.axis  # type: ignore[return-value]


class _Walk:
    """Goes down the rows once, opening and closing blocks."""

    def __init__(self, layout: Columns, report: Report) -> None:
        self._layout = layout
        self._report = report
        self._blocks: list[Block] = []
        self._open: Block | None = None
        self._title = ""
        self._gaps: set[int] = set()
        self._last = {"unit": "", "mode": "", "parcel": "", "ring": ""}
        self.words: list[str] = []
        self.axes: set[tuple[str, str]] = set()

    def take(self, number: int, cells: list[str]) -> None:
        """Take one row: blank, point, or words."""
        if not any(cell.strip() for cell in cells):
            if self._open is not None:
                self._gaps.add(len(self._blocks) - 1)
            self._open = None
            return
        point = self._point(number, cells)
        if point is not None:
            self._add(point)
            return
        text = " ".join(cell.strip() for cell in cells if cell.strip())
        self.words.append(text)
        self._open = None
        self._last = {"unit": "", "mode": "", "parcel": "", "ring": ""}
        if heads.from_header(cells) is None:
            self._title = text[:120]

    def finish(self) -> list[Block]:
        """The blocks; blank lines between every point or two (double spacing) separate nothing."""
        if self._gaps and all(len(block.points) < _FEWEST_CORNERS and not block.closed for block in self._blocks):
            whole = Block([point for block in self._blocks for point in block.points], self._blocks[0].title)
            self._blocks, points = [], whole.points
            self._open = None
            self._title = whole.title
            for point in points:
                self._add(point)
        return self._blocks

    def _add(self, point: Point) -> None:
        block = self._open
        if block is not None and (block.closed or block.points[-1].key != point.key):
            block = None
        if block is None:
            block = Block([point], self._title)
            self._blocks.append(block)
            self._open = block
            return
        if block.is_closed_by(point):
            block.closed = True
            return
        block.points.append(point)

    def _point(self, number: int, cells: list[str]) -> Point | None:
        layout = self._layout
        texts = [_joined(cells, at) for at in (layout.first, layout.second)]
        found = [recognise(text) for text in texts]
        named = _cell(cells, layout.number)
        if found[0] is None or found[1] is None:
            if not any(texts) or (layout.by == "values" and found[0] is None and found[1] is None):
                return None
            if (
                heads.from_header(cells) is not None
                or all(heads.role_of(t) for t in texts)
                or _is_word_row(found, texts, named)
            ):
                return None
            wrong = 0 if found[0] is None else 1
            at = (layout.first, layout.second)[wrong][0] + 1
            code = "table.cell_empty" if not texts[wrong] else "table.cell_unreadable"
            refuse(code, row=number, column=at, value=texts[wrong][:40], point=named or number)
        for text, cell in zip(texts, found, strict=True):
            if cell is not None and cell.angular:
                _check_angle(text, named or str(number), number)
        self.axes.add((found[0].axis or "", found[1].axis or ""))
        for key in self._last:
            # Merged cells of a spreadsheet hold their text in the first row only.
            if text := _cell(cells, getattr(layout, key)):
                self._last[key] = text
        if named and point_number(named) is None:
            self._report.add("table.name_not_number", Severity.NOTES, row=number, name=named[:40])
        return Point(
            number, (found[0].text, found[1].text), point_number(named) if named else None, named, **self._last
        )


def _is_word_row(found: Sequence[object], texts: Sequence[str], named: str) -> bool:
    """A row of words, such as a second line of headings or a signature, not a point gone wrong."""
    return (
        found[0] is None
        and found[1] is None
        and point_number(named) is None
        and not any(re.search(r"\d", t) for t in texts)
    )


def _check_angle(text: str, point: str, row: int) -> None:
    try:
        exact_ms(text)
    except AngleError as error:
        refuse(f"{error.code}.at_point", **{**error.facts, "point": point, "row": row})


def _cell(cells: Sequence[str], at: int | None) -> str:
    return cells[at].strip() if at is not None and at < len(cells) else ""


def _joined(cells: Sequence[str], at: tuple[int, ...]) -> str:
    parts = [_cell(cells, index) for index in at]
    if len(parts) == 1 or not all(parts):
        return parts[0] if len(parts) == 1 else "".join(parts)
    whole = [part.removesuffix(".0") for part in parts[:2]]
    return f"{whole[0]}°{whole[1]}′{parts[2]}″"


def _values(corner: Corner) -> tuple[float, float]:
    return _value(str(corner[0])), _value(str(corner[1]))


def _value(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float(exact_ms(text))


def is_unit_title(title: str) -> bool:
    """Whether a line above a block names a use unit.

    >>> is_unit_title("单元1 码头"), is_unit_title("Unit A"), is_unit_title("宗海二")
    (True, True, False)
    """
    return bool(_UNIT_TITLE.match(title))


def with_units(blocks: Iterable[Block]) -> list[Block]:
    """Give each point the unit that its block's title names."""
    return [replace_unit(block) for block in blocks]


def replace_unit(block: Block) -> Block:
    """The block with its title as the unit of every point."""
    return Block([replace(point, unit=block.title) for point in block.points], block.title, block.closed)
