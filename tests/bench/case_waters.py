"""Where the cases of the bench lie: small rectangles in free water off Rongcheng's east coast, far from all sample rights.

Four fields, each within one lock cell of 0.1° of its own, so that eight clients meet at each other's cells now and then, as
officers of one county do. Whether a place is free is not taken from here: the check of every case says so.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from api.demo.waters import ROPES, rectangle, use_of

# South-west corners (lon, lat).
FIELDS = ((122.740, 37.030), (122.740, 37.130), (122.740, 37.230), (122.740, 37.320))
COLUMNS, ROWS = 9, 13
MOST = len(FIELDS) * COLUMNS * ROWS
# A rectangle of 3.2 hectares every 0.004° east (355 m) and 0.003° north (333 m).
SIZE_M, STEP = (200, 160), (0.004, 0.003)


def use_at(number: int, today: date) -> dict[str, Any]:
    """The use of the case with this number (from 0), as the interface takes it: a raft culture of oysters at a place of its own."""
    if not 0 <= number < MOST:
        raise SystemExit(f"the bench has water for {MOST} cases")
    place, field = divmod(number, len(FIELDS))
    row, column = divmod(place, COLUMNS)
    west, south = FIELDS[field]
    corner = (west + column * STEP[0], south + row * STEP[1])
    return use_of(rectangle(corner, SIZE_M, 0), ROPES, today)
