"""What returns by the clock: once for each slot however many workers there are, by the clock that is handed in, also after a rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.jobs.kinds import ANCHOR, KINDS, RUN_DUE, SWEEP
from api.jobs.timetable import TIMETABLE, Returning, day_of, hour_of
from tests.api.jobs import world
from tests.api.jobs.world import TICK, marks, statuses, until, working
from tests.support.databases import Database

EVENING = datetime(2026, 11, 26, 15, 59, tzinfo=UTC)


class Clock:
    """A clock that the test sets."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def __call__(self) -> datetime:
        return self.instant


def test_two_workers_ask_for_a_slot_once(queue: Database, tmp_path: Path) -> None:
    clock, table = Clock(EVENING), (Returning(TICK, day_of),)
    with (
        working(queue, tmp_path, timetable=table, clock=clock),
        working(queue, tmp_path, timetable=table, clock=clock),
    ):
        until(lambda: marks(queue) == ["tick 2026-11-26 15:59"])
        # A minute after midnight in Weihai the next legal day begins; in UTC it is still the evening.
        clock.instant = EVENING + timedelta(minutes=2)
        until(lambda: len(marks(queue)) > 1)
        clock.instant = EVENING + timedelta(days=12)
        until(lambda: len(marks(queue)) > 2)
    assert marks(queue) == ["tick 2026-11-26 15:59", "tick 2026-11-26 16:01", "tick 2026-12-08 15:59"]


def test_a_worker_that_starts_again_within_a_slot_asks_only_for_what_is_due_at_every_start(
    queue: Database, tmp_path: Path
) -> None:
    clock = Clock(EVENING)
    for table in ((Returning(TICK, hour_of),), (Returning(TICK, hour_of),), (Returning(TICK, hour_of, at_start=True),)):
        with working(queue, tmp_path, timetable=table, clock=clock):
            until(lambda: set(statuses(queue)) == {"succeeded"})
            world.ask(queue, world.Order(world.MARK, {"label": "between"}))
            until(lambda: "todo" not in statuses(queue) and "doing" not in statuses(queue))
    assert [label for label in marks(queue) if label != "between"] == ["tick 2026-11-26 15:59"] * 2


def test_the_timetable_has_the_anchor_by_the_hour_and_the_due_acts_and_the_sweeping_by_the_legal_day() -> None:
    assert {each.kind: (each.slot, each.at_start) for each in TIMETABLE} == {
        ANCHOR: (hour_of, False),
        RUN_DUE: (day_of, True),
        SWEEP: (day_of, False),
    }
    assert {each.kind for each in TIMETABLE} <= set(KINDS)
