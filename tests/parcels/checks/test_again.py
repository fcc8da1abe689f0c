"""A stored report is computed again from the ids that it holds, whatever was registered, planned or claimed since."""

from __future__ import annotations

from datetime import date

import pytest

from data.actors import Actor
from parcels.checks import as_json
from tests.parcels.checks.sea import World, rectangle

MINE = rectangle(0, 0, 200, 200)


@pytest.mark.parametrize("asker", [Actor.public(), Actor.administrator()])
def test_a_stored_report_comes_out_the_same_after_the_world_has_changed(world: World, asker: Actor) -> None:
    world.right(rectangle(150, 0, 400, 200))
    world.claim(rectangle(0, 150, 100, 400))
    world.zone("plan", rectangle(-100, -100, 50, 50), "restrict", valid=(date(2026, 1, 1), None))
    then = world.check(MINE, asker=asker)
    world.right(rectangle(-500, -500, 60, 60))
    world.zone("plan", rectangle(-100, -100, 900, 900), "forbid", valid=(date(2026, 2, 1), None))
    assert world.check(MINE, asker=asker).findings != then.findings
    again = world.check(MINE, asker=asker, judged=then.judged)
    assert as_json(again, "zh") == as_json(then, "zh") and again.judged == then.judged


def test_what_the_search_for_free_sea_saw_is_stored_too(world: World) -> None:
    world.right(rectangle(-50, -50, 400, 300))
    then = world.check(MINE)
    assert then.alternatives
    world.right(then.alternatives[-1].geometry)
    assert world.check(MINE).alternatives != then.alternatives
    assert world.check(MINE, judged=then.judged).alternatives == then.alternatives
