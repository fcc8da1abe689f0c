"""What anybody says of a running public notice: received once the days allow it, told to the window, read by the officers of the place.

Words are free and names are personal: they are kept beside the chain of the case, name and contact sealed; the event says only that
a comment came and on which side.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy.orm import Session

from approvals import queries
from approvals.acts import Event
from approvals.cases.store import Opened, Works, case_for, record_events
from approvals.effects import Effect
from approvals.models import NoticeComment
from data.actors import Actor
from data.answers import Refusal
from data.clock import legal_day, recorded_at
from data.events import lock_streams

COMMENT = "comment"
PURPOSE = "notice_comment"
Stance = Literal["objects", "supports", "remark"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment as it was given; an objection bears a name and a way to answer it."""

    stance: Stance
    words: str
    name: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)


def receive(session: Session, number: str, asked: Comment, works: Works) -> tuple[NoticeComment, Effect]:
    """Keep a comment on the notice of a case, first and last day included; the effect tells the window.

    Who is signed in does not matter and is not kept.
    """
    if asked.stance == "objects" and not (asked.name and asked.contact):
        raise Refusal("notice.objection_unsigned")
    case = _case_with_notice(session, number)
    notice = queries.notice_of(session, case.row.id)
    if notice is None:
        raise Refusal("notice.not_found", case=number)
    today = legal_day(works.now)
    if today < notice.first:
        raise Refusal("notice.not_begun", case=number, first=notice.first.isoformat())
    if today > notice.last or notice.standing != "running":
        raise Refusal("notice.over", case=number, last=notice.last.isoformat())
    lock_streams(session, [case.stream])
    at = recorded_at(session)
    signed = {"name": asked.name, "contact": asked.contact}
    comment = NoticeComment(
        notice_id=notice.id,
        stance=asked.stance,
        words=asked.words,
        sealed=works.keys.seal_text(PURPOSE, json.dumps(signed)) if any(signed.values()) else None,
        recorded_at=at,
    )
    session.add(comment)
    session.flush()  # the event names the comment's number
    told = {"notice": notice.id, "comment": comment.id, "stance": asked.stance}
    record_events(session, case, [Event("comment_received", told)], actor=Actor.public(), at=at)
    return comment, Effect(
        "notify", "public_notice", "window", None, {"case": number, "seq": comment.id, "code": COMMENT}
    )


def comments_view(session: Session, case: Opened, works: Works, before: int) -> dict[str, Any]:
    """The comments on the notice of a case for its officers, newest first a page at a time, and how many came on which side."""
    notice = queries.notice_of(session, case.row.id)
    if notice is None:
        return {"comments": [], "counts": dict.fromkeys(("objects", "supports", "remark"), 0), "next": None}
    found = queries.comments_of(session, notice.id, before)
    return {
        "comments": [_told(comment, works) for comment in found],
        "counts": queries.comment_counts(session, notice.id),
        "next": found[-1].id if len(found) == queries.COMMENTS_PAGE else None,
    }


def _case_with_notice(session: Session, number: str) -> Opened:
    """The case, its row held; in the words of a notice that is not there where there is none: nobody learns which cases exist."""
    try:
        return case_for(session, number, lock=True)
    except Refusal as absent:
        if absent.code != "case.not_found":
            raise
        raise Refusal("notice.not_found", case=number) from None


def _told(comment: NoticeComment, works: Works) -> dict[str, Any]:
    signed = json.loads(works.keys.open_text(PURPOSE, comment.sealed)) if comment.sealed is not None else {}
    return {
        "id": comment.id,
        "stance": comment.stance,
        "words": comment.words,
        "name": signed.get("name") or None,
        "contact": signed.get("contact") or None,
        "received_at": comment.recorded_at.isoformat(),
    }
