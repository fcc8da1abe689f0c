"""Where the demonstration plays: a database of its own beside the register, made anew each time, on a day when it is spring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import Session, sessionmaker

from api.people import samples
from api.settings import Settings
from data.actors import Actor
from data.answers import Refusal
from data.clock import legal_day
from data.migrate import upgrade
from data.prepare import APP, OWNER, READ, prepare_embedded
from data.rulebook import packaged
from data.store import engine_for, sessions
from parcels import register
from parcels.parties import PartyKeys
from parcels.registering.requests import AdoptRequest
from parcels.samples import world
from parcels.samples.leases import leases

DATABASE = "haiyu_demo"
# Monday, 2 March 2026, ten in the morning in Weihai: every story ends within a year whose holidays are known.
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stage:
    """The settings of the demonstration's installation, a maker of sessions, and the real shapes that were adopted (ms)."""

    settings: Settings
    sessions: sessionmaker[Session]
    leases: tuple[Any, ...]


def set_stage(settings: Settings, metadata: MetaData, told: Callable[[str], None]) -> Stage:
    """A fresh database with the sample world, its people, and real lease shapes adopted off Weihai where they are to be had."""
    if not settings.is_embedded:
        raise Refusal("cli.demo.embedded_only")
    cluster = settings.cluster
    cluster.start()
    cluster.sql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    told("ground.preparing")
    prepare_embedded(cluster, DATABASE)
    upgrade(cluster.url(OWNER, DATABASE), metadata)
    factory = sessions(engine_for(cluster.url(APP, DATABASE), pooled=False))
    lay_world(factory, PartyKeys.from_file(settings.home / "keys" / "parties.key"), told)
    adopted = _adopt_leases(factory, settings.realdata, told)
    own = {
        "database_url": cluster.url(APP, DATABASE),
        "database_read_url": cluster.url(READ, DATABASE),
        "checks_per_minute": 0,
        "sign_ins_per_minute": 0,
        "log_level": "warning",
    }
    return Stage(settings.model_copy(update=own), factory, adopted)


def lay_world(factory: sessionmaker[Session], keys: PartyKeys, told: Callable[[str], None] = lambda code: None) -> None:
    """The sample world and its accounts as of the first day of the stories."""
    today = legal_day(START)
    world.load(factory, book=packaged(), keys=keys, today=today, now=START, told=told)
    with factory.begin() as session:
        samples.lay(session, keys=keys, today=today)


def _adopt_leases(factory: sessionmaker[Session], folder: Path | None, told: Callable[[str], None]) -> tuple[Any, ...]:
    """Adopt the real shapes as old rights; nothing where the folder is not there."""
    found = list(leases(folder)) if folder is not None and folder.is_dir() else []
    if not found:
        return ()
    told("cli.demo.leases")
    asked = [
        AdoptRequest(
            key=number,
            geometry=lease.geometry,
            use_type="13",
            use_mode="41",
            identifiers=(("lease", lease.number),),
            mark="sample",
        )
        for number, lease in enumerate(found, 1)
    ]
    with factory.begin() as session:
        answers = register.adopt(session, asked, actor=Actor.administrator())
    return tuple(lease.geometry for lease, answer in zip(found, answers, strict=True) if answer.refusal is None)
