"""Working days, asked of the rule book's calendar; the answer is that of `haiyu clock`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.cli.clock import MOST_DAYS, as_json
from api.cli.law import Rules as BookWithSource
from api.cli.output import plain
from api.deps import Rules, Today
from api.gates import act
from api.schemas.problems import refuses
from api.schemas.sheets import Day
from data.rulebook import on
from marine.workdays import run_by_rules

router = APIRouter(tags=["rules"])


@router.get("/clock", summary="When a number of working days ends, day by day", responses=refuses())
@act("clock.ask")
def clock(
    rules: Rules,
    today: Today,
    start: Annotated[
        Day, Query(alias="from", description="The starting day; it is not counted", examples=["2026-09-24"])
    ],
    days: Annotated[int, Query(ge=0, le=MOST_DAYS, examples=[8])],
) -> Any:
    """`finish` is null where the holiday table of a year is missing; `provisional_finish` then goes by weekends and fixed days."""
    inquiry = rules.inquire(dates=on(start), today=today)
    return JSONResponse(plain(as_json(run_by_rules(inquiry, start, days), BookWithSource(rules, "database"))))
