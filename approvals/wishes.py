"""A sentence of what somebody wants, as far as it is understood: matter, place, use, size, years; the rest is told as not understood.

Pure and modest: words of the code lists and of `data/registers/wish_words.yaml`, numbers with their units. Nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

from data.rulebook import RuleBook
from data.rulebook.yamlfile import read_yaml

MU_PER_HECTARE = 15
MOST_YEARS = 99
LONGEST = 200
_HAN = {name: value for value, name in enumerate("零一二三四五六七八九")} | {"两": 2}
_ENGLISH = {
    name: value
    for value, name in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
} | {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100}
_NUMBER = rf"(\d+(?:\.\d+)?|[零一二两三四五六七八九十百]+|\b(?:{'|'.join(_ENGLISH)}))"
_HECTARES = re.compile(_NUMBER + r"\s*(公顷|亩|hectares?\b|ha\b|mu\b)", re.I)
_YEARS = re.compile(_NUMBER + r"\s*(?:个)?(年|years?\b)", re.I)
_MARKS = re.compile(r"[\s，。、；：！？,.;:!?·（）()“”\"']+")


@dataclass(frozen=True, slots=True)
class SeaName:
    """A piece of the sea or a place on the shore by its usual name; `at` is longitude, latitude in degrees, `place` a county's code."""

    zh: str
    en: str
    kind: str
    place: str
    at: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was understood; None where nothing was said. `layers` come from the way of farming; `rest` was not understood."""

    matter: str | None = None
    place: SeaName | None = None
    use_type: str | None = None
    mode: str | None = None
    way: str | None = None
    hectares: Decimal | None = None
    years: int | None = None
    layers: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()

    @property
    def understood(self) -> bool:
        """Whether anything of the sentence is a fact of a use of the sea."""
        return any((self.matter, self.place, self.use_type, self.mode, self.hectares, self.years))


def understand(sentence: str, book: RuleBook) -> Wish:
    """Read one sentence in Chinese or English.

    >>> from data.rulebook import packaged
    >>> wish = understand("我要在桑沟湾养 20 公顷牡蛎，十年", packaged())
    >>> wish.place.en, wish.use_type, wish.hectares, wish.years, wish.rest
    ('Sanggou Bay', '13', Decimal('20'), 10, ())
    """
    left = _Left(sentence[:LONGEST].lower())
    words = _words()
    hectares, years = left.take_hectares(), left.take_years()
    place = left.take_place()
    # The same word may tell the matter, the type and the mode: all are read before any is taken away.
    use_type = left.read(_named(words["use_types"], book, "use_types"))
    mode = left.read(_named(words["modes"], book, "use_modes"))
    way, matter = left.read(words["ways"]), left.read(words["matters"])
    for table in (_named(words["use_types"], book, "use_types"), _named(words["modes"], book, "use_modes"), words["ways"], words["matters"]):  # fmt: skip
        left.drop(each for told in table.values() for each in told)
    return Wish(
        matter=matter,
        place=place,
        use_type=use_type,
        mode=mode,
        way=way,
        hectares=hectares,
        years=years,
        layers=tuple(words["layers"].get(way, ())),
        rest=left.rest(words["idle"]),
    )


class _Left:
    """What of a sentence has not been understood yet."""

    def __init__(self, text: str) -> None:
        self.text = text

    def take_hectares(self) -> Decimal | None:
        found = _HECTARES.search(self.text)
        if found is None:
            return None
        value = _number(found[1])
        if value <= 0:
            return None
        self._cut(found.start(), found.end())
        return round(value / MU_PER_HECTARE, 4) if found[2] in ("亩", "mu") else value

    def take_years(self) -> int | None:
        found = _YEARS.search(self.text)
        value = _number(found[1]) if found else None
        # 2026年 is a date, and half a year no term of this form.
        if found is None or value is None or not (1 <= value <= MOST_YEARS) or value != int(value):
            return None
        self._cut(found.start(), found.end())
        return int(value)

    def take_place(self) -> SeaName | None:
        for name in sea_names():
            for word in (name.zh, name.en.lower()):
                at = _find(self.text, word)
                if at is not None:
                    self._cut(at, at + len(word))
                    return name
        return None

    def read(self, table: Mapping[str, Iterable[str]]) -> str | None:
        """The code whose longest word stands in what is left."""
        found = [
            (len(word), code) for code, words in table.items() for word in words if _find(self.text, word) is not None
        ]
        return max(found, key=lambda each: each[0])[1] if found else None

    def drop(self, words: Iterable[str]) -> None:
        """Take words away, the longest first."""
        for word in sorted(words, key=len, reverse=True):
            while (at := _find(self.text, word)) is not None:
                self._cut(at, at + len(word))

    def rest(self, idle: Iterable[str]) -> tuple[str, ...]:
        """Pieces that nothing accounts for."""
        self.drop(idle)
        return tuple(piece for piece in _MARKS.split(self.text) if piece)

    def _cut(self, start: int, end: int) -> None:
        self.text = f"{self.text[:start]} {self.text[end:]}"


def _find(text: str, word: str) -> int | None:
    """Where a word stands; Latin words only as whole words."""
    edge = r"\b" if word.isascii() else ""
    found = re.search(f"{edge}{re.escape(word)}{edge}", text)
    return found.start() if found else None


def _number(told: str) -> Decimal:
    """Digits or Chinese numerals below a thousand.

    >>> [int(_number(each)) for each in ("20", "十", "二十五", "一百零五", "两百")]
    [20, 10, 25, 105, 200]
    """
    if told[0].isdigit() or told in _ENGLISH:
        return Decimal(_ENGLISH.get(told, told))
    total, digit = 0, 0
    for sign in told:
        if sign in "十百":
            total, digit = total + (digit or 1) * (10 if sign == "十" else 100), 0
        else:
            digit = _HAN[sign]
    return Decimal(total + digit)


def _named(words: Mapping[str, Iterable[str]], book: RuleBook, name: str) -> dict[str, list[str]]:
    """Words by code, with the code list's own names of what can be chosen: 养殖 of 开放式养殖用海 stands in its long form only."""
    told: dict[str, list[str]] = {}
    for code in book.codes[name].leaves():
        own = [code.zh, code.zh.removesuffix("用海"), code.en.lower()]
        told[code.code] = [*own, *words.get(code.code, ())]
    return told


@lru_cache(maxsize=1)
def sea_names() -> tuple[SeaName, ...]:
    """Every named piece of the sea, as packaged."""
    return tuple(
        SeaName(each["zh"], each["en"], each["kind"], each["place"], (float(each["at"][0]), float(each["at"][1])))
        for each in _packaged("sea_names.yaml")["names"]
    )


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    return _packaged("wish_words.yaml")


def _packaged(name: str) -> dict[str, Any]:
    path = files("data").joinpath("registers", name)
    content: dict[str, Any] = read_yaml(path.read_text(encoding="utf-8"), name)
    return content
