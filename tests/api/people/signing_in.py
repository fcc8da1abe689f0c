"""How tests sign in: as sample accounts, on an application that was built with `samples_allowed=True`."""

from __future__ import annotations

from typing import Any

from tests.api.client import TestClient

# A browser says where a request comes from; without a word a request with a cookie is refused.
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


def sign_in(client: TestClient, login: str) -> TestClient:
    """The client, signed in as a sample account (such as `sample.window.371082`), its requests coming from our own page."""
    client.headers.update(OWN_PAGE)
    answer = client.post("/api/v1/sign-in", json={"sample": login})
    assert answer.status_code == 200, answer.text
    return client


def signed_in(app: Any, login: str | None) -> TestClient:
    """A client of its own on an application: signed in, or, without a login, the public."""
    client = TestClient(app, raise_server_exceptions=False, headers=OWN_PAGE)
    return client if login is None else sign_in(client, login)
