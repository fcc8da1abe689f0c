"""What the columns of a coordinate table mean: by their header in Chinese or English, or by what stands in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from parcels.readers.angles import recognise
from parcels.readers.values import refuse
from parcels.uploads import AxisOrder

# In Chinese surveying X is the northing and Y the easting; elsewhere it is the reverse. `x` and `y` therefore decide nothing
# by themselves: the range does, or a question.
_WORDS: dict[str, tuple[str, ...]] = {
    "number": (
        "点号",
        "界址点",
        "界址点号",
        "界址点编号",
        "点编号",
        "序号",
        "编号",
        "顺序号",
        "拐点",
        "拐点号",
        "no",
        "no.",
        "id",
        "point",
        "point no",
        "point number",
        "pt",
        "vertex",
        "number",
        "#",
        "num",
        "n°",
        "seq",
    ),
    "lat": (
        "北纬",
        "纬度",
        "纬",
        "lat",
        "latitude",
        "lat.",
        "b",
        "纬度b",
        "大地纬度",
        "纬度(n)",
        "北纬(n)",
        "lat(n)",
        "y_lat",
        "point_y_lat",
    ),
    "lon": (
        "东经",
        "经度",
        "经",
        "lon",
        "lng",
        "long",
        "longitude",
        "lon.",
        "l",
        "经度l",
        "大地经度",
        "经度(e)",
        "东经(e)",
        "lon(e)",
        "x_lon",
    ),
    "north": (
        "北坐标",
        "纵坐标",
        "northing",
        "north",
        "n",
        "纵坐标x",
        "纵坐标(x)",
        "x(北)",
        "x(纵)",
        "x坐标(北)",
        "北(x)",
        "北坐标x",
        "纵向x",
        "x(n)",
    ),
    "east": (
        "东坐标",
        "横坐标",
        "easting",
        "east",
        "e",
        "横坐标y",
        "横坐标(y)",
        "y(东)",
        "y(横)",
        "y坐标(东)",
        "东(y)",
        "东坐标y",
        "横向y",
        "y(e)",
    ),
    "x": ("x", "x坐标", "坐标x", "point_x", "x(m)", "x(米)", "xcoord", "x_coord", "x/m"),
    "y": ("y", "y坐标", "坐标y", "point_y", "y(m)", "y(米)", "ycoord", "y_coord", "y/m"),
    "unit": (
        "单元",
        "内部单元",
        "宗海内部单元",
        "用海单元",
        "内部单元名称",
        "单元名称",
        "unit",
        "use unit",
        "unit name",
    ),
    "mode": ("用海方式", "方式", "用海方式代码", "mode", "use mode", "use_mode"),
    "parcel": (
        "宗海",
        "宗海名称",
        "宗海编号",
        "宗海代码",
        "地块",
        "地块号",
        "地块编号",
        "区块",
        "parcel",
        "polygon",
        "feature",
        "面",
        "图斑",
    ),
    "ring": ("环", "环号", "圈号", "ring", "part", "内外环"),
    "notation": ("界址线", "界址点连线", "界址线编号", "ring notation", "boundary", "points", "连线"),
}
_ROLES = {word: role for role, words in _WORDS.items() for word in words}
_PARTS_WORDS = ("", "度", "分", "秒", "°", "′", "″", "'", '"', "deg", "min", "sec", "d", "m", "s")
_UNIT_TAIL = re.compile(r"[(\[](?:m|米|度|°|deg|degrees?|dms|d°m′s″|度分秒|°′″|cgcs2000|wgs84|n|e)[)\]]$|/(?:m|米|度)$")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each thing stands: column indexes from 0. A coordinate may spread over three columns (degrees, minutes, seconds)."""

    first: tuple[int, ...]
    second: tuple[int, ...]
    axis: AxisOrder | None = None
    angular: bool | None = None
    number: int | None = None
    unit: int | None = None
    mode: int | None = None
    parcel: int | None = None
    ring: int | None = None
    by: str = "header"


def role_of(text: str) -> str | None:
    """What a header cell means, None for an unknown word.

    >>> role_of("北纬(N)"), role_of("纵坐标X（米）"), role_of("Longitude"), role_of("备注")
    ('lat', 'north', 'lon', None)
    """
    word = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().lower()
    bare = word.replace(" ", "") if not word.isascii() else word
    return _ROLES.get(bare) or _ROLES.get(_UNIT_TAIL.sub("", bare).strip())


def from_header(cells: Sequence[str], next_row: Sequence[str] = ()) -> Columns | None:
    """The columns that a header row names, None if the row is no header of a coordinate table."""
    roles: dict[str, int] = {}
    for index, cell in enumerate(cells):
        role = role_of(cell) if cell else None
        if role is not None and role not in roles:
            roles[role] = index
    pair = _pair(roles)
    if pair is None:
        return None
    first, second, axis, angular = pair
    return Columns(
        first=_spread(first, cells, next_row, angular),
        second=_spread(second, cells, next_row, angular),
        axis=axis,
        angular=angular,
        number=roles.get("number"),
        unit=roles.get("unit"),
        mode=roles.get("mode"),
        parcel=roles.get("parcel"),
        ring=roles.get("ring"),
    )


