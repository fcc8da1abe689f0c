"""The law on the draft itself: term, authority, reclamation, its own faults, the fee beside; and what cannot be judged."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from marine.authority import Part
from marine.findings import Grade
from tests.parcels.checks.sea import World, codes, rectangle, the

MINE = rectangle(0, 0, 200, 200)


def test_a_term_longer_than_the_law_allows_is_forbidden(world: World) -> None:
    report = world.check(world.draft(MINE, held=(date(2027, 1, 1), date(2042, 1, 1))))
    found = the(report, "term.too_long")
    assert report.exit_code == 11 and found.facts["latest"] == date(2041, 12, 31)
    assert found.basis[0].rule == "term.maximum_years" and found.basis[0].mark == "edition_not_confirmed"


def test_the_term_goes_by_the_type_and_not_by_the_mode(world: World) -> None:
    held = (date(2027, 1, 1), date(2076, 12, 31))
    assert "term.fits" in codes(world.check(world.draft(MINE, use_type="31", unit_modes=("23",), held=held)))
    assert "term.too_long" in codes(world.check(world.draft(MINE, use_type="41", unit_modes=("23",), held=held)))


def test_without_a_type_term_and_plan_are_not_judged_and_nothing_fits(world: World) -> None:
    report = world.check(world.draft(MINE, use_type=None, unit_modes=("23",)))
    assert report.grade is Grade.CLEAR and report.exit_code == 12 and not report.fits
    assert "not_judged.type" in [missing.code for missing in report.not_judged]
    assert not [code for code in codes(report) if code.startswith("term.")]


def test_the_county_approves_small_open_water_and_the_project_is_summed(world: World) -> None:
    alone = the(world.check(MINE), "authority.decided")
    assert (alone.facts["level"], alone.facts["place"]) == ("county", "371082")
    earlier = [Part(mode="41", hectares=Decimal("199.9"), place="371082")]
    assert the(world.check(MINE, project_parts=earlier), "authority.decided").facts["level"] == "city"


def test_reclamation_is_stopped_except_for_a_national_project(world: World) -> None:
    draft = world.draft(MINE, use_type="31", unit_modes=("11",))
    assert the(world.check(draft), "reclamation.stopped").grade is Grade.CONFLICT
    assert "reclamation.stopped" not in codes(world.check(draft, national_project=True))


def test_reclamation_is_stopped_even_where_nobody_knows_the_place(bare: World) -> None:
    assert "reclamation.stopped" in codes(bare.check(bare.draft(MINE, use_type="31", unit_modes=("11",))))


def test_a_heading_of_the_list_is_no_mode(world: World) -> None:
    report = world.check(world.draft(MINE, unit_modes=("4",)))
    assert the(report, "own.mode_unknown").facts["value"] == "4" and report.exit_code == 11


def test_the_fee_is_told_beside_and_an_unknown_rate_does_not_stop_a_fitting_draft(world: World) -> None:
    pier = world.check(
        world.draft(MINE, use_type="31", unit_modes=("23",), held=(date(2027, 1, 1), date(2027, 12, 31)))
    )
    assert pier.fee is not None and pier.fits
    assert pier.fee.facts["total_yuan"] == (pier.draft.boundary.area * Decimal("3.23") * 10_000).quantize(
        Decimal("0.01")
    )
    oysters = world.check(MINE)
    assert oysters.fee is None and oysters.fits
    assert [missing.required for missing in oysters.not_judged if missing.code == "not_judged.fee"] == [False]


def test_a_draft_across_two_counties_goes_to_their_common_superior(bare: World) -> None:
    city = bare.city()
    bare.place("371083", "乳山市", rectangle(-5000, -5000, 100, 5000), city)
    bare.place("371003", "文登区", rectangle(100, -5000, 5000, 5000), city)
    report = bare.check(MINE)
    assert the(report, "place.several").facts["common_zh"] == "威海市"
    assert the(report, "authority.decided").facts["level"] == "city"
    assert [
        finding.facts["share_draft"] for finding in report.findings if finding.code == "place.within"
    ] == pytest.approx([0.5, 0.5], abs=1e-3)


def test_a_draft_outside_every_known_sea_area_is_measured_and_not_judged(world: World) -> None:
    far = rectangle(40_000, 40_000, 40_200, 40_200)
    report = world.check(far)
    assert report.exit_code == 12 and report.draft.boundary.hash
    assert "not_judged.place" in [missing.code for missing in report.not_judged]


def test_a_place_that_the_rule_book_does_not_know_is_not_silently_passed_over(bare: World) -> None:
    bare.place("999999", "某市", rectangle(-5000, -5000, 5000, 5000), bare.city())
    report = bare.check(MINE)
    assert "not_judged.place_unknown" in [missing.code for missing in report.not_judged] and report.exit_code == 12


def test_a_functional_zone_is_known_by_its_statistical_code(bare: World) -> None:
    """经区 has no administrative code; whether its district may approve is settled by the city and not known."""
    from sqlalchemy import text

    zone = bare.place("371072", "经区", rectangle(-5000, -5000, 5000, 5000), bare.city(), kind="zone")
    bare.session.execute(text("UPDATE place_code SET scheme = 'statistical' WHERE place_id = :zone"), {"zone": zone})
    report = bare.check(MINE)
    (missing,) = [missing for missing in report.not_judged if missing.code == "not_judged.authority_rule"]
    assert missing.required and missing.facts["lacking"]


def test_a_draft_partly_outside_says_how_much(world: World) -> None:
    report = world.check(rectangle(29_900, 0, 30_300, 200))
    assert the(report, "place.partly_outside").facts["share_draft"] > 0.7
    assert "not_judged.place_partly" in [missing.code for missing in report.not_judged]


def test_rules_are_those_of_the_books_hash(world: World) -> None:
    assert world.check(MINE).rules_hash == world.book.hash
