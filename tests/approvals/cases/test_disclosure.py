"""What an applicant learns of a case's sources (register.md §5): what the check would tell, in views, in the chain, and on papers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from approvals import queries
from approvals.cases import notices, running
from approvals.cases.acting import Asked
from approvals.cases.checking import check_for_applicant, check_for_office, compute_again, digest_of, use_of
from approvals.cases.disclosed import events_view, materials_known, questions_view
from approvals.cases.views import case_view, listed_view
from approvals.models import CaseTask
from approvals.papers.content import as_json
from approvals.papers.reserving import content_in
from approvals.papers.words import both
from data.actors import Actor
from marine.findings import Grade
from parcels.publishing import ZoneDraft
from tests.api.world import publish
from tests.approvals.cases.stage import KEYS, OFFICES, Story, Town, box, build_draft, build_town, for_party
from tests.approvals.cases.test_sea import layered
from tests.parcels.builders import rectangle


@pytest.fixture
def town(session: Session) -> Town:
    return build_town(session)


def test_a_registered_case_does_not_stand_against_its_own_right(session: Session, town: Town) -> None:
    story = Story(session, town).registered()
    reports = (
        check_for_office(session, story.case, story.works(town.officer("registrar"))),
        check_for_applicant(session, story.case, use_of(story.case), story.works(town.enterprise)),
    )
    assert [report.grade < Grade.NEEDS_CONSENT for report in reports] == [True, True]
    assert ["right.none" in {finding.code for finding in report.findings} for report in reports] == [True, True]


def zone(session: Session, code: str, disclosure: str, *, west: float = 100, east: float = 200) -> None:
    """A layer whose one zone, across the parcel of the tests, asks for an office's word."""
    shape = box(west, 0, east, 300)
    drawn = ZoneDraft(
        identity=f"Z-{code}", name_zh=f"{code}区", name_en=f"{code} zone", effect="consult", geometry=shape
    )
    publish(session, code, "zones", [drawn], disclosure)


def said(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False)


def tells(told: Any, *words: str) -> bool:
    """Whether any of the words stands anywhere in what was told."""
    return any(word in said(told) for word in words)


def asked(story: Story, actor: Actor) -> list[dict[str, Any]]:
    return questions_view(story.session, story.case, story.works(actor))


def head(story: Story, actor: Actor) -> dict[str, Any]:
    return case_view(story.session, story.case, story.works(actor))


def chain(story: Story, actor: Actor) -> list[dict[str, Any]]:
    return list(events_view(story.session, story.case, story.works(actor)))


# The layer's name, and the hectares by the true edge: 300 m by 100 m, after rounding to whole milliseconds.
HIDDEN = ("secret", "3.000")


@pytest.mark.parametrize("disclosure", ["officer", "outline"])
def test_hidden_zones_are_one_question_and_one_task_to_the_applicant_and_named_to_every_officer(
    session: Session, town: Town, disclosure: str
) -> None:
    zone(session, "secret", disclosure)
    zone(session, "secrets", disclosure, west=150, east=250)
    story = Story(session, town).accepted()
    told = asked(story, town.enterprise)
    assert not tells(told, *HIDDEN)
    (hidden,) = [each for each in told if each["key"] is None]
    assert (hidden["id"], hidden["office"], hidden["answer_by"], hidden["finding"]) == (None, None, None, None)
    assert hidden["text"] == {"zh": "一个部门要看这个位置。", "en": "An office must look at this place."}
    assert {each["key"] for each in told if each["key"]} == {f"office:{name}" for name in OFFICES}
    for view in (head(story, town.enterprise), listed(story, town.enterprise)):
        assert not tells(view, *HIDDEN)
        keys = [task["key"] for task in view["tasks"] if task["step"] == "consultation"]
        assert (len(keys), keys.count(None)) == (len(OFFICES) + 1, 1)
    for role in ("planner", "steward", "window", "reviewer", "approver", "registrar"):
        officer = town.officer(role)
        found = {each["key"]: each for each in asked(story, officer)}
        assert len(found) == len(OFFICES) + 2
        assert found["layer:secret"]["finding"]["facts"]["overlap_ha"].startswith("3.000")
        assert tells(head(story, officer), "layer:secrets")
        assert tells(listed(story, officer), "layer:secrets")


def listed(story: Story, actor: Actor) -> dict[str, Any]:
    row = story.case.row
    tasks = story.session.query(CaseTask).filter_by(case_id=row.id, status="open").all()
    return listed_view(story.session, row, tasks, story.works(actor))


