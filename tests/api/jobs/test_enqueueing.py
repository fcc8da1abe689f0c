"""Into the queue: with the act or not at all, and for every effect that there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.jobs import enqueue, state
from api.jobs.enqueueing import Order
from api.jobs.kinds import JOB_OF, KINDS, MAKE_PAPER, TOLD_BY_THE_REGISTER
from approvals import effects
from approvals.effects import Effect
from tests.api.jobs import world
from tests.api.jobs.world import marks
from tests.support.databases import Database

ROOT = Path(__file__).parents[3]
PAPER = Effect("paper", "decision", "decision", facts={"document": 12, "template": "establishment"})
NOTICE = Effect("publish_notice", "public_notice", facts={"case": "2026-0001"})


def waiting(session: Session) -> list[tuple[str, dict[str, object], str | None]]:
    """The jobs that wait, by number: kind, facts, lock."""
    return [(each.kind, dict(each.facts), each.lock) for each in reversed(state.jobs(session, ["waiting"]))]


def test_act_and_jobs_commit_together(queue: Database) -> None:
    with queue.sessions(pooled=False).begin() as session:
        world.marked(session, "act")
        numbers = enqueue(session, [PAPER, Effect("hold_sea", "decision"), NOTICE])
        with queue.sessions(pooled=False)() as other:
            assert waiting(other) == []
    with queue.sessions(pooled=False)() as session:
        assert waiting(session) == [
            ("make_paper", {"document": 12}, "document:12"),
            ("publish_notice", {"case": "2026-0001"}, "notice:2026-0001"),
        ]
    assert (len(numbers), marks(queue)) == (2, ["act"])


def test_act_and_jobs_roll_back_together(queue: Database) -> None:
    with pytest.raises(RuntimeError, match="the act failed after all"), queue.sessions(pooled=False).begin() as session:
        world.marked(session, "act")
        assert len(enqueue(session, [PAPER, NOTICE])) == 2
        raise RuntimeError("the act failed after all")
    with queue.sessions(pooled=False)() as session:
        assert waiting(session) == []
    assert marks(queue) == []


def test_a_message_is_asked_for_with_its_event_and_addressee(session: Session) -> None:
    facts = {"case": "2026-0001", "seq": 4, "code": "case.accepted"}
    enqueue(session, [Effect("notify", "acceptance", "applicant", facts=facts)])
    told = {"case": "2026-0001", "seq": 4, "addressee": "applicant", "code": "case.accepted"}
    assert waiting(session) == [("notify", told, "message:2026-0001:4:applicant:case.accepted")]


def test_what_the_register_tells_needs_no_job(session: Session) -> None:
    assert enqueue(session, [{"effect": "sea.freed", "case": "2026-0001", "how": "withdrawn"}]) == []
    assert enqueue(session, []) == []


@pytest.mark.parametrize(
    "effect",
    [
        Effect("paint", "decision"),
        {"effect": "sea.painted"},
        Effect("paper", "decision", "decision"),
        Effect("notify", "acceptance", facts={"case": "1", "seq": 1, "code": "x"}),
    ],
)
def test_an_effect_that_nobody_knows_or_that_lacks_a_fact_stops_its_act(session: Session, effect: Effect) -> None:
    with pytest.raises(ValueError):
        enqueue(session, [PAPER, effect])
    assert session.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar_one() == 0


def test_a_job_takes_exactly_its_facts() -> None:
    with pytest.raises(ValueError):
        Order(MAKE_PAPER, {"document": 12, "name": "张三"})


def test_every_effect_of_a_template_is_done_by_the_act_or_by_a_job() -> None:
    """A template asked for something, the act was done, and what it had asked for never happened."""
    # Those of bundles wait for the first bundle (test_ends.py holds that none is packaged).
    assert set(JOB_OF) | effects.WITHIN_THE_ACT | effects.OF_BUNDLES == set(effects.KINDS)
    assert set(JOB_OF) & effects.WITHIN_THE_ACT == set()
    assert set(JOB_OF.values()) <= set(KINDS)


def test_every_effect_that_the_register_tells_is_known() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "parcels").rglob("*.py"))
    assert set(re.findall(r'"effect": "([\w.]+)"', sources)) == TOLD_BY_THE_REGISTER
