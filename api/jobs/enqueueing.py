"""The way into the queue: jobs are written on the connection of the act, so that both commit or neither does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from procrastinate import SyncPsycopgConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from sqlalchemy.orm import Session

from api.jobs.kinds import JOB_OF, TOLD_BY_THE_REGISTER, Kind
from approvals.effects import WITHIN_THE_ACT, Effect

# Never opened: every call brings the connection of its session.
_QUEUE = JobManager(SyncPsycopgConnector())


@dataclass(frozen=True, slots=True)
class Order:
    """A job that is asked for: what kind, with which facts (plain values; never personal data, the queue is not sealed)."""

    kind: Kind
    facts: Mapping[str, Any]

    def __post_init__(self) -> None:
        if set(self.facts) != set(self.kind.takes):
            raise ValueError(f"{self.kind.name} takes {self.kind.takes}, not {tuple(self.facts)}")


def enqueue(session: Session, effects: Iterable[Effect | Mapping[str, Any]]) -> list[int]:
    """Queue a job for each effect that has one, within the session's transaction; their numbers in the order of the effects.

    An effect of no known kind, or one that lacks a fact of its job, is a fault of ours: ValueError, and the act rolls back.
    """
    return put(session, [order for each in effects if (order := order_for(each)) is not None])


def put(session: Session, orders: Iterable[Order]) -> list[int]:
    """Queue these jobs within the session's transaction; workers hear of them when it commits."""
    jobs = [
        Job(queue=each.kind.queue, lock=each.kind.lock_for(each.facts), queueing_lock=None, task_name=each.kind.name,
            task_kwargs=dict(each.facts))
        for each in orders
    ]  # fmt: skip
    if not jobs:
        return []
    connection = session.connection().connection.driver_connection
    return [number for job in _QUEUE.batch_defer_jobs(jobs, connection=connection) if (number := job.id) is not None]


def order_for(effect: Effect | Mapping[str, Any]) -> Order | None:
    """The job of an effect; None for what the act has done itself. An effect is a value of approvals or a mapping of the register.

    >>> order_for(Effect("paper", "decision", "decision", facts={"document": 12})).facts
    {'document': 12}
    >>> order_for({"effect": "sea.freed", "case": "7"}), order_for(Effect("hold_sea", "decision"))
    (None, None)
    """
    if isinstance(effect, Effect):
        name, given = effect.kind, {"addressee": effect.of, **effect.facts}
    else:
        name, given = str(effect.get("effect", effect.get("kind"))), dict(effect)
    if name in WITHIN_THE_ACT or name in TOLD_BY_THE_REGISTER:
        return None
    kind = JOB_OF.get(name)
    if kind is None:
        raise ValueError(f"no such effect: {name}")
    missing = [fact for fact in kind.takes if given.get(fact) is None]
    if missing:
        raise ValueError(f"the effect {name} lacks {', '.join(missing)} for its job")
    return Order(kind, {fact: given[fact] for fact in kind.takes})
