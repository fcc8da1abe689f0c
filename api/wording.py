"""Codes of the rule book in words of one language, for whatever leaves the house on paper."""

from __future__ import annotations

from collections.abc import Sequence

from data.rulebook import RuleBook


def mode_words(modes: Sequence[str | None], book: RuleBook, lang: str) -> tuple[str, ...]:
    """Use modes in words; a code that the book does not know stays a code, a mode that nobody has told stays empty."""
    known = book.codes["use_modes"]
    return tuple(
        (known[mode].zh if lang == "zh" else known[mode].en) if mode and mode in known else mode or "" for mode in modes
    )