def _pair(roles: dict[str, int]) -> tuple[int, int, AxisOrder | None, bool | None] | None:
    """The two coordinate columns in the order in which they stand, the axis order, and whether they must be angles."""
    for across, up, angular in (("lon", "lat", True), ("east", "north", None)):
        if across in roles and up in roles:
            one, two = roles[across], roles[up]
            return (one, two, "lonlat", angular) if one < two else (two, one, "latlon", angular)
    if "x" in roles and "y" in roles:
        return min(roles["x"], roles["y"]), max(roles["x"], roles["y"]), None, None
    return None


def _spread(at: int, cells: Sequence[str], next_row: Sequence[str], angular: bool | None) -> tuple[int, ...]:
    """Three columns where one heading stands over degrees, minutes and seconds."""
    behind = [cells[at + k].strip().lower() if at + k < len(cells) else None for k in (1, 2)]
    if angular is None or any(text is None or text not in _PARTS_WORDS for text in behind):
        return (at,)
    filled = [next_row[at + k].strip() if at + k < len(next_row) else "" for k in (0, 1, 2)]
    return (at, at + 1, at + 2) if all(_is_number(cell) for cell in filled) else (at,)


def from_values(rows: Sequence[tuple[int, Sequence[str]]]) -> Columns | None:
    """The columns of a table without header, from its rows of numbers; None if no row looks like a point."""
    likely = [(number, cells) for number, cells in rows if _coordinates(cells) >= 2]
    if not likely:
        return None
    filled = [[i for i, cell in enumerate(cells) if recognise(cell) is not None] for _, cells in likely]
    common = sorted(set(filled[0]).intersection(*filled[1:]))
    sample = [cells for _, cells in likely]
    if len(common) in (6, 7) and _is_parts(sample, common[-6:]):
        return Columns(tuple(common[-6:-3]), tuple(common[-3:]), angular=True, number=_first(common, 7), by="values")
    angles = [i for i in common if all(_angular(cells[i]) for cells in sample)]
    if len(angles) == 2:
        return Columns(
            (angles[0],), (angles[1],), angular=True, number=_number_column(sample, common, angles[0]), by="values"
        )
    if len(common) == 2:
        return Columns((common[0],), (common[1],), number=_text_number(sample, common[0]), by="values")
    if len(common) == 3 and _counts(sample, common[0]):
        return Columns((common[1],), (common[2],), number=common[0], by="values")
    if len(common) == 3 and _flat(sample, common[2]):
        return Columns((common[0],), (common[1],), by="values")
    return refuse("table.columns_unclear", row=likely[0][0], columns=len(common))


def _coordinates(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if recognise(cell) is not None)


def _angular(text: str) -> bool:
    cell = recognise(text)
    return cell is not None and cell.angular


def _first(common: list[int], length: int) -> int | None:
    return common[0] if len(common) == length else None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _is_parts(sample: list[Sequence[str]], six: list[int]) -> bool:
    """Whether six columns are degrees, minutes, seconds twice: whole, whole below 60, anything below 100."""
    for cells in sample:
        values = [cells[i].strip() for i in six]
        if not all(_is_number(value) for value in values):
            return False
        for start in (0, 3):
            degree, minute, second = (float(v) for v in values[start : start + 3])
            if degree % 1 or minute % 1 or not 0 <= minute < 100 or not 0 <= second < 100 or abs(degree) > 180:
                return False
    return True


def point_number(text: str) -> int | None:
    """The number of a boundary point: `12`, `J12`, `12.0` from a spreadsheet; None for a name without one.

    >>> point_number("J12"), point_number("12.0"), point_number("A"), point_number("3号")
    (12, 12, None, 3)
    """
    match = re.fullmatch(r"[A-Za-z]{0,3}[-_ ]?(\d{1,7})(?:\.0+)?[号点]?", unicodedata.normalize("NFKC", text).strip())
    return int(match[1]) if match else None


def _counts(sample: list[Sequence[str]], column: int) -> bool:
    """Whether a column counts points: whole small numbers, rising by one or falling back to a ring's first point."""
    numbers = [point_number(cells[column]) for cells in sample]
    if any(number is None or number > 1_000_000 for number in numbers):
        return False
    known = [number for number in numbers if number is not None]
    steps = sum(1 for one, two in pairwise(known) if two == one + 1)
    return len(known) == 1 or steps >= (len(known) - 1) / 2


def _number_column(sample: list[Sequence[str]], common: list[int], before: int) -> int | None:
    left = [i for i in common if i < before]
    if left and _counts(sample, left[-1]):
        return left[-1]
    return _text_number(sample, before)


def _text_number(sample: list[Sequence[str]], before: int) -> int | None:
    """A column such as J1, J2 … left of the coordinates."""
    for column in range(before):
        if all(column < len(cells) and point_number(cells[column]) is not None for cells in sample):
            return column
    return None


def _flat(sample: list[Sequence[str]], column: int) -> bool:
    """Whether a third column can only be a height: small, where the first two are large metres or degrees."""
    try:
        return all(abs(float(cells[column])) < 200 for cells in sample) and all(
            abs(float(cells[0])) > 360 for cells in sample
        )
    except ValueError:
        return False
