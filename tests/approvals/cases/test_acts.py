"""Acts on a running case: what they may bring, who may do them, and that two officers never overwrite each other."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from approvals import queries
from approvals.cases import drafting, signing
from approvals.cases.running import roles_in
from approvals.cases.store import case_for
from data.actors import Actor
from data.answers import Refusal
from tests.approvals.cases.stage import KEYS, OFFICES, PDF, Story, Town, build_draft, build_town
from tests.parcels.builders import rectangle, rows


@pytest.fixture
def town(session: Session) -> Town:
    return build_town(session)


@pytest.fixture
def story(session: Session, town: Town) -> Story:
    return Story(session, town)


def refusal(story: Story, name: str, actor: Actor | None = None, **given) -> Refusal:
    with pytest.raises(Refusal) as refused:
        story.do(name, actor, **given)
    return refused.value


def kinds_of_events(story: Story) -> list[str]:
    return [event.kind for event in queries.events_of_case(story.session, story.number)]


def test_a_refused_act_leaves_no_trace(story: Story) -> None:
    story.submitted()
    before = kinds_of_events(story), story.case.row.version
    assert refusal(story, "acceptance.accept", checklist={}).code == "act.checklist_open"
    assert (kinds_of_events(story), story.case.row.version) == before


def test_two_officers_on_one_case_never_overwrite_each_other(story: Story, town: Town) -> None:
    story.submitted()
    version = story.case.row.version
    story.do("acceptance.accept", town.officer("window", person=2), version=version)
    late = refusal(story, "acceptance.reject", town.officer("window", person=3), version=version, ground="other_office")
    assert (late.code, late.facts["version"], late.facts["now"] > version) == ("case.changed_meanwhile", version, True)


@pytest.mark.parametrize("role", ["reviewer", "approver", "registrar", "planner"])
def test_an_act_is_for_the_role_that_the_template_names(story: Story, town: Town, role: str) -> None:
    assert refusal(story.submitted(), "acceptance.accept", town.officer(role)).code == "act.not_this_role"


def test_an_officer_of_another_place_is_none_here(story: Story, town: Town, session: Session) -> None:
    story.submitted()
    elsewhere = Actor(
        person=7, roles=frozenset({"window", "officer"}), posts=frozenset({("window", town.county + 999)})
    )
    assert refusal(story, "acceptance.accept", elsewhere).code == "act.not_this_role"


def test_facts_of_the_system_cannot_be_brought(story: Story) -> None:
    story.judged()
    told = {"check_grade": "clear", "computed_authority": "371082"}
    assert refusal(story, "decision.approve", facts=told).code == "act.fact_by_system"


def test_a_digest_must_be_that_of_a_file_on_the_case(story: Story) -> None:
    story.billed()
    facts = {"paid_yuan": "1.00", "paid_on": "2026-09-01", "receipt_number": "R1", "voucher_digest": "d" * 64}
    assert refusal(story, "receipt.partial", facts=facts).code == "act.file_not_on_case"


def test_nothing_is_filed_without_a_signature(story: Story) -> None:
    story.open().fill()
    assert refusal(story, "submission.submit").code == "signing.missing"


@pytest.mark.parametrize("change", ["form", "boundary", "material", "holders"])
def test_any_change_after_signing_voids_the_signature(story: Story, town: Town, change: str) -> None:
    story.open().fill().sign()
    if change == "form":
        drafting.fill(story.session, story.number, {"contact": "王五"}, story.works(town.enterprise))
    elif change == "boundary":
        draft = build_draft(rectangle(0, 0, 290, 300))
        drafting.set_use(story.session, story.number, draft, story.works(town.enterprise))
    elif change == "material":
        story.file("credit", provided_by="applicant", actor=town.enterprise, content=PDF + b"\n% again")
    else:
        shares = [drafting.HolderShare(town.party, "joint"), drafting.HolderShare(town.other, "joint")]
        drafting.set_holders(story.session, story.number, shares, story.works(town.enterprise))
    assert refusal(story, "submission.submit").code == "signing.missing"
    story.sign().do("submission.submit")


def test_a_wrong_code_counts_and_five_are_too_many(story: Story, town: Town) -> None:
    story.open().fill()
    by = story.works(town.enterprise)
    _, message = signing.ask_for_code(story.session, story.number, by)
    right = KEYS.open_text(signing.CODE_PURPOSE, message.sealed or b"")
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    left = [signing.sign_by_code(story.session, story.number, wrong, by).facts["left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    refused = signing.sign_by_code(story.session, story.number, right, by)
    assert isinstance(refused, Refusal)
    assert refused.code == "signing.none_asked"


def test_a_code_is_another_persons_own(story: Story, town: Town) -> None:
    story.open().fill()
    _, message = signing.ask_for_code(story.session, story.number, story.works(town.enterprise))
    code = KEYS.open_text(signing.CODE_PURPOSE, message.sealed or b"")
    colleague = Actor(person=99, acts_for=frozenset({town.party}))
    refused = signing.sign_by_code(story.session, story.number, code, story.works(colleague))
    assert isinstance(refused, Refusal)


def test_an_old_code_holds_no_longer(story: Story, town: Town) -> None:
    story.open().fill()
    _, message = signing.ask_for_code(story.session, story.number, story.works(town.enterprise))
    code = KEYS.open_text(signing.CODE_PURPOSE, message.sealed or b"")
    story.later(1)
    refused = signing.sign_by_code(story.session, story.number, code, story.works(town.enterprise))
    assert isinstance(refused, Refusal)
    assert refused.code == "signing.expired"


def test_a_correction_opens_the_form_once_and_is_signed_anew(story: Story, town: Town) -> None:
    story.submitted()
    with pytest.raises(Refusal) as refused:
        drafting.fill(story.session, story.number, {"contact": "王五"}, story.works(town.enterprise))
    assert refused.value.code == "case.not_editable"
    story.do("acceptance.ask_for_correction", items=("contact",), texts={"contact": "联系人电话打不通"})
    drafting.fill(story.session, story.number, {"contact": "王五"}, story.works(town.enterprise))
    assert refusal(story, "correction.supply", items=("contact",)).code == "signing.missing"
    story.sign().do("correction.supply", items=("contact",))
    again = refusal(story, "acceptance.ask_for_correction", items=("contact",))
    assert again.code == "guard.once_only"
    assert [document.kind for document in story.documents].count("use_application") == 2


def test_a_case_that_has_ended_takes_no_act(story: Story) -> None:
    story.submitted().do("withdraw")
    assert refusal(story, "acceptance.accept").code == "act.case_ended"


def test_the_public_notice_must_have_run(story: Story) -> None:
    story.accepted().do("technical_review.pass", facts={"expert_review": False})
    assert refusal(story, "public_notice.close", facts={"objections": 0}).code == "guard.notice_running"
    notice = queries.notice_of(story.session, story.case.row.id)
    assert notice is not None
    assert (notice.first.isoformat(), notice.last.isoformat()) == ("2026-09-03", "2026-09-09")
    shown = rows(story.session, "SELECT disclosure FROM occupation WHERE upper_inf(known) AND claim_id IS NOT NULL")
    assert shown == [("public",)]


def test_every_office_of_the_rule_book_is_asked_with_a_day_to_answer(story: Story) -> None:
    story.accepted()
    asked = queries.questions_of(story.session, story.case.row.id)
    assert sorted(question.office for question in asked) == sorted(OFFICES)
    assert {question.answer_by.isoformat() for question in asked if question.answer_by} == {"2026-09-07"}
    assert len({question.token_hash for question in asked}) == len(OFFICES)


def test_every_act_of_the_template_has_somebody_who_may_do_it(story: Story) -> None:
    story.open()
    template = story.case.template
    names = [f"{step}.{outcome}" for step, told in template.steps.items() for outcome in told.outcomes]
    assert all(roles_in(template, name) for name in [*names, *template.acts])


def test_an_unknown_case_is_not_there(session: Session) -> None:
    for number in ("371082-HY-2026-999999", "a\0b", ""):
        with pytest.raises(Refusal) as refused:
            case_for(session, number)
        assert refused.value.code == "case.not_found"
