"""What returns by the clock: pure, the instant is handed in. Each slot of time is asked for once, however many workers look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.jobs.kinds import ANCHOR, RUN_DUE, SWEEP, Kind
from data.clock import legal_day

# The legal day changes at midnight in Asia/Shanghai; a clock that is a little fast must not act on a day that has not begun.
AFTER_MIDNIGHT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Returning:
    """A kind of job that is due once in every slot; `at_start`: also whenever a worker starts."""

    kind: Kind
    slot: Callable[[datetime], int]
    at_start: bool = False


def hour_of(instant: datetime) -> int:
    """The number of the hour in which an instant lies.

    >>> from datetime import UTC
    >>> hour_of(datetime(1970, 1, 2, 1, 59, tzinfo=UTC))
    25
    """
    return int(instant.timestamp()) // 3600


def day_of(instant: datetime) -> int:
    """The number of the legal day in which an instant lies; it begins shortly after midnight.

    >>> from datetime import UTC
    >>> midnight = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
    >>> day_of(midnight + AFTER_MIDNIGHT) - day_of(midnight)
    1
    """
    return legal_day(instant - AFTER_MIDNIGHT).toordinal()


TIMETABLE = (
    Returning(ANCHOR, hour_of),
    Returning(RUN_DUE, day_of, at_start=True),
    Returning(SWEEP, day_of),
)
