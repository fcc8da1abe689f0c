"""A small register for the tests of the doors: three rafts, a pending claim nobody may trace, a public and a hidden zone, land, a place."""

from __future__ import annotations

from datetime import date
from typing import Any

import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from data.actors import Actor
from marine.spaces import Layer
from parcels import publishing, register
from parcels.registering.requests import AdoptRequest

ADMINISTRATOR = Actor.administrator()
# The parcel of the interface guide's mock-up (122°30′29.645″, 37°07′05.515″ …), counter-clockwise.
DRAFT = ((441029645, 133625515), (441049457, 133628885), (441049875, 133633864), (441045936, 133641220), (441026362, 133637890))  # fmt: skip
WEST, SOUTH = 441026362, 133625515
# Its eastern neighbour overlaps it by the whole strip east of this longitude.
CUT = 441044000


def box(west: int, south: int, east: int, north: int) -> Any:
    """A rectangle in milliseconds of arc."""
    return shapely.box(west, south, east, north)


def rights() -> list[AdoptRequest]:
    """Rafts east of the draft (overlapping), west of it (apart), and one that ended long ago."""
    shared = {"use_type": "13", "use_mode": "41", "layers": int(Layer.SURFACE | Layer.WATER_COLUMN), "mark": "sample"}
    east, west, old = box(CUT, SOUTH, CUT + 40_000, SOUTH + 20_000), box(WEST - 60_000, SOUTH, WEST - 20_000, SOUTH + 20_000), box(CUT, SOUTH + 60_000, CUT + 40_000, SOUTH + 80_000)  # fmt: skip
    return [
        AdoptRequest(geometry=east, key=1, first=date(2020, 1, 1), last=date(2034, 12, 31), identifiers=(("old", "HAIYU-EAST"),), **shared),
        AdoptRequest(geometry=west, key=2, first=date(2020, 1, 1), last=date(2034, 12, 31), identifiers=(("old", "HAIYU-WEST"),), **shared),
        AdoptRequest(geometry=old, key=3, first=date(2001, 1, 1), last=date(2005, 12, 31), identifiers=(("old", "HAIYU-OLD"),), **shared),
    ]  # fmt: skip


def publish(
    session: Session, code: str, kind: str, zones: list[publishing.ZoneDraft], disclosure: str = "public"
) -> None:
    """One layer with one published version."""
    layer = publishing.layer_of(
        session,
        publishing.LayerDraft(
            code=code, kind=kind, name_zh=f"{code}图层", name_en=f"{code} layer", disclosure=disclosure
        ),
    )
    version = publishing.lay_down(
        session, layer, source="test", valid=(date(2020, 1, 1), None), actor=ADMINISTRATOR, proposed_by="one"
    )
    publishing.add_zones(session, version, zones)
    publishing.publish(session, version, approved_by="another", actor=ADMINISTRATOR)


def build(session: Session) -> None:
    """Write the world through the register's own doors."""
    adopted = register.adopt(session, rights(), actor=ADMINISTRATOR)
    assert [each.refusal for each in adopted] == [None, None, None]
    around = box(WEST - 400_000, SOUTH - 400_000, WEST + 400_000, SOUTH + 400_000)
    publish(
        session,
        "planning",
        "zones",
        [
            publishing.ZoneDraft(
                identity="P1", name_zh="渔业区<b>", name_en="Fishery zone<b>", effect="inform", geometry=around
            )
        ],
    )
    hidden = box(WEST + 200_000, SOUTH + 200_000, WEST + 240_000, SOUTH + 240_000)
    publish(
        session,
        "hidden",
        "zones",
        [publishing.ZoneDraft(identity="H1", name_zh="不公开", name_en="Secret", effect="consult", geometry=hidden)],
        "officer",
    )
    dry = box(WEST - 1_200_000, SOUTH - 400_000, WEST - 600_000, SOUTH + 400_000)
    publish(
        session,
        "land",
        "land",
        [publishing.ZoneDraft(identity="L1", name_zh="陆地", name_en="Land", effect="none", geometry=dry)],
    )
    shore = shapely.LineString([(WEST - 600_000, SOUTH - 400_000), (WEST - 600_000, SOUTH + 400_000)])
    publish(
        session,
        "shoreline",
        "shoreline",
        [
            publishing.ZoneDraft(
                identity="S1",
                name_zh="岸线",
                name_en="Shore",
                effect="none",
                geometry=shore,
                attributes={"kind": "natural"},
            )
        ],
    )


def place(session: Session) -> None:
    """The county whose sea this is, with its chain up to the country (written as the owner: a place has no public door yet)."""
    session.execute(
        text("""
        WITH cn AS (INSERT INTO place (kind, name_zh, name_en) VALUES ('country', '中国', 'China') RETURNING id),
             sd AS (INSERT INTO place (kind, name_zh, name_en, parent_id) SELECT 'province', '山东省', 'Shandong', id FROM cn RETURNING id),
             wh AS (INSERT INTO place (kind, name_zh, name_en, parent_id) SELECT 'city', '威海市', 'Weihai', id FROM sd RETURNING id),
             rc AS (INSERT INTO place (kind, name_zh, name_en, parent_id) SELECT 'county', '荣成市', 'Rongcheng', id FROM wh RETURNING id),
             codes AS (INSERT INTO place_code (place_id, scheme, code, valid)
                       SELECT id, 'administrative', code, daterange(NULL, NULL) FROM
                       (SELECT id, '37' AS code FROM sd UNION ALL SELECT id, '3710' FROM wh UNION ALL SELECT id, '371082' FROM rc) AS c),
             sea AS (INSERT INTO place_area (place_id, valid, source, mark, accuracy_m, geom)
                     SELECT id, daterange(NULL, NULL), 'test', 'sample', 0.1, ST_Multi(ST_MakeEnvelope(122.2, 36.9, 122.9, 37.4, 4490)) FROM rc RETURNING id, geom)
        INSERT INTO place_area_part (area_id, geom) SELECT id, (ST_Dump(geom)).geom FROM sea
        """)
    )
