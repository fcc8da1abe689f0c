"""Work that brings an event loop of its own, done in a thread of its own: whoever calls may have a loop already."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def apart(work: Callable[[], Result]) -> Result:
    """What the work gives or raises. pyHanko calls `asyncio.run`, which refuses where a loop is running.

    >>> apart(lambda: 1 + 1)
    2
    """
    with ThreadPoolExecutor(1, thread_name_prefix="haiyu-apart") as alone:
        return alone.submit(work).result()
