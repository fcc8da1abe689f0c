"""How the installation is, for those who work with it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from api.deps import Reading
from api.gates import act
from api.jobs.state import queue_state
from api.schemas.problems import refuses

router = APIRouter(prefix="/system", tags=["system"])


@router.get("/jobs", summary="How many jobs wait, run and have failed", responses=refuses(401, 403))
@act("system.see")
def jobs(session: Reading) -> dict[str, Any]:
    """`oldest_seconds` is how long the oldest that is not begun has been asked for; `workers`, how many give a sign of life."""
    return asdict(queue_state(session))
