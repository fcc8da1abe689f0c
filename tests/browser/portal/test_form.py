"""The one form in a real browser: what is typed is counted, saved and never lost; two people are told of each other."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.portal.walking import PHONE, Seen, Walker

OYSTER, WINDOW = "sample.oyster", "sample.window.371082"
OWN = {"Sec-Fetch-Site": "same-origin"}
# Free water in Sanggou Bay; each case of these tests has a strip of its own.
WEST, SOUTH, STEP, SIZE = 441_000_000, 133_380_000, 20_000, (15_000, 9_000)
strips = iter(range(100))
# Counts every control that a person changed, as the browser tells it.
COUNT = """globalThis.__changed = new Set();
addEventListener('change', (event) => { globalThis.__changed.add(event.target.name || event.target.id); }, true);"""


def call(seen: Seen, method: str, path: str, body: Any = None) -> Any:
    """The interface, as whoever looks at the page."""
    answer = seen.page.context.request.fetch(f"{seen.address}/api/v1{path}", method=method, data=body, headers=OWN)
    assert answer.ok, answer.text()
    return answer.json()


def opened(walk: Walker, **use: Any) -> str:
    """A new case of the oyster company with a parcel drawn."""
    seen = walk.open("/sign-in", login=OYSTER)
    west, south = WEST + next(strips) * STEP, SOUTH
    east, north = west + SIZE[0], south + SIZE[1]
    ring = [[west, south], [east, south], [east, north], [west, north]]
    party = call(seen, "GET", "/me")["parties"][0]["party"]
    asked = {"boundary": {"exterior": ring}, "mode": "41", "layers": ["surface", "water_column"], **use}
    return str(call(seen, "POST", "/cases", {"party": party, "use": asked})["number"])


def at(walk: Walker, number: str, step: int = 1, login: str = OYSTER, **given: Any) -> Seen:
    """A screen of a case's form, ready."""
    seen = walk.open(f"/cases/{number}/form?step={step}", login=login, **given)
    seen.page.wait_for_selector("html[data-form]")
    return seen


def form(seen: Seen, number: str) -> dict[str, Any]:
    return {
        field["name"]: (field["answer"] or {}).get("value")
        for field in call(seen, "GET", f"/cases/{number}/form")["fields"]
    }


def saved(page: Page) -> None:
    expect(page.locator(".crumbs [data-saved]")).to_have_attribute("data-state", "saved", timeout=20_000)


def type_into(page: Page, field: str, words: str) -> None:
    """Types as a person does and leaves the field."""
    page.locator(f"#f-{field}").fill(words)
    page.locator(f"#f-{field}").blur()


def fill_first(page: Page) -> None:
    type_into(page, "contact", "王示例")
    type_into(page, "project-name", "桑沟湾北筏式养殖")
    page.get_by_role("radio", name="经营性").check()
    type_into(page, "investment", "320.5")


def test_the_meter_equals_the_controls_that_were_changed(walk: Walker) -> None:
    """From a parcel that was drawn with its mode to a form that can be signed: at most nine, and counted from what was done."""
    number = opened(walk)
    seen = at(walk, number)
    page = seen.page
    page.context.add_init_script(COUNT)
    page.reload()
    before = int(page.get_attribute("#meter", "data-entered") or 0)
    assert before == 1  # the mode, chosen with the drawing
    changed: set[str] = set()

    def go_on(name: str) -> None:
        changed.update(page.evaluate("[...globalThis.__changed]"))
        page.get_by_role("link", name=name).click()
        page.wait_for_selector("html[data-form]")

    fill_first(page)
    go_on("继续，填用海情况")
    page.wait_for_url(re.compile("step=2"))
    page.select_option("#f-use-type", "13")
    saved(page)
    expect(page.locator("#says-f-term")).to_contain_text("1 至 15 年")
    type_into(page, "term", "10")
    saved(page)
    go_on("继续，去核对")
    page.wait_for_url(re.compile("step=3"))
    page.check("#f-declaration")
    expect(page.locator("#meter")).to_have_attribute("data-entered", "8")
    changed.update(page.evaluate("[...globalThis.__changed]"))
    told = call(seen, "GET", f"/cases/{number}/form")["counters"]
    assert told == {"raw": 40, "merged": 25, "entered": before + len(changed)}
    assert told["entered"] <= 9
    expect(page.locator("#meter")).to_have_attribute("data-filled", "8")
    expect(page.locator("#meter .cells i:not(.o)")).to_have_count(8)
    assert seen.complaints == []
    # Changing one again counts nothing more.
    page.goto(f"{seen.address}/cases/{number}/form?step=1")
    type_into(page, "contact", "李示例")
    saved(page)
    expect(page.locator("#meter")).to_have_attribute("data-entered", "8")


def test_what_is_lacking_is_told_at_the_field_and_led_to(walk: Walker) -> None:
    seen = at(walk, opened(walk))
    type_into(seen.page, "contact", "王示例")
    seen.page.get_by_role("link", name="继续，填用海情况").click()
    summary = seen.page.locator("#faults")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("“项目名称”没有填写")
    summary.get_by_role("link", name="“投资额（万元）”没有填写").click()
    expect(seen.page.locator("#f-investment")).to_be_focused()
    expect(seen.page.locator("#says-f-investment")).to_have_class("errm")


