"""Who else of the office has a case open: told to one another, to nobody outside, and kept for no longer than it is true."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from api.models import Account, CasePresence
from data.actors import Actor

# The page says every 40 seconds that it is still open (js/case/presence.js); one call may be lost.
STILL_THERE = timedelta(seconds=100)


def be_present(session: Session, case_id: int, actor: Actor, now: datetime) -> list[str]:
    """Say that somebody looks at a case; the names of the others who do, by name."""
    here = insert(CasePresence).values(case_id=case_id, account_id=actor.person, seen_at=now)
    session.execute(here.on_conflict_do_update(constraint="pk_case_presence", set_={"seen_at": now}))
    others = (
        select(Account.name)
        .join(CasePresence, CasePresence.account_id == Account.id)
        .where(CasePresence.case_id == case_id, Account.id != actor.person, CasePresence.seen_at > now - STILL_THERE)
        .order_by(Account.name)
    )
    return list(session.scalars(others))


def leave(session: Session, case_id: int, actor: Actor) -> None:
    """Say that the page was closed."""
    session.execute(
        delete(CasePresence).where(CasePresence.case_id == case_id, CasePresence.account_id == actor.person)
    )


def forget(session: Session, now: datetime) -> None:
    """Remove who has gone without a word."""
    session.execute(delete(CasePresence).where(CasePresence.seen_at <= now - STILL_THERE))
