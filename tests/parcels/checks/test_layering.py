"""Layered rights: compatible only when all papers are on file; heights, accuracies, and loads that await their audit."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from marine.findings import Grade
from marine.spaces import Layer
from parcels.drafts import Heights
from parcels.models import LayeringPaper, SourceFile
from tests.parcels.checks.sea import World, codes, rectangle, the

MINE = rectangle(0, 0, 200, 200)
ABOVE = {"layers": Layer.SURFACE, "layered": True}


def papers(world: World, right: int, boundary_hash: str) -> None:
    """Consent and argumentation for a boundary over a right."""
    for digest in ("sha256:1", "sha256:2"):
        world.session.merge(SourceFile(digest=digest, name="x.pdf", content=b"x"))
    world.session.flush()
    world.session.add(
        LayeringPaper(
            earlier_right_id=right,
            case_number="C9",
            boundary_hash=boundary_hash,
            kind="consent",
            consent_digest="sha256:1",
            argument_digest="sha256:2",
            recorded_at=datetime(2026, 11, 1, tzinfo=UTC),
        )
    )
    world.session.flush()


def test_layered_rights_are_compatible_only_with_all_papers_on_file(world: World) -> None:
    right = world.right(rectangle(100, 0, 400, 200), layers=Layer.SEABED, is_layered=True)
    draft = world.draft(MINE, **ABOVE)
    assert world.check(draft).grade is Grade.NEEDS_CONSENT
    papers(world, right, draft.boundary.hash)
    report = world.check(draft)
    assert report.grade is Grade.COMPATIBLE and report.exit_code == 0 and the(report, "neighbour.compatible")


def test_papers_for_another_boundary_or_an_undeclared_side_do_not_count(world: World) -> None:
    declared = world.right(rectangle(100, 0, 400, 200), layers=Layer.SEABED, is_layered=True)
    plain = world.right(rectangle(-400, 0, 50, 200), layers=Layer.SUBSOIL, is_layered=False)
    draft = world.draft(MINE, **ABOVE)
    papers(world, declared, "0" * 64)
    papers(world, plain, draft.boundary.hash)
    assert world.check(draft).grade is Grade.NEEDS_CONSENT
    assert codes(world.check(draft)).count("neighbour.consent") == 2


def test_a_use_that_changes_the_sea_completely_is_never_layered(world: World) -> None:
    right = world.right(rectangle(100, 0, 400, 200), layers=Layer.SEABED, is_layered=True, use_type="31", use_mode="21")
    draft = world.draft(MINE, **ABOVE)
    papers(world, right, draft.boundary.hash)
    assert the(world.check(draft), "neighbour.excluded").grade is Grade.NEEDS_CONSENT


def test_surveyed_heights_part_two_uses_of_one_layer_and_unknown_ones_do_not(world: World) -> None:
    world.right(rectangle(100, 0, 400, 200), layers=Layer.WATER_COLUMN, z_low=-20.0, z_high=-10.0, z_surveyed=True)
    above = world.draft(MINE, layers=Layer.WATER_COLUMN, heights=Heights(low=-5.0, high=0.0, surveyed=True))
    assert the(world.check(above), "neighbour.apart").grade is Grade.NEEDS_CONSENT
    unsure = world.draft(MINE, layers=Layer.WATER_COLUMN, heights=Heights(low=-5.0, high=0.0))
    assert world.check(unsure).grade is Grade.CONFLICT


@pytest.mark.parametrize(("offshore_m", "grade"), [(10_000, Grade.CONFLICT), (25_000, Grade.NEEDS_CONSENT)])
def test_what_two_surveys_may_be_off_by_goes_by_the_distance_offshore(
    world: World, offshore_m: float, grade: Grade
) -> None:
    """The shore lies 20 km south: within 20 km a survey counts for 1 m, beyond for 3 m; the strip is 4 m wide."""
    north = offshore_m - 20_000
    world.right(rectangle(196, north, 400, north + 200), accuracy_m=3.0)
    draft = world.draft(rectangle(0, north, 200, north + 200), accuracy=3.0)
    report = world.check(draft)
    assert report.grade is grade, codes(report)


def test_a_load_that_nobody_has_audited_is_named_where_its_rights_are_near(world: World) -> None:
    world.right(rectangle(200, 0, 400, 200))
    run = world.session.scalar(
        text(
            "INSERT INTO load_run (target, source_digest, source_name, column_map, feature_count, state, audit, actor) "
            "VALUES ('rights', 'sha256:9', 'old.gpkg', '{}', 1, 'finished', 'pending', 'x') RETURNING id"
        )
    )
    assert "not_judged.audit" not in [missing.code for missing in world.check(MINE).not_judged]
    world.right(rectangle(200, 200, 400, 400), run=run)
    report = world.check(MINE)
    (missing,) = [missing for missing in report.not_judged if missing.code == "not_judged.audit"]
    assert missing.facts == {"run": run, "source": "old.gpkg"} and not missing.required and report.exit_code == 0
