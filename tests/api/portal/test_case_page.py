"""The case page: who sees which part of it, in both languages, and what stays out of sight."""

from __future__ import annotations

import re
from itertools import product

import pytest

from tests.api.portal.conftest import Opener

TABS = ("review", "form", "materials", "questions", "notice", "versions", "money", "papers", "events")
STATES = (
    "submitted",
    "in_correction",
    "supplied",
    "in_review",
    "consents",
    "notice_over",
    "for_decision",
    "unpaid",
    "paid",
    "completed",
    "refused",
)
WINDOW, REVIEWER, APPROVER = "sample.window.371082", "sample.reviewer.371082", "sample.approver.371082"
PLANNER, OYSTER, ELSEWHERE = "sample.planner.371000", "sample.oyster", "sample.window.371083"


@pytest.mark.parametrize(("state", "lang"), list(product(STATES, ("zh", "en"))))
def test_every_part_of_every_state_opens(as_somebody: Opener, cases: dict[str, str], state: str, lang: str) -> None:
    """One state that nobody had looked at answered with a fault."""
    for tab in TABS:
        answer = as_somebody(WINDOW).get(f"/cases/{cases[state]}?tab={tab}&lang={lang}")
        assert answer.status_code == 200, (tab, answer.text[:2000])
        assert "portal." not in answer.text.partition("<main")[2].partition("<dialog")[0].replace("js/portal/", "")


def test_an_applicant_is_led_to_the_page_of_the_applicant(as_somebody: Opener, cases: dict[str, str]) -> None:
    answer = as_somebody(OYSTER).get(f"/cases/{cases['in_review']}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/my/cases/{cases['in_review']}")


def test_who_may_not_see_a_case_is_told_that_it_is_not_there(as_somebody: Opener, cases: dict[str, str]) -> None:
    number = cases["in_review"]
    assert as_somebody(ELSEWHERE).get(f"/cases/{number}").status_code == 404
    assert as_somebody("sample.seafood").get(f"/cases/{number}").status_code == 404
    assert as_somebody(None).get(f"/cases/{number}").headers["location"].startswith("/sign-in?next=")


def test_a_planner_sees_the_case_without_personal_data(as_somebody: Opener, cases: dict[str, str]) -> None:
    page = as_somebody(PLANNER).get(f"/cases/{cases['in_review']}").text
    assert "?tab=form" not in page
    assert "?tab=materials" not in page
    assert "act-form" not in page
    assert "示例路" not in as_somebody(PLANNER).get(f"/cases/{cases['in_review']}?tab=form").text


def test_each_role_finds_its_own_acts(as_somebody: Opener, cases: dict[str, str]) -> None:
    def acts(login: str, state: str) -> set[str]:
        page = as_somebody(login).get(f"/cases/{cases[state]}").text
        return {
            name for name in ("acceptance.accept", "technical_review.pass", "withdraw") if f'value="{name}"' in page
        }

    assert acts(WINDOW, "submitted") == {"acceptance.accept"}
    assert acts(REVIEWER, "in_review") == {"technical_review.pass"}
    assert acts(APPROVER, "submitted") == set()


def test_submitted_versions_are_compared_on_the_map_and_in_words(as_somebody: Opener, cases: dict[str, str]) -> None:
    page = as_somebody(WINDOW).get(f"/cases/{cases['supplied']}?tab=versions").text
    assert 'class="was"' in page
    assert "李示例（办公室）" in page
    alone = as_somebody(WINDOW).get(f"/cases/{cases['in_review']}?tab=versions&lang=zh").text
    assert "只提交过一次" in alone


def test_a_boundary_that_was_changed_tells_which_points_moved(as_somebody: Opener, cases: dict[str, str]) -> None:
    page = as_somebody(WINDOW).get(f"/cases/{cases['supplied']}?tab=versions&lang=zh").text
    assert "15.8821 公顷 → 13.6659 公顷（−2.2162）" in page
    assert page.count("<td>移动</td>") == 2
    assert "界址点坐标" not in page.partition('class="card pad stack versions"')[2]
    assert "新增" in page.partition("按文件摘要比较")[2]


