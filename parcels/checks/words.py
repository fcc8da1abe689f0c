"""The facts of a finding as words of one language, for the message texts: layers, dates, months, names, standing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from data import messages
from marine.spaces import LAYER_NAMES


def words(facts: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The facts, and beside them what a text needs: `layers_text`, `dates_text`, `months_text`, `standing_text`; levels, grades
    and offices of the rule book as words; yuan by thousands; for every pair `name_zh`, `name_en` the one of the language as `name`.

    >>> words({"total_yuan": Decimal("107204.25")}, "en")["total_yuan"]
    '107,204.25'
    """
    told: dict[str, Any] = dict(facts)
    suffix = f"_{lang}"
    told |= {key.removesuffix(suffix): value for key, value in facts.items() if key.endswith(suffix)}
    if "layers" in facts:
        told["layers_text"] = layers_text(facts["layers"], lang)
    if "from" in facts or "to" in facts:
        told["dates_text"] = dates_text(facts.get("from"), facts.get("to"), lang)
    if "months" in facts:
        told["months_text"] = months_text(facts["months"], lang)
    if "standing" in facts:
        told["standing_text"] = messages.text(f"standing.{facts['standing']}", lang)
    told |= {key: messages.text(f"level.{facts[key]}", lang) for key in ("level", "least", "goes_to") if facts.get(key)}
    if facts.get("office"):
        told["office"] = messages.office_name(facts["office"], lang)
    told |= {
        key: f"{Decimal(str(facts[key])):,.2f}" for key in facts if key.endswith("_yuan") and facts[key] is not None
    }
    if "would" in facts:
        told["would"] = messages.text(f"grade.{facts['would']}", lang)
    return told


def layers_text(names: Sequence[str], lang: str) -> str:
    """Names of layers, "all four layers" where that is what they are."""
    if len(names) == len(LAYER_NAMES):
        return messages.text("layers.all", lang)
    return _list([messages.text(f"layers.{name}", lang) for name in names], lang)


def dates_text(first: date | None, last: date | None, lang: str) -> str:
    """Two days, both included; an open side says so."""
    shown = {"first": first, "last": last}
    if first is None and last is None:
        return messages.text("dates.open", lang)
    if first is None:
        return messages.text("dates.until", lang, **shown)
    return messages.text("dates.from" if last is None else "dates.between", lang, **shown)


def months_text(months: Sequence[int], lang: str) -> str:
    """Months of the year, "all year" for twelve."""
    if len(months) == 12:
        return messages.text("months.all", lang)
    return _list([messages.text("months.month", lang, month=month) for month in months], lang)


def _list(parts: Sequence[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(parts)
