"""Snapping: a boundary along its neighbours shares their points, stays out of them, and is not moved twice."""

from __future__ import annotations

import random
from typing import Any

import pytest
import shapely

from marine.boundary import Boundary, Polygon, settle
from marine.opening import wider_than
from marine.overlaying import common
from marine.placing import Sea
from marine.planes import local_plane
from marine.polygons import Point
from marine.snapping import WITHIN_M, snap
from tests.marine.layouts import PLANE, at, neighbour_along, random_draft
from tests.support.effort import effort_of_run

ROUNDS = {"quick": 200, "full": 5_000}[effort_of_run().name]


def boundary(*corners: Point, units: tuple[Polygon, ...] = ()) -> Boundary:
    settled = settle(Polygon(corners), units).boundary
    assert settled is not None
    return settled


def check(draft: Boundary, neighbour: Any) -> list[str]:
    """What snapping promises and breaks for one neighbour."""
    shape = draft.parcel.to_shapely()
    deep = wider_than(common(shape, neighbour), PLANE, WITHIN_M)
    snapped = snap(draft, [neighbour])
    if snapped.boundary is None:
        return ["nothing offered"]
    result = snapped.boundary
    broken = []
    if deep:
        return [] if result == draft and not snapped.moves else ["moved a conflict"]
    if wider_than(common(result.parcel.to_shapely(), neighbour), PLANE, 0.05):
        broken.append("overlap")
    units = result.units if len(result.units) > 1 else ()
    if settle(result.parcel, units, dict(result.numbers)).boundary != result:
        broken.append("settles differently")
    again = snap(result, [neighbour])
    if again.boundary is None or again.boundary.hash != result.hash or again.moves:
        broken.append("moved twice")
    if any(move.metres > 2.5 * WITHIN_M + 0.05 for move in snapped.moves):
        broken.append("moved far")
    if abs(result.parcel.to_shapely().area - shape.area) > 6 * shape.length:
        broken.append("area")
    return broken