def test_the_form_is_read_in_words_with_whole_numbers_for_its_office(
    as_somebody: Opener, cases: dict[str, str]
) -> None:
    page = as_somebody(REVIEWER).get(f"/cases/{cases['in_review']}?tab=form&lang=zh").text.partition("<main")[2]
    for words in ("统一社会信用代码", "371082190001010032", "经营性", "申请人填写", "张示例 填于"):
        assert words in page, words
    assert "uscc" not in page
    assert "您填写" not in page


def test_questions_tell_whom_since_when_and_until_when(as_somebody: Opener, cases: dict[str, str]) -> None:
    page = as_somebody(WINDOW).get(f"/cases/{cases['consents']}?tab=questions&lang=zh").text.partition("<main")[2]
    assert "荣成示例牡蛎养殖有限公司" in page
    assert "请于 2026-11-26 前答复" in page
    answered = as_somebody(WINDOW).get(f"/cases/{cases['for_decision']}?tab=questions&lang=zh").text
    assert "书面答复，窗口录入" in answered


def test_comments_on_a_notice_are_for_the_office_alone(as_somebody: Opener, cases: dict[str, str]) -> None:
    address = f"/cases/{cases['notice_over']}?tab=notice&lang=zh"
    office, planner = as_somebody(WINDOW).get(address).text, as_somebody(PLANNER).get(address).text
    assert "收到的意见" in office
    assert "只有经办机关看得到" not in office
    assert "只有经办机关看得到" in planner
    assert "2026-11-17 – 2026-11-23" in planner
    assert "还没有公示" in as_somebody(WINDOW).get(f"/cases/{cases['submitted']}?tab=notice&lang=zh").text


def test_the_strip_tells_every_day_in_a_sentence_and_the_figures_apart(
    as_somebody: Opener, cases: dict[str, str]
) -> None:
    page = as_somebody(WINDOW).get(f"/cases/{cases['paid']}?lang=zh").text
    days = re.findall(r'<li class="day[^>]*><span class="vh">([^<]+)</span>', page)
    assert len(days) == 17
    assert all(re.match(r"11月\d+日 星期.、", day) for day in days), days
    assert "超 2 个工作日" in page
    figures = page.partition('class="limits"')[2].partition("</div>")[0]
    assert [word for word in ("承诺", "法定", "原办理", "报道数字") if word not in figures] == []
    waiting = as_somebody(WINDOW).get(f"/cases/{cases['consents']}?lang=zh").text
    assert "答复，这天截止" in waiting


def test_a_page_can_be_printed_and_told_from_a_later_state(as_somebody: Opener, cases: dict[str, str]) -> None:
    number = cases["for_decision"]
    page = as_somebody(WINDOW).get(f"/cases/{number}?tab=events&lang=zh").text
    head = page.partition('class="print-head"')[2].partition("</div>")[0]
    newest = re.search(r'<dd class="hash">([0-9a-f]{64})</dd>', page)
    assert newest is not None
    assert number in head
    assert newest[1] in head
    assert "存证链完整" in page


def test_the_neighbours_of_a_case_are_one_key_away_and_keep_the_tab(as_somebody: Opener, cases: dict[str, str]) -> None:
    def beside(number: str, which: str) -> str | None:
        page = as_somebody(WINDOW).get(f"/cases/{number}?tab=papers").text
        found = re.search(rf'rel="{which}" href="/cases/([^"?]+)\?tab=papers"', page)
        return found[1] if found else None

    drafts = {cases[name] for name in cases if name.startswith("draft")}
    walked = [cases["notice_over"]]
    while (after := beside(walked[-1], "next")) is not None:
        assert beside(after, "prev") == walked[-1]
        walked.append(after)
    assert {cases["in_review"], cases["submitted"]} <= set(walked)
    assert not drafts & set(walked)


def test_the_record_names_offices_files_and_days(as_somebody: Opener, cases: dict[str, str]) -> None:
    page = as_somebody(WINDOW).get(f"/cases/{cases['for_decision']}?tab=events&lang=zh").text
    for words in ("无意见 · 海事部门", "发出征求意见 · 渔业部门", "材料放入案卷 · 现场勘查记录"):
        assert words in page, words
