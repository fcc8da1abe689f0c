"""The administration of people: accounts made, disabled and enabled, passwords set, posts given and taken back, sessions ended.

Each act is an event in the account's own chain of the kind `user_administration`; names and logins are erasable texts beside it.
The caller commits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from api.models import Account, AccountPost
from api.people import lockout, passwords, queries, sessions
from api.people.logins import folded, is_login
from data.actors import Actor
from data.answers import Refusal
from data.events import StreamName, lock_streams, record
from parcels.publishing import days
from parcels.registering.writing import instant_of_act

# One sign each of what a mail server needs to see; whether somebody reads there, a mail finds out.
_EMAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
ROLES = ("steward", "window", "reviewer", "approver", "registrar", "planner", "administrator")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """A person to be given an account; without a password only a sample account can ever be signed in to."""

    login: str
    name: str
    password: str | None = field(default=None, repr=False)
    email: str | None = None
    phone: str | None = None
    is_sample: bool = False


def add(session: Session, person: NewAccount, *, actor: Actor) -> Account:
    """Make an account; a login is borne once, however it is written."""
    login, name = folded(person.login), person.name.strip()
    if not is_login(login):
        raise Refusal("account.login_malformed")
    if not name:
        raise Refusal("account.name_missing")
    if person.email is not None and not _EMAIL.fullmatch(person.email):
        raise Refusal("account.email_malformed")
    if queries.account_by_login(session, login) is not None:
        raise Refusal("account.login_taken", login=login)
    account = Account(
        login=login,
        name=name,
        email=person.email,
        phone=person.phone,
        password_hash=None if person.password is None else passwords.digest(person.password),
        is_sample=person.is_sample,
        failures=0,
        created_at=func.clock_timestamp(),
    )
    session.add(account)
    session.flush()  # the event names the account's number
    body = {"sample": person.is_sample, "password": person.password is not None}
    _record(session, account, "account.made", body, actor=actor, texts={"login": login, "name": name})
    return account


def give_post(
    session: Session,
    account: Account,
    role: str,
    place_id: int | None,
    *,
    first: date,
    last: date | None = None,
    actor: Actor,
) -> AccountPost:
    """Give a role at a place (None: everywhere) for days, both included. An administrator is one everywhere; nobody holds a post twice."""
    if role not in ROLES:
        raise Refusal("account.role_unknown", role=role, known=", ".join(ROLES))
    if role == "administrator" and place_id is not None:
        raise Refusal("account.administrator_everywhere")
    if last is not None and last < first:
        raise Refusal("account.days_reversed")
    _stands(account)
    _lock(session, account)
    valid = days(first, last)
    if queries.posts_held(session, account.id, role, place_id, valid):
        raise Refusal("account.post_held", role=role)
    post = AccountPost(account_id=account.id, role=role, place_id=place_id, valid=valid)
    session.add(post)
    session.flush()  # the event names the post's number
    _record(session, account, "account.post_given", _told(post, first=first, last=last), actor=actor)
    return post


def take_post(
    session: Session, account: Account, role: str, place_id: int | None, *, today: date, actor: Actor
) -> None:
    """Take a post back from this day on; one that was to begin later never does."""
    _lock(session, account)
    held = queries.posts_held(session, account.id, role, place_id, days(today, None))
    if not held:
        raise Refusal("account.post_not_held", role=role)
    for post in held:
        begun = post.valid.lower or today
        post.valid = Range(begun, max(begun, today))
        _record(session, account, "account.post_taken", _told(post, since=today), actor=actor)


def set_password(session: Session, account: Account, password: str, *, now: datetime, actor: Actor) -> None:
    """Set a new password, lift the lock, and end every session: whoever knew the old one is out."""
    account.password_hash = passwords.digest(password)
    lockout.forgive(account)
    ended = sessions.end_all_sessions(session, account.id, now=now)
    _record(session, account, "account.password_set", {"sessions_ended": ended}, actor=actor)


def set_email(session: Session, account: Account, email: str | None, *, actor: Actor) -> None:
    """Set or (None) remove the address to which copies of messages go. The chain tells that there is one, not which."""
    _stands(account)
    given = (email or "").strip() or None
    if given is not None and not _EMAIL.fullmatch(given):
        raise Refusal("account.email_malformed")
    account.email = given
    _record(session, account, "account.email_set", {"email": given is not None}, actor=actor)


def disable(session: Session, account: Account, *, now: datetime, actor: Actor) -> None:
    """Disable an account and end its sessions; what it did stays on record. Nobody disables himself."""
    _stands(account)
    if actor.person == account.id:
        raise Refusal("account.disables_itself")
    ended = sessions.end_all_sessions(session, account.id, now=now)
    account.disabled_at = now
    _record(session, account, "account.disabled", {"sessions_ended": ended}, actor=actor)


def enable(session: Session, account: Account, *, actor: Actor) -> None:
    """Let a disabled account sign in again, with the password and the posts that it has."""
    if account.disabled_at is None:
        raise Refusal("account.is_enabled", login=account.login)
    account.disabled_at = None
    _record(session, account, "account.enabled", {}, actor=actor)


def sign_out_everywhere(session: Session, account: Account, *, now: datetime, actor: Actor) -> int:
    """End every session of an account; how many there were."""
    ended = sessions.end_all_sessions(session, account.id, now=now)
    _record(session, account, "account.signed_out", {"sessions_ended": ended}, actor=actor)
    return ended


def by_login(session: Session, login: str) -> Account:
    """The account that bears a login, its row held; refuses where there is none."""
    account = queries.account_by_login(session, login, lock=True)
    if account is None:
        raise Refusal("account.not_found", login=folded(login))
    return account


def _stands(account: Account) -> None:
    if account.disabled_at is not None:
        raise Refusal("account.is_disabled", login=account.login)


def _told(post: AccountPost, **days: Any) -> dict[str, Any]:
    return {"post": post.id, "role": post.role, "place": post.place_id, **days}


def _stream(account: Account) -> StreamName:
    return StreamName("user_administration", account.id)


def _lock(session: Session, account: Account) -> None:
    """Two who administer one account take turns: what one looks for, the other cannot be making."""
    lock_streams(session, [_stream(account)])


def _record(
    session: Session,
    account: Account,
    kind: str,
    body: dict[str, Any],
    *,
    actor: Actor,
    texts: dict[str, str] | None = None,
) -> None:
    at = instant_of_act(session, [_stream(account)])
    record(session, _stream(account), kind, {"account": account.id, **body}, actor=actor, at=at, texts=texts)