def test_an_officer_of_another_place_who_acts_for_the_applicant_reads_what_the_applicant_reads(
    session: Session, town: Town
) -> None:
    zone(session, "secret", "officer")
    story = Story(session, town).accepted()
    elsewhere = replace(town.officer("window", place=town.county + 999), acts_for=frozenset({town.party}))
    assert said(asked(story, elsewhere)) == said(asked(story, town.enterprise))
    assert said(chain(story, elsewhere)) == said(chain(story, town.enterprise))


def test_a_public_zone_is_named_to_the_applicant_though_its_layer_has_a_hidden_one(
    session: Session, town: Town
) -> None:
    shapes = {"open": box(0, 0, 100, 300), "secret": box(100, 0, 300, 300)}
    drawn = [
        ZoneDraft(
            identity=name, name_zh=name, name_en=name, effect="consult", geometry=shape,
            disclosure="public" if name == "open" else "officer",
        )
        for name, shape in shapes.items()
    ]  # fmt: skip
    publish(session, "fairway", "zones", drawn[:1])
    publish(session, "reef", "zones", drawn)
    story = Story(session, town).accepted()
    told = {each["key"]: each for each in asked(story, town.enterprise)}
    assert told["layer:fairway"]["question"]["facts"]["overlap_ha"].startswith("2.99")
    # The office of the reef was asked about its larger zone, which is hidden.
    assert not tells(list(told.values()), "layer:reef", "5.99", "6.00", "secret")
    assert None in told


def test_the_chain_tells_the_applicant_no_hidden_source_and_the_officer_every_body_as_it_was_hashed(
    session: Session, town: Town
) -> None:
    zone(session, "secret", "officer")
    story = Story(session, town).accepted()
    story.do(
        "consultation.conditions",
        town.officer("window"),
        key="layer:secret",
        facts={"answer_digest": story.file("answer")},
    )
    whole, told = chain(story, town.officer("planner")), chain(story, town.enterprise)
    assert tells(whole, "layer:secret") and all(each["whole"] for each in whole)
    assert not tells(told, "secret", "found_grade", "report_digest", "answer_digest")
    assert [(each["seq"], each["kind"], each["hash"]) for each in told] == [
        (each["seq"], each["kind"], each["hash"]) for each in whole
    ]
    bodies = {each["kind"]: each["body"] for each in told}
    assert bodies["case.checking.record"]["act"]["facts"] == {"competent_authority": "371082"}
    assert bodies["case.consultation.conditions"]["act"] == {
        "name": "consultation.conditions", "on": story.now.date().isoformat(), "role": "window",
    }  # fmt: skip
    assert bodies["case.submission.submit"]["act"]["facts"].keys() == {
        "form_digest", "materials_digest", "boundary_hash", "rules_hash",
    }  # fmt: skip
    assert bodies["case.form.entered"] == {each["kind"]: each["body"] for each in whole}["case.form.entered"]


def test_a_rival_is_named_once_its_claim_is_public_and_never_in_what_the_chain_has_hashed(
    session: Session, town: Town
) -> None:
    # The rival's notice is not up yet.
    first = for_party(Story(session, town), town.other).submitted().later(1)
    passed = dict.fromkeys(first.case.template.steps["acceptance"].checklist, "pass")
    accept = Asked(name="acceptance.accept", checklist=passed)
    running.do_act(session, first.number, accept, first.works(town.officer("window")))
    second = Story(session, town, first.now).open(build_draft(rectangle(200, 0, 500, 300))).fill().sign()
    second.do("submission.submit", acknowledged=True).later(1).do("acceptance.accept")
    assert head(second, town.officer("approver"))["competing"] == [first.number]
    assert head(second, town.enterprise)["competing"] == []
    assert not tells([chain(second, town.enterprise), asked(second, town.enterprise)], first.number, "3.00")
    (unclaimed,) = [each for each in chain(second, town.officer("approver")) if each["kind"] == "case.sea_unclaimed"]
    assert unclaimed["body"] == {"reason": "register.conflict", "findings": ["sea.exclusive"]}
    (withheld,) = [each for each in chain(second, town.enterprise) if each["kind"] == "case.sea_unclaimed"]
    assert (withheld["body"], withheld["whole"], withheld["hash"]) == ({}, False, unclaimed["hash"])
    assert notices.publish(session, first.number, first.works(Actor.machine()))
    assert head(second, town.enterprise)["competing"] == [first.number]
    assert tells(chain(second, town.enterprise), first.number)


