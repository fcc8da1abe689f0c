"""What the doors ask about people: every SELECT on accounts, posts and sessions, each function named for its question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from api.models import Account, AccountPost, SignInSession
from api.people.logins import folded, is_login
from approvals.models import Authorisation
from parcels.models import Party, Place, PlaceCode


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session that stands, whose it is, and what the person may answer for on the day."""

    account_id: int
    login: str
    name: str
    is_sample: bool
    seen_at: datetime
    posts: frozenset[tuple[str, int | None]]
    parties: frozenset[int]


def standing_session(
    session: Session, token_hash: bytes, *, now: datetime, idle_since: datetime, day: date
) -> SessionRow | None:
    """The session of a token, unless it is over, revoked, idle for too long, or its account disabled; one trip."""
    posts = (
        select(func.json_agg(func.json_build_array(AccountPost.role, AccountPost.place_id)))
        .where(AccountPost.account_id == Account.id, AccountPost.valid.contains(day))
        .scalar_subquery()
    )
    # Whoever acts for a party that was merged acts for the one into which it was.
    parties = (
        select(func.json_agg(func.json_build_array(Party.id, Party.merged_into_id)))
        .select_from(Authorisation)
        .join(Party, Party.id == Authorisation.party_id)
        .where(
            Authorisation.account_id == Account.id,
            Authorisation.withdrawn_at.is_(None),
            Authorisation.valid.contains(day),
        )
        .scalar_subquery()
    )
    query = (
        select(Account.id, Account.login, Account.name, Account.is_sample, SignInSession.seen_at, posts, parties)
        .join(Account, Account.id == SignInSession.account_id)
        .where(
            SignInSession.token_hash == token_hash,
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > now,
            SignInSession.seen_at > idle_since,
            Account.disabled_at.is_(None),
        )
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    account_id, login, name, is_sample, seen_at, held, acted_for = found
    return SessionRow(
        account_id,
        login,
        name,
        is_sample,
        seen_at,
        frozenset((role, place) for role, place in held or ()),
        frozenset(party for each in acted_for or () for party in each if party is not None),
    )


def account_by_login(session: Session, login: str, *, lock: bool = False) -> Account | None:
    """The account that bears a login, however it is written; with `lock` its row is held until the transaction ends."""
    wanted = folded(login)
    if not is_login(wanted):
        return None
    query = select(Account).where(func.lower(Account.login) == wanted)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def names_of(session: Session, accounts: Iterable[int]) -> dict[int, str]:
    """The names of some accounts."""
    query = select(Account.id, Account.name).where(Account.id.in_(list(accounts)))
    return {row.id: row.name for row in session.execute(query)}


def accounts_after(session: Session, after: int, limit: int) -> list[Account]:
    """Accounts by id."""
    return list(session.scalars(select(Account).where(Account.id > after).order_by(Account.id).limit(limit)))


def has_accounts(session: Session) -> bool:
    """Whether anybody has an account."""
    return session.scalar(select(Account.id).limit(1)) is not None


def sample_accounts(session: Session) -> list[Account]:
    """Sample accounts that are not disabled, as they were laid."""
    query = select(Account).where(Account.is_sample, Account.disabled_at.is_(None)).order_by(Account.id)
    return list(session.scalars(query))


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post with the names of its place; `place_id` None is everywhere."""

    id: int
    account_id: int
    role: str
    place_id: int | None
    place_code: str | None
    place_zh: str | None
    place_en: str | None
    valid: Any


def posts_on(session: Session, accounts: Sequence[int], day: date) -> dict[int, list[PostRow]]:
    """The posts that accounts hold on a day, by account, in the order given; a place by the code that the rule book knows."""
    code = (
        select(PlaceCode.code)
        .where(
            PlaceCode.place_id == AccountPost.place_id,
            PlaceCode.scheme.in_(("administrative", "statistical")),
            PlaceCode.valid.contains(day),
        )
        # A functional zone bears a statistical code only; whoever has both is known by the administrative one.
        .order_by(PlaceCode.scheme)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(
            AccountPost.id,
            AccountPost.account_id,
            AccountPost.role,
            AccountPost.place_id,
            code,
            Place.name_zh,
            Place.name_en,
            AccountPost.valid,
        )
        .outerjoin(Place, Place.id == AccountPost.place_id)
        .where(AccountPost.account_id.in_(accounts), AccountPost.valid.contains(day))
        .order_by(AccountPost.id)
    )
    found: dict[int, list[PostRow]] = {}
    for row in session.execute(query):
        found.setdefault(row.account_id, []).append(PostRow(*row))
    return found


def places_with_codes(session: Session, day: date) -> list[tuple[str, str, str | None]]:
    """Places that bear an administrative code on a day: code, name in Chinese and in English, by code."""
    query = (
        select(PlaceCode.code, Place.name_zh, Place.name_en)
        .join(Place, Place.id == PlaceCode.place_id)
        .where(PlaceCode.scheme == "administrative", PlaceCode.valid.contains(day))
        .order_by(PlaceCode.code)
    )
    return [(code, zh, en) for code, zh, en in session.execute(query)]


def posts_held(
    session: Session, account_id: int, role: str, place_id: int | None, during: Range[date]
) -> list[AccountPost]:
    """The posts of this role at this very place (None: everywhere) that an account holds on some day of a range, rows locked."""
    here = AccountPost.place_id.is_(None) if place_id is None else AccountPost.place_id == place_id
    query = (
        select(AccountPost)
        .where(AccountPost.account_id == account_id, AccountPost.role == role, here, AccountPost.valid.overlaps(during))
        .order_by(AccountPost.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))