@pytest.mark.parametrize("block", range(4))
def test_snapping_keeps_its_promises_along_random_neighbours(block: int) -> None:
    broken: dict[int, list[str]] = {}
    overlapping = 0
    for seed in range(block * ROUNDS // 4, (block + 1) * ROUNDS // 4):
        rng = random.Random(f"snap {seed}")
        draft = random_draft(rng)
        neighbour = neighbour_along(rng, draft)
        if not neighbour.is_valid:
            continue
        overlapping += common(neighbour, draft.parcel.to_shapely()).area > 0
        if found := check(draft, neighbour):
            broken[seed] = found
    assert broken == {}
    assert overlapping > ROUNDS // 20


def test_an_existing_point_near_by_is_taken_over() -> None:
    neighbour = shapely.Polygon([at(100, 0), at(200, 0), at(200, 100), at(100, 100)])
    (x1, y1), (x2, y2) = at(100, 0), at(100, 100)
    draft = boundary(at(0, 0), (x1 + 2, y1 + 1), (x2 - 1, y2), at(0, 100))
    snapped = snap(draft, [neighbour])
    assert snapped.boundary is not None
    assert {(x1, y1), (x2, y2)} <= set(snapped.boundary.parcel.exterior)
    assert {(move.before, move.after) for move in snapped.moves} == {
        ((x1 + 2, y1 + 1), (x1, y1)),
        ((x2 - 1, y2), (x2, y2)),
    }
    assert all(move.metres < 0.07 for move in snapped.moves)


def test_a_corner_on_a_slanting_edge_goes_to_the_nearest_grid_point_outside() -> None:
    neighbour = shapely.Polygon([at(0, 0), at(200, -37), at(200, -137), at(0, -100)])
    shapely.prepare(neighbour)
    for step in range(40):
        east = 20 + step * 3.37
        x, y = at(east, -37 * east / 200)
        draft = boundary((x, y - 1), at(150, -20), at(150, 60), at(20, 60))
        snapped = snap(draft, [neighbour])
        assert snapped.boundary is not None
        shape = snapped.boundary.parcel.to_shapely()
        assert common(shape, neighbour).area == 0
        assert any(shapely.distance(neighbour, shapely.Point(p.lon, p.lat)) < 1.5 for p in snapped.boundary.points)


def test_the_nearest_allowed_grid_point_is_nearest_by_exhaustion() -> None:
    plane = local_plane(*at(0, 0))
    rng = random.Random("nearest")
    for _ in range(60):
        wedge = shapely.Polygon([at(0, 0), at(90, rng.uniform(-80, 80)), at(60, 120), at(-70, rng.uniform(-60, 60))])
        if not wedge.is_valid:
            continue
        spot = shapely.get_coordinates(shapely.line_interpolate_point(wedge.exterior, rng.random(), normalized=True))[0]
        found = Sea(plane, None, (wedge,)).nearest_allowed(spot.tolist())
        assert found is not None
        grid = [(round(spot[0]) + i, round(spot[1]) + j) for i in range(-8, 9) for j in range(-8, 9)]
        free = [point for point in grid if not shapely.contains_properly(wedge, shapely.Point(point))]

        def away(point: Point, spot: Any = spot) -> float:
            east, north = (point[0] - spot[0]) * plane.scale[0], (point[1] - spot[1]) * plane.scale[1]
            return float(east * east + north * north)

        assert away(found) == pytest.approx(min(map(away, free)))


def test_a_corner_of_the_neighbour_that_bulges_in_is_put_into_the_edge() -> None:
    x, y = at(100, 50)
    neighbour = shapely.Polygon([at(100, 0), at(200, 0), at(200, 100), at(100, 100), (x - 2, y)])
    draft = boundary(at(0, 0), at(100, 0), at(100, 100), at(0, 100))
    snapped = snap(draft, [neighbour])
    assert snapped.boundary is not None
    assert [(move.before, move.after) for move in snapped.moves] == [(None, (x - 2, y))]
    assert common(snapped.boundary.parcel.to_shapely(), neighbour).area == 0


def test_a_boundary_that_already_fits_comes_back_as_it_is() -> None:
    neighbour = shapely.Polygon([at(100, 0), at(200, 0), at(200, 100), at(100, 100)])
    draft = boundary(at(0, 0), at(100, 0), at(100, 100), at(0, 100))
    for neighbours in ([], [neighbour], [shapely.Polygon([at(300, 0), at(400, 0), at(400, 90)])]):
        snapped = snap(draft, neighbours)
        assert snapped.boundary is draft and snapped.moves == ()


def test_a_deep_overlap_is_left_for_the_remedy() -> None:
    neighbour = shapely.Polygon([at(99, 0), at(200, 0), at(200, 100), at(99, 100)])
    draft = boundary(at(0, 0), at(100, 0), at(100, 100), at(0, 100))
    snapped = snap(draft, [neighbour])
    assert snapped.boundary is draft and snapped.moves == ()


def test_units_keep_tiling_and_points_keep_their_given_numbers() -> None:
    corners = [at(0, 0), at(60, 0), at(100, 0), at(100, 100), at(60, 100), at(0, 100)]
    numbers = dict(zip(corners, (9, 8, 7, 6, 5, 4), strict=True))
    a, b, c, d, e, f = corners
    draft = settle(None, [Polygon((a, b, e, f)), Polygon((b, c, d, e))], numbers).boundary
    assert draft is not None
    (x, y), (u, v) = d, c
    neighbour = shapely.Polygon([(x - 2, y), (u - 1, v), at(150, 0), at(150, 100)])
    snapped = snap(draft, [neighbour])
    assert snapped.boundary is not None
    kept = dict(snapped.boundary.numbers)
    assert (kept[x - 2, y], kept[u - 1, v], kept[a]) == (6, 7, 9)
    assert settle(snapped.boundary.parcel, snapped.boundary.units, kept).boundary == snapped.boundary
