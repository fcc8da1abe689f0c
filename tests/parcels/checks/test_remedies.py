"""The remedy and, where there is none, what else could be asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely

from data.actors import Actor
from marine.findings import Grade
from marine.spaces import Layer
from parcels.checks.remedies import must_go
from tests.parcels.checks.sea import World, codes, ms, rectangle, the

MINE = rectangle(0, 0, 200, 200)


def test_accepting_the_remedy_leaves_no_conflict_and_no_resurvey(world: World) -> None:
    world.right(rectangle(150, 20, 400, 120))
    world.right(rectangle(-50, 199.5, 90, 300))
    report = world.check(MINE)
    assert report.grade is Grade.CONFLICT and report.remedy is not None
    draft = replace(report.draft, boundary=report.remedy.boundary, unit_modes=report.remedy.modes)
    again = world.check(draft)
    assert not [finding for finding in again.findings if must_go(finding)], codes(again)
    assert again.grade is report.remedy.grade
    exact = 4.0 - 0.5 - 90 * 0.5 / 10_000
    assert float(report.remedy.boundary.area) == pytest.approx(exact, rel=0.005)


def test_accepting_a_remedy_works_for_random_neighbours(world: World) -> None:
    rng = np.random.default_rng(5)
    for at in range(12):
        west = 3000.0 * at
        draft = shapely.transform(_star(rng, 100), lambda xy, w=west: xy)
        shift = ms(west, 0)
        draft = shapely.transform(draft, lambda xy, s=shift: xy + np.array(s))
        for _ in range(3):
            near = np.array(ms(west + rng.uniform(-90, 90), rng.uniform(-90, 90)))
            world.right(shapely.transform(_star(rng, 60), lambda xy, n=near: xy + n))
        report = world.check(draft)
        if report.remedy is None:
            continue
        asked = replace(report.draft, boundary=report.remedy.boundary, unit_modes=report.remedy.modes)
        again = world.check(asked)
        assert not [finding for finding in again.findings if must_go(finding)]
        for further in report.remedy.further:
            assert not [
                finding for finding in world.check(replace(report.draft, boundary=further)).findings if must_go(finding)
            ]


def _star(rng: np.random.Generator, radius: float) -> shapely.Polygon:
    """A wavy outline about the origin, in whole milliseconds."""
    angle = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    reach = radius * rng.uniform(0.7, 1.0, 14)
    from tests.parcels.checks.sea import PLANE

    return shapely.Polygon(np.rint(np.column_stack([reach * np.cos(angle), reach * np.sin(angle)]) / PLANE.scale))


def test_a_remedy_is_offered_only_against_what_the_asker_may_see(world: World) -> None:
    world.zone("guns", rectangle(100, -50, 400, 300), "forbid", layer_disclosure="officer")
    assert world.check(MINE).remedy is None
    officer = world.check(MINE, asker=Actor.administrator())
    assert officer.remedy is not None and float(officer.remedy.boundary.area) == pytest.approx(2.0, rel=0.01)


def test_the_largest_part_is_offered_and_the_others_as_further_parcels(world: World) -> None:
    world.right(rectangle(120, -50, 140, 300))
    remedy = world.check(MINE).remedy
    assert remedy is not None and len(remedy.further) == 1
    assert float(remedy.boundary.area) == pytest.approx(2.4, rel=0.01)
    assert float(remedy.further[0].area) == pytest.approx(1.2, rel=0.01)


def test_without_a_remainder_other_layers_dates_and_free_sea_are_named(world: World) -> None:
    world.right(rectangle(-50, -50, 400, 300), layers=Layer.SEABED | Layer.SUBSOIL, last=date(2030, 12, 31))
    report = world.check(MINE)
    assert report.remedy is None and report.grade is Grade.CONFLICT
    found = {finding.code: finding for finding in report.alternatives}
    assert found["alternative.layers"].facts["layers"] == ["surface", "water_column"]
    assert found["alternative.dates"].facts["from"] == date(2031, 1, 1)
    assert world.check(found["alternative.sea"].geometry).grade is Grade.CLEAR


def test_free_sea_keeps_whole_cells_clear_of_what_is_hidden(world: World) -> None:
    world.right(rectangle(-50, -50, 400, 300))
    world.zone("guns", rectangle(600, -3000, 640, 3000), "forbid", layer_disclosure="officer")
    report = world.check(MINE)
    place = next((finding for finding in report.alternatives if finding.code == "alternative.sea"), None)
    assert place is not None and world.check(place.geometry).grade is Grade.CLEAR


def test_a_draft_that_only_needs_consent_gets_no_remedy(world: World) -> None:
    world.zone("plan", rectangle(100, -50, 400, 300), "restrict")
    report = world.check(MINE)
    assert the(report, "zone.restrict") and report.remedy is None and not report.alternatives
