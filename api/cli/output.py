"""What every command shares: exit codes, languages, JSON or text on standard output, progress on standard error."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from data.answers import FieldFault, Refusal
from data.messages import MessageFault, catalogue, has, text


class Exit(IntEnum):
    """Exit codes, the same for every command (docs/cli.md)."""

    DONE = 0
    OUR_FAULT = 1
    WRONG_USAGE = 2
    NEEDS_CONSENT = 10
    CONFLICT = 11
    MISSING = 12
    REFUSED_FILE = 13


WORST_FIRST = (
    Exit.OUR_FAULT,
    Exit.WRONG_USAGE,
    Exit.REFUSED_FILE,
    Exit.CONFLICT,
    Exit.MISSING,
    Exit.NEEDS_CONSENT,
    Exit.DONE,
)

# The one table from refusal to exit code: the longest beginning of the code wins.
REFUSALS: Mapping[str, Exit] = {
    "ground.": Exit.OUR_FAULT,
    "prepare.": Exit.OUR_FAULT,
    "event.": Exit.OUR_FAULT,
    "register.busy": Exit.OUR_FAULT,
    "register.request_incomplete": Exit.MISSING,
    "problems.": Exit.WRONG_USAGE,
    "claim.": Exit.CONFLICT,
    "renewal.": Exit.CONFLICT,
    "party.": Exit.CONFLICT,
    "project.": Exit.MISSING,
    "act.": Exit.CONFLICT,
    "change.": Exit.CONFLICT,
    "process.": Exit.OUR_FAULT,
    "papers.": Exit.CONFLICT,
    "papers.empty": Exit.REFUSED_FILE,
    "material.": Exit.REFUSED_FILE,
    "case.": Exit.CONFLICT,
    "case.book_lost": Exit.OUR_FAULT,
    "case.not_found": Exit.WRONG_USAGE,
    "form.": Exit.CONFLICT,
    "guard.": Exit.CONFLICT,
    "numbers.": Exit.OUR_FAULT,
    "paper.": Exit.CONFLICT,
    "question.": Exit.CONFLICT,
    "notice.": Exit.CONFLICT,
    "signing.": Exit.CONFLICT,
    "bill.": Exit.CONFLICT,
    "bill.fee_unknown": Exit.MISSING,
    "receipt.": Exit.CONFLICT,
    "account.": Exit.WRONG_USAGE,
    "account.login_taken": Exit.CONFLICT,
    "account.post_": Exit.CONFLICT,
    "account.is_disabled": Exit.CONFLICT,
    "account.is_enabled": Exit.CONFLICT,
    "authorisation.": Exit.CONFLICT,
    "usage.": Exit.WRONG_USAGE,
    "cli.": Exit.WRONG_USAGE,
    "reader.": Exit.REFUSED_FILE,
    "upload.": Exit.REFUSED_FILE,
    "file.": Exit.REFUSED_FILE,
    "ring.": Exit.REFUSED_FILE,
    "hole.": Exit.REFUSED_FILE,
    "angle.": Exit.REFUSED_FILE,
    "crs.": Exit.REFUSED_FILE,
    "json.": Exit.REFUSED_FILE,
    "table.": Exit.REFUSED_FILE,
    "units.": Exit.REFUSED_FILE,
    "draft.": Exit.WRONG_USAGE,
    "draft.boundary_blocked": Exit.REFUSED_FILE,
    "choice.no_such_parcel": Exit.WRONG_USAGE,
    "boundary.": Exit.REFUSED_FILE,
    "load.": Exit.REFUSED_FILE,
    "load.no_field": Exit.WRONG_USAGE,
    "load.no_column": Exit.WRONG_USAGE,
    "load.no_file": Exit.WRONG_USAGE,
    "load.no_layer": Exit.WRONG_USAGE,
    "load.layer_needed": Exit.WRONG_USAGE,
    "load.map_": Exit.WRONG_USAGE,
    "layer.": Exit.CONFLICT,
    "planning.": Exit.WRONG_USAGE,
    "boundary.snap_first": Exit.CONFLICT,
    "code.": Exit.REFUSED_FILE,
    "choice.": Exit.MISSING,
    "missing.": Exit.MISSING,
    "rules.": Exit.MISSING,
    "rules.no_such_": Exit.WRONG_USAGE,
    "rules.entry_": Exit.WRONG_USAGE,
    "rules.document_missing": Exit.WRONG_USAGE,
    "issuer.": Exit.WRONG_USAGE,
    "issuer.none": Exit.MISSING,
    "document.": Exit.MISSING,
    "sheets.": Exit.OUR_FAULT,
    "sheets.cannot_be_set": Exit.WRONG_USAGE,
    "calendar.": Exit.MISSING,
    "grant.": Exit.CONFLICT,
    "overlap.": Exit.CONFLICT,
    "right.": Exit.CONFLICT,
    "register.": Exit.CONFLICT,
}


def worst(codes: Iterable[int]) -> Exit:
    """The worst of several exit codes; none at all is done.

    >>> worst([0, 12, 10]).name, worst([12, 11]).name, worst([13, 11]).name, worst([]).name
    ('MISSING', 'CONFLICT', 'REFUSED_FILE', 'DONE')
    """
    return min((Exit(code) for code in codes), key=WORST_FIRST.index, default=Exit.DONE)


def exit_for(refusal: Refusal) -> Exit:
    """The exit code of a refusal; one that the table does not know is our fault.

    >>> exit_for(Refusal("boundary.snap_first")).name, exit_for(Refusal("reader.empty")).name, exit_for(Refusal("odd")).name
    ('CONFLICT', 'REFUSED_FILE', 'OUR_FAULT')
    """
    fitting = [beginning for beginning in REFUSALS if refusal.code.startswith(beginning)]
    return REFUSALS[max(fitting, key=len)] if fitting else Exit.OUR_FAULT


def both(code: str) -> str:
    """A text in both languages, for help that is read before a language is chosen."""
    return f"{text(code, 'zh')}\n\n{text(code, 'en')}"


def both_inline(code: str) -> str:
    """The same on one line, for options."""
    return f"{text(code, 'zh')} / {text(code, 'en')}"


def shared_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--json` (argument `json_wanted`) and `--lang` (argument `lang`)."""
    language = click.option(
        "--lang", type=click.Choice(["zh", "en"]), default=default_language, help=both_inline("cli.option.lang")
    )
    return click.option("--json", "json_wanted", is_flag=True, help=both_inline("cli.option.json"))(language(command))


