"""Which language a reader wants: said in the address, chosen before (a cookie, pages only), or preferred by the browser."""

from __future__ import annotations

from fastapi import Request

from data.messages import Language

COOKIE = "haiyu-lang"


def language_of(request: Request) -> Language:
    """`?lang`, then for pages the cookie, then Accept-Language, then the setting of the house."""
    asked = request.query_params.get("lang")
    if asked is None and not request.url.path.startswith("/api/"):
        asked = request.cookies.get(COOKIE)
    if asked in ("zh", "en"):
        return asked  # type: ignore[return-value]
    return preferred(request.headers.get("accept-language", "")) or request.app.state.house.settings.lang


def preferred(header: str) -> Language | None:
    """The best of zh and en by the weights of an Accept-Language header; None where it names neither.

    >>> preferred("de, en;q=0.7, zh-CN;q=0.9"), preferred("fr"), preferred("en;q=0, zh")
    ('zh', None, 'zh')
    """
    best: tuple[float, Language | None] = (0.0, None)
    for part in header.split(",")[:20]:
        tag, _, rest = part.strip().partition(";")
        name = tag.strip().lower().partition("-")[0]
        try:
            weight = float(rest.partition("=")[2]) if "q" in rest else 1.0
        except ValueError:
            weight = 0.0
        if name in ("zh", "en") and weight > best[0]:
            best = (weight, name)  # type: ignore[assignment]
    return best[1]
