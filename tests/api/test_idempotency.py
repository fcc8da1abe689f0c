"""Idempotency keys through HTTP: one act for any number of equal requests, also of two at once, and no key for two requests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import pytest
from sqlalchemy import text

from api.app import create_app
from api.deps import Asker, Writing
from api.gates import act
from api.idempotency import HEADER, REPLAYED, Once
from api.people.accounts import NewAccount, add
from data.answers import Refusal
from tests.api.client import TestClient
from tests.api.conftest import NOW, settings_for
from tests.api.people.signing_in import sign_in, signed_in
from tests.support.databases import Database

ACCOUNTS, SLOW = "/api/v1/accounts", "/api/v1/slow"
KEY, OTHER = {HEADER: "0e5c9f3a-key:1"}, {HEADER: "0e5c9f3a-key:2"}
PERSON = {"login": "zhou.min", "name": "周敏"}


@dataclass
class Slow:
    """A route of the test's own that writes, stops until the test lets it go on, and then answers or refuses."""

    app: Any
    begun: Event = field(default_factory=Event)
    go_on: Event = field(default_factory=Event)
    refuses: bool = False
    keeps: bool = True
    runs: int = 0


@pytest.fixture
def slow(own_people: Database) -> Iterator[Slow]:
    app = create_app(settings_for(own_people), clock=lambda: NOW, samples_allowed=True)
    held = Slow(app)

    @app.post(SLOW)
    @act("account.add")
    def endpoint(session: Writing, once: Once, by: Asker) -> Any:
        held.runs += 1
        made = add(session, NewAccount(login=f"slow.{held.runs}", name="慢"), actor=by)
        held.begun.set()
        assert held.go_on.wait(20)
        if held.refuses:
            held.refuses = False
            raise Refusal("account.login_taken", login="slow")
        return once.keep({"number": made.id}, 201) if held.keeps else {"number": made.id}

    yield held
    app.state.house.engine.dispose()


@pytest.fixture
def client(slow: Slow) -> TestClient:
    return sign_in(TestClient(slow.app, raise_server_exceptions=False), "sample.administrator")


def people(database: Database) -> int:
    with database.sessions()() as session:
        return int(session.execute(text("SELECT count(*) FROM account WHERE NOT is_sample")).scalar_one())


def test_the_same_request_again_gets_the_same_answer_and_does_nothing(client: TestClient, own_people: Database) -> None:
    first = client.post(ACCOUNTS, json=PERSON, headers=KEY)
    again = client.post(ACCOUNTS, json=PERSON, headers=KEY)
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    assert REPLAYED not in first.headers and again.headers[REPLAYED] == "true" and people(own_people) == 1
    assert client.post(ACCOUNTS, json=PERSON).status_code == 409


def test_a_key_belongs_to_one_request(client: TestClient, own_people: Database) -> None:
    client.post(ACCOUNTS, json=PERSON, headers=KEY)
    for answer in (
        client.post(ACCOUNTS, json={**PERSON, "login": "another"}, headers=KEY),
        client.post(f"{ACCOUNTS}?x=1", json=PERSON, headers=KEY),
        client.post(f"{ACCOUNTS}/zhou.min/posts", json={"role": "planner"}, headers=KEY),
        client.delete(f"{ACCOUNTS}/zhou.min/posts/planner", headers=KEY),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "problems.key_reused")
    assert people(own_people) == 1
    assert client.post(ACCOUNTS, json={**PERSON, "login": "another"}, headers=OTHER).status_code == 201


def test_a_key_is_its_persons_own(client: TestClient, slow: Slow, own_people: Database) -> None:
    client.post(f"{ACCOUNTS}/sample.oyster/posts", json={"role": "administrator"})
    client.post(ACCOUNTS, json=PERSON, headers=KEY)
    answer = signed_in(slow.app, "sample.oyster").post(ACCOUNTS, json={**PERSON, "login": "another"}, headers=KEY)
    assert answer.status_code == 201 and people(own_people) == 2


@pytest.mark.parametrize("key", ["short", "x" * 129, "with space 1", "semi;colon1", "中文中文中文中文"])
def test_a_key_outside_the_alphabet_is_refused(client: TestClient, key: str, own_people: Database) -> None:
    answer = client.post(ACCOUNTS, json=PERSON, headers={HEADER: key.encode()})  # type: ignore[dict-item]
    assert (answer.status_code, answer.json()["code"]) == (422, "problems.key_malformed") and people(own_people) == 0


