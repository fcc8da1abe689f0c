"""The case page: who sees which part of it, in both languages, and what stays out of sight."""

from __future__ import annotations

from itertools import product

import pytest

from tests.api.portal.conftest import Opener

TABS = ("review", "form", "materials", "questions", "versions", "money", "papers", "events")
STATES = (
    "submitted",
    "in_correction",
    "supplied",
    "in_review",
    "consents",
    "for_decision",
    "unpaid",
    "paid",
    "completed",
    "refused",
)
WINDOW, REVIEWER, APPROVER = "sample.window.371082", "sample.reviewer.371082", "sample.approver.371082"
PLANNER, OYSTER, ELSEWHERE = "sample.planner.371000", "sample.oyster", "sample.window.371083"


@pytest.mark.parametrize(("state", "lang"), list(product(STATES, ("zh", "en"))))
def test_every_part_of_every_state_opens(as_somebody: Opener, cases: dict[str, str], state: str, lang: str) -> None:
    """One state that nobody had looked at answered with a fault."""
    for tab in TABS:
        answer = as_somebody(WINDOW).get(f"/cases/{cases[state]}?tab={tab}&lang={lang}")
        assert answer.status_code == 200, (tab, answer.text[:2000])
        assert "portal." not in answer.text.partition("<main")[2].partition("<dialog")[0].replace("js/portal/", "")


def test_an_applicant_is_led_to_the_page_of_the_applicant(as_somebody: Opener, cases: dict[str, str]) -> None:
    answer = as_somebody(OYSTER).get(f"/cases/{cases['in_review']}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/my/cases/{cases['in_review']}")


def test_who_may_not_see_a_case_is_told_that_it_is_not_there(as_somebody: Opener, cases: dict[str, str]) -> None:
    number = cases["in_review"]
    assert as_somebody(ELSEWHERE).get(f"/cases/{number}").status_code == 404
    assert as_somebody("sample.seafood").get(f"/cases/{number}").status_code == 404
    assert as_somebody(None).get(f"/cases/{number}").headers["location"].startswith("/sign-in?next=")


def test_a_planner_sees_the_case_without_personal_data(as_somebody: Opener, cases: dict[str, str]) -> None:
    page = as_somebody(PLANNER).get(f"/cases/{cases['in_review']}").text
    assert "?tab=form" not in page
    assert "?tab=materials" not in page
    assert "act-form" not in page
    assert "示例路" not in as_somebody(PLANNER).get(f"/cases/{cases['in_review']}?tab=form").text


def test_each_role_finds_its_own_acts(as_somebody: Opener, cases: dict[str, str]) -> None:
    def acts(login: str, state: str) -> set[str]:
        page = as_somebody(login).get(f"/cases/{cases[state]}").text
        return {
            name for name in ("acceptance.accept", "technical_review.pass", "withdraw") if f'value="{name}"' in page
        }

    assert acts(WINDOW, "submitted") == {"acceptance.accept"}
    assert acts(REVIEWER, "in_review") == {"technical_review.pass"}
    assert acts(APPROVER, "submitted") == set()


def test_submitted_versions_are_compared_on_the_map_and_in_words(as_somebody: Opener, cases: dict[str, str]) -> None:
    page = as_somebody(WINDOW).get(f"/cases/{cases['supplied']}?tab=versions").text
    assert 'class="was"' in page
    assert "李示例（办公室）" in page
    alone = as_somebody(WINDOW).get(f"/cases/{cases['in_review']}?tab=versions&lang=zh").text
    assert "只提交过一次" in alone
