"""`haiyu fee`: the sea-use fee of one or several units, with every step and its source."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from api.cli.law import (
    Day,
    Rules,
    chain,
    missing_json,
    place_by_code,
    rules_in_force,
    source_json,
    sources_in_words,
    today,
    weakest,
)
from api.cli.output import Exit, both, both_inline, emit, shared_options
from data.messages import text
from data.rulebook import on
from marine.fees import FeeLine, FeeSheet, FeeUnit, Relief, fee
from marine.findings import Source

GRADES = ("1", "2", "3", "4", "5", "6")


class Hectares(click.ParamType):
    """A positive decimal number of hectares."""

    name = "hectares"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """The number as written, never through binary floating point."""
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            self.fail(f"{value!r}", param, ctx)
        if not number.is_finite() or number <= 0 or number > 1_000_000:
            self.fail(f"{value!r}", param, ctx)
        return number


@click.command(help=both("cli.fee.long"))
@click.option("--mode", "modes", multiple=True, required=True, help=both_inline("cli.fee.option.mode"))
@click.option(
    "--hectares", "areas", multiple=True, required=True, type=Hectares(), help=both_inline("cli.fee.option.hectares")
)
@click.option("--place", required=True, metavar="CODE", help=both_inline("cli.fee.option.place"))
@click.option("--from", "start", required=True, type=Day(), help=both_inline("cli.fee.option.from"))
@click.option("--years", type=click.IntRange(1, 100), help=both_inline("cli.fee.option.years"))
@click.option("--to", "end", type=Day(), help=both_inline("cli.fee.option.to"))
@click.option("--grade", type=click.Choice(GRADES), help=both_inline("cli.fee.option.grade"))
@click.option("--fee-mode", "fee_mode", help=both_inline("cli.fee.option.fee_mode"))
@click.option("--relief", "ground", help=both_inline("cli.fee.option.relief"))
@click.option("--decision", help=both_inline("cli.fee.option.decision"))
@click.option(
    "--share", type=click.FloatRange(0, 100), default=100, show_default=True, help=both_inline("cli.fee.option.share")
)
@shared_options
def command(
    modes: tuple[str, ...],
    areas: tuple[Decimal, ...],
    place: str,
    start: date,
    years: int | None,
    end: date | None,
    grade: str | None,
    fee_mode: str | None,
    ground: str | None,
    decision: str | None,
    share: float,
    json_wanted: bool,
    lang: str,
) -> int:
    """Work out the fee and say it with its sources."""
    rules = rules_in_force()
    first, last = start, end
    _check_usage(rules, modes, areas, place, first, last, years, fee_mode, ground)
    found = place_by_code(rules.book, place, first)
    if found.now:
        return _superseded(rules, place, found.now, json_wanted, lang)
    where = found.place.id if found.place else place
    inquiry = rules.book.inquire(dates=on(first), place=chain(rules.book, where), today=today())
    units = [FeeUnit(mode, area, fee_mode=fee_mode) for mode, area in zip(modes, areas, strict=True)]
    relief = [Relief(ground, decision, Decimal(str(share)) / 100)] if ground else []
    sheet = fee(
        units, where, first, inquiry=inquiry, years=years, end=last, relief=relief, grade=int(grade) if grade else None
    )
    emit(as_json(sheet, rules, place, where), _in_words(sheet, rules, lang), json_wanted)
    return Exit.MISSING if sheet.total_yuan is None else Exit.DONE


def _check_usage(
    rules: Rules,
    modes: tuple[str, ...],
    areas: tuple[Decimal, ...],
    place: str,
    first: date,
    last: date | None,
    years: int | None,
    fee_mode: str | None,
    ground: str | None,
) -> None:
    """What no answer could mend: options that contradict each other or name nothing."""
    known = [code.code for code in rules.book.codes["use_modes"].leaves()]
    for mode in modes:
        if mode not in known:
            raise click.BadParameter(f"{mode!r} ({', '.join(known)})", param_hint="--mode")
    if fee_mode is not None and fee_mode not in rules.book.codes["fee_modes"]:
        names = [code.code for code in rules.book.codes["fee_modes"]]
        raise click.BadParameter(f"{fee_mode!r} ({', '.join(names)})", param_hint="--fee-mode")
    if len(modes) != len(areas):
        raise click.UsageError(f"--mode × {len(modes)}, --hectares × {len(areas)}")
    if (years is None) == (last is None):
        raise click.UsageError("--years | --to")
    if last is not None and last < first:
        raise click.BadParameter(f"{last} < {first}", param_hint="--to")
    if not (len(place) == 6 and place.isascii() and place.isdigit()):
        raise click.BadParameter(f"{place!r}", param_hint="--place")
    grounds = [dict(cell.keys)["ground"] for cell in rules.book.values("fee.relief")]
    if ground is not None and ground not in grounds:
        raise click.BadParameter(f"{ground!r} ({', '.join(grounds)})", param_hint="--relief")


def _superseded(rules: Rules, place: str, now: tuple[str, ...], json_wanted: bool, lang: str) -> int:
    """A code that the place bore on other days: the answer waits for the one in force."""
    code = f"place.{place}"
    told = {
        "total_yuan": None,
        "lines": [],
        "missing": [code],
        "choices": [missing_json(code, rules.book, "--place", now)],
        "place": {"code": place, "id": None, "zh": None, "en": None},
        **rules.as_json(),
    }
    emit(told, text("cli.fee.place_superseded", lang, code=place, now=", ".join(now)), json_wanted)
    return Exit.MISSING


def as_json(sheet: FeeSheet, rules: Rules, code: str, where: str) -> dict[str, Any]:
    place = rules.book.places.get(where)
    values = dict(sheet.choices)
    return {
        "total_yuan": sheet.total_yuan,
        "lines": [_line_json(line) for line in sheet.lines],
        "missing": list(sheet.missing),
        "choices": [_choice(rules, name, values.get(name, ())) for name in sheet.missing],
        "place": {
            "code": code,
            "id": place.id if place else None,
            "zh": place.zh if place else None,
            "en": place.en if place else None,
        },
        **rules.as_json(),
    }


def _choice(rules: Rules, name: str, values: tuple[str, ...]) -> dict[str, Any]:
    if name.startswith("fee.modes."):
        return missing_json(name, rules.book, "--fee-mode", values)
    if name.startswith("sea.grade."):
        return missing_json(name, rules.book, "--grade", GRADES)
    if name.startswith("fee.relief_decision."):
        return missing_json(name, rules.book, "--decision")
    return missing_json(name, rules.book)


def _line_json(line: FeeLine) -> dict[str, Any]:
    return {
        "step": line.step,
        "unit": line.unit,
        "mode": line.mode or None,
        "fee_mode": line.fee_mode,
        "hectares": line.hectares,
        "grade": line.grade,
        "rate_wan_per_ha": line.rate,
        "factor": line.factor,
        "from": line.first,
        "to": line.last,
        "yuan": line.yuan,
        "basis": [source_json(source) for source in line.basis],
        "confidence": weakest(line.basis),
    }


def _in_words(sheet: FeeSheet, rules: Rules, lang: str) -> str:
    lines = []
    for line in sheet.lines:
        facts = {
            "first": line.first,
            "last": line.last,
            "hectares": line.hectares,
            "rate": "?" if line.rate is None else line.rate,
            "factor": line.factor,
            "grade": "?" if line.grade is None else line.grade,
            "mode": line.fee_mode or line.mode,
            "yuan": "?" if line.yuan is None else f"{line.yuan:,}",
        }
        lines.append(
            text("cli.fee.relief_line" if line.step == "relief" else f"cli.fee.line.{line.step}", lang, **facts)
        )
    if sheet.total_yuan is None:
        lines.append(text("cli.fee.no_total", lang))
        for name in sheet.missing:
            choice = _choice(rules, name, dict(sheet.choices).get(name, ()))
            lines.append(f"  {choice['message'][lang]}")
            if choice["option"]:
                answer = "|".join(choice["values"]) or "…"
                lines.append(f"    {choice['option']} {answer}")
    else:
        lines.append(text("cli.fee.total", lang, yuan=f"{sheet.total_yuan:,}"))
    basis: list[Source] = [source for line in sheet.lines for source in line.basis]
    lines += [text("cli.law.sources", lang), *sources_in_words(basis, lang)]
    return "\n".join([*lines, text(f"cli.law.{rules.source}", lang)])
