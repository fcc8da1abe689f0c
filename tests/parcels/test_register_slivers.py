"""Cutting a parcel into slivers must not slip it over a right: each would overlap by less than the tolerance."""

from __future__ import annotations

import pytest
import shapely

from data.answers import Refusal
from parcels.register import GrantRequest, Occupying, grant
from tests.parcels.checks.sea import FIRST, LAST, MACHINE, NOW, SOUTH, WEST, World, boundary_of

WIDE = 400


@pytest.mark.parametrize("units", [1, 2, 40, 200])
@pytest.mark.parametrize("modes", [("41",), ("41", "44")])
def test_sea_that_is_taken_is_refused_however_the_draft_is_divided(
    session: object, units: int, modes: tuple[str, ...]
) -> None:
    world = World(session)  # type: ignore[arg-type]
    world.right(shapely.box(WEST, SOUTH, WEST + WIDE, SOUTH + 4000))
    step = WIDE // units
    shapes = [shapely.box(WEST + at * step, SOUTH, WEST + (at + 1) * step, SOUTH + 4000) for at in range(units)]
    with pytest.raises(Refusal) as refused:
        _claim(world, shapes, modes)
    assert refused.value.code == "register.conflict"


def test_a_right_divided_into_slivers_holds_its_sea_all_the_same(session: object) -> None:
    world = World(session)  # type: ignore[arg-type]
    world.right(*(shapely.box(WEST + at, SOUTH, WEST + at + 2, SOUTH + 4000) for at in range(0, WIDE, 2)))
    with pytest.raises(Refusal) as refused:
        _claim(world, [shapely.box(WEST, SOUTH, WEST + WIDE, SOUTH + 4000)], ("41",))
    assert refused.value.code == "register.conflict"


def _claim(world: World, shapes: list[shapely.Polygon], modes: tuple[str, ...]) -> None:
    """Ask for the sea of these units, whose modes take turns."""
    boundary = boundary_of(*shapes)
    occupying = Occupying(
        use_type="13", unit_modes=tuple(modes[at % len(modes)] for at in range(len(shapes))), first=FIRST, last=LAST
    )
    request = GrantRequest(
        standing="claimed", case_number="S1", boundary=boundary, occupying=occupying, received_at=NOW
    )
    grant(world.session, request, actor=MACHINE, book=world.book, now=NOW)
