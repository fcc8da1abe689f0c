"""How cases end: by whom and on what ground, what falls with them, what may still be done, and that one fault stops nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from data.actors import Actor
from data.answers import Refusal
from tests.approvals.cases.stage import Story, Town, build_town


@pytest.fixture
def town(session: Session) -> Town:
    return build_town(session)


def refusal(story: Story, name: str, actor: Actor | None = None, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        story.do(name, actor, **given)
    return refused.value


def failing(story: Story, ground: str) -> dict[str, str]:
    checklist = dict.fromkeys(story.case.template.steps["decision"].checklist, "pass")
    return {**checklist, ground: "fail"}


def test_a_case_is_refused_by_the_government_that_decides_it_and_says_what_failed(session: Session, town: Town) -> None:
    story = Story(session, town).judged()
    ground = "harms_nature"
    wrong = {"ground": ground, "checklist": failing(story, ground)}
    city = town.officer("approver", town.city)
    assert refusal(story, "decision.refuse", city, **wrong).code == "guard.other_authority"
    other = {"ground": ground, "checklist": failing(story, "erodes_shore")}
    assert refusal(story, "decision.refuse", **other).code == "guard.ground_not_failed"
    story.do("decision.refuse", **wrong)
    (task,) = story.case.state.current("decision")
    assert (story.case.row.ended, task.facts["authority"], task.facts["ground"]) == ("refused", "371082", ground)


def test_the_experts_chair_is_told_beside_the_hashed_body(session: Session, town: Town) -> None:
    story = Story(session, town).accepted().do("technical_review.pass", facts={"expert_review": True})
    story.file("minutes")
    facts = {"held_on": story.now.date().isoformat(), "votes_for": 5, "votes_against": 0}
    with_name = refusal(story, "expert_review.endorse", facts={**facts, "chair": "王某某"})
    assert (with_name.code, with_name.facts["fact"]) == ("act.fact_unknown", "chair")
    story.do("expert_review.endorse", facts=facts, texts={"chair": "王某某"})
    (task,) = story.case.state.current("expert_review")
    assert set(task.facts) == {*facts, "chair_digest"}
    assert "王某某" not in str(story.case.state.as_json())
