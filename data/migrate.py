"""Bring a database to the head of the migrations, and tell where models and migrations differ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from data.store import engine_for

FOLDER = Path(__file__).parent / "migrations"
# One number for "someone migrates this database": two starting servers must not run the same migration twice.
MIGRATION_LOCK = 7104_0000


def upgrade(url: str, metadata: MetaData, revision: str = "head") -> None:
    """Bring the database at `url` (the owner's login) to a revision, all or nothing, one at a time."""
    engine = engine_for(url, lock_timeout="60s", application_name="haiyu migrate", pooled=False)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK})
        command.upgrade(configuration(connection, metadata), revision)


def configuration(connection: Connection, metadata: MetaData) -> Config:
    """Alembic's configuration without an ini file: folder, connection and metadata are handed over."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


def head() -> str | None:
    """The newest revision in the folder."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return ScriptDirectory.from_config(config).get_current_head()


def current(connection: Connection) -> str | None:
    """The revision of a database; None where it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def differences(connection: Connection, metadata: MetaData) -> list[Any]:
    """What autogenerate would change: empty where models and migrations agree."""
    context = MigrationContext.configure(
        connection,
        opts={
            "include_object": include_object,
            "compare_type": True,
            "compare_server_default": True,
            "target_metadata": metadata,
        },
    )
    return list(compare_metadata(context, metadata))


def include_object(item: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Leave out what PostGIS and the queue own; geometry columns and their indexes are ours and stay in."""
    if kind == "table" and (name or "").startswith("procrastinate_"):
        return False
    if kind == "table" and name in {
        "spatial_ref_sys",
        "geometry_columns",
        "geography_columns",
        "raster_columns",
        "raster_overviews",
    }:
        return False
    return not (kind == "table" and reflected and item.schema in {"tiger", "topology"})