def test_a_refusal_is_not_kept_so_the_request_can_succeed_later(client: TestClient) -> None:
    for _ in range(2):
        refused = client.post(f"{ACCOUNTS}/zhou.min/posts", json={"role": "planner"}, headers=KEY)
        assert (refused.status_code, refused.json()["code"]) == (404, "account.not_found")
    client.post(ACCOUNTS, json=PERSON)
    assert client.post(f"{ACCOUNTS}/zhou.min/posts", json={"role": "planner"}, headers=KEY).status_code == 201


def test_a_form_sent_again_is_the_same_request_whatever_the_boundary_between_its_parts(
    client: TestClient, own_people: Database
) -> None:
    """Programs draw that boundary anew each time: a retry looked like another request."""
    given = {"login": "sample.seafood", "party": "1"}
    letter = {"basis": ("letter.txt", "授权书。".encode(), "text/plain")}
    first = client.post("/api/v1/authorisations", data=given, files=letter, headers=KEY)
    again = client.post("/api/v1/authorisations", data=given, files=letter, headers=KEY)
    assert first.request.headers["content-type"] != again.request.headers["content-type"]
    assert first.status_code == 201 and again.json() == first.json() and again.headers[REPLAYED] == "true"
    other = {"basis": ("letter.txt", "授权书！".encode(), "text/plain")}
    changed = client.post("/api/v1/authorisations", data=given, files=other, headers=KEY)
    assert (changed.status_code, changed.json()["code"]) == (422, "problems.key_reused")
    with own_people.sessions()() as session:
        kept = text("SELECT count(*) FROM authorisation WHERE party_id = 1 AND account_id = :who")
        assert session.execute(kept, {"who": first.json()["account"]}).scalar_one() == 1


def both(slow: Slow, client: TestClient) -> list[Any]:
    """Two equal requests at once: the second comes while the first holds its transaction open."""
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(client.post, SLOW, headers=KEY)
        assert slow.begun.wait(20)
        second = pool.submit(client.post, SLOW, headers=KEY)
        time.sleep(0.3)
        assert slow.runs == 1 and not second.done()
        slow.go_on.set()
        return [first.result(20), second.result(20)]


def test_a_twin_that_comes_meanwhile_waits_and_gets_the_answer(
    slow: Slow, client: TestClient, own_people: Database
) -> None:
    first, second = both(slow, client)
    assert first.status_code == second.status_code == 201 and first.json() == second.json()
    assert slow.runs == 1 and people(own_people) == 1 and second.headers[REPLAYED] == "true"


def test_a_twin_acts_itself_where_the_first_one_was_refused(
    slow: Slow, client: TestClient, own_people: Database
) -> None:
    slow.refuses = True
    first, second = both(slow, client)
    assert (first.status_code, second.status_code) == (409, 201) and REPLAYED not in second.headers
    assert slow.runs == 2 and people(own_people) == 1


def test_twenty_equal_requests_at_once_make_one_account(client: TestClient, own_people: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.post(ACCOUNTS, json=PERSON, headers=KEY), range(20)))
    assert {answer.status_code for answer in answers} == {201} and all(
        answer.json() == answers[0].json() for answer in answers
    )
    assert people(own_people) == 1


def test_a_route_that_takes_a_key_and_keeps_no_answer_does_nothing(
    slow: Slow, client: TestClient, own_people: Database
) -> None:
    """It answered 200, and the retry found a key without an answer."""
    slow.keeps = False
    slow.go_on.set()
    assert client.post(SLOW, headers=KEY).status_code == 500 and people(own_people) == 0
    slow.keeps = True
    assert client.post(SLOW, headers=KEY).status_code == 201


def test_whoever_is_not_signed_in_is_not_given_a_kept_answer(client: TestClient, slow: Slow) -> None:
    client.post(ACCOUNTS, json=PERSON, headers=KEY)
    assert signed_in(slow.app, None).post(ACCOUNTS, json=PERSON, headers=KEY).status_code == 401
    assert signed_in(slow.app, "sample.oyster").post(ACCOUNTS, json=PERSON, headers=KEY).status_code == 403
