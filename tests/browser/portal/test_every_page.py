"""Every page of the portal, in both languages, on a wide window and a phone, light and dark: what holds for all of them."""

from __future__ import annotations

import re
from itertools import product

import pytest

from tests.browser.portal.walking import PHONE, WIDE, Walker
from tests.browser.registry import PAGES, PortalPage

# A code of the catalogue where words should be.
RAW_CODE = re.compile(r"\b(?:portal|page|act|fact|guard)\.[a-z_]+(?:\.[a-z_]+)+")
VIEWS = [
    (lang, size, page)
    for lang, size, page in product(("zh", "en"), (WIDE, PHONE), PAGES)
    if size == WIDE or not page.wide_only
]


@pytest.mark.parametrize(
    ("lang", "size", "page"), VIEWS, ids=[f"{lang}-{size[0]}-{page.name}" for lang, size, page in VIEWS]
)
def test_a_page_is_sound(walk: Walker, lang: str, size: tuple[int, int], page: PortalPage) -> None:
    """axe-core finds nothing in either theme; no complaint, no foreign request, no missing word, no sideways scroll."""
    seen = walk(page, lang=lang, size=size)
    assert seen.status == 200, seen.page.url
    assert seen.page.locator("html").get_attribute("lang") == ("zh-CN" if lang == "zh" else "en")
    assert seen.page.locator("h1").count() == 1
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= size[0], "scrolls sideways"
    assert RAW_CODE.findall(seen.page.locator("body").inner_text()) == []
    faults = {scheme: seen.axe(scheme) for scheme in ("light", "dark")}
    assert faults == {"light": [], "dark": []}
    assert len(seen.complaints) == page.refused, seen.complaints
    assert seen.violations() == []
    assert seen.foreign() == []


def test_every_page_that_a_person_opens_is_walked(walk: Walker) -> None:
    """A page that nobody listed was the one without labels; every address of the navigation is in the list."""
    from api.portal.navigation import ADMINISTRATION, INBOX, LOOK, MESSAGES, MY, PLANNING, PUBLIC

    entries = (*MY, *INBOX, *PLANNING, *ADMINISTRATION, MESSAGES, *LOOK, *PUBLIC)
    walked = {page.address.partition("?")[0] for page in PAGES}
    assert {entry.address.partition("?")[0] for entry in entries} - walked == set()
