"""One application on one register of its own for all tests of the doors: nobody writes through them, so nobody disturbs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from api.app import create_app
from api.settings import Settings
from tests.api import world
from tests.api.client import TestClient
from tests.api.people import town
from tests.support import databases

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def filled(cluster: Any) -> Iterator[databases.Database]:
    """A database with the small world in it."""
    with databases.clone(cluster) as database:
        with database.sessions("owner").begin() as session:
            world.place(session)
        with database.sessions().begin() as session:
            world.build(session)
        yield database


def settings_for(database: databases.Database, **given: Any) -> Settings:
    """Settings of a test: that database, no limit on checks and sign-ins unless the test wants one."""
    usual = {"database_url": database.app_url, "log_level": "error", "checks_per_minute": 0, "sign_ins_per_minute": 0}
    return Settings(**{**usual, **given})


@pytest.fixture(scope="session")
def client(filled: databases.Database) -> Iterator[TestClient]:
    """A client of the application on that database, at noon of 23 November 2026 in Weihai."""
    with TestClient(create_app(settings_for(filled), clock=lambda: NOW), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def people_template(cluster: Any) -> Iterator[databases.Database]:
    """The small world, two counties, sample parties and sample accounts, laid once to be copied; nobody is connected to it."""
    with databases.clone(cluster) as database:
        town.lay(database)
        for engine in database.engines:
            engine.dispose()
        yield database


@pytest.fixture(scope="session")
def peopled(cluster: Any, people_template: databases.Database) -> Iterator[databases.Database]:
    """One such database for all tests that leave it as it is."""
    with databases.clone(cluster, people_template) as database:
        yield database


@pytest.fixture
def own_people(cluster: Any, people_template: databases.Database) -> Iterator[databases.Database]:
    """One such database of the test's own."""
    with databases.clone(cluster, people_template) as database:
        yield database


@pytest.fixture(scope="session")
def peopled_app(peopled: databases.Database) -> Iterator[Any]:
    """The application on it, with sample sign-in; clients of their own come from `signing_in.signed_in(app, login)`."""
    app = create_app(settings_for(peopled), clock=lambda: NOW, samples_allowed=True)
    yield app
    app.state.house.engine.dispose()
