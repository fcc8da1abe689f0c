"""The page in a real browser: its journeys, its keyboard, its languages, themes and widths, its policy, its manners offline."""

from __future__ import annotations

import json
import math
import re
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.api import world
from tests.browser.conftest import PHONE, WIDE, Opening, Watched

TABLE = "点号,北纬,东经\n1,37°07′05.515″,122°30′29.645″\n2,37°07′08.885″,122°30′49.457″\n3,37°07′13.864″,122°30′49.875″\n4,37°07′21.220″,122°30′45.936″\n5,37°07′17.890″,122°30′26.362″\n"
CGCS2000 = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}


def parcel_file(folder: Path, *, lon: int = 0, lat: int = 0, name: str = "parcel.geojson") -> Path:
    """The draft as a GeoJSON file, moved by whole milliseconds."""
    ring = [[(x + lon) / 3_600_000, (y + lat) / 3_600_000] for x, y in world.DRAFT]
    path = folder / name
    path.write_text(
        json.dumps({"type": "Polygon", "crs": CGCS2000, "coordinates": [[*ring, ring[0]]]}), encoding="utf-8"
    )
    return path


def give(page: Page, path: Path) -> None:
    """Choose a file and wait until its boundary stands in the table."""
    page.set_input_files("#file", path)
    expect(page.locator("#points-block")).to_be_visible()


def check(page: Page) -> None:
    page.locator("#go").click()
    expect(page.locator("#foot-verdict .gb")).to_be_visible()


def paths(page: Page, kind: str) -> int:
    return page.locator(f".leaflet-container path.{kind}").count()


def test_a_file_is_judged_and_the_remedy_taken(visit: Opening, tmp_path: Path) -> None:
    page = visit().page
    give(page, parcel_file(tmp_path))
    expect(page.locator("#points-block tbody tr")).to_have_count(6)
    expect(page.locator("#sum-area")).to_have_text("20.2469 公顷")
    check(page)
    expect(page.locator(".fc.conflict h3").first).to_contain_text("已登记的海域使用权")
    assert paths(page, "hit.conflict") == 1 and paths(page, "rest") == 1 and paths(page, "draft") == 1
    before = page.locator("#sum-area").text_content()
    page.locator("#adopt").click()
    expect(page.locator(".fc.conflict")).to_have_count(0)
    expect(page.locator("#toast")).to_contain_text("已采用补救边界")
    assert page.locator("#sum-area").text_content() != before
    page.locator("#toast button").click()
    expect(page.locator("#sum-area")).to_have_text(str(before))
    expect(page.locator(".fc.conflict")).to_have_count(1)


def test_the_whole_journey_by_keyboard(visit: Opening) -> None:
    """From the first Tab to the adopted remedy without a pointer; every stop shows where the focus is."""
    page = visit(lang="en").page
    press_until(page, "#paste > summary")
    page.keyboard.press("Enter")
    press_until(page, "#paste-text")
    page.keyboard.insert_text(TABLE)
    press_until(page, "#paste button")
    page.keyboard.press("Enter")
    expect(page.locator("#questions input:focus")).to_have_count(1)
    press_until(page, "#questions .btn")
    page.keyboard.press("Enter")
    expect(page.locator("#points-block")).to_be_focused()
    press_until(page, ".pt")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#points-block tr.sel .pt")).to_have_text("2")
    assert page.locator(".vx.on").inner_text() == "2"
    press_until(page, "#go")
    page.keyboard.press("Enter")
    expect(page.locator("#findings-title")).to_be_focused()
    press_until(page, "#adopt")
    assert page.locator(".leaflet-container path.hit.conflict.on").count() == 1
    page.keyboard.press("Enter")
    expect(page.locator(".fc.conflict")).to_have_count(0)
    expect(page.locator("#live")).not_to_be_empty()


