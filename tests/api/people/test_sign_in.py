"""Signing in and out through HTTP: cookies, tokens, lifetimes, locks, and what nobody can learn from outside."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from api.people import accounts, passwords
from api.people.tokens import COOKIE
from api.settings import Settings
from data.actors import Actor
from tests.api.people.conftest import LOGIN, PASSWORD, Opened, Town
from tests.api.people.signing_in import sign_in

ADMINISTRATOR = Actor.administrator()
ME, IN, OUT = "/api/v1/me", "/api/v1/sign-in", "/api/v1/sign-out"
RIGHT, WRONG = {"login": LOGIN, "password": PASSWORD}, {"login": LOGIN, "password": "wrong horse"}
STRANGER = {"login": "nobody.here", "password": PASSWORD}


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_the_cookie_is_for_our_own_pages_and_no_script_and_its_token_is_kept_nowhere(opened: Opened) -> None:
    town = opened()
    town.person()
    client = town.client()
    answer = client.post(IN, json=RIGHT)
    told = answer.headers["set-cookie"]
    assert answer.status_code == 200 and answer.json()["name"] == "张丽" and "token" not in answer.json()
    assert "HttpOnly" in told and "SameSite=strict" in told and "Path=/" in told and "Secure" not in told
    assert client.get(ME).json()["login"] == LOGIN
    with town.sessions() as session:
        kept = session.execute(text("SELECT token_hash, agent FROM sign_in_session")).one()
    assert bytes(kept.token_hash) == hashlib.sha256(client.cookies[COOKIE].encode()).digest()
    assert kept.agent == "testclient"


def test_over_tls_the_cookie_is_for_tls_only(opened: Opened) -> None:
    town = opened()
    town.person()
    assert "Secure" in town.client(base_url="https://sea.example").post(IN, json=RIGHT).headers["set-cookie"]


def test_a_neighbour_system_takes_a_token_once_and_needs_no_page_of_ours(opened: Opened) -> None:
    town = opened()
    town.person()
    client = town.client()
    answer = client.post(IN, json={**RIGHT, "way": "token"})
    bearer = {"Authorization": f"Bearer {answer.json()['token']}", "Sec-Fetch-Site": "cross-site"}
    assert "set-cookie" not in answer.headers and client.get(ME).status_code == 401
    assert client.get(ME, headers=bearer).json()["login"] == LOGIN
    assert client.post(OUT, headers=bearer).status_code == 204
    assert code(client.get(ME, headers=bearer)) == (401, "problems.session_over")


def test_a_token_that_stands_for_nobody_is_refused_even_where_the_public_may_ask(opened: Opened) -> None:
    """A machine whose session was over took the public's answer for its own."""
    client = opened().client()
    for given in ("Bearer x", f"Bearer {'x' * 43}", "Bearer \u00ff", "bearer"):
        answer = client.get("/api/v1/rules", headers={"Authorization": given.encode("latin-1")})  # type: ignore[dict-item]
        assert code(answer) == (401, "problems.session_over"), given
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_cookie_that_stands_for_nobody_leaves_the_public_pages_open(opened: Opened) -> None:
    town = opened()
    for cookie in ("", "x", "x" * 43, "'; DROP TABLE account; --"):
        client = town.client(cookies={COOKIE: cookie})
        assert client.get("/").status_code == 200 and client.get("/api/v1/rules").status_code == 200
        assert code(client.get(ME)) == (401, "problems.sign_in")


