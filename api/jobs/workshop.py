"""What every job works with: one frozen value, built by whoever starts a worker; no job fetches anything by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session, sessionmaker

from api.databases import addresses
from api.mail.posting import Post, post_of
from api.papers.sample_issuer import ensure_sample_issuer
from api.papers.signing import KeyFolder, Signers
from api.settings import Settings
from approvals.cases.store import Works
from data.actors import Actor
from data.overlay import book_in_force
from data.store import engine_for, sessions
from parcels.parties import PartyKeys

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The machine's time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """The settings, a maker of sessions, the time, the keys of sealed texts, the signers of papers, and the way to a mail server."""

    settings: Settings
    sessions: sessionmaker[Session]
    clock: Clock
    keys: PartyKeys
    signers: Signers
    post: Post

    def works(self, session: Session) -> Works:
        """What an act on a case is handed when the system itself does it, now, by the rule book in force."""
        return Works(book=book_in_force(session), keys=self.keys, actor=Actor.machine(), now=self.clock())


@contextmanager
def open_workshop(settings: Settings, clock: Clock = system_clock) -> Iterator[Workshop]:
    """The workshop on the database of the settings, which must be up; its connections are closed at the end."""
    engine = engine_for(addresses(settings).app, pool_size=settings.pool_size, application_name="haiyu-jobs")
    folder = settings.home / "keys"
    keys, signers = PartyKeys.from_file(folder / "parties.key"), KeyFolder(folder)
    maker = sessions(engine)
    try:
        with maker.begin() as session:
            ensure_sample_issuer(session, signers, at=clock())
        yield Workshop(
            settings=settings, sessions=maker, clock=clock, keys=keys, signers=signers, post=post_of(settings)
        )
    finally:
        engine.dispose()