def test_a_wrong_number_is_kept_and_says_how_many_digits_it_has(walk: Walker) -> None:
    number = opened(walk)
    seen = at(walk, number)
    pair = seen.page.locator("#known > div", has_text="联系电话")
    pair.get_by_text("更正").click()
    type_into(seen.page, "phone", "1380000123")
    expect(seen.page.locator("#bar-says")).to_contain_text("还有 1 处要改：联系电话")
    seen.page.reload()
    expect(seen.page.locator("#says-f-phone")).to_contain_text("“联系电话”是 10 位，手机号应为 11 位")
    assert form(seen, number)["phone"] == "1380000123"


@pytest.mark.parametrize("step", [1])
def test_a_lost_connection_and_a_reload_lose_nothing(walk: Walker, step: int) -> None:
    number = opened(walk)
    seen = at(walk, number, step)
    seen.page.context.set_offline(True)
    type_into(seen.page, "contact", "海上的人")
    expect(seen.page.locator(".crumbs [data-saved]")).to_contain_text("网络断了")
    seen.page.context.set_offline(False)
    saved(seen.page)
    assert form(seen, number)["contact"] == "海上的人"
    # A page that is closed before anything went out brings it back, and sends it.
    seen.page.route("**/form", lambda route: route.abort() if route.request.method == "PATCH" else route.continue_())
    type_into(seen.page, "contact", "关了又开")
    expect(seen.page.locator(".crumbs [data-saved]")).to_have_attribute("data-state", "kept")
    seen.page.unroute("**/form")
    seen.page.reload()
    expect(seen.page.locator("#f-contact")).to_have_value("关了又开")
    saved(seen.page)
    assert form(seen, number)["contact"] == "关了又开"


def test_a_lost_answer_is_no_conflict(walk: Walker) -> None:
    """The request arrived and its answer did not: the second try was told that somebody else had been first."""
    number = opened(walk)
    seen = at(walk, number)
    lost = []

    def lose(route: Route) -> None:
        if route.request.method == "PATCH" and not lost:
            route.fetch()
            lost.append(route.request.post_data)
            route.abort()
        else:
            route.continue_()

    seen.page.route("**/form", lose)
    type_into(seen.page, "contact", "只说一次")
    saved(seen.page)
    assert len(lost) == 1 and seen.page.locator("[data-differs]").count() == 0
    # And where more was typed meanwhile, only that goes on.
    lost.clear()
    type_into(seen.page, "investment", "12")
    type_into(seen.page, "project-name", "另一项")
    saved(seen.page)
    told = form(seen, number)
    assert (told["investment"], told["project_name"]) == ("12", "另一项")
    assert seen.page.locator("[data-differs]").count() == 0


def test_an_ended_session_loses_nothing(walk: Walker) -> None:
    number = opened(walk)
    seen = at(walk, number)
    seen.page.context.clear_cookies(name="haiyu-session")
    type_into(seen.page, "contact", "过夜的话")
    way = seen.page.locator(".crumbs [data-saved] a")
    expect(way).to_contain_text("登录过期了")
    way.click()
    seen.page.get_by_role("button", name=re.compile("张示例")).click()
    seen.page.wait_for_selector("html[data-form]")
    expect(seen.page.locator("#f-contact")).to_have_value("过夜的话")
    saved(seen.page)
    assert form(seen, number)["contact"] == "过夜的话"


def test_two_people_see_both_values_and_choose(walk: Walker) -> None:
    number = opened(walk)
    seen = at(walk, number)
    window = walk.open("/sign-in", login=WINDOW)
    call(window, "PATCH", f"/cases/{number}/form", {"answers": {"contact": "窗口写的", "investment": "7"}})
    type_into(seen.page, "contact", "我写的")
    card = seen.page.locator("[data-differs=contact]")
    expect(card).to_contain_text(re.compile(r"周示例 \d\d:\d\d 改了“联系人”。您的改动还在"))
    expect(seen.page.locator("#f-contact")).to_have_value("我写的")
    # What only the other changed is shown as it stands now.
    expect(seen.page.locator("#f-investment")).to_have_value("7")
    assert form(seen, number)["contact"] == "窗口写的"
    card.get_by_role("button", name="用我的：我写的").click()
    saved(seen.page)
    assert form(seen, number)["contact"] == "我写的"
    call(window, "PATCH", f"/cases/{number}/form", {"answers": {"contact": "窗口又写"}})
    type_into(seen.page, "contact", "我又写")
    seen.page.get_by_role("button", name="用对方的：窗口又写").click()
    expect(seen.page.locator("#f-contact")).to_have_value("窗口又写")
    assert form(seen, number)["contact"] == "窗口又写"


def test_why_a_field_is_asked_comes_from_the_rule_book(walk: Walker) -> None:
    seen = at(walk, opened(walk, type="13"), 2)
    button = seen.page.get_by_role("button", name="为什么问：申请用海期限")
    button.click()
    card = seen.page.locator("#why-f-term")
    expect(card).to_be_visible()
    expect(card).to_contain_text("期限最长 15 年")
    expect(card).to_contain_text("海域使用管理法 第二十五条")
    expect(card).to_contain_text("条文版本待核")
    expect(card).to_contain_text("海域使用申请书“申请用海期限”")
    seen.page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(button).to_be_focused()


def test_a_phone_has_one_column_and_the_action_at_the_bottom(walk: Walker) -> None:
    seen = at(walk, opened(walk), size=PHONE, lang="en")
    page = seen.page
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    box = page.get_by_role("link", name="Go on to the use of the sea").bounding_box()
    assert box is not None and box["y"] + box["height"] <= PHONE[1] and box["height"] >= 44
    lefts = page.evaluate(
        "[...document.querySelectorAll('.q2 > .ask:not([hidden])')].map((each) => Math.round(each.getBoundingClientRect().left))"
    )
    assert len(set(lefts)) == 1
