"""Parcel and unit codes: what is built is parsed back, and one wrong character is located."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marine.codes import CodeError, display, parcel_code, parse, unit_code

DIGITS = "0123456789"
COUNTY = st.text(DIGITS, min_size=6, max_size=6)
THREE = st.text(DIGITS, min_size=3, max_size=3)
SEQUENCE = st.integers(1, 99_999)
ATTACHED = st.one_of(st.just(("W", 0)), st.tuples(st.sampled_from("FLQ"), st.integers(1, 99_999_999)))
WHOLE = st.builds(
    lambda county, zone, subzone, sequence, attached: unit_code(
        parcel_code(county, zone, subzone, sequence), *attached
    ),
    COUNTY,
    THREE,
    THREE,
    SEQUENCE,
    ATTACHED,
)


@given(COUNTY, THREE, THREE, SEQUENCE, ATTACHED)
def test_what_is_built_is_parsed_back(county: str, zone: str, sub: str, number: int, attached: tuple[str, int]) -> None:
    parcel = parcel_code(county, zone, sub, number)
    unit = unit_code(parcel, *attached)
    found = parse(unit)
    assert (len(parcel), len(unit)) == (19, 28)
    assert (found.county, found.zone, found.subzone, found.sequence) == (county, zone, sub, number)
    assert (found.feature, found.object_number) == attached
    assert (found.parcel_code, found.unit_code) == (parcel, unit)
    assert parse(parcel).unit_code is None


@given(WHOLE)
def test_the_printed_groups_say_the_same(code: str) -> None:
    assert [len(group) for group in display(code).split()] == [6, 6, 7, 9]
    assert parse(display(code)) == parse(code) == parse(code.lower())


@given(WHOLE, st.integers(0, 27), st.sampled_from("#×I\uff21中"))
def test_a_character_that_belongs_nowhere_is_refused(code: str, at: int, wrong: str) -> None:
    broken = code[:at] + wrong + code[at + 1 :]
    with pytest.raises(CodeError) as refused:
        parse(broken)
    if refused.value.code == "code.form":
        assert refused.value.facts["at"] == at + 1


@pytest.mark.parametrize(
    ("code", "why", "facts"),
    [
        ("", "code.length", {"length": 0}),
        ("371082001002GH0001", "code.length", {"length": 18}),
        ("371082001002GH00017W0000000", "code.length", {"length": 27}),
        ("371082001002JH00017", "code.owner", {"owner": "J"}),
        ("371082001002GB00017", "code.kind", {"kind": "B"}),
        ("371082001002GH00000", "code.sequence", {"sequence": 0}),
        ("371082001002GH00017W00000001", "code.object_number", {"feature": "W", "number": 1}),
        ("371082001002GH00017F00000000", "code.object_number", {"feature": "F", "number": 0}),
        ("371082001002GH00017X00000001", "code.form", {"at": 20}),
        ("37108200100OGH00017", "code.form", {"at": 12}),
        ("\uff1371082001002GH00017", "code.form", {"at": 1}),
    ],
)
def test_each_wrong_code_is_refused_with_its_reason(code: str, why: str, facts: dict[str, object]) -> None:
    with pytest.raises(CodeError) as refused:
        parse(code)
    assert (refused.value.code, refused.value.facts) == (why, facts)


def test_an_island_code_is_a_code_of_the_sea_too() -> None:
    assert parse("371082001002GG00003").kind == "G"


@pytest.mark.parametrize(
    "parts", [("37108", "001", "002", 1), ("371082", "1", "002", 1), ("371082", "001", "\uff1002", 1)]
)
def test_building_refuses_digits_that_are_missing_or_not_digits(parts: tuple[str, str, str, int]) -> None:
    with pytest.raises(CodeError) as refused:
        parcel_code(*parts)
    assert refused.value.code == "code.digits"


@pytest.mark.parametrize("sequence", [0, -1, 100_000])
def test_building_refuses_a_sequence_that_has_no_five_digits(sequence: int) -> None:
    with pytest.raises(CodeError) as refused:
        parcel_code("371082", "001", "002", sequence)
    assert refused.value.code == "code.sequence"


def test_a_unit_is_not_put_on_a_unit() -> None:
    with pytest.raises(CodeError) as refused:
        unit_code("371082001002GH00017W00000000")
    assert refused.value.code == "code.length"
