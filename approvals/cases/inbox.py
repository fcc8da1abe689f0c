"""Messages as their addressees read them: which are theirs, in which words, and what a sealed one holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, false, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from approvals import queries
from approvals.cases.notifying import LINK_PURPOSE
from approvals.cases.signing import CODE_PURPOSE
from approvals.models import Case, Message, MessageDelivery
from data import messages
from data.actors import Actor
from data.answers import Refusal
from data.messages import Language
from parcels.checks.words import words
from parcels.parties import PartyKeys

PAGE = 100
# What the sealed part of a message holds, by the message's code; told beside that code, so under another name.
SEALED = {"message.signing_code": ("one_time_code", CODE_PURPOSE)}
LINK = ("link", LINK_PURPOSE)


def _is_addressee(actor: Actor) -> Any:
    """The condition on messages that are for somebody: to the account, to a party acted for, or to a post at its place."""
    everywhere = [role for role, place in actor.posts if place is None]
    at_place = [(role, place) for role, place in actor.posts if place is not None]
    ways = [Message.to_account == actor.person] if actor.person is not None else []
    ways += [and_(Message.to_account.is_(None), Message.to_party_id.in_(actor.acts_for))] if actor.acts_for else []
    ways += [tuple_(Message.to_role, Message.to_place_id).in_(at_place)] if at_place else []
    ways += [Message.to_role.in_(everywhere)] if everywhere else []
    return or_(*ways) if ways else false()


def messages_for(
    session: Session, actor: Actor, before: int, *, unread: bool = False, case: str | None = None
) -> list[Message]:
    """The newest messages of somebody, a page at a time; only those not opened yet, or only those about one case, where asked."""
    query = select(Message).where(_is_addressee(actor), Message.id < before).order_by(Message.id.desc()).limit(PAGE)
    if unread:
        query = query.where(Message.opened_at.is_(None))
    if case is not None:
        query = query.where(Message.case_id.in_(select(Case.id).where(Case.number == case)))
    return list(session.scalars(query))


def copies_for(session: Session, found: Sequence[Message], actor: Actor) -> dict[int, list[MessageDelivery]]:
    """The copies by other channels that went to somebody himself, by message."""
    query = select(MessageDelivery).where(
        MessageDelivery.message_id.in_([message.id for message in found]), MessageDelivery.account_id == actor.person
    )
    told: dict[int, list[MessageDelivery]] = {}
    for copy in session.scalars(query.order_by(MessageDelivery.channel)):
        told.setdefault(copy.message_id, []).append(copy)
    return told


def unread_count(session: Session, actor: Actor) -> int:
    """How many messages of somebody's are not opened yet."""
    query = select(func.count()).select_from(Message).where(_is_addressee(actor), Message.opened_at.is_(None))
    return session.scalar(query) or 0


def opened_message(session: Session, message_id: int, actor: Actor, now: datetime) -> Message:
    """One message of somebody's, marked as opened; refused as not there where it is not theirs."""
    query = select(Message).where(Message.id == message_id, _is_addressee(actor))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise Refusal("problems.not_found", path=f"/api/v1/messages/{message_id}")
    if found.opened_at is None:
        found.opened_at = now
    return found


def mark_opened(session: Session, numbers: Sequence[int], actor: Actor, now: datetime) -> int:
    """Mark these messages of somebody's as opened, where they were not; how many that were. What is sealed in them stays so."""
    query = (
        update(Message)
        .where(Message.id.in_(numbers), _is_addressee(actor), Message.opened_at.is_(None))
        .values(opened_at=now)
        .returning(Message.id)
    )
    return len(session.scalars(query).all())


def message_view(
    session: Session,
    message: Message,
    lang: Language,
    *,
    keys: PartyKeys | None = None,
    copies: Sequence[MessageDelivery] = (),
) -> dict[str, Any]:
    """A message in one language with what became of it on each channel; with the keys, also what is sealed in it."""
    told: dict[str, Any] = {
        "id": message.id,
        "case": queries.case_number(session, message.case_id) if message.case_id is not None else None,
        "code": message.code,
        "text": messages.text(message.code, lang, **words(message.facts, lang)),
        "facts": message.facts,
        "channel": message.channel,
        "sent_at": _instant(message.sent_at),
        "opened_at": _instant(message.opened_at),
        "deliveries": [
            {
                "channel": message.channel,
                "sent_at": _instant(message.sent_at),
                "delivered_at": _instant(message.delivered_at),
                "opened_at": _instant(message.opened_at),
                "failure": None,
            },
            *(_copy_view(copy, lang) for copy in copies),
        ],
    }
    if keys is not None and message.sealed is not None:
        name, purpose = SEALED.get(message.code, LINK)
        told[name] = keys.open_text(purpose, message.sealed)
    return told


def _copy_view(copy: MessageDelivery, lang: Language) -> dict[str, Any]:
    """A copy by another channel; nobody is watched, so when one was opened is not known."""
    code, _, status = (copy.failure or "").partition("/")
    failure = {"code": code, "text": messages.text(code, lang, status=status)} if code else None
    return {
        "channel": copy.channel,
        "sent_at": _instant(copy.sent_at),
        "delivered_at": _instant(copy.delivered_at),
        "opened_at": None,
        "failure": failure,
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
