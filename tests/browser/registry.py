"""Every page of the portal: what the tests of accessibility, policy and language walk, and what the gallery pictures.

A page is a name, an address and who looks at it. An address may name a case or a thing of the sample world by `{state}`: the names
are those of `tests/support/portal_world.py`. `wait` is a selector that says the page is ready, `act` brings a picture to its point.
`wide_only`: a phone does not offer that state. `refused`: its act is refused by the server, of which the browser writes a line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PortalPage:
    """One page as somebody sees it; `login` None is the public. `mockup` names the picture that it is compared with."""

    name: str
    address: str
    login: str | None = None
    wait: str = "main h1"
    act: Callable[[Any], None] | None = None
    mockup: str | None = None
    wide_only: bool = False
    refused: bool = False


def refused_rate(page: Any) -> None:
    """A rate in words where figures are wanted, tried."""
    for key, value in (("mode", "mode=41"), ("grade", "grade=5")):
        page.locator(f'[data-at="key.{key}"]').select_option(value)
    page.locator('#enter [name="place"]').select_option("371083")
    page.locator('#enter [name="value"]').fill("0,06")
    page.locator('#enter [name="cite"]').fill("示例文件 第 1 号")
    page.locator("#try").click()
    page.wait_for_selector("#enter > .errsum")


def asked_first(page: Any) -> None:
    """The question before an account is disabled."""
    page.locator("li.user summary").first.click()
    page.locator('form[data-confirm="disable"] button').first.click()
    page.wait_for_selector("#disable[open]")


PAGES: tuple[PortalPage, ...] = (
    PortalPage("sign-in", "/sign-in"),
    PortalPage("design", "/design", mockup="i-components"),
    PortalPage("form-who", "/cases/{draft_begun}/form?step=1", "sample.oyster", wait="#meter", mockup="c-one-form"),
    PortalPage("form-sea", "/cases/{draft_begun}/form?step=2", "sample.oyster", wait="#meter", mockup="c-one-form"),
    PortalPage("form-sign", "/cases/{draft_unsigned}/form?step=3", "sample.oyster", wait="#signing"),
    PortalPage("form-correction", "/cases/{in_correction}/form?step=1", "sample.oyster", wait="#meter"),
    PortalPage("form-steward", "/cases/{draft_half}/form?step=1", "sample.window.371083", wait="#meter"),
    PortalPage("form-filed", "/cases/{in_review}/form", "sample.reviewer.371082", wait="#review"),
    PortalPage("home", "/", mockup="a-home"),
    PortalPage("search", "/search?q=20公顷牡蛎"),
    PortalPage("search-none", "/search?q=qqqq"),
    PortalPage("guide", "/guide"),
    PortalPage("guide-matter", "/guide/establishment"),
    PortalPage("register", "/register", wait="html[data-idle=true]"),
    PortalPage("register-right", "/register/示例-SGB-04"),
    PortalPage("notices", "/notices"),
    PortalPage("notice", "/notices/{in_review}"),
    PortalPage("verify", "/verify", mockup="h-certificate"),
    PortalPage("help", "/help"),
    PortalPage("my", "/my", "sample.oyster"),
    PortalPage("my-cooperative", "/my", "sample.cooperative"),
    PortalPage("my-parcels", "/my/parcels", "sample.oyster", wait="html[data-idle=true]"),
    PortalPage("my-cases", "/my/cases", "sample.oyster"),
    PortalPage("my-cases-none", "/my/cases?show=ended&q=qqqq", "sample.oyster"),
    PortalPage("my-case-draft", "/my/cases/{draft_begun}", "sample.oyster"),
    PortalPage("my-case-correction", "/my/cases/{in_correction}", "sample.oyster", mockup="d-case"),
    PortalPage("my-case-review", "/my/cases/{in_review}", "sample.oyster", mockup="d-case"),
    PortalPage("my-case-unpaid", "/my/cases/{unpaid}", "sample.cooperative"),
    PortalPage("my-case-delivered", "/my/cases/{delivered}", "sample.oyster"),
    PortalPage("my-case-refused", "/my/cases/{refused}", "sample.seafood"),
    PortalPage("my-bills", "/my/bills", "sample.cooperative"),
    PortalPage("my-papers", "/my/papers", "sample.oyster"),
    PortalPage("my-questions", "/my/questions", "sample.oyster"),
    PortalPage(
        "my-question", "/my/questions", "sample.oyster", act=lambda page: page.locator(".waitrows .btn").first.click()
    ),
    PortalPage("my-members", "/my/members", "sample.oyster"),
    PortalPage("messages", "/messages", "sample.oyster"),
    PortalPage("messages-window", "/messages", "sample.window.371082"),
    PortalPage("rules", "/rules", "sample.administrator"),
    PortalPage("rule", "/rules/fee.rate", "sample.administrator"),
    PortalPage("rule-refused", "/rules/fee.rate", "sample.administrator", act=refused_rate, refused=True),
    PortalPage("rule-public", "/rules/days.promised"),
    PortalPage("map", "/map", "sample.planner.371000", wait="html[data-idle=true]", mockup="f-planner"),
    PortalPage(
        "map-then", "/map?day=2019-06-01", "sample.planner.371000", wait="html[data-idle=true]", mockup="f-planner"
    ),
    PortalPage("map-recorded", "/map?day=2019-06-01&time=record", "sample.planner.371000", wait="html[data-idle=true]"),
    PortalPage(
        "map-paper",
        "/map",
        "sample.planner.371000",
        wait="html[data-idle=true]",
        act=lambda page: page.click("#paper-open"),
        wide_only=True,
    ),
    PortalPage(
        "map-list",
        "/map",
        "sample.window.371082",
        wait="html[data-idle=true]",
        act=lambda page: page.click("#twin-open"),
    ),
    PortalPage("zones", "/zones", "sample.planner.371000"),
    PortalPage("zones-new", "/zones/new", "sample.planner.371000"),
    PortalPage("zones-version", "/zones/planning/1", "sample.administrator", wait="html[data-idle=true]"),
    PortalPage("users", "/users", "sample.administrator"),
    PortalPage("users-asked", "/users?q=sample.window", "sample.administrator", act=asked_first),
    PortalPage("jobs", "/jobs", "sample.administrator"),
    PortalPage("system", "/system", "sample.administrator"),
    PortalPage("templates", "/templates", "sample.administrator"),
    PortalPage("decision", "/cases/{for_decision}/decision", "sample.approver.371082"),
    PortalPage("registration", "/cases/{paid}/registration", "sample.registrar.371082"),
    PortalPage("authorisations", "/authorisations?q=示例", "sample.window.371082"),
    PortalPage("authorisations-party", "/authorisations?party=1", "sample.window.371082"),
    PortalPage(
        "acting-correction",
        "/cases/{submitted}",
        "sample.window.371082",
        act=lambda page: page.locator("[name=act][data-itemised]").check(force=True),
    ),
    PortalPage("acting-fee-unknown", "/cases/{fee_unknown}", "sample.window.371083"),
    PortalPage("acting-receipt", "/cases/{unpaid}", "sample.window.371082"),
    PortalPage("acting-notice", "/cases/{notice_over}", "sample.window.371082"),
    PortalPage("acting-competing", "/cases/{competing_first}", "sample.approver.371082"),
    PortalPage("inbox", "/inbox", "sample.window.371082", mockup="d-case"),
    PortalPage("inbox-approver", "/inbox", "sample.approver.371082"),
    PortalPage("inbox-none", "/inbox?q=qqqq", "sample.window.371082"),
    PortalPage("inbox-ended", "/inbox?show=ended", "sample.window.371082"),
    PortalPage("inbox-steward", "/inbox", "sample.steward.371082"),
    PortalPage("inbox-all", "/inbox?show=all", "sample.planner.371000"),
    PortalPage("case", "/cases/{in_review}", "sample.reviewer.371082", mockup="d-case"),
    PortalPage("case-acceptance", "/cases/{submitted}", "sample.window.371082"),
    PortalPage("case-consents", "/cases/{consents}?tab=questions", "sample.window.371082"),
    PortalPage("case-form", "/cases/{in_review}?tab=form", "sample.window.371082"),
    PortalPage("case-materials", "/cases/{in_review}?tab=materials", "sample.window.371082"),
    PortalPage("case-notice", "/cases/{notice_over}?tab=notice", "sample.window.371082"),
    PortalPage("case-planner", "/cases/{consents}", "sample.planner.371000"),
    PortalPage("case-ended", "/cases/{refused}", "sample.reviewer.371082"),
    PortalPage("case-versions", "/cases/{supplied}?tab=versions", "sample.window.371082"),
    PortalPage("case-money", "/cases/{unpaid}?tab=money", "sample.window.371082"),
    PortalPage("case-papers", "/cases/{completed}?tab=papers", "sample.window.371082"),
    PortalPage("case-events", "/cases/{completed}?tab=events", "sample.window.371082"),
    PortalPage("check", "/check", wait="html[data-idle=true]", mockup="b-parcel-editor"),
    PortalPage("parcel-new", "/parcels/new", "sample.oyster", wait="html[data-idle=true]"),
    PortalPage(
        "parcel-case",
        "/cases/{in_correction}/parcel",
        "sample.oyster",
        wait="html[data-answered]",
        mockup="b-parcel-editor",
    ),
)
