"""What every request passes: a request id and one log line, strict security headers with a nonce, and a limit on bodies.

Plain ASGI, because these run on each of thousands of checks a minute.
"""

from __future__ import annotations

import re
import secrets
import time
from typing import Any

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.answers import Refusal

log = structlog.get_logger("haiyu.http")
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

# Nothing but our own address, scripts only by nonce, no inline style attributes, no frames, no plug-ins.
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; font-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class RequestIds:
    """Gives each request an id (or keeps a well-formed one that came), binds it to the log, and logs the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _given_id(scope) or secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.bind_contextvars(request=request_id)
        began, status = time.perf_counter(), 500

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        try:
            await self.app(scope, receive, tell)
        finally:
            log.info(
                "answered",
                method=scope["method"],
                path=scope["path"],
                status=status,
                ms=round((time.perf_counter() - began) * 1000, 1),
            )
            structlog.contextvars.unbind_contextvars("request")


def _given_id(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            given = value.decode("latin-1")
            return given if GIVEN_ID.fullmatch(given) else None
    return None


class SecurityHeaders:
    """Adds the policy; pages get a fresh nonce in `request.state.nonce`, the JSON interface a policy that allows nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_api = scope["path"].startswith("/api/")
        nonce = "" if is_api else secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce

        async def guard(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = API_POLICY if is_api else POLICY.format(nonce=nonce)
                for name, value in HEADERS.items():
                    headers[name] = value
                if "cache-control" not in headers:
                    headers["Cache-Control"] = _caching(scope)
            await send(message)

        await self.app(scope, receive, guard)


def _caching(scope: Scope) -> str:
    """A file named with its digest never changes; another one is asked after by its ETag; answers are not kept."""
    if not scope["path"].startswith("/static/"):
        return "no-store"
    return "public, max-age=31536000, immutable" if scope["query_string"].startswith(b"v=") else "no-cache"


class BodyLimit:
    """Refuses a body over the limit, by its announced length or while it comes, before anything of it is kept."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app, self.limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        came = 0

        async def counted() -> Message:
            nonlocal came
            if announced.isdigit() and int(announced) > self.limit:
                raise _too_large(int(announced), self.limit)
            message: Any = await receive()
            came += len(message.get("body", b""))
            if came > self.limit:
                raise _too_large(came, self.limit)
            return message

        await self.app(scope, counted, send)


def _too_large(came: int, limit: int) -> Refusal:
    return Refusal("problems.too_large", bytes=came, limit=limit)
