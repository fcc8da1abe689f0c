"""One's own messages and address, over HTTP: what became of each copy, several marked as opened, an address set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from api.app import create_app
from tests.api.client import TestClient
from tests.api.people.signing_in import signed_in
from tests.support import portal_world
from tests.support.databases import Database


@pytest.fixture
def sea(cluster: Any) -> Iterator[tuple[Database, Any]]:
    with portal_world.cloned(cluster) as (database, _):
        app = create_app(portal_world.settings_for(database), clock=lambda: portal_world.NOW, samples_allowed=True)
        yield database, app
        app.state.house.engine.dispose()


def listed(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/v1/messages?lang=en").json()["messages"]
    return found


def test_several_are_marked_and_those_of_others_are_not(sea: tuple[Database, Any]) -> None:
    _, app = sea
    oyster, seafood = signed_in(app, "sample.oyster"), signed_in(app, "sample.seafood")
    mine = [each["id"] for each in listed(oyster) if each["opened_at"] is None]
    foreign = [each["id"] for each in listed(seafood) if each["opened_at"] is None]
    assert len(mine) > 2 and foreign
    answer = oyster.post("/api/v1/messages/opened", json={"messages": [*mine[:2], foreign[0]]}).json()
    assert answer == {"opened": 2, "unread": len(mine) - 2}
    assert oyster.post("/api/v1/messages/opened", json={"messages": mine[:2]}).json()["opened"] == 0
    assert [each["opened_at"] for each in listed(seafood) if each["id"] == foreign[0]] == [None]
    assert all(each["opened_at"] for each in listed(oyster) if each["id"] in mine[:2])


def test_each_channel_is_told_and_only_ones_own_copy(sea: tuple[Database, Any]) -> None:
    database, app = sea
    oyster, window = signed_in(app, "sample.oyster"), signed_in(app, "sample.window.371082")
    message, account = listed(oyster)[0]["id"], oyster.get("/api/v1/me").json()["account"]
    other = window.get("/api/v1/me").json()["account"]
    with database.sessions(pooled=False).begin() as session:
        row = text(
            "INSERT INTO message_delivery (message_id, account_id, channel, sent_at, failure)"
            " VALUES (:message, :account, 'email', :at, 'mail.refused/550')"
        )
        for number in (account, other):
            session.execute(row, {"message": message, "account": number, "at": portal_world.NOW})
    portal, mail = listed(oyster)[0]["deliveries"]
    assert (portal["channel"], mail["channel"]) == ("portal", "email")
    assert portal["delivered_at"] and portal["failure"] is None
    assert mail["failure"] == {"code": "mail.refused", "text": "The mail server refused it (550)"}
    assert mail["delivered_at"] is None


def test_one_sets_ones_own_address_and_an_administrator_anybodys(sea: tuple[Database, Any]) -> None:
    database, app = sea
    oyster, administrator = signed_in(app, "sample.oyster"), signed_in(app, "sample.administrator")
    assert oyster.put("/api/v1/me/email", json={"email": " a.b@sea.example "}).json()["email"] == "a.b@sea.example"
    bad = oyster.put("/api/v1/me/email", json={"email": "nobody@"})
    assert (bad.status_code, bad.json()["code"]) == (422, "account.email_malformed")
    assert administrator.put("/api/v1/accounts/sample.oyster/email", json={"email": None}).json()["email"] is None
    assert oyster.get("/api/v1/me").json()["email"] is None
    assert oyster.put("/api/v1/accounts/sample.seafood/email", json={"email": None}).status_code == 403
    with database.sessions(pooled=False)() as session:
        chain = session.execute(text("SELECT string_agg(row_to_json(e)::text, '') FROM event e")).scalar_one()
    assert "account.email_set" in chain and "a.b@sea.example" not in chain
