"""Acts that lock several things never wait for each other in a circle, a publisher and a bulk load among them."""

from __future__ import annotations

import multiprocessing
import random
from datetime import date
from typing import Any

import shapely
from sqlalchemy import text

from data.answers import Refusal
from data.store import engine_for, sessions
from parcels import register
from parcels.publishing import LayerDraft, ZoneDraft, add_zones, lay_down, layer_of, publish
from parcels.register import Share, WithdrawRequest
from tests.parcels import builders
from tests.parcels.racing import commit, deadlocks
from tests.support.databases import Database
from tests.support.effort import Effort

# Corner of four lock cells off Rongcheng, milliseconds of arc.
EAST, NORTH, CELL = 441_720_000, 133_560_000, 360_000
PATIENCE_S = 600


def strip(dice: random.Random) -> Any:
    """A strip over one to three cell edges, somewhere in a block of six by six cells."""
    east, north = EAST + dice.randrange(6) * CELL, NORTH + dice.randrange(6) * CELL
    width, height = dice.choice([(900_000, 4_000), (4_000, 900_000), (8_000, 8_000)])
    return shapely.box(east - 4_000, north - 4_000, east + width, north + height)


def act_and_act_again(url: str, name: str, rounds: int, ends: Any) -> None:
    """One process of acts: claims, approvals, withdrawals, entries and ends, in a random order of places."""
    maker = sessions(engine_for(url))
    dice, told = random.Random(name), {"done": 0, "refused": 0}
    holder = Share(commit(maker, builders.build_party))
    for number in range(rounds):
        case = f"{name}-{number}"
        shape = strip(dice)
        try:
            with maker() as session:
                builders.build_claim(session, shape, case_number=case, district=None)
                session.commit()
            with maker() as session:
                register.withdraw_claim(
                    session, WithdrawRequest(case_number=case), actor=builders.OFFICER, now=builders.NOW
                )
                session.commit()
            with maker() as session:
                request = builders.build_request(shape, case_number=f"{case}-r", holders=(holder,), district=None)
                right = builders.grant(session, request)
                session.commit()
            with maker() as session:
                end = register.EndRequest(right_id=right.right_id or 0, ended_on=date(2026, 1, 1), how="cancelled")
                register.end_right(session, end, actor=builders.OFFICER, now=builders.NOW)
                session.commit()
            told["done"] += 1
        except Refusal as refusal:
            told["refused"] += 1
            told[refusal.code] = told.get(refusal.code, 0) + 1
            with maker() as session:
                _tidy(session, case)
    ends.put((name, told))


def _tidy(session: Any, case: str) -> None:
    """Free what a refused round still claims."""
    try:
        register.withdraw_claim(session, WithdrawRequest(case_number=case), actor=builders.OFFICER, now=builders.NOW)
        session.commit()
    except Refusal:
        session.rollback()


def publish_and_load(url: str, name: str, rounds: int, ends: Any) -> None:
    """One process that publishes a layer version and adopts a chunk, both exclusively, again and again."""
    maker = sessions(engine_for(url))
    administrator, told = builders.ADMINISTRATOR, {"done": 0}
    draft = LayerDraft(code="L", kind="zones", name_zh="示例", name_en="Sample")
    zone = ZoneDraft(
        identity="Z", name_zh="区", name_en="Zone", effect="inform", geometry=builders.rectangle(0, 0, 10, 10)
    )
    for number in range(rounds):
        with maker() as session:
            layer = layer_of(session, draft)
            first = date(2027, 1, 1 + number % 28)
            version = lay_down(
                session, layer, source="test", valid=(first, None), actor=administrator, proposed_by="甲"
            )
            add_zones(session, version, [zone])
            publish(session, version, approved_by="乙", actor=administrator)
            session.commit()
        with maker() as session:
            builders.adopt(
                session, builders.build_old(builders.rectangle(-9_000, 20 * number, -8_990, 20 * number + 10))
            )
            session.commit()
        told["done"] += 1
    ends.put((name, told))


def test_acts_and_a_publisher_meeting_never_deadlock(own_database: Database, effort: Effort) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.parcels.builders", "tests.parcels.test_race_order"])
    rounds, ends = max(10, effort.race_rounds // 4), context.Queue()
    url = own_database.url("app")
    jobs = [(act_and_act_again, f"act-{at}") for at in range(3)] + [(publish_and_load, "publisher")]
    processes = [context.Process(target=job, args=(url, name, rounds, ends), daemon=True) for job, name in jobs]
    for process in processes:
        process.start()
    told = dict(ends.get(timeout=PATIENCE_S) for _ in processes)
    for process in processes:
        process.join(10)
    assert told["publisher"] == {"done": rounds}
    for name, counts in told.items():
        # Refused by each other's water now and then, but never because a lock was not to be had.
        assert counts["done"] > 0 and "register.busy" not in counts, (name, counts)
    with own_database.sessions()() as session:
        assert deadlocks(session) == 0
        overlapping = (
            "SELECT a.id FROM occupation AS a JOIN occupation AS b ON a.id < b.id AND upper_inf(a.known) AND upper_inf(b.known)"
            " AND a.held && b.held AND a.geom && b.geom AND ST_Relate(a.geom, b.geom, '2********')"
        )
        assert session.execute(text(overlapping)).all() == []
        back = (
            "SELECT stream FROM (SELECT stream, recorded_at, lag(recorded_at) OVER (PARTITION BY stream ORDER BY seq) AS before"
            " FROM event) AS e WHERE recorded_at < before"
        )
        assert session.execute(text(back)).all() == []
