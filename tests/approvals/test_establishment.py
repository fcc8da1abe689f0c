"""Establishment by application, from the form to the rating: the complete set of acts in every state (conventions §13)."""

from __future__ import annotations

import pytest

from approvals.engine import replay
from approvals.state import State
from data.answers import Refusal
from tests.approvals.builders import Story, accepted, approved, ready_to_decide

ALWAYS = {"withdraw"}
FILED = {*ALWAYS, "note_competing"}
WHILE_JUDGED = {*ALWAYS, "extend", "leave_out_days", "note_competing", "ask_for_supplement", "call_hearing"}
REVIEW = {"technical_review.pass", "technical_review.object"}
NOTICE = {"public_notice.close"}
SURVEY = {"site_survey.record"}


def kinds(story: Story) -> list[str]:
    return [f"{each.kind}:{each.of}" if each.of else each.kind for each in story.brought]


def refusal(story: Story, name: str, **changed) -> str:
    with pytest.raises(Refusal) as refused:
        story.do(name, **changed)
    return refused.value.code


def test_a_draft_can_be_submitted_or_given_up() -> None:
    assert Story().possible() == {"submission.submit", "lapse", *ALWAYS}


def test_what_was_submitted_is_accepted_sent_back_or_rejected() -> None:
    story = Story().do("submission.submit")
    assert story.possible() == {
        "acceptance.accept",
        "acceptance.ask_for_correction",
        "acceptance.reject",
        "note_competing",
        *ALWAYS,
    }
    assert story.possible("window") == {
        "acceptance.accept",
        "acceptance.ask_for_correction",
        "acceptance.reject",
        "note_competing",
    }
    assert kinds(story) == [
        "paper:use_application",
        "paper:registration_application",
        "paper:boundary_sheet",
        "paper:position_sheet",
        "notify:window",
    ]


def test_a_correction_is_asked_once_and_answered_item_by_item() -> None:
    story = Story().do("submission.submit").do("acceptance.ask_for_correction", items=("term", "credit"))
    assert story.possible() == {"correction.supply", "correction.lapse", "note_competing", *ALWAYS}
    assert refusal(story, "correction.supply", items=("term",)) == "guard.items_open"
    story.do("correction.supply", items=("credit", "term"), facts={"boundary_hash": "e" * 64})
    assert story.state.fact("boundary_hash") == "e" * 64
    assert story.possible() == {"acceptance.accept", "acceptance.reject", "note_competing", *ALWAYS}


def test_a_correction_without_items_is_refused() -> None:
    assert refusal(Story().do("submission.submit"), "acceptance.ask_for_correction", items=()) == "act.items_missing"


def test_a_correction_that_never_comes_lapses() -> None:
    story = Story().do("submission.submit").do("acceptance.ask_for_correction").do("correction.lapse")
    assert story.state.ended == "lapsed"
    assert story.possible() == frozenset()


def test_rejection_names_a_ground_of_the_licensing_law() -> None:
    story = Story().do("submission.submit")
    assert refusal(story, "acceptance.reject", ground=None) == "act.ground_missing"
    assert refusal(story, "acceptance.reject", ground="against_plan") == "act.ground_missing"
    story.do("acceptance.reject", ground="reclamation_stopped")
    assert (story.state.ended, story.possible()) == ("rejected", frozenset())


def test_acceptance_claims_the_sea_and_waits_for_the_check() -> None:
    story = Story().do("submission.submit").do("acceptance.accept")
    assert kinds(story) == ["claim_sea", "paper:acceptance_notice", "notify:applicant"]
    assert story.possible() == {"checking.record", "note_competing", *ALWAYS}


def test_after_the_check_everything_runs_in_parallel() -> None:
    story = accepted()
    assert story.possible() == {
        *WHILE_JUDGED,
        *REVIEW,
        *SURVEY,
        *NOTICE,
        *{f"consents.{outcome}[finding-{n}]" for outcome in ("give", "refuse") for n in (1, 2)},
        *{
            f"consultation.{outcome}[{office}]"
            for outcome in ("no_objection", "conditions", "object", "no_answer")
            for office in ("maritime", "military")
        },
    }
    assert sorted(kinds(story)) == ["ask:holder"] * 2 + ["ask:office"] * 2 + ["notify:reviewer", "publish_notice"]


def test_without_findings_and_offices_nobody_is_asked() -> None:
    story = accepted(needs_consent=[], offices=[])
    assert story.possible() == {*WHILE_JUDGED, *REVIEW, *SURVEY, *NOTICE}


