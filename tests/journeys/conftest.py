"""An installation for stories: the sample world with its people, a server and a worker whose clock the story sets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.demo.stage import START, lay_world
from api.demo.teller import Teller
from parcels.parties import PartyKeys
from tests.support import databases
from tests.support.databases import Database
from tests.support.serving import Serving


@contextmanager
def laid(cluster: Any, folder: Path) -> Iterator[Database]:
    """A database of its own with the sample world and the sample accounts, sealed with keys in that folder."""
    folder.mkdir(exist_ok=True)
    (folder / "keys").mkdir(mode=0o700)
    with databases.clone(cluster) as database:
        lay_world(database.sessions(pooled=False), PartyKeys.from_file(folder / "keys" / "parties.key"))
        yield database


@pytest.fixture
def peopled(cluster: Any, tmp_path: Path) -> Iterator[Database]:
    """Such a database for one test, with its keys in `tmp_path`."""
    with laid(cluster, tmp_path) as database:
        yield database


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
