"""Angles as people write them, and as the house keeps them: whole milliseconds of arc (0.001″), rounded once, half to even.

Unit: milliseconds of arc (ms), CGCS2000 (EPSG:4490). Points are (longitude, latitude). Source of the rule: register.md §1.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from marine.findings import Refusal

MS_PER_DEGREE = 3_600_000
MS_PER_MINUTE = 60_000
LONGEST_TEXT = 64

Axis = Literal["lon", "lat"]

# Wide enough for every digit that a text of LONGEST_TEXT characters can hold, so that rounding happens once, at the end.
_EXACT = Context(prec=120, rounding=ROUND_HALF_EVEN)
# A product of two float64 at this size is off by less than 1e-7 ms; nearer than this to a half, the decimal text decides.
_NEAR_A_HALF = 1e-6

_MARKS = str.maketrans(
    {
        **dict.fromkeys("°º˚∘゜度", "°"),
        **dict.fromkeys("′'’‘\u02b9\u00b4`\uff07\u02ca分", "'"),
        **dict.fromkeys('″"”“ʺ˝\uff02〃秒', '"'),
        **dict.fromkeys("−–—\u2010\u2011\u2012―\uff0d﹣", "-"),
        **dict.fromkeys("：\u2236", ":"),
        "\ufeff": "",
        "\u200b": "",
    }
)
_HEMISPHERES: tuple[tuple[str, int, Axis], ...] = (
    ("北纬", 1, "lat"),
    ("南纬", -1, "lat"),
    ("东经", 1, "lon"),
    ("西经", -1, "lon"),
    ("N", 1, "lat"),
    ("S", -1, "lat"),
    ("E", 1, "lon"),
    ("W", -1, "lon"),
    ("北", 1, "lat"),
    ("南", -1, "lat"),
    ("东", 1, "lon"),
    ("西", -1, "lon"),
)
_NUMBER = r"\d+(?:[.,]\d*)?|[.,]\d+"
_DECIMALS_BEHIND = re.compile(r"(\d+)\s*([°'\"])\s*\.(\d+)")
_DEGREES = re.compile(rf"(?P<d>{_NUMBER})(?:[eE](?P<e>[+-]?\d{{1,3}}))?\s*°?")
_MINUTES = re.compile(rf"(?P<d>\d+)\s*(?:°\s*-?|[-:]|\s)\s*(?P<m>{_NUMBER})\s*'?")
_SECONDS = re.compile(rf"(?P<d>\d+)\s*(?:°\s*-?|[-:]|\s)\s*(?P<m>\d+)\s*(?:'\s*-?|[-:]|\s)\s*(?P<s>{_NUMBER})\s*\"?")


class AngleError(Refusal):
    """A text that is no angle; the facts hold the text as given and, where there is one, a suggestion.

    Every code `angle.x` has a second text `angle.x.at_point` that names the point (see `at_point`).
    """

    def at_point(self, point: int | str) -> AngleError:
        """The same refusal, located at a numbered point of a table."""
        return AngleError(f"{self.code}.at_point", **{**self.facts, "point": point})


@dataclass(frozen=True, slots=True)
class Angle:
    """An angle in whole milliseconds of arc; `axis` is known only if the text named its hemisphere."""

    ms: int
    axis: Axis | None = None


def ms_from_text(text: str) -> int:
    """Whole milliseconds of arc from any usual way to write an angle, rounded half to even from the decimal text.

    >>> ms_from_text("121°30′29.645″"), ms_from_text("东经121度30分29.645秒"), ms_from_text("121-30-29.645")
    (437429645, 437429645, 437429645)
    >>> ms_from_text("37.5N"), ms_from_text("W 0.5")
    (135000000, -1800000)
    >>> ms_from_text("0.00000041666666666666666666"), ms_from_text("0°0′0.0015″"), ms_from_text("0°0′0.0025″")
    (1, 2, 2)
    """
    return angle_from_text(text).ms


def angle_from_text(text: str) -> Angle:
    """Like `ms_from_text`, keeping what the text says about its axis (N, S, 北纬 … or E, W, 东经 …).

    >>> angle_from_text("北纬37°30′")
    Angle(ms=135000000, axis='lat')
    """
    given = str(text)
    if len(given) > LONGEST_TEXT:
        raise AngleError("angle.not_an_angle", text=given[:LONGEST_TEXT] + "…")
    body = unicodedata.normalize("NFKC", given.translate(_MARKS)).translate(_MARKS).strip()
    body = body.replace("''", '"').replace("' '", '"')
    # Older tables write the decimals behind the mark: 29″.645.
    body = _DECIMALS_BEHIND.sub(r"\1.\3\2", body)
    if not body:
        raise AngleError("angle.empty", text=given)
    sign, axis, body = _strip_hemisphere(body, given)
    degrees = _degrees(body, given)
    limit = 90 if axis == "lat" else 180
    if degrees > limit:
        raise AngleError("angle.out_of_range", text=given, limit=limit)
    return Angle(sign * _to_ms(degrees), axis)


def _strip_hemisphere(body: str, given: str) -> tuple[int, Axis | None, str]:
    """Take sign and hemisphere off both ends; a minus together with a hemisphere is two claims and is refused."""
    found: list[tuple[int, Axis]] = []
    for word, sign, axis in _HEMISPHERES:
        upper = body.upper()
        if upper.startswith(word):
            body = body[len(word) :].lstrip(" :")
            found.append((sign, axis))
        elif upper.endswith(word):
            body = body[: -len(word)].rstrip()
            found.append((sign, axis))
    signed = body[:1] in ("-", "+")
    minus = body[:1] == "-"
    if signed:
        body = body[1:].lstrip()
    if len(found) > 1 or (found and minus):
        raise AngleError("angle.two_directions", text=given)
    if found:
        return found[0][0], found[0][1], body
    return (-1 if minus else 1), None, body


def _degrees(body: str, given: str) -> Decimal:
    """The absolute angle in degrees, exact, from text without sign or hemisphere."""
    if match := _DEGREES.fullmatch(body):
        value = _number(match["d"])
        return _EXACT.scaleb(value, int(match["e"])) if match["e"] else value
    if match := _SECONDS.fullmatch(body):
        minutes, seconds = Decimal(match["m"]), _number(match["s"])
        _under_sixty("angle.seconds_over", seconds, match["s"], given)
        _under_sixty("angle.minutes_over", minutes, match["m"], given)
        total = _EXACT.add(_EXACT.multiply(Decimal(match["d"]), Decimal(3600)), _EXACT.multiply(minutes, Decimal(60)))
        return _EXACT.divide(_EXACT.add(total, seconds), Decimal(3600))
    if match := _MINUTES.fullmatch(body):
        minutes = _number(match["m"])
        _under_sixty("angle.minutes_over", minutes, match["m"], given)
        return _EXACT.add(Decimal(match["d"]), _EXACT.divide(minutes, Decimal(60)))
    raise AngleError("angle.not_an_angle", text=given)


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _under_sixty(code: str, value: Decimal, written: str, given: str) -> None:
    """Refuse minutes or seconds of 60 and more; up to 99 the likely slip is the leading digit, so offer 60 less."""
    if value < 60:
        return
    if value < 100:
        less = value - 60
        suggestion = f"0{less}" if less < 10 else f"{less}"
        raise AngleError(code, text=given, value=written, suggestion=suggestion)
    raise AngleError(f"{code}_far", text=given, value=written)


def _to_ms(degrees: Decimal) -> int:
    exact = _EXACT.multiply(degrees, Decimal(MS_PER_DEGREE))
    # Thirds of a minute are not finite decimals; one more digit than any text can hold settles them before the one rounding.
    settled = exact.quantize(Decimal(1).scaleb(-80), context=_EXACT)
    return int(settled.to_integral_value(rounding=ROUND_HALF_EVEN))


def ms_from_degrees(value: float | Decimal) -> int:
    """Whole milliseconds of arc from decimal degrees; a float counts as its shortest decimal text.

    >>> ms_from_degrees(121.5), ms_from_degrees(-0.5), ms_from_degrees(Decimal("0.0000004166666667"))
    (437400000, -1800000, 2)
    """
    exact = Decimal(repr(float(value))) if not isinstance(value, Decimal) else value
    if not exact.is_finite():
        raise AngleError("angle.not_an_angle", text=str(value))
    if abs(exact) > 180:
        raise AngleError("angle.out_of_range", text=str(value), limit=180)
    return int(_EXACT.multiply(exact, Decimal(MS_PER_DEGREE)).to_integral_value(rounding=ROUND_HALF_EVEN))


def ms_from_array(degrees: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """`ms_from_degrees` for a whole array (any shape) of float degrees, with equal results.

    >>> ms_from_array([[121.5, 37.25]]).tolist()
    [[437400000, 134100000]]
    >>> ms_from_array([]).tolist()
    []
    """
    values = np.asarray(degrees, dtype=np.float64)
    if not np.isfinite(values).all():
        raise AngleError("angle.not_an_angle", text="nan")
    if (np.abs(values) > 180).any():
        worst = float(values.flat[int(np.abs(values).argmax())])
        raise AngleError("angle.out_of_range", text=repr(worst), limit=180)
    scaled = values * MS_PER_DEGREE
    result = np.rint(scaled).astype(np.int64)
    fraction = np.abs(scaled - np.floor(scaled) - 0.5)
    for index in np.argwhere(fraction < _NEAR_A_HALF):
        key: Any = tuple(index)
        result[key] = ms_from_degrees(float(values[key]))
    return result


def dms(ms: int, *, decimals: int = 3) -> str:
    """The angle as the sheets print it; fewer decimals round half to even and carry over.

    >>> dms(437_429_645), dms(-1_800_000), dms(215_999_999, decimals=0)
    ('121°30′29.645″', '-0°30′00.000″', '60°00′00″')
    """
    if decimals == 3:
        # Whole milliseconds as they are: nothing is rounded.
        whole, thousandth = divmod(abs(ms), 1000)
        return f"{'-' if ms < 0 else ''}{whole // 3600}°{whole // 60 % 60:02d}′{whole % 60:02d}.{thousandth:03d}″"
    seconds = (Decimal(abs(ms)) / 1000).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    minutes, rest = divmod(seconds, 60)
    degree, minute = divmod(int(minutes), 60)
    width = 2 if decimals == 0 else 3 + decimals
    return f"{'-' if ms < 0 else ''}{degree}°{minute:02d}′{rest:0{width}.{decimals}f}″"


def degrees(ms: int) -> Decimal:
    """Decimal degrees, exact to ten places (0.001″ is 2.8e-7°, so the milliseconds come back from it).

    >>> degrees(437_400_000), ms_from_degrees(degrees(437_429_645))
    (Decimal('121.5000000000'), 437429645)
    """
    return (Decimal(ms) / MS_PER_DEGREE).quantize(Decimal("1e-10"), rounding=ROUND_HALF_EVEN)
