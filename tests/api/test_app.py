"""What holds for every answer: ids, headers, problems in two languages, limits, health, OpenAPI."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from api.app import create_app
from api.deps import Writing, reading
from api.gates import act
from api.problems import status_for
from data.answers import Refusal
from data.messages import catalogue
from tests.api.client import TestClient
from tests.api.conftest import settings_for
from tests.support.databases import Database


def test_alive_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json()["status"] == "ready"


def test_not_ready_when_the_database_is_away(filled: Database) -> None:
    app = create_app(settings_for(filled, database_url="postgresql://nobody@127.0.0.1:9/none"))
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (503, "problems.database_away")
    assert answer.headers["retry-after"] == "2"


def test_a_page_allows_scripts_by_nonce_only_and_no_nonce_twice(client: TestClient) -> None:
    policies = [client.get("/").headers["content-security-policy"] for _ in range(2)]
    nonces = {re.search(r"'nonce-([\w-]{20,})'", policy).group(1) for policy in policies}  # type: ignore[union-attr]
    assert len(nonces) == 2
    for policy in policies:
        assert "unsafe" not in policy and policy.startswith("default-src 'none'") and "frame-ancestors 'none'" in policy


def test_every_script_and_style_of_the_page_is_local_and_bears_the_nonce(client: TestClient) -> None:
    answer = client.get("/")
    nonce = re.search(r"'nonce-([\w-]+)'", answer.headers["content-security-policy"]).group(1)  # type: ignore[union-attr]
    for tag in re.findall(r"<script(?![^>]*application/json)[^>]*>", answer.text):
        assert f'nonce="{nonce}"' in tag
    assert "<style" not in answer.text and " style=" not in answer.text and not re.search(r"\son\w+=", answer.text)
    addresses = re.findall(r'(?:src|href)="([^"#][^"]*)"', answer.text)
    assert addresses and all(address.startswith("/") and not address.startswith("//") for address in addresses)
    for address in addresses:
        assert client.get(address.replace("&amp;", "&")).status_code == 200, address


def test_the_interface_answers_with_a_policy_that_allows_nothing(client: TestClient) -> None:
    answer = client.get("/api/v1/rules")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; frame-ancestors")
    assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["cache-control"] == "no-store"


def test_a_request_id_is_kept_or_given(client: TestClient) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": "mine-12345"}).headers["x-request-id"] == "mine-12345"
    assert re.fullmatch(
        r"[0-9a-f]{16}", client.get("/healthz", headers={"X-Request-Id": "<b>"}).headers["x-request-id"]
    )


def test_a_problem_has_the_members_of_rfc_9457_and_both_languages(client: TestClient) -> None:
    answer = client.get("/api/v1/nothing", headers={"Accept-Language": "fr, en;q=0.5"})
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(problem) == {"type", "title", "status", "detail", "code", "findings", "instance", "texts"}
    assert problem["status"] == answer.status_code == 404 and problem["title"] == problem["texts"]["en"]["title"]
    assert problem["instance"].endswith(answer.headers["x-request-id"])
    assert client.get(problem["type"]).json()["texts"]["title"] == dict(catalogue()["problems.not_found"])


def test_another_method_says_which_ones_work(client: TestClient) -> None:
    answer = client.put("/api/v1/checks")
    assert answer.status_code == 405 and "POST" in answer.json()["detail"] and answer.headers["allow"] == "POST"


def test_a_reader_of_pages_gets_the_problem_as_a_page(client: TestClient) -> None:
    answer = client.get("/no/such", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert (
        answer.status_code == 404
        and "Not there, or not visible to you" in answer.text
        and '<html lang="en"' in answer.text
    )


def test_a_language_said_once_is_remembered_by_pages(filled: Database) -> None:
    with TestClient(create_app(settings_for(filled))) as client:
        assert '<html lang="zh-CN"' in client.get("/").text
        assert '<html lang="en"' in client.get("/?lang=en").text
        assert '<html lang="en"' in client.get("/", headers={"Accept-Language": "zh"}).text


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_over_the_limit_is_refused(filled: Database, announced: bool) -> None:
    body = b'{"text": "' + b"1" * 3_000 + b'"}'
    content: Any = body if announced else (body[at : at + 500] for at in range(0, len(body), 500))
    with TestClient(create_app(settings_for(filled, upload_max_bytes=2_000))) as client:
        answer = client.post("/api/v1/files", content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "problems.too_large")


def test_anonymous_checks_are_counted_and_other_questions_are_not(filled: Database) -> None:
    with TestClient(create_app(settings_for(filled, checks_per_minute=2))) as client:
        statuses = [client.post("/api/v1/files", json={"text": "x"}).status_code for _ in range(3)]
        refused = client.post("/api/v1/checks", json={})
        assert statuses[2] == 429 and 429 not in statuses[:2]
        assert refused.status_code in (422, 429) and client.get("/api/v1/rules").status_code == 200
        late = client.post("/api/v1/files", json={"text": "x"})
    assert int(late.headers["retry-after"]) >= 1 and late.json()["code"] == "problems.too_many"


def test_what_nobody_foresaw_is_500_with_an_id_and_no_inner_words(filled: Database) -> None:
    app = create_app(settings_for(filled, log_level="error"))

    @app.get("/api/v1/broken")
    @act("health.see")
    def broken() -> None:
        raise RuntimeError("inner words")

    with TestClient(app) as client:
        answer = client.get("/api/v1/broken")
    assert answer.status_code == 500 and "inner words" not in answer.text
    assert answer.headers["x-request-id"] in answer.json()["instance"] and "content-security-policy" in answer.headers


@pytest.mark.parametrize(("sqlstate", "code"), [("55P03", "problems.busy"), ("08006", "problems.database_away")])
def test_a_lock_that_others_hold_is_a_wait(filled: Database, sqlstate: str, code: str) -> None:
    class Fault(Exception):
        pass

    Fault.sqlstate = sqlstate  # type: ignore[attr-defined]
    app = create_app(settings_for(filled, log_level="error"))

    @app.get("/api/v1/locked")
    @act("health.see")
    def locked() -> None:
        raise OperationalError("x", {}, Fault())

    with TestClient(app) as client:
        answer = client.get("/api/v1/locked")
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, code, "2")


def test_a_session_for_reading_cannot_write(filled: Database) -> None:
    app = create_app(settings_for(filled))
    sessions = reading(app.state.house)
    session = next(sessions)
    with pytest.raises(Exception, match="read-only transaction"):
        session.connection().exec_driver_sql("INSERT INTO place (kind, name_zh, name_en) VALUES ('country', 'x', 'x')")
    sessions.close()
    app.state.house.engine.dispose()


def test_a_failed_commit_is_not_answered_as_done(own_database: Database) -> None:
    app = create_app(settings_for(own_database, log_level="error"))

    def refuse(_: Any) -> None:
        raise Refusal("grant.case_moved")

    @app.post("/api/v1/promise", status_code=201)
    @act("health.see")
    def promise(session: Writing) -> dict[str, str]:
        session.connection().exec_driver_sql("SELECT 1")
        event.listen(session, "before_commit", refuse)
        return {"done": "yes"}

    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.post("/api/v1/promise")
    assert answer.status_code == 409


def test_openapi_tells_examples_and_refusals(client: TestClient) -> None:
    told = client.get("/api/v1/openapi.json").json()
    check = told["paths"]["/api/v1/checks"]["post"]
    assert {"200", "413", "422", "429", "503"} <= set(check["responses"])
    for path in told["paths"].values():
        for route in path.values():
            for status, response in route["responses"].items():
                if status in ("404", "413", "415", "422", "429", "503") and "content" in response:
                    assert response["content"].keys() == {"application/problem+json"}, route["summary"]
    assert told["components"]["schemas"]["CheckIn"]["examples"] and told["components"]["schemas"]["Problem"]["examples"]
    assert "HTTPValidationError" not in told["components"]["schemas"]
    example = told["components"]["schemas"]["CheckIn"]["examples"][0]
    assert client.post("/api/v1/checks", json=example).json()["geometry"]["area_ha"] == "20.2469"


def test_every_refusal_of_an_upload_or_an_act_has_a_status_of_its_own() -> None:
    """A refusal that the table does not know would be told as our fault."""
    ours = {code for code in catalogue() if code.startswith(("file.", "json.", "table.", "crs.", "units.", "draft.", "choice.", "notation.", "ring.", "right.", "claim.", "renewal.", "layer."))}  # fmt: skip
    assert len(ours) > 100 and {code for code in ours if status_for(code) >= 500} == set()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/register/%00", 404),
        ("/api/v1/register/" + "x" * 3000, 404),
        ("/api/v1/clock?from=9999-12-30&days=500", 422),
        ("/api/v1/register?bbox=1,1,2,2&day=9999-12-31", 200),
        ("/api/v1/rules/fee.rate?fee_mode=%00", 422),
        ("/static/..%2f..%2fapp.py", 404),
        ("/?lang=%00", 200),
    ],
)
def test_odd_questions_are_answered_and_break_nothing(client: TestClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_a_file_named_with_its_digest_is_kept_and_others_are_asked_after(client: TestClient) -> None:
    address = re.search(r'href="(/static/css/public[^"]*)"', client.get("/").text).group(1)  # type: ignore[union-attr]
    assert "immutable" in client.get(address).headers["cache-control"]
    assert client.get("/static/js/api.js").headers["cache-control"] == "no-cache"
