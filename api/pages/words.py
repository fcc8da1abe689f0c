"""How values read on a page: days, hours, hectares, money and titles in the reader's language (interface guide §3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from approvals.papers.words import MONTHS, bare_yuan
from data.answers import HOUSE_CITE
from data.clock import LEGAL_ZONE
from data.messages import office_name, text


def day_in_words(day: date | str, lang: str, *, weekday: bool = False, year: bool = True) -> str:
    """A day as a sentence has it.

    >>> day_in_words(date(2026, 11, 23), "zh", weekday=True, year=False), day_in_words("2026-11-23", "en")
    ('11月23日 星期一', '23 November 2026')
    """
    at = date.fromisoformat(day) if isinstance(day, str) else day
    if lang == "zh":
        told = f"{at.month}月{at.day}日"
        told = f"{at.year}年{told}" if year else told
        return f"{told} 星期{'一二三四五六日'[at.weekday()]}" if weekday else told
    told = f"{at.day} {MONTHS[at.month - 1]}"
    told = f"{told} {at.year}" if year else told
    return f"{at:%A}, {told}" if weekday else told


def hectares_in_words(value: str | Decimal, lang: str) -> str:
    """Hectares with four places and the unit.

    >>> hectares_in_words("20.2469", "zh"), hectares_in_words("2014", "en")
    ('20.2469 公顷', '2,014.0000 ha')
    """
    return text("page.hectares", lang, n=f"{Decimal(value):,.4f}")


def minute_in_words(instant: datetime | str) -> str:
    """An instant as the wall clock of Asia/Shanghai shows it, to the minute.

    >>> minute_in_words("2026-11-23T04:00:00+00:00")
    '2026-11-23 12:00'
    """
    at = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return f"{at.astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M}"


def install(environment: Environment) -> None:
    """Give templates the filters `day`, `weekday`, `ha`, `yuan`, `minute`, `pick` and `office`, and how our own settings are cited."""
    environment.globals["HOUSE_CITE"] = HOUSE_CITE
    environment.filters.update(
        day=_day, weekday=_weekday, ha=_hectares, yuan=bare_yuan, minute=minute_in_words, pick=_pick, office=_office
    )


@pass_context
def _day(context: Context, value: Any, year: bool = True) -> str:
    return day_in_words(value, context["lang"], year=year)


@pass_context
def _weekday(context: Context, value: Any, year: bool = False) -> str:
    return day_in_words(value, context["lang"], weekday=True, year=year)


@pass_context
def _hectares(context: Context, value: Any) -> str:
    return hectares_in_words(value, context["lang"])


@pass_context
def _pick(context: Context, value: Mapping[str, str]) -> str:
    return value[context["lang"]]


@pass_context
def _office(context: Context, value: str) -> str:
    return office_name(value, context["lang"])