def test_experts_are_asked_only_where_the_reviewer_says_so() -> None:
    story = accepted(needs_consent=[], offices=[]).do("technical_review.pass", facts={"expert_review": True})
    assert story.possible() == {
        *WHILE_JUDGED,
        *SURVEY,
        *NOTICE,
        "expert_review.endorse",
        "expert_review.oppose",
        "revoke.technical_review",
    }
    story.do("site_survey.record").do("public_notice.close").do("expert_review.oppose")
    assert "decision.approve" not in story.possible()
    assert "decision.refuse" in story.possible()


def test_a_case_lapses_only_while_it_waits_for_nobody_of_the_office() -> None:
    story = accepted(offices=[])
    for name in ("technical_review.pass", "site_survey.record", "public_notice.close"):
        assert not {"lapse", "lapse_claim"} & story.possible()
        story.do(name)
    # Only the neighbours' consents are open now.
    assert "lapse_claim" in story.possible()
    assert "lapse_claim" not in story.do("call_hearing").possible()
    story.do("hearing.waive").do("consents.give", key="finding-1").do("consents.give", key="finding-2")
    assert not {"lapse", "lapse_claim"} & story.possible()
    assert not {"lapse", "lapse_claim"} & story.do("decision.approve").possible()


def test_what_waited_for_an_answer_is_taken_down_when_the_case_ends() -> None:
    story = accepted(needs_consent=["finding-1"], offices=["maritime"]).do("withdraw")
    told = {(each.kind, each.step, each.key) for each in story.brought if each.kind.startswith("withdraw_")}
    assert told == {
        ("withdraw_question", "consents", "finding-1"),
        ("withdraw_question", "consultation", "maritime"),
        ("withdraw_notice", "public_notice", None),
    }


def test_the_decision_waits_for_every_consent() -> None:
    story = accepted(offices=[]).do("technical_review.pass").do("site_survey.record").do("public_notice.close")
    story.do("consents.give", key="finding-1")
    assert "decision.approve" not in story.possible()
    assert "decision.refuse" not in story.possible()
    story.do("consents.give", key="finding-2")
    assert story.possible("approver") == {"decision.approve", "decision.refuse", "extend"}


def test_a_consent_that_was_refused_leaves_only_the_refusal() -> None:
    story = accepted(offices=[]).do("technical_review.pass").do("site_survey.record").do("public_notice.close")
    story.do("consents.give", key="finding-1").do("consents.refuse", key="finding-2")
    assert story.possible("approver") == {"decision.refuse", "extend"}


def test_a_consent_for_another_boundary_is_none() -> None:
    story = accepted()
    given = {"facts": {"boundary_hash": "e" * 64}}
    assert refusal(story, "consents.give", key="finding-1", **given) == "guard.other_boundary"


def test_at_the_decision_the_set_is_complete() -> None:
    assert ready_to_decide().possible() == {
        *WHILE_JUDGED,
        "decision.approve",
        "decision.refuse",
        "revoke.technical_review",
        "revoke.site_survey",
    }


def test_the_decision_repeats_the_check_and_is_made_by_the_computed_authority() -> None:
    story = ready_to_decide()
    assert refusal(story, "decision.approve", facts={"check_grade": "conflict"}) == "guard.sea_not_free"
    assert refusal(story, "decision.approve", facts={"check_grade": "needs_consent"}) == "guard.sea_not_free"
    assert refusal(story, "decision.approve", facts={"authority": "3710"}) == "guard.other_authority"
    assert refusal(story, "decision.approve", facts={"boundary_hash": "e" * 64}) == "guard.other_boundary"
    story.do("decision.approve")
    assert kinds(story) == ["hold_sea", "paper:decision", "notify:applicant"]


def test_refusal_names_one_of_the_eight_grounds_and_frees_the_sea() -> None:
    story = ready_to_decide()
    assert len(story.template.grounds["refusal"]) == 8
    assert refusal(story, "decision.refuse", ground="other_office") == "act.ground_missing"
    all_passed = dict.fromkeys(story.template.steps["decision"].checklist, "pass")
    assert refusal(story, "decision.refuse", checklist=all_passed) == "act.checklist_not_failed"
    another = {**all_passed, "hinders_safety": "fail"}
    assert refusal(story, "decision.refuse", ground="harms_nature", checklist=another) == "guard.ground_not_failed"
    story.do("decision.refuse", ground="harms_military_area")
    assert story.state.ended == "refused"
    assert kinds(story)[0] == "free_sea"


