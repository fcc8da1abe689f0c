"""Fixtures of all tests: real PostGIS, the effort of the run, real data when it is there, and no network."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sqlalchemy.orm import Session

from tests.support import databases
from tests.support.databases import Database
from tests.support.effort import Effort, effort_of_run
from tests.support.network import close_the_network

REALDATA_SKIPPED = "real data is not here (HAIYU_REALDATA names no folder)"


@pytest.fixture(scope="session")
def effort() -> Effort:
    """Rounds and example counts of this run (`HAIYU_EFFORT=quick|full`)."""
    return effort_of_run()


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Unix sockets and loopback only."""
    with pytest.MonkeyPatch.context() as patch:
        close_the_network(patch.setattr)
        yield


@pytest.fixture(scope="session")
def cluster() -> Iterator[Any]:
    """The running test cluster."""
    with databases.in_use():
        found = databases.test_cluster()
        databases.drop_orphans(found)
        yield found


@pytest.fixture(scope="session")
def worker_database(cluster: Any) -> Iterator[Database]:
    """One database per test process; tests see it through `session` only and leave nothing in it."""
    with databases.clone(cluster) as database:
        yield database


@pytest.fixture(scope="session")
def _worker_engine(worker_database: Database) -> Any:
    return worker_database.engine("app")


@pytest.fixture
def session(_worker_engine: Any) -> Iterator[Session]:
    """A session of the app's login on real PostGIS; a commit inside only ends a savepoint, all is rolled back after the test."""
    with _worker_engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as opened:
            yield opened
        transaction.rollback()


@pytest.fixture
def own_database(cluster: Any) -> Iterator[Database]:
    """A fresh database of the test's own, for locks, real commits and several processes."""
    with databases.clone(cluster) as database:
        yield database


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of the real data, or a skip that the closing line counts."""
    given = os.environ.get("HAIYU_REALDATA")
    if not given or not Path(given).is_dir():
        pytest.skip(REALDATA_SKIPPED)
    return Path(given)


@pytest.fixture(scope="session")
def specimens() -> Path:
    """The folder of small committed files that several tests read."""
    return Path(__file__).parent / "specimens"


LONGEST = (
    "tests/parcels/test_race.py",
    "tests/journeys/",
    "tests/marine/test_agreement.py",
    "tests/api/papers/test_agreement.py",
    "tests/api/demo/test_states.py",
)


def pytest_configure(config: pytest.Config) -> None:
    """Name the marks, refuse a wrong effort before the first test, and let no busy machine fail a property by its deadline."""
    hypothesis.settings.register_profile("house", deadline=None)
    hypothesis.settings.load_profile("house")
    config.addinivalue_line("markers", "realdata: reads the real data; skipped where it is not")
    config.stash[_EFFORT] = effort_of_run()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for the real data is counted by the closing line; what takes longest comes first, so that nobody waits at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    for item in items:
        if "realdata" in getattr(item, "fixturenames", ()):
            item.add_marker("realdata")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The effort of the run, and how many tests met the real data."""
    ran = skipped = 0
    for outcome, reports in terminalreporter.stats.items():
        for report in reports:
            if "realdata" not in getattr(report, "keywords", {}):
                continue
            if outcome == "skipped":
                skipped += 1
            elif outcome == "error" or (outcome in {"passed", "failed"} and report.when == "call"):
                ran += 1
    terminalreporter.write_line(config.stash[_EFFORT].line)
    terminalreporter.write_line(f"real data: {ran} tests run, {skipped} skipped")


_EFFORT: pytest.StashKey[Effort] = pytest.StashKey()
