"""`haiyu jobs`: which jobs wait, run and have failed for good; and failed ones tried again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click
from sqlalchemy.orm import Session

from api.cli.output import Exit, both, both_inline, emit, shared_options, tell
from api.cli.rooms import all_metadata
from api.databases import open_databases
from api.jobs import state
from api.settings import Settings
from data.answers import Refusal
from data.messages import text
from data.store import engine_for, sessions

UNFINISHED = ("waiting", "running", "failed")


@click.group(help=both("cli.jobs.help"))
def command() -> None:
    """The group itself does nothing."""


@contextmanager
def _session(lang: str) -> Iterator[Session]:
    databases = open_databases(Settings(), all_metadata(), lambda code: tell(code, lang))
    with sessions(engine_for(databases.app, pooled=False)).begin() as session:
        yield session


@command.command("list", help=both("cli.jobs.list.help"))
@click.option(
    "--state", "states", multiple=True, type=click.Choice(list(state.STATES)), help=both_inline("cli.jobs.option.state")
)
@click.option(
    "--most", type=click.IntRange(1, state.MOST_LISTED), default=100, help=both_inline("cli.jobs.option.most")
)
@shared_options
def list_(states: tuple[str, ...], most: int, json_wanted: bool, lang: str) -> int:
    """The newest jobs, and how the queue is."""
    with _session(lang) as session:
        now, found = state.queue_state(session), state.jobs(session, states or UNFINISHED, most=most)
    emit({"queue": asdict(now), "jobs": [asdict(each) for each in found]}, _in_words(now, found, lang), json_wanted)
    return Exit.DONE


@command.command("retry", help=both("cli.jobs.retry.help"))
@click.argument("numbers", nargs=-1, type=click.IntRange(1))
@click.option("--all", "every", is_flag=True, help=both_inline("cli.jobs.option.all"))
@shared_options
def retry(numbers: tuple[int, ...], every: bool, json_wanted: bool, lang: str) -> int:
    """Let failed jobs begin anew: those named, or all."""
    if every == bool(numbers):
        raise Refusal("cli.jobs.which")
    with _session(lang) as session:
        again = state.try_again(session, None if every else numbers)
        wrong = sorted(set(numbers) - set(again))
        if wrong:
            # Rolls back: of the numbers on one line all are tried again or none.
            raise Refusal("cli.jobs.not_failed", numbers=", ".join(map(str, wrong)))
    emit({"again": again}, text("cli.jobs.again", lang, count=len(again)), json_wanted)
    return Exit.DONE


def _in_words(now: state.QueueState, found: list[state.JobLine], lang: str) -> str:
    counts: dict[str, Any] = {**asdict(now), "oldest": round(now.oldest_seconds or 0)}
    lines = [text("cli.jobs.queue", lang, **counts)]
    for each in found:
        facts = " ".join(f"{name}={value}" for name, value in each.facts.items())
        word = text(f"cli.jobs.state.{each.state}", lang)
        tried = text("cli.jobs.failures", lang, count=each.failures) if each.failures else ""
        lines.append(f"{each.number:>6}  {word}  {each.kind}  {facts}  {tried}".rstrip())
    return "\n".join(lines)
