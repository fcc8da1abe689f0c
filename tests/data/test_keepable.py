"""What can be kept: whatever passes is the same after canonical JSON and jsonb, whatever does not is told with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from data.keepable import DEEPEST, LARGEST_WHOLE, unkept
from tests.support.effort import effort_of_run

LEAVES = st.one_of(
    st.none(), st.booleans(), st.floats(), st.integers(), st.text(st.characters(exclude_categories=()), max_size=8)
)
VALUES = st.recursive(
    LEAVES,
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=4), each, max_size=3),
    max_leaves=8,
)


@settings(max_examples=min(effort_of_run().fuzz, 2_000), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=VALUES)
def test_whatever_passes_has_the_same_canonical_bytes_after_the_database_held_it(session: Session, value: Any) -> None:
    """A number that came back as another one broke every signature over its form."""
    if unkept(value) is None:
        held = session.execute(text("SELECT CAST(:value AS jsonb)"), {"value": json.dumps(value)}).scalar_one()
        assert rfc8785.dumps(held) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    ("value", "why", "at"),
    [
        ("a\0", "sign", ""),
        ("\ud83d", "sign", ""),
        ({"a": ["b", "\0"]}, "sign", "a.2"),
        ({"a": 1, "\0": 1}, "sign", "2"),
        (LARGEST_WHOLE + 1, "number", ""),
        (-(10**4000), "number", ""),
        ([1e300], "number", "1"),
        (float("nan"), "number", ""),
        (float("-inf"), "number", ""),
        ({"a": b"x"}, "kind", "a"),
    ],
)
def test_what_cannot_be_kept_is_told_with_its_place(value: Any, why: str, at: str) -> None:
    wrong = unkept(value)
    assert wrong is not None and (wrong.why, wrong.at) == (why, at)


def test_what_lies_too_deep_is_no_answer() -> None:
    value: Any = "x"
    for _ in range(DEEPEST):
        value = [value]
    assert unkept(value) is None
    deep = unkept([value])
    assert deep is not None and (deep.why, deep.at) == ("deep", ".".join(["1"] * DEEPEST))


@pytest.mark.parametrize("value", [LARGEST_WHOLE, -LARGEST_WHOLE, 0.1, True, None, "𠮷\n\t", "", [], {}])
def test_what_people_write_is_kept(value: Any) -> None:
    assert unkept(value) is None
