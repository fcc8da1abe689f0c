"""What a route receives: a session to read or to write, who asks, in which language, the rule book, and the time.

`Writing` commits before the answer is sent (scope "function"): otherwise a commit that fails would follow a 201 that promised.
What only looks something up is `async def`: a plain `def` is sent through a thread, which costs more than the look.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from time import monotonic
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from api.languages import language_of
from api.limits import Buckets
from api.papers.sample_issuer import BuiltinIssuer
from api.people.sessions import Lifetime, SignedIn, signed_in
from api.people.signing_in import Door
from api.people.tokens import demand_own_origin, token_of
from api.settings import Settings
from data.actors import Actor
from data.answers import Refusal
from data.clock import legal_day
from data.messages import Language
from data.overlay import book_in_force
from data.rulebook import RuleBook, packaged
from parcels.parties import PartyKeys

# An administrator's entry in the rule book reaches every server process within this time; acts read it under their locks.
# A header of requests that a page makes by itself, with nobody there.
UNASKED = "Haiyu-Unasked"
BOOK_SECONDS = 10.0


class KeptBook:
    """The rule book in force, read again after `BOOK_SECONDS` or when it has expired; the packaged one until the database has
    answered once."""

    def __init__(self, maker: sessionmaker[Session]) -> None:
        self._maker, self._book, self._read = maker, packaged(), -BOOK_SECONDS
        self._lock = Lock()
        # A new object at each expiry; the book that is held was read under the one in `_seen`.
        self._expiry = self._seen = object()

    @property
    def latest(self) -> RuleBook | None:
        """The book as it was read last; None when it is time to read it again."""
        fresh = self._seen is self._expiry and monotonic() - self._read < BOOK_SECONDS
        return self._book if fresh else None

    def expire(self) -> None:
        """Let no request of this process go on with the book that is held: an administrator has changed it, and committed."""
        self._expiry = object()

    def now(self) -> RuleBook:
        """The book; one request at a time reads it again, the others go on with the one they have unless it has expired."""
        if self.latest is None and self._lock.acquire(blocking=self._seen is not self._expiry):
            try:
                # Whoever waited finds it read already; an expiry while it is read makes it be read once more, its age does not.
                if self.latest is None:
                    self._read_again()
                while self._seen is not self._expiry:
                    self._read_again()
            finally:
                self._lock.release()
        return self._book

    def _read_again(self) -> None:
        seen = self._expiry
        with self._maker() as session:
            self._book = book_in_force(session)
        self._read, self._seen = monotonic(), seen


@dataclass(slots=True)
class House:
    """What `create_app` builds once and every request shares.

    `samples_allowed` is a decision about sample accounts that whoever built the application took; None leaves it to the settings.
    """

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    book: KeptBook
    buckets: Buckets
    sign_ins: Buckets
    comments: Buckets
    keys: PartyKeys
    samples_allowed: bool | None
    issuer: BuiltinIssuer
    pages: Any
    clock: Any

    @property
    def door(self) -> Door:
        """What a sign-in needs of the house."""
        return Door.of(self.settings, self.sessions, self.keys)


async def house(request: Request) -> House:
    """The house of this application."""
    return request.app.state.house


TheHouse = Annotated[House, Depends(house)]


def reading(home: TheHouse) -> Iterator[Session]:
    """A session that may not write; a transaction that raises is rolled back."""
    with home.sessions() as session:
        session.connection(execution_options={"postgresql_readonly": True})
        yield session
        # There is nothing to commit, but after a ROLLBACK the driver forgets all prepared statements, and the next request would
        # prepare and plan every query anew.
        session.commit()


def writing(home: TheHouse) -> Iterator[Session]:
    """One request, one transaction: returning commits, raising rolls back."""
    with home.sessions.begin() as session:
        yield session


# The number of a row, as PostgreSQL can hold it.
GREATEST_ROW = 2**63 - 1
RowId = Annotated[int, Path(ge=1, le=GREATEST_ROW)]
# Where a list that is told newest first goes on.
Before = Annotated[int, Query(ge=1, le=GREATEST_ROW, description="`next` of the page before")]
Reading = Annotated[Session, Depends(reading, scope="function")]
Writing = Annotated[Session, Depends(writing, scope="function")]


async def whoever(request: Request, home: TheHouse) -> SignedIn | None:
    """Who is signed in, if anybody: without a token the answer is None and no database is asked.

    A request that lives on a cookie must come from our own pages. A cookie that no longer stands counts as none, so that pages for
    everyone still open; a bearer token that no longer stands is refused, for its machine would take the public's answer for its own.
    """
    came = token_of(request)
    if came is None:
        return None
    if came.by_cookie:
        demand_own_origin(request, said=True)
    life = Lifetime.of(home.settings)
    # Such a request keeps no session from its idle end.
    renew = UNASKED not in request.headers
    found = await run_in_threadpool(signed_in, home.sessions, came.token, now=home.clock(), life=life, renew=renew)
    if found is None and not came.by_cookie:
        raise Refusal("problems.session_over")
    return found


Whoever = Annotated[SignedIn | None, Depends(whoever)]


async def asker(who: Whoever) -> Actor:
    """Who asks: the person signed in with posts and parties of this day, else the public."""
    return Actor.public() if who is None else who.actor


Asker = Annotated[Actor, Depends(asker)]


async def somebody(who: Whoever) -> SignedIn:
    """Who is signed in; refused where nobody is."""
    if who is None:
        raise Refusal("problems.sign_in")
    return who


Somebody = Annotated[SignedIn, Depends(somebody)]


async def language(request: Request) -> Language:
    """The language of the answer."""
    return language_of(request)


Lang = Annotated[Language, Depends(language)]


async def rules(home: TheHouse) -> RuleBook:
    """The rule book in force in this process."""
    latest = home.book.latest
    return latest if latest is not None else await run_in_threadpool(home.book.now)


Rules = Annotated[RuleBook, Depends(rules)]


async def now(home: TheHouse) -> datetime:
    """The instant of the request."""
    return home.clock()


Now = Annotated[datetime, Depends(now)]


async def today(instant: Now) -> date:
    """The legal day of the request, Asia/Shanghai."""
    return legal_day(instant)


Today = Annotated[date, Depends(today)]


async def counted(request: Request, home: TheHouse) -> None:
    """Takes one of the anonymous asker's checks, or refuses with the time to wait."""
    home.buckets.demand(request.client.host if request.client else "-")


Counted = Depends(counted)
