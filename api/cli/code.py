"""`haiyu code`: build or parse the code of a sea-area parcel and of its real-estate unit."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from api.cli.law import Day, Rules, missing_json, rules_in_force, today
from api.cli.output import Exit, both, both_inline, emit, shared_options
from api.cli.usage import WrongUsage
from data.answers import Refusal
from data.messages import text
from marine.codes import ATTACHED, CodeError, SeaCode, display, parcel_code, parse, unit_code


@click.group(help=both("cli.code.long"))
def command() -> None:
    """The group itself does nothing."""


@command.command("build", help=both("cli.code.build.help"))
@click.option("--county", required=True, help=both_inline("cli.code.option.county"))
@click.option("--zone", required=True, help=both_inline("cli.code.option.zone"))
@click.option("--subzone", required=True, help=both_inline("cli.code.option.subzone"))
@click.option("--sequence", required=True, type=click.IntRange(1, 99_999), help=both_inline("cli.code.option.sequence"))
@click.option(
    "--feature",
    type=click.Choice(list(ATTACHED)),
    default="W",
    show_default=True,
    help=both_inline("cli.code.option.feature"),
)
@click.option("--number", type=click.IntRange(0, 99_999_999), default=0, help=both_inline("cli.code.option.number"))
@click.option("--on", "day", type=Day(), help=both_inline("cli.code.option.on"))
@shared_options
def build(
    county: str,
    zone: str,
    subzone: str,
    sequence: int,
    feature: str,
    number: int,
    day: date | None,
    json_wanted: bool,
    lang: str,
) -> int:
    """Put a code together, with the county code that the registry uses on the day."""
    rules = rules_in_force()
    try:
        unit = unit_code(parcel_code(county, zone, subzone, sequence), feature, number)
    except CodeError as wrong:
        raise WrongUsage(wrong.code, wrong.facts) from wrong
    when = day or today()
    now = registry_codes(rules, county, when)
    if now and county not in now:
        told = _as_json(parse(unit), rules, when, missing=f"code.county.{county}", values=now)
        told |= {"parcel_code": None, "unit_code": None, "display": None}
        emit(told, text("code.county_not_registry", lang, county=county, now=", ".join(now)), json_wanted)
        return Exit.MISSING
    return _show(parse(unit), rules, when, json_wanted, lang)


@command.command("parse", help=both("cli.code.parse.help"))
@click.argument("code", nargs=-1, required=True)
@shared_options
def parse_code(code: tuple[str, ...], json_wanted: bool, lang: str) -> int:
    """Take a code apart; the groups may stand apart, as printed."""
    try:
        found = parse(" ".join(code))
    except CodeError as wrong:
        raise Refusal(wrong.code, (), **wrong.facts) from wrong
    return _show(found, rules_in_force(), today(), json_wanted, lang)


def registry_codes(rules: Rules, county: str, day: date) -> tuple[str, ...]:
    """The county codes that the registry uses on a day for the place which bears, or once bore, this code."""
    places = [place for place, _ in rules.book.places.ever(county)]
    found = [place.code("registry", day) for place in places]
    if any(place.code("registry", day) == county for place in places):
        return (county,)
    former = [place.code("administrative", day) for place in places]
    return tuple(dict.fromkeys(code for code in (*found, *former) if code))


def _show(found: SeaCode, rules: Rules, day: date, json_wanted: bool, lang: str) -> int:
    told = _as_json(found, rules, day)
    place = told["place"]
    facts = {
        "display": told["display"],
        "county": found.county,
        "place": (place["zh"] if lang == "zh" else place["en"]) if place else "?",
        "zone": found.zone,
        "subzone": found.subzone,
        "sequence": found.sequence,
        "kind": text(f"cli.code.kind.{found.kind}", lang),
        "feature": text(f"cli.code.feature.{found.feature or 'none'}", lang),
    }
    lines = [text("cli.code.shown", lang, **facts)]
    lines += [finding["message"][lang] for finding in told["findings"]]
    emit(told, "\n".join(lines), json_wanted)
    return Exit.DONE


def _as_json(
    found: SeaCode, rules: Rules, day: date, *, missing: str | None = None, values: tuple[str, ...] = ()
) -> dict[str, Any]:
    bearers = rules.book.places.ever(found.county)
    # A zone shares its district's registry code; the place of a code is the one that also bears it administratively.
    bearers = tuple(row for row in bearers if row[1].scheme in ("administrative", "statistical"))
    place = bearers[0][0] if bearers else None
    findings: list[dict[str, Any]] = []
    if place is None:
        findings.append(_finding("code.county_unknown", county=found.county))
    elif missing is None and not any(row.covers(day) for _, row in bearers):
        until = max(row.until for _, row in bearers if row.until)
        findings.append(_finding("code.county_former", county=found.county, until=until))
    whole = found.unit_code or found.parcel_code
    return {
        "parcel_code": found.parcel_code,
        "unit_code": found.unit_code,
        "display": display(whole),
        "parts": {
            "county": found.county,
            "zone": found.zone,
            "subzone": found.subzone,
            "owner": "G",
            "kind": found.kind,
            "sequence": found.sequence,
            "feature": found.feature,
            "object_number": found.object_number,
        },
        "place": {"id": place.id, "zh": place.zh, "en": place.en} if place else None,
        "findings": findings,
        "missing": [missing] if missing else [],
        "choices": [missing_json(missing, rules.book, "--county", values)] if missing else [],
        **rules.as_json(),
    }


def _finding(code: str, **facts: Any) -> dict[str, Any]:
    """A finding as JSON, with its sentence in both languages."""
    return {"code": code, "facts": facts, "message": {lang: text(code, lang, **facts) for lang in ("zh", "en")}}
