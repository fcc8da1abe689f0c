"""The administrator's own pages: a rule supplied without a program's words, accounts that are asked for before they end."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.portal.walking import PHONE, WIDE, Walker

ADMINISTRATOR = "sample.administrator"
PAPER = {"name": "示例标准.txt", "mimeType": "text/plain", "buffer": "示例标准，无效。\n".encode()}


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_keys_and_place_of_a_rate_are_chosen_and_what_is_wrong_is_said_at_its_field(
    walk: Walker, size: tuple[int, int]
) -> None:
    page = walk.open("/rules/fee.rate", login=ADMINISTRATOR, size=size).page
    page.get_by_label(re.compile("用海方式")).select_option(label="41 开放式养殖")
    page.get_by_role("button", name="录入这个值").click()
    expect(page.locator("#key-2-hint")).to_have_text("海域等别")
    expect(page.locator("#key-1-hint")).to_have_text("")
    page.get_by_label(re.compile("海域等别")).select_option("grade=5")
    page.locator('#enter [name="place"]').select_option(label="荣成市 371082")
    page.locator('#enter [name="value"]').fill("six")
    page.locator('#enter [name="cite"]').fill("示例文件 第 1 号")
    page.locator('#enter [name="until"]').fill("2030-12-31")
    page.locator("#try").click()
    expect(page.locator("#f-value-hint")).to_contain_text("“six”不是数")
    expect(page.locator("#enter > .errsum")).not_to_contain_text("overlay")
    page.locator('#enter [name="value"]').fill("0.06")
    page.locator('#enter [name="from"]').fill("2031-01-01")
    page.locator("#try").click()
    expect(page.locator("#f-until-hint")).to_contain_text("终止日早于起始日")
    expect(page.locator("#f-value-hint")).not_to_contain_text("不是数")
    page.locator('#enter [name="until"]').fill("2031-12-31")
    page.locator("#try").click()
    expect(page.locator("#tried")).to_contain_text("录入后是 0.06")
    page.locator("#entry-doc").set_input_files(PAPER)
    page.get_by_role("button", name="录入这个值").click()
    expect(page.locator("section.card", has_text="管理员录入的值").locator("li", has_text="2031-01-01")).to_have_count(
        1
    )
    # The next of these windows begins where this one did.
    page.locator("li", has_text="2031-01-01").get_by_role("button", name="撤回这个值").click()
    page.locator("#take-back").get_by_role("button", name="撤回这个值").click()
    expect(page.locator("li", has_text="2031-01-01")).to_have_count(0)


def test_what_was_filled_in_for_a_rule_is_there_after_a_reload(walk: Walker) -> None:
    page = walk.open("/rules/fee.rate", login=ADMINISTRATOR).page
    page.locator('[data-at="key.mode"]').select_option("mode=33")
    page.locator('[data-at="key.grade"]').select_option("grade=4")
    page.locator('#enter [name="value"]').fill("0.05")
    page.reload()
    expect(page.locator("#enter > .note").first).to_be_visible()
    expect(page.locator('[data-at="key.mode"]')).to_have_value("mode=33")
    expect(page.locator('[data-at="key.grade"]')).to_have_value("grade=4")
    page.goto(f"{walk.address}/rules/calendar.year")
    page.locator('[data-at="key.year"]').fill("2031")
    page.reload()
    expect(page.locator('[data-at="key.year"]')).to_have_value("2031")
    expect(page.locator('#enter [name="key"]')).to_have_value("year=2031")


def test_a_key_that_a_document_may_name_anew_is_typed(walk: Walker) -> None:
    page = walk.open("/rules/calendar.year", login=ADMINISTRATOR).page
    page.locator('[data-at="key.year"]').fill("2031")
    page.locator('#enter [name="place"]').select_option("cn")
    page.locator('#enter [name="value"]').fill("{off: [7]}")
    page.locator('#enter [name="cite"]').fill("示例文件 第 1 号")
    page.locator("#try").click()
    expect(page.locator("#f-value-hint")).to_contain_text("照上面已有的值写全")


def test_an_account_is_ended_only_after_a_question_and_begins_again(walk: Walker) -> None:
    page = walk.open("/users?q=sample.window", login=ADMINISTRATOR).page
    opened(page).get_by_role("button", name="停用账号").click()
    question = page.locator("#disable")
    expect(question.get_by_role("heading")).to_contain_text("停用 ")
    question.get_by_role("button", name="再看看").click()
    expect(page.locator(".tag", has_text="已停用")).to_have_count(0)
    opened(page).get_by_role("button", name="停用账号").click()
    question.get_by_role("button", name="停用账号").click()
    row = page.locator("li.user", has=page.locator(".tag", has_text="已停用"))
    expect(row).to_have_count(1)
    row.get_by_role("button", name="重新启用").click()
    expect(page.locator(".tag", has_text="已停用")).to_have_count(0)


def test_a_post_is_taken_back_only_after_a_question(walk: Walker) -> None:
    page = walk.open("/users?q=sample.reviewer", login=ADMINISTRATOR).page
    posts = page.locator("li.user").first.locator(".posts .tag")
    expect(posts).to_have_count(1)
    posts.first.get_by_role("button").click()
    question = page.locator("#take-post")
    expect(question.get_by_role("heading")).to_contain_text("的岗位")
    question.get_by_role("button", name="收回岗位").click()
    expect(posts).to_have_count(0)


def opened(page: Any) -> Any:
    """The first account with what can be changed of it unfolded."""
    row = page.locator("li.user").first
    if row.locator("details").get_attribute("open") is None:
        row.locator("summary").click()
    return row
