"""marine.many agrees with marine.boundary.measured, point for point."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from marine.boundary import measured
from marine.many import measured_many
from marine.polygons import Polygon

MS = 3_600_000


def outlines(count: int, seed: int) -> list[shapely.Polygon]:
    """Star-shaped rings off Weihai in both directions, some with holes, some with repeated points, some tiny."""
    rng = np.random.default_rng(seed)
    made = []
    for n in range(count):
        corners = int(rng.integers(3, 40))
        angles = np.sort(rng.uniform(0, 2 * np.pi, corners))[:: rng.choice([-1, 1])]
        radius = rng.uniform(0.3, 1, corners) * rng.choice([40, 4_000, 60_000])
        centre = np.array([rng.uniform(119, 123.5), rng.uniform(35, 38.5)]) * MS
        ring = np.rint(centre + np.c_[np.cos(angles), np.sin(angles)] * radius[:, None])
        if n % 7 == 0:
            ring = np.repeat(ring, rng.integers(1, 3, len(ring)), axis=0)
        if n % 11 == 0:
            ring = np.vstack([ring, ring[:1], ring[:1]])
        holes = [np.rint(centre + np.array([[3, 0], [0, 3], [-3, -3]]))] if n % 5 == 0 else []
        made.append(shapely.Polygon(ring, holes))
    return made


@pytest.mark.parametrize("seed", range(4))
def test_many_boundaries_at_once_are_what_each_is_alone(seed: int) -> None:
    polygons = outlines(250, seed)
    together = measured_many(polygons)
    assert sum(boundary is not None for boundary in together) > 150
    for polygon, boundary in zip(polygons, together, strict=True):
        if boundary is None:
            assert not polygon.is_valid
            continue
        alone = measured(Polygon.from_shapely(polygon).without_repeats())
        assert boundary.hash == alone.hash
        assert (boundary.parcel, boundary.numbers) == (alone.parcel, alone.numbers)
        assert (boundary.central_meridian, boundary.unit_areas) == (alone.central_meridian, alone.unit_areas)
        # Sums in another order may differ in the last bit of a float: never by more than one in the fourth place.
        assert abs(boundary.area - alone.area) <= 0


def test_nothing_and_what_is_not_valid_have_no_boundary() -> None:
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    assert measured_many([]) == []
    assert measured_many([bow, shapely.Point(0, 0), shapely.Polygon()]) == [None, None, None]
