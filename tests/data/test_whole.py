"""data.whole: what a copy went through stands when it ended well, and nothing of it when it did not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from data.prepare import prepare_embedded
from data.whole import in_a_copy

# Two workers, or two runs of one checkout, share the cluster.
NAME = f"haiyu_whole_{os.getpid()}_test"


@pytest.fixture
def database(cluster: Any) -> Iterator[str]:
    """A database with one note in it, of a name that no clone bears."""
    prepare_embedded(cluster, NAME)
    write(cluster, NAME, "CREATE TABLE note (words text); INSERT INTO note VALUES ('before')")
    yield NAME
    for name in (NAME, f"{NAME}_copy", f"{NAME}_before"):
        cluster.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def write(cluster: Any, name: str, statements: str) -> None:
    engine = create_engine(cluster.url("haiyu_owner", name))
    with engine.begin() as connection:
        connection.execute(text(statements))
    engine.dispose()


def notes(cluster: Any, name: str) -> list[str]:
    engine = create_engine(cluster.url("haiyu_owner", name))
    with engine.connect() as connection:
        found = list(connection.execute(text("SELECT words FROM note ORDER BY words")).scalars())
    engine.dispose()
    return found


def names(cluster: Any) -> set[str]:
    return set(cluster.sql(f"SELECT datname FROM pg_database WHERE datname LIKE '{NAME}%'").split())


def test_what_ended_well_stands(cluster: Any, database: str) -> None:
    with in_a_copy(cluster, database) as copy:
        write(cluster, copy, "INSERT INTO note VALUES ('whole')")
        assert notes(cluster, database) == ["before"]
    assert notes(cluster, database) == ["before", "whole"]
    assert names(cluster) == {database}
    # The three logins come in as before, and nobody else.
    may = cluster.sql(f"SELECT has_database_privilege('haiyu_read', '{database}', 'CONNECT')")
    assert may == "t"


def test_of_what_was_broken_off_nothing_stands(cluster: Any, database: str) -> None:
    with pytest.raises(RuntimeError), in_a_copy(cluster, database) as copy:
        write(cluster, copy, "INSERT INTO note VALUES ('half')")
        raise RuntimeError("broken off")
    assert notes(cluster, database) == ["before"]
    assert names(cluster) == {database}


def test_what_a_killed_process_left_is_no_obstacle(cluster: Any, database: str) -> None:
    cluster.sql(f"CREATE DATABASE {database}_copy")
    cluster.sql(f"CREATE DATABASE {database}_before")
    with in_a_copy(cluster, database) as copy:
        write(cluster, copy, "INSERT INTO note VALUES ('whole')")
    assert notes(cluster, database) == ["before", "whole"]


def test_where_somebody_is_connected_it_is_refused_and_nothing_changes(cluster: Any, database: str) -> None:
    engine = create_engine(cluster.url("haiyu_owner", database))
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        with pytest.raises(Exception, match="ground.sql_failed"), in_a_copy(cluster, database):
            raise AssertionError("not to be reached")
    engine.dispose()
    assert names(cluster) == {database}
