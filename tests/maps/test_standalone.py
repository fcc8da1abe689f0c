"""A scene as one file: nothing is fetched, words stay words, and it draws when opened from a disk."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import sync_playwright

from maps.scenes import Scene, SceneLayer
from maps.standalone import standalone_html

LEAFLET = Path(__file__).parents[2] / ".haiyu" / "static" / "vendor" / "leaflet"
SQUARE = shapely.box(440_000_000, 133_000_000, 440_010_000, 133_008_000)
EVIL = "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"


@pytest.fixture
def told() -> str:
    layers = (
        SceneLayer.of("land", "陆地", [SQUARE.buffer(50_000)]),
        SceneLayer.of("draft", EVIL, [SQUARE], [EVIL]),
        SceneLayer.of("conflict", "冲突", [SQUARE.buffer(-3_000)], ["2.1925 公顷"]),
    )
    return standalone_html(Scene(f"拒绝 {EVIL}", layers, note=EVIL, credit="© OpenStreetMap"), leaflet=LEAFLET)


def test_no_address_is_in_what_the_file_loads(told: str) -> None:
    assert re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", told) == []
    assert "url(" not in told.split("</style>")[0].split("<style>")[1]


def test_words_of_a_scene_do_not_leave_their_places(told: str) -> None:
    assert told.count("<script") == told.count("</script>") == 3
    scene = json.loads(told.split('id="scene">')[1].split("</script>")[0])
    assert scene["layers"][1]["features"][0]["properties"]["label"] == EVIL


def test_it_draws_from_a_disk_under_its_own_policy_and_asks_nobody(told: str, tmp_path: Path) -> None:
    page_file = tmp_path / "scene.html"
    page_file.write_text(told, encoding="utf-8")
    chromium = shutil.which("chromium")
    assert chromium, "no Chromium on this machine; .ci/bootstrap.sh test installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        asked: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda line: complaints.append(line.text))
        page.goto(page_file.as_uri())
        page.wait_for_selector("html[data-idle]")
        title, patterns = page.title(), page.locator("path[fill='url(#p-cross)']").count()
        legend = page.locator("#legend label").all_inner_texts()
        page.locator("#legend input").last.uncheck()
        after = page.locator("path[fill='url(#p-cross)']").count()
        browser.close()
    assert asked == [page_file.as_uri()] and complaints == []
    assert title == f"拒绝 {EVIL}" and (patterns, after) == (1, 0)
    assert legend == [f"{EVIL} 1", "冲突 1"]
