"""The engine in general: random walks keep its promises, replay gives the same case, and wrong acts change nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from approvals.engine import advance, names_of, possible_acts, replay
from approvals.opening import needs_are_met
from approvals.state import CURRENT, State
from approvals.templates import Template
from data.answers import Refusal
from tests.approvals.builders import DAY, Story, accepted, approved, build_act, ready_to_decide
from tests.support.effort import effort_of_run

ENDING = {"withdraw", "lapse", "lapse_claim", "decision.refuse", "acceptance.reject"}
BRANCHES = {
    "expert_review": st.booleans(),
    "needs_consent": st.lists(st.sampled_from(["f1", "f2", "f3"]), unique=True, max_size=3),
    "offices": st.lists(st.sampled_from(["maritime", "military"]), unique=True, max_size=2),
    "owed_yuan": st.sampled_from(["100.00", "0.00"]),
    "paid_yuan": st.sampled_from(["10.00", "100.00"]),
    "preferred": st.booleans(),
    "check_grade": st.sampled_from(["clear", "clear", "clear", "conflict"]),
}


def nothing_stands_before_its_needs(state: State, template: Template) -> None:
    """Every standing task rests on steps that stand finished; the one open exception is a step called afterwards."""
    for task in state.tasks:
        if task.status == "done" and not any(template.steps[need].on_call for need in template.steps[task.step].needs):
            for need in template.steps[task.step].needs:
                standing = state.current(need)
                # The correction that was answered belongs to a round that is past.
                assert standing or template.steps[need].on_call, (task.step, need)


def nothing_rests_on_what_fell(state: State, template: Template, step: str) -> None:
    for name in template.dependants(step):
        for task in state.current(name):
            assert task.status in {"open", "skipped"} or task.done_on is None, (step, name, task.status)


def chosen(story: Story, data: st.DataObject):
    """An act drawn from the possible ones; ending the whole case is drawn rarely, so that walks go deep."""
    acts = sorted(possible_acts(story.state, story.template))
    assert acts, f"a dead end after {[act.name for act in story.acts]}"
    quiet = [each for each in acts if each.name not in ENDING]
    rarely = data.draw(st.integers(0, 19)) == 0
    return data.draw(st.sampled_from(acts if rarely or not quiet else quiet))


@settings(max_examples=min(effort_of_run().fuzz // 4, 1000), deadline=None)
@given(st.data())
def test_on_any_walk_no_dead_end_nothing_before_its_needs_and_replay_is_the_same(data: st.DataObject) -> None:
    story = Story()
    for _ in range(40):
        if story.state.ended:
            break
        possible = chosen(story, data)
        act = build_act(story.state, story.template, possible, story.on)
        facts = {name: data.draw(BRANCHES[name]) if name in BRANCHES else value for name, value in act.facts.items()}
        open_before = {(task.step, task.key) for task in story.state.open_tasks()}
        try:
            made = advance(
                story.state, build_act(story.state, story.template, possible, story.on, facts=facts), story.template
            )
        except Refusal as refused:
            assert refused.code.startswith("guard."), (possible.name, refused.code, refused.facts)
            continue
        if possible.name.startswith("revoke."):
            nothing_rests_on_what_fell(made.state, story.template, possible.name.removeprefix("revoke."))
        elif possible.name not in story.template.acts:
            step = possible.name.partition(".")[0]
            assert (step, possible.key or None) in open_before
            assert needs_are_met(story.state, story.template, step)
        story.state = made.state
        story.events += made.events
        story.acts.append(act)
        story.on += timedelta(days=data.draw(st.integers(0, 3)))
        nothing_stands_before_its_needs(story.state, story.template)
    assert replay(story.events) == story.state
    assert State.from_json(json.loads(json.dumps(story.state.as_json()))) == story.state
    if story.state.ended:
        # What was paid and is owed no more can still be given back; nothing else is done on an ended case.
        assert names_of(possible_acts(story.state, story.template)) <= {"refund_excess"}
        assert not story.state.open_tasks()


def test_the_same_acts_give_the_same_case_twice() -> None:
    first, second = approved(), approved()
    assert first.state == second.state
    assert [each.body for each in first.events] == [each.body for each in second.events]


def test_one_act_is_one_event_and_its_free_words_stay_outside_the_body() -> None:
    story = Story().do("submission.submit", texts={"remark": "张三的电话"})
    assert [each.kind for each in story.events] == ["begin", "submission.submit"]
    assert "张三" not in json.dumps(story.events[-1].body, ensure_ascii=False)
    assert story.events[-1].texts == {"remark": "张三的电话"}


def test_a_refused_act_leaves_the_state_as_it_was() -> None:
    story = ready_to_decide()
    before = story.state
    with pytest.raises(Refusal):
        story.do("decision.approve", facts={"check_grade": "conflict"})
    assert story.state is before


def test_silence_brings_acceptance_as_of_the_day_of_receipt() -> None:
    story = Story().do("submission.submit").do("acceptance.accept", role="system", later=8)
    (task,) = story.state.current("acceptance")
    assert (task.effective_on, task.done_on) == (DAY, DAY + timedelta(days=8))


@pytest.mark.parametrize(
    ("name", "changed", "code"),
    [
        ("acceptance.accept", {"checklist": {}}, "act.checklist_open"),
        ("acceptance.accept", {"checklist": {"no_such": "pass"}}, "act.checklist_unknown"),
        ("acceptance.accept", {"facts": {"invented": "x"}}, "act.fact_unknown"),
        ("acceptance.accept", {"items": ("x",)}, "act.brings_too_much"),
        ("acceptance.accept", {"materials": {"argumentation": "a" * 64}}, "act.brings_too_much"),
        ("acceptance.accept", {"ground": "other_office"}, "act.brings_too_much"),
        (
            "acceptance.accept",
            {"role": "system", "facts": {"working_days_passed": 6, "limit_days": 5}},
            "act.brings_too_much",
        ),
        ("acceptance.accept", {"role": "system", "checklist": {}}, "act.not_silent_long_enough"),
        ("acceptance.accept", {"role": "reviewer"}, "act.not_this_role"),
        ("acceptance.accept", {"key": "nothing"}, "act.not_open"),
        ("acceptance.accept", {"name": "decision.approve"}, "act.not_open"),
        ("acceptance.accept", {"name": "acceptance.sing"}, "act.unknown"),
        ("acceptance.accept", {"name": "revoke.acceptance"}, "act.unknown"),
        ("acceptance.accept", {"on": DAY - timedelta(days=1)}, "act.before_the_last"),
        ("withdraw", {"role": "approver"}, "act.not_this_role"),
        ("acceptance.ask_for_correction", {"items": ("资信证明已过期",)}, "act.items_unknown"),
        ("acceptance.ask_for_correction", {"items": ("term@2",)}, "act.items_unknown"),
        ("acceptance.ask_for_correction", {"items": ("term", "term")}, "act.items_unknown"),
        ("note_competing", {"facts": {"case_number": " "}}, "act.fact_wrong"),
        ("note_competing", {"facts": {"case_number": None}}, "act.fact_missing"),
    ],
)
def test_an_act_that_brings_the_wrong_thing_is_refused(name: str, changed: dict, code: str) -> None:
    story = Story().do("submission.submit")
    allowed = sorted(possible_acts(story.state, story.template), key=lambda each: each.role == "system")
    possible = next(each for each in allowed if each.name == name)
    right = build_act(story.state, story.template, possible, story.on)
    wrong = replace(right, **{**changed, "facts": {**right.facts, **changed.get("facts", {})}})
    with pytest.raises(Refusal) as refused:
        advance(story.state, wrong, story.template)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "facts",
    [
        {"working_days_passed": 240},
        {"limit_days": 1},
        # A figure of the template is one of working days.
        {"working_days_passed": None, "days_passed": 900},
    ],
)
def test_a_draft_lapses_only_after_the_days_of_the_template(facts: dict) -> None:
    with pytest.raises(Refusal) as refused:
        Story().do("lapse", facts=facts)
    assert refused.value.code == "act.not_silent_long_enough"


def test_an_item_is_a_field_of_the_form_or_a_material() -> None:
    items = ("term", "address@2", "argumentation")
    story = Story().do("submission.submit").do("acceptance.ask_for_correction", items=items)
    assert story.state.fact("items") == list(items)


def test_a_submission_without_the_papers_that_the_law_names_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        Story().do("submission.submit", materials={"credit": "a" * 64})
    assert (refused.value.code, refused.value.facts["names"]) == ("act.materials_missing", "argumentation")


def test_a_failed_item_stops_the_pass_and_an_objection_needs_one() -> None:
    story = accepted()
    passed = dict.fromkeys(story.template.steps["technical_review"].checklist, "pass")
    for name, checklist in (("pass", {**passed, "plan": "fail"}), ("object", passed)):
        with pytest.raises(Refusal) as refused:
            story.do(f"technical_review.{name}", checklist=checklist)
        assert refused.value.code in {"act.checklist_failed", "act.checklist_not_failed"}
    story.do("technical_review.pass", checklist={**passed, "shoreline": "not_applicable"})


def test_a_case_runs_only_on_the_template_with_which_it_began() -> None:
    story = Story()
    other = story.template.model_copy(update={"hash": "0" * 64})
    with pytest.raises(Refusal) as refused:
        possible_acts(story.state, other)
    assert refused.value.code == "act.other_template"


def test_nothing_is_done_on_a_case_that_has_ended() -> None:
    story = Story().do("withdraw")
    act = story.acts[-1]
    with pytest.raises(Refusal) as refused:
        advance(story.state, act, story.template)
    assert refused.value.code == "act.case_ended"


def test_every_status_of_a_task_is_told_in_one_place() -> None:
    story = approved().do("revoke.decision")
    assert {task.status for task in story.state.tasks} <= CURRENT | {"returned", "past", "rolled_back", "closed"}
