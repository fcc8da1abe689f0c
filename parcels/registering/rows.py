"""Values as the register's tables hold them: geometry in degrees, ranges of days, and rows written by COPY.

One row or five thousand go the same way, so that adoption in bulk and a single act cannot differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from psycopg import sql
from sqlalchemy.orm import Session

from marine.coordinates import MS_PER_DEGREE
from parcels.models.columns import SRID


def degrees(shapes: Sequence[Any]) -> npt.NDArray[Any]:
    """Shapes in whole milliseconds of arc as hexadecimal EWKB in degrees (EPSG:4490), for a geometry column.

    A whole number of milliseconds divided by 3,600,000 comes back exactly from `rint(degrees * 3_600_000)`.
    """
    at: dict[int, int] = {}
    place = [at.setdefault(id(shape), len(at)) for shape in shapes]
    array = np.empty(len(at), dtype=object)
    for shape in shapes:
        array[at[id(shape)]] = shape
    turned = shapely.set_srid(shapely.transform(array, lambda xy: xy / MS_PER_DEGREE), SRID)
    return np.atleast_1d(shapely.to_wkb(turned, hex=True, include_srid=True))[place]


def days(first: date | None, last: date | None) -> str:
    """Two days, both included, as a range is stored: [first, last + 1); None leaves a side open.

    >>> days(date(2027, 1, 1), date(2041, 12, 31)), days(None, None)
    ('[2027-01-01,2042-01-01)', '[,)')
    """
    return until(first, None if last is None else last + timedelta(days=1))


def until(first: date | None, after: date | None) -> str:
    """The range of days [first, after) as text; None leaves a side open."""
    return f"[{first or ''},{after or ''})"


def since(instant: datetime) -> str:
    """A record time that opens at an instant and has no end yet, as text.

    >>> from datetime import UTC
    >>> since(datetime(2026, 11, 23, 8, 0, 0, 5, UTC))
    '[2026-11-23T08:00:00.000005+00:00,)'
    """
    return f"[{instant.isoformat()},)"


def as_json(value: Any) -> str:
    """A value as the text of a jsonb column."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def new_ids(session: Session, table: str, count: int) -> list[int]:
    """Fresh numbers for a table's rows, ascending."""
    if not count:
        return []
    cursor = _cursor(session)
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", (table, count), prepare=True
    )
    return sorted(row[0] for row in cursor.fetchall())


def write(session: Session, table: str, columns: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    """Write rows by COPY in the session's transaction; triggers and constraints see them as any insert."""
    waiting = iter(lines)
    first = next(waiting, None)
    if first is None:
        return
    session.flush()  # rows made by the session's own objects come first: these lines may point at them
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with _cursor(session).copy(statement) as copy:
        copy.write_row(first)
        for line in waiting:
            copy.write_row(line)


def columns(names: str) -> list[str]:
    """Column names, written in one string."""
    return names.split()


def run(session: Session, statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """One prepared statement that writes; its returned rows, if it returns any."""
    cursor = _cursor(session)
    cursor.execute(statement, parameters, prepare=True)
    return cursor.fetchall() if cursor.description else []


def _cursor(session: Session) -> Any:
    connection = session.connection().connection.driver_connection
    if connection is None:
        raise RuntimeError("the session has no connection to the database")
    return connection.cursor()
