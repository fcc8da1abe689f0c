"""The test cluster, its migrated template, and clones of it: 0.05 s each, so that a test can have a database of its own."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from data.cluster import TESTING, Cluster
from data.migrate import upgrade
from data.prepare import prepare_embedded
from data.store import engine_for, sessions

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".haiyu"
KEEP_TEMPLATES = 4
_numbers = count(1)


def test_cluster() -> Cluster:
    """The cluster shared by all test runs of this checkout."""
    return Cluster(HOME, "test-pg", TESTING)


def schema_state() -> str:
    """A digest of all that makes the schema: the migrations, and the models that they may import."""
    digest = hashlib.sha256()
    sources = [ROOT / "data/prepare.py", ROOT / "data/event_tables.py", ROOT / "data/store.py"]
    sources += sorted((ROOT / "data/migrations").rglob("*.py")) + sorted((ROOT / "data/migrations").rglob("*.sql"))
    for room in ("parcels", "approvals", "api"):
        sources += sorted((ROOT / room / "models").rglob("*.py"))
    for path in sources:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def in_use() -> Iterator[None]:
    """Hold the test cluster for this process; the last one out stops it."""
    HOME.mkdir(exist_ok=True)
    with (HOME / "test-pg.users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        test_cluster().start()
        yield
        fcntl.flock(users, fcntl.LOCK_UN)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        test_cluster().stop()


@dataclass(frozen=True)
class Database:
    """One database of the test cluster, with the addresses of its logins and the engines made for it."""

    name: str
    cluster: Cluster
    engines: list[Engine] = field(default_factory=list)

    def url(self, login: str = "app") -> str:
        """The address for `owner`, `app`, `read` or `superuser`."""
        return self.cluster.url("postgres" if login == "superuser" else f"haiyu_{login}", self.name)

    @property
    def owner_url(self) -> str:
        """The address of the login that migrates."""
        return self.url("owner")

    @property
    def app_url(self) -> str:
        """The address of the login that serves."""
        return self.url("app")

    @property
    def read_url(self) -> str:
        """The address of the login that reads what is public."""
        return self.url("read")

    @property
    def superuser_url(self) -> str:
        """The address of the cluster's superuser."""
        return self.url("superuser")

    def engine(self, login: str = "app", **options: Any) -> Engine:
        """A new engine for one login, disposed of with the database."""
        engine = engine_for(self.url(login), **options)
        self.engines.append(engine)
        return engine

    def sessions(self, login: str = "app", **options: Any) -> sessionmaker[Session]:
        """A maker of sessions that really commit."""
        return sessions(self.engine(login, **options))


@contextmanager
def _superuser(cluster: Cluster) -> Iterator[psycopg.Connection[Any]]:
    """An autocommitting connection of the superuser, for statements that no transaction may hold."""
    address = cluster.url("postgres", "postgres").replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


def template(cluster: Cluster) -> str:
    """The name of the migrated template of today's schema; built once, by whoever comes first."""
    name = f"haiyu_template_{schema_state()}"
    with (HOME / "test-pg.template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _superuser(cluster) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", (name,)).fetchone():
                return name
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            # Only whoever builds the template pays for importing every room.
            from api.cli.rooms import all_metadata

            prepare_embedded(cluster, name)
            upgrade(cluster.url("haiyu_owner", name), all_metadata())
            connection.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false IS_TEMPLATE true')
            _drop_old_templates(connection, name)
    return name


def _drop_old_templates(connection: psycopg.Connection[Any], newest: str) -> None:
    """Keep a few templates (other branches, other people), drop the rest."""
    rows = connection.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE 'haiyu_template_%%' AND datname <> %s ORDER BY oid DESC OFFSET %s",
        (newest, KEEP_TEMPLATES),
    ).fetchall()
    for (old,) in rows:
        connection.execute(f'ALTER DATABASE "{old}" WITH IS_TEMPLATE false')
        connection.execute(f'DROP DATABASE "{old}" WITH (FORCE)')


def drop_orphans(cluster: Cluster) -> None:
    """Drop the databases of test processes that were killed; the process's number is in the name."""
    with _superuser(cluster) as connection:
        for (name,) in connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'haiyu_test_%'"
        ).fetchall():
            found = re.fullmatch(r"haiyu_test_(\d+)_\d+", name)
            if found and not Path(f"/proc/{found.group(1)}").exists():
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def clone(cluster: Cluster, of: Database | None = None) -> Iterator[Database]:
    """A fresh database with today's schema, dropped afterwards; or a copy of another one, to which nobody may be connected."""
    source, name = of.name if of else template(cluster), f"haiyu_test_{os.getpid()}_{next(_numbers)}"
    with _superuser(cluster) as connection:
        connection.execute(f'CREATE DATABASE "{name}" OWNER haiyu_owner TEMPLATE "{source}"')
        # A database's own settings and grants are not part of what a clone copies.
        connection.execute(f"ALTER DATABASE \"{name}\" SET timezone TO 'UTC'")
        connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        connection.execute(f'GRANT CONNECT, TEMPORARY ON DATABASE "{name}" TO haiyu_owner, haiyu_app')
        connection.execute(f'GRANT CONNECT ON DATABASE "{name}" TO haiyu_read')
    database = Database(name, cluster)
    try:
        yield database
    finally:
        for engine in database.engines:
            engine.dispose()
        with _superuser(cluster) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
