"""The story in a real browser: zh and en, wide and on a phone, and once by keyboard alone; nothing leaves the machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import browser
from tests.journeys.clicking import ADMINISTRATOR, APPROVER, OYSTER, REGISTRAR, REVIEWER, WINDOW, Clicker
from tests.journeys.conftest import installation, laid
from tests.journeys.whole import demand_whole
from tests.support.serving import Serving

__all__ = ["browser"]
MOST_ENTERED = 9


@pytest.fixture
def house(cluster: Any, tmp_path: Path) -> Iterator[Serving]:
    """A server and a worker on the sample world, on a Monday in March 2026."""
    with laid(cluster, tmp_path) as database, installation(database, tmp_path) as found:
        yield found


def press(target: Any) -> None:
    """By key: reach it once it is there, and press Enter."""
    target.wait_for()
    target.focus()
    target.page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("lang", "size", "by_keys"),
    [
        ("zh", (1440, 900), False),
        ("en", (1440, 900), False),
        ("zh", (390, 844), False),
        ("en", (390, 844), False),
        ("zh", (1440, 900), True),
    ],
    ids=["zh-wide", "en-wide", "zh-phone", "en-phone", "keyboard"],
)
def test_the_whole_story(
    browser: Browser, house: Serving, tmp_path: Path, lang: str, size: tuple[int, int], by_keys: bool
) -> None:
    """From an empty map to the rated, registered right, each by the person whose step it is."""
    click = Clicker(browser, house, tmp_path, lang, size)
    apply_for_it(click, by_keys=by_keys)
    accept_and_judge(click, by_keys=by_keys)
    decide_and_register(click, by_keys=by_keys)
    with click.person(OYSTER) as page:
        page.goto(f"{house.address}/my/cases/{click.case}")
        stars = page.locator('form[data-send] [name="facts.stars"]')
        stars.last.check(force=True) if stars.count() > 1 else stars.fill("5")
        with click.sent(page, "/acts"):
            stars.last.locator("xpath=ancestor::form").locator("button[type=submit]").click()
        expect(page.locator("main")).to_contain_text("办结" if lang == "zh" else "Completed")
    assert click.complaints == []
    assert click.violations == []
    assert [url for url in click.requests if not url.startswith((house.address, "data:", "blob:"))] == []
    demand_whole(house.database, tmp_path)


def apply_for_it(click: Clicker, *, by_keys: bool) -> None:
    """The applicant draws, fills, signs and files; the meter counts what was changed."""
    given = {"press": press} if by_keys else {}
    with click.person(OYSTER) as page:
        if by_keys:
            click.draw_by_keys(page)
        else:
            click.draw(page)
        click.fill(page, **given)
        entered = int(page.locator("#meter").get_attribute("data-entered") or 0)
        click.sign(page, **given)
        click.submit(page, **given)
    assert entered == len(click.counted), click.counted
    assert entered <= MOST_ENTERED


def accept_and_judge(click: Clicker, *, by_keys: bool) -> None:
    """Acceptance, review, survey, opinions, and the notice to its end."""
    click.until(click.today + timedelta(days=1))
    with click.person(WINDOW) as page:
        click.act(page, "acceptance", "acceptance.accept", by_keys=by_keys)
    with click.person(REVIEWER) as page:
        click.act(page, "technical_review", "technical_review.pass", by_keys=by_keys)
        click.open(page)
        click.put(page, '#act-site_survey [data-upload="survey_record"] input[type=file]', "survey_record")
        click.act(page, "site_survey", by_keys=by_keys)
    with click.person(WINDOW) as page:
        answer_opinions(click, page)
    click.until(click.today + timedelta(days=1))
    click.until(click.notice_last() + timedelta(days=1))
    with click.person(WINDOW) as page:
        click.open(page)
        page.locator('#act-public_notice [name="facts.objections"]').fill("0")
        form = page.locator("#act-public_notice")
        click._act(page, form, by_keys=by_keys)


def answer_opinions(click: Clicker, page: Any) -> None:
    """The window records each office's opinion on paper."""
    while True:
        click.open(page, "?tab=questions")
        forms = page.locator('form[data-send^="POST /api/v1/questions/"]')
        if not forms.count():
            return
        page.locator("details:has(form[data-send^='POST /api/v1/questions/']) > summary").first.click()
        form = forms.first
        form.locator("label", has=page.locator("input[value=no_objection]")).click()
        with click.sent(page, "/answer"):
            form.locator("button[type=submit]").click()


def decide_and_register(click: Clicker, *, by_keys: bool) -> None:
    """Decision, the missing rate supplied, bill, receipt, registration, delivery."""
    with click.person(APPROVER) as page:
        click.act(page, "decision", "decision.approve", path="/decision", by_keys=by_keys)
    with click.person(ADMINISTRATOR) as page:
        supply_rate(click, page)
    with click.person(WINDOW) as page:
        click.act(page, "bill", "bill.issue", by_keys=by_keys)
        click.open(page)
        form = page.locator("#act-receipt")
        click.put(page, '#act-receipt [data-upload="voucher"] input[type=file]', "voucher")
        form.locator('.for-fact:not([hidden]) [name="facts.receipt_number"]').fill("示例票据 1")
        click._act(page, form, by_keys=by_keys)
    with click.person(REGISTRAR) as page:
        click.act(page, "registration", path="/registration", by_keys=by_keys)
        click.act(page, "papers", by_keys=by_keys)


def supply_rate(click: Clicker, page: Any) -> None:
    """The rate of open aquaculture, which is in no source: a marked sample with its document."""
    page.goto(f"{click.house.address}/rules/fee.rate")
    page.locator('[data-at="key.mode"]').select_option("mode=41")
    page.locator('[data-at="key.grade"]').select_option("grade=3")
    page.locator('#enter [name="value"]').fill("0.0450")
    page.locator('#enter [name="place"]').select_option("371082")
    page.locator('#enter [name="from"]').fill("2020-01-01")
    page.locator('#enter [name="cite"]').fill("本系统设定示例标准，无效")
    page.locator('#enter [name="seen"]').select_option("house")
    page.locator("#entry-doc").set_input_files(
        {"name": "sample.txt", "mimeType": "text/plain", "buffer": "示例标准，无效。\n".encode()}
    )
    with click.sent(page, "/entries"):
        page.locator("#enter button[type=submit]").click()
    # Other server processes read the new book within ten seconds; this one at once.
    assert (
        httpx.get(
            f"{click.house.address}/api/v1/rules/fee.rate?mode=41&grade=3&place=371082&on=2027-01-01", trust_env=False
        ).json()["status"]
        == "known"
    )
