"""Headers with which a stranger's file is handed out: always as a download, never as a page of ours."""

from __future__ import annotations

import re
from urllib.parse import quote

# RFC 5987, attr-char: what stands unescaped in `filename*`.
_ATTR_CHARS = "!#$&+-.^_`|~"
_UNSAFE = re.compile(r'[^\x20-\x7e]|["\\%]')


def download_headers(name: str) -> dict[str, str]:
    """The browser saves the file under its name and does not guess what it could be.

    >>> download_headers("论证.pdf")["Content-Disposition"]
    'attachment; filename="__.pdf"; filename*=UTF-8\\'\\'%E8%AE%BA%E8%AF%81.pdf'
    """
    return {"Content-Disposition": f"attachment; {_named(name)}", "X-Content-Type-Options": "nosniff"}


def shown_headers(name: str) -> dict[str, str]:
    """A picture or text that we made of a file may be shown; it is still no page, and nobody keeps it but the reader."""
    return {
        "Content-Disposition": f"inline; {_named(name)}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }


def _named(name: str) -> str:
    """The name for old readers in ASCII, for all others as it is; nothing in it can end the header."""
    plain = _UNSAFE.sub("_", name) or "file"
    return f"filename=\"{plain}\"; filename*=UTF-8''{quote(name or 'file', safe=_ATTR_CHARS, errors='replace')}"
