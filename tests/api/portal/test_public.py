"""Pages for everybody: open without an account, in both languages; what is hidden never appears; limits hold."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest
from sqlalchemy import text

from api.app import create_app
from approvals.dictionary import forms
from approvals.library import packaged
from tests.api.client import TestClient
from tests.api.portal.conftest import Opener
from tests.support import portal_world

PAGES = (
    "/",
    "/search?q=桑沟湾",
    "/guide",
    "/guide/establishment",
    "/register",
    "/register/示例-SGB-04",
    "/notices",
    "/help",
    "/verify",
)


def seen(as_somebody: Opener, address: str, lang: str = "zh") -> str:
    mark = "&" if "?" in address else "?"
    answer = as_somebody(None).get(f"{address}{mark}lang={lang}")
    assert answer.status_code == 200, (address, answer.text[:800])
    return answer.text


def words_of(page: str) -> str:
    """What a reader reads: the text of the main part."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


@pytest.mark.parametrize(("address", "lang"), list(product(PAGES, ("zh", "en"))))
def test_everybody_reads_them_in_both_languages(as_somebody: Opener, address: str, lang: str) -> None:
    page = seen(as_somebody, address, lang)
    assert page.count("<h1") == 1
    assert "style=" not in page.partition("<body")[2]
    assert not re.search(r"\b(portal|page)\.[a-z_]+\.[a-z_]+", words_of(page))


def test_a_sentence_becomes_chips_that_go_on(as_somebody: Opener) -> None:
    page = seen(as_somebody, "/search/understood?q=我要在桑沟湾养 20 公顷牡蛎，四十年")
    assert re.search(r'value="122\.525,37\.100" selected', page)
    assert re.search(r'value="13" selected', page)
    assert 'name="hectares" inputmode="decimal" size="6" maxlength="12" value="20"' in page
    assert "最长 15 年" in page and "期限要改短" in page
    answer = as_somebody(None).get("/onward?to=check&type=13&years=&hectares=20&near=")
    assert (answer.status_code, answer.headers["location"]) == (303, "/check?type=13&hectares=20")
    assert as_somebody(None).get(answer.headers["location"]).status_code == 200


def test_what_was_not_understood_is_said(as_somebody: Opener) -> None:
    assert "没有认出：火星湾" in seen(as_somebody, "/search/understood?q=火星湾养牡蛎")


def test_a_matter_without_a_template_is_no_link(as_somebody: Opener) -> None:
    """A list of five matters of which four led to an empty form was worse than the window's opening hours."""
    for address in ("/", "/guide", "/search?q=续期"):
        page = seen(as_somebody, address)
        assert "/guide/renewal" not in page and "请到窗口" in page
    assert as_somebody(None).get("/guide/renewal").status_code == 422


def test_figures_are_counted_and_press_figures_say_so(as_somebody: Opener) -> None:
    form = forms()["establishment"]
    told = words_of(seen(as_somebody, "/"))
    assert f"{form.raw} 项合成一张表" in told and f"{form.merged} 项" in told
    assert "报道数字" in told
    assert "%" not in told


def test_the_guide_tells_every_step_material_and_basis_of_the_template(as_somebody: Opener) -> None:
    template = packaged().newest("establishment")
    told = words_of(seen(as_somebody, "/guide/establishment"))
    english = words_of(seen(as_somebody, "/guide/establishment", "en"))
    for step in template.steps.values():
        assert step.title.zh in told and step.title.en in english.replace("&#39;", "'")
        for material in step.materials_in.values():
            assert material.title.zh in told
    for source in template.sources.values():
        assert source.cite in told
    assert "费率待录入" in told and "条文版本待核" in told and "本系统设定" in told


def test_search_finds_by_name_number_code_and_notice(as_somebody: Opener, cases: dict[str, str]) -> None:
    assert "/register/%E7%A4%BA%E4%BE%8B-SGB-04" in seen(as_somebody, "/search?q=示例-SGB-04")
    assert "桑沟湾北筏式" in seen(as_somebody, "/search?q=北筏式")
    assert f"/notices/{cases['in_review']}" in seen(as_somebody, "/search?q=三区牡蛎")
    assert 'href="/guide/establishment"' in seen(as_somebody, "/search?q=设立")
    assert 'href="/register?near=' in seen(as_somebody, "/search?q=Sanggou Bay", "en")
    assert 'href="/help"' in seen(as_somebody, "/search?q=帮助")


def test_searching_a_case_number_tells_nobody_whether_it_exists(as_somebody: Opener, cases: dict[str, str]) -> None:
    there = words_of(seen(as_somebody, f"/search?q={cases['draft_begun']}")).replace(cases["draft_begun"], "#")
    absent = words_of(seen(as_somebody, "/search?q=371082-HY-2026-999999")).replace("371082-HY-2026-999999", "#")
    assert there == absent


