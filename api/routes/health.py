"""Is the process alive, and can it serve."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import text

from api.deps import Reading, Rules, TheHouse
from api.gates import act

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="The process is alive")
@act("health.see")
def healthz() -> dict[str, str]:
    """Answers without touching anything."""
    return {"status": "alive"}


@router.get("/readyz", summary="The database answers, the rule book is loaded, papers can be issued")
@act("health.see")
def readyz(session: Reading, rules: Rules, home: TheHouse) -> dict[str, str]:
    """Asks the database one question; a refusal with 503 says it is away."""
    session.execute(text("SELECT 1"))
    home.issuer.ensure()
    return {"status": "ready", "rules": rules.hash}
