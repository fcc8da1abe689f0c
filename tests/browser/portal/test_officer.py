"""An officer's desk in a browser: moving in the inbox by keys, narrowing it as one types, tabs, previews, and the strip on a phone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.portal.walking import PHONE, Walker

PLANNER = "sample.planner.371000"
WINDOW, REVIEWER, CITY = "sample.window.371082", "sample.reviewer.371082", "sample.approver.371000"


def test_j_and_k_move_and_enter_opens(walk: Walker) -> None:
    seen = walk.open("/inbox", login=WINDOW)
    rows = seen.page.locator("[data-row]")
    seen.page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    seen.page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    seen.page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    first = rows.nth(0).get_attribute("href")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url(re.compile(f"{first}$"))
    assert seen.complaints == []


def test_two_who_have_a_case_open_see_each_other_and_the_applicant_sees_neither(walk: Walker) -> None:
    number = walk.cases["in_review"]
    first = walk.open(f"/cases/{number}", login=WINDOW)
    expect(first.page.locator("h1")).to_be_visible()
    second = walk.open(f"/cases/{number}", login=REVIEWER, lang="en")
    expect(second.page.locator("#present")).to_contain_text("also here")
    first.page.reload()
    expect(first.page.locator("#present")).to_contain_text("也在看")
    second.page.goto(f"{walk.address}/inbox")
    first.page.wait_for_timeout(300)
    first.page.reload()
    first.page.wait_for_load_state("networkidle")
    expect(first.page.locator("#present")).to_be_hidden()
    assert first.complaints == second.complaints == []


def test_the_list_narrows_while_one_types_and_the_address_keeps_it(walk: Walker) -> None:
    seen = walk.open("/inbox?show=all", login=WINDOW)
    assert seen.page.locator("[data-row]").count() > 5
    seen.page.keyboard.press("/")
    seen.page.keyboard.type("李示例")
    expect(seen.page.locator("[data-row]")).to_have_count(1)
    expect(seen.page.locator("#inbox-list [role=status]")).to_have_text("1 件")
    assert "q=%E6%9D%8E%E7%A4%BA%E4%BE%8B" in seen.page.url
    assert "show=all" in seen.page.url
    seen.page.reload()
    expect(seen.page.locator("[data-row]")).to_have_count(1)
    assert seen.violations() == []


def test_a_place_narrows_the_list_of_a_city(walk: Walker) -> None:
    seen = walk.open("/inbox?show=all", login=CITY)
    seen.page.locator("#place").select_option(label="乳山市")
    expect(seen.page.locator("[data-row]").filter(has_text="荣成市")).to_have_count(0)
    expect(seen.page.locator("[data-row]").filter(has_text="乳山市").first).to_be_visible()
    assert re.search(r"place=\d+", seen.page.url)


def test_brackets_walk_from_case_to_case_and_keep_the_tab(walk: Walker) -> None:
    seen = walk.open(f"/cases/{walk.cases['in_review']}?tab=papers", login=WINDOW)
    here = seen.page.locator(".crumbs .code").inner_text()
    seen.page.keyboard.press("]")
    expect(seen.page.locator(".crumbs .code")).not_to_have_text(here)
    assert "tab=papers" in seen.page.url
    seen.page.wait_for_load_state()
    seen.page.keyboard.press("[")
    expect(seen.page.locator(".crumbs .code")).to_have_text(here)


def test_a_file_is_looked_at_without_being_downloaded(walk: Walker) -> None:
    seen = walk.open(f"/cases/{walk.cases['in_review']}?tab=materials", login=WINDOW)
    button = seen.page.locator("[data-preview]").first
    button.click()
    expect(seen.page.locator("#preview img, #preview pre")).to_be_visible()
    expect(seen.page.locator("#preview-page")).to_have_text(re.compile(r"第 1 页"))
    seen.page.keyboard.press("Escape")
    expect(button).to_be_focused()
    assert seen.violations() == []
    assert seen.complaints == []


def test_an_entry_of_the_record_opens_its_event(walk: Walker) -> None:
    seen = walk.open(f"/cases/{walk.cases['completed']}?tab=events", login=REVIEWER)
    entry = seen.page.locator(".tl details").first
    entry.locator("summary").focus()
    seen.page.keyboard.press("Enter")
    expect(entry.locator("pre")).to_contain_text('"rating.rate"')
    assert re.fullmatch(r"[0-9a-f]{64}", entry.locator("dd.hash").first.inner_text())


def test_on_a_phone_the_strip_is_a_grid_of_weeks_that_begins_on_monday(walk: Walker) -> None:
    seen = walk.open(f"/cases/{walk.cases['paid']}", login=WINDOW, size=PHONE)
    columns: dict[int, set[int]] = {}
    for day in seen.page.locator(".clk .day").all():
        weekday = int(re.search(r"wd(\d)", day.get_attribute("class") or "")[1])  # type: ignore[index]
        columns.setdefault(weekday, set()).add(round(day.evaluate("(cell) => cell.getBoundingClientRect().left")))
    assert all(len(found) == 1 for found in columns.values()), columns
    assert [min(columns[weekday]) for weekday in sorted(columns)] == sorted(min(found) for found in columns.values())


def test_the_tour_of_an_office_stops_at_places_that_are_there(walk: Walker) -> None:
    walked = ((REVIEWER, "/inbox"), (REVIEWER, f"/cases/{walk.cases['in_review']}"), (PLANNER, "/map"))
    for login, path in walked:
        seen = walk.open(path, login=login)
        stops = seen.page.evaluate(
            "JSON.parse(document.querySelector('#boot').textContent).tour.stops.map((stop) => stop.at)"
        )
        for stop in stops:
            assert seen.page.locator(stop).first.is_visible(), (path, stop)


def test_enter_leads_through_a_tour_to_its_end_and_the_focus_comes_back(walk: Walker) -> None:
    page = walk.open("/map", login=PLANNER, lang="en").page
    page.locator("[data-tour]").first.evaluate("(button) => button.closest('details').setAttribute('open', '')")
    page.locator("[data-tour]:visible").first.press("Enter")
    for number in range(1, 5):
        expect(page.locator("dialog.tour")).to_contain_text(f"{number} of 4")
        page.keyboard.press("Enter")
    expect(page.locator("dialog.tour")).to_have_count(0)
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_print_of_a_case_bears_number_and_hash_and_no_desk(walk: Walker) -> None:
    seen = walk.open(f"/cases/{walk.cases['for_decision']}?tab=events", login=WINDOW)
    seen.page.emulate_media(media="print")
    expect(seen.page.locator(".print-head")).to_be_visible()
    expect(seen.page.locator(".print-head")).to_contain_text(walk.cases["for_decision"])
    for hidden in (".rail", ".tabs", ".crumbs"):
        expect(seen.page.locator(hidden).first).to_be_hidden()
