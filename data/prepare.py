"""Roles, database and extensions: made by us in the embedded cluster, printed and verified for an administrator elsewhere.

Three logins (register.md §7): `haiyu_owner` owns the tables and migrates, `haiyu_app` serves, `haiyu_read` reads what is public.
Migrations only grant; nothing here touches a table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from data.cluster import Cluster

OWNER, APP, READ = "haiyu_owner", "haiyu_app", "haiyu_read"
DATABASE = "haiyu"

_ROLES = """
DO $$ BEGIN
{roles}
END $$;
"""
_ROLE = """  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
    CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
  END IF;"""

_INSIDE = """CREATE EXTENSION IF NOT EXISTS postgis;
ALTER DATABASE {database} SET timezone TO 'UTC';
REVOKE ALL ON DATABASE {database} FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {owner}, {app};
GRANT CONNECT ON DATABASE {database} TO {read};
ALTER SCHEMA public OWNER TO {owner};
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {app}, {read};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT SELECT, INSERT, UPDATE ON TABLES TO {app};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app};
"""


def roles_sql() -> str:
    """The statements that make the three logins, once per cluster; running them again changes nothing."""
    return _ROLES.format(roles="\n".join(_ROLE.format(role=role) for role in (OWNER, APP, READ)))


def inside_sql(database: str = DATABASE) -> str:
    """The statements to run as superuser inside the database; running them again changes nothing."""
    return _INSIDE.format(database=database, owner=OWNER, app=APP, read=READ)


def administrator_sql(database: str = DATABASE) -> str:
    """Everything an administrator of an outside server has to run, as one script for psql."""
    return (
        "-- haiyu: roles, database and extensions (run once with psql as a superuser; passwords are yours to set)\n"
        f"{roles_sql()}\nCREATE DATABASE {database} OWNER {OWNER} ENCODING 'UTF8';\n\\connect {database}\n{inside_sql(database)}"
        "-- then: ALTER ROLE haiyu_owner PASSWORD '...'; and the same for haiyu_app and haiyu_read\n"
    )


def prepare_embedded(cluster: Cluster, database: str = DATABASE) -> None:
    """Make logins, database and extensions in the embedded cluster; what is there already is left as it is."""
    cluster.sql(roles_sql())
    if cluster.sql(f"SELECT 1 FROM pg_database WHERE datname = '{database}'") != "1":
        cluster.sql(f"CREATE DATABASE {database} OWNER {OWNER}")
    cluster.sql(inside_sql(database), database)


@dataclass(frozen=True, slots=True)
class Lack:
    """Something a database does not have as it must: a message code and its facts."""

    code: str
    facts: dict[str, str]


def lacks(engine: Callable[[str], Engine]) -> list[Lack]:
    """What is missing on a server, seen with each login; `engine` gives an engine for `owner`, `app` or `read`."""
    found: list[Lack] = []
    for login in ("owner", "app", "read"):
        try:
            with engine(login).connect() as connection:
                found += [
                    Lack(code, {"login": login, "detail": detail}) for code, detail in _seen_by(connection, login)
                ]
        except OperationalError as fault:
            found.append(Lack("prepare.no_login", {"login": login, "detail": str(fault.orig).strip()}))
    return found


def _seen_by(connection: object, login: str) -> list[tuple[str, str]]:
    """The lacks that one login can see."""
    row = connection.execute(_LOOK).one()  # type: ignore[attr-defined]
    seen: list[tuple[str, str]] = []
    if row.superuser:
        seen.append(("prepare.is_superuser", row.login))
    if row.postgis is None:
        seen.append(("prepare.no_postgis", row.database))
    if row.encoding != "UTF8":
        seen.append(("prepare.not_utf8", row.encoding))
    if row.version < 150000:
        seen.append(("prepare.old_server", str(row.version // 10000)))
    if login == "owner" and not row.creates:
        seen.append(("prepare.owner_cannot_create", row.login))
    if login != "owner" and row.creates:
        seen.append(("prepare.may_create", row.login))
    return seen


_LOOK = text(
    """
    SELECT current_user AS login, current_database() AS database,
           (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
           (SELECT extversion FROM pg_extension WHERE extname = 'postgis') AS postgis,
           (SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()) AS encoding,
           current_setting('server_version_num')::int AS version,
           has_schema_privilege('public', 'CREATE') AS creates
    """
)
