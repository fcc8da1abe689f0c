"""Locks after failed sign-ins: each try is charged before its password is looked at, and a login that nobody bears locks alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from api.models import Account, UnknownLogin
from api.people import queries
from api.people.logins import folded
from data.answers import Refusal
from parcels.parties import PartyKeys

PURPOSE = "login"
# Longer than any lock: a login that nobody tried for so long starts anew.
UNKNOWN_KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class LockRules:
    """After `tries` failures in a row a login is locked for `first` seconds, doubled by each further one up to `longest`."""

    tries: int
    first: int
    longest: int

    def seconds(self, failures: int) -> int:
        """How long a login is locked after so many failures in a row.

        >>> rules = LockRules(tries=3, first=30, longest=100)
        >>> [rules.seconds(failures) for failures in (0, 2, 3, 4, 5, 900)]
        [0, 0, 30, 60, 100, 100]
        """
        beyond = failures - self.tries
        if beyond < 0:
            return 0
        # Two to the thirtieth of anything is past every longest lock.
        return min(self.longest, self.first * 2 ** min(beyond, 30))


def charge(session: Session, login: str, *, now: datetime, rules: LockRules, keys: PartyKeys) -> Account | None:
    """Count one try at a login as failed, and give the account that bears it, its row locked; refused while the login is locked.

    Counted first and forgiven after, so that a hundred tries at once are a hundred tries. The caller commits before it looks at
    the password.
    """
    account = queries.account_by_login(session, login, lock=True)
    row = account or _stranger(session, keys.hash_text(PURPOSE, folded(login)), now)
    if row.locked_until is not None and row.locked_until > now:
        raise Refusal("problems.locked", seconds=math.ceil((row.locked_until - now).total_seconds()))
    row.failures += 1
    seconds = rules.seconds(row.failures)
    row.locked_until = now + timedelta(seconds=seconds) if seconds else None
    return account


def forgive(account: Account) -> None:
    """The password was right: nothing is held against the account."""
    account.failures, account.locked_until = 0, None


def _stranger(session: Session, login_hash: bytes, now: datetime) -> UnknownLogin:
    """The count of a login that nobody bears, locked; made where there is none."""
    fresh = insert(UnknownLogin).values(login_hash=login_hash, failures=0, tried_at=now)
    session.execute(fresh.on_conflict_do_nothing())
    row = session.get_one(UnknownLogin, login_hash, with_for_update=True)
    row.tried_at = now
    return row


def sweep_strangers(session: Session, now: datetime) -> None:
    """Forget logins that nobody bears and nobody tried lately."""
    session.execute(delete(UnknownLogin).where(UnknownLogin.tried_at < now - UNKNOWN_KEPT))
