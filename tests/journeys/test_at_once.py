"""Two officers act on one case at once, over HTTP: one act is done, the other officer is told what changed."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.demo.journey import APPROVER, OYSTER, WINDOW, Step, accepting, filing, judging, submitting
from api.demo.teller import Teller
from api.demo.waters import ROPES, rectangle, use_of
from tests.journeys.conftest import installation, teller_of
from tests.journeys.whole import demand_whole
from tests.support.databases import Database
from tests.support.serving import Serving

STORY = "at-once"
ACCEPT = {"act": "acceptance.accept"}
ASK = {"act": "acceptance.ask_for_correction", "items": ["contact"], "texts": {"contact": "电话打不通"}}
APPROVE = {"act": "decision.approve"}
REFUSE = {"act": "decision.refuse", "ground": "harms_nature"}


def filed(where: tuple[float, float]) -> list[Step]:
    boundary = rectangle(where, (300, 260), 0)
    use = lambda teller: use_of(boundary, ROPES, teller.today)  # noqa: E731
    return [*filing(STORY, OYSTER, use), *submitting(STORY, OYSTER)]


def at_once(teller: Teller, *asked: tuple[str, str, dict[str, Any]]) -> list[httpx.Response]:
    """These (login, key, body) sent at the same moment; the answers in their order."""
    url = f"{teller.address}/api/v1/cases/{teller.memory[STORY]}/acts"
    headers = [{"Authorization": f"Bearer {teller.token(login)}", "Idempotency-Key": key} for login, key, _ in asked]
    line = threading.Barrier(len(asked))
    answers: dict[int, httpx.Response] = {}

    def send(at: int) -> None:
        line.wait()
        answers[at] = httpx.post(url, json=asked[at][2], headers=headers[at], timeout=60, trust_env=False)

    threads = [threading.Thread(target=send, args=(at,)) for at in range(len(asked))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[at] for at in range(len(asked))]


def with_checklist(teller: Teller, login: str, body: dict[str, Any], failing: str = "") -> dict[str, Any]:
    return {**body, "checklist": teller.checklist(STORY, login, str(body["act"]), failing=failing)}


def acts_done(teller: Teller, *names: str) -> list[str]:
    """Which of these acts stand in the chain of the case."""
    events = teller.call(WINDOW, "GET", f"/cases/{teller.memory[STORY]}/events")["events"]
    return [each["kind"] for each in events if each["kind"].removeprefix("case.") in names]


@pytest.fixture
def told(peopled: Database, tmp_path: Path) -> Any:
    with installation(peopled, tmp_path) as house:
        yield house, teller_of(house)


def test_two_windows_one_accepts_one_asks(told: tuple[Serving, Teller], tmp_path: Path) -> None:
    house, teller = told
    for step in filed((122.5300, 37.0800)):
        step.do(teller)
    one, two = with_checklist(teller, WINDOW, ACCEPT), with_checklist(teller, WINDOW, ASK)
    answers = at_once(teller, (WINDOW, "window-one", one), (WINDOW, "window-two", two))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(acts_done(teller, "acceptance.accept", "acceptance.ask_for_correction")) == 1
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert refused["code"] == "act.not_open"
    house.settle()
    demand_whole(house.database, tmp_path)


def test_one_act_sent_twice_at_once_is_done_once(told: tuple[Serving, Teller], tmp_path: Path) -> None:
    house, teller = told
    for step in filed((122.5345, 37.0800)):
        step.do(teller)
    body = with_checklist(teller, WINDOW, ACCEPT)
    answers = at_once(teller, *[(WINDOW, "the-same-key", body)] * 4)
    assert {answer.status_code for answer in answers} == {200}
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert len(acts_done(teller, "acceptance.accept")) == 1
    house.settle()
    demand_whole(house.database, tmp_path)


def test_approved_and_refused_at_once(told: tuple[Serving, Teller], tmp_path: Path) -> None:
    house, teller = told
    for step in [*filed((122.5390, 37.0800)), *accepting(STORY), *judging(STORY)]:
        step.do(teller)
    version = teller.case(STORY, APPROVER)["version"]
    yes = {**with_checklist(teller, APPROVER, APPROVE), "version": version}
    no = {**with_checklist(teller, APPROVER, REFUSE, failing="harms_nature"), "version": version}
    answers = at_once(teller, (APPROVER, "approver-one", yes), (APPROVER, "approver-two", no))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert next(answer.json()["code"] for answer in answers if answer.status_code == 409) == "case.changed_meanwhile"
    assert len(acts_done(teller, "decision.approve", "decision.refuse")) == 1
    house.settle()
    demand_whole(house.database, tmp_path)
