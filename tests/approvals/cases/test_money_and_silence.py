"""Money within acts, and what the system does because nobody did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from approvals import billing, queries
from approvals.cases.notifying import notify
from approvals.cases.overdue import run_due
from data import overlay
from data.actors import Actor
from data.answers import Refusal
from data.overlay import book_in_force
from data.rulebook.values import Entry
from parcels.models import SeaRight
from tests.approvals.cases.stage import Story, Town, build_draft, build_town
from tests.parcels.builders import rectangle


@pytest.fixture
def town(session: Session) -> Town:
    return build_town(session)


def refusal(story: Story, name: str, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        story.do(name, **given)
    return refused.value


def voucher(story: Story, yuan: str, number: str) -> dict[str, str]:
    return {
        "paid_yuan": yuan,
        "paid_on": story.now.date().isoformat(),
        "receipt_number": number,
        "voucher_digest": story.file("voucher"),
    }


def balance(story: Story) -> billing.Balance:
    bill = queries.bill_of(story.session, story.case.row.id)
    assert bill is not None
    return billing.balance(story.session, bill)


def test_the_bill_is_the_first_year_of_a_pier_at_rongchengs_grade(session: Session, town: Town) -> None:
    story = Story(session, town).billed()
    bill = queries.bill_of(session, story.case.row.id)
    assert bill is not None
    area = build_draft().boundary.area
    assert bill.owed_yuan == (area * Decimal("3.23") * 10_000).quantize(Decimal("0.01"))
    assert (bill.first, bill.last, bill.payer_id) == (date(2027, 1, 1), date(2027, 12, 31), town.party)


def test_part_payments_excess_and_refund_keep_tables_and_case_together(session: Session, town: Town) -> None:
    story = Story(session, town).billed()
    owed = Decimal(str(story.case.state.fact("owed_yuan")))
    story.do("receipt.partial", facts=voucher(story, "100.00", "R1"))
    assert refusal(story, "receipt.partial", facts=voucher(story, "1.00", "R1")).code == "receipt.number_twice"
    story.do("receipt.paid", facts=voucher(story, str(owed), "R2"))
    assert (balance(story).excess, balance(story).remaining) == (Decimal("100.00"), Decimal("0.00"))
    refund = {
        "refunded_yuan": "100.00",
        "refunded_on": story.now.date().isoformat(),
        "refund_number": "T1",
        "refund_digest": story.file("refund"),
    }
    over = refusal(story, "refund_excess", facts={**refund, "refunded_yuan": "100.01"})
    assert over.code == "receipt.refund_over"
    story.do("refund_excess", facts=refund)
    assert balance(story).excess == 0
    story.do("registration.register")


def test_receipts_that_did_not_hold_are_reversed_and_entered_anew(session: Session, town: Town) -> None:
    story = Story(session, town).paid()
    story.do("revoke.receipt")
    assert balance(story).remaining == balance(story).owed
    owed = str(story.case.state.fact("owed_yuan"))
    story.do("receipt.paid", facts=voucher(story, owed, f"R-{story.number}")).do("registration.register")


def test_an_exemption_by_decision_lets_the_case_go_on_and_marks_the_right(session: Session, town: Town) -> None:
    story = Story(session, town).approved()
    facts = {"exemption_number": "荣免〔2026〕1号", "exemption_digest": story.file("exemption")}
    story.do("bill.exempt", facts=facts).do("registration.register")
    assert session.get_one(SeaRight, story.case.row.right_id).is_fee_exempt


def test_an_unknown_rate_stops_at_the_bill_and_goes_on_once_an_administrator_supplies_it(
    session: Session, town: Town
) -> None:
    oysters = build_draft(unit_modes=("41",))
    story = Story(session, town).open(oysters)
    story.fill(structure=None).sign().do("submission.submit").later(1).do("acceptance.accept")
    story.do("technical_review.pass", facts={"expert_review": False})
    story.file("survey_record")
    story.do("site_survey.record", facts={"surveyed_on": story.now.date().isoformat()})
    for task in story.case.state.open_tasks():
        if task.step == "consultation":
            story.do("consultation.no_objection", town.officer("window"), key=task.key)
    story.later(9).do("public_notice.close", facts={"objections": 0}).do("decision.approve")
    stopped = refusal(story, "bill.issue")
    assert stopped.code == "bill.fee_unknown"
    assert stopped.facts["missing"] == ["fee.rate.41.3"]
    entry = Entry(
        rule="fee.rate", keys={"mode": "41", "grade": "3"}, place="371082", since=date(2020, 1, 1), until=None,
        value=Decimal("0.0450"), cite="荣成市养殖用海海域使用金征收标准", seen="text", edition="2020", document="荣成市养殖用海海域使用金征收标准",
    )  # fmt: skip
    overlay.enter(session, entry, b"the document", actor=Actor.administrator())
    assert book_in_force(session).hash != story.works(town.enterprise).book.hash
    story.do("bill.issue")
    assert Decimal(str(story.case.state.fact("owed_yuan"))) > 0


def opener(session: Session) -> Any:
    @contextmanager
    def opened() -> Iterator[Session]:
        yield session

    return opened


def test_on_the_sixth_day_of_silence_the_system_accepts_as_of_the_day_of_receipt(session: Session, town: Town) -> None:
    story = Story(session, town).submitted()
    for days in (1, 6):
        story.later(days)
        done = run_due(opener(session), story.works(Actor.machine()), lambda opened, effects: None)
        # 1 September 2026 is a Tuesday: five working days are over on the 8th.
        assert done == []
    story.later(1)
    done = run_due(opener(session), story.works(Actor.machine()), lambda opened, effects: None)
    assert done == [f"{story.number}: acceptance.accept"]
    assert story.case.row.accepted_on == date(2026, 9, 1)
    assert [document.kind for document in queries.documents_of(session, story.case.row.id)][-1] == "acceptance_notice"


def test_offices_that_stay_silent_have_no_objection_after_seven_working_days(session: Session, town: Town) -> None:
    story = Story(session, town).accepted().later(12)
    done = run_due(opener(session), story.works(Actor.machine()), lambda opened, effects: None)
    assert done == [f"{story.number}: consultation.no_answer"] * 4
    asked = queries.questions_of(session, story.case.row.id, step="consultation")
    assert {question.answered_how for question in asked} == {"silence"}


def test_a_draft_that_nobody_touches_lapses_and_frees_nothing_that_it_did_not_hold(
    session: Session, town: Town
) -> None:
    story = Story(session, town).open()
    story.now = story.now.replace(month=12, day=30)
    assert run_due(opener(session), story.works(Actor.machine()), lambda opened, effects: None) == []


def test_a_message_is_written_once_however_often_its_job_runs(session: Session, town: Town) -> None:
    story = Story(session, town).accepted(build_draft(rectangle(0, 0, 200, 200)))
    wanted = [effect for effect in story.effects if effect.kind == "notify"]
    machine = story.works(Actor.machine())
    for effect in [*wanted, *wanted]:
        facts = {name: effect.facts[name] for name in ("case", "seq", "addressee", "code")}
        notify(session, **facts, works=machine)
    written = story.messages()
    codes = sorted(message.code for message in written)
    assert codes.count("message.consultation") == 4
    assert len(written) - codes.count("message.signing_code") == len(wanted)
