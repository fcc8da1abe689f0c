"""What an applicant can learn of sources that are not public: cells, tenths, one sentence; and what halving finds."""

from __future__ import annotations

import json
from typing import Any

import pytest
import shapely
from sqlalchemy import text

from data.actors import Actor
from marine.cells import OFFICER_CELL_MS, OUTLINE_CELL_MS
from marine.findings import Grade
from marine.spaces import months_from_range
from parcels.checks import as_json
from tests.parcels.checks.sea import SOUTH, WEST, World, codes, rectangle, the

OFFICER = Actor.administrator()


def box(west: int, south: int, east: int, north: int) -> Any:
    """A box in milliseconds from the corner."""
    return shapely.box(WEST + west, SOUTH + south, WEST + east, SOUTH + north)


def test_a_hidden_zone_answers_with_one_sentence_and_nothing_else(world: World) -> None:
    world.zone("guns", box(1000, 1000, 9000, 9000), "forbid", layer_disclosure="officer")
    world.zone("mines", box(500, 500, 700, 700), "consult", layer_disclosure="officer")
    report = world.check(box(2000, 2000, 4000, 4000))
    found = the(report, "hidden.cell")
    assert report.grade is Grade.NEEDS_CONSENT and report.exit_code == 10 and report.remedy is None
    assert dict(found.facts) == {"reason": "hidden.cell"} and found.geometry is None
    (told,) = (block for block in as_json(report, "en")["findings"] if block["code"] == "hidden.cell")
    assert told["mend"] is None and told["basis"] == [] and told["geometry"] is None and told["at"] is None
    told = json.dumps(as_json(report, "en"))
    assert (
        "guns" not in told
        and "mines" not in told
        and "一个部门要看这个位置" in json.dumps(as_json(report, "zh"), ensure_ascii=False)
    )


def test_the_officer_reads_the_true_edge(world: World) -> None:
    world.zone("guns", box(8000, 0, 9000, 9000), "forbid", layer_disclosure="officer")
    near = box(2000, 2000, 4000, 4000)
    assert world.check(near).grade is Grade.NEEDS_CONSENT
    assert world.check(near, asker=OFFICER).grade is Grade.CLEAR
    assert world.check(box(7000, 2000, 8500, 4000), asker=OFFICER).grade is Grade.CONFLICT


def test_an_officer_of_another_place_reads_cells_like_anyone(world: World) -> None:
    world.zone("guns", box(1000, 1000, 9000, 9000), "forbid", layer_disclosure="officer")
    draft = box(2000, 2000, 4000, 4000)
    assert world.check(draft, asker=Actor.officer(places=[10**9])).grade is Grade.NEEDS_CONSENT
    own = world.session.scalar(text("SELECT place_id FROM place_code WHERE code = '371082'"))
    assert world.check(draft, asker=Actor.officer(places=[own])).grade is Grade.CONFLICT


def test_a_draft_one_cell_clear_of_every_source_reads_clear(world: World) -> None:
    size = OFFICER_CELL_MS
    world.zone("guns", box(10, 10, size - 10, size - 10), "forbid", layer_disclosure="officer")
    world.claim(box(10, 10, 2000, 2000))
    assert world.check(box(size, 0, size + 1000, 1000)).grade is Grade.CLEAR
    assert world.check(box(size - 1, 0, size + 1000, 1000)).grade is Grade.NEEDS_CONSENT


def test_a_claim_is_shown_in_outline_by_tenths_of_the_draft(world: World) -> None:
    world.claim(box(100, 100, 3000, 3000))
    size = OUTLINE_CELL_MS
    report = world.check(box(size - 2500, 0, size + 7500, 5000))
    found = the(report, "hidden.cell.claim")
    # A quarter of the draft lies in the cell of the claim: told upwards in tenths.
    assert found.facts["share_percent"] == 30 and found.geometry is None and found.grade is Grade.NEEDS_CONSENT
    assert "neighbour.exclusive" not in codes(report) and "claim.none" not in codes(report)
    # The officer sees the claim's own edge, which ends before the draft begins.
    assert "claim.none" in codes(world.check(box(size - 2500, 0, size + 7500, 5000), asker=OFFICER))


def test_a_claim_shown_after_public_notice_is_judged_by_its_edge(world: World) -> None:
    world.claim(box(100, 100, 3000, 3000), disclosure="public")
    report = world.check(box(2000, 2000, 5000, 5000))
    assert the(report, "neighbour.exclusive").facts["standing"] == "claimed"


