"""The account of every copy: asked for with its message, sent by a job of its own, delivered when the server has taken it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from api.mail import queries
from api.mail.letters import letter
from api.mail.posting import NotTaken, Post
from approvals.models import Message, MessageDelivery

EMAIL = "email"
# Messages that are asked for and read in one sitting; a mail that a code waits would come after it.
NOT_COPIED = frozenset({"message.signing_code"})


def open_copies(session: Session, message_id: int, post: Post, day: date) -> list[int]:
    """Write down that a message is to be copied to each addressee who has an address; their accounts. None where no server is set."""
    message = session.get_one(Message, message_id)
    if not post.is_set or message.code in NOT_COPIED:
        return []
    accounts = queries.addressees_with_mail(session, message, day)
    if accounts:
        rows = [{"message_id": message_id, "account_id": account, "channel": EMAIL} for account in accounts]
        session.execute(insert(MessageDelivery).values(rows).on_conflict_do_nothing())
    return accounts


def send_copy(
    session: Session,
    message_id: int,
    account: int,
    *,
    post: Post,
    base_url: str,
    now: datetime,
    beside: Callable[[], AbstractContextManager[Session]],
) -> None:
    """Send one copy, unless it was delivered or has failed for good; raises `NotTaken` where it is to be tried again.

    Why it could not be sent is kept in a transaction of its own (`beside`), for that of the job rolls back. Killed between the
    server's word and the commit, it is sent again under the same Message-ID.
    """
    copy = session.get(MessageDelivery, (message_id, account, EMAIL))
    if copy is None or copy.delivered_at is not None or _has_failed_for_good(copy):
        return
    message, address = session.get_one(Message, message_id), queries.address_of(session, account)
    if address is None:
        copy.failure = "mail.no_address"
        return
    written = letter(
        code=message.code,
        facts=message.facts,
        case=queries.case_of(session, message),
        to=address,
        sender=post.sender,
        base_url=base_url,
        mark=f"haiyu.{message_id}.{account}",
        now=now,
    )
    try:
        post.send(written)
    except NotTaken as fault:
        if not fault.for_good:
            with beside() as other:
                other.get_one(MessageDelivery, (message_id, account, EMAIL)).failure = _told(fault)
            raise
        copy.sent_at, copy.failure = now, _told(fault)
        return
    copy.sent_at = copy.delivered_at = now
    copy.failure = None


def _told(fault: NotTaken) -> str:
    """The failure as it is kept: its code, and the server's status after a slash."""
    return f"{fault.code}/{fault.status}" if fault.status else fault.code


def _has_failed_for_good(copy: MessageDelivery) -> bool:
    """A copy that was sent and not delivered was refused for good; one without an address never went."""
    return copy.sent_at is not None or copy.failure == "mail.no_address"
