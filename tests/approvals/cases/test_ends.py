"""How cases end: by whom and on what ground, what falls with them, what may still be done, and that one fault stops nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from api.jobs.bodies import note_rival
from approvals import billing, queries
from approvals.cases import asking, filekeeping, notices, running
from approvals.cases.acting import Asked
from approvals.cases.overdue import run_due
from approvals.cases.within import WITHIN
from approvals.effects import KINDS, OF_BUNDLES, WITHIN_THE_ACT
from approvals.library import packaged
from data.actors import Actor
from data.answers import Refusal
from parcels.queries import register as register_queries
from tests.approvals.cases.stage import (
    A_PDF,
    KEYS,
    PDF,
    Story,
    Town,
    build_draft,
    build_town,
    for_party,
)
from tests.parcels.builders import rectangle, rows


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


def papers(story: Story) -> dict[str, str]:
    return {each.kind: each.standing for each in queries.documents_of(story.session, story.case.row.id)}


def carry_out(story: Story) -> Story:
    """The jobs of the last act that touch notices, as the worker does them."""
    for effect in story.effects:
        if effect.kind == "withdraw_notice":
            notices.withdraw(story.session, story.number, story.works(Actor.machine()))
    return story


def test_an_approval_that_its_applicant_gives_up_leaves_no_paper_and_no_bill(session: Session, town: Town) -> None:
    story = Story(session, town).paid().do("withdraw")
    (bill,) = queries.bills_of(session, story.case.row.id)
    assert bill.standing == "void"
    told = papers(story)
    assert (told["decision"], told["fee_notice"], told["acceptance_notice"]) == ("revoked", "revoked", "making")


def test_money_goes_back_after_the_end_with_its_voucher_put_on_the_file_then(session: Session, town: Town) -> None:
    story = Story(session, town).paid().do("withdraw")
    owed = str(queries.bills_of(session, story.case.row.id)[0].owed_yuan)
    window = story.works(town.officer("window"))
    kept = filekeeping.put_on_file(session, story.number, "refund", "refund.pdf", PDF + b"%", A_PDF, window)
    facts = {
        "refunded_yuan": owed,
        "refunded_on": story.now.date().isoformat(),
        "refund_number": "T-1",
        "refund_digest": kept.digest.partition(":")[2],
    }
    over = refusal(story, "refund_excess", facts={**facts, "refunded_yuan": str(Decimal(owed) + 1)})
    assert over.code == "receipt.refund_over"
    story.do("refund_excess", facts=facts)
    assert billing.balance(session, queries.bills_of(session, story.case.row.id)[0]).excess == 0
    assert story.case.row.ended == "withdrawn"
    assert refusal(story, "refund_excess", facts={**facts, "refund_number": "T-2"}).code == "guard.no_excess"
    with pytest.raises(Refusal) as closed:
        filekeeping.put_on_file(session, story.number, "refund", "again.pdf", PDF + b"%%", A_PDF, window)
    assert closed.value.code == "act.case_ended"


def test_an_approval_that_lapses_unpaid_takes_its_papers_along_and_gives_back_what_was_paid(
    session: Session, town: Town
) -> None:
    story = Story(session, town).billed()
    facts = {
        "paid_yuan": "100.00",
        "paid_on": story.now.date().isoformat(),
        "receipt_number": "R-1",
        "voucher_digest": story.file("voucher"),
    }
    story.do("receipt.partial", facts=facts).later(365)
    assert due(story) == []
    assert due(story.later(1)) == [f"{story.number}: receipt.lapse"]
    told = papers(story)
    assert (story.case.row.ended, told["decision"], told["fee_notice"]) == ("lapsed", "revoked", "revoked")
    (bill,) = queries.bills_of(session, story.case.row.id)
    assert (bill.standing, billing.balance(session, bill).excess) == ("void", Decimal("100.00"))
    refund = {
        "refunded_yuan": "100.00",
        "refunded_on": facts["paid_on"],
        "refund_number": "T-1",
        "refund_digest": story.file("refund"),
    }
    story.do("refund_excess", facts=refund)


def test_the_notice_of_a_withdrawn_case_is_taken_down_and_nobody_is_asked_any_more(
    session: Session, town: Town
) -> None:
    story = Story(session, town).accepted().later(1)
    questions = queries.questions_of(session, story.case.row.id)
    assert [number for number, _ in queries.notices_on(session, story.now.date())] == [story.number]
    story = carry_out(story.do("withdraw"))
    assert queries.notices_on(session, story.now.date()) == []
    for question in questions:
        session.refresh(question)
    assert {question.standing for question in questions} == {"closed"}
    with pytest.raises(Refusal) as late:
        asking.question_behind(session, asking.link_token(KEYS, questions[0]))
    assert late.value.code == "question.withdrawn"
    events = [event.kind for event in queries.events_of_case(session, story.number)]
    assert events.count("case.question_withdrawn") == len(questions)
    assert events[-1] == "case.notice_withdrawn"


def test_a_claim_whose_notice_is_taken_down_is_seen_in_outline_again(session: Session, town: Town) -> None:
    story = Story(session, town).accepted()
    assert disclosed(session) == ["public"]
    machine = story.works(Actor.machine())
    assert notices.withdraw(session, story.number, machine)
    assert disclosed(session) == ["outline"]
    assert not notices.withdraw(session, story.number, machine)
    # Put up anew, it is public anew.
    assert notices.publish(session, story.number, machine)
    assert disclosed(session) == ["public"]


def disclosed(session: Session) -> list[str]:
    return [told for (told,) in rows(session, "SELECT disclosure FROM occupation WHERE upper_inf(known)")]


def test_a_notice_that_is_not_up_yet_cannot_be_closed(session: Session, town: Town) -> None:
    story = Story(session, town).submitted().later(1)
    passed = dict.fromkeys(story.case.template.steps["acceptance"].checklist, "pass")
    accept = Asked(name="acceptance.accept", checklist=passed)
    # As when the job that puts the notice up has not run yet.
    running.do_act(session, story.number, accept, story.works(town.officer("window")))
    assert refusal(story, "public_notice.close", facts={"objections": 0}).code == "guard.notice_not_up"


def due(story: Story) -> list[str]:
    @contextmanager
    def opened() -> Iterator[Session]:
        with story.session.begin_nested():
            yield story.session

    return run_due(opened, story.works(Actor.machine()), lambda session, effects: None)


def test_one_case_that_cannot_be_done_stops_no_other_and_is_told_at_the_end(session: Session, town: Town) -> None:
    broken = Story(session, town).submitted()
    other = for_party(Story(session, town), town.other).submitted(build_draft(rectangle(2000, 0, 2300, 300)))
    broken.case.row.use = {**(broken.case.row.use or {}), "from": None, "to": None}
    session.flush()  # the case is read anew by the act
    other.later(12)
    with pytest.raises(ExceptionGroup) as told:
        due(other)
    (fault,) = told.value.exceptions
    assert isinstance(fault, Refusal)
    assert (fault.code, fault.__notes__) == ("case.no_term", [f"{broken.number}: acceptance.accept"])
    assert (broken.case.row.standing, other.case.row.standing) == ("received", "accepted")


def test_one_case_that_cannot_be_read_stops_no_other(session: Session, town: Town) -> None:
    broken = Story(session, town).submitted()
    other = for_party(Story(session, town), town.other).submitted(build_draft(rectangle(2000, 0, 2300, 300)))
    broken.case.row.state = {**broken.case.row.state, "hash": "0" * 64}
    session.flush()  # the case is read anew
    other.later(12)
    with pytest.raises(ExceptionGroup) as told:
        due(other)
    (fault,) = told.value.exceptions
    assert (str(fault), fault.__notes__) == ("process.version_lost", [broken.number])
    assert other.case.row.standing == "accepted"


def overlapping(story: Story) -> Story:
    """Another applicant's accepted case on part of the same sea."""
    second = for_party(Story(story.session, story.town, story.now), story.town.other)
    second.open(build_draft(rectangle(200, 0, 500, 300))).fill().sign()
    return second.do("submission.submit", acknowledged=True).later(1).do("acceptance.accept")