def press_until(page: Page, selector: str, most: int = 120) -> None:
    """Press Tab until the focus is on the first element of a selector; each stop must show its focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.locator(selector).first.evaluate("element => element === document.activeElement"):
            return
        shown = page.evaluate("""() => { const e = document.activeElement; if (e === document.body) return true;
            const ring = (x) => { const s = getComputedStyle(x); return s.outlineStyle !== 'none' && s.outlineWidth !== '0px'; };
            return ring(e) || (e.matches('.months input') && ring(e.parentElement)) || e.id === 'file'; }""")
        assert shown, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    raise AssertionError(f"Tab never reached {selector}")


def test_a_dropped_file_is_read_like_a_chosen_one(visit: Opening, tmp_path: Path) -> None:
    page = visit().page
    content = parcel_file(tmp_path).read_text(encoding="utf-8")
    transfer = page.evaluate_handle(
        "text => { const data = new DataTransfer(); data.items.add(new File([text], 'dropped.geojson')); return data; }",
        content,
    )
    page.dispatch_event("#map-panel", "drop", {"dataTransfer": transfer})
    expect(page.locator("#file-name")).to_have_text("dropped.geojson")
    expect(page.locator("#points-block tbody tr")).to_have_count(6)


def test_a_faulty_file_says_what_where_and_how_to_mend(visit: Opening, tmp_path: Path) -> None:
    page = visit(lang="en").page
    bad = tmp_path / "photo.geojson"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    page.set_input_files("#file", bad)
    expect(page.locator("#intake-findings .fc.error")).to_be_visible()
    expect(page.locator("#intake-findings")).to_be_focused()
    expect(page.locator("#go")).to_have_attribute("aria-disabled", "true")


def test_words_of_a_file_or_layer_never_become_markup(visit: Opening, tmp_path: Path) -> None:
    """The zone of the test world is called 渔业区<b>; a file's name carries an element too."""
    page = visit().page
    give(page, parcel_file(tmp_path, name="<img src=x onerror=alert(1)>.geojson"))
    check(page)
    page.locator("#twin-open").click()
    expect(page.locator("#twin td button", has_text="渔业区<b>")).to_be_visible()
    assert page.locator("#twin td b, #file-name img").count() == 0


def test_a_boundary_of_thousands_of_points_does_not_hold_up_the_page(visit: Opening, tmp_path: Path) -> None:
    page = visit(lang="en").page
    turn = [2 * math.pi * at / 3_000 for at in range(3_000)]
    ring = [[122.45 + 0.02 * math.cos(each), 37.2 + 0.02 * math.sin(each)] for each in turn]
    path = tmp_path / "round.geojson"
    path.write_text(
        json.dumps({"type": "Polygon", "crs": CGCS2000, "coordinates": [[*ring, ring[0]]]}), encoding="utf-8"
    )
    give(page, path)
    expect(page.locator("#points-count")).to_have_text("3000")
    expect(page.locator("#points-block .pt")).to_have_count(500)
    page.locator("#more-points").click()
    expect(page.locator("#points-block .pt")).to_have_count(1000)
    expect(page.locator("#points-block .pt").nth(500)).to_be_focused()
    assert page.locator(".vx").count() == 0 and paths(page, "draft") == 1


def test_the_legend_names_what_is_drawn_and_switches_it(visit: Opening, tmp_path: Path) -> None:
    page = visit(lang="en").page
    give(page, parcel_file(tmp_path))
    check(page)
    entry = page.locator("#legend label", has_text="Conflict").locator("input")
    conflict = page.locator(".leaflet-container path.hit.conflict")
    expect(conflict).to_be_visible()
    entry.uncheck()
    expect(conflict).to_be_hidden()
    entry.check()
    expect(conflict).to_be_visible()


def test_the_map_has_a_list_for_a_twin(visit: Opening) -> None:
    page = visit(lang="en").page
    page.locator("#twin-open").click()
    expect(page.locator("#twin-title")).to_be_focused()
    rows = page.locator("#twin table").first.locator("tbody tr")
    assert rows.count() == paths(page, "right") and rows.count() >= 2
    page.keyboard.press("Escape")
    expect(page.locator("#twin-open")).to_be_focused()


