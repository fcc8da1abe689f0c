"""Single cells of a register's table as facts: days, layers, months, numbers; what cannot be true is told, never guessed."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np

from marine.spaces import ALL_YEAR, Layer

LAYER_NAMES = {
    "surface": Layer.SURFACE,
    "water_column": Layer.WATER_COLUMN,
    "seabed": Layer.SEABED,
    "subsoil": Layer.SUBSOIL,
    "水面": Layer.SURFACE,
    "水体": Layer.WATER_COLUMN,
    "海床": Layer.SEABED,
    "底土": Layer.SUBSOIL,
}
# The law of sea-use rights is of 2002, and the first trial rules of 1993: a right of 1936 is a two-digit year gone wrong.
FIRST_YEAR, LAST_YEAR = 1979, 2200
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")


def is_empty(value: Any) -> bool:
    """None, NaN, NaT and blank text.

    >>> is_empty(float("nan")), is_empty(" "), is_empty(0)
    (True, True, False)
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    if isinstance(value, np.datetime64):
        return bool(np.isnat(value))
    return isinstance(value, float | np.floating) and bool(np.isnan(value))


def text_of(value: Any) -> str | None:
    """Text without blanks at its ends; whole floats without `.0`.

    >>> text_of(13.0), text_of("  "), text_of(np.int64(7))
    ('13', None, '7')
    """
    if is_empty(value):
        return None
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def day_of(value: Any) -> tuple[date | None, str | None]:
    """A day, and the code of what is wrong with it: `dates.unreadable`, `dates.century_suspected`, `dates.far_future`.

    >>> day_of("2027年1月5日"), day_of("1931-06-30"), day_of("9966-12-31")
    ((datetime.date(2027, 1, 5), None), (None, 'dates.century_suspected'), (None, 'dates.far_future'))
    """
    if is_empty(value):
        return None, None
    found = _calendar_day(value)
    if found is None:
        return None, "dates.unreadable"
    if found.year < FIRST_YEAR:
        return None, "dates.century_suspected"
    if found.year > LAST_YEAR:
        return None, "dates.far_future"
    return found, None


def _calendar_day(value: Any) -> date | None:
    if isinstance(value, np.datetime64):
        moment = value.astype("M8[D]").item()
        return moment if isinstance(moment, date) else None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = _DAY.match(str(value).strip())
    if match is None:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def layers_of(value: Any) -> tuple[int | None, str | None]:
    """Layer bits of `surface,water_column` or `水面、水体`; None and no fault where nothing is said.

    >>> layers_of("水面、水体"), layers_of(""), layers_of("air")
    ((3, None), (None, None), (None, 'layers.unknown'))
    """
    if is_empty(value):
        return None, None
    bits = 0
    for word in re.split(r"[,，、;；+\s]+", str(value).strip()):
        if word not in LAYER_NAMES:
            return None, "layers.unknown"
        bits |= LAYER_NAMES[word]
    return int(bits), None


def months_of(value: Any) -> tuple[int, str | None]:
    """Months as 12 bits from a number (bit 0 January) or from `3-11`, `11-2`, `3,4,5`; all year where nothing is said.

    >>> months_of("11-2"), months_of(4095), months_of("13")
    ((3075, None), (4095, None), (4095, 'months.unreadable'))
    """
    if is_empty(value):
        return ALL_YEAR, None
    if isinstance(value, int | np.integer) and 1 <= int(value) <= ALL_YEAR:
        return int(value), None
    bits = 0
    for run in re.split(r"[,，、\s]+", str(value).strip()):
        ends = [int(end) for end in run.split("-") if end.isdigit()]
        if len(ends) not in (1, 2) or not all(1 <= end <= 12 for end in ends):
            return ALL_YEAR, "months.unreadable"
        month = ends[0]
        while True:
            bits |= 1 << (month - 1)
            if month == ends[-1]:
                break
            month = month % 12 + 1
    return bits, None


def number_of(value: Any) -> tuple[float | None, str | None]:
    """A finite number, or `number.unreadable`."""
    if is_empty(value):
        return None, None
    try:
        number = float(str(value).strip())
    except ValueError:
        return None, "number.unreadable"
    return (number, None) if np.isfinite(number) else (None, "number.unreadable")


def hectares_of(value: Any) -> tuple[Decimal | None, str | None]:
    """Hectares with four places as the certificate says them."""
    if is_empty(value):
        return None, None
    try:
        return Decimal(str(value).strip()).quantize(Decimal("0.0001")), None
    except InvalidOperation:
        return None, "number.unreadable"


def codes_of(value: Any) -> tuple[str, ...]:
    """A list of codes from `33,41`.

    >>> codes_of("33,41"), codes_of(None)
    (('33', '41'), ())
    """
    text = text_of(value)
    return tuple(word for word in re.split(r"[,，、\s]+", text) if word) if text else ()
