"""The place of a post, by the code that people write."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from approvals.queries import place_by_code
from data.answers import Refusal


def place_of_code(session: Session, code: str | None, day: date) -> int | None:
    """The number of the place that bears an administrative or statistical code on a day; None (everywhere) where no code is given."""
    if code is None:
        return None
    # PostgreSQL holds no NUL in texts, so no place has such a code.
    place = None if "\0" in code else place_by_code(session, code, day)
    if place is None:
        raise Refusal("problems.place_unknown", place=code)
    return place.id
