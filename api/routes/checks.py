"""The check: a pure question; nothing is stored."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.deps import Asker, Counted, Lang, Reading, Rules, Today
from api.gates import act
from api.schemas.checks import CheckIn
from api.schemas.problems import refuses
from parcels import checks

router = APIRouter(tags=["check"])


@router.post(
    "/checks", summary="Does this use of the sea fit, and why", responses=refuses(413, 429), dependencies=[Counted]
)
@act("check.ask")
def check(asked: CheckIn, session: Reading, by: Asker, rules: Rules, lang: Lang, today: Today) -> Any:
    """Judged against registered rights, claims, zones, shoreline, sea limits and law, as far as the asker may see them."""
    report = checks.check(session, asked.draft(rules), asker=by, book=rules, today=today)
    # Already plain values: the encoder's walk over thousands of coordinates would cost more than the check.
    return JSONResponse(checks.as_json(report, lang))
