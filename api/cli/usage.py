"""What is wrong with a command line, in the reader's language: click itself speaks English only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from data.messages import LANGUAGES, text


class WrongUsage(click.UsageError):
    """Wrong usage that a message code tells."""

    def __init__(self, code: str, facts: Mapping[str, Any]) -> None:
        super().__init__(text(code, "en", **facts))
        self.code, self.facts = code, dict(facts)


def said_in_each(wrong: click.ClickException) -> dict[str, str]:
    """The fact of `cli.wrong_usage`: what is said, by language."""
    return {lang: said(wrong, lang) for lang in LANGUAGES}


def said(wrong: click.ClickException, lang: str) -> str:
    """The fault in one language; in click's own words only where it is of no usual kind.

    >>> said(click.NoSuchOption("--odd"), "en"), said(click.UsageError("odd"), "zh")
    ('there is no option --odd.', 'odd')
    """
    if isinstance(wrong, WrongUsage):
        return text(wrong.code, lang, **wrong.facts)
    if isinstance(wrong, click.NoSuchOption):
        return text("cli.usage.no_option", lang, option=wrong.option_name)
    if isinstance(wrong, click.MissingParameter):
        return text("cli.usage.missing", lang, name=_name(wrong))
    kind = wrong.param.type if isinstance(wrong, click.BadParameter) and wrong.param else None
    if isinstance(kind, click.Choice):
        return text("cli.usage.choice", lang, name=_name(wrong), known=", ".join(map(str, kind.choices)))
    if isinstance(kind, click.DateTime):
        return text("cli.usage.day", lang, name=_name(wrong))
    if isinstance(kind, click.Path):
        return text("cli.usage.file", lang, name=_name(wrong))
    if isinstance(kind, click.IntRange | click.FloatRange):
        return text("cli.usage.range", lang, name=_name(wrong), range=_range(kind))
    if isinstance(wrong, click.BadParameter) and _name(wrong):
        # Our own kinds of parameter give the value and what it may be, without words.
        return text("cli.usage.value", lang, name=_name(wrong), detail=wrong.message)
    return wrong.format_message()


def _name(wrong: Any) -> str:
    """The option as it is written on the command line, or the name of the argument."""
    param = wrong.param
    if param is None:
        return str(wrong.param_hint or "")
    return str(param.opts[0]) if isinstance(param, click.Option) else str(param.make_metavar(wrong.ctx))


def _range(kind: Any) -> str:
    low, high = ("" if bound is None else str(bound) for bound in (kind.min, kind.max))
    return f"{low} … {high}".strip()
