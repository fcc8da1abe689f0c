"""The parcel editor: one boundary in two views, by mouse, by typing and by keys alone; the check follows, nothing is lost."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.portal.walking import PHONE, Walker

OYSTER = "sample.oyster"
# Free water between the blocks of rafts in Sanggou Bay, west of all sample cases.
FREE = "#map=15/37.07800/122.51900"
OVER = "#map=14.5/37.12050/122.51000"
TABLE = """点号,北纬,东经
1,37°04′40.000″,122°31′00.000″
2,37°04′40.000″,122°31′10.000″
3,37°04′46.000″,122°31′10.000″
4,37°04′46.000″,122°31′00.000″
"""


def editor(
    walk: Walker, path: str = "/parcels/new", login: str | None = OYSTER, lang: str = "zh", **given: object
) -> Page:
    """The editor, ready, at a place."""
    address, _, place = path.partition("#")
    seen = walk.open(address, login=login, lang=lang, **given)  # type: ignore[arg-type]
    if place:
        seen.page.goto(f"{seen.page.url}#{place}")
        seen.page.reload()
    seen.page.wait_for_selector("html[data-idle=true]")
    seen.page.complaints = seen.complaints  # type: ignore[attr-defined]
    return seen.page


def answered(page: Page) -> None:
    """Wait for the answer to the last change."""
    page.wait_for_selector("html[data-answered]")


def paste(page: Page, text: str) -> None:
    """Paste a table and have it read as CGCS2000."""
    page.locator("[data-paste]:visible").first.click()
    page.fill("#paste-text", text)
    page.locator("#paste button").click()
    page.wait_for_selector("#questions fieldset, #points-block:not([hidden])")
    if page.locator("#questions fieldset").count():
        page.locator("#questions .radio", has_text="CGCS2000").first.click()
        page.locator("#questions button").first.click()
    page.wait_for_selector("#points-block:not([hidden])")
    answered(page)


def cells(page: Page) -> list[str]:
    """What the table holds, north and east of each point."""
    return [field.input_value() for field in page.locator(".cell").all()]


def draw(page: Page, *places: tuple[int, int]) -> None:
    """Draw a ring by mouse at places of the map's box."""
    box = page.locator("#map-panel .leaflet-container").bounding_box()
    assert box is not None
    page.locator("#draw").click()
    for x, y in places:
        page.mouse.click(box["x"] + x, box["y"] + y)
    page.keyboard.press("Escape")
    answered(page)


def test_a_parcel_is_drawn_by_mouse_checked_and_undone(walk: Walker) -> None:
    page = editor(walk, f"/parcels/new{FREE}")
    draw(page, (250, 250), (400, 250), (400, 380), (250, 380))
    assert page.locator(".cell").count() == 8
    expect(page.locator("#foot-area")).to_contain_text("公顷")
    page.locator("#undo").click()
    assert page.locator(".cell").count() == 6
    page.keyboard.press("Control+Shift+z")
    assert page.locator(".cell").count() == 8
    assert page.complaints == []  # type: ignore[attr-defined]


def test_what_was_drawn_survives_a_reload_and_so_does_undo(walk: Walker) -> None:
    page = editor(walk, f"/parcels/new{FREE}")
    draw(page, (250, 250), (400, 250), (400, 380))
    before = cells(page)
    page.reload()
    page.wait_for_selector("html[data-idle=true]")
    assert cells(page) == before
    page.locator("#undo").click()
    assert page.locator(".cell").count() == 4


def test_a_whole_parcel_by_keyboard_alone(walk: Walker) -> None:
    page = editor(walk, f"/parcels/new{FREE}")
    page.locator("#draw").focus()
    page.keyboard.press("Enter")
    for keys in ([], ["ArrowRight"] * 6, ["ArrowDown"] * 5, ["ArrowLeft"] * 6):
        for key in keys:
            page.keyboard.press(key)
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    answered(page)
    assert page.locator(".cell").count() == 8
    expect(page.locator("#go")).to_have_attribute("aria-disabled", "false")
    page.locator(".pt").first.focus()
    was = cells(page)
    page.keyboard.press("ArrowUp")
    assert cells(page)[0] != was[0]
    assert cells(page)[1] == was[1]
    page.keyboard.press("Insert")
    assert page.locator(".cell").count() == 10
    page.locator(".pt").nth(1).focus()
    page.keyboard.press("Delete")
    assert page.locator(".cell").count() == 8


