"""Gathers the warnings that a library gives while it reads, instead of letting them pass or fail the reading."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

# Catching warnings changes a setting of the whole process, so only one thread may do it at a time.
_ONE_AT_A_TIME = threading.RLock()


@contextmanager
def gathered() -> Iterator[list[warnings.WarningMessage]]:
    """A block whose warnings end up in the list that it is given.

    >>> with gathered() as told:
    ...     warnings.warn("odd", stacklevel=1)
    >>> [str(warning.message) for warning in told]
    ['odd']
    """
    with _ONE_AT_A_TIME, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield caught
