"""`haiyu verify`: replay the event chains and compare register, cases and papers with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import approvals.verify
import parcels.verify
from api.cli.output import Exit, both, emit, progress, shared_options, tell, told_in
from api.cli.rooms import all_metadata
from api.databases import open_databases
from api.settings import Settings
from data import messages
from data.anchors import anchor
from data.clock import recorded_at
from data.event_tables import Event
from data.events import instant
from data.store import engine_for
from data.verify import Verified, verify_streams
from marine.findings import Finding
from parcels.parties import PartyKeys


def room_findings(session: Session, keys: PartyKeys | None) -> Iterator[Finding]:
    """What the replays of the rooms find: the register against its events, then cases and papers against theirs."""
    yield from parcels.verify.findings(session)
    yield from approvals.verify.findings(session, keys)


def keys_of(settings: Settings) -> PartyKeys | None:
    """The keys of personal data; none where they are not here: verifying makes no keys."""
    path = settings.home / "keys" / "parties.key"
    return PartyKeys.from_file(path) if path.exists() else None


def as_json(found: Verified, rooms: Iterable[Finding]) -> dict[str, Any]:
    """The answer as JSON (docs/cli.md)."""
    faults = [_told(each.code, each.facts) for each in found.faults] + [_told(each.code, each.facts) for each in rooms]
    return {
        "streams": found.streams,
        "events": found.events,
        "anchors": found.anchors,
        "clean": not faults,
        "faults": faults,
    }


def _told(code: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": code,
        "facts": dict(facts),
        "message": {lang: told_in(code, lang, facts) for lang in messages.LANGUAGES},
    }


def write_anchor(url: str) -> dict[str, Any] | None:
    """Anchor the chains now (data.anchors): its number, digest and time; None where no chain has grown since the last."""
    with Session(engine_for(url, pooled=False)) as session:
        made = anchor(session, at=recorded_at(session))
        told = {"number": made.id, "hash": made.hash.hex(), "recorded_at": instant(made.recorded_at)} if made else None
        session.commit()
    return told


@click.command("verify", help=both("cli.verify.help"))
@click.option("--anchor", "anchor_wanted", is_flag=True, help=both("cli.verify.anchor"))
@shared_options
def command(anchor_wanted: bool, json_wanted: bool, lang: str) -> int:
    """Verify on one snapshot, so that writers may go on; any fault found is exit code 11, and then nothing is anchored."""
    settings = Settings()
    found = open_databases(settings, all_metadata(), lambda code: tell(code, lang))
    engine = engine_for(found.app, pooled=False).execution_options(isolation_level="REPEATABLE READ")
    with Session(engine) as session:
        total = session.execute(select(func.count()).select_from(Event)).scalar_one()
        with progress(messages.text("cli.verify.progress", lang), total) as advance:
            verified = verify_streams(session, advance)
        told = as_json(verified, room_findings(session, keys_of(settings)))
    if told["clean"]:
        counts = {name: told[name] for name in ("streams", "events", "anchors")}
        lines = [messages.text("cli.verify.clean", lang, **counts)]
        if anchor_wanted:
            told["anchor"] = made = write_anchor(found.app)
            code = "cli.verify.anchored" if made else "cli.verify.nothing_new"
            lines.append(messages.text(code, lang, **(made or {})))
        emit(told, "\n".join(lines), json_wanted)
        return Exit.DONE
    lines = [messages.text("cli.verify.faulty", lang, count=len(told["faults"]))]
    emit(told, "\n".join([*lines, *(f"  - {each['message'][lang]}" for each in told["faults"])]), json_wanted)
    return Exit.CONFLICT
