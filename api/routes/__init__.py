"""The routes: health, the JSON interface under /api/v1, and the page. Each route is a few lines; the work is done below."""

from fastapi import APIRouter

from api.routes import (
    accounts,
    authorisations,
    checks,
    clock,
    documents,
    fees,
    files,
    ground,
    health,
    home,
    people,
    problems,
    register,
    rules,
    system,
)

API = APIRouter(prefix="/api/v1")
for part in (
    files,
    checks,
    register,
    ground,
    rules,
    fees,
    clock,
    people,
    authorisations,
    accounts,
    documents,
    system,
    problems,
):
    API.include_router(part.router)

ROUTERS = (health.router, API, home.router, documents.page)

__all__ = ["ROUTERS"]
