"""What an act brings, apart from the whole walk of a case (`test_engine`): only what record and database can hold as it came."""

from __future__ import annotations

from typing import Any

import pytest

from data.answers import Refusal
from tests.approvals.builders import Story, accepted, approved


def told(story: Story, name: str, **changed: Any) -> tuple[str, str]:
    """Code and place of the refusal of an act that is possible but for what it brings."""
    with pytest.raises(Refusal) as refused:
        story.do(name, **changed)
    return refused.value.code, str(refused.value.facts.get("at") or refused.value.facts.get("fact"))


@pytest.mark.parametrize("sign", ["\0", "\ud800"])
def test_signs_that_nothing_can_hold_are_refused_with_their_place(sign: str) -> None:
    """A pasted NUL made the act fail in the database, with an error that told the officer nothing."""
    assert told(accepted(), "ask_for_supplement", items=("a", sign)) == ("act.brings_unkept", "items.2")
    assert told(accepted(), "note_competing", facts={"case_number": f"x{sign}"})[0] == "act.brings_unkept"
    assert told(accepted(), "ask_for_supplement", items=("a",), texts={"why": sign}) == (
        "act.brings_unkept",
        "texts.why",
    )


def test_numbers_that_no_reader_takes_for_the_same_are_refused() -> None:
    reviewed = accepted(needs_consent=[], offices=[]).do("technical_review.pass").do("site_survey.record")
    assert told(reviewed, "public_notice.close", facts={"objections": 10**30}) == (
        "act.brings_unkept",
        "facts.objections",
    )
    assert reviewed.do("public_notice.close", facts={"objections": 0})


@pytest.mark.parametrize("yuan", ["1E+30", "9" * 17, "NaN", "-1"])
def test_an_amount_that_no_column_of_money_holds_is_no_amount(yuan: str) -> None:
    billed = approved().do("bill.issue")
    assert told(billed, "receipt.paid", facts={"paid_yuan": yuan}) == ("act.fact_wrong", "paid_yuan")
