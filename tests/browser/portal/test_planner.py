"""The planner's map and layers: days by keys, kinds on and off, a list that is the map's twin, an upload that another publishes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pyproj import Geod

from tests.browser.portal.walking import PHONE, Walker

PLANNER, ADMINISTRATOR = "sample.planner.371000", "sample.administrator"
FORBIDS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"identity": "T1", "name": "示例试验区"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[122.48, 37.05], [122.56, 37.05], [122.56, 37.12], [122.48, 37.12], [122.48, 37.05]]],
            },
        }
    ],
}


def planning(walk: Walker, path: str = "/map", **given: object) -> Page:
    """The map, with its first view drawn."""
    seen = walk.open(path, login=PLANNER, **given)  # type: ignore[arg-type]
    seen.page.wait_for_selector("html[data-idle=true]")
    expect(seen.page.locator("#in-view")).not_to_be_empty()
    return seen.page


def count(page: Page, name: str) -> int:
    return int(page.locator(f"[data-count={name}]").inner_text().replace(",", ""))


def test_sites_of_parks_are_shown_switched_and_opened(walk: Walker) -> None:
    page = planning(walk, "/map#map=15/36.83800/121.64500", lang="en")
    page.reload()
    page.wait_for_selector("html[data-idle=true]")
    vacant = page.locator(".leaflet-container path.site-vacant")
    expect(vacant.first).to_be_visible()
    assert int(page.locator("[data-sites=vacant]").inner_text()) == vacant.count()
    vacant.first.click()
    expect(page.locator("#side-body")).to_contain_text("Sample oyster park")
    page.locator("input[name=site][value=vacant]").uncheck()
    expect(vacant.first).to_be_hidden()


def test_the_day_moves_by_keys_and_the_map_says_which_it_is(walk: Walker) -> None:
    page = planning(walk)
    today = page.input_value("#day")
    expect(page.locator("#map-panel.other")).to_have_count(0)
    page.focus("#years")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#day")).to_have_value("2026-11-25")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("#day")).to_have_value("2026-10-25")
    expect(page.locator("#head-day")).to_have_text("2026年10月25日的海域")
    expect(page.locator("#map-panel.other")).to_have_count(1)
    page.keyboard.press("End")
    expect(page.locator("#day")).to_have_value(today)
    page.fill("#day", "2019-06-01")
    page.keyboard.press("Enter")
    expect(page.locator("#head-day")).to_have_text("2019年6月1日的海域")
    assert "day=2019-06-01" in page.url
    page.fill("#day", "2019-02-30")
    page.keyboard.press("Enter")
    expect(page.locator("#day-wrong")).to_be_visible()
    page.click("#day-today")
    expect(page.locator("#day-wrong")).to_be_hidden()


def test_the_day_is_seen_by_either_time_and_the_address_keeps_which(walk: Walker) -> None:
    page = planning(walk, "/map?day=2014-06-01", lang="en")
    expect(page.locator("#head-day")).to_have_text("The sea on 1 June 2014")
    assert count(page, "registered") > 0
    page.get_by_label("In force", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#head-day")).to_have_text("The sea as the register had it on 1 June 2014")
    expect(page.locator("#unrecorded")).to_contain_text("its register held nothing yet")
    expect(page.locator("[data-count=registered]")).to_have_text("0")
    assert "time=record" in page.url
    assert "time=record" in (page.locator("[data-export=csv]").get_attribute("href") or "")
    page.reload()
    expect(page.get_by_label("On record", exact=True)).to_be_checked()
    page.fill("#day", "2099-01-01")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("the latest day is today")
    expect(page.locator("#day")).to_have_value("2026-11-26")
    expect(page.locator("#unrecorded")).to_be_hidden()
    expect(page.locator("[data-count=registered]")).to_have_text(re.compile(r"[1-9]"))


def test_by_record_time_the_slider_ends_today_and_what_was_not_held_is_said(walk: Walker) -> None:
    page = planning(walk, "/map?time=record", lang="en")
    slider = page.locator("#years").bounding_box()
    assert slider is not None
    page.mouse.move(slider["x"] + slider["width"] / 2, slider["y"] + slider["height"] / 2)
    page.mouse.down()
    page.mouse.move(slider["x"] + slider["width"] - 1, slider["y"] + slider["height"] / 2)
    page.mouse.up()
    expect(page.locator(".toast")).to_contain_text("the latest day is today")
    expect(page.locator("#day")).to_have_value("2026-11-26")
    page.fill("#code", "示例-SGB-01")
    page.keyboard.press("Enter")
    expect(page.locator("#side-body")).to_contain_text("示例-SGB-01")
    page.fill("#day", "2014-06-01")
    page.keyboard.press("Enter")
    expect(page.locator("[data-count=registered]")).to_have_text("0")
    page.fill("#code", "示例-SGB-01")
    page.keyboard.press("Enter")
    expect(page.locator(".toast").last).to_contain_text("On 2014-06-01 the register held no 示例-SGB-01")


def test_what_is_searched_for_is_selected_or_said_when_it_is_in_force(walk: Walker) -> None:
    page = planning(walk, lang="en")
    page.fill("#code", "示例-SGB-01")
    page.keyboard.press("Enter")
    expect(page.locator("#side-body h3").first).to_be_visible()
    expect(page.locator("#side-title")).to_have_text("1 selected")
    expect(page.locator("#side-body")).to_contain_text("示例-SGB-01")
    page.fill("#code", "示例-SGB-04")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("is not in force on that day")
    page.get_by_role("button", name="See 20").click()
    expect(page.locator("#side-title")).to_have_text("1 selected")
    expect(page.locator("#side-body")).to_contain_text("示例-SGB-04")


def test_a_sheet_of_paper_has_the_scale_that_was_chosen_wherever_it_is_moved(walk: Walker) -> None:
    """Measured on the sheet as the printer gets it: two ends of a line of 5 km on the ellipsoid, in millimetres."""
    seen = walk.open("/map", login=PLANNER, lang="en")
    page = seen.page
    page.goto(f"{page.url}#map=13/37.10000/122.50000")
    page.reload()
    page.wait_for_selector("html[data-idle=true]")
    page.get_by_role("button", name="Print to scale").click()
    page.select_option("#paper-scale", "50000")
    assert [seen.axe(scheme) for scheme in ("light", "dark")] == [[], []]
    page.keyboard.press("Tab")
    page.evaluate("{ haiyuMap.setView([38.2, 122.5]); haiyuMap.setView([37.1, 122.5]); }")
    page.emulate_media(media="print")
    for azimuth in (0, 45, 90):
        lon, lat, _ = Geod(ellps="GRS80").fwd(122.5, 37.1, azimuth, 5000)
        far = page.evaluate(
            "([lat, lon]) => { const at = (p) => haiyuMap.latLngToContainerPoint(p); return at([37.1, 122.5]).distanceTo(at([lat, lon])) * 25.4 / 96; }",
            [lat, lon],
        )
        assert far == pytest.approx(100, rel=0.003), azimuth
    sheet = page.locator("#map-panel").bounding_box()
    assert sheet is not None
    assert sheet["width"] * 25.4 / 96 == pytest.approx(277, abs=0.5)
    expect(page.locator("#paper-said")).to_contain_text("1:50,000 at the middle")
    assert page.locator(".ph").is_hidden()
    page.emulate_media(media="screen")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Print to scale")).to_be_focused()
    expect(page.locator("body.on-paper")).to_have_count(0)
    assert page.evaluate("[haiyuMap.getZoom(), haiyuMap.getCenter().lat.toFixed(3)]") == [13, "37.100"]


def test_the_sheet_shows_the_map_and_neither_its_list_nor_its_tools(walk: Walker) -> None:
    page = planning(walk, lang="en")
    page.click("#box")
    page.click("#twin-open")
    page.get_by_role("button", name="Print to scale").click()
    expect(page.locator("#paper-scale")).to_be_focused()
    expect(page.locator("#twin")).to_be_hidden()
    expect(page.locator("#box")).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("haiyuMap.dragging.enabled()")


def test_where_nothing_is_shown_no_file_is_offered(walk: Walker) -> None:
    page = planning(walk)
    csv = page.locator("[data-export=csv]")
    expect(csv).to_have_attribute("href", re.compile("states=registered"))
    for box in page.locator("input[name=state]").all():
        box.uncheck()
    expect(csv).to_have_attribute("aria-disabled", "true")
    assert csv.get_attribute("href") is None
    page.locator("input[name=state][value=registered]").check()
    expect(csv).to_have_attribute("href", re.compile("states=registered"))


def test_kinds_and_layers_are_switched_by_keyboard(walk: Walker) -> None:
    page = planning(walk)
    rights = count(page, "registered")
    box = page.locator("input[name=state][value=registered]")
    with page.expect_response(lambda answer: "/planning/units" in answer.url):
        box.focus()
        page.keyboard.press("Space")
    expect(page.locator("#in-view")).not_to_contain_text(f" {rights} ")
    expect(page.locator(".leaflet-container path.right")).to_have_count(0)
    assert count(page, "registered") == rights
    zones = page.locator("[data-zone-layer=planning]")
    zones.focus()
    page.keyboard.press("Space")
    expect(page.locator(".leaflet-container path.zl-planning:not([hidden])")).to_have_count(0)
    page.keyboard.press("Space")
    assert page.locator(".leaflet-container path.zl-planning:not([hidden])").count() > 0


def test_the_list_is_the_twin_of_the_map_and_selects_what_is_exported(walk: Walker) -> None:
    page = planning(walk, size=PHONE)
    page.click("#twin-open")
    rows = page.locator("#twin-body tbody tr")
    shown = rows.count()
    assert f" {shown} " in page.inner_text("#in-view")
    rows.nth(0).locator("input").check()
    rows.nth(1).locator("input").check()
    page.keyboard.press("Escape")
    expect(page.locator("#side-title")).to_have_text("选中的 2 宗")
    address = page.locator("[data-export=geojson]").get_attribute("href") or ""
    told = page.evaluate("(at) => fetch(at).then((answer) => answer.json())", address)
    assert len(told["features"]) == 2


def test_on_a_phone_what_is_selected_lies_in_a_sheet_with_three_stops(walk: Walker) -> None:
    page = planning(walk, size=PHONE)
    sheet, grip = page.locator("#side"), page.locator("#grip")

    def height() -> float:
        box = sheet.bounding_box()
        assert box is not None
        return box["height"]

    heights = [height()]
    for stop in ("half", "full"):
        grip.click()
        expect(sheet).to_have_attribute("data-stop", stop)
        heights.append(height())
    assert heights == sorted(set(heights)), "each stop shows more"
    grip.press("ArrowDown")
    expect(sheet).to_have_attribute("data-stop", "half")
    box = grip.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 300, steps=4)
    page.mouse.up()
    expect(sheet).to_have_attribute("data-stop", "peek")
    assert height() == heights[0]
    page.click("#twin-open")
    page.locator("#twin-body tbody input").first.check()
    expect(sheet).to_have_attribute("data-stop", "half")


def test_a_layer_is_uploaded_looked_at_and_published_by_another(walk: Walker, tmp_path: Path) -> None:
    file = tmp_path / "zones.geojson"
    file.write_text(json.dumps(FORBIDS), encoding="utf-8")
    mine = walk.open("/zones/new", login=PLANNER).page
    mine.set_input_files("#file", file)
    mine.fill("#new-code", "trial")
    mine.fill("#f-name", "示例试验图层")
    mine.click("form#upload button[type=submit]")
    expect(mine.locator(".errsum")).to_contain_text("1 个要素")
    mine.select_option("#effect", "effect=forbid")
    mine.click("form#upload button[type=submit]")
    mine.wait_for_url("**/zones/trial/1")
    expect(mine.locator("#changes .tally")).to_contain_text("新碰到")
    expect(mine.locator("#publish")).to_have_count(0)
    mine.wait_for_selector("html[data-idle=true]")
    assert mine.locator(".leaflet-container path.hit").count() > 0
    other = walk.open("/zones/trial/1", login=ADMINISTRATOR).page
    expect(other.locator("#changes .tally")).to_be_visible()
    other.click("#publish button")
    expect(other.locator("#ask-publish")).to_be_visible()
    other.click("#ask-publish button[value=yes]")
    expect(other.locator(".head-row .tag")).to_have_text("施行中")
    page = planning(walk, "/map#map=12/37.08/122.52")
    expect(page.locator("[data-zone-layer=trial]")).to_be_checked()


def test_an_empty_file_of_zones_is_told_as_such(walk: Walker, tmp_path: Path) -> None:
    file = tmp_path / "empty.geojson"
    file.write_bytes(b"")
    page = walk.open("/zones/new", login=PLANNER).page
    page.set_input_files("#file", file)
    page.fill("#new-code", "nothing")
    page.fill("#f-name", "示例空图层")
    page.click("form#upload button[type=submit]")
    expect(page.locator(".errsum")).to_contain_text("空")
    expect(page.locator(".errsum")).not_to_contain_text("multipart")


def test_dots_that_run_into_one_another_are_a_count_that_leads_closer(walk: Walker) -> None:
    page = planning(walk)
    told = sum(int(each) for each in page.locator(".cell-count").all_inner_texts())
    dots = page.locator(".leaflet-rights-pane path").count()
    assert page.inner_text("#in-view").find(f" {told + dots} ") > 0
    before = page.evaluate("haiyuMap.getZoom()")
    page.locator(".cell-count").first.click()
    page.wait_for_function("before => haiyuMap.getZoom() > before", arg=before)


def test_what_is_selected_is_cut_and_the_section_tells_its_layers_in_words_too(walk: Walker) -> None:
    page = planning(walk, "/map#map=14/37.095/122.535", lang="en")
    page.reload()
    page.wait_for_selector("html[data-idle=true]")
    page.click("#twin-open")
    page.locator("#twin-body tbody input").first.check()
    page.click("#twin-close")
    expect(page.locator("svg.profile")).to_be_visible()
    expect(page.locator(".sec-list li").first).to_contain_text("water column")
    expect(page.locator(".leaflet-container path.section-line")).to_have_count(1)
    page.click("[data-axis=sn]")
    expect(page.locator("[data-axis=sn]")).to_be_focused()
    expect(page.locator("[data-axis=sn]")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Clear selection").click()
    expect(page.locator(".leaflet-container path.section-line")).to_have_count(0)


def test_names_of_bays_are_on_the_map_and_keep_off_counts(walk: Walker) -> None:
    page = planning(walk)
    names = page.locator(".map-name > span")
    assert "桑沟湾" in names.all_inner_texts()
    boxes = [each.bounding_box() for each in [*names.all(), *page.locator(".cell-count").all()]]
    for at, one in enumerate(boxes[: names.count()]):
        for other in boxes[at + 1 :]:
            assert one and other
            apart = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
            assert apart or one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]


def test_the_ruler_measures_by_clicks_and_by_keys(walk: Walker) -> None:
    page = planning(walk, "/map#map=12/37.1/122.55", lang="en")
    page.click("#ruler")
    expect(page.locator("#measure")).to_contain_text("Enter puts a point")
    expect(page.locator(".leaflet-container")).to_be_focused()
    page.keyboard.press("Enter")
    page.evaluate("haiyuMap.panBy([200, 0], { animate: false })")
    page.keyboard.press("Enter")
    told = page.locator("#measure")
    expect(told).to_contain_text("2 points, about ")
    metres = page.evaluate("(map => map.distance(map.containerPointToLatLng([100, 300]), map.containerPointToLatLng([300, 300])))(haiyuMap)")  # fmt: skip
    assert float(told.inner_text().split("about ")[1].split(" ")[0]) == pytest.approx(metres / 1000, rel=0.02)
    middle = page.locator("#map-panel").bounding_box()
    assert middle
    page.mouse.click(middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2 + 80)
    expect(page.locator("#measure")).to_contain_text("3 points")
    expect(page.locator("#side-title")).to_contain_text("in view")
    page.keyboard.press("Escape")
    expect(page.locator("#measure")).to_be_hidden()
    expect(page.locator("#ruler")).to_be_focused()
    expect(page.locator(".leaflet-container path.ruled")).to_have_count(0)
