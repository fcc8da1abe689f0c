"""What is removed when it is old: ended jobs, sessions that are over, answers kept under idempotency keys, who looked at a case."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from api import presence
from api.jobs import queries
from api.models import KeptAnswer, SignInSession


def sweep(session: Session, *, now: datetime, jobs_kept: timedelta, answers_kept: timedelta) -> None:
    """Remove what is old at this instant; doing it twice removes nothing more. Failed jobs stay until they are tried again.

    A sign-in removes what is old of its own account (api.people.sessions); here goes what belongs to those who never came back.
    """
    session.execute(delete(SignInSession).where(SignInSession.expires_at < now))
    session.execute(delete(KeptAnswer).where(KeptAnswer.recorded_at < now - answers_kept))
    presence.forget(session, now)
    session.execute(text(queries.SWEEP_JOBS), {"cutoff": now - jobs_kept})