def test_a_consent_asked_of_an_applicant_is_told_without_the_case_until_it_is_public(
    session: Session, town: Town
) -> None:
    below = for_party(Story(session, town), town.other).submitted(layered("seabed")).later(1)
    passed = dict.fromkeys(below.case.template.steps["acceptance"].checklist, "pass")
    accept = Asked(name="acceptance.accept", checklist=passed)
    running.do_act(session, below.number, accept, below.works(town.officer("window")))
    above = Story(session, town, below.now).accepted(layered("surface"))
    (withheld,) = [each for each in asked(above, town.enterprise) if each["step"] == "consents"]
    assert (withheld["id"], withheld["party"], withheld["question"]["code"]) == (
        None,
        None,
        "question.consents.withheld",
    )
    assert not tells([head(above, town.enterprise), chain(above, town.enterprise)], below.number)
    # Whoever is asked reads the question in words, and holds no right by them.
    (put,) = asked(above, Actor(person=9, acts_for=frozenset({town.other}), roles=frozenset({"enterprise"})))
    assert put["key"] == f"case:{below.number}"
    assert "in plane by 9.00" in put["text"]["en"] and "ha the sea that you have applied for" in put["text"]["en"]


def test_a_consent_asked_of_a_holder_is_told_to_the_applicant_for_a_right_is_public(
    session: Session, town: Town
) -> None:
    below = for_party(Story(session, town), town.other).registered(layered("seabed"))
    above = Story(session, town, below.now).accepted(layered("surface"))
    (put,) = [each for each in asked(above, town.enterprise) if each["step"] == "consents"]
    assert (put["key"], put["party"]) == (f"right:{below.case.row.right_id}", town.other)
    assert "overlaps your right in plane by 9.00" in put["text"]["en"]
    above.do("consents.give", town.officer("window"), key=put["key"], facts={"consent_digest": above.file("consent")})
    (given,) = [each for each in asked(above, town.enterprise) if each["step"] == "consents"]
    assert (given["id"], given["answer"]) == (put["id"], "give")


def test_the_report_that_an_applicant_filed_is_computed_again_as_the_applicant_could_read_it(
    session: Session, town: Town
) -> None:
    zone(session, "secret", "officer")
    story = Story(session, town).accepted()
    for purpose, told in (("submission", "hidden.cell"), ("acceptance", "zone.consult")):
        filed = queries.last_report(session, story.case.row.id, purpose)
        assert filed is not None
        again = compute_again(session, filed, [])
        assert digest_of(again) == filed.digest
        assert told in {finding.code for finding in again.findings}


@pytest.mark.parametrize("act", ["decision.approve", "decision.refuse"])
def test_a_paper_tells_what_its_applicant_may_know_and_the_filed_report_the_figures(
    session: Session, town: Town, act: str
) -> None:
    zone(session, "secret", "officer")
    zone(session, "fairway", "public")
    story = Story(session, town).judged()
    if act == "decision.refuse":
        checklist = dict.fromkeys(story.case.template.steps["decision"].checklist, "pass")
        story.do(act, ground="harms_nature", checklist={**checklist, "harms_nature": "fail"})
    else:
        story.do(act)
    (document,) = [each for each in story.documents if each.kind in ("decision", "refusal")]
    content = content_in(document, KEYS)
    told = said(as_json(content))
    assert "secret" not in told and "一个部门要看这个位置" in told
    assert "fairway" in told
    # Every answer is in: what is left is told as clear, and the hidden zone is in the report that the office has filed.
    grades = [
        row.value["en"]
        for block in content.blocks
        for row in block.rows
        if row.label == both("paper.label.check_grade")
    ]
    assert grades == (["clear"] if act == "decision.approve" else [])
    filed = queries.last_report(session, story.case.row.id, "acceptance")
    assert filed is not None
    assert "secret" in {finding.facts.get("layer") for finding in compute_again(session, filed, []).findings}


@pytest.mark.parametrize(("disclosure", "is_seen"), [("officer", False), ("public", True)])
def test_the_letter_of_an_office_is_seen_by_whoever_may_know_that_it_was_asked(
    session: Session, town: Town, disclosure: str, is_seen: bool
) -> None:
    zone(session, "asked", disclosure)
    story = Story(session, town).accepted()
    (put,) = [each for each in queries.questions_of(session, story.case.row.id) if each.key == "layer:asked"]
    facts = {"answer_digest": story.file("answer")}
    story.do("consultation.conditions", town.officer("window"), key=put.key, facts=facts)
    for reader, sees in ((town.officer("window"), True), (town.enterprise, is_seen)):
        found = materials_known(session, story.case, story.works(reader))
        assert ("answer" in {row.name for row in found}) is sees
        assert "argumentation" in {row.name for row in found}
