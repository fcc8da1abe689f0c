"""The parcel editor where something is wrong or hidden: faults with the server's repair, dates, neighbours that nobody may see, full policy."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.portal.test_editor import FREE, OYSTER, TABLE, answered, cells, draw, editor, paste, places
from tests.browser.portal.walking import Walker


def bow_tie(page: Page) -> None:
    """Four points whose line crosses itself, put by mouse."""
    draw(page, (300, 250), (460, 400), (460, 250), (300, 400))


def test_a_crossing_is_mended_as_the_server_offers_and_can_be_undone(walk: Walker) -> None:
    page = editor(walk, f"/parcels/new{FREE}")
    bow_tie(page)
    expect(page.locator("#results [data-fault='ring.crosses_itself'] h3").first).to_contain_text("相交")
    expect(page.locator("#health .bad")).to_contain_text("处要改")
    assert page.locator("#points-block tr.fault").count() >= 1
    assert page.locator(".vx.fault").count() >= 1
    before = cells(page)
    page.locator("[data-repair='ring.crosses_itself']").first.click()
    answered(page)
    expect(page.locator("#health .ok")).to_be_visible()
    assert sorted(cells(page)) == sorted(before)
    assert cells(page) != before
    page.keyboard.press("Control+z")
    answered(page)
    assert cells(page) == before
    assert page.locator(".vx.fault").count() >= 1
    expect(page.locator("#findings-when")).to_have_text("")  # it waits for nothing any more


def test_a_spike_is_taken_off_by_one_button_and_no_other_point_moves(walk: Walker) -> None:
    page = editor(walk)
    paste(page, TABLE)
    was = places(page)
    page.locator(".pt").nth(1).focus()
    page.keyboard.press("Insert")
    answered(page)
    # The new point lies on the line; now it goes out over the corner and straight back.
    page.locator(".cell").nth(4).fill("37°04′52.000″")
    page.locator(".cell").nth(4).press("Enter")
    answered(page)
    page.locator("#results [data-fault='ring.spike'] [data-repair]").click()
    answered(page)
    expect(page.locator("#health .ok")).to_be_visible()
    assert places(page) == was


def test_what_is_typed_stays_when_an_answer_comes_in_between(walk: Walker) -> None:
    page = editor(walk)
    paste(page, TABLE)
    first, second = page.locator(".cell").nth(0), page.locator(".cell").nth(2)
    first.fill("37°04′41.000″")
    first.press("Enter")
    expect(second).to_be_focused()
    second.press_sequentially("37°04′39")
    answered(page)
    expect(second).to_have_value("37°04′39")
    second.press("Escape")
    expect(second).to_have_value("37°04′40.000″")


def test_a_day_that_the_calendar_lacks_stops_the_check_and_is_told_at_its_field(walk: Walker) -> None:
    page = editor(walk)
    paste(page, TABLE)
    page.fill("#to", "2030-02-30")
    page.locator("#to").blur()
    expect(page.locator("#dates-error")).to_contain_text("没有 2030-02-30 这一天")
    expect(page.locator("#go")).to_have_attribute("aria-disabled", "true")
    page.fill("#to", "2030/2/27")
    page.locator("#to").blur()
    expect(page.locator("#to")).to_have_value("2030-02-27")
    answered(page)
    expect(page.locator("#go")).to_have_attribute("aria-disabled", "false")


def test_the_form_and_the_boundary_survive_an_ended_session(walk: Walker) -> None:
    page = editor(walk)
    paste(page, TABLE)
    page.fill("#use-words", "牡蛎筏式养殖")
    page.locator("#use-words").blur()
    before = cells(page)
    page.wait_for_timeout(400)
    page.context.clear_cookies(name="haiyu-session")
    page.locator("#go").click()
    expect(page.locator(".errsum")).to_contain_text("登录")
    page.locator(".errsum a").click()
    page.get_by_role("button", name="张示例").first.click()
    page.wait_for_url("**/parcels/new*")
    page.wait_for_selector("html[data-idle=true]")
    assert cells(page) == before
    expect(page.locator("#use-words")).to_have_value("牡蛎筏式养殖")


def test_the_address_brings_type_mode_years_and_size_along(walk: Walker) -> None:
    page = editor(walk, "/parcels/new?type=13&mode=41&years=10&hectares=20&near=122.525,37.100")
    expect(page.locator("#use-mode")).to_have_value("41")
    expect(page.locator("#to")).to_have_value("2036-12-31")
    expect(page.locator("#empty-draw")).to_contain_text("20 公顷")


def test_nothing_foreign_is_asked_for_and_no_policy_is_broken(walk: Walker) -> None:
    seen = walk.open("/check", login=None)
    seen.page.wait_for_selector("html[data-idle=true]")
    seen.page.locator("#example").click()
    answered(seen.page)
    seen.page.locator("#adopt").click()
    answered(seen.page)
    seen.page.locator("#twin-open").click()
    assert seen.foreign() == []
    assert seen.violations() == []
    assert seen.complaints == []
    assert seen.axe("light") == []
    assert seen.axe("dark") == []


def test_the_page_prints_as_a_report(walk: Walker) -> None:
    page = editor(walk, login=OYSTER, lang="en")
    paste(page, TABLE)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for word in ("Boundary check report", "2026-11-26", " ha"):
        expect(page.locator("#print-head")).to_contain_text(word)
    assert page.locator("#results details:not([open])").count() == 0
    assert page.locator("main button:not(.pt):visible, main select:visible").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(page.locator("#print-head")).to_be_hidden()
