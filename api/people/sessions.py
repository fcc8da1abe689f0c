"""Sessions: opened after a sign-in, looked up at every request, over after idleness or at their end, ended at once when revoked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session, sessionmaker

from api.models import KeptAnswer, SignInSession
from api.people import queries
from api.people.tokens import new_token, token_hash
from api.settings import Settings
from data.actors import Actor
from data.clock import legal_day

# An officer clicks many times a minute; when they were last here need not be known to the second.
SEEN_STEP = timedelta(minutes=1)
AGENT_MOST = 200


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session may idle, and how long it may last at all."""

    idle: timedelta
    whole: timedelta

    @classmethod
    def of(cls, settings: Settings) -> Lifetime:
        """As the settings say."""
        return cls(timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, as the acts receive it, with login and name for the page."""

    actor: Actor
    login: str
    name: str
    is_sample: bool
    token_hash: bytes


def actor_of(person: int, posts: Iterable[tuple[str, int | None]], parties: Iterable[int]) -> Actor:
    """The actor that an account is on a day: its posts, what they make it, and the parties that it acts for.

    >>> actor = actor_of(1, [("window", 3), ("planner", None)], [7])
    >>> sorted(actor.roles), sorted(actor.places), sorted(actor.acts_for)
    (['enterprise', 'officer', 'planner', 'window'], [3], [7])
    >>> actor_of(1, [], []).is_officer
    False
    """
    held, acted_for = frozenset(posts), frozenset(parties)
    roles = {role for role, _ in held} | ({"officer"} if held else set()) | ({"enterprise"} if acted_for else set())
    places = frozenset(place for _, place in held if place is not None)
    return Actor(person=person, acts_for=acted_for, roles=frozenset(roles), places=places, posts=held)


def open_session(session: Session, account_id: int, *, now: datetime, life: Lifetime, agent: str | None) -> str:
    """A new session of an account; its token, which is kept nowhere."""
    token = new_token()
    session.add(
        SignInSession(
            token_hash=token_hash(token),
            account_id=account_id,
            created_at=now,
            seen_at=now,
            expires_at=now + life.whole,
            agent=agent and agent[:AGENT_MOST],
        )
    )
    return token


def signed_in(
    maker: sessionmaker[Session], token: str, *, now: datetime, life: Lifetime, renew: bool = True
) -> SignedIn | None:
    """Who a token stands for at this moment; None where it stands for nobody. A session of its own, given back at once.

    With `renew` its idle time begins anew.
    """
    hashed = token_hash(token)
    with maker() as session:
        row = queries.standing_session(session, hashed, now=now, idle_since=now - life.idle, day=legal_day(now))
        if row is not None and renew and now - row.seen_at >= SEEN_STEP:
            # Never backwards: of two requests at once the later one counts.
            later = (SignInSession.token_hash == hashed, SignInSession.seen_at < now)
            session.execute(update(SignInSession).where(*later).values(seen_at=now))
        session.commit()
    if row is None:
        return None
    actor = actor_of(row.account_id, row.posts, row.parties)
    return SignedIn(actor, row.login, row.name, row.is_sample, hashed)


def end_session(session: Session, hashed: bytes, *, now: datetime) -> None:
    """Sign out here."""
    standing = (SignInSession.token_hash == hashed, SignInSession.revoked_at.is_(None))
    session.execute(update(SignInSession).where(*standing).values(revoked_at=now))


def end_all_sessions(session: Session, account_id: int, *, now: datetime) -> int:
    """Sign an account out everywhere; how many sessions that ended."""
    standing = (
        SignInSession.account_id == account_id,
        SignInSession.revoked_at.is_(None),
        SignInSession.expires_at > now,
    )
    ended = session.execute(
        update(SignInSession).where(*standing).values(revoked_at=now).returning(SignInSession.token_hash)
    )
    return len(ended.all())


def sweep(session: Session, account_id: int, *, now: datetime, keep_answers: timedelta) -> None:
    """Forget an account's sessions that are long over, and the answers kept for it under old idempotency keys."""
    old_session = (SignInSession.account_id == account_id, SignInSession.expires_at < now)
    session.execute(delete(SignInSession).where(*old_session))
    old_answer = (KeptAnswer.account_id == account_id, KeptAnswer.recorded_at < now - keep_answers)
    session.execute(delete(KeptAnswer).where(*old_answer))
