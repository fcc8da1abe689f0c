"""What is dear to make is made once a minute, for each database and name by itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from api import minutes
from api.minutes import KEPT_SECONDS, MOST_KEPT, once_a_minute


class Clock:
    """A clock that is set by hand."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    told = Clock()
    monkeypatch.setattr(minutes, "monotonic", told)
    monkeypatch.setattr(minutes, "_kept", {})
    return told


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(create_engine("postgresql+psycopg://nobody@nowhere/one")) as opened:
        yield opened


def test_it_is_made_again_when_a_minute_is_over(clock: Clock, session: Session) -> None:
    made = count()
    ask = lambda: once_a_minute(session, "count", lambda: next(made))  # noqa: E731
    assert [ask(), ask()] == [0, 0]
    clock.now += KEPT_SECONDS
    assert [ask(), ask()] == [1, 1]


def test_names_and_databases_are_apart(clock: Clock, session: Session) -> None:
    other = Session(create_engine("postgresql+psycopg://nobody@nowhere/two"))
    assert once_a_minute(session, "a", lambda: 1) == 1
    assert once_a_minute(session, "b", lambda: 2) == 2
    assert once_a_minute(other, "a", lambda: 3) == 3


def test_what_is_cheap_is_made_anew_each_time(clock: Clock, session: Session) -> None:
    made = count()
    ask = lambda: once_a_minute(session, "few", lambda: next(made), worth=lambda found: found > 1)  # noqa: E731
    assert [ask(), ask(), ask(), ask()] == [0, 1, 2, 2]


def test_no_more_are_kept_than_fit_and_none_longer_than_its_minute(clock: Clock, session: Session) -> None:
    for number in range(MOST_KEPT + 5):
        clock.now += 0.001
        once_a_minute(session, str(number), lambda: 0)
    assert len(minutes._kept) == MOST_KEPT
    clock.now += KEPT_SECONDS
    once_a_minute(session, "new", lambda: 0)
    assert list(minutes._kept) == [f"new|{session.get_bind().engine.url}"]
