"""The check against zones: effects, types and modes, dates, accuracy, the table of uses, and versions with their transitions."""

from __future__ import annotations

from datetime import date

import pytest
import shapely

from data.actors import Actor
from marine.findings import Grade
from parcels.checks import as_json
from parcels.publishing import ZoneDraft
from tests.parcels.checks.sea import World, codes, ms, rectangle, the

MINE = rectangle(0, 0, 200, 200)
HALF = rectangle(100, -50, 400, 300)


@pytest.mark.parametrize(
    ("effect", "grade", "exit_code"),
    [
        ("forbid", Grade.CONFLICT, 11),
        ("restrict", Grade.NEEDS_CONSENT, 10),
        ("consult", Grade.NEEDS_CONSENT, 10),
        ("inform", Grade.COMPATIBLE, 0),
    ],
)
def test_what_a_zone_demands_is_its_grade(world: World, effect: str, grade: Grade, exit_code: int) -> None:
    world.zone("red", HALF, effect)
    report = world.check(MINE)
    found = the(report, f"zone.{effect}")
    assert (report.grade, report.exit_code) == (grade, exit_code)
    assert found.facts["overlap_m2"] == pytest.approx(20_000, rel=1e-3) and found.facts["version"] == 1
    if grade is Grade.NEEDS_CONSENT:
        assert (
            found.facts["office_zh"] == "red部门"
            and found.facts["answer_days"] == 3
            and found.facts["silence_days"] == 7
        )


def test_a_zone_concerns_only_the_types_and_modes_that_it_names(world: World) -> None:
    world.zone("farms", HALF, "forbid", use_types=("12", "13"))
    world.zone("rafts", HALF, "forbid", use_modes=("33",))
    assert {"zone.forbid"} <= set(codes(world.check(MINE)))
    assert world.check(world.draft(MINE, use_type="31")).grade is Grade.CLEAR


def test_a_zone_that_names_modes_takes_only_the_units_with_them(world: World) -> None:
    world.zone("rafts", rectangle(-50, -50, 400, 300), "forbid", use_modes=("41",))
    draft = world.draft(rectangle(0, 0, 100, 200), rectangle(100, 0, 200, 200), use_type="13", unit_modes=("23", "41"))
    report = world.check(draft)
    assert the(report, "zone.forbid").facts["share_draft"] == pytest.approx(1.0)
    assert the(report, "zone.forbid").facts["overlap_m2"] == pytest.approx(20_000, rel=1e-3)
    assert report.remedy is not None and report.remedy.modes == ("23",) and report.remedy.dropped_units == (1,)


def test_without_a_type_a_zone_for_types_is_not_judged(world: World) -> None:
    world.zone("farms", HALF, "forbid", use_types=("13",))
    report = world.check(world.draft(MINE, use_type=None))
    assert "zone.forbid" not in codes(report) and report.exit_code == 12
    assert {"not_judged.type", "not_judged.zone_type"} <= {missing.code for missing in report.not_judged}


def test_zones_hold_for_their_dates(world: World) -> None:
    world.zone("works", HALF, "forbid", last=date(2026, 12, 31))
    assert world.check(MINE).grade is Grade.CLEAR
    assert world.check(world.draft(MINE, held=(date(2026, 12, 1), date(2030, 11, 30)))).grade is Grade.CONFLICT


def test_a_strip_narrower_than_the_layer_is_accurate_is_within_tolerance(world: World) -> None:
    world.zone("rough", rectangle(197, -50, 400, 300), "forbid", accuracy_m=5.0)
    world.zone("sharp", rectangle(-300, -50, 3, 300), "forbid", accuracy_m=0.5)
    report = world.check(MINE)
    assert the(report, "zone.within_tolerance").facts["layer"] == "rough"
    assert the(report, "zone.forbid").facts["layer"] == "sharp"


def test_the_buffer_of_a_cable_is_part_of_its_zone(world: World) -> None:
    cable = shapely.LineString([ms(650, -500), ms(650, 500)])
    world.zone("cables", cable, "forbid", buffer_m=500, use_modes=("41",))
    found = the(world.check(MINE), "zone.forbid")
    assert found.facts["buffer_m"] == 500 and found.facts["width_m"] == pytest.approx(50, abs=0.5)


