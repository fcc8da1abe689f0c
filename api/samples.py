"""The sample world for an embedded register that holds nothing yet; any other register is left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from structlog import get_logger

from api.databases import Databases
from api.demo.laying import are_wanted, lay_cases
from api.people import samples
from api.settings import Settings
from data.clock import legal_day
from data.overlay import book_in_force
from data.prepare import APP, READ
from data.store import engine_for, sessions
from data.whole import in_a_copy
from parcels.parties import PartyKeys
from parcels.samples import world

log = get_logger("haiyu.samples")
# A laying that was broken off is begun anew within so many days; an older sample world is left as it is.
SOON = timedelta(days=2)


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
    today = legal_day(now)
    laid = world.load(factory, book=book, keys=keys, today=today, now=now, told=told)
    with factory.begin() as session:
        # A sample world that was laid before there were accounts gets them too.
        if samples.are_wanted(session):
            told("samples.accounts")
            samples.lay(session, keys=keys, today=first_day(today))
    with factory() as session:
        since = samples.posts_since(session)
        cases_wanted = since is not None and since >= first_day(today) - SOON and are_wanted(session, today)
    if cases_wanted:
        _lay_cases(settings, now, told)
    return laid


def first_day(today: date) -> date:
    """Since when the sample people hold their posts: before the oldest of their cases."""
    return today - timedelta(days=60)


def _lay_cases(settings: Settings, now: datetime, told: Callable[[str], None]) -> None:
    """All cases or none. Samples that cannot be laid do not keep the register from being served; the log says why."""
    cluster = settings.cluster
    try:
        with in_a_copy(cluster) as copy:
            own = {"database_url": cluster.url(APP, copy), "database_read_url": cluster.url(READ, copy)}
            lay_cases(settings.model_copy(update=own), now, told)
    except Exception:
        log.exception("samples.cases_failed")
        told("samples.cases_failed")
