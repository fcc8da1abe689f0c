"""The applicant's pages: what waits leads to its place, others' things stay out of sight, hidden sources stay hidden."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest
from sqlalchemy import text

from tests.api.client import TestClient
from tests.api.portal.conftest import Opener

OYSTER, SEAFOOD, COOPERATIVE, PERSON = "sample.oyster", "sample.seafood", "sample.cooperative", "sample.person"
WINDOW, PLANNER = "sample.window.371082", "sample.planner.371000"
PAGES = ("/my", "/my/parcels", "/my/cases", "/my/bills", "/my/papers", "/my/questions", "/my/members", "/messages")
WHOSE = {
    "draft_begun": OYSTER, "draft_half": SEAFOOD, "draft_unsigned": OYSTER, "submitted": COOPERATIVE, "in_correction": OYSTER,
    "supplied": PERSON, "in_review": OYSTER, "consents": COOPERATIVE, "for_decision": OYSTER, "unpaid": COOPERATIVE,
    "fee_unknown": SEAFOOD, "paid": SEAFOOD, "delivered": OYSTER, "completed": COOPERATIVE, "refused": SEAFOOD, "rejected": PERSON,
}  # fmt: skip


def main_of(client: TestClient, path: str) -> str:
    """The content of a page, without the shell around it; in Chinese where the address names no language."""
    if "lang=" not in path:
        path += ("&" if "?" in path else "?") + "lang=zh"
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.text[:2000])
    return answer.text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(("path", "lang"), list(product(PAGES, ("zh", "en"))))
def test_every_page_opens_in_both_languages_with_words(as_somebody: Opener, path: str, lang: str) -> None:
    for login in (OYSTER, PERSON):
        told = main_of(as_somebody(login), f"{path}?lang={lang}")
        assert told.count("<h1>") == 1
        assert re.findall(r">\s*portal\.[a-z_.]+", told) == []


@pytest.mark.parametrize(("state", "lang"), list(product(WHOSE, ("zh", "en"))))
def test_the_page_of_a_case_opens_in_every_state(
    as_somebody: Opener, cases: dict[str, str], state: str, lang: str
) -> None:
    told = main_of(as_somebody(WHOSE[state]), f"/my/cases/{cases[state]}?lang={lang}")
    assert cases[state] in told
    assert re.findall(r">\s*portal\.[a-z_.]+", told) == []


def test_whoever_is_not_signed_in_is_led_to_sign_in_and_back(as_somebody: Opener) -> None:
    for path in PAGES:
        answer = as_somebody(None).get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=")


def test_a_case_of_others_is_not_there_and_an_officer_has_a_page_of_their_own(
    as_somebody: Opener, cases: dict[str, str]
) -> None:
    number = cases["in_review"]
    assert as_somebody(SEAFOOD).get(f"/my/cases/{number}").status_code == 404
    assert as_somebody(SEAFOOD).get(f"/my/cases/{number}/papers").status_code == 404
    answer = as_somebody(WINDOW).get(f"/my/cases/{number}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{number}")


def test_each_thing_that_waits_has_one_way_to_its_place(as_somebody: Opener, cases: dict[str, str]) -> None:
    told = main_of(as_somebody(OYSTER), "/my").partition('id="waits"')[2].partition("</section>")[0]
    places = re.findall(r'<a class="btn[^"]*" href="([^"]+)"', told)
    assert places[0].startswith("/my/questions/")
    assert set(places[1:]) == {
        f"/my/cases/{cases['in_correction']}#correction",
        f"/my/cases/{cases['delivered']}#rating",
        f"/cases/{cases['draft_unsigned']}/form?step=3",
        f"/cases/{cases['draft_begun']}/form",
    }
    assert f"/my/cases/{cases['unpaid']}#bill" in main_of(as_somebody(COOPERATIVE), "/my")


def test_a_draft_bears_the_name_typed_in_its_form_wherever_it_is_listed(as_somebody: Opener) -> None:
    seafood = as_somebody(SEAFOOD)
    for path in ("/my", "/my/cases?show=drafts"):
        assert "示例牡蛎筏式养殖（未填完）" in main_of(seafood, path)


def test_lists_hold_ones_own_cases_only(as_somebody: Opener, cases: dict[str, str]) -> None:
    mine = {cases[state] for state, login in WHOSE.items() if login == OYSTER}
    listed = set(re.findall(r"/my/cases/([0-9A-Z-]+)", main_of(as_somebody(OYSTER), "/my/cases")))
    assert listed == mine
    papers = set(re.findall(r"/my/cases/([0-9A-Z-]+)", main_of(as_somebody(OYSTER), "/my/papers")))
    assert papers <= mine
    assert cases["unpaid"] not in main_of(as_somebody(OYSTER), "/my/bills")


def test_the_list_is_filtered_by_state_and_words(as_somebody: Opener, cases: dict[str, str]) -> None:
    def listed(query: str) -> set[str]:
        return set(re.findall(r'href="/my/cases/([0-9A-Z-]+)"', main_of(as_somebody(OYSTER), f"/my/cases?{query}")))

    assert listed("show=drafts") == {cases["draft_begun"], cases["draft_unsigned"]}
    assert listed("show=waiting") == {
        cases[state] for state in ("draft_begun", "draft_unsigned", "in_correction", "delivered")
    }
    assert listed(f"q={cases['in_review'][-6:]}") == {cases["in_review"]}
    assert listed("q=%25") == set()
    fragment = as_somebody(OYSTER).get("/my/cases?show=drafts", headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert cases["draft_begun"] in fragment


def test_a_correction_names_its_items_with_the_words_of_the_window(as_somebody: Opener, cases: dict[str, str]) -> None:
    told = main_of(as_somebody(OYSTER), f"/my/cases/{cases['in_correction']}")
    assert "联系人电话打不通" in told
    assert re.search(rf'href="/cases/{cases["in_correction"]}/form\?step=\d#f-contact"', told)
    assert f'href="/cases/{cases["in_correction"]}/form#materials"' in told


def test_a_bill_is_told_line_by_line_with_its_marks_of_doubt(as_somebody: Opener, cases: dict[str, str]) -> None:
    told = main_of(as_somebody(COOPERATIVE), f"/my/cases/{cases['unpaid']}")
    bill = told.partition('id="bill"')[2].partition("</section>")[0]
    assert "万元/公顷·年" in bill
    assert 'class="src unverified"' in bill
    assert "怎样缴" in bill


def test_a_refusal_tells_its_ground_and_the_way_on(as_somebody: Opener, cases: dict[str, str]) -> None:
    told = main_of(as_somebody(SEAFOOD), f"/my/cases/{cases['refused']}")
    assert "破坏海域资源" in told
    assert "山东省海域使用管理条例" in told
    assert 'data-send="POST /api/v1/cases"' in told
    assert f'name="follows" value="{cases["refused"]}"' in told


def test_an_ended_case_offers_no_acts(as_somebody: Opener, cases: dict[str, str]) -> None:
    told = main_of(as_somebody(COOPERATIVE), f"/my/cases/{cases['completed']}")
    assert "/acts" not in told


def test_a_question_is_seen_by_the_party_asked_and_not_by_the_applicant(as_somebody: Opener, world: Any) -> None:
    with world[0].sessions()() as session:
        question = session.execute(
            text("SELECT id FROM case_question WHERE party_id IS NOT NULL AND standing = 'open'")
        ).scalar_one()
    told = main_of(as_somebody(OYSTER), f"/my/questions/{question}")
    assert 'value="give"' in told
    assert 'class="chart"' in told
    assert as_somebody(COOPERATIVE).get(f"/my/questions/{question}").status_code == 403
    assert as_somebody(SEAFOOD).get(f"/my/questions/{question}").status_code == 404


def test_a_link_that_leads_nowhere_says_so_without_an_account(as_somebody: Opener) -> None:
    answer = as_somebody(None).get("/answers/no-such-link?lang=en")
    assert answer.status_code == 404
    assert "This link leads nowhere" in answer.text


def test_nothing_tells_of_hidden_sources(as_somebody: Opener, cases: dict[str, str], world: Any) -> None:
    """Neither an office that a zone names nor what it answered stands on the applicant's page."""
    with world[0].sessions()() as session:
        keys = session.execute(text("SELECT DISTINCT key FROM case_question WHERE key LIKE 'layer:%'")).scalars().all()
    for state, login in WHOSE.items():
        told = main_of(as_somebody(login), f"/my/cases/{cases[state]}")
        assert [key for key in keys if key in told] == []


def test_messages_are_filtered_and_unread_ones_are_marked(as_somebody: Opener, cases: dict[str, str]) -> None:
    everything = main_of(as_somebody(OYSTER), "/messages")
    unread = main_of(as_somebody(OYSTER), "/messages?show=unread")
    assert 0 < unread.count("data-message=") < everything.count("data-message=")
    assert unread.count('class="unread"') == unread.count("data-message=")
    about = main_of(as_somebody(OYSTER), f"/messages?case={cases['in_review']}")
    assert set(re.findall(r"\d{6}-HY-\d{4}-\d{6}", about)) == {cases["in_review"]}
    assert "data-message=" in main_of(as_somebody(WINDOW), "/messages")
