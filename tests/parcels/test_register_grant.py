"""`grant`: a case claims, is approved, is registered; what stands against it; what is kept of every step."""

from __future__ import annotations

import threading
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from data.answers import Refusal
from marine.boundary import Boundary
from marine.findings import Grade
from parcels import register
from parcels.locks import EXCLUSIVE, take
from parcels.publishing import LayerDraft, ZoneDraft, add_zones, lay_down, layer_of, publish
from parcels.register import Share, WithdrawRequest
from tests.parcels.builders import (
    ADMINISTRATOR,
    FIRST,
    LAST,
    NOW,
    OFFICER,
    adopt,
    build_boundary,
    build_claim,
    build_old,
    build_party,
    build_place,
    build_request,
    build_right,
    grant,
    rectangle,
    rows,
)
from tests.support.databases import Database


def refused(session: Session, request: Any) -> Refusal:
    """The refusal of a request that must be refused."""
    with pytest.raises(Refusal) as caught:
        grant(session, request)
    return caught.value


def occupation(session: Session) -> list[tuple[str, bool]]:
    """Standing of every row of occupation by number, and whether it is current."""
    return [tuple(row) for row in rows(session, "SELECT standing, upper_inf(known) FROM occupation ORDER BY id")]


def all_steps(session: Session, shape: Any = None, *, case: str = "case-1") -> list[Any]:
    """A case from claim to right."""
    holders = (Share(build_party(session)),)
    return [
        grant(session, build_request(shape, standing=standing, case_number=case, holders=holders))
        for standing in ("claimed", "approved", "registered")
    ]


def test_a_case_claims_holds_and_enters_its_sea(session: Session) -> None:
    claimed, approved, registered = all_steps(session)
    assert occupation(session) == [("claimed", False), ("approved", False), ("registered", True)]
    assert claimed.claim_id == approved.claim_id == registered.claim_id
    assert registered.boundary_id == claimed.boundary_id
    assert registered.parcel_code == "371082001002GH00001"
    assert registered.unit_code == "371082001002GH00001W00000000"
    assert rows(session, "SELECT standing, upper_inf(known) FROM sea_claim") == [("registered", False)]
    assert rows(session, "SELECT door, case_number, entered_on, area_registered FROM sea_right") == [
        ("granted", "case-1", date(2026, 12, 20), Decimal("0.9999"))
    ]
    assert [effect["effect"] for one in (claimed, approved, registered) for effect in one.effects] == [
        "sea.claimed",
        "sea.approved",
        "right.registered",
    ]


def test_each_step_is_known_from_the_moment_the_last_one_ends(session: Session) -> None:
    steps = all_steps(session)
    spans = rows(session, "SELECT lower(known), upper(known) FROM occupation ORDER BY id")
    assert [row[0] for row in spans] == [step.recorded_at for step in steps]
    assert [row[1] for row in spans] == [steps[1].recorded_at, steps[2].recorded_at, None]
    assert steps[0].recorded_at < steps[1].recorded_at < steps[2].recorded_at
    known = "SELECT standing FROM occupation WHERE known @> CAST(:at AS timestamptz)"
    assert rows(session, known, at=steps[1].recorded_at) == [("approved",)]


def test_the_case_and_the_right_have_streams_of_their_own(session: Session) -> None:
    right_id = all_steps(session)[2].right_id
    told = rows(session, "SELECT stream, kind FROM event WHERE stream NOT LIKE 'party:%' ORDER BY id")
    assert told == [
        ("case:case-1", "sea.claimed"),
        ("case:case-1", "sea.approved"),
        ("case:case-1", "sea.registered"),
        (f"right:{right_id}", "right.registered"),
    ]
    names = rows(session, "SELECT body::text FROM event WHERE body::text LIKE '%示例海洋%'")
    assert names == []


