"""Boundaries that others drew: real leases, and the geometries that test suites keep because they broke something."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

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
from tests.support.effort import effort_of_run

pytestmark = pytest.mark.realdata
REGISTERS = ["la_oyster", "nc_shellfish", "fl_aquaculture", "sc_shellfish", "tas_marine"]


T = TypeVar("T")
# Leases and overlapping pairs taken from each register, spread evenly over it.
MOST_LEASES = {"quick": 1_500, "full": 100_000}[effort_of_run().name]
MOST_PAIRS = {"quick": 40, "full": 100_000}[effort_of_run().name]


def spread(items: Sequence[T], most: int) -> Sequence[T]:
    """At most so many of the items, evenly spread."""
    return items[:: -(-len(items) // most)] if items else items


@cache
def lease_polygons(folder: Path, name: str) -> list[Polygon]:
    """Every polygon of a register, rounded once to whole milliseconds."""
    frame = geopandas.read_file(folder / "leases" / f"leases_{name}.gpkg").to_crs(4326)
    parts = shapely.get_parts(shapely.force_2d(frame.geometry.dropna().to_numpy()))
    return [Polygon.from_shapely(shapely.transform(part, lambda xy: np.rint(xy * 3.6e6))) for part in parts]


@cache
def valid_leases(folder: Path, name: str) -> tuple[list[Polygon], list[Any], list[tuple[int, int]]]:
    """The valid polygons of a register, their shapes, and the pairs whose shapes meet."""
    polygons = [polygon.without_repeats() for polygon in lease_polygons(folder, name)]
    polygons = [p for p in polygons if all(len(set(ring)) >= 3 for ring in p.rings) and p.to_shapely().is_valid]
    shapes = [polygon.to_shapely() for polygon in polygons]
    one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    return polygons, shapes, [(i, j) for i, j in zip(one.tolist(), two.tolist(), strict=True) if i < j]


def boundary_of(polygon: Polygon) -> Boundary:
    boundary = settle(polygon).boundary
    assert boundary is not None
    return boundary


@pytest.mark.parametrize("name", REGISTERS)
def test_every_lease_settles_or_says_where_it_does_not(realdata: Path, name: str) -> None:
    for polygon in spread(lease_polygons(realdata, name), MOST_LEASES):
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
    polygons, shapes, pairs = valid_leases(realdata, name)
    overlapping = [(i, j) for i, j in pairs if common(shapes[i], shapes[j]).area > 0]
    broken = {}
    for i, j in spread(overlapping, MOST_PAIRS):
        layout = Layout(boundary_of(polygons[i]), (shapes[j],))
        found = set(failures(layout, remainder(layout.draft, layout.sources))) - {"outside"}
        if found:
            broken[i, j] = found
    assert broken == {}


@pytest.mark.parametrize("name", REGISTERS)
def test_leases_that_meet_snap_together(realdata: Path, name: str) -> None:
    polygons, shapes, pairs = valid_leases(realdata, name)
    for i, j in spread(pairs, 5 * MOST_PAIRS):
        boundary = boundary_of(polygons[i])
        plane = plane_of(boundary)
        if wider_than(common(shapes[i], shapes[j]), plane, WITHIN_M):
            continue
        snapped = snap(boundary, [shapes[j]]).boundary
        if snapped is None:
            # Two registers hold crumbs under 0.1 m; inside a neighbour nothing of them is left.
            assert not wider_than(shapes[i], plane, 0.3)
            continue
        assert not wider_than(common(snapped.parcel.to_shapely(), shapes[j]), plane, 0.05)


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
