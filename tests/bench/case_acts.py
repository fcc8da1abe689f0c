"""Many cases at once: brought to the eve of an act by the steps of the demonstration's journey, and acted on by eight clients."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self

import httpx

from api.demo.journey import Step
from api.demo.teller import Teller
from tests.bench.case_clients import CLIENTS, together

TIMEOUT_SECONDS = 120.0
BUSY = 503


def walk(teller: Teller, steps_of: Callable[[str], Sequence[Step]], stories: Sequence[str]) -> None:
    """Tell the same steps of all these stories, each step for all of them before the next."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        for same in zip(*(steps_of(story) for story in stories), strict=True):
            # The first one alone: where days pass, they pass once, and its people sign in anew for the others.
            same[0].do(teller)
            list(pool.map(lambda step: step.do(teller), same[1:]))


@dataclass(frozen=True, slots=True)
class Act:
    """An act that is the same on every case: who does it, its name, and what its request says."""

    login: str
    name: str
    body: dict[str, Any]

    @classmethod
    def on(cls, teller: Teller, login: str, name: str, story: str) -> Act:
        """The act with the checklist that it has on this story's case, all passed."""
        return cls(login, name, {"act": name, "checklist": teller.checklist(story, login, name)})


class Client:
    """A person at a machine: a session of their own, one connection kept open. `busy`: how often they were told to come again."""

    def __init__(self, address: str, act: Act) -> None:
        self._act, self.busy = act, 0
        self._http = httpx.Client(base_url=f"{address}/api/v1", timeout=TIMEOUT_SECONDS, trust_env=False)
        told = self._http.post("/sign-in", json={"sample": act.login, "way": "token"})
        self._http.headers["Authorization"] = f"Bearer {told.raise_for_status().json()['token']}"

    def do(self, case: str) -> dict[str, Any]:
        """Act on a case; the answer. Told that the sea is busy, they wait and ask again; any other refusal ends the bench."""
        key = {"Idempotency-Key": f"bench:{self._act.name}:{case}"}
        while (answer := self._http.post(f"/cases/{case}/acts", json=self._act.body, headers=key)).status_code == BUSY:
            self.busy += 1
            time.sleep(float(answer.headers["Retry-After"]))
        if answer.status_code != 200:
            raise SystemExit(f"{self._act.name} on {case}: {answer.status_code} {answer.text[:800]}")
        return dict(answer.json())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        self._http.close()


@dataclass(frozen=True, slots=True)
class Timed:
    """What a crowd of clients did: how many acts in how many seconds, the milliseconds of each, and how often the sea was busy."""

    seconds: float
    each_ms: list[float]
    busy: int

    @property
    def per_second(self) -> float:
        """Acts per second."""
        return len(self.each_ms) / self.seconds


def crowd(address: str, act: Act, cases: Sequence[str]) -> Timed:
    """Eight clients, signed in beforehand, do the act on these cases; each case is one client's."""

    def work(number: int, begin: Callable[[], object]) -> tuple[list[float], int]:
        spent = []
        with Client(address, act) as client:
            begin()
            for case in cases[number::CLIENTS]:
                begun = time.perf_counter()
                client.do(case)
                spent.append((time.perf_counter() - begun) * 1000)
            return spent, client.busy

    seconds, done = together(work)
    return Timed(seconds, [ms for spent, _ in done for ms in spent], sum(busy for _, busy in done))
