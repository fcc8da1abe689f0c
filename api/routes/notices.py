"""Public notices: what runs, what anybody says of it, and what the officers of the place read."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.casework import Working, seen
from api.deps import GREATEST_ROW, Before, Reading, TheHouse, Today, Writing
from api.gates import act
from api.idempotency import Once
from api.jobs import enqueue
from api.schemas.cases import CommentIn
from api.schemas.problems import refuses
from approvals import queries
from approvals.cases import comments

router = APIRouter(tags=["correspondence"])


@router.get("/notices", summary="Public notices", responses=refuses())
@act("notice.list")
def notices(
    session: Reading,
    today: Today,
    on_day: Annotated[
        date | None, Query(alias="on", description="Running on this day; today where none is given")
    ] = None,
) -> dict[str, Any]:
    """Those that run on the day, with parcel, applicant, use and term as they are published, and how many comments came."""
    found = queries.notices_on(session, on_day or today)
    came = queries.comment_totals(session, [notice.id for _, notice in found])
    return {
        "notices": [
            {
                "case": number,
                "first": notice.first.isoformat(),
                "last": notice.last.isoformat(),
                "boundary_hash": notice.boundary_hash,
                "comments": came.get(notice.id, 0),
                **notice.content,
            }
            for number, notice in found
        ]
    }


@router.post(
    "/notices/{number}/comments",
    summary="Comment on a public notice",
    status_code=201,
    responses=refuses(404, 409, 422, 429),
)
@act("notice.comment")
def comment(
    number: str, asked: CommentIn, request: Request, home: TheHouse, session: Writing, works: Working, once: Once
) -> Any:
    """Anybody, on the days on which the notice of this case runs; name and contact are sealed and read by its officers only."""
    home.comments.demand(request.client.host if request.client else "-")
    kept, told = comments.receive(session, number, asked.comment(), works)
    enqueue(session, [told])
    return once.keep({"id": kept.id, "stance": kept.stance, "received_at": kept.recorded_at}, 201)


@router.get("/cases/{number}/comments", summary="Comments on the notice", responses=refuses(401, 403, 404))
@act("case.comments.see")
def see_comments(number: str, session: Reading, works: Working, before: Before = GREATEST_ROW) -> dict[str, Any]:
    """For the officers of the place, newest first, with `counts` of those who object, support, or remark."""
    return comments.comments_view(session, seen(session, number, "case.comments.see", works), works, before)