def test_a_refusal_is_made_by_the_computed_authority_as_an_approval_is() -> None:
    story = ready_to_decide()
    assert refusal(story, "decision.refuse", facts={"authority": "3710"}) == "guard.other_authority"
    assert refusal(story, "decision.refuse", facts={"computed_authority": None}) == "guard.other_authority"


def test_a_notice_that_is_not_up_or_still_runs_cannot_be_closed() -> None:
    story = accepted()
    not_up = {"notice_first": None, "notice_last": None}
    assert refusal(story, "public_notice.close", facts=not_up) == "guard.notice_not_up"
    assert refusal(story, "public_notice.close", facts={"notice_last": story.on.isoformat()}) == "guard.notice_running"


def test_no_record_of_the_procedure_takes_free_words() -> None:
    """Facts stand in the hashed body; names of persons and sentences are digests there (register.md §7)."""
    template = Story().template
    told = [outcome.records for step in template.steps.values() for outcome in step.outcomes.values()]
    told += [act.records for act in template.acts.values()]
    stated = {name for records in told for name, each in records.items() if each.type == "text" and not each.by_system}
    assert stated == {"case_number", "exemption_number", "receipt_number", "refund_number"}


def test_an_approved_case_waits_for_the_bill() -> None:
    assert approved().possible() == {"bill.issue", "bill.exempt", "leave_out_days", "revoke.decision", *FILED}


def test_an_unknown_rate_stops_at_the_bill_and_goes_on_once_it_is_known() -> None:
    story = approved()
    assert refusal(story, "bill.issue", facts={"owed_yuan": None}) == "guard.fee_unknown"
    story.do("bill.issue")
    assert story.possible() == {
        "receipt.paid",
        "receipt.partial",
        "receipt.exempt",
        "receipt.lapse",
        "leave_out_days",
        "revoke.decision",
        *FILED,
    }


def test_part_payments_add_up_until_the_bill_is_covered() -> None:
    story = approved().do("bill.issue", facts={"owed_yuan": "100.00"})
    story.do("receipt.partial", facts={"paid_yuan": "40.00"})
    assert refusal(story, "receipt.paid", facts={"paid_yuan": "59.99"}) == "guard.payment_incomplete"
    assert refusal(story, "receipt.partial", facts={"paid_yuan": "60.00"}) == "guard.payment_not_partial"
    story.do("receipt.partial", facts={"paid_yuan": "10.00"}).do("receipt.paid", facts={"paid_yuan": "50.00"})
    assert story.possible() == {
        "registration.register",
        "leave_out_days",
        "revoke.decision",
        "revoke.receipt",
        *FILED,
    }


def test_receipts_can_be_reversed_until_registration_and_then_the_bill_is_open_again() -> None:
    story = approved().do("bill.issue", facts={"owed_yuan": "100.00"})
    story.do("receipt.partial", facts={"paid_yuan": "40.00"}).do("receipt.paid", facts={"paid_yuan": "60.00"})
    story.do("revoke.receipt")
    assert kinds(story) == ["refund", "refund"]
    assert refusal(story, "receipt.paid", facts={"paid_yuan": "60.00"}) == "guard.payment_incomplete"
    story.do("receipt.paid", facts={"paid_yuan": "100.00"}).do("registration.register")
    assert "revoke.receipt" not in story.possible()


def test_what_was_paid_in_excess_can_be_refunded_once() -> None:
    story = approved().do("bill.issue", facts={"owed_yuan": "100.00"})
    story.do("receipt.paid", facts={"paid_yuan": "130.00"})
    story.do("refund_excess", facts={"refunded_yuan": "30.00"})
    assert "refund_excess" not in story.possible()


@pytest.mark.parametrize("end", ["withdraw", "receipt.lapse", "receipt.exempt"])
def test_what_was_paid_for_a_right_that_never_comes_can_be_given_back_after_the_end(end: str) -> None:
    story = (
        approved().do("bill.issue", facts={"owed_yuan": "100.00"}).do("receipt.partial", facts={"paid_yuan": "40.00"})
    )
    assert "refund_excess" not in story.possible()
    story.do(end)
    ended, effects = story.state.ended, kinds(story)
    assert story.possible("window") & {"refund_excess", "leave_out_days"} == (
        {"refund_excess"} if ended else {"refund_excess", "leave_out_days"}
    )
    story.do("refund_excess", facts={"refunded_yuan": "40.00"})
    assert (story.state.ended, "refund_excess" in story.possible()) == (ended, False)
    assert replay(story.events) == story.state
    fallen = {"free_sea", "void_bill", "void_paper:fee_notice", "void_paper:decision"}
    assert fallen & set(effects) == (fallen if ended else set())


