"""`haiyu account`: accounts made, disabled and enabled, posts given and taken back, passwords set, by whoever holds the machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

import click
from sqlalchemy.orm import Session

from api.cli.law import Day, today
from api.cli.output import Exit, both, both_inline, emit, shared_options, tell
from api.cli.rooms import all_metadata
from api.databases import open_databases
from api.models import Account
from api.people import accounts, queries
from api.people.places import place_of_code
from api.schemas.people import account_json
from api.settings import Settings
from data import messages
from data.actors import Actor
from data.store import engine_for, sessions

MACHINE = Actor.administrator()
MOST = 10_000
_login = click.argument("login")
_role = click.option("--role", type=click.Choice(accounts.ROLES), required=True, help=both_inline("cli.account.role"))
_place = click.option("--place", metavar="CODE", help=both_inline("cli.account.place"))
_password = click.option("--password-stdin", is_flag=True, help=both_inline("cli.account.password_stdin"))


@click.group(help=both("cli.account.help"))
def command() -> None:
    """The group itself does nothing."""


@contextmanager
def _session(lang: str) -> Iterator[Session]:
    """One transaction on the register: returning commits, raising rolls back."""
    databases = open_databases(Settings(), all_metadata(), lambda code: tell(code, lang))
    with sessions(engine_for(databases.app, pooled=False)).begin() as session:
        yield session


@command.command("add", help=both("cli.account.add.help"))
@_login
@click.option("--name", required=True, help=both_inline("cli.account.name"))
@click.option("--email", help=both_inline("cli.account.email"))
@click.option("--phone", help=both_inline("cli.account.phone"))
@_password
@click.option(
    "--role", "roles", type=click.Choice(accounts.ROLES), multiple=True, help=both_inline("cli.account.roles")
)
@click.option("--place", "places", metavar="CODE", multiple=True, help=both_inline("cli.account.places"))
@shared_options
def add(
    login: str,
    password_stdin: bool,
    roles: tuple[str, ...],
    places: tuple[str, ...],
    json_wanted: bool,
    lang: str,
    **person: Any,
) -> int:
    """Make an account with its first posts; the n-th place belongs to the n-th role, a role without one holds everywhere."""
    if len(places) > len(roles):
        raise click.UsageError("--place CODE: --role")
    new = accounts.NewAccount(login=login, password=_read() if password_stdin else None, **person)
    with _session(lang) as session:
        account = accounts.add(session, new, actor=MACHINE)
        for role, code in zip_longest(roles, places):
            place = place_of_code(session, code, today())
            accounts.give_post(session, account, role, place, first=today(), actor=MACHINE)
        row = _row(session, account, lang)
    return _told(row, "added", json_wanted, lang)


@command.command("post", help=both("cli.account.post.help"))
@_login
@_role
@_place
@click.option("--from", "first", type=Day(), help=both_inline("cli.account.from"))
@click.option("--to", "last", type=Day(), help=both_inline("cli.account.to"))
@shared_options
def post(login: str, role: str, place: str | None, first: Any, last: Any, json_wanted: bool, lang: str) -> int:
    """Give a role at a place for days."""
    with _session(lang) as session:
        account = accounts.by_login(session, login)
        where = place_of_code(session, place, today())
        accounts.give_post(session, account, role, where, first=first or today(), last=last, actor=MACHINE)
        row = _row(session, account, lang)
    return _told(row, "posted", json_wanted, lang)


@command.command("unpost", help=both("cli.account.unpost.help"))
@_login
@_role
@_place
@shared_options
def unpost(login: str, role: str, place: str | None, json_wanted: bool, lang: str) -> int:
    """Take a post back from today on."""
    with _session(lang) as session:
        account = accounts.by_login(session, login)
        where = place_of_code(session, place, today())
        accounts.take_post(session, account, role, where, today=today(), actor=MACHINE)
        row = _row(session, account, lang)
    return _told(row, "unposted", json_wanted, lang)


@command.command("disable", help=both("cli.account.disable.help"))
@_login
@shared_options
def disable(login: str, json_wanted: bool, lang: str) -> int:
    """Disable an account and end its sessions."""
    with _session(lang) as session:
        account = accounts.by_login(session, login)
        accounts.disable(session, account, now=datetime.now(UTC), actor=MACHINE)
        row = _row(session, account, lang)
    return _told(row, "disabled", json_wanted, lang)


@command.command("enable", help=both("cli.account.enable.help"))
@_login
@shared_options
def enable(login: str, json_wanted: bool, lang: str) -> int:
    """Let a disabled account sign in again."""
    with _session(lang) as session:
        account = accounts.by_login(session, login)
        accounts.enable(session, account, actor=MACHINE)
        row = _row(session, account, lang)
    return _told(row, "enabled", json_wanted, lang)


@command.command("password", help=both("cli.account.password.help"))
@_login
@_password
@shared_options
def password(login: str, password_stdin: bool, json_wanted: bool, lang: str) -> int:
    """Set a password, asked for twice or read from standard input; ends every session."""
    asked = messages.text("cli.account.password_asked", lang)
    new = _read() if password_stdin else click.prompt(asked, hide_input=True, confirmation_prompt=True, err=True)
    with _session(lang) as session:
        account = accounts.by_login(session, login)
        accounts.set_password(session, account, new, now=datetime.now(UTC), actor=MACHINE)
        row = _row(session, account, lang)
    return _told(row, "password_set", json_wanted, lang)


@command.command("list", help=both("cli.account.list.help"))
@shared_options
def list_(json_wanted: bool, lang: str) -> int:
    """Every account with the posts that it holds today."""
    with _session(lang) as session:
        found = queries.accounts_after(session, 0, MOST)
        posts = queries.posts_on(session, [account.id for account in found], today())
        rows = [account_json(account, posts.get(account.id, []), lang) for account in found]
    emit({"accounts": rows}, "\n".join(_line(row, lang) for row in rows), json_wanted)
    return Exit.DONE


def _read() -> str:
    """The first line of standard input, as `printf … | haiyu account …` sends it."""
    return sys.stdin.readline().rstrip("\r\n")


def _row(session: Session, account: Account, lang: str) -> dict[str, Any]:
    session.flush()  # the answer reads the posts as they now stand
    return account_json(account, queries.posts_on(session, [account.id], today()).get(account.id, []), lang)


def _told(row: dict[str, Any], done: str, json_wanted: bool, lang: str) -> int:
    """Say what was done, once it is committed."""
    readable = f"{messages.text(f'cli.account.{done}', lang, login=row['login'])}\n{_line(row, lang)}"
    emit({"account": row}, readable, json_wanted)
    return Exit.DONE


def _line(row: dict[str, Any], lang: str) -> str:
    """One account in one line: number, login, name, posts, and what keeps it from signing in."""
    everywhere = messages.text("cli.account.everywhere", lang)
    posts = [f"{post['label']}@{post['place']['name'] if post['place'] else everywhere}" for post in row["posts"]]
    marks = [name for name in ("sample", "disabled") if row[name]] + ([] if row["has_password"] else ["no_password"])
    told = [messages.text(f"cli.account.mark.{mark}", lang) for mark in marks]
    return "  ".join([str(row["id"]), row["login"], row["name"], *posts, *(f"[{mark}]" for mark in told)])
