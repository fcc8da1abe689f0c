"""What the copies ask the database."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from api.models import Account, AccountPost
from approvals.models import Authorisation, Case, Message


def addressees_with_mail(session: Session, message: Message, day: date) -> list[int]:
    """The accounts that a message is for on a legal day and that have an address: as the portal shows it, and to nobody else."""
    query = select(Account.id).where(Account.email.is_not(None), Account.disabled_at.is_(None)).order_by(Account.id)
    if message.to_account is not None:
        return list(session.scalars(query.where(Account.id == message.to_account)))
    if message.to_party_id is not None:
        acting = select(Authorisation.account_id).where(
            Authorisation.party_id == message.to_party_id,
            Authorisation.valid.contains(day),
            Authorisation.withdrawn_at.is_(None),
        )
        return list(session.scalars(query.where(Account.id.in_(acting))))
    posted = select(AccountPost.account_id).where(
        AccountPost.role == message.to_role,
        AccountPost.valid.contains(day),
        or_(AccountPost.place_id.is_(None), AccountPost.place_id == message.to_place_id),
    )
    return list(session.scalars(query.where(Account.id.in_(posted))))


def address_of(session: Session, account: int) -> str | None:
    """The address of an account that is not disabled."""
    return session.scalar(select(Account.email).where(Account.id == account, Account.disabled_at.is_(None)))


def case_of(session: Session, message: Message) -> str | None:
    """The number of the case that a message is about."""
    return session.scalar(select(Case.number).where(Case.id == message.case_id))
