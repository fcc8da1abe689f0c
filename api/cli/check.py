"""`haiyu check`: read a parcel file, settle its boundary, and say whether the use fits, and why. Nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from api.cli.output import Exit, both, both_inline, emit, exit_for, problem, progress, shared_options, tell, worst
from api.cli.parcel_file import EXISTING, choices_of, drafted, file_options, question_block, questions_in_words
from api.cli.rooms import all_metadata
from api.databases import open_databases
from api.settings import Settings
from data.actors import Actor
from data.answers import Refusal
from data.clock import legal_day
from data.messages import has, text
from data.overlay import book_in_force
from data.rulebook import RuleBook
from data.store import engine_for, sessions
from parcels import checks
from parcels.checks.serial import finding_block
from parcels.draft_request import build_draft
from parcels.drafts import Drafted
from parcels.readers import Reading, read
from parcels.uploads import Upload

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command(help=both("cli.check.long"))
@click.argument("file", type=EXISTING)
@click.option("--type", "use_type", help=both_inline("cli.check.option.type"))
@click.option("--mode", "modes", multiple=True, help=both_inline("cli.check.option.mode"))
@click.option("--from", "first", type=DAY, help=both_inline("cli.check.option.from"))
@click.option("--to", "last", type=DAY, help=both_inline("cli.check.option.to"))
@click.option("--layers", help=both_inline("cli.check.option.layers"))
@click.option("--months", help=both_inline("cli.check.option.months"))
@click.option("--layered", is_flag=True, help=both_inline("cli.check.option.layered"))
@click.option("--low", type=float, help=both_inline("cli.check.option.low"))
@click.option("--high", type=float, help=both_inline("cli.check.option.high"))
@click.option("--surveyed", is_flag=True, help=both_inline("cli.check.option.surveyed"))
@click.option("--accuracy", type=click.FloatRange(min=0, min_open=True), help=both_inline("cli.check.option.accuracy"))
@file_options
@click.option(
    "--as",
    "seen_as",
    type=click.Choice(["public", "officer"]),
    default="public",
    show_default=True,
    help=both_inline("cli.check.option.as"),
)
@shared_options
def command(file: Path, seen_as: str, json_wanted: bool, lang: str, **given: Any) -> int:
    """Read, ask for what the file leaves open, check, and tell."""
    reading = read(Upload(file.name, file.read_bytes()), choices_of(given))
    if reading.questions:
        emit(_open_json(reading, lang), questions_in_words(reading, lang), json_wanted)
        return Exit.MISSING
    settled = [drafted(shape) for shape in reading.shapes]
    if len(settled) == 1 and isinstance(settled[0], Refusal):
        raise settled[0]
    asker = Actor.administrator() if seen_as == "officer" else Actor.public()
    settings = Settings()
    databases = open_databases(settings, all_metadata(), lambda code: tell(code, lang))
    with sessions(engine_for(databases.app, pooled=False))() as session:
        told = _checked(session, settled, given, asker, book_in_force(session), lang)
    payload = _payload(reading, told, lang)
    emit(payload, _words(reading, told, lang), json_wanted)
    return worst(each["exit_code"] for each in told)


def _request(given: dict[str, Any]) -> dict[str, Any]:
    """The use that the options describe, in the words of `parcels.draft_request`."""
    asked: dict[str, Any] = {
        "type": given["use_type"],
        "mode": list(given["modes"]) or None,
        "from": given["first"].date() if given["first"] else None,
        "to": given["last"].date() if given["last"] else None,
        "layers": given["layers"],
        "months": given["months"],
        "layered": given["layered"],
        "accuracy": given["accuracy"],
    }
    if given["low"] is not None or given["high"] is not None:
        asked["heights"] = {"low": given["low"], "high": given["high"], "surveyed": given["surveyed"]}
    return {name: value for name, value in asked.items() if value is not None}


def _checked(
    session: Session,
    settled: Sequence[Drafted | Refusal],
    given: dict[str, Any],
    asker: Actor,
    book: RuleBook,
    lang: str,
) -> list[dict[str, Any]]:
    """The answer for every parcel, in file order; a bar runs where there are many."""
    request, today = _request(given), legal_day(datetime.now(UTC))

    def one(draft: Drafted | Refusal) -> dict[str, Any]:
        if isinstance(draft, Refusal):
            return _refused(draft)
        asked = build_draft(draft, request, book)
        return checks.as_json(checks.check(session, asked, asker=asker, book=book, today=today), lang)

    if len(settled) < 20:
        return [one(draft) for draft in settled]
    told = []
    with progress(text("cli.check.progress", lang), len(settled)) as advanced:
        for draft in settled:
            told.append(one(draft))
            advanced(1)
    return told


def _refused(refusal: Refusal) -> dict[str, Any]:
    """A parcel whose boundary is blocked, in the place of its report."""
    return {
        "error": problem(refusal.code, refusal.facts, refusal.findings),
        "grade": None,
        "geometry": None,
        "findings": [],
        "not_judged": [],
        "remedy": None,
        "exit_code": int(exit_for(refusal)),
    }


def _payload(reading: Reading, told: Sequence[dict[str, Any]], lang: str) -> dict[str, Any]:
    """One parcel is the report itself; several stand in `parcels[]`. How the file was read stands beside."""
    beside = {
        "file": {"digest": reading.digest, "format": reading.format, "decisions": dict(reading.decisions)},
        "reading": [finding_block(finding, lang) for finding in reading.findings],
    }
    if len(told) == 1:
        return {**told[0], **beside}
    return {
        "parcels": [{"parcel": number, **each} for number, each in enumerate(told, 1)],
        "exit_code": int(worst(each["exit_code"] for each in told)),
        **beside,
    }


def _open_json(reading: Reading, lang: str) -> dict[str, Any]:
    return {
        "grade": None,
        "geometry": None,
        "findings": [],
        "not_judged": [],
        "remedy": None,
        "missing": [question.id for question in reading.questions],
        "choices": [question_block(question, lang) for question in reading.questions],
        "exit_code": int(Exit.MISSING),
        "file": {"digest": reading.digest, "format": reading.format, "decisions": dict(reading.decisions)},
        "reading": [finding_block(finding, lang) for finding in reading.findings],
    }


def _words(reading: Reading, told: Sequence[dict[str, Any]], lang: str) -> str:
    """The answers for people."""
    lines = [f"! {finding_block(finding, lang)['text']}" for finding in reading.findings]
    for number, each in enumerate(told, 1):
        if len(told) > 1:
            lines.append(text("cli.check.parcel", lang, number=number))
        lines += _report_words(each, lang)
    return "\n".join(lines)


def _report_words(told: dict[str, Any], lang: str) -> list[str]:
    if "error" in told:
        faults = [told["error"], *told["error"]["findings"]]
        return [fault["message"][lang] for fault in faults]
    geometry = told["geometry"]
    facts = {name: geometry[name] for name in ("area_ha", "central_meridian", "hash")}
    lines = [
        text("cli.check.head", lang, points=len(geometry["points"]), **facts),
        text("cli.check.grade", lang, grade=text(f"grade.{told['grade']}", lang)),
    ]
    for finding in told["findings"]:
        lines.append(f"- {finding['text']}{_marks(finding, lang)}")
        lines += [f"    {finding['mend']}"] if finding["mend"] and finding["grade"] not in ("clear", "touching") else []
    if told["fee"]:
        lines.append(f"- {told['fee']['text']}{_marks(told['fee'], lang)}")
    if told["not_judged"]:
        lines.append(text("cli.check.not_judged", lang))
        lines += [f"  - {each['text']}{' ' + each['option'] if each['option'] else ''}" for each in told["not_judged"]]
    return lines + _remedy_words(told, lang) + _last_words(told, lang)


def _marks(finding: dict[str, Any], lang: str) -> str:
    """The marks of doubt of a finding's sources, each once, so that nothing unverified reads as law."""
    marks = dict.fromkeys(source["mark"] for source in finding["basis"] if source["mark"])
    shown = [text(f"rules.mark.{mark}", lang) for mark in marks if has(f"rules.mark.{mark}")]
    return f"［{'，'.join(shown)}］" if lang == "zh" and shown else f" [{', '.join(shown)}]" if shown else ""


def _remedy_words(told: dict[str, Any], lang: str) -> list[str]:
    remedy, lines = told["remedy"], []
    if remedy:
        facts = {"area_ha": remedy["geometry"]["area_ha"], "further": len(remedy["further"])}
        lines.append(text("cli.check.remedy", lang, **facts))
        if remedy["dropped_units"]:
            lines.append(text("cli.check.remedy_dropped", lang, units=", ".join(map(str, remedy["dropped_units"]))))
    elif told["alternatives"]:
        lines = [text("cli.check.no_remedy", lang), text("cli.check.alternatives", lang)]
        lines += [f"  - {each['text']}" for each in told["alternatives"]]
    return lines


def _last_words(told: dict[str, Any], lang: str) -> list[str]:
    if told["fits"]:
        return [text("cli.check.fits", lang)]
    return [text("cli.check.not_fits", lang)] if told["missing"] else []
