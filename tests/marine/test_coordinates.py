"""Angles as people write them, and what they become."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.messages import text
from marine.coordinates import (
    MS_PER_DEGREE,
    Angle,
    AngleError,
    angle_from_text,
    degrees,
    dms,
    ms_from_array,
    ms_from_degrees,
    ms_from_text,
)

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/boundary/angles.json").read_text(encoding="utf-8"))
WHOLE = st.integers(-180 * MS_PER_DEGREE, 180 * MS_PER_DEGREE)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["text"])
def test_a_committed_text_gives_its_milliseconds(vector: dict[str, object]) -> None:
    assert ms_from_text(str(vector["text"])) == vector["ms"]


@given(WHOLE)
def test_every_way_to_print_an_angle_is_read_back(ms: int) -> None:
    printed = dms(ms)
    plain = printed.replace("°", " ").replace("′", " ").replace("″", "")
    sign = "-" if ms < 0 else ""
    hemisphere = printed.lstrip("-") + ("W" if ms < 0 else "E")
    chinese = ("西经" if ms < 0 else "东经") + printed.lstrip("-").replace("°", "度").replace("′", "分").replace(
        "″", "秒"
    )
    dashed = sign + "-".join(printed.lstrip("-").replace("°", "-").replace("′", "-").replace("″", "").split("-"))
    for written in (printed, plain, hemisphere, chinese, dashed, plain.replace(" ", ":"), str(degrees(ms))):
        assert ms_from_text(written) == ms, written


@given(st.decimals(min_value=-180, max_value=180, allow_nan=False, places=14))
def test_decimal_degrees_round_half_to_even_from_their_text(value: Decimal) -> None:
    assert ms_from_text(f"{value:f}") == round(Fraction(value) * MS_PER_DEGREE)


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 599_999))
def test_seconds_round_half_to_even_from_their_text(degree: int, minute: int, tenths_of_ms: int) -> None:
    seconds = Decimal(tenths_of_ms) / 10_000
    exact = Fraction(degree * MS_PER_DEGREE + minute * 60_000) + Fraction(tenths_of_ms, 10)
    assert ms_from_text(f"{degree}°{minute}′{seconds:f}″") == round(exact)


@given(st.integers(0, 359_999_999), st.integers(1, 12))
def test_thirds_of_a_minute_are_rounded_once(numerator: int, places: int) -> None:
    minutes = Decimal(numerator) / 10**places % 60
    assert ms_from_text(f"12°{minutes:f}′") == round(Fraction(minutes) * 60_000) + 12 * MS_PER_DEGREE


@given(st.lists(st.floats(-180, 180), max_size=30))
def test_an_array_gives_what_each_float_gives(values: list[float]) -> None:
    assert ms_from_array(values).tolist() == [ms_from_degrees(value) for value in values]


def test_an_array_decides_ties_by_the_decimal_text() -> None:
    ties = [(2 * k + 1) / 2 / MS_PER_DEGREE for k in range(437_400_000, 437_402_000)]
    assert ms_from_array(ties).tolist() == [ms_from_degrees(tie) for tie in ties]
    assert ms_from_array(np.zeros((0, 2))).shape == (0, 2)


@pytest.mark.parametrize(
    ("written", "code", "facts"),
    [
        ("37°30′63.2″", "angle.seconds_over", {"value": "63.2", "suggestion": "03.2"}),
        ("37-30-60", "angle.seconds_over", {"value": "60", "suggestion": "00"}),
        ("37°30′160″", "angle.seconds_over_far", {"value": "160"}),
        ("37°75′03″", "angle.minutes_over", {"value": "75", "suggestion": "15"}),
        ("37°75.5′", "angle.minutes_over", {"value": "75.5", "suggestion": "15.5"}),
        ("-37°N", "angle.two_directions", {}),
        ("E37W", "angle.two_directions", {}),
        ("91N", "angle.out_of_range", {"limit": 90}),
        ("4108234.12", "angle.out_of_range", {"limit": 180}),
        ("", "angle.empty", {}),
        ("  ", "angle.empty", {}),
        ("=A1+1", "angle.not_an_angle", {}),
        ("121°30", "angle.not_an_angle", None),
        ("12 13 14 15", "angle.not_an_angle", {}),
        ("1" * 1_000, "angle.not_an_angle", {}),
        ("nan", "angle.not_an_angle", {}),
    ],
)
def test_a_text_that_is_no_angle_is_told_in_both_languages(
    written: str, code: str, facts: dict[str, object] | None
) -> None:
    if facts is None:
        # Degrees and minutes without the minute mark are usual in tables and are read.
        assert ms_from_text(written) == 437_400_000
        return
    with pytest.raises(AngleError) as refused:
        ms_from_text(written)
    assert refused.value.code == code
    assert facts.items() <= refused.value.facts.items()
    located = refused.value.at_point(3)
    for lang in ("zh", "en"):
        assert text(refused.value.code, lang, **refused.value.facts)
        assert "3" in text(located.code, lang, **located.facts)


def test_the_seconds_message_reads_as_the_guide_says() -> None:
    with pytest.raises(AngleError) as refused:
        ms_from_text("37°30′63.2″")
    located = refused.value.at_point(3)
    assert text(located.code, "zh", **located.facts) == "第 3 点的秒是 63.2，应小于 60。是 03.2 吗？"
    assert (
        text(located.code, "en", **located.facts)
        == "Point 3: seconds are 63.2 and must be under 60. Did you mean 03.2?"
    )


def test_a_hemisphere_tells_the_axis() -> None:
    assert angle_from_text("37°30′N") == Angle(135_000_000, "lat")
    assert angle_from_text("东经 122.5") == Angle(441_000_000, "lon")
    assert angle_from_text("122.5").axis is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 181.0, -180.5])
def test_a_float_that_is_nowhere_is_refused(value: float) -> None:
    with pytest.raises(AngleError):
        ms_from_degrees(value)
    with pytest.raises(AngleError):
        ms_from_array([value])
