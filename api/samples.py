"""The sample world for an embedded register that holds nothing yet; any other register is left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from api.databases import Databases
from api.people import samples
from api.settings import Settings
from data.clock import legal_day
from data.overlay import book_in_force
from data.store import engine_for, sessions
from parcels.parties import PartyKeys
from parcels.samples import world


def lay_sample_world(settings: Settings, databases: Databases, told: Callable[[str], None] = lambda code: None) -> bool:
    """Lay it once, and its accounts where nobody has one; False where the register is not the embedded one or held something."""
    if not settings.is_embedded:
        return False
    factory = sessions(engine_for(databases.app, pooled=False))
    with factory() as session:
        book = book_in_force(session)
    keys = PartyKeys.from_file(settings.home / "keys" / "parties.key")
    now = datetime.now(UTC)
    laid = world.load(factory, book=book, keys=keys, today=legal_day(now), now=now, told=told)
    with factory.begin() as session:
        # A sample world that was laid before there were accounts gets them too.
        if samples.are_wanted(session):
            told("samples.accounts")
            samples.lay(session, keys=keys, today=legal_day(now))
    return laid
