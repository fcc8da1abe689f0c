"""Template files: every fault is told with file, line and path in both languages, and none slips through."""

from __future__ import annotations

from importlib.resources import files

import pytest

from approvals.library import packaged, read_library
from approvals.reading import TemplateError, read_template
from tests.approvals.builders import Story

GOOD = (files("data") / "processes" / "establishment.yaml").read_text(encoding="utf-8")


def faults(text: str):
    with pytest.raises(TemplateError) as wrong:
        read_template(text, "x.yaml")
    return wrong.value


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("    role: reviewer\n", "", "process.missing_key"),
        ("    on_call: true\n", "    on_cal: true\n", "process.unknown_key"),
        ("days: 60", "days: 0", "process.wrong_value"),
        ("days: 60", "days: true", "process.wrong_value"),
        ("guards: [same_boundary, sea_is_free]", "guards: [sea_is_mine]", "process.guard_unknown"),
        ("guard: fee_is_told, settings: {fact: owed_yuan}", "guard: fee_is_told", "process.guard_settings"),
        ("[publish_notice]", "[shout]", "process.effect_unknown"),
        ("[publish_notice]", "[{publish_notice: loudly}]", "process.effect_of"),
        ("{acceptance: [ask_for_correction]}", "{acceptance: [ask_twice]}", "process.outcome_unknown"),
        ("{technical_review: any}", "{review: any}", "process.step_unknown"),
        ("{technical_review: any}", "{decision: any}", "process.circle"),
        ("rule: days.review}", "rule: days.revue}", "process.rule_unknown"),
        ("{days: 3, source: ours}", "{days: 3}", "process.limit"),
        ("{days: 3, source: ours}", "{days: 3, source: mine}", "process.source_unknown"),
        ("each: offices", "each: ministries", "process.each_not_recorded"),
        ("reopens: acceptance", "reopens: decision", "process.reopens_forward"),
        ("ends: refused", "ends: forgotten", "process.end_unknown"),
        ("standing: approved", "standing: lying", "process.standing_unknown"),
        ("grounds: refusal", "grounds: mood", "process.grounds_unknown"),
        ("[withdraw_notice]", "[shout]", "process.effect_unknown"),
        ("    while_open: [submission]\n", "", "process.idle_waits"),
        ("    while_open: [consents]\n", "    while_open: [neighbours]\n", "process.step_unknown"),
        ("    opens: hearing\n", "    opens: hearing\n    after_end: true\n", "process.after_end"),
        ("opens: hearing", "opens: decision", "process.not_on_call"),
        ("needs: {registration: [register]}", "needs: {bill: any}", "process.leads_nowhere"),
        ("seen: memory, confidence: h}", "seen: memory}", "process.confidence"),
        ('seen: text, edition: "2001-10-27"}', "seen: text}", "process.edition_missing"),
        ("cite: 本系统设定, seen: house", "cite: 我们, seen: house", "process.house_cite"),
        ("accepted_by: acceptance", "accepted_by: reception", "process.step_unknown"),
        ("role: approver\n", "role: emperor\n", "process.role_unknown"),
        ("version: 1\n", "version: 1\nversion: 2\n", "rules.duplicate_key"),
    ],
)
def test_a_slip_of_the_hand_is_found(before: str, after: str, code: str) -> None:
    assert before in GOOD
    wrong = faults(GOOD.replace(before, after, 1))
    assert code in {fault.code for fault in wrong.faults}
    assert all(fault.file == "x.yaml" and fault.line >= 1 for fault in wrong.faults)
    assert len(wrong.told("zh")) == len(wrong.told("en")) == len(wrong.faults)


def test_a_fault_names_the_line_and_the_path_where_it_stands() -> None:
    lines = GOOD.splitlines()
    row = next(n for n, line in enumerate(lines) if "sea_is_free]" in line)
    wrong = faults(GOOD.replace("[same_boundary, sea_is_free]", "[sea_is_mine]"))
    (fault,) = wrong.faults
    assert fault.path == "steps.registration.outcomes.register"
    assert abs(fault.line - (row + 1)) <= 1
    assert fault.detail == "sea_is_mine"
    assert wrong.told("en")[0].startswith(
        f"x.yaml:{fault.line}: steps.registration.outcomes.register: There is no such"
    )


def test_all_faults_are_told_at_once() -> None:
    wrong = faults(GOOD.replace("[publish_notice]", "[shout]").replace("ends: refused", "ends: forgotten"))
    assert {fault.code for fault in wrong.faults} >= {"process.effect_unknown", "process.end_unknown"}


def test_the_hash_names_the_content_and_not_the_comments() -> None:
    first = read_template(GOOD, "a.yaml")
    assert read_template("# a remark\n" + GOOD, "b.yaml").hash == first.hash
    assert read_template(GOOD.replace("days: 60", "days: 61"), "c.yaml").hash != first.hash


def test_a_case_keeps_the_version_with_which_it_began() -> None:
    story = Story()
    newer = GOOD.replace("version: 1\n", "version: 2\n", 1)
    library = read_library({"old.yaml": GOOD, "new.yaml": newer})
    assert library.newest("establishment").version == 2
    assert library.of(story.state).version == 1
    assert story.do("submission.submit").state.version == 1


def test_one_version_never_has_two_contents() -> None:
    with pytest.raises(TemplateError) as wrong:
        read_library({"a.yaml": GOOD, "b.yaml": GOOD.replace("days: 60", "days: 61")})
    assert {fault.code for fault in wrong.value.faults} == {"process.version_twice"}


def test_every_packaged_template_reads() -> None:
    assert ("establishment", 1) in packaged().templates