class Bench:
    """What the body of a job is handed of the workshop, where only the works are asked for."""

    def __init__(self, story: Story) -> None:
        self.story = story

    def works(self, session: Session) -> Any:
        return self.story.works(Actor.machine())


def have_noted(story: Story, case: str, rival: str) -> list[str]:
    """Do the job that notes a rival; who is noted on the case then."""
    note_rival(story.session, Bench(story), case=case, rival=rival)  # type: ignore[arg-type]
    told = queries.case_by_number(story.session, case)
    assert told is not None
    return [note["facts"]["case_number"] for note in told.state["notes"] if note["kind"] == "competition"]


@pytest.fixture
def no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """The session of these tests rolls back; its jobs are looked at elsewhere."""
    monkeypatch.setattr("api.jobs.bodies.enqueue", lambda session, effects: [])


@pytest.mark.usefixtures("no_queue")
def test_a_rival_is_noted_on_a_case_that_was_decided_meanwhile_and_on_no_registered_or_ended_one(
    session: Session, town: Town
) -> None:
    first = Story(session, town).judged()
    second = overlapping(first)
    first.now = second.now
    first.do("decision.approve")
    assert have_noted(second, first.number, second.number) == [second.number]
    # Taken back, the decision cannot be made again without a choice.
    assert refusal(first.do("revoke.decision"), "decision.approve").code == "guard.competition_open"
    gone = Story(session, town, second.now).open(build_draft(rectangle(2000, 0, 2300, 300)))
    gone.fill().sign().do("submission.submit").do("withdraw")
    assert have_noted(second, gone.number, second.number) == []
    assert have_noted(second, second.number, gone.number) == [first.number]


