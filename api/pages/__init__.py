"""Server-side pages: Jinja templates with the words of the catalogue, one nonce per answer, and addresses of static files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.languages import COOKIE, language_of
from api.pages import words
from data.messages import catalogue, text

FOLDER = Path(__file__).parent
YEAR_SECONDS = 31_536_000


class Pages:
    """Renders templates; `vendor` is the folder of browser libraries that set-up copied."""

    def __init__(self, static: Path, vendor: Path) -> None:
        self.folders = {"": static, "vendor/": vendor}
        self.environment = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        words.install(self.environment)

    def static(self, path: str) -> str:
        """The address of a static file, with a piece of its digest so that a new version is fetched at once."""
        beginning = "vendor/" if path.startswith("vendor/") else ""
        file = self.folders[beginning] / path.removeprefix(beginning)
        return f"/static/{path}?v={_digest(file, file.stat().st_mtime_ns)}"

    def answer(
        self,
        request: Request,
        template: str,
        values: Mapping[str, Any],
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """One page in the reader's language; a language given in the address is remembered."""
        lang = language_of(request)

        def here(other: str) -> str:
            kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
            return f"{request.url.path}?{urlencode([*kept, ('lang', other)])}"

        told = self.environment.get_template(template).render(
            lang=lang,
            nonce=request.state.nonce,
            static=self.static,
            here=here,
            t=lambda code, **facts: text(code, lang, **facts),
            **values,
        )
        response = HTMLResponse(
            told,
            status,
            {
                "Cache-Control": "no-store",
                "Vary": "Accept-Language, Cookie",
                "Content-Language": lang,
                **(headers or {}),
            },
        )
        if request.query_params.get("lang") in ("zh", "en"):
            response.set_cookie(COOKIE, lang, max_age=YEAR_SECONDS, httponly=True, samesite="lax")
        return response


@lru_cache(maxsize=256)
def _digest(file: Path, changed: int) -> str:
    """Keyed by the time of change, so that an edited file has a new address."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]


@lru_cache(maxsize=256)
def texts_under(lang: str, beginnings: tuple[str, ...]) -> Mapping[str, str]:
    """The words that a page's scripts say, as templates: all codes with one of the beginnings."""
    return {code: texts[lang] for code, texts in catalogue().items() if code.startswith(beginnings)}