def test_shapes_on_the_map_are_no_stops_of_the_tab_key(visit: Opening) -> None:
    """Leaflet listens for focus on every shape with a note, and Chromium makes such a shape a stop: hundreds before the form."""
    page = visit(lang="en").page
    assert paths(page, "leaflet-interactive") >= 3
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName.toLowerCase()") != "path"


def test_the_view_is_kept_in_the_address(visit: Opening) -> None:
    page = visit().page
    page.locator("#zoom-in").click()
    expect(page).to_have_url(re.compile("#map="))
    kept = page.url
    page.reload()
    page.wait_for_selector("html[data-idle=true]")
    assert page.url.split("#")[1].split("/")[0] == kept.split("#")[1].split("/")[0]


def test_dates_that_run_backwards_are_told_before_sending(visit: Opening, tmp_path: Path) -> None:
    watched = visit(lang="en")
    page = watched.page
    give(page, parcel_file(tmp_path))
    page.fill("#to", "2020-01-01")
    page.locator("#go").click()
    expect(page.locator("#dates-error")).to_contain_text("before the start")
    expect(page.locator("#from")).to_be_focused()
    assert not any("/checks" in each for each in watched.requests)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2027/3/9", "2027-03-09"),
        ("20270309", "2027-03-09"),
        ("2027年3月9日", "2027-03-09"),
        (" 2027-03-09 ", "2027-03-09"),
    ],
)
def test_a_day_is_shown_in_the_order_of_the_house_however_it_was_typed(visit: Opening, typed: str, kept: str) -> None:
    page = visit(lang="en").page
    page.fill("#from", typed)
    page.locator("#from").blur()
    expect(page.locator("#from")).to_have_value(kept)
    expect(page.locator("#dates-error")).to_be_hidden()


def test_a_day_that_the_calendar_lacks_is_told_at_its_own_field(visit: Opening, tmp_path: Path) -> None:
    watched = visit(lang="en")
    page = watched.page
    give(page, parcel_file(tmp_path))
    page.fill("#to", "2030-02-30")
    page.locator("#go").click()
    expect(page.locator("#dates-error")).to_contain_text("2030-02-30 is no day")
    expect(page.locator("#to")).to_be_focused()
    expect(page.locator("#from")).to_have_attribute("aria-invalid", "false")
    assert not any("/checks" in each for each in watched.requests)


@pytest.mark.parametrize("size", [WIDE, (1180, 800), (720, 900), PHONE, (320, 256)])
def test_words_on_the_map_stay_inside_it_and_apart(visit: Opening, tmp_path: Path, size: tuple[int, int]) -> None:
    page = visit(size, "en").page
    give(page, parcel_file(tmp_path))
    check(page)
    frame = box(page, "#map-panel")
    pill = box(page, ".pill-label span")
    assert frame[0] <= pill[0] and pill[2] <= frame[2] and frame[1] <= pill[1] and pill[3] <= frame[3]
    assert not meet(pill, box(page, ".place-label.me > div"))
    if size[1] > 256:
        assert not any(meet(pill, box(page, each)) for each in (".zoom", ".headline", "#legend"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


Box = tuple[float, float, float, float]


def box(page: Page, selector: str) -> Box:
    """Left, top, right, bottom of an element in page pixels."""
    left, top, right, bottom = page.locator(selector).first.evaluate(
        "element => { const r = element.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; }"
    )
    return left, top, right, bottom


def meet(a: Box, b: Box) -> bool:
    return min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])