def test_a_refused_act_leaves_nothing_and_frees_its_locks(session: Session) -> None:
    build_right(session)
    tables = ("boundary", "unit", "sea_claim", "occupation", "event", "event_stream", "number_series")
    counts = [rows(session, f"SELECT count(*) FROM {table}") for table in tables]
    far = build_request(rectangle(50_000, 50_000, 50_100, 50_100), standing="claimed")
    locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    held = rows(session, locks)
    assert refused(session, build_request(rectangle(50, 0, 150, 100), holders=(Share(1),))).code == "register.conflict"
    assert [rows(session, f"SELECT count(*) FROM {table}") for table in tables] == counts
    assert rows(session, locks) == held
    grant(session, far)


@pytest.mark.parametrize("standing", ["claimed", "approved", "registered"])
def test_whatever_holds_the_sea_stands_against_the_next(session: Session, standing: str) -> None:
    holders = (Share(build_party(session)),)
    for step in ("claimed", "approved", "registered"):
        grant(session, build_request(standing=step, case_number="first", holders=holders))
        if step == standing:
            break
    refusal = refused(session, build_request(rectangle(50, 0, 150, 100), standing="claimed", case_number="second"))
    assert refusal.code == "register.conflict"
    (finding,) = refusal.findings
    assert (finding.code, finding.grade) == ("sea.exclusive", Grade.CONFLICT)
    assert finding.facts["standing"] == standing and finding.facts["case_number"] == "first"
    assert finding.facts["share_draft"] == pytest.approx(0.5, abs=0.001)
    assert finding.facts["overlap_m2"] == pytest.approx(5000, rel=0.001)
    assert (finding.facts["from"], finding.facts["to"]) == (FIRST, LAST)
    assert finding.basis and not shapely.is_empty(finding.geometry)


@pytest.mark.parametrize(
    "given",
    [
        {"first": date(2042, 1, 1), "last": date(2050, 12, 31)},
        {"months": 0b000000000111},
    ],
    ids=["other years", "other months"],
)
def test_other_days_of_the_same_water_are_free(session: Session, given: dict[str, Any]) -> None:
    build_right(session, months=0b111111111000)
    assert build_claim(session, **given).claim_id is not None


def test_a_neighbour_that_only_touches_is_not_in_the_way(session: Session) -> None:
    build_right(session)
    granted = build_right(session, rectangle(100, 0, 200, 100))
    assert [finding.code for finding in granted.findings] == ["boundary.touching"]


def test_what_rounding_leaves_is_accepted_and_more_must_be_snapped_first(session: Session) -> None:
    """1 ms of longitude is 2.5 cm here: one is left by rounding, three are not."""
    here = rectangle(0, 0, 100, 100)
    build_right(session, here)
    _, south, east, north = (int(value) for value in shapely.bounds(here))
    assert build_claim(session, shapely.box(east - 1, south, east + 4000, north), case_number="thin").claim_id
    register.withdraw_claim(session, WithdrawRequest(case_number="thin"), actor=OFFICER, now=NOW)
    refusal = refused(session, build_request(shapely.box(east - 3, south, east + 4000, north), standing="claimed"))
    assert refusal.code == "boundary.snap_first"
    assert 0.05 < refusal.facts["width_m"] <= 0.10
    snapped = refusal.facts["snapped"]
    assert isinstance(snapped, Boundary)
    assert build_claim(session, snapped).claim_id is not None


def test_an_overlap_that_a_survey_may_settle_is_no_consent(session: Session) -> None:
    build_right(session)
    refusal = refused(session, build_request(rectangle(99.5, 0, 200, 100), standing="claimed"))
    assert refusal.code == "register.needs_consent"
    assert [finding.code for finding in refusal.findings] == ["boundary.resurvey"]


def test_a_case_claims_once_and_takes_its_steps_in_order(session: Session) -> None:
    holders = (Share(build_party(session)),)
    assert refused(session, build_request(standing="approved", case_number="c")).code == "claim.not_found"
    build_claim(session, case_number="c")
    assert refused(session, build_request(standing="claimed", case_number="c")).code == "claim.stands_already"
    skipping = build_request(standing="registered", case_number="c", holders=holders)
    assert refused(session, skipping).facts["wanted"] == "approved"
    other = build_request(rectangle(0, 0, 100, 99), standing="approved", case_number="c")
    assert refused(session, other).code == "claim.boundary_changed"
    empty = build_request(standing="registered", case_number="d")
    assert refused(session, empty).facts["missing"] == ["holders"]


