"""Passwords: kept as argon2id digests only, and checked in the same time whether or not there is anything to check against."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache
from threading import BoundedSemaphore

from pwdlib import PasswordHash

from data.answers import Refusal

LEAST, MOST = 10, 200
# argon2id takes 64 MiB a time: a crowd at the door must not take the machine's memory.
_ROOM = BoundedSemaphore(4)


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    """The digest that is checked where there is none: nobody knows its password."""
    return _hasher().hash(secrets.token_urlsafe(32))


def digest(password: str) -> str:
    """The digest to keep; refuses a password shorter or longer than the house takes."""
    if not LEAST <= len(_folded(password)) <= MOST:
        raise Refusal("account.password_length", least=LEAST, most=MOST)
    with _ROOM:
        return _hasher().hash(_folded(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether the password is the one that was kept; False, after the same work, where none was."""
    nobodys = _nobodys()
    with _ROOM:
        fits = _hasher().verify(_folded(password), kept or nobodys)
    return fits and kept is not None


def _folded(password: str) -> str:
    """The same password from two keyboards: composed and full-width signs folded."""
    return unicodedata.normalize("NFKC", password)
