"""Rules, accounts, jobs, system and procedures as pages: who sees them, and what an administrator does with them."""

from __future__ import annotations

import pytest

from tests.api.portal.conftest import Opener

ADMINISTRATOR, PLANNER, WINDOW, OYSTER = (
    "sample.administrator",
    "sample.planner.371000",
    "sample.window.371082",
    "sample.oyster",
)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "path", ["/rules", "/rules?show=all", "/rules/fee.rate", "/users", "/jobs", "/system", "/templates"]
)
def test_every_page_opens_in_both_languages(as_somebody: Opener, path: str, lang: str) -> None:
    answer = as_somebody(ADMINISTRATOR).get(path, params={"lang": lang})
    assert answer.status_code == 200, answer.text[:1500]


def test_every_rule_has_a_page(as_somebody: Opener) -> None:
    from data.rulebook import packaged

    for rule in packaged().rules:
        assert as_somebody(None).get(f"/rules/{rule}").status_code == 200, rule


def test_only_an_administrator_sees_accounts_and_forms(as_somebody: Opener) -> None:
    assert as_somebody(WINDOW).get("/users").status_code == 403
    assert as_somebody(OYSTER).get("/system").status_code == 403
    assert 'data-send="POST /api/v1/rules' not in as_somebody(PLANNER).get("/rules/fee.rate").text
    assert 'data-send="POST /api/v1/rules' in as_somebody(ADMINISTRATOR).get("/rules/fee.rate").text


def test_a_search_answers_with_the_list_alone(as_somebody: Opener) -> None:
    answer = as_somebody(ADMINISTRATOR).get("/users?q=window&lang=en", headers={"HX-Target": "user-list"})
    assert "<html" not in answer.text
    assert "sample.window.371082" in answer.text
    assert "sample.planner" not in answer.text
