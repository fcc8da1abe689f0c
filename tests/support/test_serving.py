"""The installation that journeys start: it answers, does jobs by the clock that the test sets, and comes back after kills."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from tests.support.databases import Database
from tests.support.serving import Serving

MORNING = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)


def test_an_installation_is_killed_comes_back_and_does_what_is_due_by_its_clock(
    own_database: Database, tmp_path: Path
) -> None:
    with Serving(own_database, tmp_path, at=MORNING, apart=True) as house:
        house.settle()
        before = jobs(own_database)
        assert set(before) == {"anchor", "run_due", "sweep"}
        house.kill9()
        house.advance(days=6)
        house.start()
        house.settle()
        after = jobs(own_database)
    # A start, a new hour and a new legal day: each asks once; run_due is asked for at every start as well.
    asked = {kind: after[kind] - before[kind] for kind in after}
    assert asked == {"anchor": 1, "run_due": 2, "sweep": 1}


def jobs(database: Database) -> dict[str, int]:
    """How many jobs of each kind were asked for."""
    with database.sessions(pooled=False)() as session:
        rows = session.execute(text("SELECT task_name, count(*) FROM procrastinate_jobs GROUP BY 1"))
        return {row.task_name: row.count for row in rows}
