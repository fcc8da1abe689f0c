"""Whether sample accounts may be signed in to here: they need no password, so only where nobody else can come in."""

from __future__ import annotations

from fastapi import Request

from api.deps import House
from api.people import signing_in

# What a proxy adds: through one, a request that seems to come from this machine may come from anywhere.
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


def samples_offered(home: House, request: Request) -> bool:
    """True for the house's own decision, else where the settings are safe and the request came straight from this machine."""
    if home.samples_allowed is not None:
        return home.samples_allowed
    straight = request.url.hostname in LOCAL_HOSTS and not any(name in request.headers for name in FORWARDED)
    return signing_in.samples_are_safe(home.settings) and straight
