"""What every page stands in: sign-in and back, language, theme, the list that jumps anywhere, forms that lose nothing."""

from __future__ import annotations

import re

from playwright.sync_api import Route, expect

from tests.browser.portal.walking import PHONE, Walker

WINDOW, OYSTER = "sample.window.371082", "sample.oyster"


def test_a_page_that_needs_a_person_leads_to_sign_in_and_back(walk: Walker) -> None:
    seen = walk.open("/messages")
    assert "/sign-in?next=%2Fmessages" in seen.page.url
    seen.page.get_by_role("button", name=re.compile("周示例")).click()
    seen.page.wait_for_url(re.compile(r"/messages"))
    assert seen.complaints == []


def test_next_leads_to_our_own_pages_only(walk: Walker) -> None:
    """A letter with a link to our sign-in page sent people on to a page that looked like ours."""
    for foreign in ("https://example.org/", "//example.org/", "/\\example.org/", "javascript:alert(1)"):
        seen = walk.open(f"/sign-in?next={foreign}")
        assert seen.page.locator("form[data-then]").first.get_attribute("data-then") == "/desk"


def test_a_wrong_password_is_told_at_the_form_and_nothing_is_lost(walk: Walker) -> None:
    seen = walk.open("/sign-in")
    seen.page.fill("[name=login]", "nobody.here")
    seen.page.fill("[name=password]", "not the password")
    seen.page.locator("form.card button[type=submit]").click()
    expect(seen.page.locator(".errsum")).to_contain_text("登录名或口令不对")
    expect(seen.page.locator(".errsum")).to_be_focused()
    assert seen.page.input_value("[name=login]") == "nobody.here"


def test_an_empty_form_says_which_fields_and_leads_to_them(walk: Walker) -> None:
    seen = walk.open("/sign-in", lang="en")
    seen.page.locator("form.card button[type=submit]").click()
    summary = seen.page.locator(".errsum")
    expect(summary).to_contain_text("2 entries still to mend")
    summary.get_by_role("link").first.click()
    expect(seen.page.locator("[name=login]")).to_be_focused()
    assert seen.page.locator("[name=login]").get_attribute("aria-invalid") == "true"


def test_signing_out_ends_the_session_on_the_server(walk: Walker) -> None:
    seen = walk.open("/messages", login=OYSTER)
    seen.page.locator(".rail .me").click()
    seen.page.get_by_role("button", name="退出", exact=True).click()
    seen.page.wait_for_url(re.compile(r"/sign-in"))
    seen.page.goto(f"{seen.address}/messages")
    assert "/sign-in?next=" in seen.page.url
    walk.forget(OYSTER)


def test_the_language_is_kept_and_the_address_with_it(walk: Walker) -> None:
    seen = walk.open("/inbox?show=all", login=WINDOW)
    seen.page.locator(".crumbs a.lang").click()
    expect(seen.page.locator("html")).to_have_attribute("lang", "en")
    assert "show=all" in seen.page.url
    seen.page.goto(f"{seen.address}/messages")
    expect(seen.page.locator("html")).to_have_attribute("lang", "en")


def test_the_theme_goes_round_and_stays(walk: Walker) -> None:
    seen = walk.open("/design")
    button = seen.page.locator("[data-theme-button]").first
    button.click()
    button.click()
    assert seen.page.evaluate("document.documentElement.dataset.theme") == "dark"
    seen.page.reload()
    assert seen.page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_ctrl_k_finds_a_page_by_its_name(walk: Walker) -> None:
    seen = walk.open("/inbox", login=WINDOW)
    seen.page.keyboard.press("Control+k")
    seen.page.keyboard.type("消息")
    assert seen.page.locator("#jump-list li:visible").count() == 1
    seen.page.keyboard.press("ArrowDown")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url(re.compile(r"/messages"))


def test_keys_are_listed_and_a_field_keeps_its_own(walk: Walker) -> None:
    seen = walk.open("/sign-in")
    seen.page.keyboard.press("?")
    expect(seen.page.locator("#keys")).to_be_visible()
    seen.page.keyboard.press("Escape")
    seen.page.locator("[name=login]").press("?")
    assert seen.page.input_value("[name=login]") == "?"
    expect(seen.page.locator("#keys")).to_be_hidden()


def test_a_phone_has_tabs_and_everything_else_in_one_menu(walk: Walker) -> None:
    seen = walk.open("/inbox", login=WINDOW, size=PHONE)
    assert 3 <= seen.page.locator(".tabbar a").count() <= 5
    seen.page.locator(".top details summary").click()
    expect(seen.page.locator(".top .pop")).to_contain_text("退出")


def test_offline_is_one_line(walk: Walker) -> None:
    seen = walk.open("/sign-in")
    seen.page.context.set_offline(True)
    expect(seen.page.locator("#offline")).to_be_visible()
    seen.page.fill("[name=login]", "nobody.here")
    seen.page.fill("[name=password]", "whatever it was")
    seen.page.locator("form.card button[type=submit]").click()
    expect(seen.page.locator(".errsum")).to_be_visible()
    seen.page.context.set_offline(False)
    expect(seen.page.locator("#offline")).to_be_hidden()
    seen.page.locator(".errsum button").click()
    expect(seen.page.locator(".errsum")).to_contain_text("登录名或口令不对")


def test_what_is_pressed_before_the_scripts_are_there_is_sent_once_they_are(walk: Walker) -> None:
    """On a slow line a sign-in went out as a GET with the password in the address."""
    seen = walk.open("/verify")
    held: list[Route] = []
    seen.page.route("**/js/portal/send.js*", lambda route: held.append(route), times=1)
    seen.page.goto(f"{walk.address}/sign-in", wait_until="commit")
    seen.page.get_by_role("button", name=re.compile("周示例")).click()
    for _ in range(100):
        if held:
            break
        seen.page.wait_for_timeout(100)
    assert seen.page.url == f"{walk.address}/sign-in"
    assert held
    sent = [each for each in seen.requests if each.endswith("/api/v1/sign-in")]
    assert sent == []
    held[0].continue_()
    seen.page.wait_for_url(re.compile("/desk|/inbox"))
    assert len([each for each in seen.requests if each.endswith("/api/v1/sign-in")]) == 1