def test_english_quotes_are_narrow_and_chinese_ones_full(visit: Opening) -> None:
    """Where only a CJK face is installed its quotes are a whole character wide, and an English sentence has holes."""
    wide = {}
    for lang in ("zh", "en"):
        wide[lang] = visit(lang=lang).page.evaluate(
            """() => { const p = document.createElement('span'); p.textContent = '\u201c\u201d'; document.querySelector('h1').append(p);
            return p.getBoundingClientRect().width / parseFloat(getComputedStyle(p).fontSize); }"""
        )
    assert wide["en"] < 1.2 <= 1.5 < wide["zh"]


def test_the_page_prints_as_a_report(visit: Opening, tmp_path: Path) -> None:
    """Head with day and both hashes, folded findings opened, no control but point numbers; the screen is as before afterwards."""
    page = visit(lang="en", theme="dark").page
    give(page, parcel_file(tmp_path))
    check(page)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    head = page.locator("#print-head")
    for word in ("Boundary check report", "Conflict", "2026-11-23", "20.2469 ha"):
        expect(head).to_contain_text(word)
    assert len(re.findall(r"\b[0-9a-f]{64}\b", head.inner_text())) == 2
    assert page.locator("#results details:not([open])").count() == 0
    assert page.locator("button:not(.pt):visible, input:visible, select:visible").count() == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(head).to_be_hidden()
    assert page.locator("#results details[open]").count() == 0


def test_a_change_after_the_answer_says_that_it_no_longer_holds(visit: Opening, tmp_path: Path) -> None:
    page = visit(lang="en").page
    give(page, parcel_file(tmp_path))
    check(page)
    page.locator("input[name=layers][value=seabed]").check()
    expect(page.locator("#results")).to_contain_text("no longer holds")
    assert paths(page, "hit.conflict") == 0


def test_offline_is_said_and_the_check_runs_again_when_the_net_is_back(visit: Opening, tmp_path: Path) -> None:
    page = visit(lang="en").page
    give(page, parcel_file(tmp_path))
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    page.locator("#go").click()
    expect(page.locator("#results .fc.error")).to_contain_text("Not sent")
    page.context.set_offline(False)
    expect(page.locator("#foot-verdict .gb")).to_be_visible()
    expect(page.locator("#offline")).to_be_hidden()


def test_a_hidden_place_is_said_and_not_drawn(visit: Opening, tmp_path: Path) -> None:
    page = visit(lang="en").page
    give(page, parcel_file(tmp_path, lon=210_000, lat=210_000))
    check(page)
    expect(page.locator(".fc.needs_consent")).to_contain_text("An office must look at this place")
    assert paths(page, "hit.needs_consent") == 0 and page.locator(".fc.needs_consent button").count() == 0


def test_the_theme_can_be_chosen_against_the_system_and_stays(visit: Opening) -> None:
    page = visit(theme="dark", lang="en").page
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#theme").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark
    page.reload()
    page.wait_for_selector("html[data-idle=true][data-theme=light]")


@pytest.mark.parametrize(("lang", "size", "theme"), list(product(("zh", "en"), (WIDE, PHONE), ("light", "dark"))))
def test_axe_finds_nothing_and_nothing_leaves_the_machine(
    visit: Opening, tmp_path: Path, lang: str, size: tuple[int, int], theme: str
) -> None:
    watched: Watched = visit(size, lang, theme)
    page = watched.page
    assert watched.axe() == []
    give(page, parcel_file(tmp_path))
    check(page)
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true; }")
    assert watched.axe() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert watched.foreign() == [] and watched.complaints == []


def test_a_policy_violation_would_be_seen(visit: Opening) -> None:
    """The other tests trust the console to complain: here it has something to complain about."""
    watched = visit()
    watched.page.evaluate("() => { const s = document.createElement('img'); s.src = 'https://example.org/x.png'; document.body.append(s); const d = document.createElement('div'); d.setAttribute('style', 'color: red'); document.body.append(d); }")  # fmt: skip
    watched.page.wait_for_timeout(200)
    assert sum("Content Security Policy" in line for line in watched.complaints) == 2
