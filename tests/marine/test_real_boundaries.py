"""Boundaries that others drew: real leases, and the geometries that test suites keep because they broke something."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from data.messages import text
from marine.boundary import Boundary, Polygon, settle
from marine.findings import Severity
from marine.opening import wider_than
from marine.overlaying import common
from marine.remedy import remainder
from marine.snapping import WITHIN_M, snap
from tests.marine.layouts import Layout
from tests.marine.test_remedy import failures, plane_of

pytestmark = pytest.mark.realdata
REGISTERS = ["la_oyster", "nc_shellfish", "fl_aquaculture", "sc_shellfish", "tas_marine"]


@cache
def lease_polygons(folder: Path, name: str) -> list[Polygon]:
    """Every polygon of a register, rounded once to whole milliseconds."""
    frame = geopandas.read_file(folder / "leases" / f"leases_{name}.gpkg").to_crs(4326)
    parts = shapely.get_parts(shapely.force_2d(frame.geometry.dropna().to_numpy()))
    return [Polygon.from_shapely(shapely.transform(part, lambda xy: np.rint(xy * 3.6e6))) for part in parts]


@cache
def leases(folder: Path, name: str) -> list[Boundary]:
    settled = [settle(polygon).boundary for polygon in lease_polygons(folder, name)]
    return [boundary for boundary in settled if boundary is not None]


@pytest.mark.parametrize("name", REGISTERS)
def test_every_lease_settles_or_says_where_it_does_not(realdata: Path, name: str) -> None:
    for polygon in lease_polygons(realdata, name):
        settled = settle(polygon)
        clean = polygon.without_repeats()
        valid = all(len(set(ring)) >= 3 for ring in clean.rings) and clean.to_shapely().is_valid
        assert (settled.boundary is not None) == valid
        if settled.boundary is not None:
            assert set(settled.boundary.parcel.exterior) == set(polygon.exterior)
            continue
        blocking = [fault for fault in settled.faults if fault.severity is Severity.BLOCKS]
        assert blocking and all(fault.at is not None and fault.at.index >= 0 for fault in blocking)
        assert all(text(fault.code, lang, **fault.facts) for fault in blocking for lang in ("zh", "en"))


@pytest.mark.parametrize("name", REGISTERS)
def test_the_remedy_of_overlapping_leases_keeps_its_promises(realdata: Path, name: str) -> None:
    boundaries = leases(realdata, name)
    shapes = [boundary.parcel.to_shapely() for boundary in boundaries]
    one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = [(i, j) for i, j in zip(one.tolist(), two.tolist(), strict=True) if i < j]
    broken = {}
    for i, j in pairs:
        if common(shapes[i], shapes[j]).area == 0:
            continue
        layout = Layout(boundaries[i], (shapes[j],))
        found = set(failures(layout, remainder(layout.draft, layout.sources))) - {"outside"}
        if found:
            broken[i, j] = found
    assert broken == {}


@pytest.mark.parametrize("name", REGISTERS)
def test_leases_that_meet_snap_together(realdata: Path, name: str) -> None:
    boundaries = leases(realdata, name)
    shapes = [boundary.parcel.to_shapely() for boundary in boundaries]
    one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    for i, j in zip(one.tolist(), two.tolist(), strict=True):
        if i >= j or wider_than(common(shapes[i], shapes[j]), plane_of(boundaries[i]), WITHIN_M):
            continue
        snapped = snap(boundaries[i], [shapes[j]]).boundary
        if snapped is None:
            # Two registers hold crumbs under 0.1 m; inside a neighbour nothing of them is left.
            assert not wider_than(shapes[i], plane_of(boundaries[i]), 0.3)
            continue
        assert not wider_than(common(snapped.parcel.to_shapely(), shapes[j]), plane_of(boundaries[i]), 0.05)


def test_geometries_from_test_suites_are_judged_as_their_engine_judges_them(realdata: Path) -> None:
    csv.field_size_limit(10_000_000)
    judged = 0
    with (realdata / "difficult" / "geometries.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            try:
                geometry = shapely.from_wkt(row["wkt"])
            except shapely.GEOSException:
                continue
            for part in shapely.get_parts(geometry):
                corners = shapely.get_coordinates(part)
                if part.geom_type != "Polygon" or part.is_empty or not np.isfinite(corners).all():
                    continue
                span = float(np.ptp(corners, axis=0).max()) or 1.0
                scale = min(1_000.0, 2e7 / span)
                polygon = Polygon.from_shapely(shapely.transform(part, lambda xy, c=corners, k=scale: (xy - c[0]) * k))
                clean = polygon.without_repeats()
                valid = all(len(set(ring)) >= 3 for ring in clean.rings) and clean.to_shapely().is_valid
                settled = settle(polygon)
                assert (settled.boundary is not None) == valid, (row["file"], row["case"])
                for fault in settled.faults:
                    assert all(text(fault.code, lang, **fault.facts) for lang in ("zh", "en"))
                judged += 1
    assert judged > 400
