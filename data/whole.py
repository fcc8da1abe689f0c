"""Changing a database as a whole or not at all: in a copy that takes its place when the change is done.

For what no single transaction can hold, such as a server and a worker at work for a minute. Embedded cluster only, and only while
nobody else is connected; a process that is killed leaves the database as it was, and a copy that the next attempt drops.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from data.cluster import Cluster
from data.prepare import DATABASE, OWNER, prepare_embedded


@contextmanager
def in_a_copy(cluster: Cluster, database: str = DATABASE) -> Iterator[str]:
    """The name of a copy to change; when the block ends well it bears the database's name, when it raises it is dropped."""
    copy, before = f"{database}_copy", f"{database}_before"
    for left in (copy, before):
        cluster.sql(f"DROP DATABASE IF EXISTS {left} WITH (FORCE)")
    cluster.sql(f"CREATE DATABASE {copy} OWNER {OWNER} TEMPLATE {database}")
    try:
        # A database's own settings and grants are not part of what a copy takes over.
        prepare_embedded(cluster, copy)
        yield copy
        # Both names change in one transaction: there is a database of this name at every moment.
        cluster.sql(
            f"BEGIN; ALTER DATABASE {database} RENAME TO {before}; ALTER DATABASE {copy} RENAME TO {database}; COMMIT;"
        )
    except BaseException:
        cluster.sql(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)")
        raise
    cluster.sql(f"DROP DATABASE IF EXISTS {before} WITH (FORCE)")
