"""What each kind of job does. A body is a few lines: the work is done in the room below, in the transaction of the job."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from api.jobs.enqueueing import Order, enqueue, put
from api.jobs.kinds import (
    ANCHOR,
    MAKE_PAPER,
    NOTE_RIVAL,
    NOTIFY,
    PUBLISH_NOTICE,
    RUN_DUE,
    SEND_MAIL,
    SWEEP,
    WITHDRAW_NOTICE,
    Kind,
)
from api.jobs.running import Body
from api.jobs.sweeping import sweep
from api.jobs.workshop import Workshop
from api.mail import copies
from api.papers import making
from api.papers.drawing import drawer
from approvals.cases import notices, notifying, overdue
from approvals.cases.competing import note_asked
from approvals.cases.running import do_act
from approvals.cases.store import case_for
from data.anchors import anchor
from data.clock import legal_day, recorded_at
from data.overlay import book_in_force


def make_paper(session: Session, shop: Workshop, /, *, document: int) -> None:
    """Set, sign and keep the paper that an act has issued."""
    address = shop.settings.address
    making.make_paper(
        session,
        document,
        keys=shop.keys,
        signers=shop.signers,
        base_url=address,
        now=shop.clock(),
        drawings=drawer(session, book=book_in_force(session), base_url=address),
    )


def notify(session: Session, shop: Workshop, /, *, case: str, seq: int, addressee: str, code: str) -> None:
    """Write the message of an act; once, however often. Its copies are asked for with it."""
    message = notifying.notify(session, case=case, seq=seq, addressee=addressee, code=code, works=shop.works(session))
    if message is not None:
        accounts = copies.open_copies(session, message, shop.post, legal_day(shop.clock()))
        put(session, [Order(SEND_MAIL, {"message": message, "account": account}) for account in accounts])


def send_mail(session: Session, shop: Workshop, /, *, message: int, account: int) -> None:
    """Send one copy of a message, unless it has gone."""
    copies.send_copy(
        session,
        message,
        account,
        post=shop.post,
        base_url=shop.settings.address,
        now=shop.clock(),
        beside=shop.sessions.begin,
    )


def publish_notice(session: Session, shop: Workshop, /, *, case: str) -> None:
    """Put the case's notice up, unless it is up or no longer wanted."""
    notices.publish(session, case, shop.works(session))


def withdraw_notice(session: Session, shop: Workshop, /, *, case: str) -> None:
    """Take the case's notice down, if one is up."""
    notices.withdraw(session, case, shop.works(session))


def note_rival(session: Session, shop: Workshop, /, *, case: str, rival: str) -> None:
    """Note a competing application on the case, unless it is noted already or either of them is past competing."""
    asked = note_asked(session, case_for(session, case, lock=True), rival)
    if asked is not None:
        enqueue(session, do_act(session, case, asked, shop.works(session)).effects)


def run_due(session: Session, shop: Workshop, /) -> None:
    """Do what is due because nobody acted. Each act is a transaction of its own beside that of the job: what is done stays done."""
    overdue.run_due(shop.sessions.begin, shop.works(session), enqueue)


def make_anchor(session: Session, shop: Workshop, /) -> None:
    """Chain the heads of the streams that have grown; nothing where none has."""
    anchor(session, at=recorded_at(session))


def sweep_old(session: Session, shop: Workshop, /) -> None:
    """Remove what is old."""
    jobs_kept = timedelta(days=shop.settings.jobs_kept_days)
    answers_kept = timedelta(hours=shop.settings.kept_answer_hours)
    sweep(session, now=shop.clock(), jobs_kept=jobs_kept, answers_kept=answers_kept)


BODIES: Mapping[Kind, Body] = {
    MAKE_PAPER: make_paper,
    NOTIFY: notify,
    SEND_MAIL: send_mail,
    PUBLISH_NOTICE: publish_notice,
    WITHDRAW_NOTICE: withdraw_notice,
    NOTE_RIVAL: note_rival,
    RUN_DUE: run_due,
    ANCHOR: make_anchor,
    SWEEP: sweep_old,
}
