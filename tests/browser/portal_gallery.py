"""Pictures of every page of the portal for docs/gallery/portal: `python -m tests.browser.portal_gallery [name …]`.

Every page in both languages, wide and on a phone; pages with a mock-up in the dark too. Each picture is at most 150 kB.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

from tests.browser import pictures
from tests.browser.conftest import CHROMIUM
from tests.browser.portal.walking import PHONE, WIDE, Walker, walker
from tests.browser.registry import PAGES, PortalPage
from tests.support import databases
from tests.support.portal_world import served

FOLDER = pictures.FOLDER / "portal"
# Beyond this a picture is cut: a list of a thousand lines shows no more than its first screen of it.
TALLEST = 2_400


class Shot(NamedTuple):
    """One picture of a page."""

    page: PortalPage
    lang: str
    size: tuple[int, int]
    dark: bool

    @property
    def name(self) -> str:
        """File name: page, width, language, theme."""
        parts = [self.page.name, str(self.size[0]), self.lang, *(["dark"] if self.dark else [])]
        return ".".join(parts) + ".png"


def shots(names: list[str]) -> Iterator[Shot]:
    """Every picture of the pages named; of all where none is named."""
    for page in PAGES:
        if names and page.name not in names:
            continue
        yield from (
            Shot(page, lang, size, False)
            for lang, size in product(("zh", "en"), (WIDE,) if page.wide_only else (WIDE, PHONE))
        )
        if page.mockup:
            yield from (Shot(page, "zh", size, True) for size in (WIDE, PHONE))


def take(walk: Walker, shot: Shot) -> Path:
    """Open the page and write its picture."""
    seen = walk(shot.page, lang=shot.lang, size=shot.size)
    if shot.dark:
        seen.page.emulate_media(color_scheme="dark")
    tall = seen.page.evaluate("document.documentElement.scrollHeight")
    # Bars that stay at the window's foot would lie across a stitched picture: the window grows instead.
    seen.page.set_viewport_size({"width": shot.size[0], "height": min(max(tall, shot.size[1]), TALLEST)})
    seen.page.wait_for_timeout(500)
    path = FOLDER / shot.name
    path.write_bytes(pictures.small(seen.page.screenshot(animations="disabled")))
    walk.close_pages()
    return path


def main(names: list[str]) -> None:
    """Serve the sample world with its cases, and take the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        databases.in_use(),
        served(databases.test_cluster()) as (address, cases),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        with walker(browser, address, cases) as walk:
            for shot in shots(names):
                take(walk, shot)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
