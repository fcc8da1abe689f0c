"""How the queue is: counted by what is waited for, told to officers through the door."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.jobs.enqueueing import Order, put
from api.jobs.state import QueueState, queue_state
from tests.api.client import TestClient
from tests.api.jobs.world import MARK


def test_an_empty_queue_has_nothing_to_tell(session: Session) -> None:
    assert queue_state(session) == QueueState(0, 0, 0, 0, 0, None)


def test_each_job_counts_once_and_the_oldest_is_known(session: Session) -> None:
    first, postponed, failed, done, _ = put(session, [Order(MARK, {"label": label}) for label in "abcde"])
    aged = "UPDATE procrastinate_events SET at = now() - interval '90 seconds' WHERE job_id = :number"
    session.execute(text(aged), {"number": first})
    for number, change in (
        (postponed, "scheduled_at = now() + interval '1 minute', attempts = 1"),
        (failed, "status = 'failed'"),
        (done, "status = 'succeeded'"),
    ):
        session.execute(text(f"UPDATE procrastinate_jobs SET {change} WHERE id = :number"), {"number": number})
    session.execute(text("SELECT procrastinate_register_worker_v1()"))
    told = queue_state(session)
    assert (told.waiting, told.postponed, told.running, told.failed, told.workers) == (2, 1, 0, 1, 1)
    assert told.oldest_seconds is not None
    assert 90 <= told.oldest_seconds < 120


def test_the_public_is_not_told(client: TestClient) -> None:
    answer = client.get("/api/v1/system/jobs")
    assert (answer.status_code, answer.json()["code"]) == (401, "problems.sign_in")
