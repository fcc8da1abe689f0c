"""The sea-use fee, asked of the rule book; the answer is that of `haiyu fee`."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.cli.fee import as_json
from api.cli.law import Rules as BookWithSource
from api.cli.output import plain
from api.deps import Rules, Today
from api.gates import act
from api.routes.rules import chain_of
from api.schemas.problems import refuses
from api.schemas.sheets import FeeIn
from data.rulebook import on
from marine.fees import FeeUnit, fee

router = APIRouter(tags=["rules"])


@router.post("/fees", summary="What a use costs, line by line with its basis", responses=refuses())
@act("fee.ask")
def fees(asked: FeeIn, rules: Rules, today: Today) -> Any:
    """`total_yuan` is null while a rate or grade is missing; `missing` names it."""
    chain = chain_of(rules, asked.place, asked.start)
    units = [FeeUnit(unit.mode, unit.hectares, fee_mode=unit.fee_mode) for unit in asked.units]
    inquiry = rules.inquire(dates=on(asked.start), place=chain, today=today)
    sheet = fee(units, chain[-1], asked.start, inquiry=inquiry, years=asked.years, end=asked.end, grade=asked.grade)
    return JSONResponse(plain(as_json(sheet, BookWithSource(rules, "database"), asked.place, chain[-1])))
