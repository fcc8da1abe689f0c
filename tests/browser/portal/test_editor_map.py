"""What the parcel editor shows and what it keeps to itself: hidden sources, words that are no markup, thousands of points, legend, list, view.

On the small world of `tests/api/world.py`: its zone is called 渔业区<b>, and an office's zone is kept from the public.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from api.app import create_app
from tests.api import world
from tests.api.conftest import NOW, settings_for
from tests.browser.conftest import PHONE, WIDE, Serving
from tests.browser.portal.walking import Walker
from tests.support import databases

CGCS2000 = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
Box = tuple[float, float, float, float]


@pytest.fixture(scope="module")
def small(browser: Browser, cluster: Any) -> Iterator[Walker]:
    """A server on the small world, and who opens its pages."""
    with databases.clone(cluster) as database:
        with database.sessions("owner").begin() as session:
            world.place(session)
        with database.sessions().begin() as session:
            world.build(session)
        with Serving(create_app(settings_for(database), clock=lambda: NOW)) as address:
            yield Walker(browser, address, {})


@pytest.fixture
def check(small: Walker) -> Iterator[Any]:
    """Opens the check that needs no account, ready."""

    def go(lang: str = "zh", size: tuple[int, int] = WIDE) -> Page:
        page = small.open("/check", lang=lang, size=size).page
        page.wait_for_selector("html[data-idle=true]")
        return page

    yield go
    small.close_pages()


def parcel_file(folder: Path, *, lon: int = 0, lat: int = 0, name: str = "parcel.geojson") -> Path:
    """The draft as a GeoJSON file, moved by whole milliseconds."""
    return ring_file(folder / name, [[(x + lon) / 3_600_000, (y + lat) / 3_600_000] for x, y in world.DRAFT])


def ring_file(path: Path, ring: list[list[float]]) -> Path:
    told = {"type": "Polygon", "crs": CGCS2000, "coordinates": [[*ring, ring[0]]]}
    path.write_text(json.dumps(told), encoding="utf-8")
    return path


def give(page: Page, path: Path) -> None:
    """Choose a file and wait for the answer to its boundary."""
    page.set_input_files("#file", path)
    expect(page.locator("#points-block")).to_be_visible()
    page.wait_for_selector("html[data-answered]")


def paths(page: Page, kind: str) -> int:
    return page.locator(f".leaflet-container path.{kind}").count()


def test_a_file_is_judged_and_drawn(check: Any, tmp_path: Path) -> None:
    page = check()
    give(page, parcel_file(tmp_path))
    expect(page.locator("#sum-area")).to_have_text("20.2469 公顷")
    expect(page.locator(".fc.conflict h3").first).to_contain_text("已登记的海域使用权")
    assert (paths(page, "hit.conflict"), paths(page, "rest"), paths(page, "draft")) == (1, 1, 1)


def test_a_hidden_place_is_said_and_given_away_nowhere(check: Any, tmp_path: Path) -> None:
    """Neither drawn nor named: not in the findings, not in the list, not in any shape, not in what the page holds."""
    page = check("en")
    told: list[str] = []
    page.on("response", lambda answer: told.append(answer.text()) if "/api/v1/" in answer.url else None)
    give(page, parcel_file(tmp_path, lon=210_000, lat=210_000))
    expect(page.locator(".fc.needs_consent")).to_contain_text("An office must look at this place")
    assert paths(page, "hit.needs_consent") == 0
    assert page.locator(".fc.needs_consent button").count() == 0
    page.locator("#twin-open").click()
    everything = page.content() + "".join(told)
    assert told, "the check's answers were not heard"
    for secret in ("不公开", "Secret", "hidden图层", "hidden layer"):
        assert secret not in everything


def test_words_of_a_file_or_layer_never_become_markup(check: Any, tmp_path: Path) -> None:
    page = check()
    give(page, parcel_file(tmp_path, name="<img src=x onerror=alert(1)>.geojson"))
    expect(page.locator("#file-name")).to_contain_text("<img src=x")
    page.locator("#twin-open").click()
    expect(page.locator("#twin td button", has_text="渔业区<b>")).to_be_visible()
    assert page.locator("#twin td b, #file-name img").count() == 0


def test_a_boundary_of_thousands_of_points_does_not_hold_up_the_page(check: Any, tmp_path: Path) -> None:
    turn = [2 * math.pi * at / 3_000 for at in range(3_000)]
    ring = [[122.45 + 0.02 * math.cos(each), 37.2 + 0.02 * math.sin(each)] for each in turn]
    page = check("en")
    give(page, ring_file(tmp_path / "round.geojson", ring))
    expect(page.locator("#points-count")).to_have_text("3000")
    expect(page.locator("#points-block .pt")).to_have_count(200)
    page.locator("#more-points").click()
    expect(page.locator("#points-block .pt")).to_have_count(400)
    expect(page.locator("#points-block .pt").nth(200)).to_be_focused()
    assert paths(page, "draft") == 1


def test_the_legend_names_what_is_drawn_and_switches_it(check: Any, tmp_path: Path) -> None:
    page = check("en")
    give(page, parcel_file(tmp_path))
    entry = page.locator("#legend label", has_text="Conflict").locator("input")
    conflict = page.locator(".leaflet-container path.hit.conflict")
    expect(conflict).to_be_visible()
    entry.uncheck()
    expect(conflict).to_be_hidden()
    entry.check()
    expect(conflict).to_be_visible()


def test_the_map_has_a_list_for_a_twin(check: Any) -> None:
    page = check("en")
    page.locator("#twin-open").click()
    expect(page.locator("#twin-title")).to_be_focused()
    rows = page.locator("#twin table").first.locator("tbody tr")
    assert rows.count() == paths(page, "right") >= 2
    page.keyboard.press("Escape")
    expect(page.locator("#twin-open")).to_be_focused()


def test_shapes_on_the_map_are_no_stops_of_the_tab_key(check: Any) -> None:
    """Leaflet listens for focus on every shape with a note, and Chromium makes such a shape a stop: hundreds before the form."""
    page = check("en")
    assert paths(page, "leaflet-interactive") >= 3
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName.toLowerCase()") != "path"


def test_the_view_is_kept_in_the_address(check: Any) -> None:
    page = check()
    page.locator("#zoom-in").click()
    expect(page).to_have_url(re.compile("#map="))
    kept = page.url
    page.reload()
    page.wait_for_selector("html[data-idle=true]")
    assert page.url.split("#")[1].split("/")[0] == kept.split("#")[1].split("/")[0]


def test_a_dropped_file_is_read_like_a_chosen_one(check: Any, tmp_path: Path) -> None:
    page = check()
    transfer = page.evaluate_handle(
        "text => { const data = new DataTransfer(); data.items.add(new File([text], 'dropped.geojson')); return data; }",
        parcel_file(tmp_path).read_text(encoding="utf-8"),
    )
    page.dispatch_event("#map-panel", "drop", {"dataTransfer": transfer})
    expect(page.locator("#file-name")).to_contain_text("dropped.geojson")
    expect(page.locator("#points-block .pt")).to_have_count(len(world.DRAFT))


def test_a_faulty_file_says_what_where_and_how_to_mend(check: Any, tmp_path: Path) -> None:
    page = check("en")
    bad = tmp_path / "photo.geojson"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    page.set_input_files("#file", bad)
    expect(page.locator("#intake-findings .fc.error")).to_be_visible()
    expect(page.locator("#intake-findings")).to_be_focused()
    expect(page.locator("#go")).to_have_attribute("aria-disabled", "true")


@pytest.mark.parametrize("size", [WIDE, (1180, 800), (720, 900), PHONE, (320, 400)])
def test_words_on_the_map_stay_inside_it_and_apart(check: Any, tmp_path: Path, size: tuple[int, int]) -> None:
    page = check("en", size)
    give(page, parcel_file(tmp_path))
    frame, pill = box(page, "#map-panel"), box(page, ".pill-label span")
    assert frame[0] <= pill[0]
    assert pill[2] <= frame[2]
    assert frame[1] <= pill[1]
    assert pill[3] <= frame[3]
    for other in (".place-label.me > div", ".zoom", ".headline", "#legend"):
        assert not meet(pill, box(page, other)), other
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def box(page: Page, selector: str) -> Box:
    """Left, top, right, bottom of an element in page pixels."""
    left, top, right, bottom = page.locator(selector).first.evaluate(
        "element => { const r = element.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; }"
    )
    return left, top, right, bottom


def meet(a: Box, b: Box) -> bool:
    return min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])


def test_english_quotes_are_narrow_and_chinese_ones_full(check: Any) -> None:
    """Where only a CJK face is installed its quotes are a whole character wide, and an English sentence has holes."""
    wide = {}
    for lang in ("zh", "en"):
        wide[lang] = check(lang).evaluate(
            """() => { const p = document.createElement('span'); p.textContent = '\u201c\u201d'; document.querySelector('h1').append(p);
            return p.getBoundingClientRect().width / parseFloat(getComputedStyle(p).fontSize); }"""
        )
    assert wide["en"] < 1.2
    assert wide["zh"] > 1.5


def test_a_change_after_the_answer_takes_the_old_one_back(check: Any, tmp_path: Path) -> None:
    """What was found for other layers of the water is not shown as an answer any longer, and the new answer comes."""
    page = check("en")
    give(page, parcel_file(tmp_path))
    assert paths(page, "hit.conflict") == 1
    for layer in ("surface", "water_column"):
        page.locator(f"input[name=layers][value={layer}]").uncheck()
    page.locator("input[name=layers][value=subsoil]").check()
    expect(page.locator("#results .fc.conflict")).to_have_count(0)
    expect(page.locator(".leaflet-container path.hit.conflict")).to_have_count(0)


def test_a_violation_of_the_policy_would_be_seen(small: Walker) -> None:
    """The other tests trust the page's own report: here it has something to report."""
    seen = small.open("/check")
    seen.page.wait_for_selector("html[data-idle=true]")
    seen.page.evaluate("() => { const s = document.createElement('img'); s.src = 'https://example.org/x.png'; document.body.append(s); const d = document.createElement('div'); d.setAttribute('style', 'color: red'); document.body.append(d); }")  # fmt: skip
    seen.page.wait_for_function("globalThis.__violations.length >= 2")
    assert sum("Content Security Policy" in line for line in seen.complaints) == 2
    small.close_pages()


def test_who_measures_does_not_draw(check: Any) -> None:
    page = check("en")
    page.click("#draw")
    page.click("#ruler")
    expect(page.locator("#draw")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#measure")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".ruled-point")).to_have_count(1)
    page.click("#draw")
    expect(page.locator("#ruler")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#map-panel.drawing")).to_have_count(1)
    expect(page.locator(".ruled-point")).to_have_count(0)