def test_any_notation_is_typed_and_a_wrong_one_is_told_at_its_point(walk: Walker) -> None:
    page = editor(walk)
    paste(page, TABLE)
    first = page.locator(".cell").first
    first.fill("37 04 41.5")
    first.press("Enter")
    answered(page)
    assert cells(page)[0] == "37°04′41.500″"
    page.locator(".cell").first.fill("37.0785")
    page.locator(".cell").first.press("Enter")
    assert cells(page)[0] == "37°04′42.600″"
    page.locator(".cell").first.fill("37°04′63.2″")
    page.locator(".cell").first.press("Tab")
    expect(page.locator("#cell-fault")).to_contain_text("第 1 点的秒是 63.2，应小于 60")
    assert page.locator(".cell").first.get_attribute("aria-invalid") == "true"
    page.click("#undo")  # what was refused goes first
    expect(page.locator("#cell-fault")).to_be_hidden()
    assert cells(page)[0] == "37°04′42.600″"
    page.locator(".cell").first.fill("95°00′00″")
    page.locator(".cell").first.press("Enter")
    expect(page.locator("#cell-fault")).to_be_visible()
    page.locator(".cell").first.fill("37°04′42.600″")  # as the browser's own undo puts it back
    expect(page.locator("#cell-fault")).to_be_hidden()
    assert page.locator(".cell").first.get_attribute("aria-invalid") is None


def test_numbers_stay_as_they_came_until_one_asks_for_others(walk: Walker) -> None:
    page = editor(walk)
    paste(page, TABLE.replace("\n1,", "\n12,").replace("\n2,", "\n7,"))
    assert page.locator(".pt").all_inner_texts()[:2] == ["12", "7"]
    page.locator("#renumber").click()
    assert page.locator(".pt").all_inner_texts() == ["1", "2", "3", "4"]


def test_a_crossing_is_shown_at_its_points_with_a_repair_that_one_takes(walk: Walker) -> None:
    page = editor(walk)
    rows = TABLE.splitlines()
    paste(page, "\n".join([*rows, ""]))
    one, two = cells(page)[2:4], cells(page)[4:6]
    for at, value in zip((2, 3, 4, 5), [*two, *one], strict=True):
        page.locator(".cell").nth(at).fill(value)
        page.locator(".cell").nth(at).press("Tab")
    page.wait_for_selector("#results .fc.error")
    page.locator("#results .btn.p").first.click()
    answered(page)
    expect(page.locator("#foot-area")).to_contain_text("公顷")


def test_the_conflict_is_told_while_drawing_and_the_remedy_can_be_taken_and_undone(walk: Walker) -> None:
    page = editor(walk, "/check", login=None)
    page.locator("#example").click()
    page.wait_for_selector("#results .fc.conflict")
    before = cells(page)
    page.locator("#adopt").click()
    page.wait_for_selector("#results .fc.conflict", state="detached")
    assert cells(page) != before
    page.locator(".toast button").last.click()
    page.wait_for_selector("#results .fc.conflict")
    assert cells(page) == before


NEAREST = """async () => {
    const { inView, map } = await import(document.querySelector('script[src*="editor/main"]').src.replace(/main\\.js.*/, 'chart.js'));
    map.setView([37.1215, 122.507], 14.5, { animate: false });
    await new Promise((done) => setTimeout(done, 1500));
    const far = (c) => Math.hypot(c.x - 122.507, c.y - 37.1215);
    const corners = inView.rights.flatMap((f) => f.geometry.coordinates[0]).map(([x, y]) => ({ x, y, p: map.latLngToContainerPoint([y, x]) }));
    const size = map.getSize();
    const near = corners.filter(({ p }) => p.x > 90 && p.y > 70 && p.x < size.x - 260 && p.y < size.y - 70).sort((a, b) => far(a) - far(b))[0];
    return near && { px: near.p.x, py: near.p.y, lon: Math.round(near.x * 3600000), lat: Math.round(near.y * 3600000) };
}"""


