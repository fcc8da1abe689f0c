"""The panel of acts: every fact has its words, rows have their evidence, what is closed says why, and who may not act gets none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pytest

from api.portal.evidence import LOOKS, Known, evidence_for
from approvals.library import packaged
from approvals.templates import Record
from data.messages import LANGUAGES, has, text
from tests.api.portal.conftest import Opener

WINDOW, REVIEWER, APPROVER = "sample.window.371082", "sample.reviewer.371082", "sample.approver.371082"
RUSHAN_WINDOW, REGISTRAR, PLANNER = "sample.window.371083", "sample.registrar.371082", "sample.planner.371000"


def stated_facts() -> set[str]:
    """The facts of every packaged template that a person states."""
    told: list[Mapping[str, Record]] = []
    for template in packaged().templates.values():
        told += [outcome.records for step in template.steps.values() for outcome in step.outcomes.values()]
        told += [act.records for act in template.acts.values()]
    return {name for records in told for name, record in records.items() if not record.by_system}


def test_every_fact_that_a_person_states_has_a_label_in_both_languages() -> None:
    facts = stated_facts()
    assert {"surveyed_on", "voucher_digest", "case_number"} <= facts
    for name in facts:
        assert has(f"portal.fact.{name}"), name
        labels = {lang: text(f"portal.fact.{name}", lang) for lang in LANGUAGES}
        assert all(labels.values())
        assert not re.search(r"[a-z]_[a-z]", labels["en"]), labels


def test_evidence_is_told_for_lines_that_the_templates_ask() -> None:
    """A line that no template asks any more would be a line of dead advice."""
    asked = {
        row for template in packaged().templates.values() for step in template.steps.values() for row in step.checklist
    }
    assert set(LOOKS) <= asked


def known(findings: list[dict[str, object]], not_judged: Sequence[str] = ()) -> Known:
    report = {
        "findings": [{"severity": None, "text": each["code"], **each} for each in findings],
        "not_judged": [{"code": code} for code in not_judged],
        "geometry": {"points": [1, 2, 3], "area_ha": "1.0000", "units": [1], "hash": "a" * 64},
    }
    return Known({"mode_labels": ["41"], "type_label": "13"}, report, [], [])


@pytest.mark.parametrize(
    ("findings", "not_judged", "settled"),
    [
        ([{"code": "term.fits", "grade": "clear"}], [], True),
        ([{"code": "term.too_long", "grade": "conflict"}], [], False),
        ([{"code": "term.fits", "grade": "clear"}], ["not_judged.term_rule"], False),
        ([], [], False),
    ],
)
def test_a_line_is_settled_only_by_a_check_that_looked(
    findings: list[dict[str, object]], not_judged: list[str], settled: bool
) -> None:
    assert evidence_for("term", "system", known(findings, not_judged), "zh")["settled"] is settled


def test_a_person_settles_what_a_template_asks_of_a_person() -> None:
    found = evidence_for("shoreline", "paper", known([{"code": "shoreline.none", "grade": "clear"}]), "zh")
    assert (found["settled"], [line["text"] for line in found["lines"]]) == (False, ["shoreline.none"])


def test_the_checklist_shows_what_it_is_judged_by(as_somebody: Opener, cases: dict[str, str]) -> None:
    page = as_somebody(APPROVER).get(f"/cases/{cases['for_decision']}/decision?lang=zh").text
    assert "海事部门：2026-11-20 无意见" in page
    assert 'name="checklist[against_plan]" value="pass" checked' in page
    assert 'name="checklist[harms_military_area]" value="pass" checked' not in page
    assert "argumentation.pdf" in page


def test_a_fee_without_a_rate_says_who_supplies_it(as_somebody: Opener, cases: dict[str, str]) -> None:
    for lang, words in (("zh", "费率待录入"), ("en", "A rate is missing")):
        page = as_somebody(RUSHAN_WINDOW).get(f"/cases/{cases['fee_unknown']}?lang={lang}").text
        assert words in page
        assert '/rules/fee.rate"' in page
        assert "haiyu rules" not in page


def test_a_notice_that_runs_cannot_be_closed_and_says_when(as_somebody: Opener, cases: dict[str, str]) -> None:
    page = as_somebody(WINDOW).get(f"/cases/{cases['in_review']}?lang=zh").text
    assert "满期次日才能办" in page
    assert re.search(r"data-verb-button disabled", page)
    over = as_somebody(WINDOW).get(f"/cases/{cases['notice_over']}?lang=zh").text
    assert "data-verb-button disabled" not in over.partition('data-step="public_notice"')[2].partition("</section>")[0]


def test_an_outcome_that_is_closed_says_why(as_somebody: Opener, cases: dict[str, str]) -> None:
    """A correction is asked for once: after it came back the choice stands there, closed, with its reason."""
    page = as_somebody(WINDOW).get(f"/cases/{cases['supplied']}?lang=zh").text
    assert "只能办一次" in page
    assert 'value="acceptance.ask_for_correction"' not in page


def test_the_window_reads_what_was_asked_when_it_enters_a_correction(
    as_somebody: Opener, cases: dict[str, str]
) -> None:
    page = as_somebody(WINDOW).get(f"/cases/{cases['in_correction']}?lang=zh").text
    assert 'value="correction.supply"' in page
    assert page.partition('value="correction.supply"')[2].count('name="items"') >= 1


def test_registration_tells_before_and_after(as_somebody: Opener, cases: dict[str, str]) -> None:
    page = as_somebody(REGISTRAR).get(f"/cases/{cases['paid']}/registration?lang=zh").text
    for words in ("登簿前，这片海", "没有重叠或相接", "为本件保留", "批复文号", "已缴", "registration.register"):
        assert words in page
    looking = as_somebody(WINDOW).get(f"/cases/{cases['paid']}/registration?lang=zh").text
    assert "registration.register" not in looking
    assert "现在不能由您办这一步" in looking


@pytest.mark.parametrize("page", ["decision", "registration"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_of_great_acts_open_in_every_state(
    as_somebody: Opener, cases: dict[str, str], page: str, lang: str
) -> None:
    """A competing application once broke the page of the decision."""
    for state, number in cases.items():
        login = "sample.approver.371083" if number.startswith("371083") else APPROVER
        answer = as_somebody(login).get(f"/cases/{number}/{page}?lang={lang}")
        assert answer.status_code == 200, (state, answer.text[:500])


def test_a_decision_is_for_the_approver(as_somebody: Opener, cases: dict[str, str]) -> None:
    assert 'value="decision.approve"' not in as_somebody(WINDOW).get(f"/cases/{cases['for_decision']}/decision").text
    assert as_somebody(RUSHAN_WINDOW).get(f"/cases/{cases['for_decision']}/decision").status_code == 404


def test_what_happened_since_is_told_to_those_who_may_read_it(as_somebody: Opener, cases: dict[str, str]) -> None:
    number = cases["completed"]
    whole = as_somebody(WINDOW).get(f"/cases/{number}/since/0?lang=zh")
    assert whole.status_code == 200
    assert "登簿" in whole.text
    assert "没有办理环节" in as_somebody(WINDOW).get(f"/cases/{number}/since/{2**40}?lang=zh").text
    assert as_somebody(RUSHAN_WINDOW).get(f"/cases/{number}/since/0").status_code == 404


def test_the_window_finds_a_party_by_name_and_never_by_a_part_of_a_number(as_somebody: Opener) -> None:
    client = as_somebody(WINDOW)
    assert "荣成示例牡蛎养殖有限公司" in client.get("/authorisations?q=牡蛎&lang=zh").text
    assert "没有找到" in client.get("/authorisations?q=9137&lang=zh").text
    assert "没有找到" in client.get("/authorisations?q=示&lang=zh").text
    page = client.get("/authorisations?party=1&lang=zh").text
    assert "张示例" in page
    assert 'data-send="POST /api/v1/authorisations"' in page
    assert as_somebody("sample.oyster").get("/authorisations").status_code == 403


def test_a_steward_opens_cases_for_a_party_and_sees_no_authorisations(as_somebody: Opener) -> None:
    page = as_somebody("sample.steward.371082").get("/authorisations?party=1&lang=zh").text
    assert "/parcels/new?for=1" in page
    assert "张示例" not in page
    editor = as_somebody("sample.steward.371082").get("/parcels/new?for=1&lang=zh").text
    assert 'id="party" value="1"' in editor
    # Whoever is no officer acts for its own parties, whatever the address says.
    assert 'id="party" value="2"' not in as_somebody("sample.oyster").get("/parcels/new?for=2").text
