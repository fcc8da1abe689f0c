"""Shared edges, and gaps so small that they still count as one edge."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from marine.touching import common_edges, gap_stretches

QUAY = shapely.box(0, 0, 20, 50)


def stretch(other: shapely.Geometry, gap: float = 0.05) -> float:
    return float(shapely.length(gap_stretches(np.array([QUAY]), np.array([other]), gap))[0])


@pytest.mark.parametrize(("gap", "length"), [(0.0, 30), (0.03, 30), (0.0499, 30), (0.0501, 0), (0.2, 0)])
def test_a_gap_up_to_five_centimetres_is_a_shared_stretch(gap: float, length: float) -> None:
    assert stretch(shapely.box(20 + gap, 10, 30, 40)) == pytest.approx(length, abs=0.11)


def test_a_corner_that_comes_near_an_edge_shares_no_stretch() -> None:
    assert stretch(shapely.Polygon([(20.01, 20), (30, 30), (30, 10)])) == 0


def test_a_gap_that_opens_counts_as_far_as_it_is_small() -> None:
    wedge = shapely.Polygon([(20, 0), (30, 0), (30, 50), (20.5, 50)])
    assert stretch(wedge) == pytest.approx(5, abs=0.11)


def test_common_edges_are_exact_and_leave_out_crossings() -> None:
    beside = shapely.Polygon([(20, 10), (40, 10), (40, 60), (20, 60)])
    across = shapely.box(-5, 20, 25, 30)
    lengths = shapely.length(common_edges(np.array([QUAY, QUAY]), np.array([beside, across])))
    assert lengths.tolist() == [40, 0]


def test_no_pairs_have_no_stretches() -> None:
    none = np.array([], dtype=object)
    assert len(gap_stretches(none, none, 0.05)) == 0
