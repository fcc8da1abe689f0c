"""Many checks at a time in one process: large zones are kept in memory, and no two checks may ask one of them at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import shapely

from marine.findings import Grade
from parcels.queries.zones import borrowed_memory
from tests.parcels.checks.sea import World, ms, rectangle
from tests.support.databases import Database


def test_two_checks_at_a_time_never_share_a_memory(world: World) -> None:
    with borrowed_memory(world.session) as one, borrowed_memory(world.session) as other:
        assert one is not other
    with borrowed_memory(world.session) as again:
        assert again in (one, other)


def test_checks_in_many_threads_agree_with_checks_in_one(own_database: Database) -> None:
    """A prepared polygon of 10,000 points that four threads ask at once ends the process (segmentation fault)."""
    opened = own_database.sessions()
    angle = np.linspace(0, 2 * np.pi, 10_000, endpoint=False)
    reach = 3000 * (1 + 0.05 * np.random.default_rng(3).random(10_000))
    zone = shapely.Polygon([ms(float(r * np.cos(a)), float(r * np.sin(a))) for r, a in zip(reach, angle, strict=True)])
    with opened() as session:
        World(session).zone("red", zone, "forbid")
        session.commit()
    places = np.random.default_rng(4).uniform(-3300, 3300, (24, 2))

    def graded(place: Any) -> Grade:
        with opened() as session:
            east, north = place
            return World(session).check(rectangle(east, north, east + 150, north + 150)).grade

    alone = [graded(place) for place in places]
    assert {Grade.CLEAR, Grade.CONFLICT} <= set(alone)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(graded, np.repeat(places, 3, axis=0))) == [grade for grade in alone for _ in range(3)]
