"""What the house's own jobs do: a real act, and everything that it asked for is there when the worker has been; once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.jobs import enqueue, state
from api.jobs.bodies import BODIES
from api.jobs.kinds import ANCHOR, KINDS, MAKE_PAPER, NOTE_RIVAL, NOTIFY, PUBLISH_NOTICE, RUN_DUE
from api.jobs.worker import at_work
from api.jobs.workshop import Workshop, open_workshop
from api.papers.sample_issuer import ensure_sample_issuer
from api.papers.signing import KeyFolder
from api.settings import Settings
from approvals import queries
from approvals.models import Document, Message, PublicNotice, Rendition
from data.anchors import anchor
from data.clock import recorded_at
from data.event_tables import EventAnchor
from tests.api.jobs import world
from tests.api.jobs.world import until
from tests.approvals.cases.stage import MORNING, Story, Town, build_draft, build_town, for_party
from tests.parcels.builders import rectangle
from tests.support.databases import Database


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose keys are those of the stage."""
    (tmp_path / "keys").mkdir(mode=0o700)
    (tmp_path / "keys" / "parties.key").write_text((b"s" * 32).hex(), encoding="ascii")
    return tmp_path


@pytest.fixture
def shop(home: Path, own_database: Database) -> Iterator[Workshop]:
    """The workshop on a database of its own, two weeks after the stage's first morning."""
    settings = Settings(database_url=own_database.app_url, home=home, log_level="error")
    with open_workshop(settings, lambda: MORNING + timedelta(days=14)) as opened:
        yield opened


def town_in(session: Session, home: Path) -> Town:
    """The stage's town, with the sample issuer that really signs."""
    ensure_sample_issuer(session, KeyFolder(home / "keys"), at=recorded_at(session))
    return build_town(session)


def test_every_kind_of_job_has_a_body() -> None:
    assert set(BODIES) == set(KINDS)


def test_what_an_act_asks_for_is_there_when_the_worker_has_been(
    own_database: Database, home: Path, shop: Workshop
) -> None:
    with own_database.sessions(pooled=False).begin() as session:
        story = Story(session, town_in(session, home)).submitted()
        story.later(1).do("acceptance.accept")
        kinds = [effect.kind for effect in story.effects]
        enqueue(session, story.effects)
    assert {"paper", "notify"} <= set(kinds)
    with at_work(shop, BODIES, (), world.BRISK):
        until(lambda: set(world.statuses(own_database)) == {"succeeded"}, 60)
    with own_database.sessions(pooled=False)() as session:
        (paper,) = session.scalars(select(Document).where(Document.kind == "acceptance_notice"))
        renditions = session.scalars(select(Rendition.lang).where(Rendition.document_id == paper.id)).all()
        assert (paper.standing, sorted(renditions)) == ("valid", ["en", "zh"])
        assert kinds.count("notify") == session.scalar(
            select(func.count()).where(Message.code != "message.signing_code", Message.case_id == paper.case_id)
        )


def test_each_body_done_again_changes_nothing(session: Session, home: Path, shop: Workshop) -> None:
    town = town_in(session, home)
    first = Story(session, town).accepted()
    told = {effect.kind: effect.facts for effect in first.effects}
    second = for_party(Story(session, town, first.now), town.other).open(build_draft(rectangle(50, 0, 350, 300)))
    second.fill().sign().do("submission.submit", acknowledged=True).later(1).do("acceptance.accept")
    rival = next(effect.facts for effect in second.effects if effect.kind == "note_rival")
    jobs = [
        (MAKE_PAPER, {"document": told["paper"]["document"]}),
        (NOTIFY, {name: told["notify"][name] for name in NOTIFY.takes}),
        (PUBLISH_NOTICE, {"case": first.number}),
        (NOTE_RIVAL, dict(rival)),
        (ANCHOR, {}),
    ]
    for kind, facts in jobs:
        BODIES[kind](session, shop, **facts)
    before = counted(session, first)
    assert before["noted"] == 1
    for kind, facts in jobs[:-1]:
        BODIES[kind](session, shop, **facts)
    assert counted(session, first) == before
    assert anchor(session, at=recorded_at(session)) is None


def counted(session: Session, story: Story) -> dict[str, int | None]:
    """What bodies of jobs write, counted."""
    tables = {table.__tablename__: session.scalar(select(func.count()).select_from(table)) for table in (Rendition, Message, PublicNotice, EventAnchor)}  # fmt: skip
    return {**tables, "noted": len(story.case.state.noted("competition"))}


def test_silence_is_an_acceptance_with_its_own_paper(own_database: Database, home: Path, shop: Workshop) -> None:
    """The clock of the worker decides which day it is, and what is due then asks for jobs of its own."""
    with own_database.sessions(pooled=False).begin() as session:
        number = Story(session, town_in(session, home)).submitted().number
    with shop.sessions.begin() as session:
        BODIES[RUN_DUE](session, shop)
    with own_database.sessions(pooled=False)() as session:
        case = queries.case_by_number(session, number)
        assert case is not None
        assert case.accepted_on == MORNING.date()
        paper = session.scalars(select(Document.id).where(Document.kind == "acceptance_notice")).one()
        waiting = {(each.kind, each.facts.get("document")) for each in state.jobs(session, ["waiting"])}
    assert ("make_paper", paper) in waiting
