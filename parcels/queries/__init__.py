"""All SELECTs of the room, each named for its question: occupations by place and day, zones and shoreline, places.

The questions of the check run on the driver's own cursor, prepared and in binary, because a check asks them thousands of
times a minute: `rows` is that door. Boxes are (west, south, east, north) in whole milliseconds of arc, CGCS2000; the literal
is turned into degrees, never the column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from sqlalchemy.orm import Session

from marine.coordinates import MS_PER_DEGREE

Box = tuple[int, int, int, int]
Row = tuple[Any, ...]


def rows(session: Session, sql: str, parameters: Mapping[str, Any]) -> list[Row]:
    """The rows of a prepared statement, sent and received in binary, in the session's own transaction."""
    connection = session.connection().connection.driver_connection
    if connection is None:
        raise RuntimeError("the session has no connection to the database")
    with connection.cursor(binary=True) as cursor:
        cursor.execute(sql, parameters, prepare=True)
        found: list[Row] = cursor.fetchall()
    return found


def degrees_of(box: Box) -> dict[str, float]:
    """The four bounds in degrees, as parameters west, south, east, north.

    >>> degrees_of((3_600_000, 0, 7_200_000, 1_800_000))
    {'west': 1.0, 'south': 0.0, 'east': 2.0, 'north': 0.5}
    """
    return dict(zip(("west", "south", "east", "north"), (value / MS_PER_DEGREE for value in box), strict=True))


def in_milliseconds(wkb: Sequence[bytes]) -> npt.NDArray[Any]:
    """Geometries of degrees (EWKB) as shapely geometries in milliseconds of arc, points rounded to the grid they came from."""
    return np.atleast_1d(
        shapely.transform(shapely.from_wkb(np.array(wkb, dtype=object)), lambda xy: np.rint(xy * MS_PER_DEGREE))
    )
