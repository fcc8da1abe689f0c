"""Locks of the sea: one for the register, one for each cell of a fixed 0.1° grid; taken from geometry alone (register.md §6).

Only transaction-level advisory locks are used: they end with the transaction, whatever becomes of the connection. The
database's own trigger (`occupation_is_locked`) refuses a write that does not hold them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from data.answers import Refusal
from marine.cells import lock_cells

Box = tuple[int, int, int, int]

# The first key of PostgreSQL's two-key advisory locks says of what kind the second is.
REGISTER, CELL = 7_104_001, 7_104_002
MOST_CELLS = 64
BUSY_SECONDS = 5

# SQLSTATE: lock_not_available, deadlock_detected. Acts in the one order cannot deadlock; a stranger's statement could.
_BUSY = frozenset({"55P03", "40P01"})


@dataclass(frozen=True, slots=True)
class Locks:
    """What one act locks: the register exclusively, or shared together with these cells (sorted)."""

    exclusive: bool
    cells: tuple[int, ...] = ()


EXCLUSIVE = Locks(exclusive=True)


def locks_for(boxes: Iterable[Box]) -> Locks:
    """The locks of an act on these boxes (west, south, east, north in milliseconds of arc).

    The mode is decided here, once: more than 64 cells take the register exclusively, for an upgrade later could deadlock.

    >>> locks_for([(439_200_000, 133_200_000, 439_210_000, 133_210_000)]).exclusive
    False
    >>> locks_for([(439_200_000, 133_200_000, 446_400_000, 140_400_000)])
    Locks(exclusive=True, cells=())
    """
    cells: set[int] = set()
    for box in boxes:
        west, south, east, north = box
        # A box of many degrees would list millions of cells only to say that they are too many.
        if (east - west) // 360_000 * ((north - south) // 360_000) > MOST_CELLS:
            return EXCLUSIVE
        cells.update(lock_cells(box))
        if len(cells) > MOST_CELLS:
            return EXCLUSIVE
    return Locks(exclusive=False, cells=tuple(sorted(cells)))


def take(session: Session, locks: Locks) -> None:
    """Take the locks in the one order: the register, then the cells ascending, one call each; `register.busy` after 5 s."""
    try:
        if locks.exclusive:
            session.execute(_EXCLUSIVELY, {"register": REGISTER})
            return
        session.execute(_SHARED, {"register": REGISTER})
        # One call each: a set-returning SELECT with ORDER BY locks before it sorts (measured).
        for cell in locks.cells:
            session.execute(_CELL, {"kind": CELL, "cell": cell})
    except OperationalError as fault:
        raise busy(fault) from fault


def busy(fault: Exception) -> Exception:
    """`register.busy` where a lock was not to be had in time, else the fault itself (SQLAlchemy's or the driver's own)."""
    if getattr(getattr(fault, "orig", fault), "sqlstate", None) in _BUSY:
        return Refusal("register.busy", seconds=BUSY_SECONDS)
    return fault


_EXCLUSIVELY = text("SELECT pg_advisory_xact_lock(:register, 0)")
_SHARED = text("SELECT pg_advisory_xact_lock_shared(:register, 0)")
_CELL = text("SELECT pg_advisory_xact_lock(:kind, :cell)")
