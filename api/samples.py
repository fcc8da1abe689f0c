"""The sample world for an embedded register that holds nothing yet; any other register is left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from api.databases import Databases
from api.demo.laying import are_wanted, lay_cases
from api.people import samples
from api.settings import Settings
from data.clock import legal_day
from data.overlay import book_in_force
from data.store import engine_for, sessions
from parcels.parties import PartyKeys
from parcels.samples import world


def lay_sample_world(
    settings: Settings,
    databases: Databases,
    told: Callable[[str], None] = lambda code: None,
    now: datetime | None = None,
) -> bool:
    """Lay it once, its accounts where nobody has one, its cases where there are none; False where the register is not the embedded
    one or held something."""
    if not settings.is_embedded:
        return False
    factory = sessions(engine_for(databases.app, pooled=False))
    with factory() as session:
        book = book_in_force(session)
    keys = PartyKeys.from_file(settings.home / "keys" / "parties.key")
    now = now or datetime.now(UTC)
    laid = world.load(factory, book=book, keys=keys, today=legal_day(now), now=now, told=told)
    with factory.begin() as session:
        # A sample world that was laid before there were accounts gets them too.
        if samples.are_wanted(session):
            told("samples.accounts")
            samples.lay(session, keys=keys, today=first_day(legal_day(now)))
        cases_wanted = laid and are_wanted(session)
    if cases_wanted:
        lay_cases(settings, now, told)
    return laid


def first_day(today: date) -> date:
    """Since when the sample people hold their posts: before the oldest of their cases."""
    return today - timedelta(days=60)
