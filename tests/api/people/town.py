"""The small world with people in it: a second county, the sample parties, and the sample accounts with posts, authorisations and profiles."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.people import samples
from api.settings import Settings
from data.actors import Actor
from parcels.parties import NewParty, PartyKeys, enter_party
from parcels.samples.people import PARTIES
from tests.api import world
from tests.support.databases import Database

DAY = date(2026, 11, 23)
OYSTER, SEAFOOD, COOPERATIVE, VILLAGE, PERSON, SHIPYARD = range(6)


def keys() -> PartyKeys:
    """The keys of the application under test: those of its home."""
    return PartyKeys.from_file(Settings.model_fields["home"].default / "keys" / "parties.key")


def lay(database: Database) -> None:
    """Everything, committed, in a fresh database."""
    with database.sessions("owner").begin() as session:
        places(session)
    with database.sessions().begin() as session:
        world.build(session)
        people(session)


def places(session: Session) -> None:
    """Weihai with Rongcheng and Rushan; each place bears the code that the rule book knows."""
    world.place(session)
    session.execute(
        text("""
        WITH wh AS (SELECT id FROM place WHERE name_en = 'Weihai'),
             rs AS (INSERT INTO place (kind, name_zh, name_en, parent_id) SELECT 'county', '乳山市', 'Rushan', id FROM wh RETURNING id),
             codes AS (INSERT INTO place_code (place_id, scheme, code, valid)
                       SELECT id, 'administrative', '371083', daterange(NULL, NULL) FROM rs
                       UNION ALL SELECT id, 'administrative', '371000', daterange(NULL, NULL) FROM wh),
             sea AS (INSERT INTO place_area (place_id, valid, source, mark, accuracy_m, geom)
                     SELECT id, daterange(NULL, NULL), 'test', 'sample', 0.1, ST_Multi(ST_MakeEnvelope(121.4, 36.6, 122.0, 37.0, 4490)) FROM rs RETURNING id, geom)
        INSERT INTO place_area_part (area_id, geom) SELECT id, (ST_Dump(geom)).geom FROM sea
        """)
    )


def people(session: Session) -> None:
    """The sample parties, and the sample accounts as `haiyu serve` lays them."""
    for sample in PARTIES:
        party = NewParty(
            name=sample.zh, kind=sample.kind, scheme=sample.scheme, number=samples.number_of(sample), mark="sample"
        )
        enter_party(session, party, actor=Actor.administrator(), keys=keys())
    samples.lay(session, keys=keys(), today=DAY)


def place_id(session: Session, code: str) -> int:
    """The place with a code."""
    return int(session.execute(text("SELECT place_id FROM place_code WHERE code = :code"), {"code": code}).scalar_one())


def party_id(session: Session, number: int) -> int:
    """A sample party by its number in `PARTIES`."""
    named = text("SELECT party_id FROM party_name WHERE name = :name")
    return int(session.execute(named, {"name": PARTIES[number].zh}).scalar_one())
