"""What is the same for everybody and dear to make, made once a minute: a register of a million is not counted for every visit."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy.orm import Session

KEPT_SECONDS = 60.0
# More are not kept at a time; the oldest goes first.
MOST_KEPT = 200
Kept = TypeVar("Kept")
_kept: dict[str, tuple[float, Any]] = {}


def _always(_: Any) -> bool:
    return True


def once_a_minute(
    session: Session, name: str, make: Callable[[], Kept], *, worth: Callable[[Kept], bool] = _always
) -> Kept:
    """What was made under this name at most a minute ago, for this database; made now and kept, if worth it, where it is older.

    The name tells all that the thing depends on: language, day, box, and whoever may see more than others.
    """
    name = f"{name}|{session.get_bind().engine.url}"
    at, made = _kept.get(name, (-KEPT_SECONDS, None))
    if monotonic() - at < KEPT_SECONDS:
        return made
    found = make()
    if worth(found):
        _kept[name] = (monotonic(), found)
        _forget()
    return found


def _forget() -> None:
    """Forget what is too old, and the oldest of too many; another thread may have done so already."""
    now = monotonic()
    by_age = sorted(_kept.items(), key=lambda each: each[1][0])
    for count, (name, (at, _)) in enumerate(by_age):
        if now - at >= KEPT_SECONDS or len(by_age) - count > MOST_KEPT:
            _kept.pop(name, None)
