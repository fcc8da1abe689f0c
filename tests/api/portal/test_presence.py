"""Who else of the office looks at a case: told to colleagues of its place, to nobody else, and no longer than it is true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from api import presence
from api.app import create_app
from api.models import CasePresence
from tests.api.client import TestClient
from tests.support import portal_world

WINDOW, REVIEWER, ELSEWHERE, APPLICANT = (
    "sample.window.371082",
    "sample.reviewer.371082",
    "sample.window.371083",
    "sample.oyster",
)
MOMENT = timedelta(seconds=1)
Enter = Callable[[str], TestClient]


class Clock:
    """An hour that a test moves on."""

    def __init__(self) -> None:
        self.now = portal_world.NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def office(cluster: Any) -> Iterator[tuple[Any, Clock, str, Enter]]:
    """A house of its own with its clock, a case of Rongcheng, and people who enter."""
    with portal_world.cloned(cluster) as (database, cases):
        clock = Clock()
        app = create_app(portal_world.settings_for(database), clock=clock, samples_allowed=True)
        known: dict[str, TestClient] = {}

        def enter(login: str) -> TestClient:
            if login not in known:
                known[login] = TestClient(app)
                answer = known[login].post(
                    "/api/v1/sign-in", json={"sample": login}, headers={"Sec-Fetch-Site": "same-origin"}
                )
                assert answer.status_code == 200, answer.text
            return known[login]

        yield app.state.house, clock, f"/api/v1/cases/{cases['in_review']}/presence", enter
        app.state.house.engine.dispose()


def others(client: TestClient, address: str) -> list[str]:
    answer = client.post(address, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 200, answer.text
    return answer.json()["others"]


def test_colleagues_see_one_another_until_they_leave_or_fall_silent(office: tuple[Any, Clock, str, Enter]) -> None:
    _, clock, address, enter = office
    window, reviewer = enter(WINDOW), enter(REVIEWER)
    assert others(window, address) == []
    (name,) = others(reviewer, address)
    assert name
    (seen,) = others(window, address)
    assert seen != name
    assert reviewer.delete(address, headers={"Sec-Fetch-Site": "same-origin"}).json() == {"others": []}
    assert others(window, address) == []
    others(reviewer, address)
    clock.now += presence.STILL_THERE - MOMENT
    assert others(window, address) == [seen]
    clock.now += MOMENT
    assert others(window, address) == []


def test_whoever_is_not_of_the_office_neither_tells_nor_is_told(office: tuple[Any, Clock, str, Enter]) -> None:
    house, _, address, enter = office
    with house.sessions.begin() as session:
        before = set(session.scalars(select(CasePresence.account_id)))
    assert {
        enter(login).post(address, headers={"Sec-Fetch-Site": "same-origin"}).status_code
        for login in (ELSEWHERE, APPLICANT)
    } <= {403, 404}
    with house.sessions.begin() as session:
        assert set(session.scalars(select(CasePresence.account_id))) == before


def test_the_sweep_forgets_who_went_without_a_word(office: tuple[Any, Clock, str, Enter]) -> None:
    house, clock, address, enter = office
    others(enter(WINDOW), address)
    with house.sessions.begin() as session:
        presence.forget(session, clock.now + presence.STILL_THERE - MOMENT)
        assert session.scalars(select(CasePresence)).all()
        presence.forget(session, clock.now + presence.STILL_THERE)
        assert session.scalars(select(CasePresence)).all() == []
