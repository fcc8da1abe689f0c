"""An installation for stories: the sample world with its people, a server and a worker whose clock the story sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.demo.teller import Teller
from api.people import samples
from data.clock import legal_day
from data.rulebook import packaged
from parcels.parties import PartyKeys
from parcels.samples import world
from tests.support.databases import Database
from tests.support.serving import Serving

# Monday, 2 March 2026, ten in the morning in Weihai: every story ends within a year whose holidays are known.
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
Opened = Callable[..., Iterator[Serving]]


@pytest.fixture
def peopled(own_database: Database, tmp_path: Path) -> Database:
    """A database of the test's own with the sample world and the sample accounts, sealed with the keys of `tmp_path`."""
    (tmp_path / "keys").mkdir(mode=0o700)
    keys = PartyKeys.from_file(tmp_path / "keys" / "parties.key")
    sessions, today = own_database.sessions(pooled=False), legal_day(START)
    world.load(sessions, book=packaged(), keys=keys, today=today, now=START)
    with sessions.begin() as session:
        samples.lay(session, keys=keys, today=today)
    return own_database


@contextmanager
def installation(database: Database, folder: Path, *, apart: bool = False) -> Iterator[Serving]:
    """Server and worker on that database, at the start of the stories."""
    allowed = {"samples_allowed": True}
    with Serving(database, folder, at=START, apart=apart, application=allowed, sign_ins_per_minute=0) as house:
        yield house


def teller_of(house: Serving) -> Teller:
    """A teller of stories to this installation."""

    def advance(by: timedelta) -> None:
        house.advance(seconds=by.total_seconds())

    return Teller(house.address, lambda: house.now, advance, house.settle)
