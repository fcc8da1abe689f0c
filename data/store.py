"""The one metadata object, the base of every table, and engines and sessions on PostgreSQL by psycopg 3.

Each room registers its tables on `metadata`; nothing here reads settings or the environment.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, MetaData, create_engine, make_url, text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import NullPool
from sqlalchemy.types import UserDefinedType

# Constraint names are part of the schema: a refusal names the constraint that was hit, and a migration drops by name.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)


class Base(DeclarativeBase):
    """Declarative base of every table of the house."""

    metadata = metadata


class XID8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id, which never wraps; a whole number in Python."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """The type's name in DDL."""
        return "xid8"

    def bind_processor(self, dialect: Any) -> Any:
        """Send as text: the server has no cast from a number."""
        return lambda value: None if value is None else str(value)

    def result_processor(self, dialect: Any, coltype: Any) -> Any:
        """psycopg hands an unknown type over as text."""
        return lambda value: None if value is None else int(value)


ischema_names["xid8"] = XID8


def engine_for(
    url: str,
    *,
    pool_size: int = 5,
    max_overflow: int = 10,
    lock_timeout: str = "5s",
    application_name: str = "haiyu",
    pooled: bool = True,
    generic_plans: bool = False,
) -> Engine:
    """An engine on psycopg 3 whose sessions run in UTC at READ COMMITTED and wait at most `lock_timeout` for a lock.

    A connection returns to the pool by ROLLBACK. That frees row locks and transaction-level advisory locks; a session-level
    advisory lock would survive it, which is why the house forbids them (tests/test_house_rules.py).
    `generic_plans` are for processes that ask the same few questions of small boxes thousands of times: a prepared statement is
    planned once, where PostgreSQL would plan the check's for every box anew (0.38 ms against 0.08 ms at 1,000,000 units, measured).
    """
    target = make_url(url)
    if target.drivername in {"postgresql", "postgres"}:
        target = target.set(drivername="postgresql+psycopg")
    settings = (
        f"-c timezone=UTC -c lock_timeout={lock_timeout} -c datestyle=ISO -c jit=off -c client_min_messages=warning"
    )
    if generic_plans:
        settings += " -c plan_cache_mode=force_generic_plan"
    given = target.query.get("options")
    if isinstance(given, str):
        settings = f"{given} {settings}"
    pool: dict[str, Any] = {"poolclass": NullPool}
    if pooled:
        pool = {"pool_size": pool_size, "max_overflow": max_overflow, "pool_reset_on_return": "rollback"}
    return create_engine(
        target,
        isolation_level="READ COMMITTED",
        connect_args={"options": settings, "application_name": application_name},
        **pool,
    )


def sessions(engine: Engine) -> sessionmaker[Session]:
    """A maker of sessions; objects stay readable after the commit, because the answer is written after it."""
    return sessionmaker(engine, expire_on_commit=False)


def plan_by_values(session: Session) -> None:
    """Plan the further statements of this transaction by their values: the index for a pattern is chosen only when it is known."""
    session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
