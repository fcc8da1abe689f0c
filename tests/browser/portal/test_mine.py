"""What an applicant does in a browser: filter, open a message, answer, rate by keyboard, withdraw, file anew."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.portal.walking import PHONE, Walker

OYSTER, SEAFOOD, COOPERATIVE, VILLAGE = "sample.oyster", "sample.seafood", "sample.cooperative", "sample.village"


def test_the_list_of_cases_follows_its_filter_without_a_new_page(walk: Walker) -> None:
    page = walk.open("/my/cases", login=OYSTER).page
    page.evaluate("window.same = true")
    page.get_by_role("radio", name="草稿").check()
    expect(page.locator("#case-list a.open")).to_have_count(2)
    assert "show=drafts" in page.url
    page.fill("#q", "zzzz")
    expect(page.locator("#case-list .empty")).to_be_visible()
    assert page.evaluate("window.same") is True


def test_a_parcel_of_the_list_is_shown_on_the_map(walk: Walker) -> None:
    seen = walk.open("/my/parcels", login=OYSTER)
    seen.page.wait_for_selector("html[data-idle=true]")
    seen.page.get_by_role("button", name="桑沟湾北筏式4-4").click()
    expect(seen.page.locator("path.expiring.on")).to_have_count(1)
    expect(seen.page.locator("tr.waits")).to_have_count(1)
    assert seen.complaints == []


def test_opening_a_message_marks_it_and_shows_its_code(walk: Walker) -> None:
    seen = walk.open("/messages", login=OYSTER)
    figure = seen.page.locator(".rail a[href='/messages'] b")
    before = int(figure.inner_text())
    row = seen.page.locator("details.unread").first
    row_id = row.get_attribute("id")
    row.locator("summary").press("Enter")
    expect(seen.page.locator(f"#{row_id} [data-opened]")).to_contain_text("打开 2026-11-26 12:00")
    expect(seen.page.locator(f"#{row_id}")).not_to_have_class(re.compile("unread"))
    expect(figure).to_have_text(str(before - 1))
    seen.page.locator("summary", has_text="签署验证码").first.click()
    expect(seen.page.locator(".onetime code").first).to_have_text(re.compile(r"^\d{6}$"))


def test_a_page_of_messages_is_marked_as_read_at_once(walk: Walker) -> None:
    page = walk.open("/messages", login=COOPERATIVE, lang="en").page
    assert page.locator("details.unread").count() >= 1
    page.get_by_role("button", name="Mark this page as read").click()
    expect(page.locator("details.unread")).to_have_count(0)
    expect(page.locator(".rail a[href='/messages'] b")).to_have_count(0)


def test_the_link_of_a_question_is_answered_by_without_an_account_and_once(walk: Walker) -> None:
    """The link that a message holds leads to the question itself; after the answer it says that nothing more is needed."""
    page = walk.open("/messages", login=OYSTER, lang="en").page
    page.locator("summary", has_text="asks for your consent").first.click()
    address = page.locator(".onetime a").first.get_attribute("href") or ""
    path = address.removeprefix(walk.address)
    guest = walk.open(path, lang="en").page
    expect(guest.locator("h1")).to_have_text("Do you consent")
    expect(guest.locator("svg.chart")).to_be_visible()
    guest.get_by_role("button", name="Send this answer").first.click()
    expect(guest.locator(".errsum")).to_contain_text("Choose an answer first")
    guest.get_by_role("radio", name="Consent", exact=True).check()
    guest.locator("form[data-send] button[type=submit]").click()
    guest.locator("#answer-sure button[value=yes]").click()
    expect(guest.locator("h1")).to_contain_text("answered")
    told = walk.open("/my/questions", login=OYSTER, lang="en").page
    expect(told.locator(".waitrows")).to_contain_text("Answered")


def test_stars_are_given_by_keyboard(walk: Walker) -> None:
    page = walk.open("/my/cases/{delivered}".format_map(walk.cases), login=OYSTER, lang="en").page
    page.locator("#star-1").focus()
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#star-4")).to_be_checked()
    page.get_by_role("button", name="Send the rating").press("Enter")
    expect(page.locator(".expected")).to_contain_text("This case is done")


def test_a_withdrawal_is_asked_about_and_ends_the_case(walk: Walker) -> None:
    page = walk.open("/my/cases/{submitted}".format_map(walk.cases), login=COOPERATIVE, size=PHONE).page
    page.locator("summary", has_text="撤回申请").click()
    page.locator("form[data-confirm] button").click()
    page.locator("#withdraw-sure button[value=no]").click()
    expect(page.locator("form[data-confirm]")).to_be_visible()
    page.locator("form[data-confirm] button").click()
    page.locator("#withdraw-sure button[value=yes]").click()
    expect(page.locator(".expected")).to_contain_text("已由您撤回")


def test_a_refused_application_is_filed_anew_with_its_boundary(walk: Walker) -> None:
    page = walk.open("/my/cases/{refused}".format_map(walk.cases), login=SEAFOOD).page
    page.get_by_role("button", name="改好后重新申请").click()
    page.wait_for_url(lambda address: walk.cases["refused"] not in address)
    expect(page.locator(".expected")).to_contain_text("草稿没有填完")
    expect(page.locator("svg.chart")).to_be_visible()
    expect(page.locator(".case-sub")).to_contain_text("15.8825 公顷")


def test_the_tour_leads_through_the_home_page(walk: Walker) -> None:
    page = walk.open("/my", login=VILLAGE).page
    page.locator(".rail .me").click()
    page.locator("[data-tour]").first.click()
    tour = page.locator("dialog.tour")
    expect(tour).to_contain_text("先看这里")
    tour.locator(".btn.p").click()
    expect(tour).to_contain_text("正在办的件")
    page.keyboard.press("Escape")
    expect(tour).to_have_count(0)