def default_language() -> str:
    """The language of the settings."""
    from api.settings import Settings

    return Settings().lang


_JSON_AS_IT_IS = frozenset((str, int, float, bool, type(None)))
# Indented JSON is written in pure Python, six seconds for a boundary of a hundred thousand points: nobody reads that by eye.
_INDENTED_UP_TO = 200_000


def plain(value: Any) -> Any:
    """Any value of ours as JSON knows it: decimals and numpy numbers as numbers, dates as ISO 8601, sets sorted.

    >>> plain({"ha": Decimal("0.1106"), "from": date(2027, 1, 1), "months": {3, 1}})
    {'ha': 0.1106, 'from': '2027-01-01', 'months': [1, 3]}
    """
    if type(value) in _JSON_AS_IT_IS:
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and value.as_tuple().exponent in (0,) else float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "__geo_interface__"):
        return plain(value.__geo_interface__)
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return str(value)


def emit(payload: Any, readable: str, json_wanted: bool) -> None:
    """Write the answer to standard output: the payload as JSON and nothing else, or the text for people."""
    if json_wanted:
        values = plain(payload)
        written = json.dumps(values, ensure_ascii=False, allow_nan=False)
        if len(written) <= _INDENTED_UP_TO:
            written = json.dumps(values, ensure_ascii=False, allow_nan=False, indent=2)
        sys.stdout.write(written + "\n")
    else:
        sys.stdout.write(readable.rstrip("\n") + "\n")
    sys.stdout.flush()


