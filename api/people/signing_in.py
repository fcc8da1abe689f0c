"""Signing in, by password or as a sample account.

The one request of the house with two transactions: a failed try must stay counted although the request is refused, and no row
may stay locked while a password is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker
from structlog import get_logger

from api.models import Account
from api.people import lockout, passwords, queries
from api.people.lockout import LockRules
from api.people.sessions import Lifetime, open_session, sweep
from api.settings import Settings
from data.answers import Refusal
from parcels.parties import PartyKeys

log = get_logger("haiyu.people")


@dataclass(frozen=True, slots=True)
class Door:
    """What a sign-in needs of the house."""

    maker: sessionmaker[Session]
    keys: PartyKeys
    locks: LockRules
    life: Lifetime
    keep_answers: timedelta

    @classmethod
    def of(cls, settings: Settings, maker: sessionmaker[Session], keys: PartyKeys) -> Door:
        """As the settings say."""
        locks = LockRules(settings.sign_in_tries, settings.sign_in_lock_seconds, settings.sign_in_lock_max_seconds)
        return cls(maker, keys, locks, Lifetime.of(settings), timedelta(hours=settings.kept_answer_hours))


def samples_are_safe(settings: Settings) -> bool:
    """Whether sample accounts, which need no password, may be offered: only in our own cluster, and only to this machine.

    >>> samples_are_safe(Settings(database_url=None, host="127.0.0.1")), samples_are_safe(Settings(host="0.0.0.0"))
    (True, False)
    >>> samples_are_safe(Settings(database_url="postgresql://haiyu_app@db/haiyu"))
    False
    """
    return settings.is_embedded and settings.is_local


def with_password(door: Door, login: str, password: str, *, now: datetime, agent: str | None) -> str:
    """The token of a new session; refused alike for an unknown login, a wrong password, none set, and a disabled account."""
    with door.maker.begin() as session:
        account = lockout.charge(session, login, now=now, rules=door.locks, keys=door.keys)
        kept = account.password_hash if account is not None and account.disabled_at is None else None
    # Outside any transaction: argon2 takes a twentieth of a second on purpose.
    if not passwords.matches(password, kept) or account is None:
        log.warning("sign-in failed", account=account and account.id, failures=account and account.failures)
        raise Refusal("problems.sign_in_failed")
    with door.maker.begin() as session:
        again = session.get_one(Account, account.id, with_for_update=True)
        if again.disabled_at is not None or again.password_hash != kept:
            raise Refusal("problems.sign_in_failed")
        lockout.forgive(again)
        lockout.sweep_strangers(session, now)
        return _opened(session, door, again, now, agent)


def as_sample(door: Door, login: str, *, now: datetime, agent: str | None) -> str:
    """The token of a new session of a sample account; the caller has judged whether samples are offered at all."""
    with door.maker.begin() as session:
        account = queries.account_by_login(session, login, lock=True)
        if account is None or not account.is_sample or account.disabled_at is not None:
            raise Refusal("problems.sign_in_failed")
        return _opened(session, door, account, now, agent)


def _opened(session: Session, door: Door, account: Account, now: datetime, agent: str | None) -> str:
    sweep(session, account.id, now=now, keep_answers=door.keep_answers)
    log.info("signed in", account=account.id, sample=account.is_sample)
    return open_session(session, account.id, now=now, life=door.life, agent=agent)
