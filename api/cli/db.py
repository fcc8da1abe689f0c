"""`haiyu db`: start, stop, look at, prepare and reset the database."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy import inspect, text

from api.cli.output import Exit, both, both_inline, emit, shared_options, tell
from api.cli.rooms import all_metadata
from api.databases import addresses, open_databases, prepare, schema_revision
from api.settings import Settings
from data import messages
from data.answers import Refusal
from data.migrate import head
from data.prepare import administrator_sql
from data.store import engine_for


@click.group(help=both("cli.db.help"))
def command() -> None:
    """The group itself does nothing."""


def _embedded_only(settings: Settings) -> None:
    if not settings.is_embedded:
        raise Refusal("cli.db.outside")


def _status(settings: Settings) -> dict[str, Any]:
    """What `db status` tells as JSON."""
    if not settings.is_embedded:
        return {"state": "outside", "revision": schema_revision(addresses(settings)), "head": head()}
    found = settings.cluster.status()
    revision = schema_revision(addresses(settings)) if found.state == "running" else None
    return {
        "state": found.state,
        "pid": found.pid,
        "data": str(found.data),
        "socket": str(found.socket) if found.socket else None,
        "revision": revision,
        "head": head(),
    }


def _readable(told: dict[str, Any], lang: str) -> str:
    return messages.text(f"cli.db.state.{told['state']}", lang, **{name: value or "-" for name, value in told.items()})


@command.command("start", help=both("cli.db.start.help"))
@shared_options
def start(json_wanted: bool, lang: str) -> int:
    """Start the embedded cluster, prepared and migrated."""
    settings = Settings()
    _embedded_only(settings)
    open_databases(settings, all_metadata(), lambda code: tell(code, lang))
    told = _status(settings)
    emit(told, _readable(told, lang), json_wanted)
    return Exit.DONE


@command.command("stop", help=both("cli.db.stop.help"))
@shared_options
def stop(json_wanted: bool, lang: str) -> int:
    """Stop the embedded cluster."""
    settings = Settings()
    _embedded_only(settings)
    stopped = settings.cluster.stop()
    emit({"stopped": stopped}, messages.text("cli.db.stopped" if stopped else "cli.db.was_stopped", lang), json_wanted)
    return Exit.DONE


@command.command("status", help=both("cli.db.status.help"))
@shared_options
def status(json_wanted: bool, lang: str) -> int:
    """Tell how the database is."""
    told = _status(Settings())
    emit(told, _readable(told, lang), json_wanted)
    return Exit.DONE


@command.command("prepare", help=both("cli.db.prepare.help"))
@shared_options
def prepare_(json_wanted: bool, lang: str) -> int:
    """Make or verify logins and extensions, then migrate."""
    settings = Settings()
    missing = prepare(settings, all_metadata(), lambda code: tell(code, lang))
    if missing:
        sql = administrator_sql()
        lines = [messages.text("cli.db.not_ready", lang, count=len(missing))]
        lines += [f"  - {messages.text(each.code, lang, **each.facts)}" for each in missing]
        payload = {"ready": False, "missing": [{"code": each.code, **each.facts} for each in missing], "sql": sql}
        emit(payload, "\n".join([*lines, "", sql]), json_wanted)
        return Exit.MISSING
    revision = schema_revision(addresses(settings))
    emit({"ready": True, "revision": revision}, messages.text("cli.db.ready", lang, revision=revision), json_wanted)
    return Exit.DONE


def _what_goes(settings: Settings) -> dict[str, int]:
    """How many rights, cases and events the embedded database holds."""
    settings.cluster.start()
    engine = engine_for(addresses(settings).owner, pooled=False)
    tables = {"rights": "sea_right", "cases": "case_file", "events": "event"}
    with engine.connect() as connection:
        present = set(inspect(connection).get_table_names())
        return {
            name: connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one() if table in present else 0
            for name, table in tables.items()
        }


@command.command("reset", help=both("cli.db.reset.help"))
@click.option("--confirm", default="no", help=both_inline("cli.db.confirm"))
@shared_options
def reset(confirm: str, json_wanted: bool, lang: str) -> int:
    """Stop and remove the embedded cluster, after telling what goes."""
    settings = Settings()
    _embedded_only(settings)
    state = settings.cluster.status().state
    goes = {"rights": 0, "cases": 0, "events": 0}
    if state != "missing":
        try:
            goes = _what_goes(settings)
            tell("cli.db.goes", lang, **goes)
        except Exception as fault:
            # A cluster too broken to be counted must still be removable.
            click.echo(str(fault), err=True)
    if confirm != "yes":
        raise Refusal("cli.db.not_confirmed")
    settings.cluster.remove()
    emit({"removed": state != "missing", **goes}, messages.text("cli.db.removed", lang), json_wanted)
    return Exit.DONE
