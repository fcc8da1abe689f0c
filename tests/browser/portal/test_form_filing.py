"""Papers, signature and filing in a real browser: refused in words, signed by a code that one reads by one's own click, filed once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from api.demo.teller import PDF
from tests.browser.portal.test_form import OYSTER, WINDOW, at, call, fill_first, opened, saved
from tests.browser.portal.walking import Walker

TERM = {"type": "13", "from": "2027-02-01", "to": "2042-01-31"}
TYPED = {"contact": "王示例", "project_name": "桑沟湾北", "project_nature": "commercial", "investment": "320.5"}


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A PDF of one page."""
    path = tmp_path / "论证.pdf"
    path.write_bytes(PDF)
    return path


def test_papers_are_refused_in_words_shown_and_withdrawn(walk: Walker, paper: Path, tmp_path: Path) -> None:
    seen = at(walk, opened(walk, **TERM))
    page = seen.page
    row = page.locator("[data-material=argumentation]")
    expect(row).to_have_class(re.compile("waits"))
    page_of_web = tmp_path / "a.pdf"
    page_of_web.write_text("<!doctype html><script>alert(1)</script>")
    row.locator("input[type=file]").set_input_files(page_of_web)
    expect(row.locator("[data-upload-says]")).to_have_class("errm")
    expect(row.locator("[data-upload-says]")).not_to_be_empty()
    row.locator("input[type=file]").set_input_files(paper)
    expect(row.locator(".f-name")).to_have_text("论证.pdf")
    expect(row).not_to_have_class(re.compile("waits"))
    row.get_by_role("button", name=re.compile("预览")).click()
    expect(page.locator("#preview img")).to_be_visible()
    assert (
        page.evaluate(
            "new Promise((done) => { const img = document.querySelector('#preview img'); img.complete ? done(img.naturalWidth) : img.addEventListener('load', () => done(img.naturalWidth)); })"
        )
        > 0
    )
    page.keyboard.press("Escape")
    row.get_by_role("button", name=re.compile("撤回")).click()
    page.locator("#withdraw [data-answer=yes]").click()
    expect(row).to_have_class(re.compile("waits"))


def test_a_form_is_signed_by_a_code_and_filed(walk: Walker, paper: Path) -> None:
    number = opened(walk, **TERM)
    seen = at(walk, number)
    page = seen.page
    fill_first(page)
    saved(page)
    for name in ("argumentation", "credit"):
        row = page.locator(f"[data-material={name}]")
        row.locator("input[type=file]").set_input_files(paper)
        expect(row.locator(".f-name")).to_be_visible()
    page.goto(f"{seen.address}/cases/{number}/form?step=3")
    page.wait_for_selector("html[data-form]")
    expect(page.locator("#signing")).to_contain_text("改好这 1 处才能签章")
    page.check("#f-declaration")
    page.locator("[data-ask-code]").click()
    expect(page.locator("#code")).to_be_focused()
    page.locator("[data-read-code]").click()
    expect(page.locator("[data-code-shown]")).to_contain_text(re.compile(r"验证码 \d{6}"))
    code = page.locator("[data-code-shown]").inner_text()[-6:]
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    page.fill("#code", wrong)
    page.locator("[data-sign-code]").click()
    expect(page.locator("#code-says")).to_contain_text("还可以试 4 次")
    page.fill("#code", code)
    page.keyboard.press("Enter")
    expect(page.locator("#signing")).to_contain_text("用验证码签章")
    # Changing an answer voids it and says what did.
    call(seen, "PATCH", f"/cases/{number}/form", {"answers": {"contact": "李示例"}})
    page.reload()
    expect(page.locator("#signing")).to_contain_text("先前的签章在")
    expect(page.locator("#signing")).to_contain_text("申请表有改动")
    page.locator("[data-ask-code]").click()
    page.locator("[data-read-code]").click()
    expect(page.locator("[data-code-shown]")).to_contain_text(re.compile(r"\d{6}"))
    page.fill("#code", page.locator("[data-code-shown]").inner_text()[-6:])
    page.locator("[data-sign-code]").click()
    page.locator("[data-file]").click()
    page.locator("#submit-sure [data-answer=yes]").click()
    page.wait_for_url(re.compile(f"/my/cases/{number}"))
    assert call(seen, "GET", f"/cases/{number}")["received_on"] == "2026-11-26"
    filed = walk.open(f"/cases/{number}/form", login=OYSTER)
    expect(filed.page.locator("main")).to_contain_text("已提交，这里只能看")
    assert filed.page.locator("[data-field], [data-upload]").count() == 0


def test_whoever_helps_fills_but_does_not_sign(walk: Walker) -> None:
    number = opened(walk, **TERM)
    window = walk.open("/sign-in", login=WINDOW)
    call(window, "PATCH", f"/cases/{number}/form", {"answers": {**TYPED, "declaration": True}})
    helper = at(walk, number, 3, WINDOW).page
    expect(helper.locator(".note").first).to_contain_text("不能用验证码代签")
    assert helper.locator("[data-ask-code]").count() == 0
    assert helper.locator("[data-upload=signed_scan]").count() == 1
    steward = at(walk, number, 3, "sample.steward.371082").page
    expect(steward.locator("#signing")).to_contain_text("只有荣成示例牡蛎养殖有限公司的人能签章")
    assert steward.locator("[data-ask-code], [data-upload=signed_scan]").count() == 0
    # What an officer filled in is no field of the applicant's: use type, term and mode were, with the drawing.
    assert steward.get_attribute("#meter", "data-entered") == "3"


def test_a_window_signs_by_the_stamped_scan(walk: Walker, paper: Path) -> None:
    number = opened(walk, **TERM)
    page = at(walk, number, 3, WINDOW).page
    seen = walk.open("/sign-in", login=OYSTER)
    call(seen, "PATCH", f"/cases/{number}/form", {"answers": {**TYPED, "declaration": True}})
    page.reload()
    page.locator("[data-upload=signed_scan]").set_input_files(paper)
    page.locator("[data-sign-scan]").click()
    expect(page.locator("#signing")).to_contain_text("以盖章扫描件签章")
