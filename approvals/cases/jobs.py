"""Effects as the jobs that they become: each with what its job must know of the case and of the act that asked for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from approvals.cases.store import Opened
from approvals.effects import Effect

RATING = "rating"


def job_of(case: Opened, effect: Effect, act: str) -> Effect:
    """The effect with its facts; the case's version makes the messages of one act one of a kind."""
    told: dict[str, Any] = {"case": case.number, "seq": case.row.version}
    if effect.kind == "notify":
        told |= {"addressee": effect.of, "code": act}
    if effect.kind == "invite_rating":
        told |= {"addressee": "applicant", "code": RATING}
    return replace(effect, facts={**effect.facts, **told})
