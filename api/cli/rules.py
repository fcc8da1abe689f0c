"""`haiyu rules`: what the rule book says and doubts; the administrator's entries and confirmations, each with its document."""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from api.cli.law import Day, today
from api.cli.output import Exit, both, both_inline, emit, shared_options, tell
from api.cli.rooms import all_metadata
from api.databases import open_databases
from api.rule_entries import keys_from, known, mark_on, packaged_value, row_of, value_of
from api.settings import Settings
from data import messages, overlay
from data.actors import Actor
from data.clock import legal_day
from data.rulebook import Confirmation, Entry
from data.store import engine_for, sessions
from parcels.papers import keep_file

_document = click.option(
    "--document",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help=both_inline("cli.rules.option.document"),
)
_keys = click.option("--key", "pairs", multiple=True, metavar="NAME=VALUE", help=both_inline("cli.rules.option.key"))
_place = click.option("--place", default="cn", help=both_inline("cli.rules.option.place"))
_rule = click.option("--rule", required=True, help=both_inline("cli.rules.option.rule"))


@click.group(help=both("cli.rules.help"))
def command() -> None:
    """The group itself does nothing."""


@contextmanager
def _session(lang: str) -> Any:
    databases = open_databases(Settings(), all_metadata(), lambda code: tell(code, lang))
    with sessions(engine_for(databases.app, pooled=False))() as session:
        yield session


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    try:
        return keys_from(given)
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from wrong


@command.command("list", help=both("cli.rules.list.help"))
@click.option("--rule", help=both_inline("cli.rules.option.rule"))
@click.option("--doubt", is_flag=True, help=both_inline("cli.rules.option.doubt"))
@shared_options
def list_(rule: str | None, doubt: bool, json_wanted: bool, lang: str) -> int:
    """All values, or those of one rule, or those in doubt."""
    with _session(lang) as session:
        book = overlay.book_in_force(session)
    if rule is not None:
        known(book, rule)
    rows = [
        row_of(cell, today())
        for cell in book.cells
        if (rule is None or cell.rule == rule)
        and (not doubt or mark_on(cell, today()) in ("unverified", "edition_not_confirmed", "unknown"))
    ]
    lines = [
        f"{row['rule']} {row['keys'] or ''} {row['place']} {row['from'] or ''}–{row['until'] or ''}: "
        f"{row['value']} [{row['mark'] or 'ok'}] {row['cite']}"
        for row in rows
    ]
    emit({"rules": book.hash, "values": rows}, "\n".join(lines), json_wanted)
    return Exit.DONE


@command.command("enter", help=both("cli.rules.enter.help"))
@_rule
@_keys
@_place
@click.option("--value", required=True, help=both_inline("cli.rules.option.value"))
@click.option("--from", "since", type=Day(), help=both_inline("cli.rules.option.from"))
@click.option("--until", type=Day(), help=both_inline("cli.rules.option.until"))
@click.option("--cite", required=True, help=both_inline("cli.rules.option.cite"))
@_document
@shared_options
def enter(
    rule: str,
    pairs: tuple[str, ...],
    place: str,
    value: str,
    cite: str,
    document: Path,
    json_wanted: bool,
    lang: str,
    **days: Any,
) -> int:
    """Lay one value over the book."""
    with _session(lang) as session:
        book = overlay.book_in_force(session)
        entry = Entry(
            rule=rule,
            keys=_pairs(pairs),
            place=place,
            value=value_of(book, rule, value),
            cite=cite,
            document=document.name,
            since=days["since"],
            until=days["until"],
        )
        number = overlay.enter(session, entry, _kept(session, document), actor=Actor.administrator())
        new = overlay.book_in_force(session)
        session.commit()
    payload = {"entry": number, "rules": new.hash, "before": book.hash}
    emit(payload, messages.text("cli.rules.entered", lang, number=number, hash=new.hash[:8]), json_wanted)
    return Exit.DONE


@command.command("confirm", help=both("cli.rules.confirm.help"))
@_rule
@_keys
@_place
@click.option("--from", "since", type=Day(), help=both_inline("cli.rules.option.from"))
@click.option("--by", help=both_inline("cli.rules.option.by"))
@_document
@shared_options
def confirm(
    rule: str,
    pairs: tuple[str, ...],
    place: str,
    since: Any,
    by: str | None,
    document: Path,
    json_wanted: bool,
    lang: str,
) -> int:
    """Confirm that a packaged value is in force."""
    with _session(lang) as session:
        book = overlay.book_in_force(session)
        keys = _pairs(pairs)
        found = packaged_value(book, rule, keys, place, since)
        word = Confirmation(
            rule=rule,
            keys=keys,
            place=place,
            since=since,
            fingerprint=found.fingerprint,
            by=by or getpass.getuser(),
            on=legal_day(datetime.now(UTC)),
            document=document.name,
        )
        number = overlay.confirm(session, word, _kept(session, document), actor=Actor.administrator())
        new = overlay.book_in_force(session)
        session.commit()
    payload = {"confirmation": number, "rules": new.hash}
    emit(payload, messages.text("cli.rules.confirmed", lang, number=number, hash=new.hash[:8]), json_wanted)
    return Exit.DONE


@command.command("withdraw", help=both("cli.rules.withdraw.help"))
@click.argument("number", type=int)
@shared_options
def withdraw(number: int, json_wanted: bool, lang: str) -> int:
    """Take an entry back."""
    with _session(lang) as session:
        overlay.withdraw(session, number, actor=Actor.administrator())
        book = overlay.book_in_force(session)
        session.commit()
    emit(
        {"withdrawn": number, "rules": book.hash},
        messages.text("cli.rules.withdrawn", lang, number=number),
        json_wanted,
    )
    return Exit.DONE


def _kept(session: Session, document: Path) -> bytes:
    """The document's bytes, kept by their digest; an empty one is refused by the overlay itself."""
    content = document.read_bytes()
    if content:
        keep_file(session, document.name, content)
    return content
