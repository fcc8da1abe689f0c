"""What an act writes, row by row, and the bare baseline: the same rows inserted by eight connections into tables without triggers.

The record is complete: a trigger on every table sees what the server's statements write, what the database's own triggers write
after them, and the jobs. An update is replayed as the insert of the row as it became, for that is what PostgreSQL stores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

from tests.bench.case_clients import CLIENTS, together

SERVER = "haiyu-http"
RECORD = """
CREATE TABLE IF NOT EXISTS bench_written (number bigserial, application text, name text, written text);
TRUNCATE bench_written;
CREATE OR REPLACE FUNCTION bench_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO bench_written (application, name, written)
  VALUES (current_setting('application_name'), TG_TABLE_NAME, NEW::text);
  RETURN NULL;
END $$
"""
TABLES = """
SELECT c.relname FROM pg_class c
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'bench%' AND c.relname NOT LIKE 'bare%'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""
WARM = 5


@dataclass(frozen=True, slots=True)
class Written:
    """One row that was written: its table, and every value as PostgreSQL writes it."""

    table: str
    columns: tuple[str, ...]
    values: tuple[str | None, ...]

    @property
    def insert(self) -> sql.Composed:
        """The statement that writes it into the table's bare copy."""
        return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(f"bare_{self.table}"),
            sql.SQL(", ").join(map(sql.Identifier, self.columns)),
            sql.SQL(", ").join([sql.Placeholder()] * len(self.columns)),
        )


def connect(url: str) -> psycopg.Connection:
    """A connection of the driver's own to an address as SQLAlchemy writes it."""
    return psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)


@contextmanager
def recorded(url: str) -> Iterator[list[Written]]:
    """The rows that the server writes meanwhile, in order, filled in at the end. `url`: as superuser, with nobody else at work."""
    found: list[Written] = []
    with connect(url) as connection:
        connection.execute(RECORD)
        tables = [name for (name,) in connection.execute(TABLES).fetchall()]
        for table in tables:
            connection.execute(
                sql.SQL(
                    "CREATE TRIGGER zz_bench AFTER INSERT OR UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION bench_note()"
                ).format(sql.Identifier(table))
            )
        try:
            yield found
        finally:
            for table in tables:
                connection.execute(sql.SQL("DROP TRIGGER zz_bench ON {}").format(sql.Identifier(table)))
        query = "SELECT number, name FROM bench_written WHERE application = %s ORDER BY number"
        for number, table in connection.execute(query, (SERVER,)).fetchall():
            found.append(_row(connection, number, table))


def _row(connection: psycopg.Connection, number: int, table: str) -> Written:
    query = sql.SQL("SELECT (written::{}).* FROM bench_written WHERE number = %s").format(sql.Identifier(table))
    told = connection.execute(query, (number,)).pgresult
    assert told is not None
    at = range(told.nfields)
    names = tuple((told.fname(column) or b"").decode() for column in at)
    values = [told.get_value(0, column) for column in at]
    return Written(table, names, tuple(None if value is None else value.decode() for value in values))


def bare_per_second(url: str, writes: Sequence[Written], acts: int) -> float:
    """How often a second eight connections write these rows, one transaction each time; `acts` times in all."""
    with connect(url) as connection:
        for table in {each.table for each in writes}:
            name, copy = sql.Identifier(table), sql.Identifier(f"bare_{table}")
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(copy))
            connection.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING DEFAULTS)").format(copy, name))
    statements = [(each.insert, each.values) for each in writes]

    def work(number: int, begin: Callable[[], object]) -> None:
        with connect(url) as connection:
            for _ in range(WARM):
                _write(connection, statements)
            begin()
            for _ in range(number, acts, CLIENTS):
                _write(connection, statements)

    seconds, _ = together(work)
    return acts / seconds


def _write(connection: psycopg.Connection, statements: Sequence[tuple[sql.Composed, tuple[str | None, ...]]]) -> None:
    with connection.transaction():
        for statement, values in statements:
            connection.execute(statement, values)
