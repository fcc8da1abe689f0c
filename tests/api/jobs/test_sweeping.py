"""Sweeping: what is old goes, what is young or needs a person stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from api.jobs.sweeping import sweep
from api.models import Account, KeptAnswer, SignInSession

NOW = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
JOBS, ANSWERS = timedelta(days=30), timedelta(hours=48)
MOMENT = timedelta(seconds=1)


def swept(session: Session) -> None:
    session.flush()  # swept by statements, which do not see what the session has not written yet
    sweep(session, now=NOW, jobs_kept=JOBS, answers_kept=ANSWERS)


def test_sessions_that_are_over_go(session: Session) -> None:
    account = Account(login="wang", name="王", is_sample=False, failures=0, created_at=NOW)
    session.add(account)
    session.flush()  # the sessions need its number
    for name, expires in ((b"stands", NOW + MOMENT), (b"over", NOW - MOMENT)):
        session.add(
            SignInSession(token_hash=name, account_id=account.id, created_at=NOW, seen_at=NOW, expires_at=expires)
        )
    swept(session)
    assert set(session.scalars(select(SignInSession.token_hash))) == {b"stands"}


def test_answers_under_old_keys_go(session: Session) -> None:
    for key, at in (("young", NOW - ANSWERS), ("old", NOW - ANSWERS - MOMENT)):
        session.add(KeptAnswer(account_id=1, key=key, request_digest="d", recorded_at=at))
    swept(session)
    assert set(session.scalars(select(KeptAnswer.key))) == {"young"}


def test_jobs_that_ended_well_go_and_failed_or_waiting_ones_stay(session: Session) -> None:
    for kind, status, age in (
        ("old_done", "succeeded", JOBS + MOMENT),
        ("young_done", "succeeded", JOBS - MOMENT),
        ("old_failed", "failed", 2 * JOBS),
        ("old_waiting", "todo", 2 * JOBS),
    ):
        number = session.execute(
            text(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
                " VALUES ('default', :kind, CAST(:status AS procrastinate_job_status)) RETURNING id"
            ),
            {"kind": kind, "status": status},
        ).scalar_one()
        session.execute(text("DELETE FROM procrastinate_events WHERE job_id = :number"), {"number": number})
        session.execute(
            text("INSERT INTO procrastinate_events (job_id, type, at) VALUES (:number, 'deferred', :at)"),
            {"number": number, "at": NOW - age},
        )
    swept(session)
    left = set(session.execute(text("SELECT task_name FROM procrastinate_jobs")).scalars())
    assert left == {"young_done", "old_failed", "old_waiting"}
