"""`create_app(settings)` builds the whole application; nothing is read from the environment while modules are imported."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI
from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import idempotency, portal, problems, routes
from api.databases import addresses
from api.deps import House, KeptBook
from api.gates import check_acts, gate
from api.limits import Buckets
from api.logs import configure_logs
from api.middleware import BodyLimit, RequestIds, SecurityHeaders
from api.pages import Pages
from api.papers.sample_issuer import BuiltinIssuer
from api.schemas.problems import Problem
from api.settings import Settings
from data.store import engine_for, sessions
from parcels.parties import PartyKeys

STATIC = Path(__file__).parent / "static"
DESCRIPTION = """Sea-use rights: read a parcel file, check it against the register, plans and law, ask the register and the rules.

Coordinates are CGCS2000, longitude before latitude; whole milliseconds of arc (`…_ms`) are exact. Days are both included.
Say the language with `Accept-Language` or `?lang=zh|en`. Refusals are `application/problem+json` with a stable `code`."""


def create_app(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    samples_allowed: bool | None = None,
) -> FastAPI:
    """The application on the database that the settings name; the database must be up and migrated (`haiyu serve` sees to it).

    `samples_allowed` decides about sample accounts in place of the settings; only tests and the demonstration give it.
    """
    configure_logs(settings)
    address = addresses(settings).app
    engine = engine_for(address, pool_size=settings.pool_size, application_name="haiyu-http", generic_plans=True)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        # With the database away the server starts all the same and says so at /readyz, which does this too.
        with suppress(OperationalError):
            await run_in_threadpool(app.state.house.issuer.ensure)
        yield
        engine.dispose()

    app = FastAPI(
        title="haiyu 海域",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=life,
        # Before all other dependencies, so that nobody is given a database connection who is turned away.
        dependencies=[Depends(gate)],
    )
    maker = sessions(engine)
    app.state.house = House(
        settings=settings,
        engine=engine,
        sessions=maker,
        book=KeptBook(maker),
        buckets=Buckets(settings.checks_per_minute),
        sign_ins=Buckets(settings.sign_ins_per_minute, code="problems.too_many_sign_ins"),
        comments=Buckets(settings.comments_per_minute, code="problems.too_many_comments"),
        keys=PartyKeys.from_file(settings.home / "keys" / "parties.key"),
        samples_allowed=samples_allowed,
        issuer=BuiltinIssuer(maker, settings.home / "keys", clock),
        pages=Pages(STATIC, vendor_folder(settings)),
        clock=clock,
    )
    for router in (*routes.ROUTERS, *portal.ROUTERS):
        app.include_router(router)
    check_acts(app)
    app.mount("/static/vendor", StaticFiles(directory=vendor_folder(settings)), name="vendor")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    problems.install(app)
    idempotency.install(app)
    # The last one added is the first one passed. Pages hold no secret that stays, so compressing them beside typed words tells nothing.
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5)
    app.add_middleware(FaultAnswers)
    app.add_middleware(BodyLimit, limit=settings.upload_max_bytes)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestIds)
    _describe(app)
    return app


def vendor_folder(settings: Settings) -> Path:
    """Where set-up put the browser libraries (.ci/static.py)."""
    return settings.home / "static" / "vendor"


class FaultAnswers:
    """Answers what nobody foresaw inside the other middleware, so that a 500 too has its headers, its id and its log line."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as fault:
            if started:
                raise
            await problems.of_fault(Request(scope), fault)(scope, receive, send)


def _describe(app: FastAPI) -> None:
    """OpenAPI with the shape of refusals in it, in place of FastAPI's own validation error."""
    build = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schemas = build().setdefault("components", {}).setdefault("schemas", {})
            schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(schemas["Problem"].pop("$defs", {}))
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
