"""Letters that cannot stand on a paper as they are: told by their number in Unicode, so that no paper fails and none deceives.

Signs that are not seen but turn or hide what is seen (controls, marks of direction) are always told; letters without a glyph
once the typesetter has found no font for them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

# Controls, formats, surrogates, private use, unassigned. Line feeds and tabs are white space like any other.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
SPACES = {"\n": " ", "\t": " ", "\r": " "}
# Typst's complaint, with the letters as Rust writes them.
NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")


def numbered(letter: str) -> str:
    """A letter by its number.

    >>> numbered(chr(0x1F9FF)).strip("〔〕")
    'U+1F9FF'
    """
    return f"〔U+{ord(letter):04X}〕"


def seen(value: Any) -> Any:
    """The same plain value with every unseen sign in its texts told by its number.

    >>> seen({"a": ["x\\ty", 3]})
    {'a': ['x y', 3]}
    """
    return replaced(value, _seen)


def without(value: Any, letters: str) -> Any:
    """The same plain value with these letters told by their numbers."""
    table = {ord(letter): numbered(letter) for letter in letters}
    return replaced(value, lambda text: text.translate(table))


def lacking(complaint: str) -> str:
    """The letters for which the typesetter has no glyph, out of its complaint; empty where it complains of something else.

    >>> lacking('error: the text `"\\\\u{7}"` could not be displayed with font `"X"`')
    '\\x07'
    """
    found = NO_GLYPH.search(complaint)
    if found is None:
        return ""
    return ESCAPE.sub(lambda each: chr(int(each[1], 16)) if each[1] else each[2], found[1])


def replaced(value: Any, change: Any) -> Any:
    """A plain value with a function applied to each text in it; keys stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: replaced(each, change) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [replaced(each, change) for each in value]
    return value


def _seen(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        SPACES.get(each) or (numbered(each) if unicodedata.category(each) in UNSEEN else each) for each in text
    )
