"""Limits on what one address may ask for: a bucket of tokens for each, kept by each server process."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from data.answers import Refusal

ADDRESSES_KEPT = 10_000


class Buckets:
    """At most `per_minute` takings from each address, in bursts of as many; 0 means no limit.

    >>> now = [0.0]
    >>> buckets = Buckets(2, clock=lambda: now[0])
    >>> buckets.take("a"), buckets.take("a"), buckets.wait("a")
    (True, True, 30)
    >>> now[0] = 30.0
    >>> buckets.take("a"), buckets.take("b")
    (True, True)
    """

    def __init__(
        self, per_minute: int, *, code: str = "problems.too_many", clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.per_minute, self._code, self._clock = per_minute, code, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, address: str) -> bool:
        """Take one token; False when none is left."""
        if not self.per_minute:
            return True
        with self._lock:
            left = self._now(address)
            self._left[address] = (left - 1 if left >= 1 else left, self._clock())
            self._left.move_to_end(address)
            if len(self._left) > ADDRESSES_KEPT:
                self._left.popitem(last=False)
            return left >= 1

    def wait(self, address: str) -> int:
        """Whole seconds until a token is there again."""
        with self._lock:
            return max(1, math.ceil((1 - self._now(address)) * 60 / self.per_minute))

    def _now(self, address: str) -> float:
        left, since = self._left.get(address, (float(self.per_minute), self._clock()))
        return min(float(self.per_minute), left + (self._clock() - since) * self.per_minute / 60)

    def demand(self, address: str) -> None:
        """Take one token or raise the refusal that says when to come back."""
        if not self.take(address):
            raise Refusal(self._code, limit=self.per_minute, seconds=self.wait(address))
