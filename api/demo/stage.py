"""Where the demonstration plays: a database of its own beside the register, made anew each time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, select
from sqlalchemy.orm import Session

from api.people import samples
from api.settings import Settings
from data.actors import Actor
from data.answers import Refusal
from data.clock import legal_day
from data.migrate import upgrade
from data.prepare import APP, OWNER, prepare_embedded
from data.rulebook import RuleBook, packaged
from data.store import engine_for, sessions
from parcels import register
from parcels.models import Party
from parcels.parties import PartyKeys
from parcels.registering.requests import AdoptRequest
from parcels.samples import world
from parcels.samples.leases import leases

DATABASE = "haiyu_demo"


@dataclass(frozen=True, slots=True)
class Stage:
    """What every story needs: sessions, the rule book, the day, and who acts."""

    opened: Callable[[], AbstractContextManager[Session]]
    book: RuleBook
    now: datetime
    actor: Actor
    holder: int
    leases: tuple[Any, ...] = ()

    @property
    def today(self) -> date:
        """The legal day of the demonstration."""
        return legal_day(self.now)


def set_stage(settings: Settings, metadata: MetaData, told: Callable[[str], None]) -> Stage:
    """A fresh database with the sample world and, where they are to be had, real lease shapes adopted off Weihai."""
    if not settings.is_embedded:
        raise Refusal("cli.demo.embedded_only")
    cluster = settings.cluster
    cluster.start()
    cluster.sql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    told("ground.preparing")
    prepare_embedded(cluster, DATABASE)
    upgrade(cluster.url(OWNER, DATABASE), metadata)
    factory = sessions(engine_for(cluster.url(APP, DATABASE), pooled=False))
    now = datetime.now(UTC)
    keys = PartyKeys.from_file(settings.home / "keys" / "parties.key")
    world.load(factory, book=packaged(), keys=keys, today=legal_day(now), now=now, told=told)
    with factory.begin() as session:
        samples.lay(session, keys=keys, today=legal_day(now))
    with factory() as session:
        holder = session.scalars(select(Party.id).order_by(Party.id).limit(1)).one()
    stage = Stage(factory, packaged(), now, Actor.administrator(), holder)
    return replace(stage, leases=_adopt_leases(stage, settings.realdata, told))


def _adopt_leases(stage: Stage, folder: Path | None, told: Callable[[str], None]) -> tuple[Any, ...]:
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
    with stage.opened() as session:
        answers = register.adopt(session, asked, actor=stage.actor)
        session.commit()
    return tuple(lease.geometry for lease, answer in zip(found, answers, strict=True) if answer.refusal is None)
