"""data.verify and data.anchors: every way to forge the record that a superuser has is found, and told where."""

from __future__ import annotations

import json
import time

import pytest
from sqlalchemy import select, text

from data.anchors import anchor
from data.clock import recorded_at
from data.event_tables import EventAnchor
from data.events import StreamName
from data.messages import text as message
from data.verify import verify_stream, verify_streams
from tests.data.test_events import note
from tests.support.databases import Database


def written(database: Database) -> None:
    """Two streams of three events each, an anchor, and two more events after it."""
    with database.sessions()() as session:
        for key in (1, 2):
            for _ in range(3):
                note(session, StreamName("case", key), reason="同意")
        session.commit()
        assert anchor(session, at=recorded_at(session)) is not None
        session.commit()
        note(session, StreamName("case", 1))
        session.commit()


FORGERIES = {
    "a changed envelope": (
        r"UPDATE event SET envelope = replace(encode(envelope, 'escape'), '1.5', '9.5')::bytea WHERE stream = 'case:1' AND seq = 2",
        {("event.hash_differs", "case:1", 2)},
    ),
    "a changed derived body": (
        "UPDATE event SET body = '{}' WHERE stream = 'case:1' AND seq = 2",
        {("event.column_differs", "case:1", 2)},
    ),
    "a changed kind": (
        "UPDATE event SET kind = 'x' WHERE stream = 'case:2' AND seq = 1",
        {("event.column_differs", "case:2", 1)},
    ),
    "a changed time": (
        "UPDATE event SET recorded_at = recorded_at + interval '1 hour' WHERE stream = 'case:2' AND seq = 3",
        {("event.column_differs", "case:2", 3)},
    ),
    "a removed middle": (
        "DELETE FROM event_text; DELETE FROM event WHERE stream = 'case:2' AND seq = 2",
        {("event.gap", "case:2", 2)},
    ),
    "a cut end": (
        "DELETE FROM event_text; DELETE FROM event WHERE stream = 'case:2' AND seq = 3",
        {("event.head_differs", "case:2", 3), ("event.anchored_differs", "case:2", 3)},
    ),
    "a cut end with its head": (
        "DELETE FROM event_text; DELETE FROM event WHERE stream = 'case:2' AND seq = 3; "
        "UPDATE event_stream s SET seq = 2, hash = e.hash, recorded_at = e.recorded_at FROM event e "
        "WHERE s.name = 'case:2' AND e.stream = 'case:2' AND e.seq = 2",
        {("event.anchored_differs", "case:2", 3)},
    ),
    "a changed text": (
        "UPDATE event_text SET content = '不同意' WHERE event_id = (SELECT id FROM event WHERE stream = 'case:1' AND seq = 1)",
        {("event.text_differs", "case:1", 1)},
    ),
    "a lost text": (
        "DELETE FROM event_text WHERE event_id = (SELECT id FROM event WHERE stream = 'case:1' AND seq = 3)",
        {("event.text_missing", "case:1", 3)},
    ),
    "an added text": (
        "INSERT INTO event_text (event_id, name, digest, salt, content) SELECT id, 'extra', '\\x00', '\\x00', 'x' FROM event "
        "WHERE stream = 'case:1' AND seq = 4",
        {("event.text_added", "case:1", 4)},
    ),
    "a changed anchor": ("UPDATE event_anchor SET hash = '\\x00'", {("event.anchor_differs", None, None)}),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_found_where_it_is(own_database: Database, name: str) -> None:
    written(own_database)
    statements, expected = FORGERIES[name]
    with own_database.sessions("superuser")() as session:
        session.execute(text("SET session_replication_role = replica"))
        for statement in statements.split("; "):
            session.execute(text(statement.replace(":", r"\:").replace(r"\:\:", "::")))
        session.commit()
    with own_database.sessions()() as session:
        found = verify_streams(session).faults
        alone = verify_stream(session, "case:1").faults
    places = {(fault.code, fault.facts.get("stream"), fault.facts.get("seq")) for fault in found}
    assert expected <= places
    # One chain by itself finds what is forged in it; what only an anchor tells is for the whole.
    in_it = {place for place in expected if place[1] == "case:1" and "anchor" not in place[0]}
    assert in_it <= {(fault.code, fault.facts.get("stream"), fault.facts.get("seq")) for fault in alone}
    assert {place[1] for place in places} <= {place[1] for place in expected} | (
        {"case:1", "case:2"} if "text" in statements else set()
    )
    for fault in found:
        assert message(fault.code, "zh", **fault.facts) != message(fault.code, "en", **fault.facts)


def test_an_untouched_record_has_no_fault_and_counts_what_it_saw(own_database: Database) -> None:
    written(own_database)
    heard: list[int] = []
    with own_database.sessions()() as session:
        found = verify_streams(session, heard.append)
        alone = verify_stream(session, "case:1")
        nobody = verify_stream(session, "case:9")
    assert (found.streams, found.events, found.anchors, found.faults, sum(heard)) == (2, 7, 1, [], 7)
    assert (alone.streams, alone.events, alone.faults) == (1, 4, [])
    assert (nobody.events, nobody.faults) == (0, [])


def test_an_anchor_covers_what_changed_since_the_last_and_the_last_itself(own_database: Database) -> None:
    written(own_database)
    with own_database.sessions()() as session:
        second = anchor(session, at=recorded_at(session))
        session.commit()
        assert second is not None
        told = json.loads(second.envelope)
        assert ["case:1", 4] in [[name, seq] for name, seq, _ in told["heads"]]
        first_hash = session.execute(select(EventAnchor.hash).where(EventAnchor.id == 1)).scalar_one()
        assert told["previous"] == first_hash.hex()
        assert verify_streams(session).faults == []


def test_a_quiet_hour_makes_no_anchor(own_database: Database) -> None:
    """While a transaction runs anywhere in the cluster, a stream may be covered once more; when none does, nothing is."""
    written(own_database)
    deadline = time.monotonic() + 60
    with own_database.sessions()() as session:
        while anchor(session, at=recorded_at(session)) is not None:
            session.commit()
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_an_event_that_commits_after_an_anchor_is_covered_by_the_next(own_database: Database) -> None:
    maker = own_database.sessions()
    with maker() as slow, maker() as other:
        note(slow, StreamName("case", 1))
        note(other, StreamName("case", 2))
        other.commit()
        first = anchor(other, at=recorded_at(other))
        other.commit()
        slow.commit()
        second = anchor(other, at=recorded_at(other))
        other.commit()
    assert first is not None
    assert second is not None
    assert [name for name, _, _ in json.loads(first.envelope)["heads"]] == ["case:2"]
    assert "case:1" in [name for name, _, _ in json.loads(second.envelope)["heads"]]
