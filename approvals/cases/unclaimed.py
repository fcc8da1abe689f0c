"""Uses of the sea that cases ask for and that hold nothing yet: drafts, and what was handed in but not accepted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from approvals.cases.use import draft_of
from approvals.models import Case
from parcels.models import SeaClaim
from parcels.zone_changes import Use

MOST = 2_000


def uses_not_claimed(session: Session, most: int = MOST) -> list[Use]:
    """The uses of running cases without an open claim, one for each unit; newest cases first where there are more than `most`."""
    claimed = select(SeaClaim.id).where(SeaClaim.case_number == Case.number, func.upper_inf(SeaClaim.known))
    query = (
        select(Case.number, Case.use, Case.received_on, Case.scope_place_id)
        .where(Case.use.is_not(None), Case.ended.is_(None), ~claimed.exists())
        .order_by(Case.id.desc())
        .limit(most)
    )
    return [use for row in session.execute(query) for use in _units(row)]


def _units(row: Any) -> list[Use]:
    draft = draft_of(row.use)
    first, last = draft.held or (None, None)
    return [
        Use(
            kind="draft",
            key=row.number,
            use_type=draft.use_type,
            use_mode=mode,
            first=first,
            until=_after(last),
            shape=unit.to_shapely(),
            facts={
                "area_ha": area,
                "case_number": row.number,
                "scope_place_id": row.scope_place_id,
                "handed_in": row.received_on is not None,
            },
        )
        for unit, mode, area in zip(draft.boundary.units, draft.unit_modes, draft.boundary.unit_areas, strict=False)
    ]


def _after(last: date | None) -> date | None:
    return None if last is None else last + timedelta(days=1)
