"""data.migrate: from empty to head, once, whoever asks at the same time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import inspect, text

from api.cli.rooms import all_metadata
from data.cluster import Cluster
from data.migrate import current, differences, head
from data.prepare import prepare_embedded
from data.store import engine_for
from tests.support.databases import Database

ROOT = Path(__file__).parents[2]


def test_two_who_migrate_an_empty_database_at_once_migrate_it_once(cluster: Cluster) -> None:
    """Two server processes started together ran the same migration; the second died on a table that was there already."""
    name = f"haiyu_test_{os.getpid()}_0"
    prepare_embedded(cluster, name)
    url = cluster.url("haiyu_owner", name)
    code = f"from api.cli.rooms import all_metadata; from data.migrate import upgrade; upgrade({url!r}, all_metadata())"
    running = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(2)]
    assert [process.wait(timeout=120) for process in running] == [0, 0]
    engine = engine_for(url, pooled=False)
    with engine.connect() as connection:
        assert current(connection) == head()
        assert {"event", "event_stream", "event_text", "event_anchor"} <= set(inspect(connection).get_table_names())
    cluster.sql(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_difference_between_model_and_migration_is_seen(own_database: Database) -> None:
    with own_database.engine("owner").begin() as connection:
        before = differences(connection, all_metadata())
        connection.execute(text("ALTER TABLE event ADD COLUMN extra text"))
        connection.execute(text("ALTER TABLE event_text ALTER COLUMN content SET NOT NULL"))
        new = [item for item in differences(connection, all_metadata()) if item not in before]
    assert {item[0] if isinstance(item, tuple) else item[0][0] for item in new} == {"remove_column", "modify_nullable"}
