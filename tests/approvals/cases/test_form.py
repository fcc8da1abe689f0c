"""The form of a case while it is filled: what is no change, what the drawing tells, what cannot be kept, what is counted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from approvals import queries
from approvals.cases import drafting, signing
from approvals.cases.answers import load
from approvals.cases.checking import check_for_applicant, use_of
from approvals.cases.views import form_view
from data.answers import Refusal
from tests.approvals.cases.stage import FORM, KEYS, Story, Town, build_draft, build_town
from tests.parcels.builders import rectangle

NINE = [{"mode": "23", "hectares": "9.0000", "use": "码头"}]


@pytest.fixture
def town(session: Session) -> Town:
    return build_town(session)


@pytest.fixture
def story(session: Session, town: Town) -> Story:
    return Story(session, town).open().fill()


def fill(story: Story, **values: Any) -> list[str]:
    """Save answers as the applicant; the codes of what is wrong."""
    _, findings = drafting.fill(story.session, story.number, values, story.works(story.enterprise))
    return [each.code for each in findings]


def faults(story: Story) -> list[str]:
    what = signing.declared(story.session, story.case, story.works(story.enterprise))
    return [each.code for each in what.findings]


def answer(story: Story, name: str) -> Any:
    found = load(story.session, story.case, KEYS).get(name)
    return found and (found.value, found.source)


def test_saving_what_stands_there_is_no_change_and_leaves_the_signature(story: Story) -> None:
    """The page saves by itself; its second try voided the signature that was just given."""
    story.sign()
    before, events = story.case.row.version, len(queries.events_of_case(story.session, story.number))
    assert fill(story, **FORM, declaration=True) == []
    assert signing.standing_signature(story.session, story.case) is not None
    assert story.case.row.version == before
    assert len(queries.events_of_case(story.session, story.number)) == events
    assert fill(story, contact="王五") == []
    assert signing.standing_signature(story.session, story.case) is None
    assert story.case.row.version == before + 1


def test_true_and_one_are_two_answers(story: Story) -> None:
    assert fill(story, declaration=1) == ["form.not_declared"]
    assert answer(story, "declaration") == (1, "typed") and faults(story) == ["form.not_declared"]


def test_the_same_as_a_verified_profile_stays_verified(story: Story) -> None:
    phone, source = answer(story, "phone")
    assert source == "profile" and fill(story, phone=phone) == []
    assert answer(story, "phone") == (phone, "profile")


def test_units_that_contradict_the_drawing_cannot_be_signed(story: Story) -> None:
    """Nine hectares stood in the form and one on the sheet; the fee followed the sheet, the decision the form."""
    assert fill(story, units=NINE) == []
    assert faults(story) == []
    assert fill(story, units=[{**NINE[0], "hectares": "8.0000"}]) == ["form.unit_drawn"]
    assert faults(story) == ["form.unit_drawn"]
    assert fill(story, units=[{**NINE[0], "mode": "41"}]) == ["form.unit_drawn"]
    assert fill(story, units=NINE * 2) == ["form.units_drawn"]
    assert fill(story, units=None) == []
    assert answer(story, "units")[1] == "geometry" and faults(story) == []


def test_a_redrawn_parcel_takes_the_place_of_typed_units_that_it_contradicts(story: Story) -> None:
    fill(story, units=NINE, location="桑沟湾口")
    applicant = story.works(story.enterprise)
    longer = replace(build_draft(), held=(build_draft().held[0], build_draft().held[0].replace(year=2030)))  # type: ignore[index]
    drafting.set_use(story.session, story.number, longer, applicant)
    assert answer(story, "units") == (NINE, "typed")
    drafting.set_use(story.session, story.number, build_draft(rectangle(0, 0, 100, 100)), applicant)
    (units, source) = answer(story, "units")
    assert source == "geometry" and units[0]["hectares"] == answer(story, "area")[0] != "9.0000"
    # A place in words contradicts no figure, so it stays as it was typed.
    assert answer(story, "location") == ("桑沟湾口", "typed")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("term", {"from": "x", "to": "y"}, "form.not_a_term"),
        ("term", "2027", "form.not_a_term"),
        ("term", {"from": "2027-W01-1", "to": "2041-12-31"}, "form.not_a_term"),
        ("term", {"from": "0001-01-01", "to": "9999-12-31"}, "form.not_a_term"),
        ("use_type", "nothing", "form.not_a_code"),
        ("use_type", ["13"], "form.not_a_code"),
        ("investment", "1E+999999", "form.not_an_amount"),
        ("investment", 10, "form.not_an_amount"),
    ],
)
def test_a_wrong_answer_is_saved_and_told_and_the_check_still_judges_the_use(
    story: Story, name: str, value: Any, code: str
) -> None:
    before = dict(story.case.row.use or {})
    assert fill(story, **{name: value}) == [code]
    assert answer(story, name) == (value, "typed") and code in faults(story)
    assert story.case.row.use == before
    check_for_applicant(story.session, story.case, use_of(story.case), story.works(story.enterprise))


def test_a_right_term_changes_the_use_and_an_emptied_one_empties_it(story: Story) -> None:
    fill(story, term={"from": "2027-03-01", "to": "2036-02-29"})
    assert story.case.row.use is not None and story.case.row.use["to"] == "2036-02-29"
    fill(story, term=None)
    assert (story.case.row.use["from"], story.case.row.use["to"]) == (None, None) and faults(story) == ["form.missing"]


@pytest.mark.parametrize("value", ["a\0", {"a\0": 1}, ["\ud800"], 10**30, float("nan"), float("1e300")])
def test_what_cannot_be_kept_is_refused_at_its_field_and_nothing_changes(story: Story, value: Any) -> None:
    before = story.case.row.version
    with pytest.raises(Refusal) as refused:
        fill(story, investment="1", contact=value)
    assert refused.value.code == "form.not_kept" and refused.value.facts["field"] == "contact"
    assert story.case.row.version == before


@pytest.mark.parametrize(
    "name", ["address@2", "address@99999999999999999999", "address@x", "address@01", "address@", "x\0"]
)
def test_only_holders_who_are_named_have_answers(story: Story, name: str) -> None:
    with pytest.raises(Refusal) as refused:
        fill(story, **{name: "山东省威海市"})
    assert refused.value.code == "form.no_such_field"


def test_modes_and_specific_uses_count_as_chosen(session: Session, town: Town) -> None:
    opened = Story(session, town).open()
    counted = form_view(session, opened.case, opened.works(town.enterprise))["counters"]
    # use_type, term and the units; the rest is prefilled.
    assert counted["entered"] == 3
    redrawn = build_draft(rectangle(0, 0, 100, 100))
    before = len(queries.entered_events(session, opened.number))
    drafting.set_use(session, opened.number, redrawn, opened.works(town.enterprise), unit_uses=("",))
    assert len(queries.entered_events(session, opened.number)) == before
    drafting.set_use(session, opened.number, redrawn, opened.works(town.enterprise), unit_uses=("码头",))
    assert len(queries.entered_events(session, opened.number)) == before + 1


def test_only_a_case_that_is_over_is_filed_anew(session: Session, town: Town) -> None:
    running = Story(session, town).open()
    with pytest.raises(Refusal) as refused:
        Story(session, town).open(follows=running.number)
    assert refused.value.code == "case.follows_running"


def test_a_parcel_drawn_without_a_mode_is_no_choice(session: Session, town: Town) -> None:
    """Units for which nothing was chosen counted as one more field that the applicant had filled in."""
    opened = Story(session, town).open()
    bare = replace(build_draft(), unit_modes=(None,))
    drafting.set_use(session, opened.number, bare, opened.works(town.enterprise))
    opened.case.row.use = None  # as before anything was drawn
    before = len(queries.entered_events(session, opened.number))
    drafting.set_use(session, opened.number, bare, opened.works(town.enterprise))
    assert len(queries.entered_events(session, opened.number)) == before


def test_a_mobile_number_has_eleven_digits(story: Story) -> None:
    assert fill(story, phone="1380000123") == ["form.mobile_digits"]
    assert fill(story, phone="13800001234") == [] and fill(story, phone="0631-5678901") == []
