"""What is kept of an answer is what was answered, by whom and how; and only the stamped declaration signs for the applicant."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from approvals import queries
from approvals.cases import asking, running, signing
from approvals.cases.acting import Asked
from approvals.models import Question
from data.actors import Actor
from data.answers import Refusal
from parcels.models import LayeringPaper
from parcels.queries.register import layering_papers
from tests.approvals.cases.stage import KEYS, Story, Town, build_town, for_party
from tests.approvals.cases.test_sea import consent_asked, layered


@pytest.fixture
def town(session: Session) -> Town:
    return build_town(session)


@pytest.fixture
def above(session: Session, town: Town) -> Story:
    """A case over somebody else's right in another layer; the holder has been asked."""
    below = Story(session, town).registered(layered("seabed"))
    return for_party(Story(session, town, below.now), town.other).accepted(layered("surface"))


def kept(session: Session, digest: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(queries.file_content(session, f"sha256:{digest}"))
    return content


@pytest.mark.parametrize("outcome", ["give", "refuse"])
def test_the_record_of_an_answer_says_what_was_answered(
    session: Session, town: Town, above: Story, outcome: str
) -> None:
    above.do(f"consents.{outcome}", town.enterprise, key=consent_asked(above).key)
    (task,) = (task for task in above.case.state.tasks if task.step == "consents" and task.status == "done")
    assert kept(session, task.facts["consent_digest"])["answer"] == outcome


def test_the_window_records_a_consent_by_what_the_party_has_signed_and_not_by_words(
    session: Session, town: Town, above: Story
) -> None:
    question, window = consent_asked(above), town.officer("window")
    with pytest.raises(Refusal) as refused:
        above.do("consents.give", window, key=question.key, texts={"consent": "电话里说同意"})
    assert refused.value.code == "act.consent_wants_scan"
    assert session.scalars(select(LayeringPaper)).all() == []
    scan = above.file("consent")
    above.do("consents.give", window, key=question.key, facts={"consent_digest": scan})
    session.refresh(question)
    assert (question.answered_how, question.answer_digest) == ("paper", f"sha256:{scan}")
    # The paper of the layered pair is what was signed, not a record of our own.
    assert session.scalars(select(LayeringPaper.consent_digest)).all() == [f"sha256:{scan}"]


@pytest.mark.parametrize("signed_in", [False, True])
def test_an_answer_by_the_link_is_told_as_one_whoever_is_signed_in(
    session: Session, town: Town, above: Story, signed_in: bool
) -> None:
    question = consent_asked(above)
    assert asking.question_behind(session, asking.link_token(KEYS, question)).id == question.id
    by_link = Asked(name="consents.give", key=question.key, role="asked", by_link=True)
    running.do_act(session, above.number, by_link, above.works(town.officer("window") if signed_in else Actor.public()))
    session.refresh(question)
    assert question.answered_how == "link"


def test_a_consent_that_is_taken_back_is_asked_for_again_with_the_same_question(
    session: Session, town: Town, above: Story
) -> None:
    first = consent_asked(above)
    above.do("consents.give", town.enterprise, key=first.key)
    above.do("revoke.consents", town.officer("window"), key=first.key)
    questions: list[Question] = queries.questions_of(session, above.case.row.id, step="consents")
    again = questions[-1]
    assert (again.standing, again.party_id, again.boundary_hash) == ("open", first.party_id, first.boundary_hash)
    assert (again.question, again.finding) == (first.question, first.finding)
    assert first.finding is not None
    # The papers that were filed on the strength of the consent are out of force, and the register knows.
    assert layering_papers(session, above.number, []) == []
    above.do("consents.give", town.enterprise, key=first.key)
    assert len(layering_papers(session, above.number, [])) == 1


def test_only_the_stamped_declaration_signs_for_the_applicant(session: Session, town: Town) -> None:
    story = Story(session, town).open().fill()
    window = story.works(town.officer("window"))
    other = story.file("argumentation")
    with pytest.raises(Refusal) as refused:
        signing.sign_by_scan(session, story.number, other, window)
    assert refused.value.code == "act.file_not_on_case"
    scan = story.file(signing.SCAN)
    assert signing.sign_by_scan(session, story.number, scan, window).way == "scan"
