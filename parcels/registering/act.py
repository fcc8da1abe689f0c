"""One act under its locks, as every step of it sees it, and what its events say alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from data.actors import Actor
from data.events import StreamName
from parcels.queries.register import OpenClaim, StandingRight
from parcels.registering.recheck import Judged
from parcels.registering.requests import GrantRequest
from parcels.registering.rows import days
from parcels.registering.spaces import UnitBand
from parcels.registering.writing import told


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act under its locks: what was asked, by whom, what was found, and what the check said."""

    request: GrantRequest
    actor: Actor
    rules_hash: str
    claim: OpenClaim | None
    rights: Mapping[int, StandingRight]
    rows: tuple[UnitBand, ...]
    closing: tuple[int, ...]
    judged: Judged

    @property
    def case_stream(self) -> StreamName:
        """The stream of the case."""
        return StreamName("case", self.request.case_number)


def said(session: Session, act: Act, opened: list[int], closed: tuple[int, ...] | None = None) -> dict[str, Any]:
    """What every act's event says alike: the boundary by its hash, the rules by theirs, the rows of occupation."""
    return {
        "boundary": act.request.boundary.hash,
        "area_ha": act.request.boundary.area,
        "rules": act.rules_hash,
        "occupation": told(session, opened, act.closing if closed is None else closed),
    }


def predecessor(request: GrantRequest) -> int | None:
    return request.renews if request.renews is not None else request.changes


def term_of(request: GrantRequest) -> Any:
    first, last = request.term or (request.occupying.first, request.occupying.last)
    return days(first, last)
