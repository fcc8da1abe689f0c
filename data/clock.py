"""Time: the one instant an act is recorded at, and the one helper that turns instants into legal days."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

# 中华人民共和国 has one legal time; it knew daylight saving only from 1986 to 1991, which the zone's table covers.
LEGAL_ZONE = ZoneInfo("Asia/Shanghai")


def recorded_at(session: Session) -> datetime:
    """The instant at which an act is recorded: the database's clock, read once after the last lock (register.md §6).

    A request's own time precedes its wait for locks, so a range closed with it could end before it begins.
    """
    instant: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return instant


def legal_day(instant: datetime) -> date:
    """The day in Asia/Shanghai on which an instant lies; refuses an instant without a zone.

    >>> from datetime import UTC
    >>> legal_day(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    datetime.date(2027, 1, 1)
    >>> legal_day(datetime(2026, 12, 31, 15, 59, tzinfo=UTC))
    datetime.date(2026, 12, 31)
    """
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone has no legal day")
    return instant.astimezone(LEGAL_ZONE).date()
