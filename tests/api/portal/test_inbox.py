"""The inbox: who finds which cases, in which order, how they are narrowed, and the figures in the rail."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from api.portal.inbox import due_words
from approvals.cases.waiting import LastDay
from tests.api.portal.conftest import Opener
from tests.support.portal_world import NOW

WINDOW, REVIEWER, APPROVER = "sample.window.371082", "sample.reviewer.371082", "sample.approver.371082"
REGISTRAR, STEWARD, PLANNER = "sample.registrar.371082", "sample.steward.371082", "sample.planner.371000"
CITY, RUSHAN, OYSTER = "sample.approver.371000", "sample.window.371083", "sample.oyster"
TODAY = NOW.date()


def rows(page: str) -> list[str]:
    """The numbers of the cases of a list, in its order."""
    return re.findall(r'href="/cases/([^"]+)" data-row', page)


def states(as_somebody: Opener, cases: dict[str, str], login: str, query: str = "") -> list[str]:
    """The states of the cases that somebody finds."""
    by_number = {number: state for state, number in cases.items()}
    answer = as_somebody(login).get(f"/inbox?lang=zh&{query}")
    assert answer.status_code == 200, answer.text[:2000]
    return [by_number[number] for number in rows(answer.text)]


OTHERS = {"submitted", "in_review", "for_decision", "paid", "in_correction", "fee_unknown", "completed", "refused"}


@pytest.mark.parametrize(
    ("login", "waiting"),
    [
        (REVIEWER, {"in_review", "survey_waits", "consents"}),
        (APPROVER, {"for_decision"}),
        (REGISTRAR, {"paid"}),
        (STEWARD, {"draft_begun", "draft_unsigned", "in_correction", "delivered"}),
        (RUSHAN, {"fee_unknown"}),
    ],
)
def test_each_office_finds_what_waits_for_it(
    as_somebody: Opener, cases: dict[str, str], login: str, waiting: set[str]
) -> None:
    found = set(states(as_somebody, cases, login))
    assert waiting <= found
    assert found & (OTHERS - waiting) == set()


def test_what_is_due_first_stands_first_and_is_told_in_words(as_somebody: Opener, cases: dict[str, str]) -> None:
    found = states(as_somebody, cases, WINDOW)
    assert found[:2] == ["notice_over", "submitted_late"]
    assert found[-1] == "unpaid"
    page = as_somebody(WINDOW).get("/inbox?lang=zh").text
    assert "超 3 日" in page
    assert '<li class="over mine">' in page
    assert "3 days over" in as_somebody(WINDOW).get("/inbox?lang=en").text


def test_groups_hold_what_is_due_asked_running_and_ended(as_somebody: Opener, cases: dict[str, str]) -> None:
    assert states(as_somebody, cases, WINDOW, "show=due") == ["notice_over", "submitted_late"]
    asked = set(states(as_somebody, cases, WINDOW, "show=asked"))
    assert {"survey_waits", "consents", "in_review"} <= asked
    assert asked & {"submitted", "for_decision", "paid", "completed"} == set()
    ended = set(states(as_somebody, cases, WINDOW, "show=ended"))
    assert {"completed", "refused", "rejected"} <= ended
    assert ended & {"submitted", "in_review", "paid", "delivered"} == set()
    running = states(as_somebody, cases, WINDOW, "show=all")
    assert {"for_decision", "delivered", "in_correction"} <= set(running)
    assert not {state for state in running if state.startswith("draft")}


def test_the_rail_counts_on_every_page(as_somebody: Opener, cases: dict[str, str]) -> None:
    page = as_somebody(WINDOW).get(f"/cases/{cases['in_review']}").text.partition("<main")[0]
    waiting = len(states(as_somebody, cases, WINDOW))
    due, asked = (len(states(as_somebody, cases, WINDOW, f"show={name}")) for name in ("due", "asked"))
    for address, figure in (("/inbox", waiting), ("/inbox?show=due", due), ("/inbox?show=asked", asked)):
        assert re.search(rf'href="{re.escape(address)}"[^>]*>.*?\b{figure}\b.*?</a>', page, re.S), (address, figure)


def test_search_looks_at_names_parties_and_numbers_and_is_kept_in_the_address(
    as_somebody: Opener, cases: dict[str, str]
) -> None:
    assert states(as_somebody, cases, WINDOW, "show=all&q=李示例") == ["supplied"]
    assert states(as_somebody, cases, WINDOW, f"q={cases['in_review']}") == ["in_review"]
    assert states(as_somebody, cases, WINDOW, "q=50%25") == []
    page = as_somebody(WINDOW).get("/inbox?q=无此件&lang=zh").text
    assert "没有符合条件的件" in page
    assert 'value="无此件"' in page
    piece = as_somebody(WINDOW).get("/inbox?q=李示例&show=all&lang=zh", headers={"HX-Target": "inbox-list"}).text
    assert "<main" not in piece
    assert rows(piece) == [cases["supplied"]]


def test_a_city_narrows_its_list_to_a_place(as_somebody: Opener, cases: dict[str, str]) -> None:
    page = as_somebody(CITY).get("/inbox?show=all&lang=zh").text
    places = {name: int(id) for id, name in re.findall(r'<option value="(\d+)">([^<]+)</option>', page)}
    assert set(places) == {"荣成市", "乳山市"}
    all_of_them, there = (
        set(states(as_somebody, cases, CITY, f"show=all{place}")) for place in ("", f"&place={places['乳山市']}")
    )
    assert "fee_unknown" in there < all_of_them
    assert {cases[state][:6] for state in there} == {"371083"}
    assert 'name="place"' not in as_somebody(WINDOW).get("/inbox").text


def test_whoever_holds_no_post_is_led_to_their_own_cases(as_somebody: Opener) -> None:
    answer = as_somebody(OYSTER).get("/inbox")
    assert (answer.status_code, answer.headers["location"]) == (303, "/my/cases")
    assert as_somebody(None).get("/inbox").headers["location"].startswith("/sign-in?next=")


def test_a_planner_begins_with_all_running_cases(as_somebody: Opener, cases: dict[str, str]) -> None:
    found = states(as_somebody, cases, PLANNER)
    assert {"fee_unknown", "in_review"} <= set(found)
    assert 'show=waiting"' not in as_somebody(PLANNER).get("/inbox").text.partition("<main")[2]


@pytest.mark.parametrize("bad", ["show=everything", "place=0", "place=x", "page=0", "page=999999", f"q={'x' * 81}"])
def test_what_cannot_be_asked_is_refused(as_somebody: Opener, bad: str) -> None:
    assert as_somebody(WINDOW).get(f"/inbox?{bad}").status_code == 422


def test_a_nul_in_the_words_finds_nothing_and_breaks_nothing(as_somebody: Opener) -> None:
    assert as_somebody(WINDOW).get("/inbox?q=%00").status_code == 200


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "今天"), (1, "剩 1 日"), (4, "剩 4 日"), (-1, "超 1 日"), (-12, "超 12 日")],
)
def test_due_days_in_words(days: int, said: str) -> None:
    assert due_words(LastDay(TODAY + timedelta(days=days)), TODAY, "zh", ended=False) == said
    assert due_words(LastDay(None, TODAY), TODAY, "zh", ended=False) == "至少剩 0 日"
    assert due_words(LastDay(), TODAY, "en", ended=False) == "No limit"
    assert due_words(LastDay(TODAY), TODAY, "zh", ended=True) == "已结束"


def test_a_longer_list_asks_no_more_of_the_database(app: Any, as_somebody: Opener, cases: dict[str, str]) -> None:
    """Each line had looked up its own names, tasks and days: a thousand cases took five seconds."""

    def asked(query: str) -> tuple[int, int]:
        statements: list[str] = []

        def listener(*told: Any) -> None:
            statements.append(told[2])

        event.listen(app.state.house.engine, "before_cursor_execute", listener)
        try:
            page = as_somebody(WINDOW).get(f"/inbox?{query}").text
        finally:
            event.remove(app.state.house.engine, "before_cursor_execute", listener)
        return len(rows(page)), len(statements)

    asked("show=all")
    short, long = asked(f"show=all&q={cases['in_review']}"), asked("show=all")
    assert (short[0], long[0] > 8) == (1, True)
    assert long[1] <= short[1] + 1


@pytest.mark.parametrize(("who", "page"), [(STEWARD, "/inbox"), (OYSTER, "/my/cases"), (OYSTER, "/my/parcels")])
def test_a_draft_bears_the_name_of_its_form_on_every_list(
    as_somebody: Opener, cases: dict[str, str], who: str, page: str
) -> None:
    told = as_somebody(who).get(f"{page}?lang=zh").text
    at = told.index(cases["draft_unsigned"])
    assert "桑沟湾北区牡蛎筏式养殖" in told[max(at - 1_000, 0) : at + 500]