def test_a_dragged_point_takes_the_exact_place_of_a_neighbours(walk: Walker) -> None:
    page = editor(walk, f"/parcels/new{OVER}")
    paste(page, "点号,北纬,东经\n1,37.1200,122.5050\n2,37.1200,122.5090\n3,37.1230,122.5090\n4,37.1230,122.5050\n")
    corner = page.evaluate(NEAREST)
    assert corner is not None, "no neighbour's point in view"
    box = page.locator("#map-panel .leaflet-container").bounding_box()
    handle = page.locator(".vx:not(.mid)").nth(1).bounding_box()
    assert box is not None
    assert handle is not None
    page.mouse.move(handle["x"] + 5, handle["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + corner["px"] - 30, box["y"] + corner["py"] - 20, steps=4)
    page.mouse.move(box["x"] + corner["px"] + 3, box["y"] + corner["py"] - 3, steps=4)
    page.mouse.up()
    expect(page.locator(".toast").last).to_contain_text(re.compile("点 2 已吸附到[东南西北]侧宗海的界址点"))
    assert [corner["lon"], corner["lat"]] in places(page)
    page.locator(".toast button").last.click()
    assert [corner["lon"], corner["lat"]] not in places(page)


def places(page: Page) -> list[list[int]]:
    """The points that this browser keeps, in milliseconds."""
    page.wait_for_timeout(400)
    kept = page.evaluate(
        "JSON.parse(localStorage.getItem(Object.keys(localStorage).find((key) => key.startsWith('haiyu-editor:'))))"
    )
    return [[point["lon"], point["lat"]] for point in kept["model"]["points"].values()]


def test_units_are_cut_described_and_joined(walk: Walker) -> None:
    page = editor(walk)
    paste(page, TABLE)
    page.locator("#units-block details summary").click()
    page.locator("#split").click()
    answered(page)
    assert page.locator("#units select").count() == 2
    page.locator("#units select").first.select_option("33")
    answered(page)
    page.locator("#join").click()
    assert page.locator("#units select").count() == 0


def test_offline_keeps_the_boundary_and_the_check_runs_again_by_itself(walk: Walker) -> None:
    page = editor(walk)
    paste(page, TABLE)
    page.context.set_offline(True)
    page.locator(".pt").first.focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_selector("#results .fc.error")
    page.context.set_offline(False)
    page.wait_for_selector("#results .fc.error", state="detached")
    assert len(cells(page)) == 8


def test_a_boundary_goes_into_a_new_case_and_on_to_its_form(walk: Walker) -> None:
    page = editor(walk)
    paste(page, TABLE)
    page.locator("#go").click()
    page.wait_for_url(re.compile(r"/cases/[0-9]{6}-HY-[0-9]{4}-[0-9]{6}/form"))


def test_without_an_account_the_boundary_comes_along_through_sign_in(walk: Walker) -> None:
    page = editor(walk, "/check", login=None)
    paste(page, TABLE)
    before = cells(page)
    page.locator("#go").click()
    page.get_by_role("button", name=re.compile("张示例")).click()
    page.wait_for_url(re.compile("/parcels/new"))
    page.wait_for_selector("html[data-idle=true]")
    assert cells(page) == before


def test_a_filed_boundary_can_be_looked_at_and_not_changed(walk: Walker) -> None:
    page = editor(walk, f"/cases/{walk.cases['in_review']}/parcel")
    answered(page)
    assert page.locator("#draw").is_disabled()
    assert page.locator(".cell").first.get_attribute("readonly") is not None


def test_on_a_phone_the_map_comes_first_and_the_way_on_stays_at_the_foot(walk: Walker) -> None:
    page = editor(walk, size=PHONE)
    paste(page, TABLE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    box = page.locator("#go").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= PHONE[1]
