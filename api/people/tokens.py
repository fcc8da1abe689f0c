"""The token of a session: 256 random bits in a cookie or a bearer header, kept as its SHA-256, and where a request came from."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request, Response

from data.answers import Refusal

COOKIE = "haiyu-session"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True, repr=False)
class Came:
    """The token that a request brought, and whether a browser sent it by itself."""

    token: str
    by_cookie: bool


def new_token() -> str:
    """256 bits, 43 characters that cookies and headers carry as they are."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is kept of a token. It is random, so it needs neither salt nor slowness."""
    return hashlib.sha256(token.encode("ascii")).digest()


def token_of(request: Request) -> Came | None:
    """The token of a request: a bearer header before a cookie. A cookie that no session can have counts as none."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        if not _TOKEN.fullmatch(given.strip()):
            raise Refusal("problems.session_over")
        return Came(given.strip(), by_cookie=False)
    kept = request.cookies.get(COOKIE, "")
    return Came(kept, by_cookie=True) if _TOKEN.fullmatch(kept) else None


def demand_own_origin(request: Request, *, said: bool) -> None:
    """Refuse an unsafe request that a page of another site made a browser send.

    Browsers say where a request comes from (Sec-Fetch-Site, or Origin in old ones). Where neither is said it was no browser:
    taken if `said` is False, refused if the request lives on a cookie and must therefore say it.
    """
    if request.method in SAFE_METHODS:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        own = site in ("same-origin", "none")
    elif origin is not None:
        # The scheme is left out: behind a proxy that speaks TLS for us ours would be another.
        own = urlsplit(origin).netloc == request.headers.get("host")
    else:
        own = not said
    if not own:
        raise Refusal("problems.cross_site")


def set_cookie(response: Response, request: Request, token: str, seconds: int) -> None:
    """Give the browser its session: unreadable to scripts, sent to our own pages only, and only by TLS where we are so reached."""
    response.set_cookie(
        COOKIE, token, max_age=seconds, path="/", httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )


def drop_cookie(response: Response, request: Request) -> None:
    """Take the session from the browser."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict", secure=request.url.scheme == "https")
