"""The routes: health and the JSON interface under /api/v1; those of pages are in `api.portal`. Each route is a few lines; the work is done below."""

from fastapi import APIRouter

from api.routes import (
    accounts,
    authorisations,
    case_files,
    case_forms,
    cases,
    checks,
    clock,
    correspondence,
    documents,
    fees,
    files,
    ground,
    health,
    notices,
    people,
    planning,
    problems,
    register,
    rule_administration,
    rules,
    system,
    zone_layers,
)

API = APIRouter(prefix="/api/v1")
for part in (
    files,
    checks,
    register,
    zone_layers,
    planning,
    ground,
    rules,
    rule_administration,
    fees,
    clock,
    people,
    authorisations,
    accounts,
    cases,
    case_forms,
    case_files,
    correspondence,
    notices,
    documents,
    system,
    problems,
):
    API.include_router(part.router)

ROUTERS = (health.router, API)

__all__ = ["ROUTERS"]
