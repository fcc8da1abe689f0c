"""The sample world with its cases in every state (`api.demo.states`): laid once a run, then cloned; each test of pages has it whole.

    with portal_world.served(cluster) as (address, cases): ...        # a server on a clone; cases: state name -> case number
    with portal_world.cloned(cluster) as (database, cases): ...        # the database alone

The template is kept beside the other templates under a name that tells the schema, the sources that lay it, and the day.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.app import create_app
from api.demo.laying import lay_cases
from api.people import samples
from api.samples import first_day
from api.settings import Settings
from data.clock import legal_day
from data.rulebook import packaged
from parcels.parties import PartyKeys
from parcels.samples import world
from tests.support import databases
from tests.support.databases import HOME, ROOT, Database

# A Thursday noon in Weihai with a year's end far enough away for every clock.
NOW = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
SOURCES = ("api/demo", "parcels/samples", "data/processes", "data/forms")


def home() -> Path:
    """The installation's home of this world: its keys, and this checkout's browser libraries."""
    folder = HOME / "portal-world"
    (folder / "keys").mkdir(mode=0o700, parents=True, exist_ok=True)
    static = folder / "static"
    with suppress(FileExistsError):  # another worker was first
        static.symlink_to(HOME / "static", target_is_directory=True)
    return folder


def settings_for(database: Database, **given: Any) -> Settings:
    """Settings of a server or a laying on that database."""
    usual = {
        "database_url": database.app_url,
        "home": home(),
        "log_level": "error",
        "checks_per_minute": 0,
        "sign_ins_per_minute": 0,
    }
    return Settings(**{**usual, **given})


def name_of_template() -> str:
    """A name that changes with whatever makes the world."""
    digest = hashlib.sha256(databases.schema_state().encode())
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".yaml"):
                digest.update(path.read_bytes())
    return f"portal_world_{digest.hexdigest()[:12]}"


def template(cluster: Any) -> tuple[str, Mapping[str, str]]:
    """The name of the template with its cases; laid by whoever comes first, the others wait."""
    name = name_of_template()
    record = home() / f"{name}.json"
    with (home() / "laying.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        there = cluster.sql(f"SELECT count(*) FROM pg_database WHERE datname = '{name}'").strip() == "1"
        if not (there and record.exists()):
            record.unlink(missing_ok=True)
            record.write_text(json.dumps(_lay(cluster, name)))
    return name, json.loads(record.read_text())


def _lay(cluster: Any, name: str) -> Mapping[str, str]:
    # Of others (another branch, sources as they were a minute ago) the newest are kept.
    kept = f"SELECT datname FROM pg_database WHERE datname LIKE 'portal_world_%' ORDER BY datname = '{name}', oid DESC"
    for old in cluster.sql(f"{kept} OFFSET {databases.KEEP_TEMPLATES}").split():
        cluster.sql(f"DROP DATABASE IF EXISTS {old} WITH (FORCE)")
    cluster.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    with databases.clone(cluster) as database:
        settings = settings_for(database)
        keys = PartyKeys.from_file(settings.home / "keys" / "parties.key")
        day = legal_day(NOW)
        world.load(database.sessions(), book=packaged(), keys=keys, today=day, now=NOW)
        with database.sessions().begin() as session:
            samples.lay(session, keys=keys, today=first_day(day))
        numbers = lay_cases(settings, NOW, papers=True)
        for engine in database.engines:
            engine.dispose()
        cluster.sql(f"CREATE DATABASE {name} TEMPLATE {database.name}")
    return numbers


@contextmanager
def cloned(cluster: Any) -> Iterator[tuple[Database, Mapping[str, str]]]:
    """A clone of the world for one test or one module."""
    name, cases = template(cluster)
    with databases.clone(cluster, Database(name, cluster)) as database:
        yield database, cases


@contextmanager
def served(cluster: Any, **given: Any) -> Iterator[tuple[str, Mapping[str, str]]]:
    """A server on a clone, at `NOW`."""
    from tests.browser.conftest import Serving

    with cloned(cluster) as (database, cases):
        app = create_app(settings_for(database, **given), clock=lambda: NOW, samples_allowed=True)
        with Serving(app) as address:
            yield address, cases
