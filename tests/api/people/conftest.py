"""An application of a test's own on a peopled database, with a clock that the test moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from api.app import create_app
from api.people import accounts
from api.people.accounts import NewAccount
from data.actors import Actor
from tests.api.client import TestClient
from tests.api.conftest import NOW, settings_for
from tests.api.people.signing_in import OWN_PAGE
from tests.support.databases import Database

PASSWORD = "correct horse battery staple"
LOGIN = "zhang.li"


@dataclass
class Clock:
    """The time as the application reads it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **delta: float) -> None:
        """Let time pass."""
        self.now += timedelta(**delta)


@dataclass
class Town:
    """A running application, its clock, and sessions on its database."""

    app: Any
    clock: Clock
    sessions: sessionmaker[Session]

    def client(self, *, headers: dict[str, str] | None = None, **given: Any) -> TestClient:
        """A client with a cookie jar of its own, whose requests come from our own page."""
        return TestClient(self.app, raise_server_exceptions=False, headers={**OWN_PAGE, **(headers or {})}, **given)

    def person(self, login: str = LOGIN, password: str | None = PASSWORD) -> int:
        """An account with a password; its number."""
        with self.sessions.begin() as session:
            new = NewAccount(login=login, name="张丽", password=password)
            return accounts.add(session, new, actor=Actor.administrator()).id


Opened = Callable[..., Town]


@pytest.fixture
def opened(own_people: Database) -> Iterator[Opened]:
    """Opens a town, with settings if the test wants some."""
    apps = []

    def made(*, samples_allowed: bool | None = True, **settings: Any) -> Town:
        clock = Clock()
        app = create_app(settings_for(own_people, **settings), clock=clock, samples_allowed=samples_allowed)
        apps.append(app)
        return Town(app, clock, own_people.sessions())

    yield made
    for app in apps:
        app.state.house.engine.dispose()
