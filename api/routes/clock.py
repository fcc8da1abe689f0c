"""Working days, asked of the rule book's calendar."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.deps import Lang, Rules, Today
from api.schemas.problems import refuses
from api.schemas.sheets import clock_run
from data.rulebook import on
from marine.workdays import run_by_rules

router = APIRouter(tags=["rules"])


@router.get("/clock", summary="When a number of working days ends, day by day", responses=refuses())
def clock(
    rules: Rules,
    lang: Lang,
    today: Today,
    start: Annotated[date, Query(alias="from", description="The starting day; it is not counted", examples=["2026-09-24"])],
    days: Annotated[int, Query(ge=0, le=500, examples=[8])],
) -> dict[str, Any]:
    """`finish` is null where the holiday table of a year is missing; `provisional_finish` then goes by weekends and fixed days."""
    inquiry = rules.inquire(dates=on(start), today=today)
    return clock_run(run_by_rules(inquiry, start, days), lang, rules.hash)
