"""The check against rights and claims, on real PostGIS: every grade, dates, months, layers, and the bound on widths."""

from __future__ import annotations

from datetime import date

import pytest

from marine.findings import Grade
from marine.spaces import Layer, months_from_range
from tests.parcels.checks.sea import World, codes, rectangle, the

MINE = rectangle(0, 0, 200, 200)


def test_a_draft_in_free_sea_fits_and_says_what_was_looked_at(world: World) -> None:
    report = world.check(MINE)
    assert report.grade is Grade.CLEAR, codes(report)
    assert {"right.none", "claim.none", "zone.none", "shoreline.none", "place.within", "term.fits"} <= set(
        codes(report)
    )
    assert [missing.code for missing in report.not_judged] == ["not_judged.fee"]
    assert report.exit_code == 0 and report.fits and report.remedy is None


def test_an_overlap_in_plane_layers_and_dates_is_a_conflict_whatever_the_uses(world: World) -> None:
    world.right(rectangle(150, 0, 400, 200), use_type="31", use_mode="31")
    report = world.check(MINE)
    found = the(report, "neighbour.exclusive")
    assert report.grade is Grade.CONFLICT and report.exit_code == 11
    assert found.facts["overlap_m2"] == pytest.approx(10_000, rel=1e-3)
    assert found.facts["share_draft"] == pytest.approx(0.25, rel=1e-3)
    assert found.facts["share_other"] == pytest.approx(0.2, rel=1e-3)
    assert found.facts["width_m"] == pytest.approx(50, abs=0.1)
    assert (found.facts["from"], found.facts["to"]) == (date(2027, 1, 1), date(2034, 12, 31))
    assert found.geometry is not None and found.basis


def test_neighbours_that_touch_do_not_overlap(world: World) -> None:
    world.right(rectangle(200, 0, 400, 200))
    report = world.check(MINE)
    assert report.grade is Grade.TOUCHING and report.exit_code == 0
    assert the(report, "neighbour.touching").facts["shared_edge_m"] == pytest.approx(200, abs=0.1)


@pytest.mark.parametrize(
    ("inward", "grade", "code"),
    [
        (0.05, Grade.WITHIN_TOLERANCE, "neighbour.within_tolerance"),
        (0.5, Grade.NEEDS_CONSENT, "neighbour.resurvey"),
        (1.5, Grade.CONFLICT, "neighbour.exclusive"),
    ],
)
def test_the_width_of_an_overlap_decides(world: World, inward: float, grade: Grade, code: str) -> None:
    world.right(rectangle(200 - inward, 0, 400, 200))
    report = world.check(MINE)
    assert report.grade is grade
    assert the(report, code).facts["width_m"] == pytest.approx(inward, abs=0.03)


def test_dividing_a_parcel_or_its_neighbour_into_slivers_does_not_narrow_the_overlap(world: World) -> None:
    """A strip 1.5 m wide, cut lengthwise by a unit border of either side, is still 1.5 m wide."""
    world.right(rectangle(198.5, 0, 400, 200))
    divided = world.draft(rectangle(0, 0, 199.25, 200), rectangle(199.25, 0, 200, 200))
    assert world.check(divided).grade is Grade.CONFLICT


def test_rights_that_end_before_the_first_day_do_not_count(world: World) -> None:
    world.right(rectangle(100, 0, 400, 200), last=date(2026, 12, 31))
    assert "neighbour.exclusive" not in codes(world.check(MINE))
    later = world.draft(MINE, held=(date(2026, 12, 31), date(2041, 12, 30)))
    assert world.check(later).grade is Grade.CONFLICT


def test_months_apart_leave_the_sea_free(world: World) -> None:
    world.right(rectangle(100, 0, 400, 200), months=months_from_range(11, 2))
    assert world.check(world.draft(MINE, months=months_from_range(3, 10))).grade is Grade.CLEAR
    assert world.check(world.draft(MINE, months=months_from_range(2, 10))).grade is Grade.CONFLICT


def test_other_layers_need_consent(world: World) -> None:
    world.right(rectangle(100, 0, 400, 200), layers=Layer.SEABED | Layer.SUBSOIL)
    report = world.check(world.draft(MINE, layers=Layer.SURFACE, layered=True))
    assert report.grade is Grade.NEEDS_CONSENT and report.exit_code == 10
    assert the(report, "neighbour.consent").facts["layers"] == ["seabed", "subsoil"]


def test_two_uses_that_are_never_layered_conflict_in_any_layers(world: World) -> None:
    world.right(rectangle(100, 0, 400, 200), layers=Layer.SEABED, use_type="51", use_mode="53")
    draft = world.draft(MINE, layers=Layer.SURFACE, layered=True, use_type="22", unit_modes=("54",))
    assert the(world.check(draft), "neighbour.never_together").grade is Grade.CONFLICT


def test_a_right_without_layer_data_holds_all_four(world: World) -> None:
    world.right(rectangle(100, 0, 400, 200))
    assert world.check(world.draft(MINE, layers=Layer.SUBSOIL, layered=True)).grade is Grade.CONFLICT


def test_the_right_named_as_renewed_does_not_block(world: World) -> None:
    own = world.right(MINE)
    assert world.check(MINE).grade is Grade.CONFLICT
    assert world.check(MINE, exempt_rights=[own]).grade is Grade.CLEAR


def test_the_same_inputs_give_the_same_report(world: World) -> None:
    for west in (150, 180, 199.5):
        world.right(rectangle(west, 0, west + 200, 200))
    first, second = world.check(MINE), world.check(MINE)
    assert first.findings == second.findings and first.judged == second.judged and len(first.judged.occupations) == 3
    grades = [finding.grade for finding in first.findings if finding.grade is not None]
    assert grades == sorted(grades, reverse=True)


def test_a_right_with_two_units_is_one_source(world: World) -> None:
    world.right(rectangle(150, 0, 400, 90), rectangle(150, 90, 400, 200))
    found = the(world.check(MINE), "neighbour.exclusive")
    assert found.facts["overlap_m2"] == pytest.approx(10_000, rel=1e-3)


def test_without_dates_nothing_reads_as_fitting(world: World) -> None:
    report = world.check(world.draft(MINE, held=None))
    assert report.grade is Grade.CLEAR and not report.fits and report.exit_code == 12
    assert "not_judged.dates" in [missing.code for missing in report.not_judged]


def test_a_right_whose_units_take_turns_in_mode_is_as_wide_as_all_of_them(world: World) -> None:
    """Each of its units overlaps the draft by less than the tolerance; together they overlap it by 2 m."""
    right = world.right(rectangle(200, 0, 400, 200))
    for at in range(24):
        shape = rectangle(198 + at / 12, 0, 198 + (at + 1) / 12, 200)
        world.unit(shape, right, use_mode="41" if at % 2 else "42")
    report = world.check(MINE)
    assert report.grade is Grade.CONFLICT and codes(report).count("neighbour.exclusive") == 1
