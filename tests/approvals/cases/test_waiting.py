"""What waits for an applicant: one line for each step that asks something, with the last day where the law or the house sets one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from approvals.cases.waiting import LastDay, Waiting, waits_of

NOTHING = Decimal(0)


def open_task(step: str, role: str = "enterprise") -> dict[str, Any]:
    """A task that was opened the day before yesterday."""
    return {"step": step, "role": role, "opened_on": "2026-11-24"}


def told(*tasks: dict[str, Any], **given: Any) -> list[Waiting]:
    """What these tasks ask of the applicant."""
    usual: dict[str, Any] = {"last_days": {}, "ready_to_sign": False, "remaining": NOTHING}
    return waits_of("C-1", tasks, **{**usual, **given})


@pytest.mark.parametrize(
    ("step", "what"),
    [("submission", "fill"), ("correction", "correct"), ("supplement", "supply"), ("rating", "rate"), ("other", "act")],
)
def test_each_step_of_the_applicant_says_what_is_to_be_done(step: str, what: str) -> None:
    assert [each.what for each in told(open_task(step))] == [what]


def test_a_form_without_faults_waits_for_the_signature() -> None:
    assert [each.what for each in told(open_task("submission"), ready_to_sign=True)] == ["sign"]


def test_what_an_office_holds_does_not_wait_for_the_applicant() -> None:
    assert told(open_task("acceptance", "window"), open_task("decision", "approver")) == []


def test_the_fee_waits_only_while_something_remains() -> None:
    """A receipt that the window had still to record told people to pay twice."""
    receipt = open_task("receipt", "window")
    assert told(receipt, remaining=NOTHING) == []
    assert [each.what for each in told(receipt, remaining=Decimal("0.01"))] == ["pay"]


def test_a_step_of_several_tasks_is_told_once_with_its_day() -> None:
    days = {"correction": LastDay(date(2027, 2, 1))}
    found = told(open_task("correction"), open_task("correction"), last_days=days)
    assert [(each.due, each.at_least) for each in found] == [(date(2027, 2, 1), None)]


def test_where_a_holiday_table_is_missing_no_day_is_guessed() -> None:
    days = {"rating": LastDay(None, date(2027, 1, 8))}
    (found,) = told(open_task("rating"), last_days=days)
    assert (found.due, found.at_least) == (None, date(2027, 1, 8))


def test_what_ends_first_comes_first_and_drafts_last() -> None:
    day = date(2026, 11, 24)
    draft = Waiting(what="fill", case="A", since=day)
    rate = Waiting(what="rate", case="B", since=day)
    late = Waiting(what="correct", case="C", since=day, at_least=date(2027, 2, 1))
    soon = Waiting(what="answer", case="D", since=day, due=date(2026, 11, 26))
    assert sorted([draft, rate, late, soon], key=lambda each: each.order) == [soon, late, rate, draft]
