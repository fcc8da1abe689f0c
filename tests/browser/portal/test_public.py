"""What anybody does without an account, in a browser: says something about a notice, and loses nothing of it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.portal.walking import PHONE, Walker


def test_a_comment_on_a_notice_reaches_the_case_and_says_so(walk: Walker) -> None:
    page = walk.open(f"/notices/{walk.cases['in_review']}", size=PHONE).page
    page.get_by_role("radio", name="有异议").check()
    page.get_by_role("button", name="提意见").click()
    expect(page.locator("#comment-form .errsum")).to_be_visible()
    page.fill("textarea[name=words]", "示例：这里是我们下网的老地方。")
    page.get_by_role("button", name="提意见").click()
    # Who objects is answered, and so says who it is.
    expect(page.locator("#comment-form .errsum a")).to_have_count(2)
    page.fill("input[name=name]", "示例渔民")
    page.fill("input[name=contact]", "0631-5678901")
    page.get_by_role("button", name="提意见").click()
    expect(page.locator("#comment-sent")).to_be_focused()
    expect(page.locator("#comment-form")).to_be_hidden()
    officer = walk.open(f"/cases/{walk.cases['in_review']}?tab=notice", login="sample.window.371082").page
    expect(officer.locator("main")).to_contain_text("示例：这里是我们下网的老地方。")


def test_a_comment_that_could_not_be_sent_is_there_after_a_reload(walk: Walker) -> None:
    page = walk.open(f"/notices/{walk.cases['in_review']}", lang="en").page
    page.fill("textarea[name=words]", "Sample: not yet sent.")
    page.context.set_offline(True)
    page.locator("#comment-form button[type=submit]").click()
    expect(page.locator("#comment-form .errsum")).to_be_visible()
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("textarea[name=words]")).to_have_value("Sample: not yet sent.")
    page.locator("#comment-form button[type=submit]").click()
    expect(page.locator("#comment-sent")).to_be_visible()
