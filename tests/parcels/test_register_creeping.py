"""No water is granted twice by halves: slivers in turns of layers, months and heights, or sliver after sliver in acts of their own."""

from __future__ import annotations

from typing import Any

import pytest
import shapely

from data.answers import Refusal
from marine.spaces import Layer
from parcels.register import Band, GrantRequest, Occupying, grant
from tests.parcels.builders import build_paper
from tests.parcels.checks.sea import FIRST, LAST, MACHINE, NOW, SOUTH, WEST, World, boundary_of

# 400 ms are about 10 m; one sliver of 1 ms is 0.025 m wide, two are what rounding may leave.
WIDE, TALL = 400, 4000
HIGH, LOW = Band(Layer.SURFACE), Band(Layer.SEABED)


@pytest.fixture
def world(session: Any) -> World:
    return World(session)


def box(west: int, east: int) -> Any:
    """A strip so many milliseconds wide."""
    return shapely.box(WEST + west, SOUTH, WEST + east, SOUTH + TALL)


def slivers(west: int, east: int, width: int = 1) -> list[Any]:
    """The strip cut from north to south."""
    return [box(at, at + width) for at in range(west, east, width)]


def claim(world: World, shapes: list[Any], case: str = "S1", **given: Any) -> None:
    """Ask for the sea of these units."""
    boundary = boundary_of(*shapes)
    values: dict[str, Any] = {"use_type": "13", "unit_modes": ("41",) * len(shapes), "first": FIRST, "last": LAST}
    occupying = Occupying(**values | given)
    request = GrantRequest(
        standing="claimed", case_number=case, boundary=boundary, occupying=occupying, received_at=NOW
    )
    grant(world.session, request, actor=MACHINE, book=world.book, now=NOW)


def refused(world: World, shapes: list[Any], case: str = "S1", **given: Any) -> str:
    """The code with which it is refused."""
    with pytest.raises(Refusal) as refusal:
        claim(world, shapes, case, **given)
    return refusal.value.code


@pytest.mark.parametrize("layers", [Layer.ALL, Layer.SURFACE, Layer.SURFACE | Layer.WATER_COLUMN])
def test_slivers_whose_layers_take_turns_do_not_slip_over_a_right(world: World, layers: Layer) -> None:
    world.right(box(0, WIDE), layers=layers)
    turns = tuple(((HIGH,), (LOW,))[at % 2] for at in range(WIDE))
    assert refused(world, slivers(0, WIDE), unit_bands=turns) in {"register.conflict", "boundary.snap_first"}


def test_slivers_whose_heights_take_turns_do_not_slip_over_a_right(world: World) -> None:
    world.right(box(0, WIDE), z_low=-8.0, z_high=-1.0, z_surveyed=True)
    turns = tuple((Band(Layer.ALL, -8.0 + at % 3, -7.0 + at % 3, True),) for at in range(WIDE))
    assert refused(world, slivers(0, WIDE), unit_bands=turns) in {"register.conflict", "boundary.snap_first"}


def test_a_right_whose_layers_take_turns_in_slivers_keeps_its_sea(world: World) -> None:
    """Papers for its surface are none for the slivers in which it holds the seabed too."""
    strips = slivers(0, WIDE, 2)
    right = world.right(*strips, layers=Layer.SURFACE, is_layered=True)
    for shape in strips[::2]:
        world.unit(shape, right, layers=Layer.SEABED, is_layered=True)
    build_paper(world.session, case="S1", boundary=boundary_of(box(0, WIDE)), right=right)
    assert refused(world, [box(0, WIDE)], bands=(LOW,), is_layered=True) == "boundary.snap_first"


def test_a_right_whose_months_take_turns_in_slivers_keeps_its_sea(world: World) -> None:
    right = world.right(box(0, 1), months=0b1)
    for at, shape in enumerate(slivers(1, WIDE)):
        world.unit(shape, right, months=1 << at % 12)
    assert refused(world, [box(0, WIDE)], months=0b111) in {"register.conflict", "boundary.snap_first"}


def test_rights_no_wider_than_the_tolerance_are_not_swallowed(world: World) -> None:
    for shape in slivers(0, 40):
        world.right(shape)
    assert refused(world, [box(0, WIDE)]) == "boundary.snap_first"


def test_sliver_after_sliver_eats_no_further_than_rounding_into_a_right(world: World) -> None:
    """Each act asks for no more than 0.05 m; what earlier ones got moves no edge of the right."""
    world.right(box(0, 40))
    won = []
    for at in range(40):
        try:
            claim(world, [box(at, at + 1)], f"creep-{at}")
        except Refusal as refusal:
            assert refusal.code in {"register.conflict", "boundary.snap_first"}
        else:
            won.append(at)
    # Two slivers along either edge lie within 0.05 m of it; all water further in was refused every time.
    assert won == [0, 1, 38, 39]


def test_sliver_upon_sliver_is_refused(world: World) -> None:
    claim(world, [box(0, 1)], "one")
    assert refused(world, [box(0, 1)], "two") == "boundary.snap_first"


def test_what_rounding_leaves_along_an_edge_is_taken_and_the_next_act_is_held_against_the_right_as_stored(
    world: World,
) -> None:
    world.right(box(0, WIDE))
    claim(world, [box(WIDE - 2, WIDE + 400)], "first")
    # The second lies on the first's edge, one sliver further in: measured from the right as stored, that is too deep.
    assert refused(world, [shapely.box(WEST + WIDE - 3, SOUTH, WEST + WIDE - 2, SOUTH + TALL)], "next") in {
        "register.conflict",
        "boundary.snap_first",
    }


def test_layered_slivers_need_the_papers_like_any_layered_pair(world: World) -> None:
    right = world.right(box(0, WIDE), layers=Layer.SURFACE, is_layered=True)
    given: dict[str, Any] = {"bands": (LOW,), "is_layered": True, "unit_modes": ("41",) * WIDE}
    assert refused(world, slivers(0, WIDE), **given) == "register.needs_consent"
    build_paper(world.session, case="S1", boundary=boundary_of(*slivers(0, WIDE)), right=right)
    claim(world, slivers(0, WIDE), **given)
