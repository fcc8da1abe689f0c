"""The sample world, loaded through the register's doors on real PostGIS."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import shapely
from sqlalchemy import text

from data.rulebook import packaged
from parcels.parties import PartyKeys
from parcels.samples import world
from parcels.samples.coast import land
from parcels.samples.rights import rights
from parcels.samples.sea_areas import sea_areas

TODAY = date(2026, 11, 23)
KEYS = PartyKeys.from_secret(b"s" * 32)


def test_the_same_day_gives_the_same_rights_all_in_the_sea_and_none_overlapping() -> None:
    made = rights(TODAY)
    assert made == rights(TODAY) and 190 <= len(made) <= 230
    shapes = [shapely.Polygon(right.ring) for right in made]
    assert all(shape.is_valid for shape in shapes)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    assert all(shapely.intersection(shapes[a], shapes[b]).area == 0 for a, b in zip(one, other, strict=True) if a < b)
    dry = shapely.transform(shapely.union_all(land()), lambda xy: xy * 3_600_000)
    assert not shapely.intersects(dry, shapes).any()


def test_sea_areas_are_valid_and_do_not_overlap() -> None:
    areas = list(sea_areas().values())
    assert len(areas) == 6 and all(area.is_valid for area in areas)
    assert all(a.intersection(b).area == 0 for n, a in enumerate(areas) for b in areas[n + 1 :])


def test_the_world_is_laid_once_and_everything_in_it_is_marked(own_database: Any) -> None:
    now = datetime(2026, 11, 23, 8, tzinfo=UTC)

    def lay() -> bool:
        return world.load(own_database.sessions(), book=packaged(), keys=KEYS, today=TODAY, now=now)

    assert lay() is True
    assert lay() is False
    with own_database.sessions()() as session:
        counted = session.execute(
            text(
                "SELECT (SELECT count(*) FROM sea_right), (SELECT count(*) FROM sea_claim), (SELECT count(*) FROM party), "
                "(SELECT count(*) FROM park), (SELECT count(*) FROM project_site), (SELECT count(*) FROM layer), "
                "(SELECT count(*) FROM place_area)"
            )
        ).one()
        assert tuple(counted) == (len(rights(TODAY)), 2, 6, 2, 27, 5, 6)
        unmarked = session.scalar(
            text(
                "SELECT (SELECT count(*) FROM sea_right WHERE mark IS DISTINCT FROM 'sample') "
                "+ (SELECT count(*) FROM party WHERE mark IS DISTINCT FROM 'sample') "
                "+ (SELECT count(*) FROM layer_version WHERE mark IS DISTINCT FROM 'sample') "
                "+ (SELECT count(*) FROM place_area WHERE mark IS DISTINCT FROM 'sample') "
                "+ (SELECT count(*) FROM project_site WHERE mark IS DISTINCT FROM 'sample')"
            )
        )
        assert unmarked == 0
        assert (
            session.scalar(text("SELECT count(*) FROM parcel WHERE id NOT IN (SELECT parcel_id FROM parcel_place)"))
            <= 1
        )
