"""From the last key in the parcel editor to the check's answer on screen, in a real browser: the page itself takes both times."""

from __future__ import annotations

from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page

PLACE = "#map=15/37.08600/122.53000"
TABLE = "点号,北纬,东经\n1,37.0850,122.5250\n2,37.0850,122.5300\n3,37.0885,122.5300\n4,37.0885,122.5250\n"
KEYS = 60


def measure(browser: Browser, address: str) -> dict[str, float]:
    """Median and 95th percentile of nudges of a point, each a whole check against the register."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{address}/check{PLACE}")
    page.wait_for_selector("html[data-idle=true]")
    _paste(page)
    took = []
    for count in range(KEYS):
        page.locator(".pt").first.focus()
        page.keyboard.press("ArrowUp" if count % 2 else "ArrowRight")
        page.wait_for_selector("html[data-answered]")
        took.append(float(page.get_attribute("html", "data-answered") or "nan"))
    context.close()
    return {
        "keys": KEYS,
        "median_ms": round(float(np.median(took)), 1),
        "p95_ms": round(float(np.percentile(took, 95)), 1),
    }


def _paste(page: Page) -> None:
    page.locator("#paste > summary").click()
    page.fill("#paste-text", TABLE)
    page.locator("#paste button").click()
    page.wait_for_selector("#questions fieldset, #points-block:not([hidden])")
    if page.locator("#questions fieldset").count():
        page.locator("#questions .radio", has_text="CGCS2000").first.click()
        page.locator("#questions button").first.click()
    page.wait_for_selector("html[data-answered]")


def show(told: dict[str, Any]) -> None:
    """The two figures."""
    print(
        f"last key to answer on screen: median {told['median_ms']} ms, p95 {told['p95_ms']} ms of {told['keys']} keys"
    )
