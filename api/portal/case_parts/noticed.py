"""The public notice of a case as its office sees it: what everybody reads, the days, and what came in."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from api.schemas.register import label
from approvals import queries
from approvals.cases import comments
from approvals.cases.store import Opened, Works
from data.clock import legal_day

NEWEST = 2**63 - 1
Told = dict[str, Any]


def notice_told(session: Session, case: Opened, works: Works, lang: str, *, with_comments: bool) -> Told | None:
    """The notice in words with its comments, newest first; None where none was put up or it was taken down."""
    notice = queries.notice_of(session, case.row.id)
    if notice is None:
        return None
    content, today = notice.content, legal_day(works.now)
    standing = "running" if notice.first <= today <= notice.last and notice.standing == "running" else notice.standing
    if standing == "running" and today < notice.first:
        standing = "coming"
    elif standing == "running" and today > notice.last:
        standing = "over"
    return {
        "standing": standing,
        "first": notice.first.isoformat(),
        "last": notice.last.isoformat(),
        "left": (notice.last - today).days,
        "project": content.get("project") or "",
        "applicants": list(content["applicants"]),
        "use": label(works.book, "use_types", content.get("use_type"), lang),
        "modes": [label(works.book, "use_modes", mode, lang) for mode in content.get("modes") or ()],
        "from": content["from"],
        "to": content["to"],
        "hash": notice.boundary_hash,
        "same_boundary": notice.boundary_hash == case.row.boundary_hash,
        **(comments.comments_view(session, case, works, NEWEST) if with_comments else {"comments": None}),
    }
