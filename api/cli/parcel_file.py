"""Commands that take a parcel file: the options that answer its questions, and how open questions are told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from api.cli.output import both_inline
from data.answers import Refusal
from data.messages import text
from parcels.drafts import Drafted, draft_parcel
from parcels.readers import Question, RawShape, Reading
from parcels.uploads import Choices, Upload

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


def file_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that answer what a parcel file leaves open; `choices_of` reads them."""
    for option in reversed(
        [
            click.option("--crs", help=both_inline("cli.check.option.crs")),
            click.option("--axis", type=click.Choice(["lonlat", "latlon"]), help=both_inline("cli.check.option.axis")),
            click.option(
                "--origin",
                type=click.Choice(["cgcs2000", "gnss", "gcj02", "bd09"]),
                help=both_inline("cli.check.option.origin"),
            ),
            click.option("--parcel", type=click.IntRange(min=1), help=both_inline("cli.check.option.parcel")),
            click.option("--units", type=EXISTING, help=both_inline("cli.check.option.units")),
            click.option("--encoding", help=both_inline("cli.check.option.encoding")),
            click.option("--sheet", help=both_inline("cli.check.option.sheet")),
        ]
    ):
        command = option(command)
    return command


def choices_of(given: dict[str, Any]) -> Choices:
    """What the options answer of the questions that a file may leave open."""
    units: Path | None = given["units"]
    return Choices(
        crs=given["crs"],
        axis=given["axis"],
        origin=given["origin"],
        parcel=given["parcel"],
        units=Upload(units.name, units.read_bytes()) if units else None,
        encoding=given["encoding"],
        sheet=given["sheet"],
    )


def drafted(shape: RawShape) -> Drafted | Refusal:
    """One shape settled; a parcel with faults does not hide the others."""
    try:
        found = draft_parcel(shape)
    except Refusal as refusal:
        return refusal
    if found.boundary is None:
        return Refusal("draft.boundary_blocked", found.all_findings)
    return found


def question_block(question: Question, lang: str) -> dict[str, Any]:
    """One open question: what it asks, the option that answers it, and the values that it may have."""
    return {
        "id": question.id,
        "code": question.code,
        "option": question.option,
        "text": text(question.code, lang, **question.facts),
        "values": [
            {"option": option.option, "value": option.value, "label": text(option.code, lang, **option.told)}
            for option in question.options
        ],
    }


def questions_in_words(reading: Reading, lang: str) -> str:
    """What the file leaves open, and what may be answered, for people."""
    lines = [text("cli.check.questions", lang)]
    for question in reading.questions:
        lines.append(f"- {text(question.code, lang, **question.facts)}")
        lines += [
            f"    {option.option} {option.value}  {text(option.code, lang, **option.told)}"
            for option in question.options
        ]
    return "\n".join(lines)
