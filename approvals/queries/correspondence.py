"""Signatures, questions and notices of a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from approvals.models import (
    Case,
    NoticeComment,
    PublicNotice,
    Question,
    Signing,
)

COMMENTS_PAGE = 100


def signing_in_force(session: Session, case_id: int) -> Signing | None:
    """The signature that stands: given, and not voided since."""
    query = (
        select(Signing)
        .where(Signing.case_id == case_id, Signing.signed_at.is_not(None), Signing.voided_at.is_(None))
        .order_by(Signing.id.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def signing_voided_last(session: Session, case_id: int) -> Signing | None:
    """The signature that was given last, if something has voided it since."""
    query = (
        select(Signing)
        .where(Signing.case_id == case_id, Signing.signed_at.is_not(None))
        .order_by(Signing.id.desc())
        .limit(1)
    )
    found = session.scalars(query).first()
    return found if found is not None and found.voided_at is not None else None


def signing_asked(session: Session, case_id: int, account: int | None) -> Signing | None:
    """The code that an account was last sent for a case, not yet used and not voided; its row is locked."""
    query = (
        select(Signing)
        .where(
            Signing.case_id == case_id,
            Signing.asked_by == account,
            Signing.way == "code",
            Signing.signed_at.is_(None),
            Signing.voided_at.is_(None),
        )
        .order_by(Signing.id.desc())
        .limit(1)
        .with_for_update()
    )
    return session.scalars(query).first()


def signings_open(session: Session, case_id: int) -> list[Signing]:
    """Every signature, asked or given, that nothing has voided."""
    query = select(Signing).where(Signing.case_id == case_id, Signing.voided_at.is_(None))
    return list(session.scalars(query))


def questions_of(session: Session, case_id: int, *, key: str | None = None, step: str | None = None) -> list[Question]:
    """The questions that a case asked, oldest first."""
    query = select(Question).where(Question.case_id == case_id).order_by(Question.id)
    if key is not None:
        query = query.where(Question.key == key)
    if step is not None:
        query = query.where(Question.step == step)
    return list(session.scalars(query))


def question_by_token(session: Session, token_hash: bytes) -> Question | None:
    """The question to which a signed link leads."""
    return session.scalars(select(Question).where(Question.token_hash == token_hash)).one_or_none()


def notice_of(session: Session, case_id: int) -> PublicNotice | None:
    """The public notice of a case that runs or has run; a withdrawn one counts no more."""
    query = (
        select(PublicNotice)
        .where(PublicNotice.case_id == case_id, PublicNotice.standing != "withdrawn")
        .order_by(PublicNotice.id.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def notices_on(session: Session, day: date) -> list[tuple[str, PublicNotice]]:
    """The notices that run on a day, with the numbers of their cases."""
    query = (
        select(Case.number, PublicNotice)
        .join(Case, Case.id == PublicNotice.case_id)
        .where(PublicNotice.standing != "withdrawn", PublicNotice.first <= day, PublicNotice.last >= day)
        .order_by(PublicNotice.first.desc(), PublicNotice.id.desc())
        .limit(1000)
    )
    return [(number, notice) for number, notice in session.execute(query)]


def comments_of(session: Session, notice_id: int, before: int) -> list[NoticeComment]:
    """The comments on a notice, newest first, a page at a time."""
    query = (
        select(NoticeComment)
        .where(NoticeComment.notice_id == notice_id, NoticeComment.id < before)
        .order_by(NoticeComment.id.desc())
        .limit(COMMENTS_PAGE)
    )
    return list(session.scalars(query))


def comment_counts(session: Session, notice_id: int) -> dict[str, int]:
    """How many comments on a notice object, support, or are remarks."""
    query = (
        select(NoticeComment.stance, func.count())
        .where(NoticeComment.notice_id == notice_id)
        .group_by(NoticeComment.stance)
    )
    return {"objects": 0, "supports": 0, "remark": 0, **dict(session.execute(query).all())}


def comment_totals(session: Session, notice_ids: Sequence[int]) -> dict[int, int]:
    """How many comments came on each of these notices; one without any is left out."""
    query = (
        select(NoticeComment.notice_id, func.count())
        .where(NoticeComment.notice_id.in_(notice_ids))
        .group_by(NoticeComment.notice_id)
    )
    return dict(session.execute(query).all())