def test_the_public_costs_no_look_into_the_database(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    client = opened().client()
    monkeypatch.setattr("api.deps.signed_in", lambda *given, **named: pytest.fail("asked for nobody"))
    assert client.get("/healthz").status_code == 200


def test_a_session_ends_when_it_idles_and_at_its_end_in_any_case(opened: Opened) -> None:
    town = opened(session_idle_minutes=30, session_hours=2)
    town.person()
    client = town.client()
    client.post(IN, json=RIGHT)
    for _ in range(3):
        town.clock.pass_(minutes=29)
        assert client.get(ME).status_code == 200
    town.clock.pass_(minutes=31)
    assert client.get(ME).status_code == 401
    client.post(IN, json=RIGHT)
    for _ in range(5):
        town.clock.pass_(minutes=23)
        assert client.get(ME).status_code == 200
    town.clock.pass_(minutes=6)
    assert client.get(ME).status_code == 401


def test_what_a_page_asks_by_itself_keeps_no_session_from_its_idle_end(opened: Opened) -> None:
    town = opened(session_idle_minutes=30)
    town.person()
    client = town.client()
    client.post(IN, json=RIGHT)
    for _ in range(3):
        town.clock.pass_(minutes=9)
        assert client.get(ME, headers={"Haiyu-Unasked": "1"}).status_code == 200
    town.clock.pass_(minutes=9)
    assert client.get(ME, headers={"Haiyu-Unasked": "1"}).status_code == 401


def test_signing_out_ends_this_session_and_everywhere_ends_all(opened: Opened) -> None:
    town = opened()
    town.person()
    here, there, elsewhere = (town.client() for _ in range(3))
    for client in (here, there, elsewhere):
        client.post(IN, json=RIGHT)
    kept = here.cookies[COOKIE]
    assert here.post(OUT).status_code == 204 and COOKIE not in here.cookies
    assert town.client(cookies={COOKIE: kept}).get(ME).status_code == 401 and there.get(ME).status_code == 200
    assert there.post(OUT, json={"everywhere": True}).status_code == 204
    assert elsewhere.get(ME).status_code == 401
    with town.sessions() as session:
        told = session.execute(text("SELECT body ->> 'sessions_ended' FROM event WHERE kind = 'account.signed_out'"))
        assert told.scalar_one() == "2"


def test_a_disabled_account_is_out_at_once_and_stays_out(opened: Opened) -> None:
    town = opened()
    town.person()
    client = town.client()
    client.post(IN, json=RIGHT)
    with town.sessions.begin() as session:
        accounts.disable(session, accounts.by_login(session, LOGIN), now=town.clock.now, actor=ADMINISTRATOR)
    assert client.get(ME).status_code == 401
    assert code(client.post(IN, json=RIGHT)) == (401, "problems.sign_in_failed")


def test_a_new_password_puts_out_whoever_knew_the_old_one(opened: Opened) -> None:
    town = opened()
    town.person()
    client = town.client()
    client.post(IN, json=RIGHT)
    with town.sessions.begin() as session:
        account = accounts.by_login(session, LOGIN)
        accounts.set_password(session, account, "another long password", now=town.clock.now, actor=ADMINISTRATOR)
    assert client.get(ME).status_code == 401
    assert client.post(IN, json=RIGHT).status_code == 401
    assert client.post(IN, json={"login": LOGIN, "password": "another long password"}).status_code == 200


def test_a_login_is_the_same_however_it_is_typed(opened: Opened) -> None:
    town = opened()
    town.person()
    for login in ("Zhang.Li", " zhang.li ", "\uff3ahang.li"):
        assert town.client().post(IN, json={"login": login, "password": PASSWORD}).status_code == 200


def asked_at(town: Town, **given: str) -> tuple[Any, int]:
    """The answer without its request id, and how many digests were looked at for it."""
    answer = town.client().post(IN, json=given)
    told = answer.json()
    told.pop("instance")
    return answer.status_code, told


def test_no_answer_and_no_work_tells_which_logins_exist(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    town = opened()
    town.person()
    town.person("no.password", None)
    town.person("disabled")
    with town.sessions.begin() as session:
        accounts.disable(session, accounts.by_login(session, "disabled"), now=town.clock.now, actor=ADMINISTRATOR)
    looked: list[str | None] = []
    hasher = passwords._hasher()
    verify = hasher.verify
    monkeypatch.setattr(hasher, "verify", lambda password, kept: looked.append(kept) or verify(password, kept))
    answers = [
        asked_at(town, login=login, password="wrong horse")
        for login in (LOGIN, "nobody.here", "no.password", "disabled", "sample.oyster", "\u5f20", "a\0b", "x' OR 1=1")
    ]
    assert len({str(answer) for answer in answers}) == 1 and answers[0][0] == 401
    # The same work each time: one digest of the same kind, a real one or nobody's.
    assert len(looked) == len(answers)
    assert {kept.rsplit("$", 2)[0] for kept in looked if kept} == {"$argon2id$v=19$m=65536,t=3,p=4"}


def test_a_login_that_nobody_bears_locks_like_one_that_somebody_does(opened: Opened) -> None:
    town = opened(sign_in_tries=3, sign_in_lock_seconds=30)
    town.person()
    for _ in range(4):
        known, unknown = asked_at(town, **WRONG), asked_at(town, **STRANGER)
        assert known == unknown
    assert known[0] == 429 and known[1]["code"] == "problems.locked"
    with town.sessions() as session:
        kept = session.execute(text("SELECT login_hash FROM unknown_login")).scalar_one()
    assert bytes(kept) != hashlib.sha256(b"nobody.here").digest()


def test_each_failure_past_the_limit_doubles_the_lock_up_to_the_longest(opened: Opened) -> None:
    town = opened(sign_in_tries=2, sign_in_lock_seconds=30, sign_in_lock_max_seconds=100)
    town.person()
    client = town.client()
    waits = []
    assert client.post(IN, json=WRONG).status_code == 401
    for _ in range(4):
        assert client.post(IN, json=WRONG).status_code == 401
        locked = client.post(IN, json=WRONG)
        waits.append(int(locked.headers["retry-after"]))
        assert code(locked) == (429, "problems.locked")
        town.clock.pass_(seconds=waits[-1])
    assert waits == [30, 60, 100, 100]


def test_the_right_password_does_not_open_a_lock_and_tells_nothing_of_it(opened: Opened) -> None:
    """Else a lock would slow nobody down who guesses: the answer to a right guess would be another one."""
    town = opened(sign_in_tries=2, sign_in_lock_seconds=30)
    town.person()
    for _ in range(2):
        town.client().post(IN, json=WRONG)
    assert asked_at(town, **RIGHT) == asked_at(town, **WRONG) and asked_at(town, **RIGHT)[0] == 429
    town.clock.pass_(seconds=31)
    assert town.client().post(IN, json=RIGHT).status_code == 200
    assert town.client().post(IN, json=WRONG).status_code == 401
    assert town.client().post(IN, json=RIGHT).status_code == 200


def test_twenty_guesses_at_once_are_twenty_guesses(opened: Opened) -> None:
    town = opened(sign_in_tries=5)
    town.person()
    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(lambda _: town.client().post(IN, json=WRONG).status_code, range(20)))
    assert statuses.count(401) == 5 and statuses.count(429) == 15


def test_one_address_cannot_ask_without_end(opened: Opened) -> None:
    town = opened(sign_ins_per_minute=3)
    answers = [town.client().post(IN, json={"sample": "sample.oyster"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].json()["code"] == "problems.too_many_sign_ins" and int(answers[3].headers["retry-after"]) >= 1


def test_half_a_sign_in_is_a_fault_of_the_form(opened: Opened) -> None:
    client = opened().client()
    halves: list[dict[str, str]] = [
        {},
        {"login": "a"},
        {"password": "b"},
        {"login": "a", "password": "b", "sample": "c"},
        {"sample": "s", "way": "magic"},
        {"login": "a" * 65, "password": "b"},
    ]
    for body in halves:
        assert code(client.post(IN, json=body)) == (422, "problems.form"), body


SITES = [
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "none"}, True),
    ({"Sec-Fetch-Site": "same-site"}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
    ({"Origin": "http://testserver"}, True),
    ({"Origin": "https://testserver"}, True),
    ({"Origin": "http://evil.example"}, False),
    ({"Origin": "http://testserver.evil.example"}, False),
    ({"Origin": "http://testserver:8000"}, False),
    ({"Origin": "null"}, False),
]


def test_what_lives_on_a_cookie_changes_things_from_our_own_pages_only(opened: Opened) -> None:
    town = opened()
    client = sign_in(town.client(), "sample.administrator")
    client.headers.pop("Sec-Fetch-Site")
    for number, (headers, own) in enumerate([*SITES, ({}, False)]):
        made = client.post("/api/v1/accounts", json={"login": f"new.{number}", "name": "新"}, headers=headers)
        assert (made.status_code, made.json().get("code")) == ((201, None) if own else (403, "problems.cross_site")), (
            headers
        )
        assert client.post("/api/v1/checks", json={}, headers=headers).status_code == (422 if own else 403), headers
        assert client.get("/api/v1/accounts", headers=headers).status_code == 200


def test_another_site_cannot_sign_a_browser_in_as_somebody_else(opened: Opened) -> None:
    town = opened()
    for headers, own in [*SITES, ({}, True)]:
        client = town.client()
        client.headers.pop("Sec-Fetch-Site")
        answer = client.post(IN, json={"sample": "sample.oyster"}, headers=headers)
        assert answer.status_code == (200 if own else 403), headers
        assert ("set-cookie" in answer.headers) is own


def test_samples_are_closed_on_a_database_of_ones_own(opened: Opened) -> None:
    client = opened(samples_allowed=None).client(base_url="http://localhost")
    assert code(client.get("/api/v1/sign-in/samples")) == (403, "problems.samples_closed")
    assert code(client.post(IN, json={"sample": "sample.administrator"})) == (403, "problems.samples_closed")


def test_samples_open_to_this_machine_only_and_through_no_proxy(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = opened(samples_allowed=None)
    # The database of a test is named by an address; what else the settings say is tested with `samples_are_safe`.
    monkeypatch.setattr("api.people.signing_in.samples_are_safe", lambda settings: True)
    ways = [("localhost", {}, 200), ("127.0.0.1:8000", {}, 200), ("[::1]:8000", {}, 200), ("sea.example", {}, 403)]
    ways += [("10.0.0.4", {}, 403), ("localhost.sea.example", {}, 403)]
    ways += [("localhost", {name: "203.0.113.9"}, 403) for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")]
    for host, headers, status in ways:
        client = town.client(base_url=f"http://{host}", headers=headers)
        assert client.get("/api/v1/sign-in/samples").status_code == status, (host, headers)
        assert client.post(IN, json={"sample": "sample.oyster"}).status_code == status, (host, headers)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.4", "sea.example"])
def test_a_server_that_others_can_reach_has_no_sample_accounts(host: str) -> None:
    from api.people.signing_in import samples_are_safe

    assert samples_are_safe(Settings(database_url=None))
    assert not samples_are_safe(Settings(database_url=None, host=host))


def test_a_real_account_is_no_sample(opened: Opened) -> None:
    town = opened()
    town.person()
    assert code(town.client().post(IN, json={"sample": LOGIN})) == (401, "problems.sign_in_failed")


def test_what_is_old_is_forgotten_at_the_next_sign_in(opened: Opened) -> None:
    town = opened(session_hours=1, kept_answer_hours=2)
    town.person()
    client = town.client()
    client.post(IN, json=STRANGER)
    client.post(IN, json=RIGHT)
    town.clock.pass_(days=3)
    client.post(IN, json=RIGHT)
    with town.sessions() as session:
        assert session.execute(text("SELECT count(*) FROM sign_in_session")).scalar_one() == 1
        assert session.execute(text("SELECT count(*) FROM unknown_login")).scalar_one() == 0