@pytest.mark.usefixtures("no_queue")
def test_a_registered_case_notes_no_rival_and_the_job_ends(session: Session, town: Town) -> None:
    first = Story(session, town).registered()
    other = for_party(Story(session, town, first.now), town.other).submitted(build_draft(rectangle(2000, 0, 2300, 300)))
    assert have_noted(other, first.number, other.number) == []


@pytest.mark.parametrize("which", ["nobody", "itself", "a draft", "an ended one"])
def test_only_another_application_that_runs_can_be_noted_as_competing(session: Session, town: Town, which: str) -> None:
    story = Story(session, town).submitted()
    other = for_party(Story(session, town), town.other).open(build_draft(rectangle(2000, 0, 2300, 300)))
    if which == "an ended one":
        other.fill().sign().do("submission.submit").do("withdraw")
    number = {"nobody": "no such case", "itself": story.number}.get(which, other.number)
    assert refusal(story, "note_competing", facts={"case_number": number}).code == "case.no_rival"
    assert story.case.state.noted("competition") == ()


def test_what_the_window_notes_is_noted_on_the_other_case_too(session: Session, town: Town) -> None:
    story = Story(session, town).submitted()
    other = for_party(Story(session, town), town.other).submitted(build_draft(rectangle(2000, 0, 2300, 300)))
    story.do("note_competing", facts={"case_number": other.number})
    told = [effect.facts for effect in story.effects if effect.kind == "note_rival"]
    assert told == [{"case": other.number, "rival": story.number}]


def test_a_rival_that_withdrew_holds_nobody_up(session: Session, town: Town) -> None:
    first = Story(session, town).accepted()
    second = overlapping(first)
    first.now = second.now
    first.do("withdraw")
    second.do("technical_review.pass", facts={"expert_review": False})
    lost = {"case_number": first.number, "preferred": False}
    assert refusal(second, "choose", facts=lost, texts={"reason": "先到"}).code == "case.no_rival"
    second.do("choose", facts={**lost, "preferred": True}, texts={"reason": "对方已撤回"})
    claim = register_queries.open_claim(session, second.number)
    assert claim is not None
    assert first.case.state.noted("choice") == ()


def test_an_approver_of_everywhere_decides_for_the_government_that_is_competent(session: Session, town: Town) -> None:
    story = Story(session, town).judged()
    everywhere = Actor(person=5, roles=frozenset({"approver", "officer"}), posts=frozenset({("approver", None)}))
    story.do("decision.approve", everywhere)
    (task,) = story.case.state.current("decision")
    assert (task.facts["authority"], task.facts["computed_authority"]) == ("371082", "371082")


def test_every_effect_of_a_packaged_template_has_somebody_who_carries_it_out() -> None:
    from api.jobs.kinds import JOB_OF

    assert set(WITHIN) == {*WITHIN_THE_ACT, "paper"}
    assert WITHIN_THE_ACT | set(JOB_OF) == set(KINDS) - OF_BUNDLES
    assert {template.kind for template in packaged().templates.values()} == {"matter"}