def test_what_was_paid_for_a_right_that_was_entered_stays_paid() -> None:
    story = approved().do("bill.issue").do("receipt.paid").do("registration.register").do("papers.deliver")
    assert story.do("rating.rate").possible() == frozenset()


def test_an_exempt_case_has_no_receipt_to_wait_for() -> None:
    story = approved().do("bill.exempt")
    assert story.possible() == {"registration.register", "leave_out_days", "revoke.decision", *FILED}


def test_registration_checks_again_and_can_no_longer_be_withdrawn() -> None:
    story = approved().do("bill.issue").do("receipt.paid")
    assert refusal(story, "registration.register", facts={"check_grade": "conflict"}) == "guard.sea_not_free"
    story.do("registration.register")
    assert story.possible() == {"papers.deliver"}
    story.do("papers.deliver")
    assert story.possible() == {"rating.rate", "rating.decline", "rating.close"}
    story.do("rating.rate")
    assert (story.state.ended, story.possible()) == ("completed", frozenset())
    assert replay(story.events) == story.state
    assert State.from_json(story.state.as_json()) == story.state


def test_a_competing_application_holds_the_decision_until_an_officer_chose() -> None:
    story = ready_to_decide().do("note_competing")
    assert story.possible("approver") == {"choose", "decision.refuse", "extend"}
    assert refusal(story, "choose", facts={"case_number": "another"}) == "guard.no_competition"
    story.do("choose")
    assert story.possible("approver") == {"decision.approve", "decision.refuse", "extend"}


def test_a_rival_that_comes_after_the_decision_holds_the_next_one() -> None:
    story = approved().do("note_competing").do("revoke.decision")
    assert story.possible("approver") == {"choose", "decision.refuse", "extend"}


def test_the_application_that_was_not_preferred_can_only_be_refused() -> None:
    story = ready_to_decide().do("note_competing").do("choose", facts={"preferred": False})
    assert story.possible("approver") == {"decision.refuse", "extend"}


def test_the_time_for_the_decision_is_extended_once() -> None:
    assert "extend" not in ready_to_decide().do("extend").possible()


def test_supplements_and_hearings_hold_the_decision_while_they_are_open() -> None:
    story = ready_to_decide().do("ask_for_supplement").do("call_hearing")
    assert story.possible("approver") == {"extend"}
    story.do("supplement.supply")
    assert story.possible("approver") == {"extend"}
    story.do("hearing.waive")
    assert story.possible("approver") == {"decision.approve", "decision.refuse", "extend"}
    assert {"ask_for_supplement", "call_hearing"} <= story.possible()


def test_revoking_the_decision_undoes_what_rested_on_it_and_opens_it_again() -> None:
    story = (
        approved().do("bill.issue", facts={"owed_yuan": "100.00"}).do("receipt.partial", facts={"paid_yuan": "1.00"})
    )
    story.do("revoke.decision")
    assert kinds(story) == [
        "refund",
        "void_bill",
        "void_paper:fee_notice",
        "claim_sea",
        "void_paper:decision",
        "notify:applicant",
    ]
    assert story.state.fact("owed_yuan") is None
    assert story.possible("approver") == {"decision.approve", "decision.refuse", "extend"}
    assert "refund_excess" in story.possible("window")
    # What was paid before the revocation went back: it no longer counts towards the next bill.
    story.do("decision.approve").do("bill.issue", facts={"owed_yuan": "100.00"})
    assert refusal(story, "receipt.paid", facts={"paid_yuan": "99.00"}) == "guard.payment_incomplete"


def test_one_consent_taken_back_opens_only_that_consent_again() -> None:
    story = accepted(offices=[]).do("consents.give", key="finding-1").do("consents.give", key="finding-2")
    story.do("revoke.consents", key="finding-1")
    assert {"consents.give[finding-1]", "revoke.consents[finding-2]"} <= story.possible()
    assert "consents.give[finding-2]" not in story.possible()


@pytest.mark.parametrize("until", ["submission.submit", "acceptance.accept", "checking.record"])
def test_a_case_can_be_withdrawn_at_any_time_before_registration(until: str) -> None:
    story = Story()
    for name in ("submission.submit", "acceptance.accept", "checking.record"):
        story.do(name)
        if name == until:
            break
    story.do("withdraw")
    assert story.state.ended == "withdrawn"
    assert {task.status for task in story.state.tasks} <= {"done", "closed", "skipped"}
    assert "free_sea" in kinds(story)
