"""Eight at once: threads that make themselves ready, wait for each other, and begin at one moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

CLIENTS = 8
# Whoever is not ready by then has failed, and the others must not wait for ever.
READY_SECONDS = 60.0

Brought = TypeVar("Brought")


def together(work: Callable[[int, Callable[[], object]], Brought]) -> tuple[float, list[Brought]]:
    """Let eight threads work; the seconds from their common start to the last one's end, and what each has brought.

    `work` takes the thread's number and `begin`, which it calls when it is ready and which returns at the start.
    """
    started: list[float] = []
    barrier = Barrier(CLIENTS, action=lambda: started.append(time.perf_counter()))

    def begin() -> None:
        barrier.wait(READY_SECONDS)

    with ThreadPoolExecutor(CLIENTS) as pool:
        working = [pool.submit(work, number, begin) for number in range(CLIENTS)]
        brought = [each.result() for each in working]
    return time.perf_counter() - started[0], brought
