"""Officers act on cases in a real browser, by keys and clicks: correction, acceptance, review, survey, decision, money, registration."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.portal.walking import PHONE, Walker

WINDOW, REVIEWER = "sample.window.371082", "sample.reviewer.371082"
APPROVER, REGISTRAR = "sample.approver.371082", "sample.registrar.371082"
PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
FRESH = {"Sec-Fetch-Site": "same-origin"}


def pdf(name: str) -> Any:
    """A file to choose; its bytes tell it from others."""
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF + f"% {name}\n".encode()}


def act_of_another(page: Page, number: str, body: dict[str, Any]) -> None:
    """An act that somebody else does while the page stands open."""
    answer = page.request.post(f"{origin(page)}/api/v1/cases/{number}/acts", data=body, headers=FRESH)
    assert answer.ok, answer.text()


def origin(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])


def form_of(page: Page, step: str) -> Any:
    return page.locator(f"#act-{step}")


def done(page: Page, words: str) -> None:
    """The page came anew with its toast, and what is next has the focus."""
    expect(page.locator("#toasts")).to_contain_text(words)
    expect(page.locator("h2:focus, h1:focus")).to_have_count(1)


def test_a_correction_is_asked_by_keys_and_told_before_it_goes(walk: Walker) -> None:
    page = walk.open(f"/cases/{walk.cases['submitted']}", login=WINDOW).page
    form = form_of(page, "acceptance")
    expect(form.locator("[data-counted]")).to_contain_text("待判断 2")
    page.keyboard.press("n")
    expect(page.locator("[name='texts[papers_complete]']")).to_be_focused()
    expect(form.locator("[name=act]:checked")).to_have_value("acceptance.ask_for_correction")
    expect(form.locator("[name=act][value='acceptance.accept']")).to_be_disabled()
    expect(form.locator("[data-not-so]")).to_contain_text("受理")
    form.locator("[name='checklist[licence_needed]'][value=pass]").check(force=True)
    form.locator("[name=items][value=credit]").check()
    expect(form.locator("[data-preview-of]")).to_contain_text("还没写哪里不对")
    form.locator("[name='texts[credit]']").fill("资信证明没有盖章，补一份盖章的。")
    expect(form.locator("[data-preview-of]")).to_contain_text("补一份盖章的")
    page.keyboard.press("Control+Enter")
    asked = page.locator("#act-confirm")
    expect(asked.locator("h2")).to_have_text("退回补正这 1 项？")
    expect(asked).to_contain_text("只能告知这一次")
    asked.get_by_role("button", name="再看看").click()
    expect(form.locator("[name='texts[credit]']")).to_have_value("资信证明没有盖章，补一份盖章的。")
    form.locator("[data-verb-button]").click()
    asked.get_by_role("button", name="一次告知补正").click()
    done(page, "份文书正在出具")
    expect(page.locator(".case-head")).to_contain_text("已一次告知补正")


def test_what_came_back_is_accepted(walk: Walker) -> None:
    page = walk.open(f"/cases/{walk.cases['supplied']}", login=WINDOW).page
    form = form_of(page, "acceptance")
    form.locator("[data-verb-button]").click()
    expect(form.locator(".errsum li")).to_have_count(2)
    form.locator(".errsum a").first.click()
    page.keyboard.press("y")
    page.keyboard.press("y")
    expect(form.locator("[data-counted]")).to_contain_text("待判断 0")
    expect(form.locator("[data-verb-button]")).to_be_focused()
    page.keyboard.press("Control+Enter")
    done(page, "受理：受理")


def test_whoever_was_first_is_told_and_entries_stay(walk: Walker) -> None:
    number = walk.cases["in_review"]
    page = walk.open(f"/cases/{number}", login=REVIEWER).page
    for _ in range(4):
        page.keyboard.press("y")
    body = {"act": "ask_for_supplement", "items": ["credit"], "texts": {"credit": "再给一份。"}}
    act_of_another(page, number, body)
    page.keyboard.press("Control+Enter")
    refused = page.locator(".errsum")
    expect(refused).to_contain_text("要求补充材料")
    expect(refused).to_be_focused()
    refused.get_by_role("link", name="看现在的办件").click()
    page.wait_for_load_state()
    form = form_of(page, "technical_review")
    expect(form.locator("input[value=pass]:checked")).to_have_count(7)
    page.keyboard.press("Control+Enter")
    done(page, "技术审查：通过")


def test_a_survey_is_recorded_with_its_files(walk: Walker) -> None:
    page = walk.open(f"/cases/{walk.cases['survey_waits']}", login=REVIEWER).page
    form = form_of(page, "site_survey")
    for _ in range(3):
        page.keyboard.press("y")
    form.locator("[data-verb-button]").click()
    expect(form.locator(".errsum")).to_contain_text("先上传")
    form.locator("input[type=file]").set_input_files([pdf("现场一.pdf"), pdf("现场二.pdf")])
    expect(form.locator("[data-file-kept]")).to_contain_text("现场一.pdf, 现场二.pdf")
    page.reload()
    expect(form_of(page, "site_survey").locator("[data-file-kept]")).to_contain_text("现场二.pdf")
    page.keyboard.press("Control+Enter")
    done(page, "现场勘验")


def test_a_decision_waits_until_a_competing_case_is_settled(walk: Walker) -> None:
    number, rival = walk.cases["for_decision"], walk.cases["consents"]
    page = walk.open(f"/cases/{number}/decision", login=APPROVER).page
    for _ in range(7):
        page.keyboard.press("y")
    window = walk.open(f"/cases/{number}", login=WINDOW).page
    act_of_another(window, number, {"act": "note_competing", "facts": {"case_number": rival}})
    page.keyboard.press("Control+Enter")
    page.locator("#act-confirm-yes").click()
    refused = page.locator(".errsum")
    expect(refused).to_contain_text("登记竞争申请")
    refused.get_by_role("link", name="看现在的办件").click()
    page.wait_for_load_state()
    expect(page.locator("#act-decision input[disabled]").first).to_be_disabled()
    expect(page.locator("#act-decision")).to_contain_text("还有竞争申请没有决定")
    page.goto(f"{origin(page)}/cases/{number}?lang=zh")
    page.locator("[data-step=choose] > summary").click()
    chosen = form_of(page, "choose")
    expect(chosen.locator("select[name='facts.case_number']")).to_have_value(rival)
    chosen.locator("[name='facts.preferred'][value=true]").check(force=True)
    chosen.locator("[name='texts.reason']").fill("本件先受理，材料齐全。")
    chosen.locator("[data-verb-button]").click()
    page.locator("#act-confirm-yes").click()
    done(page, "在竞争申请之间决定")
    page.goto(f"{origin(page)}/cases/{number}/decision?lang=zh")
    form = form_of(page, "decision")
    expect(form.locator("input[value=pass]:checked")).to_have_count(8)
    form.locator("[name='texts.conditions']").fill("设警示浮标。")
    expect(page.locator("[data-mirror=conditions]")).to_have_text("设警示浮标。")
    form.locator("[data-verb-button]").click()
    expect(page.locator("#act-confirm h2")).to_contain_text("批准")
    page.locator("#act-confirm-yes").click()
    done(page, "批准决定：批准")
    expect(page.locator(".case-head")).to_contain_text("已批准")


def test_a_refusal_names_what_failed(walk: Walker) -> None:
    page = walk.open(f"/cases/{walk.cases['rushan_for_decision']}/decision", login="sample.approver.371083").page
    form = form_of(page, "decision")
    form.locator("[name='checklist[hinders_safety]'][value=fail]").check(force=True)
    expect(form.locator("[name=act]:checked")).to_have_value("decision.refuse")
    expect(form.locator("[name=act][value='decision.approve']")).to_be_disabled()
    expect(form.locator("select[name=ground]")).to_have_value("hinders_safety")
    assert form.locator("select[name=ground] option:not([disabled])").count() == 2
    expect(form.locator("[data-verb-button]")).to_have_class("btn d")


def test_money_comes_in_parts_with_vouchers(walk: Walker) -> None:
    number = walk.cases["unpaid"]
    page = walk.open(f"/cases/{number}", login=WINDOW).page
    form = form_of(page, "receipt")
    expect(form.locator("[name='facts.paid_yuan']")).to_have_value("7147.13")
    form.locator("[name='facts.paid_yuan']").fill("1000")
    form.locator("[name='facts.receipt_number']").fill("甲-1")
    form.locator("input[type=file]").set_input_files(pdf("凭证一.pdf"))
    expect(form.locator("[data-file-kept]")).to_contain_text("凭证一.pdf")
    form.locator("[data-verb-button]").click()
    expect(form.locator(".errsum h3")).to_have_text("累计缴款不足：缴清。")
    form.locator("[name=act][value='receipt.partial']").check(force=True)
    expect(form.locator("[name='facts.paid_yuan']")).to_have_value("1000")
    form.locator("[data-verb-button]").click()
    done(page, "部分缴纳")
    form = form_of(page, "receipt")
    expect(form.locator("[name='facts.paid_yuan']")).to_have_value("6147.13")
    expect(form.locator("[data-file-kept]")).to_be_hidden()
    form.locator("[name='facts.receipt_number']").fill("甲-2")
    form.locator("input[type=file]").set_input_files(pdf("凭证二.pdf"))
    expect(form.locator("[data-file-kept]")).to_contain_text("凭证二.pdf")
    form.locator("[data-verb-button]").click()
    done(page, "缴清")


def test_a_bill_without_a_rate_is_refused_with_the_way_to_mend_it(walk: Walker) -> None:
    page = walk.open(f"/cases/{walk.cases['fee_unknown']}", login="sample.window.371083").page
    form = form_of(page, "bill")
    form.locator("[data-verb-button]").click()
    page.locator("#act-confirm-yes").click()
    refused = form.locator(":scope > .errsum")
    expect(refused.get_by_role("link", name="到规则 fee.rate")).to_have_attribute("href", "/rules/fee.rate")


@pytest.mark.parametrize("size", [PHONE])
def test_registration_is_done_and_papers_are_delivered_on_a_phone(walk: Walker, size: tuple[int, int]) -> None:
    number = walk.cases["paid"]
    page = walk.open(f"/cases/{number}/registration", login=REGISTRAR, size=size).page
    form_of(page, "registration").locator("[data-verb-button]").click()
    expect(page.locator("#act-confirm")).to_contain_text("只能由后续登记改变")
    page.locator("#act-confirm-yes").click()
    done(page, "4 份文书正在出具")
    form = form_of(page, "papers")
    form.locator("[data-verb-button]").click()
    done(page, "送达")


def test_an_authorisation_is_entered_with_its_document_and_withdrawn(walk: Walker) -> None:
    page = walk.open("/authorisations?q=合作社", login=WINDOW).page
    page.get_by_role("link", name="合作社").first.click()
    page.locator("[name=login]").fill("sample.person")
    page.locator("[name=basis]").set_input_files(pdf("授权书.pdf"))
    before = page.locator(".auth-row").count()
    page.get_by_role("button", name="录入授权").click()
    expect(page.locator(".auth-row")).to_have_count(before + 1)
    expect(page.locator(".auth-row form[data-send]:not([data-ready])")).to_have_count(0)
    row = page.locator(".auth-row").filter(has=page.get_by_role("button", name="撤回授权")).first
    row.get_by_role("button", name="撤回授权").first.click()
    row.locator("dialog").get_by_role("button", name="撤回授权").click()
    expect(page.locator(".auth-row", has_text="已撤回")).to_have_count(1)
