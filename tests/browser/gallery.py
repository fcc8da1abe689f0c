"""Pictures of the page on the sample world, for docs/gallery: `python -m tests.browser.gallery`.

Each picture is at most 150 kB: colours are reduced to a palette, which a chart of few colours does not show.
"""

from __future__ import annotations

import io
import secrets
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from api.app import create_app
from api.settings import Settings
from data.clock import legal_day
from data.rulebook import packaged
from parcels.parties import PartyKeys
from parcels.samples import world
from tests.browser.conftest import CHROMIUM, WIDE, Serving
from tests.support import databases

FOLDER = Path(__file__).parents[2] / "docs" / "gallery"
# A phone whose screen is long enough for the whole answer: sticky bars would lie across a stitched picture.
PHONE = (390, 1700)
MIDDLE, NARROW = (1180, 1000), (720, 1200)
MOST_BYTES = 150_000
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
Act = Callable[[Page], None]


def nothing(page: Page) -> None:
    """The page as it opens."""


def checked(page: Page) -> None:
    """The sample parcel, read and checked."""
    page.locator("#example").click()
    page.wait_for_selector("#points-block:not([hidden])")
    page.locator("#go").click()
    page.wait_for_selector("#foot-verdict .gb")


def adopted(page: Page) -> None:
    """Its remedy, taken and checked again."""
    checked(page)
    page.locator("#adopt").click()
    page.wait_for_selector("#toast:not([hidden])")
    page.wait_for_selector(".fc.conflict", state="detached")


def listed(page: Page) -> None:
    """The list that is the map's twin."""
    page.locator("#twin-open").click()


def asked(page: Page) -> None:
    """A pasted table that does not say whose coordinates it holds."""
    page.locator("#paste > summary").click()
    page.fill(
        "#paste-text",
        "点号,经度,纬度\n1,122.5082,37.1182\n2,122.5137,37.1191\n3,122.5128,37.1226\n4,122.5073,37.1216\n",
    )
    page.locator("#paste button").click()
    page.wait_for_selector("#questions fieldset")


SHOTS: tuple[tuple[str, tuple[int, int], str, str, Act], ...] = (
    ("page", WIDE, "zh", "light", nothing),
    ("page.checked", WIDE, "zh", "light", checked),
    ("page.checked.dark", WIDE, "zh", "dark", checked),
    ("page.checked.en", WIDE, "en", "light", checked),
    ("page.adopted.en.dark", WIDE, "en", "dark", adopted),
    ("page.list", WIDE, "zh", "light", listed),
    ("page.question", WIDE, "zh", "light", asked),
    ("page.checked.1180.en", MIDDLE, "en", "light", checked),
    ("page.checked.720.dark", NARROW, "zh", "dark", checked),
    ("page.checked.390", PHONE, "zh", "light", checked),
    ("page.checked.390.en.dark", PHONE, "en", "dark", checked),
)


def shoot(browser: Browser, address: str, name: str, size: tuple[int, int], lang: str, theme: str, act: Act) -> Path:
    """One picture."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        locale="zh-CN" if lang == "zh" else "en-GB",
    )
    page = context.new_page()
    page.goto(f"{address}/?lang={lang}")
    page.wait_for_selector("html[data-idle=true]")
    act(page)
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(800)
    path = FOLDER / f"{name}.png"
    path.write_bytes(small(page.screenshot(animations="disabled")))
    context.close()
    return path


def small(png: bytes) -> bytes:
    """The picture as it is, or with as many colours as fit into the limit (means of clusters, so that no tint shifts)."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    told = _written(picture)
    for colours in (256, 128, 64):
        if len(told) <= MOST_BYTES:
            break
        told = _written(picture.quantize(colours, Image.Quantize.MEDIANCUT, kmeans=3, dither=Image.Dither.NONE))
    return told


def _written(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """Lay the sample world in a database of its own, serve it, and take every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium")
    with databases.in_use(), databases.clone(databases.test_cluster()) as database:
        keys = PartyKeys.from_secret(secrets.token_bytes(32))
        world.load(database.sessions(), book=packaged(), keys=keys, today=legal_day(NOW), now=NOW)
        settings = Settings(database_url=database.app_url, log_level="error", checks_per_minute=0)
        with Serving(create_app(settings, clock=lambda: NOW)) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
            for shot in SHOTS:
                shoot(browser, address, *shot)
            browser.close()


if __name__ == "__main__":
    main()
