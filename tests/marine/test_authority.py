"""Authority: what holds for every project; the thresholds stand in tests/rules/authority.yaml."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.rulebook import Inquiry, on, packaged
from marine.authority import LEVELS, Part, decide_authority, government
from marine.findings import Grade

AREA = st.decimals(Decimal("0.0001"), Decimal("900"), places=4)
KNOWN_MODE = st.sampled_from(["31", "32", "33", "41", "42", "43", "44"])


def inquiry() -> Inquiry:
    """The packaged book in Rongcheng."""
    return packaged().inquire(
        dates=on(date(2027, 1, 1)), place=packaged().places.chain("371082"), today=date(2026, 11, 23)
    )


@given(KNOWN_MODE, AREA, st.integers(1, 6))
def test_splitting_a_project_never_changes_who_approves(mode: str, hectares: Decimal, pieces: int) -> None:
    whole = decide_authority([Part(mode, hectares, "371082")], inquiry())
    part = hectares / pieces
    split = [Part(mode, part, "371082")] * (pieces - 1) + [Part(mode, hectares - part * (pieces - 1), "371082")]
    assert decide_authority(split, inquiry()).level == whole.level


@given(KNOWN_MODE, AREA, AREA)
def test_more_sea_never_goes_to_a_lower_level(mode: str, first: Decimal, second: Decimal) -> None:
    small, large = sorted([first, second])
    levels = [decide_authority([Part(mode, each, "371082")], inquiry()).level for each in (small, large)]
    assert LEVELS.index(str(levels[0])) <= LEVELS.index(str(levels[1]))


@given(AREA, AREA)
def test_several_groups_go_to_the_highest_of_their_levels(open_sea: Decimal, enclosed: Decimal) -> None:
    parts = [Part("41", open_sea, "371082"), Part("33", enclosed, "371082")]
    alone = [str(decide_authority([part], inquiry()).level) for part in parts]
    assert decide_authority(parts, inquiry()).level == max(alone, key=LEVELS.index)


def test_the_county_of_another_province_is_not_invented() -> None:
    with pytest.raises(KeyError):
        decide_authority([Part("41", Decimal(1), "330900")], inquiry())


def test_a_missing_county_rule_is_said_with_what_is_certain() -> None:
    found = decide_authority([Part("41", Decimal(1), "371003")], inquiry())
    assert (found.level, found.least, found.missing) == (None, "county", ("authority.county_power.371003",))
    assert found.findings[0].code == "authority.not_judged"


def test_reclamation_is_a_conflict_with_its_basis() -> None:
    stop = decide_authority([Part("11", Decimal(1), "371082")], inquiry()).findings[-1]
    assert (stop.code, stop.grade) == ("reclamation.stopped", Grade.CONFLICT)
    assert stop.basis[0].cite == "威海市海岸带保护条例 第二十条"


def test_two_zones_of_one_district_are_that_districts_matter() -> None:
    found = decide_authority([Part("41", Decimal(1), "371071"), Part("41", Decimal(1), "371072")], inquiry())
    assert found.missing == ("authority.county_power.371002",)
    assert government(inquiry(), "371073", "county") == "371002"


def test_where_the_state_decides_lower_doubts_no_longer_matter() -> None:
    found = decide_authority([Part("41", Decimal(700), "371082"), Part("53", Decimal(1), "371082")], inquiry())
    assert (found.level, found.place, found.missing) == ("state", "cn", ())


def test_an_authority_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one part"):
        decide_authority([], inquiry())
