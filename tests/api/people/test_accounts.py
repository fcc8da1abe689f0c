"""Accounts and posts as an administrator keeps them, through HTTP, and what the record says of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from data.verify import verify_streams
from tests.api.client import TestClient
from tests.api.people.conftest import PASSWORD, Opened
from tests.api.people.signing_in import sign_in, signed_in

ACCOUNTS = "/api/v1/accounts"
NEW = {"login": "Zhou.Min", "name": "周敏", "password": PASSWORD, "email": "zhou@example.cn", "phone": "0631-0000000"}


@pytest.fixture
def town(opened: Opened) -> Any:
    return opened()


@pytest.fixture
def administrator(town: Any) -> TestClient:
    return sign_in(town.client(), "sample.administrator")


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_person_is_given_an_account_a_post_and_a_way_in(town: Any, administrator: TestClient) -> None:
    made = administrator.post(ACCOUNTS, json=NEW)
    assert made.status_code == 201 and made.json()["login"] == "zhou.min" and made.json()["has_password"]
    assert "password" not in made.text.replace("has_password", "") and PASSWORD not in made.text
    given = administrator.post(f"{ACCOUNTS}/zhou.min/posts", json={"role": "window", "place": "371082"})
    assert given.status_code == 201 and given.json()["posts"][0]["place"]["name"] == "荣成市"
    client = town.client()
    told = client.post(
        "/api/v1/sign-in", json={"login": "zhou.min", "password": PASSWORD}, headers={"Accept-Language": "en"}
    )
    (post,) = told.json()["posts"]
    assert (post["role"], post["label"], post["place"]["name"]) == ("window", "Window officer", "Rongcheng")


def test_a_post_holds_from_its_first_day_to_its_last_and_not_on_the_day_it_was_taken(
    town: Any, administrator: TestClient
) -> None:
    administrator.post(ACCOUNTS, json=NEW)
    day = {"role": "planner", "place": "371083", "from": "2026-11-24", "to": "2026-11-25"}
    assert administrator.post(f"{ACCOUNTS}/zhou.min/posts", json=day).status_code == 201
    client = town.client()
    client.post("/api/v1/sign-in", json={"login": "zhou.min", "password": PASSWORD})

    def posts() -> list[str]:
        return [post["role"] for post in client.get("/api/v1/me").json()["posts"]]

    held = [posts()]
    for _ in range(3):
        # Across a day in steps that keep the session: it may idle for two hours.
        for _ in range(16):
            town.clock.pass_(hours=1.5)
            client.get("/api/v1/me")
        client.post("/api/v1/sign-in", json={"login": "zhou.min", "password": PASSWORD})
        held.append(posts())
    assert held == [[], ["planner"], ["planner"], []]


def test_a_post_taken_back_is_gone_at_the_next_request(town: Any, administrator: TestClient) -> None:
    client = sign_in(town.client(), "sample.window.371082")
    assert administrator.delete(f"{ACCOUNTS}/sample.window.371082/posts/window?place=371082").status_code == 200
    assert client.get("/api/v1/me").json()["posts"] == []
    assert code(client.get("/api/v1/authorisations?party=1")) == (404, "problems.not_found")
    again = administrator.delete(f"{ACCOUNTS}/sample.window.371082/posts/window?place=371082")
    assert code(again) == (409, "account.post_not_held")
    # And can be given again on the same day.
    given = administrator.post(f"{ACCOUNTS}/sample.window.371082/posts", json={"role": "window", "place": "371082"})
    assert given.status_code == 201 and len(client.get("/api/v1/me").json()["posts"]) == 1


@pytest.mark.parametrize(
    ("path", "body", "status", "refused"),
    [
        ("", {**NEW, "login": "SAMPLE.Oyster"}, 409, "account.login_taken"),
        ("", {**NEW, "login": "周敏"}, 422, "account.login_malformed"),
        ("", {**NEW, "name": "  "}, 422, "account.name_missing"),
        ("", {**NEW, "name": "a\0b"}, 422, "problems.form"),
        ("", {**NEW, "password": "short"}, 422, "account.password_length"),
        ("", {**NEW, "role": "administrator"}, 422, "problems.form"),
        ("/sample.oyster/posts", {"role": "king"}, 422, "account.role_unknown"),
        ("/sample.oyster/posts", {"role": "window", "place": "999999"}, 422, "problems.place_unknown"),
        ("/sample.oyster/posts", {"role": "window", "place": "\0"}, 422, "problems.place_unknown"),
        ("/sample.oyster/posts", {"role": "administrator", "place": "371082"}, 422, "account.administrator_everywhere"),
        ("/sample.oyster/posts", {"role": "window", "from": "2027-01-02", "to": "2027-01-01"}, 422, "account.days_reversed"),
        ("/sample.oyster/posts", {"role": "window", "to": "9999-12-31"}, 422, "problems.form"),
        ("/sample.window.371082/posts", {"role": "window", "place": "371082"}, 409, "account.post_held"),
        ("/sample.window.371082/posts", {"role": "window", "place": "371082", "from": "2030-01-01"}, 409, "account.post_held"),
        ("/nobody.here/posts", {"role": "window"}, 404, "account.not_found"),
        ("/%00/disabling", {}, 404, "account.not_found"),
        ("/sample.administrator/disabling", {}, 403, "account.disables_itself"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_changes(
    peopled_app: Any, path: str, body: dict[str, Any], status: int, refused: str
) -> None:
    client = signed_in(peopled_app, "sample.administrator")
    before = client.get(ACCOUNTS).json()
    assert code(client.post(f"{ACCOUNTS}{path}", json=body)) == (status, refused)
    assert client.get(ACCOUNTS).json() == before


def test_accounts_are_listed_page_by_page(peopled_app: Any) -> None:
    client = signed_in(peopled_app, "sample.administrator")
    whole = client.get(ACCOUNTS).json()
    first = client.get(f"{ACCOUNTS}?limit=5").json()
    rest = client.get(f"{ACCOUNTS}?limit=500&after={first['next']}").json()
    assert (
        whole["next"] is None
        and whole["accounts"] == first["accounts"] + rest["accounts"]
        and len(first["accounts"]) == 5
    )


def test_the_record_tells_every_step_and_names_nobody(town: Any, administrator: TestClient) -> None:
    administrator.post(ACCOUNTS, json=NEW)
    administrator.post(f"{ACCOUNTS}/zhou.min/posts", json={"role": "window", "place": "371082"})
    town.client().post("/api/v1/sign-in", json={"login": "zhou.min", "password": PASSWORD})
    assert administrator.post(f"{ACCOUNTS}/zhou.min/sign-out").json() == {"sessions_ended": 1}
    assert (
        administrator.put(f"{ACCOUNTS}/zhou.min/password", json={"password": "a new long password"}).status_code == 204
    )
    administrator.delete(f"{ACCOUNTS}/zhou.min/posts/window?place=371082")
    assert administrator.post(f"{ACCOUNTS}/zhou.min/disabling").json()["disabled"]
    assert code(administrator.post(f"{ACCOUNTS}/zhou.min/disabling")) == (409, "account.is_disabled")
    signs_in = {"login": "zhou.min", "password": "a new long password"}
    assert town.client().post("/api/v1/sign-in", json=signs_in).status_code == 401
    assert not administrator.post(f"{ACCOUNTS}/zhou.min/enabling").json()["disabled"]
    assert code(administrator.post(f"{ACCOUNTS}/zhou.min/enabling")) == (409, "account.is_enabled")
    assert town.client().post("/api/v1/sign-in", json=signs_in).status_code == 200
    with town.sessions() as session:
        number = session.execute(text("SELECT id FROM account WHERE login = 'zhou.min'")).scalar_one()
        who = session.execute(text("SELECT id FROM account WHERE login = 'sample.administrator'")).scalar_one()
        told = session.execute(
            text("SELECT kind, envelope, body FROM event WHERE stream = :name ORDER BY seq"),
            {"name": f"user_administration:{number}"},
        ).all()
        kinds = ["made", "post_given", "signed_out", "password_set", "post_taken", "disabled", "enabled"]
        assert [row.kind for row in told] == [f"account.{kind}" for kind in kinds]
        whole = b"".join(bytes(row.envelope) for row in told).decode()
        assert not any(name in whole for name in ("zhou", "周敏", "argon2", PASSWORD)) and f'"person":{who}' in whole
        assert told[1].body["role"] == "window" and date.fromisoformat(told[1].body["first"]) == date(2026, 11, 23)
        names = session.execute(
            text("SELECT content FROM event_text WHERE content LIKE '%zhou%' OR content = '周敏'")
        ).all()
        assert len(names) == 2
        assert verify_streams(session).faults == []


def test_the_machines_administrator_has_no_number_in_the_record(town: Any) -> None:
    town.person()
    with town.sessions() as session:
        told = session.execute(text("SELECT envelope FROM event WHERE kind = 'account.made' ORDER BY id DESC LIMIT 1"))
        assert '"person":null' in bytes(told.scalar_one()).decode()
