"""Ring notation, read and printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.messages import text
from marine.notation import NotationError, parse, polygon_from, show

RINGS = st.lists(st.lists(st.integers(1, 40), min_size=3, max_size=20, unique=True), min_size=1, max_size=4)


@given(RINGS, st.booleans())
def test_what_is_printed_is_read_back(rings: list[list[int]], brief: bool) -> None:
    assert parse(show(rings, brief=brief)) == tuple(map(tuple, rings))


@pytest.mark.parametrize(
    ("written", "rings"),
    [
        ("2-3-…-10-2", (tuple(range(2, 11)),)),
        ("10-9-…-2-10", (tuple(range(10, 1, -1)),)),
        ("12-1-2-...-11-13-14-15-12", ((12, *range(1, 12), 13, 14, 15),)),
        ("1-2-……-9-1", (tuple(range(1, 10)),)),
        ("1–2–3–1；7—8—9—7", ((1, 2, 3), (7, 8, 9))),
        ("J1-J2-J3-J1", ((1, 2, 3),)),
        ("（1、2、3、1）", ((1, 2, 3),)),
        ("\uff11-\uff12-\uff13-\uff11", ((1, 2, 3),)),
        (" 1 - 2 - 3 - 1 ", ((1, 2, 3),)),
    ],
)
def test_notations_as_offices_print_them(written: str, rings: tuple[tuple[int, ...], ...]) -> None:
    assert parse(written) == rings


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1-2-3", "notation.not_closed"),
        ("1-2-1", "notation.too_few"),
        ("", "notation.too_few"),
        ("1-2-3-1;", "notation.too_few"),
        ("…-2-3-1", "notation.dangling_ellipsis"),
        ("1-2-…", "notation.dangling_ellipsis"),
        ("1-…-…-5-1", "notation.dangling_ellipsis"),
        ("1-2-…-3-1", "notation.nothing_between"),
        ("1-…-999999999-1", "notation.nothing_between"),
        ("1-2-x-1", "notation.not_a_number"),
        ("1-2-9999999999-1", "notation.not_a_number"),
    ],
)
def test_a_notation_that_cannot_be_read_is_told_in_both_languages(written: str, code: str) -> None:
    with pytest.raises(NotationError) as refused:
        parse(written)
    assert refused.value.code == code
    for lang in ("zh", "en"):
        assert text(code, lang, **refused.value.facts)


def test_a_point_that_the_table_lacks_is_named() -> None:
    with pytest.raises(NotationError) as refused:
        polygon_from("1-2-3-4-1", {1: (0, 0), 2: (1, 0), 3: (1, 1)})
    assert (refused.value.code, refused.value.facts["number"]) == ("notation.unknown_point", 4)
