"""What the system does because nobody acted, on the very working day and never before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from approvals.engine import advance
from approvals.silence import due_acts
from data.rulebook import on, packaged
from tests.approvals.builders import Story, accepted

PLACE = ("cn", "37", "3710", "371082")


def due(story: Story, today: date) -> list[str]:
    inquiry = packaged().inquire(dates=on(story.on), place=PLACE)
    return [
        f"{act.name}[{act.key}]" if act.key else act.name
        for act in due_acts(story.state, story.template, inquiry, today)
    ]


@pytest.mark.parametrize(
    ("received", "fifth", "sixth"),
    [
        (date(2026, 9, 1), date(2026, 9, 8), date(2026, 9, 9)),
        # National Day 1–7 October; Sunday 20 September and Saturday 10 October are worked.
        (date(2026, 9, 29), date(2026, 10, 12), date(2026, 10, 13)),
        # Spring Festival 15–23 February; Saturday 14 February is worked.
        (date(2026, 2, 12), date(2026, 2, 26), date(2026, 2, 27)),
    ],
)
def test_on_the_sixth_working_day_the_system_accepts(received: date, fifth: date, sixth: date) -> None:
    story = Story(on=received).do("submission.submit")
    assert due(story, fifth) == []
    assert due(story, sixth) == ["acceptance.accept"]
    inquiry = packaged().inquire(dates=on(received), place=PLACE)
    (act,) = due_acts(story.state, story.template, inquiry, sixth)
    (task,) = advance(story.state, act, story.template).state.current("acceptance")
    assert (task.effective_on, task.facts) == (received, {"working_days_passed": 6, "limit_days": 5})


def test_an_office_that_does_not_answer_within_seven_days_has_no_objection() -> None:
    story = accepted(needs_consent=[], offices=["maritime"])
    assert due(story, date(2026, 9, 10)) == []
    assert due(story, date(2026, 9, 11)) == ["consultation.no_answer[maritime]"]


def test_where_a_holiday_table_is_missing_the_system_does_not_act() -> None:
    story = Story(on=date(2027, 12, 30)).do("submission.submit")
    assert due(story, date(2028, 2, 1)) == []


def test_a_draft_that_nobody_submits_lapses_by_the_figure_of_the_template() -> None:
    story = Story(on=date(2025, 1, 2))
    assert due(story, date(2025, 11, 28)) == []
    assert due(story, date(2025, 12, 31)) == ["lapse"]


def waiting_for_consents(on: date) -> Story:
    story = Story(on=on).do("submission.submit").do("acceptance.accept").do("checking.record", facts={"offices": []})
    return story.do("technical_review.pass").do("site_survey.record").do("public_notice.close")


def test_a_claim_whose_neighbours_never_answer_lapses_by_the_rule_in_calendar_days() -> None:
    story = waiting_for_consents(date(2025, 1, 2))
    assert due(story, date(2026, 1, 2)) == []
    assert due(story, date(2026, 1, 3)) == ["lapse_claim"]
    inquiry = packaged().inquire(dates=on(story.on), place=PLACE)
    (act,) = due_acts(story.state, story.template, inquiry, date(2026, 1, 3))
    assert dict(act.facts) == {"days_passed": 366, "limit_days": 365}
    assert advance(story.state, act, story.template).state.ended == "lapsed"


def test_the_silence_of_the_office_never_ends_an_application() -> None:
    story = Story(on=date(2025, 1, 2)).do("submission.submit").do("acceptance.accept")
    story.do("checking.record", facts={"offices": [], "needs_consent": []})
    for name in ("technical_review.pass", "site_survey.record", "public_notice.close", "decision.approve"):
        assert due(story, date(2026, 11, 30)) == []
        story.do(name)
    assert due(story, date(2026, 11, 30)) == []  # the fee notice is the window's
    story.do("bill.issue").do("receipt.paid")
    assert due(story, date(2026, 11, 30)) == []  # the entry is the registrar's


def test_an_approval_that_is_not_paid_lapses_by_the_rule_counted_from_the_fee_notice() -> None:
    story = waiting_for_consents(date(2025, 1, 2)).do("consents.give", key="finding-1")
    story.do("consents.give", key="finding-2").do("decision.approve").do("bill.issue", later=300)
    billed = story.on
    assert due(story, billed + timedelta(days=365)) == []
    assert due(story, billed + timedelta(days=366)) == ["receipt.lapse"]