def test_hidden_sources_that_hold_other_months_or_modes_do_not_answer(world: World) -> None:
    world.claim(box(100, 100, 3000, 3000), months=months_from_range(1, 3))
    world.zone("guns", box(100, 100, 3000, 3000), "forbid", layer_disclosure="officer", use_modes=("23",))
    assert world.check(world.draft(box(100, 100, 3000, 3000), months=months_from_range(5, 9))).grade is Grade.CLEAR


def test_the_name_of_a_hidden_layer_is_nowhere(world: World) -> None:
    world.zone("guns", box(900_000, 900_000, 900_900, 900_900), "forbid", layer_disclosure="officer", use_types=("13",))
    world.zone("guns2", box(0, 0, 900, 900), "forbid", layer_disclosure="officer", use_types=("13",))
    for draft in (world.draft(box(0, 0, 1000, 1000)), world.draft(box(0, 0, 1000, 1000), use_type=None)):
        assert "guns" not in json.dumps(as_json(world.check(draft), "zh"))


@pytest.mark.parametrize("disclosure", ["officer", "outline"])
def test_two_hundred_checks_by_halving_do_not_find_a_hidden_edge_better_than_a_cell(
    world: World, disclosure: str
) -> None:
    """The edge lies inside a cell; whatever drafts are asked about, the answer changes only at the lines of the grid."""
    size = OFFICER_CELL_MS if disclosure == "officer" else OUTLINE_CELL_MS
    edges = []
    for inside in (0.2, 0.8):
        edge = 3 * size + round(inside * size)
        version = world.zone(f"guns{inside}", box(0, 0, edge, 9 * size), "forbid", layer_disclosure=disclosure)
        edges.append((edge, _found_by_halving(world, size)))
        world.session.execute(
            text("UPDATE layer_version SET standing = 'withdrawn' WHERE source = '测试' AND id = :v"), {"v": version}
        )
    assert len({found for _, found in edges}) == 1, "two edges in one cell must look alike"
    assert all(abs(edge - found) >= 0.15 * size for edge, found in edges)


def _found_by_halving(world: World, size: int) -> int:
    """100 checks, with drafts of several sizes: the westernmost draft that still reads clear."""
    found = set()
    for width in (30, 300, size // 3, size, 2 * size):
        clear, hit = 8 * size, 0
        for _ in range(20):
            middle = (clear + hit) // 2
            report = world.check(box(middle, size, middle + width, size + 400))
            if report.grade is Grade.CLEAR:
                clear = middle
            else:
                hit = middle
        found.add(clear)
    assert len(found) == 1
    return found.pop()


def test_a_remedy_gives_nothing_up_to_what_is_hidden(world: World) -> None:
    world.claim(rectangle(0, 0, 100, 200))
    world.right(rectangle(150, 0, 400, 200))
    report = world.check(rectangle(0, 0, 200, 200))
    assert report.grade is Grade.CONFLICT and report.remedy is not None
    assert report.remedy.grade is not Grade.CONFLICT
    assert float(report.remedy.boundary.area) == pytest.approx(3.0, rel=1e-2)


def test_the_public_report_has_no_ids_of_candidates(world: World) -> None:
    world.claim(box(100, 100, 3000, 3000))
    report = world.check(box(2000, 2000, 5000, 5000))
    assert report.judged.occupations and "occupations" not in json.dumps(as_json(report, "zh"))


def test_a_sealed_area_is_told_to_officers_by_its_office_and_to_nobody_by_its_edge(world: World) -> None:
    world.zone("quiet", box(0, 0, 90_000, 90_000), "consult", layer_disclosure="sealed")
    draft = box(40_000, 40_000, 44_000, 44_000)
    assert "hidden.cell" in codes(world.check(draft))
    report = world.check(draft, asker=OFFICER)
    found = the(report, "zone.sealed")
    assert found.facts["office_zh"] == "quiet部门" and found.geometry is None and "hidden.cell" not in codes(report)


def test_a_draft_of_half_a_degree_is_answered_by_coarser_cells_and_soon(world: World) -> None:
    world.claim(box(100, 100, 3000, 3000))
    report = world.check(box(0, 0, 1_700_000, 1_500_000))
    assert the(report, "hidden.cell.claim").facts["share_percent"] == 10
