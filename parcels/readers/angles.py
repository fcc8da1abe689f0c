"""How one cell of a table is recognised as a coordinate, without yet deciding what it means.

A cell is a plain number (degrees or metres), an angle written with its parts, or neither. Rounding is `marine.coordinates`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from marine.coordinates import LONGEST_TEXT, MS_PER_DEGREE, ms_from_array, ms_from_text
from parcels.readers.values import Coordinate, Corner

_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_LATITUDE_WORDS = ("北纬", "南纬", "北", "南", "纬")
_LONGITUDE_WORDS = ("东经", "西经", "东", "西", "经")
# Marks of degrees, minutes and seconds in every typeface, as one sign each; NFKC would take some of them apart.
_MARKS = str.maketrans(
    {
        **dict.fromkeys("°\u00ba\u02da\u2218度", "°"),
        **dict.fromkeys("′'\u2019\u2018\u02b9\u00b4\u2035`\uff07分", "'"),
        **dict.fromkeys('″"\u201d\u201c\u02ba\u3003\uff02秒', '"'),
        **dict.fromkeys("\u2212\u2013\u2014\u2010\u2011\u2012\u2015\ufe63\uff0d", "-"),
    }
)
_PARTS = re.compile(
    r"[+-]?\d{1,3}\s*[°:\-\s]\s*-?\d{1,2}(?:\.\d+)?\s*(?:['°:\-\s]\s*(?:\d{1,3}(?:\.\d*)?)?\s*(?:\"|'')?)?"
)
_DEGREES_MARKED = re.compile(r"[+-]?\d{1,3}(?:\.\d+)?\s*°")
# Degrees under 180, minutes and seconds under 60, at most three decimals: nothing to refuse and nothing to round.
_USUAL = re.compile(r"(1[0-7]\d|\d{1,2})[°度-]([0-5]?\d)['′分-]([0-5]?\d)(?:\.(\d{0,3}))?(?:\"|″|秒)?")
_NEAR_A_HALF = 1e-6


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that holds a coordinate: the text to keep, whether it is written as an angle, and the axis it names."""

    text: str
    angular: bool
    axis: Literal["lon", "lat"] | None = None


def recognise(text: str) -> Cell | None:
    """The coordinate in a cell, or None where there is none.

    >>> recognise("北纬37°01′02.3″")
    Cell(text='北纬37°01′02.3″', angular=True, axis='lat')
    >>> recognise("4,100,123.45"), recognise("122.5E").axis, recognise("码头")
    (Cell(text='4100123.45', angular=False, axis=None), 'lon', None)
    """
    body = text.strip()
    if _PLAIN.fullmatch(body) and len(body) <= LONGEST_TEXT:
        return Cell(body, False)
    if not body.isascii():
        if _USUAL.fullmatch(body):
            return Cell(body, True)
        body = unicodedata.normalize("NFKC", body.translate(_MARKS)).translate(_MARKS).strip()
    if not body or len(body) > LONGEST_TEXT:
        return None
    if _PLAIN.fullmatch(body):
        return Cell(body, False)
    if _THOUSANDS.fullmatch(body):
        return Cell(body.replace(",", ""), False)
    if body[-1:] in "米mM" and _PLAIN.fullmatch(body[:-1].strip()):
        return Cell(body[:-1].strip(), False)
    bare, axis = _without_axis(body)
    marked = _PARTS.fullmatch(bare) or _DEGREES_MARKED.fullmatch(bare)
    if marked or (axis and _PLAIN.fullmatch(bare)):
        return Cell(text.strip(), True, axis)
    return None


def _without_axis(body: str) -> tuple[str, Literal["lon", "lat"] | None]:
    for words, axis in ((_LATITUDE_WORDS, "lat"), (_LONGITUDE_WORDS, "lon")):
        for word in words:
            if body.startswith(word):
                return body[len(word) :].lstrip(" :"), axis  # type: ignore[return-value]
            if body.endswith(word):
                return body[: -len(word)].rstrip(), axis  # type: ignore[return-value]
    for letters, axis in (("NSns", "lat"), ("EWew", "lon")):
        if body[0] in letters:
            return body[1:].strip(), axis  # type: ignore[return-value]
        if body[-1] in letters:
            return body[:-1].strip(), axis  # type: ignore[return-value]
    return body, None


def exact_ms(text: str) -> int:
    """Whole milliseconds of arc of an angle in a text; the usual way to write one takes a short way without rounding.

    >>> exact_ms("121°30′29.645″"), exact_ms("121-30-29.645"), exact_ms("121°30′29.6455″")
    (437429645, 437429645, 437429646)
    """
    match = _USUAL.fullmatch(text)
    if match is None:
        return ms_from_text(text)
    degree, minute, second, thousandths = match.groups()
    return int(degree) * 3_600_000 + int(minute) * 60_000 + int(second) * 1_000 + int((thousandths or "").ljust(3, "0"))


def rough(value: Coordinate) -> float:
    """The coordinate as a float, degrees or metres, good to about 1e-9 degrees: for plausibility only.

    >>> rough("121°30′"), rough("4100000.5"), rough(3.0)
    (121.5, 4100000.5, 3.0)
    """
    if isinstance(value, float):
        return value
    try:
        return float(value)
    except ValueError:
        return exact_ms(value) / MS_PER_DEGREE


def as_floats(corners: Sequence[Corner]) -> npt.NDArray[np.float64]:
    """The corners as an (n, 2) float array in file order; only for plausibility, never for the boundary."""
    return np.array([(rough(a), rough(b)) for a, b in corners], dtype=np.float64).reshape(-1, 2)


def milliseconds(values: list[Coordinate]) -> npt.NDArray[np.int64]:
    """Whole milliseconds of arc of many angles, rounded once, half to even, from the text where there is one.

    >>> milliseconds(["121.5", "121°30′00.0015″", 121.5, "0.00000041666666666666666667"]).tolist()
    [437400000, 437400002, 437400000, 2]
    """
    degrees = np.array([_plain(value) for value in values], dtype=np.float64)
    written = np.isnan(degrees)
    result = ms_from_array(np.where(written, 0.0, degrees))
    scaled = degrees * MS_PER_DEGREE
    # A float can fall on the wrong side of a half that its decimal text is not on; only those few are read again as text.
    doubtful = written | (np.abs(scaled - np.floor(scaled) - 0.5) < _NEAR_A_HALF)
    for index in np.flatnonzero(doubtful):
        value = values[int(index)]
        if isinstance(value, str):
            result[index] = exact_ms(value)
    return result


def _plain(value: Coordinate) -> float:
    try:
        return float(value)
    except ValueError:
        return float("nan")
