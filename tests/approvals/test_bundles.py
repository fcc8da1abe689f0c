"""A bundle is a template whose steps are matters: it opens cases, runs them in parallel, branches by its questionnaire, rolls back."""

from __future__ import annotations

import pytest

from approvals.acts import Act
from approvals.engine import advance
from approvals.library import Library, read_library
from approvals.reading import TemplateError
from data.answers import Refusal
from tests.approvals.builders import DAY, Story

MATTER = """
template: {name}
version: 1
kind: matter
title: {{zh: 事项, en: Matter}}
sources: {{ours: {{cite: 本系统设定, seen: house}}}}
roles: [enterprise, window]
standings: {{}}
ends:
  done: &label {{office: {{zh: 办结, en: Done}}, public: {{zh: 办结, en: Done}}}}
  failed: *label
timing: {{received_by: filing, accepted_by: filing, ends_by: filing, figures: {{}}}}
steps:
  filing:
    title: {{zh: 备案, en: Filing}}
    role: window
    source: ours
    outcomes:
      take: {{title: {{zh: 备案, en: Take}}, ends: done}}
      turn_down: {{title: {{zh: 退回, en: Turn down}}, ends: failed}}
"""

BUNDLE = """
template: {name}
version: 1
kind: bundle
title: {{zh: 一件事, en: Bundle}}
sources: {{ours: {{cite: 本系统设定, seen: house}}}}
roles: [enterprise, system, window]
standings: {{}}
ends:
  done: &label {{office: {{zh: 办结, en: Done}}, public: {{zh: 办结, en: Done}}}}
  failed: *label
completes: done
questions: {{civil_works: {{zh: 是否动土建, en: Civil works}}}}
steps:
  licence: {{matter: {first}, title: &t {{zh: 环节, en: Step}}, role: system, source: ours, outcomes: &ways {{done: {{title: *t}}, failed: {{title: *t, ends: failed}}}},
    revocation: {{title: *t, role: window, source: ours}}}}
  environment: {{matter: {second}, title: *t, role: system, source: ours, outcomes: *ways}}
  building:
    matter: {second}
    title: *t
    role: system
    source: ours
    needs: {{licence: [done]}}
    when: {{guard: answered, settings: {{question: civil_works, answer: true}}}}
    outcomes: *ways
  selling: {{matter: {first}, title: *t, role: system, source: ours, needs: {{building: [done], environment: [done]}}, outcomes: *ways}}
"""


def library(**bundles: tuple[str, str]) -> Library:
    texts = {f"{name}.yaml": MATTER.format(name=name) for name in ("licence", "permit")}
    texts |= {f"{name}.yaml": BUNDLE.format(name=name, first=a, second=b) for name, (a, b) in bundles.items()}
    return read_library(texts)


def oyster(civil_works: bool) -> Story:
    return Story(library(oyster=("licence", "permit")).newest("oyster"), answers={"civil_works": civil_works})


def opened(effects) -> list[tuple[str, str | None]]:
    return [(each.step, each.of) for each in effects if each.kind == "open_case"]


def test_matters_that_need_nothing_open_at_once_and_in_parallel() -> None:
    story = oyster(civil_works=True)
    assert opened(story.effects) == [("licence", "licence"), ("environment", "permit")]
    story.do("licence.done")
    assert opened(story.brought) == [("building", "permit")]


def test_the_questionnaire_leaves_out_what_does_not_apply() -> None:
    story = oyster(civil_works=False).do("licence.done").do("environment.done")
    assert story.possible() == {"selling.done", "selling.failed", "revoke.licence"}
    story.do("selling.done")
    assert story.state.ended == "done"


def test_a_question_that_nobody_asked_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        Story(library(oyster=("licence", "permit")).newest("oyster"), answers={"weather": "fine"})
    assert refused.value.code == "act.question_unknown"


def test_a_revoked_matter_stops_the_cases_that_rest_on_it_and_opens_anew() -> None:
    story = oyster(civil_works=True).do("licence.done").do("environment.done").do("building.done").do("revoke.licence")
    told = [(each.kind, each.step) for each in story.brought]
    assert told == [("stop_case", "selling"), ("open_case", "licence")]
    assert story.possible() == {"licence.done", "licence.failed"}
    # What did not rest on it stands.
    assert [task.status for task in story.state.current("environment")] == ["done"]


def test_a_bundle_can_hold_a_bundle() -> None:
    chain = library(plant=("licence", "permit"), whole=("plant", "permit")).newest("whole")
    assert opened(Story(chain).effects) == [("licence", "plant"), ("environment", "permit")]


def test_bundles_that_contain_one_another_are_refused() -> None:
    with pytest.raises(TemplateError) as wrong:
        library(plant=("whole", "permit"), whole=("plant", "permit"))
    assert {fault.code for fault in wrong.value.faults} == {"process.bundle_circle"}


def test_a_matter_that_nobody_wrote_is_refused_at_its_line() -> None:
    with pytest.raises(TemplateError) as wrong:
        library(plant=("licence", "no_such"))
    assert {(fault.code, fault.detail) for fault in wrong.value.faults} == {("process.matter_unknown", "no_such")}
    assert all(fault.line > 1 for fault in wrong.value.faults)


def test_the_ways_in_which_a_matter_ends_are_the_outcomes_of_its_step() -> None:
    text = BUNDLE.format(name="b", first="licence", second="licence").replace(
        ", failed: {title: *t, ends: failed}", "", 1
    )
    with pytest.raises(TemplateError) as wrong:
        read_library({"m.yaml": MATTER.format(name="licence"), "b.yaml": text})
    assert {fault.code for fault in wrong.value.faults} == {"process.matter_ends"}


def test_only_the_system_tells_a_bundle_how_a_matter_ended() -> None:
    story = oyster(civil_works=False)
    with pytest.raises(Refusal) as refused:
        advance(story.state, Act(name="licence.done", role="window", on=DAY), story.template)
    assert refused.value.code == "act.not_this_role"
