"""From settings to a database that is up, prepared and at the head of the migrations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine, MetaData
from sqlalchemy.exc import OperationalError

from api.settings import Settings
from data.answers import Refusal
from data.migrate import current, head, upgrade
from data.prepare import APP, OWNER, READ, Lack, lacks, prepare_embedded
from data.store import engine_for

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Databases:
    """The addresses of one database for its three logins."""

    owner: str
    app: str
    read: str

    def of(self, login: str) -> str:
        """The address for `owner`, `app` or `read`."""
        return {"owner": self.owner, "app": self.app, "read": self.read}[login]


def addresses(settings: Settings) -> Databases:
    """The addresses as set, or those of the embedded cluster (which must have been started once)."""
    if settings.database_url is not None:
        app = settings.database_url
        return Databases(settings.database_owner_url or app, app, settings.database_read_url or app)
    cluster = settings.cluster
    return Databases(cluster.url(OWNER), cluster.url(APP), cluster.url(READ))


def open_databases(settings: Settings, metadata: MetaData, told: Told = lambda code: None) -> Databases:
    """A database ready for work: the embedded one is started, prepared and migrated when it needs it; another must be ready.

    `told` hears the message code of each step that takes longer than a moment.
    """
    if settings.is_embedded:
        if settings.cluster.status().state != "running":
            told("ground.starting")
        settings.cluster.start()
    found = addresses(settings)
    if schema_revision(found) == head():
        return found
    if not settings.is_embedded:
        raise Refusal("ground.schema_behind", found=schema_revision(found) or "-", wanted=head() or "-")
    prepare(settings, metadata, told)
    return addresses(settings)


def prepare(settings: Settings, metadata: MetaData, told: Told = lambda code: None) -> list[Lack]:
    """Make roles and extensions (embedded) or verify them (elsewhere), then migrate; returns what an administrator must mend."""
    if settings.is_embedded:
        settings.cluster.start()
        told("ground.preparing")
        prepare_embedded(settings.cluster)
    found = addresses(settings)
    missing = lacks(lambda login: engine_for(found.of(login), pooled=False))
    if not missing:
        told("ground.migrating")
        upgrade(found.owner, metadata)
    return missing


def schema_revision(found: Databases) -> str | None:
    """The revision of the database; None where it is empty or not there yet."""
    engine: Engine = engine_for(found.app, pooled=False)
    try:
        with engine.connect() as connection:
            return current(connection)
    except OperationalError:
        return None
