"""How the installation is, for those who work with it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.deps import Reading, Writing
from api.gates import act
from api.idempotency import Once
from api.jobs.state import queue_state, try_again
from api.schemas.problems import refuses

router = APIRouter(prefix="/system", tags=["system"])


class AgainIn(BaseModel):
    """Which failed jobs shall begin anew; all of them where none is named."""

    model_config = ConfigDict(extra="forbid")
    numbers: list[int] | None = Field(default=None, max_length=1000)


@router.get("/jobs", summary="How many jobs wait, run and have failed", responses=refuses(401, 403))
@act("system.see")
def jobs(session: Reading) -> dict[str, Any]:
    """`oldest_seconds` is how long the oldest that is not begun has been asked for; `workers`, how many give a sign of life."""
    return asdict(queue_state(session))


@router.post("/jobs/again", summary="Let failed jobs begin anew", responses=refuses(401, 403))
@act("system.jobs.again")
def again(asked: AgainIn, session: Writing, once: Once) -> Any:
    """Those that do, by number; a job that had not failed is left alone."""
    return once.keep({"again": try_again(session, asked.numbers)})
