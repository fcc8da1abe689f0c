"""The sample world with its cases behind a test client: whoever reads pages shares one, whoever changes something clones its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from api.app import create_app
from tests.api.client import TestClient
from tests.support import portal_world

Opener = Callable[..., TestClient]


@pytest.fixture(scope="session")
def world(cluster: Any) -> Iterator[tuple[Any, dict[str, str]]]:
    """A database with the sample cases, for all tests of a process that only read; and the numbers of the cases by state."""
    with portal_world.cloned(cluster) as (database, cases):
        yield database, dict(cases)


@pytest.fixture(scope="session")
def cases(world: tuple[Any, dict[str, str]]) -> dict[str, str]:
    """State name to case number."""
    return world[1]


@pytest.fixture(scope="session")
def app(world: tuple[Any, dict[str, str]]) -> Iterator[Any]:
    """The application on it, at `portal_world.NOW`."""
    settings = portal_world.settings_for(world[0])
    made = create_app(settings, clock=lambda: portal_world.NOW, samples_allowed=True)
    yield made
    made.state.house.engine.dispose()


@pytest.fixture(scope="session")
def as_somebody(app: Any) -> Opener:
    """A browser-like client signed in as a sample person (None: the public), each person once."""
    known: dict[str | None, TestClient] = {}

    def go(login: str | None) -> TestClient:
        if login not in known:
            client = TestClient(app, headers={"Accept": "text/html"}, follow_redirects=False)
            if login is not None:
                answer = client.post(
                    "/api/v1/sign-in", json={"sample": login}, headers={"Sec-Fetch-Site": "same-origin"}
                )
                assert answer.status_code == 200, answer.text
            known[login] = client
        return known[login]

    return go