def tell(code: str, lang: str, /, **facts: Any) -> None:
    """Say what goes on, on standard error."""
    click.echo(text(code, lang, **facts), err=True)


@contextmanager
def progress(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on standard error; yields a function that advances it by so many steps."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=not sys.stderr.isatty()) as bar:
        task = bar.add_task(label, total=total)
        yield lambda steps: bar.advance(task, steps)


def told_in(code: str, lang: str, facts: Mapping[str, Any]) -> str:
    """The text of a code, or the code and its facts where the text asks for more than was given: never a second failure."""
    try:
        return text(code, lang, **facts)
    except MessageFault:
        return f"{code} {dict(facts)!r}"


def problem(code: str, facts: Mapping[str, Any], findings: Iterable[Any] = ()) -> dict[str, Any]:
    """A refusal or fault as JSON: code, both texts, how to mend it, facts and the findings behind it."""
    told: dict[str, Any] = {"code": code, "message": {lang: told_in(code, lang, facts) for lang in ("zh", "en")}}
    if has(f"{code}.mend"):
        told["mend"] = {lang: told_in(f"{code}.mend", lang, facts) for lang in ("zh", "en")}
    told["facts"] = dict(facts)
    told["findings"] = [problem(each.code, each.facts) | _place(each) for each in findings]
    return told


def _place(finding: Any) -> dict[str, Any]:
    """Where a finding is, in the words of the check's JSON."""
    if isinstance(finding, FieldFault):
        return {"field": finding.field}
    at = finding.at
    return (
        {}
        if at is None
        else {"at": {"ring": at.ring, "vertex": at.index, "unit": at.unit, "lon_ms": at.lon, "lat_ms": at.lat}}
    )


def show_refusal(refusal: Refusal, json_wanted: bool, lang: str) -> Exit:
    """Write a refusal and return its exit code."""
    code = exit_for(refusal)
    told = problem(refusal.code, refusal.facts, refusal.findings)
    if json_wanted:
        emit({"error": told, "exit_code": int(code), **_lists(refusal)}, "", True)
        return code
    lines = [told["message"][lang], *filter(None, [told.get("mend", {}).get(lang)])]
    lines += [f"  - {each['message'][lang]}" for each in told["findings"]]
    click.echo("\n".join(lines), err=True)
    return code


def _lists(refusal: Refusal) -> dict[str, Any]:
    """`choices` and `missing` stand at the top, where a script looks for what would answer it."""
    return {name: refusal.facts[name] for name in ("choices", "missing") if name in refusal.facts}


def show_fault(fault: BaseException, json_wanted: bool, lang: str) -> Exit:
    """Write an unexpected error with its place in our code, in both languages, and return exit code 1."""
    frames = traceback.extract_tb(fault.__traceback__)
    root = str(Path(__file__).resolve().parents[2])
    ours = [
        frame for frame in frames if frame.filename.startswith(root) and f"{os.sep}.venv{os.sep}" not in frame.filename
    ]
    last = (ours or frames)[-1] if frames else None
    where = f"{Path(last.filename).name}:{last.lineno}" if last else "-"
    facts = {"where": where, "kind": type(fault).__name__, "said": str(fault).strip()[:500]}
    if json_wanted:
        emit({"error": problem("cli.our_fault", facts), "exit_code": int(Exit.OUR_FAULT)}, "", True)
    click.echo(text("cli.our_fault", "zh", **facts), err=True)
    click.echo(text("cli.our_fault", "en", **facts), err=True)
    return Exit.OUR_FAULT


def known_codes() -> frozenset[str]:
    """All message codes, for commands that tell only what has a text."""
    return frozenset(catalogue())
