"""What of people's words and numbers can be kept as it came: in the database, and in canonical JSON that is hashed.

PostgreSQL holds no NUL in a text, UTF-8 no half of a surrogate pair, and canonical JSON (RFC 8785) no whole number that a double
cannot tell exactly. Whatever comes otherwise is told to its sender at its place; nothing is left out or rounded in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

# The whole numbers of JSON that every reader takes for the same: up to 2^53 - 1.
LARGEST_WHOLE = 2**53 - 1
# Answers and facts are values, lists and objects of values; whatever is deeper is no answer.
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Unkept:
    """A part that cannot be kept: why (`sign`, `number`, `deep`, `kind`), where within the value, and what says it in words."""

    why: str
    at: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def unkept(value: Any) -> Unkept | None:
    """The first part of a JSON value that cannot be kept as it came; None where all of it can.

    >>> unkept({"from": "2027-01-01", "units": [{"use": "养殖"}]}) is None
    True
    >>> unkept({"units": [{"use": "a\\0"}]})
    Unkept(why='sign', at='units.1.use', facts={'position': 2, 'sign': 'U+0000'})
    >>> unkept(2**53).why, unkept(float("nan")).why
    ('number', 'number')
    """
    return next(_faults(value, ()), None)


def _faults(value: Any, path: tuple[str, ...]) -> Iterator[Unkept]:
    at = ".".join(path)
    if isinstance(value, str):
        position = next((number for number, sign in enumerate(value, 1) if not _is_kept(sign)), None)
        if position is not None:
            yield Unkept("sign", at, {"position": position, "sign": f"U+{ord(value[position - 1]):04X}"})
    elif value is None or isinstance(value, bool):
        return
    elif isinstance(value, (int, float)):
        # jsonb gives a double without a fraction back as a whole number, so both have the same bound.
        # No comparison with NaN holds, and none turns a whole number of thousands of digits into a double.
        if not -LARGEST_WHOLE <= value <= LARGEST_WHOLE:
            yield Unkept("number", at, {"most": LARGEST_WHOLE})
    elif len(path) >= DEEPEST:
        yield Unkept("deep", at, {"most": DEEPEST})
    elif isinstance(value, Mapping):
        for number, (name, each) in enumerate(value.items(), 1):
            # A name that cannot be kept cannot be told either: its number stands for it.
            wrong = next(_faults(name, (*path, str(number))), None)
            yield from [wrong] if wrong else _faults(each, (*path, str(name)))
    elif isinstance(value, (list, tuple)):
        for number, each in enumerate(value, 1):
            yield from _faults(each, (*path, str(number)))
    else:
        yield Unkept("kind", at, {"kind": type(value).__name__})


def _is_kept(sign: str) -> bool:
    return sign != "\0" and not "\ud800" <= sign <= "\udfff"