@pytest.mark.parametrize("wild", ["%", "_", "~", "%25", "\\", "'", '"', "<b>", "\x00"])
def test_signs_of_a_query_are_signs(as_somebody: Opener, wild: str) -> None:
    """`%` found the whole register."""
    answer = as_somebody(None).get("/register", params={"q": f"桑沟{wild}湾"})
    assert answer.status_code == 200
    assert ("示例-SGB-" in answer.text) == (wild == "\x00")
    assert "<b>湾" not in answer.text


PERSONS = "SELECT n.name FROM party_name n JOIN party p ON p.id = n.party_id WHERE p.kind = 'person'"
HIDDEN_PARCELS = """
SELECT coalesce(p.parcel_code, p.name) FROM occupation o JOIN parcel p ON p.id = o.parcel_id
WHERE o.disclosure <> 'public' AND upper_inf(o.known) AND NOT EXISTS (SELECT FROM occupation q
  WHERE q.parcel_id = p.id AND q.disclosure = 'public' AND upper_inf(q.known))
"""
HIDDEN_ZONES = """
SELECT z.name_zh FROM zone z JOIN layer_version v ON v.id = z.version_id JOIN layer l ON l.id = v.layer_id
WHERE coalesce(z.disclosure, l.disclosure) <> 'public'
"""


def holders_and_hidden(world: Any) -> tuple[set[str], set[str]]:
    """Names of natural persons, and names and codes of what is not public."""
    with world[0].sessions("owner")() as session:
        persons = set(session.scalars(text(PERSONS)))
        hidden = {*session.scalars(text(HIDDEN_PARCELS)), *session.scalars(text(HIDDEN_ZONES))}
    return persons, {name for name in hidden if name}


def test_no_hidden_source_and_no_person_appears_anywhere(
    as_somebody: Opener, world: Any, cases: dict[str, str]
) -> None:
    persons, hidden = holders_and_hidden(world)
    assert persons and hidden
    addresses = [*PAGES, *(f"/search?q={name}" for name in sorted(hidden)[:10]), f"/notices/{cases['in_review']}"]
    addresses += ["/register?bbox=121,36,124,38", *(f"/search?q={name}" for name in sorted(persons)[:5])]
    for address in addresses:
        told = words_of(seen(as_somebody, address))
        query = address.partition("q=")[2]
        for name in persons | hidden:
            assert name == query or name not in told.replace(query or "\x00", ""), (address, name)


def test_a_hidden_right_has_no_page(as_somebody: Opener, world: Any) -> None:
    _, hidden = holders_and_hidden(world)
    for code in sorted(hidden):
        assert as_somebody(None).get(f"/register/{code}").status_code == 404
    assert as_somebody(None).get("/register/there-is-none").status_code == 404


def test_the_register_page_tells_what_the_interface_tells(as_somebody: Opener) -> None:
    told = as_somebody(None).get("/api/v1/register/示例-SGB-04").json()["features"][0]["properties"]
    page = words_of(seen(as_somebody, "/register/示例-SGB-04"))
    assert told["name"] in page and f"{told['area_ha']} 公顷" in page and told["to"] in page
    assert "不在公开内容里" in page
    assert "未分层" not in page


def test_a_changed_view_fetches_the_list_alone(as_somebody: Opener) -> None:
    answer = as_somebody(None).get("/register?bbox=122.50,37.09,122.56,37.13", headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "<html" not in answer.text
    assert "桑沟湾北筏式" in answer.text and "乳山" not in answer.text
    assert as_somebody(None).get("/register?bbox=nonsense").status_code == 200


def test_notices_run_and_are_over(as_somebody: Opener, cases: dict[str, str]) -> None:
    listed = seen(as_somebody, "/notices")
    assert f"/notices/{cases['in_review']}" in listed
    page = seen(as_somebody, f"/notices/{cases['in_review']}")
    assert f'data-send="POST /api/v1/notices/{cases["in_review"]}/comments"' in page
    assert "15.8821 公顷" in page and 'class="draft"' in page
    for number in (cases["draft_begun"], cases["notice_over"], "371082-HY-2026-999999"):
        answer = as_somebody(None).get(f"/notices/{number}")
        assert answer.status_code == 404
        assert "不在公示期内" in answer.text and "牡蛎" not in answer.text


def test_anonymous_searches_are_limited(world: Any) -> None:
    """A script asked the register for every name of the telephone book."""
    made = create_app(portal_world.settings_for(world[0], checks_per_minute=3), clock=lambda: portal_world.NOW)
    client = TestClient(made, headers={"Accept": "text/html"})
    try:
        answers = [client.get(f"/search?q={word}").status_code for word in ("a", "b", "c", "d")]
        assert answers == [200, 200, 200, 429]
        assert client.get("/").status_code == 200
    finally:
        made.state.house.engine.dispose()
