"""The event log: each stream a chain of hashed bytes; tables hold the present, events are the record (register.md §7).

An event's envelope (stream, number, previous hash, kind, time, actor, body, digests of its texts) is written as RFC 8785 bytes;
its hash is the SHA-256 of these bytes. Personal data and free text lie beside it under a salted digest and can be erased.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import rfc8785
from sqlalchemy import BigInteger, insert, literal, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.orm import Session

from data.actors import Actor
from data.answers import Refusal
from data.event_tables import STREAM_KINDS, Event, EventStream, EventText
from data.store import XID8

ALGORITHM = "sha256"
SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class StreamName:
    """The name of one chain: a kind of `STREAM_KINDS` and the key of what it tells about.

    >>> str(StreamName("case", 12))
    'case:12'
    """

    kind: str
    key: int | str

    def __post_init__(self) -> None:
        if self.kind not in STREAM_KINDS:
            raise ValueError(f"no kind of stream: {self.kind}")

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


def plain(value: Any) -> Any:
    """A value as the envelope tells it: numbers that JSON cannot hold exactly become text, days and instants ISO 8601.

    >>> plain({"area": Decimal("0.1106"), "from": date(2027, 1, 1), "units": (1, 2)})
    {'area': '0.1106', 'from': '2027-01-01', 'units': [1, 2]}
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("an event cannot hold a NUL character")
        return value
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise TypeError(f"an event cannot hold a {type(value).__name__}")


def instant(value: datetime) -> str:
    """An instant in UTC with microseconds, always of the same length.

    >>> instant(datetime(2026, 11, 23, 8, tzinfo=UTC))
    '2026-11-23T08:00:00.000000Z'
    """
    if value.tzinfo is None:
        raise ValueError("an event's time needs a zone")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest(content: bytes) -> bytes:
    """The digest named by `ALGORITHM`."""
    return hashlib.sha256(content).digest()


def text_digest(salt: bytes, content: str) -> bytes:
    """The salted digest of an erasable text: without the salt, nobody can try texts against it."""
    return digest(salt + content.encode())


def lock_streams(session: Session, streams: Iterable[StreamName]) -> None:
    """Lock the heads of streams until the transaction ends, in the order of their names; makes those that are new.

    The last of an act's locks (register.md §6); read `recorded_at` after it. One after the other, because two acts that each
    make one head and lock the other's would wait for each other for ever.
    """
    for name, kind in sorted({(str(stream), stream.kind) for stream in streams}):
        if not _lock(session, name):
            session.execute(insert_or(EventStream).values(name=name, kind=kind).on_conflict_do_nothing())
            _lock(session, name)


def _lock(session: Session, name: str) -> bool:
    """Lock one head; False where there is none."""
    query = select(EventStream.name).where(EventStream.name == name).with_for_update()
    return session.execute(query).scalar_one_or_none() is not None


def record(
    session: Session,
    stream: StreamName,
    kind: str,
    body: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
    texts: Mapping[str, str] | None = None,
) -> Event:
    """Append an event to its stream's chain; takes the lock of the stream's head unless this transaction holds it.

    `at` is `recorded_at(session)`, read after the last lock; a time before the stream's last event is refused. `texts` are
    personal data or free text: the event holds their salted digests only.
    """
    lock_streams(session, [stream])
    head = session.execute(
        select(EventStream.seq, EventStream.hash, EventStream.recorded_at).where(EventStream.name == str(stream))
    ).one()
    if head.recorded_at is not None and at < head.recorded_at:
        raise Refusal("event.time_runs_back", stream=str(stream), seq=head.seq + 1)
    kept = {
        name: (salt := secrets.token_bytes(SALT_BYTES), content, text_digest(salt, content))
        for name, content in (texts or {}).items()
    }
    envelope = rfc8785.dumps(
        {
            "alg": ALGORITHM,
            "stream": str(stream),
            "seq": head.seq + 1,
            "previous": None if head.hash is None else head.hash.hex(),
            "kind": kind,
            "recorded_at": instant(at),
            "actor": actor.plain(),
            "body": plain(body),
            "texts": {name: value.hex() for name, (_, _, value) in kept.items()},
        }
    )
    columns = {
        "stream": str(stream),
        "seq": head.seq + 1,
        "kind": kind,
        "recorded_at": at,
        "previous": head.hash,
        "alg": ALGORITHM,
        "hash": digest(envelope),
        "envelope": envelope,
    }
    # The trigger moves the head, derives `body` from the bytes, and refuses an event that does not follow.
    event = session.scalars(insert(Event).values(columns).returning(Event)).one()
    for name, (salt, content, value) in kept.items():
        session.execute(
            insert(EventText).values(event_id=event.id, name=name, digest=value, salt=salt, content=content)
        )
    return event


def erase_text(session: Session, event_id: int, name: str, *, at: datetime) -> bool:
    """Erase one text and its salt for ever; the chain still proves that there was one. False where it is gone already.

    The caller records the erasure, with its ground, as an event of its own.
    """
    done = session.execute(
        update(EventText)
        .where(EventText.event_id == event_id, EventText.name == name, EventText.content.is_not(None))
        .values(content=None, salt=None, erased_at=at)
        .returning(EventText.name)
    )
    return done.first() is not None


@dataclass(frozen=True, slots=True)
class FeedPosition:
    """How far a subscriber has read: the last transaction and event that it was given."""

    tx: int = 0
    event_id: int = 0


def feed(session: Session, after: FeedPosition = FeedPosition(), *, limit: int = 500) -> Sequence[Event]:
    """The next events after a position, in an order in which none can appear later before one already given.

    A number is drawn before its transaction commits, so event 8 can become visible before event 7. Only transactions older than
    every one still running are given out.
    """
    query = (
        select(Event)
        .where(tuple_(Event.tx, Event.id) > tuple_(literal(after.tx, XID8()), literal(after.event_id, BigInteger())))
        .where(text("event.tx < pg_snapshot_xmin(pg_current_snapshot())"))
        .order_by(Event.tx, Event.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def position_of(event: Event) -> FeedPosition:
    """The position after an event that was read from the feed."""
    return FeedPosition(event.tx, event.id)
