"""Texts and figures as papers print them, in both languages: days both included, hectares with four decimals, yuan with two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from approvals.papers.content import Words
from data.clock import LEGAL_ZONE
from data.messages import LANGUAGES, text

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DASH: Words = {"zh": "—", "en": "—"}


def both(code: str, /, **facts: Any) -> Words:
    """A text of the catalogue in both languages; facts that are themselves words give each language its own.

    >>> both("paper.word.hectares", figure="20.2469")["zh"]
    '20.2469 公顷'
    """
    return {lang: text(code, lang, **{name: _of(value, lang) for name, value in facts.items()}) for lang in LANGUAGES}


def _of(value: Any, lang: str) -> Any:
    return value[lang] if isinstance(value, Mapping) else value


def same(told: str) -> Words:
    """A name, number or code that both languages write alike."""
    return dict.fromkeys(LANGUAGES, told)


def joined(parts: Iterable[Words], zh: str = "、", en: str = ", ") -> Words:
    """Several words in one line.

    >>> joined([{"zh": "甲", "en": "A"}, {"zh": "乙", "en": "B"}])
    {'zh': '甲、乙', 'en': 'A, B'}
    """
    told = list(parts)
    return {"zh": zh.join(each["zh"] for each in told), "en": en.join(each["en"] for each in told)}


def hectares(area: Decimal | str) -> Words:
    """Hectares with four decimals and their unit.

    >>> hectares(Decimal("20.2"))["en"]
    '20.2000 ha'
    """
    return both("paper.word.hectares", figure=bare_hectares(area))


def bare_hectares(area: Decimal | str) -> str:
    """Hectares with four decimals.

    >>> bare_hectares("0.1106")
    '0.1106'
    """
    return f"{Decimal(area):.4f}"


def yuan(amount: Decimal | str) -> Words:
    """Yuan with two decimals, thousands and their unit.

    >>> yuan(Decimal("10740.1"))["zh"]
    '10,740.10 元'
    """
    return both("paper.word.yuan", figure=bare_yuan(amount))


def bare_yuan(amount: Decimal | str) -> str:
    """Yuan with two decimals and thousands.

    >>> bare_yuan("-1234.5")
    '-1,234.50'
    """
    return f"{Decimal(amount):,.2f}"


def grouped(figure: str) -> str:
    """A decimal text with thousands and its own decimals.

    >>> grouped("3205000.5"), grouped("0")
    ('3,205,000.5', '0')
    """
    return f"{Decimal(figure):,f}"


def day(on: date) -> Words:
    """A day.

    >>> day(date(2026, 11, 3))
    {'zh': '2026年11月3日', 'en': '3 November 2026'}
    """
    return {"zh": f"{on.year}年{on.month}月{on.day}日", "en": f"{on.day} {MONTHS[on.month - 1]} {on.year}"}


def term(first: date | None, last: date | None) -> Words:
    """Two days, both included; an open side is a dash.

    >>> term(date(2027, 1, 1), date(2041, 12, 31))["zh"]
    '2027年1月1日至2041年12月31日'
    """
    return both("paper.word.term", first=day(first) if first else DASH, last=day(last) if last else DASH)


def minute(at: datetime) -> Words:
    """An instant in the legal time of the country, to the minute."""
    local = at.astimezone(LEGAL_ZONE)
    return {lang: f"{told} {local:%H:%M}" for lang, told in day(local.date()).items()}


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def in_capitals(amount: Decimal) -> str:
    """Yuan in the capital figures of Chinese bookkeeping, for amounts from nothing to under ten to the sixteenth.

    >>> in_capitals(Decimal("10740.12")), in_capitals(Decimal("1000500")), in_capitals(Decimal("0.05"))
    ('壹万零柒佰肆拾元壹角贰分', '壹佰万零伍佰元整', '伍分')
    >>> in_capitals(Decimal("0")), in_capitals(Decimal("20000000.30")), in_capitals(Decimal("107.05"))
    ('零元整', '贰仟万元叁角', '壹佰零柒元零伍分')
    """
    if not 0 <= amount < 10**16:
        raise ValueError(f"no capital figures for {amount}")
    whole, cents = divmod(int(amount.quantize(Decimal("0.01")) * 100), 100)
    tens, ones = divmod(cents, 10)
    told = f"{_whole_in_capitals(whole)}元" if whole or not cents else ""
    if not cents:
        return f"{told}整"
    if tens:
        told += f"{_DIGITS[tens]}角"
    elif whole:
        told += "零"
    return f"{told}{_DIGITS[ones]}分" if ones else told


def _whole_in_capitals(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    told, gap = "", False
    for at in range(3, -1, -1):
        group = number // 10_000**at % 10_000
        if group == 0:
            gap = bool(told)
            continue
        if told and (gap or group < 1000):
            told += _DIGITS[0]
        told += _group_in_capitals(group) + _GROUPS[at]
        gap = False
    return told


def _group_in_capitals(group: int) -> str:
    told, gap = "", False
    for at in range(3, -1, -1):
        digit = group // 10**at % 10
        if digit == 0:
            gap = bool(told)
            continue
        told += (_DIGITS[0] if gap else "") + _DIGITS[digit] + _PLACES[at]
        gap = False
    return told
