"""Agreement of the grader with computations that share nothing with it: whole-number arithmetic and plain shapely."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely

from marine.findings import Grade
from marine.overlaps import Pairs, Tolerance, grade
from marine.spaces import Spaces
from tests.marine.pair_layouts import pair_layouts, t_junction
from tests.support.effort import effort_of_run

LAYOUTS = {"quick": 500, "full": 10_000}[effort_of_run().name]
# Real pairs of one register that the slow witness judges again; all are graded at either effort.
WITNESSED = {"quick": 400, "full": 100_000}[effort_of_run().name]
HALF_A_DEGREE_MS = 1_800_000


def graded(pairs: list[tuple[Any, Any]]) -> Pairs:
    one = np.array([pair[0] for pair in pairs], dtype=object)
    other = np.array([pair[1] for pair in pairs], dtype=object)
    index = np.arange(len(pairs))
    return grade(Spaces.columns(one), Spaces.columns(other), index, index, tolerance=Tolerance())


def plain_metres(shape: Any, draft: Any) -> Any:
    """The witness's Gauss–Krüger plane: written from register.md §1, with pyproj's own parameters."""
    west, _, east, _ = draft.bounds
    meridian = np.floor((west + east) / 2 / HALF_A_DEGREE_MS + 0.5) / 2
    plane = pyproj.Proj(
        proj="tmerc", lat_0=0, lon_0=meridian, k=1, x_0=500_000, a=6_378_137, rf=298.257222101, units="m"
    )
    return shapely.transform(shape, lambda x, y: plane(x / 3_600_000, y / 3_600_000), interleaved=False)


ELLIPSOID = pyproj.Geod(a=6_378_137, rf=298.257222101)


def scaled_metres(shape: Any, draft: Any) -> Any:
    """The witness's affine plane: milliseconds scaled by what a second of arc measures on the ellipsoid at the draft's centre."""
    west, south, east, north = draft.bounds
    lon, lat = (west + east) / 7_200_000, (south + north) / 7_200_000
    second = 1 / 3_600
    per_lon = ELLIPSOID.inv(lon - second, lat, lon + second, lat)[2] / 2_000
    per_lat = ELLIPSOID.inv(lon, lat - second, lon, lat + second)[2] / 2_000
    return shapely.transform(shape, lambda xy: (xy - (west, south)) * (per_lon, per_lat))


def polygons_of(shape: Any) -> Any:
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.multipolygons(parts[shapely.get_dimensions(parts) == 2])


def assert_agrees(draft: Any, other: Any, found: Pairs, i: int) -> None:
    """One pair against the witness."""
    matrix = draft.relate(other)
    said = Grade(found.grade[i])
    assert (matrix[0] == "2") == (said >= Grade.WITHIN_TOLERANCE), (draft.wkt, other.wkt)
    if matrix[0] != "2":
        assert (said == Grade.TOUCHING) >= draft.intersects(other)
        assert found.overlap_m2[i] == 0
        return
    surface = polygons_of(draft.intersection(other))
    area = plain_metres(surface, draft).area
    assert found.overlap_m2[i] == pytest.approx(area, rel=1e-9, abs=1e-6)
    assert found.share_draft[i] == pytest.approx(area / plain_metres(draft, draft).area, rel=1e-9, abs=1e-9)
    assert found.share_other[i] == pytest.approx(area / plain_metres(other, draft).area, rel=1e-9, abs=1e-9)
    common = scaled_metres(surface, draft)
    width = 0.0 if common.area == 0 else 2 * shapely.maximum_inscribed_circle(common, tolerance=0.001).length
    # Ours stops up to 0.01 m short, the witness up to 0.002 m, and more where it runs out of rounds: in slivers.
    assert found.width_m[i] >= width - 0.0101
    # Where the witness ran out, shrinking the shape from all sides must leave something of it: then such a circle has room.
    assert found.width_m[i] <= width + 0.0021 or has_room_for(common, found.width_m[i] - 0.0005)
    limit = 0.1 if said == Grade.WITHIN_TOLERANCE else 1.0 if said == Grade.NEEDS_CONSENT else np.inf
    assert found.width_m[i] <= limit


def has_room_for(shape: Any, width: float) -> bool:
    """Whether a circle of this diameter fits: moving every side inwards by its radius leaves something."""
    return width <= 0 or not shape.buffer(-width / 2, quad_segs=16).is_empty


def test_grades_areas_shares_and_widths_agree_with_plain_shapely_on_random_layouts() -> None:
    pairs = pair_layouts(LAYOUTS, seed=20261123)
    found = graded(pairs)
    for i, (draft, other) in enumerate(pairs):
        assert_agrees(draft, other, found, i)
    told = {Grade(g) for g in found.grade}
    assert told == {Grade.CLEAR, Grade.TOUCHING, Grade.WITHIN_TOLERANCE, Grade.NEEDS_CONSENT, Grade.CONFLICT}


def sign(a: Any, b: Any, c: Any) -> int:
    """On which side of a→b the point c lies, in whole numbers."""
    cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (cross > 0) - (cross < 0)


def convex_interiors_meet(one: Any, other: Any) -> bool:
    """For convex polygons with whole coordinates: no edge of either separates them. Python integers only."""
    rings = [
        [(int(x), int(y)) for x, y in shapely.get_coordinates(shapely.orient_polygons(p))[:-1]] for p in (one, other)
    ]
    for mine, theirs in (rings, rings[::-1]):
        for a, b in zip(mine, mine[1:] + mine[:1], strict=True):
            if all(sign(a, b, point) <= 0 for point in theirs):
                return False
    return True


def test_whether_interiors_meet_agrees_with_whole_number_arithmetic_down_to_the_last_millisecond() -> None:
    rng, corner = np.random.default_rng(7), np.array([440_000_000, 134_000_000])
    pairs = []
    while len(pairs) < LAYOUTS:
        one = shapely.Polygon(corner + rng.integers(0, 400_000, (3, 2)))
        a, b = shapely.get_coordinates(one)[:2].astype(int)
        # A triangle with one side nearly on a side of the first: its ends are lattice points at most one step beside it.
        ends = [
            np.rint(a + float(Fraction(int(rng.integers(0, 1_000)), 1_000)) * (b - a)) + rng.integers(-1, 2, 2)
            for _ in range(2)
        ]
        other = shapely.Polygon([*ends, corner + rng.integers(0, 400_000, 2)])
        if one.area > 0 and other.area > 0:
            pairs.append((one, other))
    found = graded(pairs)
    meets = np.array([convex_interiors_meet(one, other) for one, other in pairs])
    assert (found.grade >= Grade.WITHIN_TOLERANCE).tolist() == meets.tolist()
    assert 0.1 < meets.mean() < 0.95


def test_a_corner_exactly_on_a_foreign_edge_never_overlaps() -> None:
    rng = np.random.default_rng(11)
    pairs = [t_junction(rng) for _ in range(LAYOUTS)]
    pairs = [pair for pair in pairs if all(shape.is_valid and shape.area > 0 for shape in pair)]
    found = graded(pairs + [(other, one) for one, other in pairs])
    assert set(found.grade) == {Grade.TOUCHING}
    assert (found.shared_edge_m > 0).all()


def test_degrees_would_have_misjudged_such_corners() -> None:
    """Why topology is judged in whole milliseconds: as float degrees many exact T-junctions have a common interior."""
    rng = np.random.default_rng(11)
    pairs = [t_junction(rng) for _ in range(300)]
    pairs = [pair for pair in pairs if all(shape.is_valid and shape.area > 0 for shape in pair)]
    in_degrees = [[shapely.transform(shape, lambda xy: xy / 3_600_000) for shape in pair] for pair in pairs]
    misjudged = sum(one.relate(other)[0] == "2" for one, other in in_degrees)
    assert misjudged > len(pairs) / 10


def turned(shape: Any, rng: np.random.Generator) -> Any:
    """The same polygon walked from another point, the other way round."""

    def ring(linear: Any) -> Any:
        xy = np.roll(shapely.get_coordinates(linear)[:-1], int(rng.integers(len(linear.coords))), axis=0)
        return xy[::-1] if rng.integers(2) else xy

    return shapely.Polygon(ring(shape.exterior), [ring(hole) for hole in shape.interiors])


def test_the_answer_does_not_depend_on_ring_order_or_start() -> None:
    rng = np.random.default_rng(5)
    pairs = pair_layouts(300, seed=3)
    plain, walked = graded(pairs), graded([(turned(one, rng), turned(other, rng)) for one, other in pairs])
    assert plain.grade.tolist() == walked.grade.tolist()
    assert plain.reason.tolist() == walked.reason.tolist()
    np.testing.assert_allclose(plain.overlap_m2, walked.overlap_m2, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(plain.width_m, walked.width_m, atol=0.011)
    np.testing.assert_allclose(plain.shared_edge_m, walked.shared_edge_m, atol=1e-6)


def leases(folder: Path, name: str) -> Any:
    """Valid single polygons of a lease file in whole milliseconds of arc."""
    import geopandas

    table = geopandas.read_file(folder / "leases" / name).to_crs(4490).explode(ignore_index=True)
    shapes = shapely.transform(shapely.force_2d(table.geometry.to_numpy()), lambda xy: np.rint(xy * 3_600_000))
    return shapes[shapely.is_valid(shapes) & (shapely.get_type_id(shapes) == 3) & (shapely.area(shapes) > 0)]


@pytest.mark.realdata
@pytest.mark.parametrize(
    "name",
    ["leases_la_oyster.gpkg", "leases_nc_shellfish.gpkg", "leases_sc_shellfish.gpkg", "leases_fl_aquaculture.gpkg"],
)
def test_all_real_leases_that_meet_are_judged_as_plain_shapely_judges_them(realdata: Path, name: str) -> None:
    shapes = leases(realdata, name)
    one, other = shapely.STRtree(shapes).query(shapes)
    first = one < other
    one, other = one[first], other[first]
    spaces = Spaces.columns(shapes)
    found = grade(spaces, spaces, one, other, tolerance=Tolerance())
    assert len(found) == len(one) > 0
    for i in range(0, len(one), -(-len(one) // WITNESSED)):
        assert_agrees(shapes[one[i]], shapes[other[i]], found, i)
