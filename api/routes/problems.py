"""What a problem's `type` points to: the texts of its code."""

from __future__ import annotations

from fastapi import APIRouter

from api.gates import act
from api.problems import status_for
from api.schemas.problems import refuses
from data.answers import Refusal
from data.messages import catalogue, has

router = APIRouter(prefix="/problems", tags=["problems"])


@router.get("/{code}", summary="What a problem code means", responses=refuses(404))
@act("problem.see")
def problem_type(code: str) -> dict[str, object]:
    """The templates of title and detail in both languages, and the status."""
    if not has(code):
        raise Refusal("problems.not_found", path=f"/api/v1/problems/{code}")
    parts = {"title": code, "detail": f"{code}.detail", "mend": f"{code}.mend"}
    return {
        "code": code,
        "status": status_for(code),
        "texts": {name: dict(catalogue()[each]) for name, each in parts.items() if has(each)},
    }
