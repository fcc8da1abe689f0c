"""The story with `kill -9` of server and worker at every step in turn: nothing is half-written, lost, or done twice.

Each step is begun, the processes are killed at some moment of it, they are started again, and the same step is told once more
under the same keys. Afterwards everything there is must be as much as in the same story that nobody disturbed.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from api.demo.journey import STORIES, Step
from api.demo.teller import NotSo, Teller
from tests.journeys.conftest import installation, laid, teller_of
from tests.journeys.whole import demand_whole, facts
from tests.support.databases import Database
from tests.support.effort import Effort
from tests.support.serving import Serving

STORY = "clean"
# A step is broken off at some moment of the time that it takes undisturbed on this machine, and within this many seconds.
LATEST_SECONDS = 2.0
LEAST_BROKEN = 4
WHOM = (("server", "worker"), ("server",), ("worker",))


class Undisturbed(NamedTuple):
    """How much of everything the story leaves when nobody disturbs it, and how long each step took."""

    found: dict[str, Any]
    seconds: list[float]


@pytest.fixture(scope="module")
def undisturbed(cluster: Any, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """The story as it goes by itself."""
    folder, seconds = tmp_path_factory.mktemp("undisturbed"), []
    with laid(cluster, folder) as database:
        with installation(database, folder) as house:
            teller = teller_of(house)
            for step in STORIES[STORY]():
                begun = time.monotonic()
                step.do(teller)
                seconds.append(time.monotonic() - begun)
            house.settle()
        with database.sessions(pooled=False)() as session:
            return Undisturbed(facts(session), seconds)


def test_killed_at_every_step(undisturbed: Undisturbed, cluster: Any, tmp_path: Path, effort: Effort) -> None:
    for turn in range(effort.kills):
        with laid(cluster, tmp_path / str(turn)) as database:
            _tell_with_kills(database, tmp_path / str(turn), turn, undisturbed.seconds)
            with database.sessions(pooled=False)() as session:
                assert facts(session) == undisturbed.found


def _tell_with_kills(database: Database, folder: Path, turn: int, seconds: Sequence[float]) -> None:
    chance = random.Random(turn)
    with installation(database, folder, apart=True) as house:
        teller = teller_of(house)
        broken = 0
        for order, (step, took) in enumerate(zip(STORIES[STORY](), seconds, strict=True), turn):
            moment = chance.uniform(0, min(took, LATEST_SECONDS))
            broken += _broken_off(house, teller, step, WHOM[order % len(WHOM)], moment)
            step.do(teller)
        assert broken >= LEAST_BROKEN, "hardly a kill met a step that was under way"
        house.settle()
        demand_whole(database, folder)


def _broken_off(house: Serving, teller: Teller, step: Step, whom: tuple[Any, ...], after: float) -> bool:
    """Begin a step, kill at some moment of it, start again; whether the step was under way, so that its answer is lost."""
    wrong: list[BaseException] = []
    broken: list[BaseException] = []

    def tell() -> None:
        try:
            step.do(teller)
        except (httpx.TransportError, AssertionError) as lost:
            broken.append(lost)  # the line broke, or the house was found dead
        except NotSo as answer:
            wrong.append(answer)

    telling = threading.Thread(target=tell)
    telling.start()
    telling.join(after)
    house.kill9(*whom)
    if "server" not in whom:
        # With the worker alone dead the step may wait for its jobs; it goes on when a worker is there again.
        house.start()
    telling.join()
    house.start()
    assert not wrong, wrong
    return bool(broken)
