"""Check digits: the standards' own examples, and that every single slip and swap that they promise to find is found."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marine.identifiers import USCC_ALPHABET, id_18, id_check, id_ok, uscc_check, uscc_ok

USCC = st.builds(
    lambda head, division, tail: head + division + tail,
    st.text(USCC_ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(USCC_ALPHABET, min_size=9, max_size=9),
)
BORN = st.dates(date(1900, 1, 1), date(2026, 11, 23))
NUMBER = st.builds(
    lambda division, born, order: f"{division}{born:%Y%m%d}{order:03d}",
    st.text("0123456789", min_size=6, max_size=6),
    BORN,
    st.integers(0, 999),
)


def test_the_example_of_gb_32100_is_computed() -> None:
    assert uscc_check("91350100M000100Y4") == "3"
    assert uscc_ok("91350100M000100Y43")


def test_the_examples_of_gb_11643_are_computed() -> None:
    assert id_ok("11010519491231002X") and id_ok("11010519491231002x")
    assert id_ok("440524188001010014")


@given(USCC, st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_one_wrong_character_of_a_credit_code_is_found(first: str, at: int, other: str) -> None:
    code = first + uscc_check(first)
    assert uscc_ok(code)
    wrong = code[:at] + other + code[at + 1 :]
    assert uscc_ok(wrong) == (wrong == code)


@given(USCC, st.integers(8, 16))
def test_two_neighbours_swapped_in_a_credit_code_are_found(first: str, at: int) -> None:
    code = first + uscc_check(first)
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert uscc_ok(swapped) == (swapped == code)


@given(NUMBER, st.integers(0, 5), st.sampled_from("0123456789"))
def test_one_wrong_digit_of_an_identity_number_is_found(first: str, at: int, other: str) -> None:
    number = first + id_check(first)
    assert id_ok(number)
    wrong = number[:at] + other + number[at + 1 :]
    assert id_ok(wrong) == (wrong == number)


@given(BORN.filter(lambda day: day.year < 2000), st.integers(0, 999))
def test_an_old_number_becomes_a_valid_new_one(born: date, order: int) -> None:
    old = f"371082{born:%y%m%d}{order:03d}"
    assert id_ok(old)
    assert id_ok(id_18(old))
    assert id_18(old)[6:14] == f"{born:%Y%m%d}"


@pytest.mark.parametrize(
    "number",
    [
        "",
        "11010519491331002X",
        "110105194902300021",
        "1101051949123100",
        "\uff1110105491231002",
        "110105491331002",
        "1" * 19,
    ],
)
def test_what_is_no_identity_number_is_refused(number: str) -> None:
    assert not id_ok(number)


@pytest.mark.parametrize(
    "code", ["", "91350100M000100Y4I", "91350100M000100Y4", "9135O100M000100Y43", "91350100m000100y43"]
)
def test_what_is_no_credit_code_is_refused(code: str) -> None:
    assert not uscc_ok(code)


def test_a_check_is_not_made_of_too_little() -> None:
    with pytest.raises(ValueError, match="17"):
        uscc_check("9135")
    with pytest.raises(ValueError, match="17"):
        id_check("1101")
    with pytest.raises(ValueError, match="15"):
        id_18("110105491331002")
