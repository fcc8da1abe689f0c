"""What a case does to the sea: conflicts told before filing, remedies, layered rights with consent, competition, ends that free it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from approvals import queries
from approvals.cases import asking, drafting, running
from approvals.cases.acting import Asked
from approvals.cases.use import boundary_of
from approvals.models import Question
from data.actors import Actor
from data.answers import Refusal
from marine.spaces import layers_from_names
from parcels.drafts import ParcelDraft
from tests.approvals.cases.stage import KEYS, Story, Town, build_draft, build_town, for_party
from tests.parcels.builders import rectangle, rows


@pytest.fixture
def town(session: Session) -> Town:
    return build_town(session)


def refusal(story: Story, name: str, actor: Actor | None = None, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        story.do(name, actor, **given)
    return refused.value


def holding(session: Session) -> list[tuple[str, str]]:
    """Who holds the sea now, as (case, standing)."""
    return [
        (case, standing)
        for case, standing in rows(
            session,
            "SELECT coalesce(c.case_number, r.case_number), o.standing FROM occupation o LEFT JOIN sea_claim c ON c.id = o.claim_id"
            " LEFT JOIN sea_right r ON r.id = o.right_id WHERE upper_inf(o.known) ORDER BY o.id",
        )
    ]


def overlapping(**given: Any) -> ParcelDraft:
    """A draft whose western part lies on the clean parcel of the tests."""
    return build_draft(rectangle(200, 0, 500, 300), **given)


def test_nobody_files_into_a_conflict_without_having_been_told_and_the_remedy_goes_through(
    session: Session, town: Town
) -> None:
    first = Story(session, town).registered()
    story = Story(session, town, first.now).open(overlapping()).fill().sign()
    told = refusal(story, "submission.submit")
    assert (told.code, [finding.code for finding in told.findings]) == ("case.conflict_found", ["neighbour.exclusive"])
    remedy = told.facts["remedy"]
    assert remedy["area_ha"] < "6.01"
    # The applicant takes the offered boundary as it is, signs and files again.
    taken = {
        "hash": remedy["hash"],
        "exterior": remedy["exterior"],
        "holes": remedy["holes"],
        "points": [[p["number"], p["lon_ms"], p["lat_ms"]] for p in remedy["points"]],
        "units": [unit["ring"] for unit in remedy["units"]],
    }
    draft = overlapping()
    mended = ParcelDraft(
        boundary=boundary_of(taken), use_type=draft.use_type, unit_modes=draft.unit_modes, layers=draft.layers,
        held=draft.held, origin="cgcs2000",
    )  # fmt: skip
    drafting.set_use(session, story.number, mended, story.works(town.enterprise))
    story.sign().do("submission.submit")
    assert finish(story).case.row.standing == "registered"


def test_whoever_insists_is_accepted_without_the_sea_and_cannot_be_approved(session: Session, town: Town) -> None:
    first = Story(session, town).registered()
    story = Story(session, town, first.now).open(overlapping()).fill().sign()
    story.do("submission.submit", acknowledged=True).later(1).do("acceptance.accept")
    assert holding(session) == [(first.number, "registered")]
    (told,) = [each for each in queries.events_of_case(session, story.number) if each.kind == "case.sea_unclaimed"]
    assert told.body["reason"] == "register.conflict"
    judge(story)
    refused = refusal(story, "decision.approve")
    assert (refused.code, [finding.code for finding in refused.findings]) == (
        "guard.sea_not_free",
        ["neighbour.exclusive"],
    )
    story.do("decision.refuse", ground="otherwise_forbidden", checklist=failing(story, "otherwise_forbidden"))
    assert (story.case.row.ended, story.documents[-1].kind) == ("refused", "refusal")


def failing(story: Story, ground: str) -> dict[str, str]:
    checklist = dict.fromkeys(story.case.template.steps["decision"].checklist, "pass")
    return {**checklist, ground: "fail"}


def judge(story: Story) -> Story:
    """Everything between acceptance and decision that is not a consent."""
    story.do("technical_review.pass", facts={"expert_review": False})
    story.file("survey_record")
    story.do("site_survey.record", facts={"surveyed_on": story.now.date().isoformat()})
    for task in story.case.state.open_tasks():
        if task.step == "consultation":
            story.do("consultation.no_objection", story.town.officer("window"), key=task.key)
    return story.later(20).do("public_notice.close", facts={"objections": 0})


def finish(story: Story) -> Story:
    story.later(1).do("acceptance.accept")
    return complete(judge(story).do("decision.approve"))


def complete(story: Story) -> Story:
    story.do("bill.issue")
    facts = {
        "paid_yuan": str(story.case.state.fact("owed_yuan")),
        "paid_on": story.now.date().isoformat(),
        "receipt_number": f"R-{story.number}",
        "voucher_digest": story.file("voucher"),
    }
    return story.do("receipt.paid", facts=facts).do("registration.register")


def layered(*names: str) -> ParcelDraft:
    return build_draft(layers=int(layers_from_names(names)), layered=True)


def consent_asked(story: Story) -> Question:
    (question,) = queries.questions_of(story.session, story.case.row.id, step="consents")
    return question


def test_a_layered_right_waits_for_the_consent_and_is_then_registered_with_its_note(
    session: Session, town: Town
) -> None:
    below = Story(session, town).registered(layered("seabed"))
    above = for_party(Story(session, town, below.now), town.other).accepted(layered("surface"))
    # The case holds its sea while the holder is asked.
    assert holding(session)[-1] == (above.number, "claimed")
    question = consent_asked(above)
    assert (question.party_id, question.key) == (town.party, f"right:{below.case.row.right_id}")
    judge(above)
    assert refusal(above, "decision.approve").code == "act.not_open"
    token = asking.link_token(KEYS, question)
    assert asking.question_behind(session, token).id == question.id
    by_link = Asked(name="consents.give", key=question.key, role="asked")
    running.do_act(session, above.number, by_link, above.works(Actor.public()))
    with pytest.raises(Refusal) as twice:
        asking.question_behind(session, token)
    assert twice.value.code == "question.answered_already"
    complete(above.do("decision.approve"))
    notes = rows(session, "SELECT right_id, kind FROM right_note ORDER BY right_id")
    assert notes == [(below.case.row.right_id, "layered"), (above.case.row.right_id, "layered")]


def test_the_holder_who_is_asked_answers_in_the_portal_and_nobody_else(session: Session, town: Town) -> None:
    Story(session, town).registered(layered("seabed"))
    above = for_party(Story(session, town), town.other)
    above.now = above.now.replace(month=10)
    above.accepted(layered("surface"))
    question = consent_asked(above)
    stranger = Actor(person=50, acts_for=frozenset({town.other}))
    assert refusal(above, "consents.give", stranger, key=question.key).code == "act.not_this_role"
    above.do("consents.give", town.enterprise, key=question.key)
    session.refresh(question)
    assert (question.standing, question.answer, question.answered_how) == ("answered", "give", "portal")


def test_a_refused_consent_leaves_only_the_refusal(session: Session, town: Town) -> None:
    Story(session, town).registered(layered("seabed"))
    above = for_party(Story(session, town), town.other)
    above.now = above.now.replace(month=10)
    above.accepted(layered("surface"))
    above.do("consents.refuse", town.enterprise, key=consent_asked(above).key)
    judge(above)
    assert refusal(above, "decision.approve").code == "guard.not_all_ended_so"


def test_the_second_of_two_applications_is_noted_on_both_and_the_officers_choice_settles_both(
    session: Session, town: Town
) -> None:
    first = Story(session, town).accepted()
    second = for_party(Story(session, town, first.now), town.other).open(overlapping()).fill().sign()
    second.do("submission.submit", acknowledged=True).later(1).do("acceptance.accept")
    assert holding(session) == [(first.number, "claimed")]
    assert [note.facts["case_number"] for note in second.case.state.noted("competition")] == [first.number]
    told = [effect.facts for effect in second.effects if effect.kind == "note_rival"]
    assert told == [{"case": first.number, "rival": second.number}]
    noting = Asked(name="note_competing", facts={"case_number": second.number}, role="system")
    running.do_act(session, first.number, noting, second.works(Actor.machine()))
    judge(second)
    assert refusal(second, "decision.approve").code == "guard.competition_open"
    choice = {"case_number": first.number, "preferred": True}
    second.do("choose", facts=choice, texts={"reason": "先到先得以外的理由"})
    assert holding(session) == [(second.number, "claimed")]
    assert first.case.state.noted("choice")[-1].facts["preferred"] is False
    second.do("decision.approve")
    first.now = second.now
    judge(first)
    assert refusal(first, "decision.approve").code == "guard.other_preferred"


@pytest.mark.parametrize("end", ["withdraw", "refuse", "revoke"])
def test_every_end_frees_the_sea(session: Session, town: Town, end: str) -> None:
    if end == "withdraw":
        story = Story(session, town).accepted().do("withdraw")
    elif end == "refuse":
        story = Story(session, town).judged()
        story.do("decision.refuse", ground="harms_nature", checklist=failing(story, "harms_nature"))
    else:
        story = Story(session, town).billed().do("revoke.decision")
        assert holding(session) == [(story.number, "claimed")]
        assert {each.kind: each.standing for each in story.documents}["decision"] == "revoked"
        story.do("withdraw")
    assert holding(session) == []


def test_a_decision_taken_back_can_be_made_again(session: Session, town: Town) -> None:
    story = Story(session, town).billed().do("revoke.decision")
    assert queries.bill_of(session, story.case.row.id) is None
    complete(story.do("decision.approve"))
    assert story.case.row.standing == "registered"


def test_an_application_can_be_filed_anew_from_one_that_ended(session: Session, town: Town) -> None:
    ended = Story(session, town).submitted().do("withdraw")
    story = Story(session, town, ended.now).submitted(follows=ended.number)
    assert story.case.row.follows_id == ended.case.row.id


def test_the_term_that_is_over_cannot_be_registered(session: Session, town: Town) -> None:
    story = Story(session, town).paid(build_draft(held=(date(2026, 9, 1), date(2026, 12, 31))))
    story.later(200)
    assert refusal(story, "registration.register").code == "case.term_over"
