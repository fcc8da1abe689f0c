"""The register of rights: the only writer of what occupies the sea, through two doors, `grant` and `adopt` (register.md §6).

`grant` lets a case claim, hold and enter its sea after the check was repeated under the locks; `adopt` takes old rights as they
are. Rights end and are followed by new ones; nothing is edited. Every act is one transaction of the caller's: it returns, and
the caller commits; it raises `Refusal`, and nothing was written and nothing stays locked. What must happen later is returned
as `effects`. The database refuses any write that did not take these locks (migration 0001).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import psycopg
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from data.actors import Actor
from data.answers import Refusal
from data.rulebook import RuleBook
from parcels.locks import busy
from parcels.parties import PartyKeys
from parcels.registering.adopting import RunChunk, adopt_chunk
from parcels.registering.ending import end_once, withdraw_once
from parcels.registering.granting import ClaimMoved, grant_once
from parcels.registering.requests import (
    WHOLE_DEPTH,
    Adopted,
    AdoptRequest,
    Band,
    District,
    Ended,
    EndRequest,
    Granted,
    GrantRequest,
    Holder,
    Occupying,
    Share,
    WithdrawRequest,
)

__all__ = [
    "WHOLE_DEPTH",
    "AdoptRequest",
    "Adopted",
    "Band",
    "District",
    "EndRequest",
    "Ended",
    "GrantRequest",
    "Granted",
    "Holder",
    "Occupying",
    "RunChunk",
    "Share",
    "WithdrawRequest",
    "adopt",
    "change_boundary",
    "change_claim",
    "end_right",
    "grant",
    "withdraw_claim",
]

TRIES = 5
Answer = TypeVar("Answer")


def grant(session: Session, request: GrantRequest, *, actor: Actor, book: RuleBook, now: datetime) -> Granted:
    """Let a case claim its sea, hold it by decision, or enter it as a right; raises `Refusal` with the findings where it may not.

    `now` is the request's own time and decides legal days only; what is recorded is the database's clock after the last lock.
    """
    return _act(session, lambda: grant_once(session, request, actor=actor, book=book, now=now))


def change_boundary(session: Session, request: GrantRequest, *, actor: Actor, book: RuleBook, now: datetime) -> Granted:
    """A right's boundary changes in one act: it ends, and a new right on a new parcel with that predecessor follows it.

    `request.changes` names the right. A right without a new list of holders keeps its own.
    """
    if request.changes is None:
        raise ValueError("a changed boundary names the right that it changes")
    return grant(session, replace(request, standing="registered"), actor=actor, book=book, now=now)


def change_claim(session: Session, request: GrantRequest, *, actor: Actor, book: RuleBook, now: datetime) -> Granted:
    """Give a case's claim or approval another boundary (narrowed, or drawn anew and signed again); the check is repeated."""
    if request.standing == "registered":
        raise ValueError("a registered right changes by `change_boundary`")
    return grant(session, replace(request, moves_claim=True), actor=actor, book=book, now=now)


def end_right(session: Session, request: EndRequest, *, actor: Actor, now: datetime) -> Ended:
    """End a right on a day; what it held before that day stays known."""
    return _act(session, lambda: end_once(session, request, actor=actor, now=now))


def withdraw_claim(session: Session, request: WithdrawRequest, *, actor: Actor, now: datetime) -> Ended:
    """End a case's claim or approval without a right (withdrawn, refused, lapsed), and free the sea."""
    return _act(session, lambda: withdraw_once(session, request, actor=actor, now=now))


def adopt(
    session: Session,
    requests: Sequence[AdoptRequest],
    *,
    actor: Actor,
    keys: PartyKeys | None = None,
    run: RunChunk | None = None,
) -> tuple[Adopted, ...]:
    """Take old rights as they are: one exclusive lock and one event for all of them; the administrator's door only.

    Never refuses for overlaps, missing layers or dates, several parts, wrong check digits, codes held twice or an invalid
    ring: these are told as inconsistencies. A request without any usable geometry comes back refused, the others are adopted.
    `keys` encrypt the identifiers of holders and are needed where there are any.
    """
    if not actor.is_administrator:
        raise Refusal("register.administrator_only")
    return _act(session, lambda: adopt_chunk(session, requests, actor=actor, keys=keys, run=run))


def _act(session: Session, once: Callable[[], Answer]) -> Answer:
    """Run an act in a savepoint: a refusal rolls it back and frees its locks; a case that moved meanwhile is looked at again."""
    for _ in range(TRIES):
        try:
            with session.begin_nested():
                return once()
        except ClaimMoved:
            continue
        except (OperationalError, psycopg.OperationalError) as fault:
            raise busy(fault) from fault
    raise Refusal("register.busy", seconds=0)
