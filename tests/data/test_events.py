"""data.events on real PostGIS: the chain, the erasable texts, the feed, and what the database refuses."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from data.actors import Actor
from data.anchors import anchor
from data.answers import Refusal
from data.clock import recorded_at
from data.event_tables import Event, EventStream, EventText
from data.events import StreamName, erase_text, feed, lock_streams, position_of, record
from data.verify import verify_streams
from tests.support.databases import Database

CASE = StreamName("case", 12)
OFFICER = Actor.officer(7)


def note(session: Session, stream: StreamName = CASE, kind: str = "case.accepted", **texts: str) -> Event:
    """Record a small event now."""
    lock_streams(session, [stream])
    return record(session, stream, kind, {"area": 1.5, "地": "海"}, actor=OFFICER, at=recorded_at(session), texts=texts)


def test_a_chain_grows_from_one_and_each_event_names_the_one_before(session: Session) -> None:
    first, second = note(session), note(session)
    assert (first.seq, first.previous) == (1, None)
    assert (second.seq, second.previous) == (2, first.hash)
    head = session.execute(select(EventStream.seq, EventStream.hash).where(EventStream.name == "case:12")).one()
    assert tuple(head) == (2, second.hash)


def test_the_hash_is_that_of_the_stored_bytes_and_a_stranger_can_repeat_it(session: Session) -> None:
    event = note(session)
    assert hashlib.sha256(event.envelope).digest() == event.hash
    told = json.loads(event.envelope)
    assert json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == event.envelope
    assert told["body"] == event.body == {"area": 1.5, "地": "海"}


def test_a_text_is_not_in_the_hashed_bytes_and_can_be_erased_while_the_chain_still_holds(session: Session) -> None:
    event = note(session, reason="张三的电话")
    assert "张三".encode() not in event.envelope
    assert verify_streams(session).faults == []
    assert erase_text(session, event.id, "reason", at=recorded_at(session))
    assert not erase_text(session, event.id, "reason", at=recorded_at(session))
    session.expire_all()
    row = session.execute(select(EventText.content, EventText.salt).where(EventText.event_id == event.id)).one()
    assert tuple(row) == (None, None)
    assert verify_streams(session).faults == []


def test_equal_texts_have_different_digests(session: Session) -> None:
    note(session, reason="同意")
    note(session, reason="同意")
    assert len(set(session.scalars(select(EventText.digest)))) == 2


def test_a_time_before_the_last_event_is_refused(session: Session) -> None:
    last = note(session)
    with pytest.raises(Refusal) as refused:
        record(session, CASE, "case.late", {}, actor=OFFICER, at=last.recorded_at - timedelta(seconds=1))
    assert refused.value.code == "event.time_runs_back"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET kind = 'other'",
        "DELETE FROM event",
        "TRUNCATE event CASCADE",
        "DELETE FROM event_stream",
        "UPDATE event_stream SET seq = 5",
        "DELETE FROM event_text",
        "UPDATE event_text SET content = 'other'",
        "UPDATE event_text SET digest = '\\x00'",
        "DELETE FROM event_anchor",
    ],
)
@pytest.mark.parametrize("login", ["app", "owner"])
def test_neither_the_app_nor_the_owner_can_change_or_delete_the_record(
    own_database: Database, statement: str, login: str
) -> None:
    with own_database.sessions("app")() as session:
        event = note(session, reason="同意")
        anchor(session, at=recorded_at(session))
        session.commit()
        before = session.execute(text("SELECT hash FROM event")).scalars().all()
    with own_database.sessions(login)() as session:
        with pytest.raises(DBAPIError) as refused:
            session.execute(text(statement))
        if "anchor" not in statement or login == "app":
            assert isinstance(
                refused.value.orig, psycopg.errors.InsufficientPrivilege | psycopg.errors.RestrictViolation
            )
        session.rollback()
        assert session.execute(text("SELECT hash FROM event")).scalars().all() == before == [event.hash]


def test_an_event_that_does_not_follow_its_head_is_refused(session: Session) -> None:
    event = note(session)
    row = {"s": event.stream, "k": event.kind, "a": event.recorded_at, "h": event.hash, "e": event.envelope}
    with pytest.raises(DBAPIError, match="does not follow the head"):
        session.execute(
            text(
                "INSERT INTO event (stream, seq, kind, recorded_at, alg, hash, envelope) VALUES (:s, 1, :k, :a, 'sha256', :h, :e)"
            ),
            row,
        )


def test_bytes_under_a_foreign_hash_are_refused(session: Session) -> None:
    event = note(session)
    row = {"s": event.stream, "k": event.kind, "a": event.recorded_at, "h": bytes(32), "e": event.envelope}
    with pytest.raises(DBAPIError, match="hash is not that of the envelope"):
        session.execute(
            text(
                "INSERT INTO event (stream, seq, kind, recorded_at, alg, hash, envelope) VALUES (:s, 1, :k, :a, 'sha256', :h, :e)"
            ),
            row,
        )


def test_many_writers_on_one_stream_leave_one_unbroken_chain(own_database: Database) -> None:
    maker = own_database.sessions(pool_size=8, lock_timeout="20s")

    def write() -> None:
        for _ in range(10):
            with maker.begin() as session:
                note(session)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with maker() as session:
        found = verify_streams(session)
    assert (found.streams, found.events, found.faults) == (1, 80, [])


def test_acts_that_make_each_others_streams_never_wait_for_ever(own_database: Database) -> None:
    maker = own_database.sessions(pool_size=8, lock_timeout="20s")
    failures: list[BaseException] = []

    def act(round_: int, order: int) -> None:
        names = [StreamName("case", round_), StreamName("right", round_), StreamName("party", round_)]
        try:
            with maker.begin() as session:
                lock_streams(session, names[order:] + names[:order])
                for name in names[order:] + names[:order]:
                    record(session, name, "act", {}, actor=OFFICER, at=recorded_at(session))
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=act, args=(round_, order)) for round_ in range(10) for order in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_the_feed_skips_no_event_of_a_transaction_that_commits_late(own_database: Database) -> None:
    maker = own_database.sessions()
    with maker() as slow, maker() as quick, maker() as reader:
        early = note(slow, StreamName("case", 1)).id
        late = note(quick, StreamName("case", 2)).id
        quick.commit()
        assert early < late
        assert feed(reader) == []
        reader.rollback()
        slow.commit()
        given = eventually_fed(reader, 2)
        assert [event.id for event in given] == [early, late]
        assert [event.id for event in feed(reader, limit=1)] == [early]
        assert [event.id for event in feed(reader, position_of(given[0]))] == [late]
        assert feed(reader, position_of(given[1])) == []


def eventually_fed(reader: Session, count: int) -> Sequence[Event]:
    """The feed once it gives so many events; a transaction of any database of the cluster may hold it back for a while."""
    deadline = time.monotonic() + 60
    while len(given := feed(reader)) < count and time.monotonic() < deadline:
        reader.rollback()
        time.sleep(0.05)
    return given


def test_an_instant_without_a_zone_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="zone"):
        record(session, CASE, "case.accepted", {}, actor=OFFICER, at=datetime(2026, 1, 1))


def test_what_json_cannot_tell_is_refused_and_leaves_nothing(session: Session) -> None:
    for body in ({"a": object()}, {"a": "nul\0"}, {"a": float("nan")}, {"a": 2**60}):
        with pytest.raises((TypeError, ValueError)):
            record(session, CASE, "case.accepted", body, actor=OFFICER, at=datetime(2026, 1, 1, tzinfo=UTC))
    assert session.scalars(select(Event)).all() == []
