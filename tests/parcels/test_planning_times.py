"""A day of the planning map by its two times: as the register knows it now, and as it stood in the register when the day ended."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from data.clock import recorded_at
from parcels import register
from parcels.queries import planning
from parcels.queries.planning import View
from parcels.queries.scope import Scope
from parcels.register import EndRequest
from tests.parcels.builders import NOW, OFFICER, build_claim, build_note, build_right, in_degrees, rectangle

DAY = date(2031, 6, 1)
ENDED = date(2030, 1, 1)


def seen(session: Session, until: datetime, *, as_recorded: bool) -> dict[str, Any]:
    """States and last days on the day, by right or case, as told at an instant."""
    west, south, east, north = in_degrees(rectangle(-500, -500, 5000, 5000)).bounds
    view = View(
        box=(west, south, east, north), day=DAY, until=until, soon=DAY, scope=Scope(everywhere=True), as_recorded=as_recorded
    )  # fmt: skip
    found = planning.units_in(session, view, 100)
    assert sum(cell.n for cell in planning.cells_in(session, view, 1.0)) == len(found)
    return {row["case_number"] or row["standing"]: (row["state"], row["held_to"]) for row in found}


def test_what_was_ended_later_still_stood_in_the_register_that_day(session: Session) -> None:
    before = recorded_at(session)
    right = build_right(session)
    then = recorded_at(session)
    last = seen(session, then, as_recorded=True)["registered"][1]
    end = EndRequest(right_id=right.right_id, ended_on=ENDED, how="cancelled")
    register.end_right(session, end, actor=OFFICER, now=NOW)
    now = recorded_at(session)
    assert seen(session, before, as_recorded=True) == {}
    assert seen(session, then, as_recorded=True) == {"registered": ("registered", last)}
    assert last > DAY
    for instant in (then, now):
        assert seen(session, instant, as_recorded=False) == {"registered": ("ended", ENDED)}
    assert seen(session, now, as_recorded=True) == {"registered": ("ended", ENDED)}


def test_a_claim_that_is_gone_was_on_record_and_one_that_came_later_was_not(session: Session) -> None:
    build_claim(session, rectangle(1000, 0, 1100, 100), case_number="gone")
    then = recorded_at(session)
    gone = register.WithdrawRequest(case_number="gone")
    register.withdraw_claim(session, gone, actor=OFFICER, now=NOW)
    build_claim(session, rectangle(2000, 0, 2100, 100), case_number="came")
    assert set(seen(session, then, as_recorded=True)) == {"gone"}
    assert set(seen(session, then, as_recorded=False)) == set()
    assert set(seen(session, recorded_at(session), as_recorded=True)) == {"came"}


def test_a_freeze_noted_later_was_not_on_record(session: Session) -> None:
    right = build_right(session)
    then = recorded_at(session)
    build_note(session, right.right_id, "frozen", recorded=recorded_at(session))
    assert seen(session, then, as_recorded=True)["registered"][0] == "registered"
    assert seen(session, then, as_recorded=False)["registered"][0] == "frozen"


@pytest.mark.parametrize("time", planning.TIMES)
def test_both_times_find_their_rows_by_place(session: Session, time: planning.Time) -> None:
    """A seq scan of a register of a million for one bay is what the indexes of places are for."""
    build_right(session)
    session.execute(text("SET LOCAL enable_seqscan = off"))
    west, south, east, north = in_degrees(rectangle(0, 0, 100, 100)).bounds
    view = View(
        box=(west, south, east, north), day=DAY, until=NOW, soon=DAY, scope=Scope(everywhere=True), as_recorded=time == "record"
    )  # fmt: skip
    statement = text(f"EXPLAIN {planning.UNITS[time].text}")
    plan = "\n".join(session.scalars(statement, {**view.parameters, "most": 10}))
    assert "ix_occupation_geom_current" in plan
    assert ("ix_occupation_geom_closed" in plan) == (time == "record")
