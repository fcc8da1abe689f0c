"""Logins: how they are written, and what may be one."""

from __future__ import annotations

import re
import unicodedata

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{2,63}")


def folded(login: str) -> str:
    """A login as it is compared: full-width signs folded, no spaces around, small letters.

    >>> folded(" Zhang.Li ")
    'zhang.li'
    """
    return unicodedata.normalize("NFKC", login).strip().lower()


def is_login(login: str) -> bool:
    """Whether a folded login may be borne: 3 to 64 of a–z, 0–9 and . _ @ + -, so that mail addresses and telephones fit.

    >>> is_login("zhang.li"), is_login("13800000000"), is_login("张示例"), is_login("a")
    (True, True, False, False)
    """
    return _LOGIN.fullmatch(login) is not None
