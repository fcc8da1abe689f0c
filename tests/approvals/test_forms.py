"""The one form: its dictionary, its counters, its faults, and two documents that cannot disagree."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from approvals.dictionary import forms, read_form
from approvals.forms import Answer, applies, counters, entered, judge, placements, prefill
from approvals.reading import TemplateError
from data import messages
from data.rulebook import on, packaged

GOOD = (files("data") / "forms" / "establishment.yaml").read_text(encoding="utf-8")
FORM = forms()["establishment"]
INQUIRY = packaged().inquire(dates=on(date(2026, 9, 1)), place=("cn", "37", "3710", "371082"))
VERIFIED = date(2026, 3, 1)

VALUES: dict[str, Any] = {
    "scenario": "establishment",
    "applicant_name": "荣成某某海洋牧场有限公司",
    "id_kind": "uscc",
    "id_number": "91350100M000100Y43",
    "legal_person": "张三",
    "legal_person_id": "11010519491231002X",
    "address": "山东省威海市荣成市某某路1号",
    "contact": "李四",
    "phone": "0631-7560000",
    "project_name": "某某海域牡蛎筏式养殖",
    "project_nature": "commercial",
    "investment": "320.5",
    "location": "荣成市桑沟湾",
    "use_type": "13",
    "units": [{"mode": "41", "hectares": "20.2469", "use": "牡蛎筏式养殖"}],
    "area": "20.2469",
    "term": {"from": "2027-01-01", "to": "2041-12-31"},
    "shoreline": {"natural": "0", "artificial": "0"},
    "points": "b" * 64,
    "certificate": "electronic_single",
    "declaration": True,
}


def answers(**changed: Any) -> dict[str, Answer]:
    told = {name: value for name, value in {**VALUES, **changed}.items() if value is not ...}
    made = {}
    for name, value in told.items():
        field = FORM.fields.get(name)
        source = field.source if field else "typed"
        made[name] = Answer(value, source, VERIFIED if source == "profile" else None)
    return made


def codes(**changed: Any) -> list[str]:
    return [finding.code for finding in judge(FORM, answers(**changed), INQUIRY)]


def test_forty_fields_of_two_documents_become_twenty_five() -> None:
    assert {name: len(told.fields) for name, told in FORM.originals.items()} == {"use": 22, "registration": 18}
    assert (FORM.raw, FORM.merged) == (40, 25)


def test_each_of_the_forty_is_filled_dropped_with_a_basis_or_not_applicable_with_a_reason() -> None:
    told = placements(FORM, answers())
    assert len(told) == 40
    for each in told:
        assert each.status in {"filled", "later", "empty", "not_applicable", "dropped"}
        assert (each.answer is not None) == (each.status == "filled")
        if each.status in {"dropped", "not_applicable", "later"}:
            assert each.reason and each.reason["zh"] and each.reason["en"] and each.cite
    dropped = [each.original for each in told if each.status == "dropped"]
    assert dropped == ["legal_person_post", "postcode", "postcode", "agent_body"]


def test_an_eight_fold_duplicate_is_entered_once() -> None:
    both = [name for name in FORM.fields if len(FORM.destinations(name)) == 2]
    shared = {"applicant_name", "id_number", "legal_person", "address", "phone", "location", "use_type", "area"}
    assert set(both) == {*shared, "declaration"}


@settings(max_examples=200, deadline=None)
@given(
    st.fixed_dictionaries(
        {name: st.text(min_size=1, max_size=300) for name in ("applicant_name", "address", "location")}
    )
)
def test_the_two_documents_never_disagree(told: dict[str, str]) -> None:
    seen: dict[str, set[str]] = {}
    for each in placements(FORM, answers(**told)):
        if each.field and each.status == "filled":
            seen.setdefault(each.field, set()).add(str(each.answer))
    assert all(len(values) == 1 for values in seen.values())


def test_a_complete_form_has_no_fault() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"contact": ...}, ["form.missing"]),
        ({"contact": "  "}, ["form.missing"]),
        ({"agent": ...}, []),
        ({"id_number": "91350100M000100Y44"}, ["form.check_digit"]),
        ({"id_kind": "id_card"}, ["form.check_digit", "form.not_asked", "form.not_asked"]),
        ({"legal_person_id": "110105194912310021"}, ["form.check_digit"]),
        ({"phone": "call me"}, ["form.not_a_phone"]),
        ({"investment": "-1"}, ["form.not_an_amount"]),
        ({"project_nature": "secret"}, ["form.not_a_choice"]),
        ({"use_type": "99"}, ["form.not_a_code"]),
        ({"units": []}, ["form.missing"]),
        ({"area": "20.24691"}, ["form.not_an_area"]),
        ({"term": {"from": "2027-01-01", "to": "2042-01-01"}}, ["term.too_long"]),
        ({"term": {"from": "2027-01-01", "to": "2026-01-01"}}, ["form.not_a_term"]),
        ({"shoreline": {"natural": "1"}}, ["form.not_metres"]),
        ({"points": "somewhere"}, ["form.not_a_boundary"]),
        ({"declaration": False}, ["form.not_declared"]),
        ({"structure": "201"}, ["form.not_asked"]),
        ({"invented": "x"}, ["form.no_such_field"]),
    ],
)
def test_a_wrong_answer_is_told_at_its_field(changed: dict[str, Any], expected: list[str]) -> None:
    assert codes(**changed) == expected


def test_a_fault_in_a_row_names_the_row() -> None:
    units = [*VALUES["units"], {"mode": "41", "hectares": "0", "use": "x"}]
    (finding,) = judge(FORM, answers(units=units), INQUIRY)
    assert (finding.code, finding.facts["field"], finding.facts["row"]) == ("form.not_an_area", "units", 2)
    assert "2" in messages.text(finding.code, "en", **finding.facts)


def test_a_structure_is_asked_only_where_a_unit_is_one() -> None:
    pier = [{"mode": "23", "hectares": "1.0000", "use": "码头"}]
    assert codes(units=pier) == ["form.missing"]
    assert codes(units=pier, structure="201") == []
    assert applies(FORM, FORM.fields["structure"], answers(units=pier))


def test_reclamation_is_not_for_this_form() -> None:
    assert codes(units=[{"mode": "11", "hectares": "1.0000", "use": "填海"}]) == [
        "form.needs_paper",
        "form.needs_paper",
    ]


def test_a_profile_counts_only_where_it_was_verified() -> None:
    fresh = {"profile": {"applicant_name": Answer("某某", "profile"), "phone": Answer("0631-1", "profile", VERIFIED)}}
    assert set(prefill(FORM, fresh)) == {"phone"}
    unverified = {**answers(), "applicant_name": Answer("某某", "profile")}
    assert [finding.code for finding in judge(FORM, unverified, INQUIRY)] == ["form.wrong_source"]
    typed = {**answers(), "applicant_name": Answer("某某", "typed")}
    assert judge(FORM, typed, INQUIRY) == ()


def test_what_the_geometry_knows_is_never_typed() -> None:
    typed = {**answers(), "area": Answer("20.0000", "typed")}
    assert [finding.code for finding in judge(FORM, typed, INQUIRY)] == ["form.wrong_source"]


def test_the_counters_come_from_dictionary_and_events() -> None:
    events = [entered(FORM, name, by="applicant") for name in ("contact", "contact", "term")]
    events.append(entered(FORM, "address", by="officer"))
    told = counters(FORM, events)
    assert (told.raw, told.merged, told.entered) == (40, 25, 2)


def test_at_most_nine_are_entered_with_a_known_profile_and_a_drawn_parcel() -> None:
    known: dict[str, dict[str, Answer]] = {}
    for name, answer in answers().items():
        if answer.source != "typed":
            known.setdefault(answer.source, {})[name] = answer
    filled = prefill(FORM, known)
    to_enter = [
        name
        for name, field in FORM.fields.items()
        if name not in filled and field.required and field.later is None and applies(FORM, field, answers())
    ]
    assert to_enter == ["contact", "project_nature", "use_type", "term", "declaration"]
    # The specific use and the mode of the units are chosen by hand too, and so may be the place's description.
    assert len(to_enter) + 2 <= 9


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("contact}", "nobody}", "form.field_unknown"),
        ("number: 25,", "number: 26,", "form.numbers"),
        ("section: declaration", "section: poetry", "form.section_unknown"),
        ("codes: use_types", "codes: moods", "form.codes_unknown"),
        ("choices: [commercial, public_benefit], ", "", "form.choices"),
        ("document: use_application", "document: diary", "form.document_unknown"),
        (", field: contact}", "}", "form.one_fate"),
        ("basis: rx", "basis: law", "process.source_unknown"),
        ("editable: true", "edible: true", "process.unknown_key"),
    ],
)
def test_a_slip_in_the_dictionary_is_found_at_its_line(before: str, after: str, code: str) -> None:
    assert before in GOOD
    with pytest.raises(TemplateError) as wrong:
        read_form(GOOD.replace(before, after, 1), "x.yaml")
    assert code in {fault.code for fault in wrong.value.faults}
    assert all(fault.line > 1 for fault in wrong.value.faults)
    assert all(wrong.value.told("zh")) and all(wrong.value.told("en"))
