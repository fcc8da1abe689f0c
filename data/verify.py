"""The proof that chains, anchors and texts of the event log are what they were (`haiyu verify`)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from data.event_tables import Event, EventAnchor, EventStream, EventText
from data.events import ALGORITHM, digest, instant, text_digest

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class ChainFault:
    """One place where the log is not what it was: a message code and where."""

    code: str
    facts: Mapping[str, Any]


@dataclass(slots=True)
class Verified:
    """What was looked at, and the faults found."""

    streams: int = 0
    events: int = 0
    anchors: int = 0
    faults: list[ChainFault] = field(default_factory=list)

    def fault(self, code: str, **facts: Any) -> None:
        """Add a fault."""
        self.faults.append(ChainFault(f"event.{code}", facts))


@dataclass(frozen=True, slots=True)
class _Link:
    """The end of a chain so far."""

    stream: str
    seq: int
    hash: bytes | None
    recorded_at: datetime | None


def verify_streams(session: Session, told: Callable[[int], None] = lambda events: None) -> Verified:
    """Replay every chain, head, text and anchor; the session should read one snapshot (REPEATABLE READ) while others write.

    `told` hears how many more events were looked at.
    """
    found = Verified()
    heads = {
        row.name: (row.seq, row.hash)
        for row in session.execute(select(EventStream.name, EventStream.seq, EventStream.hash))
    }
    wanted = _anchored(session, found)
    ends: dict[str, _Link] = {}
    for chunk in _chunks(session):
        texts = _texts_of(session, [event.id for event in chunk])
        for event in chunk:
            last = ends.get(event.stream) or _Link(event.stream, 0, None, None)
            _verify_event(found, event, last, texts.get(event.id, {}))
            _verify_anchored(found, event, wanted)
            ends[event.stream] = _Link(event.stream, event.seq, event.hash, event.recorded_at)
        found.events += len(chunk)
        told(len(chunk))
    found.streams = len(heads)
    for name in sorted(heads.keys() | ends.keys()):
        seq, hash_ = heads.get(name, (0, None))
        end = ends.get(name) or _Link(name, 0, None, None)
        if (seq, hash_) != (end.seq, end.hash):
            found.fault("head_differs", stream=name, seq=seq, found=end.seq)
    for (stream, seq), covering in sorted(wanted.items()):
        found.fault("anchored_differs", stream=stream, seq=seq, anchor=covering[0][0])
    return found


def verify_stream(session: Session, name: str) -> Verified:
    """Replay one chain with its head and texts; the anchors above it are `verify_streams`' to judge."""
    found = Verified(streams=1)
    events = session.execute(_events().where(Event.stream == name)).all()
    texts = _texts_of(session, [event.id for event in events])
    end = _Link(name, 0, None, None)
    for event in events:
        _verify_event(found, event, end, texts.get(event.id, {}))
        end = _Link(name, event.seq, event.hash, event.recorded_at)
    found.events = len(events)
    head = session.execute(select(EventStream.seq, EventStream.hash).where(EventStream.name == name)).one_or_none()
    seq, hash_ = (head.seq, head.hash) if head else (0, None)
    if (seq, hash_) != (end.seq, end.hash):
        found.fault("head_differs", stream=name, seq=seq, found=end.seq)
    return found


def _events() -> Select[Any]:
    columns = (
        Event.id, Event.stream, Event.seq, Event.kind, Event.recorded_at, Event.previous, Event.alg, Event.hash, Event.envelope,
        Event.body,
    )  # fmt: skip
    return select(*columns).order_by(Event.stream, Event.seq)


def _chunks(session: Session) -> Iterator[Sequence[Any]]:
    """All events by stream and number, some at a time."""
    yield from session.execute(_events(), execution_options={"yield_per": CHUNK}).partitions(CHUNK)


def _texts_of(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The texts of some events, by event and name."""
    texts: dict[int, dict[str, Any]] = {}
    query = select(EventText.event_id, EventText.name, EventText.digest, EventText.salt, EventText.content)
    for row in session.execute(query.where(EventText.event_id.in_(ids))):
        texts.setdefault(row.event_id, {})[row.name] = row
    return texts


def _verify_event(found: Verified, event: Any, last: _Link, texts: Mapping[str, Any]) -> None:
    """One event against its bytes, the event before it, and its texts."""
    place = {"stream": event.stream, "seq": event.seq}
    for missing in range(last.seq + 1, min(event.seq, last.seq + 1 + CHUNK)):
        found.fault("gap", stream=event.stream, seq=missing)
    if event.alg != ALGORITHM:
        found.fault("alg_unknown", **place, alg=event.alg)
        return
    if digest(event.envelope) != event.hash:
        found.fault("hash_differs", **place)
        return
    envelope = json.loads(event.envelope)
    columns = {
        "stream": event.stream,
        "seq": event.seq,
        "kind": event.kind,
        "alg": event.alg,
        "recorded_at": instant(event.recorded_at),
        "previous": None if event.previous is None else event.previous.hex(),
        "body": event.body,
    }
    for column, value in columns.items():
        if envelope[column] != value:
            found.fault("column_differs", **place, column=column)
    if event.seq == last.seq + 1 and event.previous != last.hash:
        found.fault("previous_differs", **place)
    if last.recorded_at is not None and event.recorded_at < last.recorded_at:
        found.fault("time_runs_back", **place)
    _verify_texts(found, place, envelope["texts"], texts)


def _verify_texts(found: Verified, place: Mapping[str, Any], told: Mapping[str, str], texts: Mapping[str, Any]) -> None:
    """The texts beside an event: all there, none added, each as it was or erased."""
    for name in sorted(told.keys() - texts.keys()):
        found.fault("text_missing", **place, name=name)
    for name in sorted(texts.keys() - told.keys()):
        found.fault("text_added", **place, name=name)
    for name in sorted(told.keys() & texts.keys()):
        row = texts[name]
        wrong = row.digest.hex() != told[name] or (
            row.content is not None and text_digest(row.salt, row.content) != row.digest
        )
        if wrong:
            found.fault("text_differs", **place, name=name)


def _anchored(session: Session, found: Verified) -> dict[tuple[str, int], list[tuple[int, str]]]:
    """Verify the chain of anchors; returns which event each of them covers, by stream and number."""
    wanted: dict[tuple[str, int], list[tuple[int, str]]] = {}
    previous: bytes | None = None
    number = 0
    for row in session.execute(select(EventAnchor).order_by(EventAnchor.id)).scalars():
        number += 1
        told = json.loads(row.envelope)
        sound = digest(row.envelope) == row.hash and row.previous == previous and row.id == number == told["anchor"]
        if (
            not sound
            or told["previous"] != (None if previous is None else previous.hex())
            or told["recorded_at"] != instant(row.recorded_at)
        ):
            found.fault("anchor_differs", anchor=row.id)
        for stream, seq, hash_ in told["heads"]:
            wanted.setdefault((stream, seq), []).append((row.id, hash_))
        previous, number = row.hash, row.id
    found.anchors = session.execute(select(func.count()).select_from(EventAnchor)).scalar_one()
    return wanted


def _verify_anchored(found: Verified, event: Any, wanted: dict[tuple[str, int], list[tuple[int, str]]]) -> None:
    """An anchored event must still be the one that was covered; what is met is taken off the list."""
    for number, hash_ in wanted.pop((event.stream, event.seq), ()):
        if hash_ != event.hash.hex():
            found.fault("anchored_differs", stream=event.stream, seq=event.seq, anchor=number)
