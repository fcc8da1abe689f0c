"""Shoreline occupied, natural and artificial, within what the layer is accurate to; and land."""

from __future__ import annotations

import pytest
import shapely

from marine.findings import Grade
from parcels.publishing import ZoneDraft
from tests.parcels.checks.sea import World, codes, ms, rectangle, the

MINE = rectangle(0, 0, 200, 200)


def shore(world: World, north: float, **given: object) -> None:
    """A new version of the shoreline: natural to the west of 120 m, artificial to the east."""
    west = shapely.LineString([ms(-9000, north), ms(120, north)])
    east = shapely.LineString([ms(120, north), ms(9000, north)])
    drafts = [
        ZoneDraft(identity=kind, name_zh=kind, name_en=kind, effect="none", geometry=line, attributes={"kind": kind})
        for kind, line in (("natural", west), ("artificial", east))
    ]
    world.layer("coast", drafts, kind="shoreline", accuracy_m=5.0, mark="sample", **given)


def test_natural_and_artificial_shoreline_are_measured_apart(world: World) -> None:
    shore(world, 50)
    report = world.check(MINE)
    natural, artificial = the(report, "shoreline.natural"), the(report, "shoreline.artificial")
    assert (
        natural.facts["length_m"] == pytest.approx(120, abs=0.5)
        and natural.facts["restore_m"] == natural.facts["length_m"]
    )
    assert artificial.facts["length_m"] == pytest.approx(80, abs=0.5)
    assert natural.grade is Grade.NEEDS_CONSENT and artificial.grade is Grade.COMPATIBLE
    assert {source.mark for source in natural.basis} >= {"sample"}


def test_a_shoreline_that_reaches_in_less_than_it_is_accurate_is_not_occupied(world: World) -> None:
    shore(world, 4)
    assert "shoreline.none" in codes(world.check(MINE))


def test_what_lies_on_land_is_no_sea(world: World) -> None:
    world.zone("land", rectangle(-500, -500, 100, 500), "none", kind="land", accuracy_m=5.0)
    report = world.check(MINE)
    assert the(report, "land.on_land").facts["share_draft"] == pytest.approx(0.5, abs=0.01) and report.exit_code == 11
    assert report.remedy is not None and float(report.remedy.boundary.area) == pytest.approx(2.0, rel=0.01)
    assert "land.none" in codes(world.check(rectangle(98, 0, 300, 200)))


def test_coordinates_of_a_web_map_that_fall_on_land_raise_the_question(world: World) -> None:
    """GCJ-02 moves points off Weihai by about 0.45 km; taken as they stand, these lie on land."""
    world.zone("land", rectangle(-100, -3000, 4000, 3000), "none", kind="land", accuracy_m=5.0)
    coast = world.check(MINE)
    assert the(coast, "crs.shift_suspected").facts["origin"] == "gcj02" and "land.on_land" in codes(coast)
    inland = world.check(rectangle(2500, 0, 2700, 200))
    assert "land.on_land" in codes(inland) and "crs.shift_suspected" not in codes(inland)
