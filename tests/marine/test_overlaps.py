"""Grades between spaces and with regions, rule by rule (register.md §2)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.messages import text
from marine.findings import Grade
from marine.overlaps import ForbiddenPair, Pairs, Tolerance, grade, grade_many
from marine.planes import local_plane
from marine.spaces import ALL_YEAR, Layer, Space, Spaces
from tests.marine.pair_layouts import LAT, LON, pair_layouts

EAST, NORTH = local_plane(LON, LAT).scale
HOUSE = Tolerance()


def box(west: float, south: float, east: float, north: float) -> Any:
    """A rectangle in metres off Weihai, rounded to whole milliseconds."""
    return shapely.box(
        LON + round(west / EAST), LAT + round(south / NORTH), LON + round(east / EAST), LAT + round(north / NORTH)
    )


MINE = box(0, 0, 200, 100)
CROSSING = box(100, 20, 300, 80)


def space(**columns: Any) -> Space:
    return Space(**({"geometry": MINE} | columns))


def other(**columns: Any) -> Space:
    return Space(**({"geometry": CROSSING} | columns))


def judged(mine: Space, theirs: Space, **options: Any) -> Pairs:
    options = {"tolerance": HOUSE} | options
    return grade(Spaces.of([mine]), Spaces.of([theirs]), [0], [0], **options)


def verdict(mine: Space, theirs: Space, **options: Any) -> tuple[str, str]:
    found = judged(mine, theirs, **options)
    return Grade(found.grade[0]).word, found.reason[0]


# ---- what shares plane, days, months and a layer --------------------------------------------------------------------------


def test_two_rights_on_one_place_conflict_whatever_the_uses() -> None:
    found = judged(space(mode="41"), other(mode="31"))
    assert Grade(found.grade[0]) is Grade.CONFLICT
    assert found.reason[0] == "sea.exclusive"
    assert found.overlap_m2[0] == pytest.approx(100 * 60, rel=2e-3)
    assert found.share_draft[0] == pytest.approx(0.3, rel=2e-3)
    assert found.share_other[0] == pytest.approx(0.5, rel=2e-3)
    assert found.width_m[0] == pytest.approx(60, abs=0.06)
    assert found.shared_layers[0] == Layer.ALL
    assert found.shared_months[0] == ALL_YEAR
    assert found.geometry[0].equals(MINE.intersection(CROSSING))


def test_a_layer_named_by_both_is_enough() -> None:
    mine, theirs = space(layers=Layer.SURFACE | Layer.SEABED), other(layers=Layer.SEABED | Layer.SUBSOIL)
    assert verdict(mine, theirs) == ("conflict", "sea.exclusive")
    assert judged(mine, theirs).shared_layers[0] == Layer.SEABED


def test_no_papers_help_where_a_layer_is_shared() -> None:
    both = {"layered": True, "papers": True}
    assert verdict(space(**both), other(**both), papers=[True]) == ("conflict", "sea.exclusive")


# ---- layers, heights and papers -------------------------------------------------------------------------------------------

ABOVE = {"layers": Layer.SURFACE, "layered": True}
BELOW = {"layers": Layer.SEABED | Layer.SUBSOIL, "layered": True}


def test_disjoint_layers_need_consent() -> None:
    assert verdict(space(**ABOVE), other(**BELOW)) == ("needs_consent", "layers.consent")
    assert judged(space(**ABOVE), other(**BELOW)).shared_layers[0] == 0


def test_layered_rights_are_compatible_only_when_the_file_holds_everything() -> None:
    complete = {"mine": True, "theirs": True, "papers": True, "excluded": False}
    for lacking in [None, "mine", "theirs", "papers", "excluded"]:
        case = complete | ({} if lacking is None else {lacking: not complete[lacking]})
        mine = space(**(ABOVE | {"layered": case["mine"]}))
        theirs = other(**(BELOW | {"layered": case["theirs"]}), excluded=case["excluded"])
        expected = {
            None: ("compatible", "layers.compatible"),
            "excluded": ("needs_consent", "layers.excluded"),
        }.get(lacking, ("needs_consent", "layers.consent"))
        assert verdict(mine, theirs, papers=[case["papers"]]) == expected, lacking


def test_without_a_list_of_papers_both_sides_must_say_they_are_on_file() -> None:
    assert verdict(space(**ABOVE, papers=True), other(**BELOW, papers=True))[0] == "compatible"
    assert verdict(space(**ABOVE, papers=True), other(**BELOW))[0] == "needs_consent"


def band(low: float | None, high: float | None, surveyed: bool = True) -> dict[str, Any]:
    return {"layers": Layer.WATER_COLUMN, "z_low": low, "z_high": high, "z_surveyed": surveyed}


@pytest.mark.parametrize(
    ("mine", "theirs", "apart"),
    [
        (band(-5, 0), band(-12, -5), True),
        (band(-5, 0), band(-12, -4.9), True),
        (band(-5, 0), band(-12, -4.89), False),
        (band(-5, 0), band(-12, -5, surveyed=False), False),
        (band(-5, None), band(-12, -5), False),
        (band(None, 0), band(-12, -5), False),
        (band(-5, 0), band(-3, -9), False),
    ],
)
def test_only_surveyed_numbers_keep_a_layer_apart(mine: dict[str, Any], theirs: dict[str, Any], apart: bool) -> None:
    """Stacked rights are layered rights: they need the consent and never conflict; anything unknown is shared."""
    expected = ("needs_consent", "heights.apart") if apart else ("conflict", "sea.exclusive")
    assert verdict(space(**mine), other(**theirs)) == expected
    assert verdict(space(**theirs), other(**mine)) == expected


def test_rights_stacked_by_height_become_compatible_with_their_papers() -> None:
    mine, theirs = space(**band(-5, 0), layered=True), other(**band(-12, -5), layered=True)
    assert verdict(mine, theirs, papers=[True]) == ("compatible", "layers.compatible")


def test_layers_named_apart_with_overlapping_surveyed_heights_are_an_inconsistency() -> None:
    mine = space(**ABOVE, z_low=-6.0, z_high=0.0, z_surveyed=True)
    theirs = other(**BELOW, z_low=-9.0, z_high=-5.0, z_surveyed=True)
    found = judged(mine, theirs, papers=[True])
    assert (Grade(found.grade[0]).word, found.reason[0]) == ("needs_consent", "heights.contradict")
    assert found.heights_contradict[0]


def test_pairs_that_are_never_layered_conflict() -> None:
    never = ForbiddenPair.of_rule([{"modes": ["41", "44"], "ground": "navigation"}])
    mine, theirs = space(**ABOVE, mode="44"), other(**BELOW, mode="41")
    assert verdict(mine, theirs, forbidden_layer_pairs=never, papers=[True]) == (
        "conflict",
        "layers.never_together.navigation",
    )
    assert verdict(replace(mine, mode="42"), theirs, forbidden_layer_pairs=never)[0] == "needs_consent"
    named = [ForbiddenPair(layers=Layer.SEABED, other_layers=Layer.SURFACE)]
    assert verdict(mine, theirs, forbidden_layer_pairs=named) == ("conflict", "layers.never_together")
    assert verdict(replace(mine, never_layered=True), theirs) == ("conflict", "layers.never_with_type")


# ---- widths ---------------------------------------------------------------------------------------------------------------


def overlapping_by(width_ms: int) -> Space:
    """A neighbour that reaches over the northern edge of MINE by so many milliseconds of latitude."""
    west, _, east, north = MINE.bounds
    return other(geometry=shapely.box(west, north - width_ms, east, north + 4_000))


@pytest.mark.parametrize(
    ("width_ms", "expected"),
    [
        (0, ("touching", "boundary.touching")),
        (1, ("within_tolerance", "boundary.within_tolerance")),
        (3, ("within_tolerance", "boundary.within_tolerance")),
        (4, ("needs_consent", "boundary.resurvey")),
        (32, ("needs_consent", "boundary.resurvey")),
        (33, ("conflict", "sea.exclusive")),
    ],
)
def test_the_width_decides_between_tolerance_resurvey_and_conflict(width_ms: int, expected: tuple[str, str]) -> None:
    found = judged(space(), overlapping_by(width_ms))
    assert (Grade(found.grade[0]).word, found.reason[0]) == expected
    assert found.width_m[0] == pytest.approx(width_ms * NORTH, abs=1e-3)
    assert found.overlap_m2[0] == pytest.approx(200 * width_ms * NORTH, rel=1e-2)


def test_two_surveyed_accuracies_widen_what_a_resurvey_can_settle() -> None:
    three_metres = overlapping_by(97)
    assert verdict(space(accuracy=2.0), replace(three_metres, accuracy=1.0)) == ("needs_consent", "boundary.resurvey")
    assert verdict(space(accuracy=1.9), replace(three_metres, accuracy=1.0)) == ("conflict", "sea.exclusive")
    assert verdict(space(accuracy=5.0), three_metres) == ("conflict", "sea.exclusive")
    assert verdict(space(accuracy=0.1), replace(overlapping_by(32), accuracy=0.1))[1] == "boundary.resurvey"


def test_papers_never_close_a_resurvey_and_a_thin_overlap_of_layers_asks_for_consent_only() -> None:
    both = {"layered": True, "papers": True}
    thin = overlapping_by(20)
    assert verdict(space(**both), replace(thin, **both)) == ("needs_consent", "boundary.resurvey")
    assert verdict(space(**ABOVE), replace(thin, **BELOW)) == ("needs_consent", "layers.consent")
    assert verdict(space(**ABOVE), replace(overlapping_by(2), **BELOW))[0] == "within_tolerance"


def test_limits_come_from_the_caller() -> None:
    wide = Tolerance(within=Decimal("0.5"), resurvey=Decimal("2"))  # type: ignore[arg-type]
    assert verdict(space(), overlapping_by(10), tolerance=wide)[0] == "within_tolerance"
    assert verdict(space(), overlapping_by(60), tolerance=wide)[1] == "boundary.resurvey"


def test_many_thin_overlaps_do_not_add_up_to_a_wide_one() -> None:
    west, _, _, north = (int(bound) for bound in MINE.bounds)
    teeth = [shapely.box(west + 200 * i, north - 3, west + 200 * i + 100, north + 500) for i in range(30)]
    comb = shapely.union_all([*teeth, shapely.box(west, north + 400, west + 6_000, north + 900)])
    assert verdict(space(), other(geometry=comb))[0] == "within_tolerance"


def by_the_page(mine: Space, theirs: Space, on_file: bool, width_m: float) -> str:
    """Register.md §2 read sentence by sentence, for spaces whose days and months meet; `width_m` 0 for an edge in common."""
    if width_m == 0:
        return "touching"
    if width_m <= 0.10:
        return "within_tolerance"
    numbers = (mine.z_low, mine.z_high, theirs.z_low, theirs.z_high)
    apart = False
    if mine.z_surveyed and theirs.z_surveyed and None not in numbers:
        low, high, other_low, other_high = numbers
        apart = min(high, other_high) - max(low, other_low) <= 0.1 + 1e-9  # type: ignore[type-var, operator]
        contradict = not apart
    else:
        contradict = False
    layer_shared = bool(mine.layers & theirs.layers) and not apart
    if layer_shared:
        both = None if mine.accuracy is None or theirs.accuracy is None else mine.accuracy + theirs.accuracy
        return "needs_consent" if width_m <= max(1.0, both or 0) else "conflict"
    complete = mine.layered and theirs.layered and on_file and not mine.excluded and not theirs.excluded
    inconsistent = contradict and not mine.layers & theirs.layers
    return "compatible" if complete and not inconsistent else "needs_consent"


some_metres = st.sampled_from([None, -9.0, -5.0, -4.9, -4.0, 0.0])
a_space = st.builds(
    dict,
    layers=st.integers(1, 15),
    z_surveyed=st.booleans(),
    layered=st.sampled_from([True, True, False]),
    excluded=st.sampled_from([False, False, False, True]),
    accuracy=st.sampled_from([None, 0.5, 2.0]),
    heights=st.tuples(some_metres, some_metres).filter(lambda z: None in z or z[0] < z[1]),
)


@settings(max_examples=500, deadline=None)
@given(a_space, a_space, st.booleans(), st.sampled_from([0, 2, 20, 80, 1_000]))
def test_the_grade_is_what_the_page_says_read_sentence_by_sentence(
    one: dict[str, Any], two: dict[str, Any], on_file: bool, width_ms: int
) -> None:
    def built(base: Space, parts: dict[str, Any]) -> Space:
        parts = dict(parts)
        low, high = parts.pop("heights")
        return replace(base, z_low=low, z_high=high, **parts)

    mine, theirs = built(space(), one), built(overlapping_by(width_ms), two)
    expected = by_the_page(mine, theirs, on_file, width_ms * NORTH)
    assert verdict(mine, theirs, papers=[on_file])[0] == expected


# ---- touching -------------------------------------------------------------------------------------------------------------


def test_neighbours_that_share_an_edge_touch_along_it() -> None:
    west, _, east, north = MINE.bounds
    found = judged(space(), other(geometry=shapely.box(west + 1_000, north, east, north + 900)))
    assert Grade(found.grade[0]) is Grade.TOUCHING
    assert found.shared_edge_m[0] == pytest.approx((east - west - 1_000) * EAST, rel=1e-5)
    assert found.overlap_m2[0] == found.width_m[0] == 0
    assert found.geometry[0].geom_type == "LineString"


def test_a_shared_corner_touches() -> None:
    _, _, east, north = MINE.bounds
    found = judged(space(), other(geometry=shapely.box(east, north, east + 900, north + 900)))
    assert (Grade(found.grade[0]).word, found.shared_edge_m[0]) == ("touching", 0)
    assert found.geometry[0].equals(shapely.Point(east, north))


@pytest.mark.parametrize(("gap_ms", "grade_word"), [(1, "touching"), (2, "clear"), (30, "clear")])
def test_a_gap_of_up_to_five_centimetres_along_an_edge_touches(gap_ms: int, grade_word: str) -> None:
    """0.031 m and 0.062 m."""
    west, _, east, north = MINE.bounds
    found = judged(space(), other(geometry=shapely.box(west, north + gap_ms, east, north + 900)))
    assert Grade(found.grade[0]).word == grade_word
    assert found.shared_edge_m[0] == pytest.approx(200 if gap_ms == 1 else 0, abs=0.15)


def test_what_is_apart_in_the_plane_is_clear() -> None:
    assert verdict(space(), other(geometry=box(500, 0, 600, 50))) == ("clear", "plane.apart")


def test_a_parcel_that_fills_a_hole_touches_and_one_inside_conflicts() -> None:
    hole = box(50, 30, 90, 60)
    ring = space(geometry=MINE.difference(hole))
    assert verdict(ring, other(geometry=hole))[0] == "touching"
    assert verdict(space(), other(geometry=hole))[0] == "conflict"
    assert judged(space(), other(geometry=hole)).share_other[0] == pytest.approx(1)


# ---- arrays ---------------------------------------------------------------------------------------------------------------


def mixed(count: int) -> tuple[Spaces, Spaces]:
    """Drafts and others of random layouts with mixed attributes."""
    rng = np.random.default_rng(6)
    pairs = pair_layouts(count, seed=8)

    def side(which: int) -> Spaces:
        start = rng.integers(740_000, 742_000, count)
        return Spaces.columns(
            np.array([pair[which] for pair in pairs], dtype=object),
            layers=rng.choice([15, 3, 6, 12, 1, 8], count),
            held_from=start,
            held_to=start + rng.integers(300, 4_000, count),
            months=rng.choice([ALL_YEAR, 7, 0b111100000], count),
            z_low=-9.0,
            z_high=-2.0,
            z_surveyed=rng.random(count) < 0.2,
            layered=rng.random(count) < 0.7,
            papers=rng.random(count) < 0.7,
            excluded=rng.random(count) < 0.1,
        )

    return side(0), side(1)


def assert_same(one: Pairs, other_pairs: Pairs) -> None:
    for name in Pairs.__slots__:
        left, right = getattr(one, name), getattr(other_pairs, name)
        if name == "geometry":
            assert shapely.to_wkb(left).tolist() == shapely.to_wkb(right).tolist()
        else:
            np.testing.assert_array_equal(left, right, err_msg=name)


def test_one_pair_gets_the_same_answer_as_among_many_and_in_threads() -> None:
    drafts, others = mixed(900)
    index = np.arange(900)
    whole = grade(drafts, others, index, index, tolerance=HOUSE)
    assert len({Grade(g) for g in whole.grade}) == 6
    singles = [
        grade(drafts.take(index[i : i + 1]), others.take(index[i : i + 1]), [0], [0], tolerance=HOUSE) for i in index
    ]
    assert_same(whole, Pairs.joined(singles))
    assert_same(whole, grade_many(drafts, others, index, index, tolerance=HOUSE, threads=3))


def test_an_audit_may_drop_the_geometry() -> None:
    drafts, others = mixed(40)
    found = grade_many(drafts, others, range(40), range(40), tolerance=HOUSE, keep_geometry=False)
    assert (found.geometry == None).all()  # noqa: E711 (element by element)
    assert len(grade_many(drafts, others, [], [], tolerance=HOUSE)) == 0


def test_asking_from_the_other_side_gives_the_same_grade() -> None:
    drafts, others = mixed(400)
    index = np.arange(400)
    there = grade(drafts, others, index, index, tolerance=HOUSE)
    back = grade(others, drafts, index, index, tolerance=HOUSE)
    assert there.grade.tolist() == back.grade.tolist()
    assert there.reason.tolist() == back.reason.tolist()


def test_every_reason_has_its_text_in_both_languages() -> None:
    drafts, others = mixed(400)
    found = grade(drafts, others, range(400), range(400), tolerance=HOUSE)
    grounds = [f"layers.never_together.{ground}" for ground in ("navigation", "engineering", "safety", "defence")]
    for code in {*found.reason, *grounds, "layers.never_together", "layers.never_with_type", "heights.contradict"}:
        assert text(code, "zh") != text(code, "en")