def test_the_table_of_uses_makes_a_zone_stricter_never_milder(world: World) -> None:
    world.zone("lane", HALF, "inform", attributes={"zone_kind": "fairway"})
    found = the(world.check(MINE), "zone.forbid")
    assert found.basis[0].rule == "use.zone_table"
    harbour = world.draft(MINE, use_type="31", unit_modes=("31",))
    assert the(world.check(harbour), "zone.consult").facts["effect"] == "consult"


def test_a_looked_at_layer_with_nothing_here_says_so(world: World) -> None:
    world.zone("far", rectangle(5000, 5000, 6000, 6000), "forbid")
    assert {finding.facts["layer"] for finding in world.check(MINE).findings if finding.code == "zone.none"} == {
        "planning",
        "far",
    }


def test_with_no_layer_published_zones_are_not_judged(bare: World) -> None:
    report = bare.check(MINE)
    assert {"not_judged.zones", "not_judged.place", "not_judged.shoreline"} <= {m.code for m in report.not_judged}
    assert report.grade is Grade.CLEAR and report.exit_code == 12


def test_a_draft_version_governs_nobody(world: World) -> None:
    from parcels.publishing import LayerDraft, add_zones, lay_down, layer_of
    from tests.parcels.checks.sea import MACHINE

    layer = layer_of(world.session, LayerDraft(code="red", kind="zones", name_zh="红", name_en="red"))
    version = lay_down(world.session, layer, source="x", valid=(None, None), actor=MACHINE, proposed_by="甲")
    add_zones(
        world.session, version, [ZoneDraft(identity="1", name_zh="红", name_en="red", effect="forbid", geometry=HALF)]
    )
    assert world.check(MINE).grade is Grade.CLEAR


def test_a_version_dated_ahead_is_told_and_does_not_govern_yet(world: World) -> None:
    world.zone("plan", HALF, "inform", valid=(date(2026, 1, 1), None))
    world.zone("plan", HALF, "forbid", valid=(date(2027, 6, 1), None))
    report = world.check(MINE)
    assert report.grade is Grade.COMPATIBLE
    note = the(report, "zone.newer")
    assert note.facts["would"] == "conflict" and note.facts["version_from"] == date(2027, 6, 1) and note.grade is None
    assert world.check(MINE, today=date(2027, 6, 1)).grade is Grade.CONFLICT


def test_a_version_for_cases_accepted_later_leaves_older_cases_to_the_one_before(world: World) -> None:
    world.zone("plan", HALF, "inform", valid=(date(2026, 1, 1), None))
    world.zone("plan", HALF, "forbid", valid=(date(2026, 11, 1), None), transition="accepted_after")
    older = world.check(MINE, accepted=date(2026, 10, 30))
    assert older.grade is Grade.COMPATIBLE and the(older, "zone.newer").facts["would"] == "conflict"
    assert world.check(MINE, accepted=date(2026, 11, 1)).grade is Grade.CONFLICT


def test_a_layer_that_ended_without_successor_is_not_silently_clear(world: World) -> None:
    world.zone("plan", HALF, "forbid", valid=(date(2025, 1, 1), date(2026, 6, 30)))
    report = world.check(MINE)
    assert report.grade is Grade.CLEAR
    assert the(report, "zone.lapsed").facts["until"] == date(2026, 6, 30)


def test_a_republished_layer_is_seen_at_once(world: World) -> None:
    world.zone("plan", HALF, "inform", valid=(date(2026, 1, 1), None))
    assert world.check(MINE).grade is Grade.COMPATIBLE
    world.zone("plan", HALF, "forbid", valid=(date(2026, 2, 1), None))
    assert world.check(MINE).grade is Grade.CONFLICT


def test_texts_stand_in_both_languages(world: World) -> None:
    world.zone("red", HALF, "restrict")
    for lang in ("zh", "en"):
        told = as_json(world.check(MINE, asker=Actor.administrator()), lang)
        texts = [finding["text"] for finding in told["findings"]] + [each["text"] for each in told["not_judged"]]
        assert all(texts) and not any("{" in each for each in texts)