@pytest.mark.parametrize("how", ["withdrawn", "refused", "lapsed"])
def test_a_claim_that_ends_frees_the_sea(session: Session, how: Any) -> None:
    build_claim(session, case_number="c")
    ended = register.withdraw_claim(session, WithdrawRequest(case_number="c", how=how), actor=OFFICER, now=NOW)
    assert rows(session, "SELECT standing, upper(known) FROM sea_claim") == [(how, ended.recorded_at)]
    assert occupation(session) == [("claimed", False)]
    assert build_claim(session, case_number="d").claim_id is not None
    with pytest.raises(Refusal):
        register.withdraw_claim(session, WithdrawRequest(case_number="c"), actor=OFFICER, now=NOW)


def test_a_withdrawn_case_may_claim_again(session: Session) -> None:
    build_claim(session, case_number="c")
    register.withdraw_claim(session, WithdrawRequest(case_number="c"), actor=OFFICER, now=NOW)
    assert build_claim(session, case_number="c").claim_id is not None


def test_a_term_longer_than_the_law_allows_is_not_entered(session: Session) -> None:
    """Aquaculture is held fifteen years at most: a claim may say otherwise, a decision may not."""
    request = build_request(standing="registered", holders=(Share(build_party(session)),), last=date(2056, 12, 31))
    refusal = refused(session, request)
    assert refusal.code == "register.law"
    assert any("term" in finding.code for finding in refusal.findings)


def test_a_zone_that_forbids_may_be_claimed_in_but_not_decided_in(session: Session) -> None:
    """What an applicant asks for is the decision's matter; the decision itself meets the zone's true edge."""
    layer = layer_of(
        session, LayerDraft(code="red_line", kind="zones", name_zh="红线", name_en="Red line", disclosure="officer")
    )
    version = lay_down(
        session, layer, source="test", valid=(date(2020, 1, 1), None), actor=ADMINISTRATOR, proposed_by="甲"
    )
    shape = rectangle(50, 50, 150, 150)
    add_zones(
        session, version, [ZoneDraft(identity="Z", name_zh="核心区", name_en="Core", effect="forbid", geometry=shape)]
    )
    publish(session, version, approved_by="乙", actor=ADMINISTRATOR)
    build_claim(session, case_number="c")
    refusal = refused(session, build_request(standing="approved", case_number="c"))
    assert refusal.code == "register.law" and len(refusal.findings) == 1
    assert occupation(session) == [("claimed", True)]


def test_the_codes_follow_the_place_and_are_never_given_again(session: Session) -> None:
    build_place(session, "371082", rectangle(-5_000, -5_000, 5_000, 5_000))
    adopt(
        session,
        build_old(rectangle(900, 0, 1000, 100), identifiers=(("unit_code", "371082 000000 GH00041 W00000000"),)),
    )
    first = build_right(session, district=None)
    second = build_right(session, rectangle(200, 0, 300, 100), district=None)
    assert (first.parcel_code, second.parcel_code) == ("371082000000GH00042", "371082000000GH00043")
    assert build_right(session, rectangle(50_000, 0, 50_100, 100), district=None).parcel_code is None


def test_the_registrys_own_code_comes_before_the_administrative_one(session: Session) -> None:
    build_place(session, "371072", rectangle(-5_000, -5_000, 5_000, 5_000), kind="zone", registry="371002003004")
    assert build_right(session, district=None).parcel_code == "371002003004GH00001"


def test_a_sub_district_without_a_number_left_says_so(session: Session) -> None:
    adopt(session, build_old(rectangle(900, 0, 1000, 100), identifiers=(("parcel_code", "371082001002GH99999"),)))
    refusal = refused(session, build_request(holders=(Share(build_party(session)),)))
    assert refusal.code == "register.codes_exhausted"


