"""`haiyu clock`: on which day a limit of working days ends, every calendar day with its label."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from api.cli.law import Day, Rules, missing_json, rules_in_force, source_json, sources_in_words, today
from api.cli.output import Exit, both, both_inline, emit, shared_options
from data.messages import text
from data.rulebook import Inquiry, on
from marine.workdays import ClockRun, Exclusion, run_by_rules

MOST_DAYS = 2_000


@click.command(help=both("cli.clock.long"))
@click.option(
    "--from",
    "start",
    required=True,
    type=Day(),
    help=both_inline("cli.clock.option.from"),
)
@click.option("--days", required=True, type=click.IntRange(0, MOST_DAYS), help=both_inline("cli.clock.option.days"))
@click.option(
    "--exclude", "excluded", multiple=True, metavar="FROM..TO=GROUND", help=both_inline("cli.clock.option.exclude")
)
@shared_options
def command(start: date, days: int, excluded: tuple[str, ...], json_wanted: bool, lang: str) -> int:
    """Count working days from the day after the start."""
    rules = rules_in_force()
    inquiry = rules.book.inquire(dates=on(start), today=today())
    exclusions = [_exclusion(inquiry, told) for told in excluded]
    counted = run_by_rules(inquiry, start, days, exclusions)
    emit(as_json(counted, rules), _in_words(counted, rules, lang), json_wanted)
    return Exit.MISSING if counted.missing else Exit.DONE


def _exclusion(inquiry: Inquiry, told: str) -> Exclusion:
    """Days left out: only by a ground that the rule book names (行政许可法 45)."""
    rule = inquiry.ask("days.excluded_grounds")
    grounds = rule.value or ()
    period, _, ground = told.partition("=")
    first, _, last = period.partition("..")
    if ground not in grounds:
        raise click.BadParameter(f"{ground!r} ({', '.join(grounds)})", param_hint="--exclude")
    try:
        found = Exclusion(date.fromisoformat(first), date.fromisoformat(last or first), ground, rule.source.cite)
    except ValueError as wrong:
        raise click.BadParameter(f"{told!r}: FROM..TO=GROUND", param_hint="--exclude") from wrong
    if found.last < found.first:
        raise click.BadParameter(f"{told!r}: {found.last} < {found.first}", param_hint="--exclude")
    return found


def as_json(counted: ClockRun, rules: Rules) -> dict[str, Any]:
    return {
        "from": counted.start,
        "asked_days": counted.asked_days,
        "finish": counted.finish,
        "provisional_finish": counted.provisional_finish,
        "days": [
            {"date": day.date, "label": day.label, "counted": day.counted, "name": day.name} for day in counted.days
        ],
        "missing": list(counted.missing),
        "choices": [missing_json(name, rules.book) for name in counted.missing],
        "basis": [source_json(source) for source in counted.basis],
        **rules.as_json(),
    }


def _in_words(counted: ClockRun, rules: Rules, lang: str) -> str:
    weekdays = text("cli.clock.weekdays", lang).split()
    lines, number = [], 0
    for day in counted.days:
        number += day.counted
        label = text(f"cli.clock.label.{day.label}", lang)
        name = f" {day.name}" if day.name else ""
        lines.append(f"{day.date} {weekdays[day.date.weekday()]}  {number if day.counted else '·':>3}  {label}{name}")
    if counted.finish:
        lines.append(text("cli.clock.finish", lang, finish=counted.finish, days=counted.asked_days))
    else:
        lines.append(
            text("cli.clock.provisional", lang, finish=counted.provisional_finish, missing=", ".join(counted.missing))
        )
    lines += [text("cli.law.sources", lang), *sources_in_words(counted.basis, lang)]
    return "\n".join([*lines, text(f"cli.law.{rules.source}", lang)])
