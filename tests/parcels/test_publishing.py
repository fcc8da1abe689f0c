"""parcels.publishing on real PostGIS."""

from __future__ import annotations

from datetime import date

import pytest
import shapely
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from data.actors import Actor
from data.answers import Refusal
from parcels.models import LayerVersion, Zone
from parcels.publishing import LayerDraft, ZoneDraft, add_zones, lay_down, layer_of, publish

MS = 3_600_000
LAYER = LayerDraft(code="red_line", kind="zones", name_zh="红线", name_en="Red line")
ADMIN = Actor.administrator()


def zone(side_ms: int = 40_000, buffer_m: float = 0) -> ZoneDraft:
    box = shapely.box(122 * MS, 37 * MS, 122 * MS + side_ms, 37 * MS + side_ms)
    return ZoneDraft(identity="Z1", name_zh="示例", name_en="Sample", effect="forbid", geometry=box, buffer_m=buffer_m)


def draft(session: Session, first: date | None = None, **of_zone: float) -> LayerVersion:
    layer = layer_of(session, LAYER)
    version = lay_down(session, layer, source="test", valid=(first, None), actor=ADMIN, proposed_by="甲")
    add_zones(session, version, [zone(**of_zone)])
    return version


def test_a_version_is_published_by_a_second_person_only(session: Session) -> None:
    version = draft(session)
    with pytest.raises(Refusal) as refusal:
        publish(session, version, approved_by="甲", actor=ADMIN)
    assert refusal.value.code == "layer.four_eyes"
    with pytest.raises(Refusal) as refusal:
        publish(session, version, approved_by="乙", actor=Actor.public())
    assert refusal.value.code == "layer.planner_only"
    assert publish(session, version, approved_by="乙", actor=ADMIN).standing == "published"


def test_a_version_dated_ahead_ends_the_one_before_it_on_its_first_day(session: Session) -> None:
    one = publish(session, draft(session, date(2020, 1, 1)), approved_by="乙", actor=ADMIN)
    two = publish(session, draft(session, date(2027, 1, 1)), approved_by="乙", actor=ADMIN)
    session.refresh(one)
    assert (one.valid.lower, one.valid.upper) == (date(2020, 1, 1), date(2027, 1, 1))
    assert (two.number, two.valid.lower, two.valid.upper) == (2, date(2027, 1, 1), None)


def test_a_published_version_takes_no_further_zone(session: Session) -> None:
    version = publish(session, draft(session), approved_by="乙", actor=ADMIN)
    with pytest.raises(Refusal) as refusal:
        add_zones(session, version, [zone()])
    assert refusal.value.code == "layer.not_a_draft"


def test_the_buffer_is_in_the_effect_and_the_parts_cover_it(session: Session) -> None:
    version = draft(session, buffer_m=500)
    row = session.execute(
        select(Zone.id, text("ST_Contains(effect_geom, geom)"), text("ST_Area(effect_geom) > ST_Area(geom)"))
        .select_from(Zone)
        .where(Zone.version_id == version.id)
    ).one()
    assert row[1:] == (True, True)
    left = session.scalar(
        text(
            "SELECT ST_Area(ST_Difference(z.effect_geom, (SELECT ST_Union(geom) FROM zone_part WHERE zone_id = z.id))) "
            "FROM zone z WHERE z.id = :id"
        ),
        {"id": row[0]},
    )
    assert left == pytest.approx(0, abs=1e-12)


def test_laying_down_and_publishing_are_events_of_the_layer(session: Session) -> None:
    publish(session, draft(session), approved_by="乙", actor=ADMIN)
    kinds = session.scalars(text("SELECT kind FROM event WHERE stream = 'layer:red_line' ORDER BY seq")).all()
    assert kinds == ["layer.laid_down", "layer.published"]