def test_the_stream_of_a_case_without_a_claim_stays_unopened(session: Session) -> None:
    build_right(session, case_number="at-once")
    assert rows(session, "SELECT name FROM event_stream WHERE name LIKE 'case:%'") == []


def test_a_parcel_across_a_line_lies_in_both_places_with_its_parts(session: Session) -> None:
    one = build_place(session, "371082", rectangle(-5_000, -5_000, 30, 5_000))
    other = build_place(session, "371083", rectangle(30, -5_000, 5_000, 5_000))
    granted = build_right(session, district=None)
    found = dict(rows(session, "SELECT place_id, hectares FROM parcel_place WHERE parcel_id = :p", p=granted.parcel_id))
    assert found.keys() == {one, other}
    assert found[one] + found[other] == pytest.approx(Decimal("0.9999"), abs=Decimal("0.0001"))
    assert found[other] == pytest.approx(Decimal("0.7000"), abs=Decimal("0.0005"))
    assert granted.parcel_code is not None and granted.parcel_code.startswith("371083")


def test_a_boundary_of_more_than_64_cells_takes_the_register_exclusively(session: Session) -> None:
    big = shapely.box(439_200_000, 126_000_000, 443_000_000, 129_600_000)
    granted = build_claim(session, big)
    assert granted.claim_id is not None
    assert rows(
        session,
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND mode = 'ExclusiveLock' AND objid = 0",
    )


def test_who_waits_is_recorded_after_the_wait(own_database: Database) -> None:
    """The request's own time precedes the wait; what is recorded does not."""
    maker = own_database.sessions()
    done: dict[str, Any] = {}

    def waiting() -> None:
        with maker() as session:
            done["asked"] = datetime.now(UTC)
            done["granted"] = build_claim(session)
            session.commit()

    with maker() as first:
        take(first, EXCLUSIVE)
        thread = threading.Thread(target=waiting)
        thread.start()
        time.sleep(0.5)
        released = datetime.now(UTC)
        first.commit()
        thread.join()
    assert done["granted"].recorded_at > released > done["asked"] + timedelta(seconds=0.3)


def test_the_record_does_not_run_back_when_the_clock_does(own_database: Database) -> None:
    """A row that opened in our future (the clock was set back since) is closed after it opened, not before."""
    with own_database.sessions()() as session:
        build_claim(session, case_number="c")
        session.commit()
    ahead = datetime.now(UTC) + timedelta(hours=1)
    with own_database.sessions("superuser")() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text("UPDATE occupation SET known = tstzrange(:ahead, NULL)"), {"ahead": ahead})
        session.commit()
    with own_database.sessions()() as session:
        approved = grant(session, build_request(standing="approved", case_number="c"))
        session.commit()
        assert approved.recorded_at > ahead
        spans = rows(session, "SELECT lower(known), upper(known) FROM occupation ORDER BY id")
        assert spans == [(ahead, approved.recorded_at), (approved.recorded_at, None)]


def test_a_case_that_moves_between_look_and_lock_is_looked_at_again(
    own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Withdrawn and claimed elsewhere while this act waited for its locks: the second look sees it."""
    from parcels.registering import granting

    maker = own_database.sessions()
    here, there = build_boundary(), build_boundary(rectangle(30_000, 0, 30_100, 100))
    with maker() as session:
        build_claim(session, here, case_number="c")
        session.commit()
    real, moved = granting.locks.locks_for, []

    def meanwhile(boxes: Any) -> Any:
        if not moved:
            moved.append(True)
            with maker() as other:
                register.withdraw_claim(other, WithdrawRequest(case_number="c"), actor=OFFICER, now=NOW)
                build_claim(other, there, case_number="c")
                other.commit()
        return real(boxes)

    with maker() as session:
        monkeypatch.setattr(granting.locks, "locks_for", lambda boxes: meanwhile(list(boxes)))
        assert (
            refused(session, build_request(here, standing="approved", case_number="c")).code == "claim.boundary_changed"
        )
        assert moved
