"""What becomes of a right: renewed, changed in its boundary, ended; and what may stand in the way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from data.answers import Refusal
from parcels import register
from parcels.models import LoadRun
from parcels.register import EndRequest, Granted, GrantRequest, RunChunk, Share
from tests.parcels.builders import (
    BOOK,
    LAST,
    NOW,
    OFFICER,
    adopt,
    build_boundary,
    build_claim,
    build_note,
    build_old,
    build_party,
    build_place,
    build_request,
    build_right,
    grant,
    rectangle,
    rows,
)

AFTER = LAST + timedelta(days=1)
GROWN = rectangle(0, 0, 120, 100)


def change(session: Session, right: Granted, shape: Any = GROWN, **given: Any) -> Granted:
    """Change a right's boundary on New Year's Day 2030."""
    asked = request(
        session, shape, changes=right.right_id, entered_on=date(2030, 1, 1), first=date(2030, 1, 1), **given
    )
    return register.change_boundary(session, asked, actor=OFFICER, book=BOOK, now=NOW)


def request(session: Session, shape: Any = None, **given: Any) -> GrantRequest:
    """A right to be entered, with a holder."""
    return build_request(shape, holders=(Share(build_party(session)),), **given)


def end(session: Session, right_id: int, day: date = date(2030, 1, 1), **given: Any) -> register.Ended:
    """End a right."""
    return register.end_right(
        session, EndRequest(right_id=right_id, ended_on=day, how="cancelled", **given), actor=OFFICER, now=NOW
    )


def code_of(work: Any) -> str:
    """The code of the refusal that a piece of work meets."""
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value.code


def held(session: Session, day: date, instant: datetime | None = None) -> list[int]:
    """Which rights hold the sea on a day, as known at an instant (now)."""
    at = instant or datetime.now(UTC) + timedelta(days=1)
    found = rows(
        session,
        "SELECT right_id FROM occupation WHERE held @> CAST(:day AS date) AND known @> CAST(:at AS timestamptz) ORDER BY 1",
        day=day,
        at=at,
    )
    return [row[0] for row in found]


def test_a_changed_boundary_is_a_new_parcel_and_a_new_right(session: Session) -> None:
    old = build_right(session)
    new = change(session, old)
    assert (old.parcel_code, new.parcel_code) == ("371082001002GH00001", "371082001002GH00002")
    assert rows(session, "SELECT parcel_id, predecessor_id, act FROM parcel_lineage") == [
        (new.parcel_id, old.parcel_id, "boundary.changed")
    ]
    assert rows(session, "SELECT id, ended_on, ended_how, predecessor_id FROM sea_right ORDER BY id") == [
        (old.right_id, date(2030, 1, 1), "changed", None),
        (new.right_id, None, None, old.right_id),
    ]
    assert rows(session, "SELECT ended_at FROM parcel ORDER BY id") == [(new.recorded_at,), (None,)]


def test_both_times_of_a_change_can_be_asked(session: Session) -> None:
    old = build_right(session)
    new = change(session, old)
    before = new.recorded_at - timedelta(microseconds=1)
    assert held(session, date(2029, 12, 31)) == [old.right_id]
    assert held(session, date(2030, 1, 1)) == [new.right_id]
    assert held(session, date(2030, 1, 1), before) == [old.right_id]


def test_a_change_may_not_grow_into_a_neighbour(session: Session) -> None:
    old = build_right(session)
    build_claim(session, rectangle(110, 0, 200, 100), case_number="neighbour")
    assert code_of(lambda: change(session, old)) == "register.conflict"
    assert rows(session, "SELECT ended_on FROM sea_right") == [(None,)]


def test_only_the_right_named_does_not_block_its_change(session: Session) -> None:
    build_right(session)
    other = build_right(session, rectangle(500, 0, 600, 100))
    assert code_of(lambda: change(session, other)) == "register.conflict"


@pytest.mark.parametrize("kind", ["frozen", "seized", "disputed"])
def test_a_right_that_is_frozen_seized_or_disputed_stays(session: Session, kind: str) -> None:
    right = build_right(session)
    assert right.right_id is not None
    build_note(session, right.right_id, kind)
    assert code_of(lambda: change(session, right)) == "right.frozen"
    assert code_of(lambda: end(session, right.right_id or 0)) == "right.frozen"


def test_a_mortgaged_right_changes_with_the_mortgagees_consent(session: Session) -> None:
    right = build_right(session)
    bank = build_party(session, "示例银行")
    assert right.right_id is not None
    build_note(session, right.right_id, "mortgage", bank)
    assert code_of(lambda: change(session, right)) == "right.mortgaged"
    assert code_of(lambda: change(session, right, consents=frozenset({bank + 1000}))) == "right.mortgaged"
    assert change(session, right, consents=frozenset({bank})).right_id


def test_an_ended_right_holds_until_its_day_and_frees_the_sea(session: Session) -> None:
    right = build_right(session)
    assert right.right_id is not None
    ended = end(session, right.right_id)
    assert held(session, date(2029, 12, 31)) == [right.right_id]
    assert held(session, date(2030, 1, 1)) == []
    assert held(session, date(2030, 1, 1), ended.recorded_at - timedelta(microseconds=1)) == [right.right_id]
    assert build_claim(session, first=date(2030, 1, 1)).claim_id is not None
    assert code_of(lambda: end(session, right.right_id or 0)) == "right.ended"
    assert code_of(lambda: end(session, 999_999)) == "right.not_found"


def test_a_right_that_ends_before_it_begins_never_held(session: Session) -> None:
    right = build_right(session)
    assert right.right_id is not None
    end(session, right.right_id, date(2026, 12, 31))
    assert rows(session, "SELECT count(*) FROM occupation WHERE upper_inf(known)") == [(0,)]


def test_an_adopted_right_opens_its_stream_with_its_first_act_and_cites_its_batch(session: Session) -> None:
    run = LoadRun(target="rights", source_digest="d", source_name="f", column_map={}, feature_count=1, actor="test")
    session.add(run)
    session.flush()
    (old,) = adopt(session, build_old(last=None), run=RunChunk(run.id, 1, 0, 0))
    assert rows(session, "SELECT count(*) FROM event WHERE stream LIKE 'right:%'") == [(0,)]
    assert old.right_id is not None
    end(session, old.right_id)
    first = rows(session, "SELECT seq, kind, body -> 'batch' FROM event WHERE stream = :s", s=f"right:{old.right_id}")
    assert first == [(1, "right.ended", run.id)]
    assert held(session, date(2029, 12, 31)) == [old.right_id]
    assert held(session, date(2030, 1, 1)) == []


def renewal(session: Session, right: Granted, **given: Any) -> GrantRequest:
    """A renewal from the end on, received in time, unless told otherwise."""
    values: dict[str, Any] = {
        "standing": "claimed",
        "renews": right.right_id,
        "first": AFTER,
        "last": date(2056, 12, 31),
        "case_number": "renewal",
    }
    return request(session, **values | given)


def test_a_renewal_is_a_new_right_on_the_same_parcel(session: Session) -> None:
    old = build_right(session)
    for standing in ("claimed", "approved", "registered"):
        new = grant(session, renewal(session, old, standing=standing))
    assert new.parcel_id == old.parcel_id and new.right_id != old.right_id
    assert new.parcel_code is None
    assert rows(session, "SELECT count(*) FROM parcel") == [(1,)]
    assert rows(session, "SELECT predecessor_id, ended_on FROM sea_right ORDER BY id") == [
        (None, None),
        (old.right_id, None),
    ]
    assert held(session, LAST) == [old.right_id]
    assert held(session, AFTER) == [new.right_id]


def test_the_case_keeps_the_right_that_it_named_when_it_was_accepted(session: Session) -> None:
    old = build_right(session)
    grant(session, renewal(session, old))
    approved = grant(session, renewal(session, old, standing="approved", renews=None))
    assert approved.claim_id is not None


def test_nobody_else_may_take_what_a_renewal_claims(session: Session) -> None:
    old = build_right(session)
    grant(session, renewal(session, old))
    rival = build_request(standing="claimed", first=AFTER, last=date(2050, 1, 1))
    assert code_of(lambda: grant(session, rival)) == "register.conflict"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"received_at": datetime(2042, 1, 1, tzinfo=UTC)}, "renewal.too_late"),
        ({"first": LAST}, "renewal.holds_from_the_end"),
        ({"shape": rectangle(0, 0, 100, 99)}, "renewal.boundary_changed"),
    ],
)
def test_what_is_no_renewal(session: Session, given: dict[str, Any], code: str) -> None:
    old = build_right(session)
    assert code_of(lambda: grant(session, renewal(session, old, **given))) == code


def test_a_right_without_a_known_end_is_not_renewed(session: Session) -> None:
    """Both would hold the same sea for ever."""
    (old,) = adopt(session, build_old(last=None))
    asked = request(session, standing="claimed", renews=old.right_id, first=AFTER, last=None, case_number="open")
    assert code_of(lambda: grant(session, asked)) == "renewal.end_unknown"


def test_a_renewal_entered_at_once_is_received_in_time_too(session: Session) -> None:
    old = build_right(session)
    late = {"standing": "registered", "received_at": datetime(2042, 1, 1, tzinfo=UTC)}
    assert code_of(lambda: grant(session, renewal(session, old, **late))) == "renewal.too_late"


def test_what_follows_a_changed_right_does_not_hold_its_sea_before_that_one_ends(session: Session) -> None:
    old = build_right(session, first=date(2026, 1, 1), last=date(2039, 12, 31))
    early = request(
        session, rectangle(0, 0, 90, 100), changes=old.right_id, first=date(2026, 6, 1), last=date(2039, 12, 31)
    )
    assert code_of(lambda: grant(session, early)) == "change.holds_from_the_entry"


def test_the_day_of_receipt_is_a_day_in_china(session: Session) -> None:
    """16:00 UTC on the last day is midnight in China: the right has ended."""
    old = build_right(session)
    in_time = datetime(LAST.year, LAST.month, LAST.day, 15, 59, tzinfo=UTC)
    late = renewal(session, old, received_at=in_time + timedelta(minutes=1), case_number="late")
    assert code_of(lambda: grant(session, late)) == "renewal.too_late"
    assert grant(session, renewal(session, old, received_at=in_time)).claim_id is not None


def test_a_changed_parcel_keeps_its_places(session: Session) -> None:
    place = build_place(session, "371082", rectangle(-5_000, -5_000, 5_000, 5_000))
    new = change(session, build_right(session))
    assert rows(session, "SELECT place_id FROM parcel_place WHERE parcel_id = :p", p=new.parcel_id) == [(place,)]


def move(session: Session, shape: Any, **given: Any) -> Granted:
    """Give the claim of case c another boundary."""
    asked = build_request(shape, case_number="c", **{"standing": "claimed"} | given)
    return register.change_claim(session, asked, actor=OFFICER, book=BOOK, now=NOW)


def test_a_narrowed_claim_frees_what_it_gave_up(session: Session) -> None:
    first = build_claim(session, case_number="c")
    moved = move(session, rectangle(0, 0, 50, 100))
    assert moved.claim_id == first.claim_id and moved.boundary_id != first.boundary_id
    assert rows(session, "SELECT upper_inf(known) FROM occupation ORDER BY id") == [(False,), (True,)]
    assert build_claim(session, rectangle(50, 0, 100, 100)).claim_id is not None
    approved = grant(session, build_request(rectangle(0, 0, 50, 100), standing="approved", case_number="c"))
    assert approved.boundary_id == moved.boundary_id


def test_a_claim_that_keeps_its_boundary_keeps_its_rows_of_it(session: Session) -> None:
    """Public notice changes the disclosure alone: one boundary, and the units named in their own order."""
    west, east = rectangle(0, 0, 50, 100), rectangle(50, 0, 100, 100)
    first = build_claim(session, build_boundary(west, east), case_number="c", unit_modes=("41", "42"))
    moved = move(session, build_boundary(east, west), unit_modes=("42", "41"), disclosure="public")
    assert moved.boundary_id == first.boundary_id
    assert rows(session, "SELECT count(*) FROM boundary") == [(1,)]
    found = "SELECT o.use_mode = u.use_mode, o.disclosure, ST_Equals(o.geom, u.geom) FROM occupation o JOIN unit u ON u.id = o.unit_id"
    assert rows(session, f"{found} WHERE upper_inf(o.known)") == [(True, "public", True)] * 2
    other = move(session, build_boundary(west, east), unit_modes=("44", "42"))
    assert other.boundary_id != first.boundary_id


def test_a_claim_does_not_move_into_a_neighbour_or_out_of_its_standing(session: Session) -> None:
    build_claim(session, case_number="c")
    build_claim(session, rectangle(200, 0, 300, 100))
    assert code_of(lambda: move(session, rectangle(150, 0, 250, 100))) == "register.conflict"
    assert code_of(lambda: move(session, rectangle(0, 0, 50, 100), standing="approved")) == "claim.wrong_standing"
    register.withdraw_claim(session, register.WithdrawRequest(case_number="c"), actor=OFFICER, now=NOW)
    assert code_of(lambda: move(session, rectangle(0, 0, 50, 100))) == "claim.not_found"
