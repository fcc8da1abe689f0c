"""Acts on cases: submit, accept, decide and register per second with eight clients beside the bare INSERTs of the rows that they
write, and the time from an act to its finished paper. By itself: `python -m tests.bench.cases --cases 16`.

Every act is measured twice: while the worker rests, and while it makes the papers that the first half has asked for.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from api.demo import journey
from tests.bench import case_papers
from tests.bench.case_acts import Act, Client, Timed, crowd, walk
from tests.bench.case_clients import CLIENTS
from tests.bench.case_house import opened, teller_of
from tests.bench.case_waters import use_at
from tests.bench.case_writes import Written, bare_per_second, recorded
from tests.support.effort import effort_of_run
from tests.support.serving import Serving

# Cases that are acted on from the form to the register, in two halves; and those that only wait for their first paper alone.
CASES = {"quick": 16, "full": 64}
ALONE = {"quick": 4, "full": 16}
CASES_HELP = "acted on from the form to the register; default by HAIYU_EFFORT"
BARE_ACTS = 400
SUBMIT, ACCEPT = "submission.submit", "acceptance.accept"
APPROVE, REGISTER = "decision.approve", "registration.register"
DONE_BY = {
    SUBMIT: journey.OYSTER,
    ACCEPT: journey.WINDOW,
    APPROVE: journey.APPROVER,
    REGISTER: journey.REGISTRAR,
}
# A planning zone that only informs leaves the water free.
FREE = ("clear", "compatible")
FIRST_PAPER = "acceptance_notice"


class Bench:
    """One run on one installation; `told` is what it has measured so far."""

    def __init__(self, house: Serving, cases: int, alone: int) -> None:
        self.house, self.teller = house, teller_of(house)
        # Two more than are timed: one that warms up, and one whose acts are recorded.
        stories = [f"bench-{number}" for number in range(2 + cases + alone + CLIENTS)]
        self.cases, self.alone = stories[: 2 + cases], stories[2 + cases : -CLIENTS]
        self.at_once = stories[-CLIENTS:]
        self.told: dict[str, Any] = {"cases": cases, "acts": {}}

    def run(self) -> dict[str, Any]:
        """From the form to the register, act by act."""
        begun = time.perf_counter()
        self._file([*self.cases, *self.alone, *self.at_once])
        self._act(SUBMIT)
        self._walk(lambda story: journey.submitting(story, journey.OYSTER), *self.alone, *self.at_once)
        self.teller.settle()
        self.teller.later(1)
        self._act(ACCEPT)
        self._papers()
        self._judge()
        self._act(APPROVE)
        journey.supply_rate(self.teller)
        self._walk(journey.paying, *self.cases)
        self._act(REGISTER)
        self.told["seconds"] = round(time.perf_counter() - begun)
        return self.told

    def _walk(self, steps_of: Callable[[str], Sequence[journey.Step]], *stories: str) -> None:
        walk(self.teller, steps_of, stories)

    def _file(self, stories: Sequence[str]) -> None:
        """Signed forms with their papers, each in water that the check finds free."""

        def filing(story: str) -> list[journey.Step]:
            number = stories.index(story)
            return journey.filing(story, journey.OYSTER, lambda teller: use_at(number, teller.today))

        self._walk(filing, *stories)
        for story in stories:
            found = self.teller.call(journey.OYSTER, "GET", f"/cases/{self.teller.memory[story]}/check")
            if found["grade"] not in FREE:
                raise SystemExit(f"the water of {story} is not free: {found['grade']} {found['findings'][:2]}")

    def _judge(self) -> None:
        """Reviewed, surveyed, answered by the offices, and past the notice, which ends on one day for all."""
        self.teller.settle()
        self.teller.later(1)
        last = max(each["last"] for each in self.teller.call(None, "GET", "/notices")["notices"])
        self.teller.memory.update({f"{story}.notice": last for story in self.cases})
        self._walk(journey.judging, *self.cases)

    def _act(self, name: str) -> None:
        """One kind of act: what it writes, how many a second while the worker rests and while it works, and the same rows bare."""
        print(f"{name} …", flush=True)
        self.teller.settle()
        house = self.house
        first, second, *others = (self.teller.memory[story] for story in self.cases)
        act = Act.on(self.teller, DONE_BY[name], name, self.cases[0])
        writes = self._record(act, first, second)
        half = len(others) // 2
        house.kill9("worker")
        at_rest = crowd(house.address, act, others[:half])
        house.start()
        at_work = crowd(house.address, act, others[half:])
        self.teller.settle()
        bare = bare_per_second(house.database.superuser_url, writes, BARE_ACTS)
        self.told["acts"][name] = {
            "rows": len(writes),
            "tables": dict(Counter(each.table for each in writes).most_common()),
            "bare_per_second": round(bare, 1),
            "worker_rests": _told(at_rest, bare),
            "worker_works": _told(at_work, bare),
        }

    def _record(self, act: Act, first: str, second: str) -> list[Written]:
        """What the act writes on the second case: the first of its kind may write what later ones find there, as the rule book."""
        with Client(self.house.address, act) as client:
            client.do(first)
            self.teller.settle()
            with recorded(self.house.database.superuser_url) as writes:
                client.do(second)
        self.teller.settle()
        return writes

    def _papers(self) -> None:
        """From the answer to an acceptance until its notice stands."""
        print("papers …", flush=True)
        house, memory = self.house, self.teller.memory
        act = Act.on(self.teller, DONE_BY[ACCEPT], ACCEPT, self.alone[0])
        given = house.address, house.database.superuser_url, act
        spent = []
        for story in self.alone:
            spent.append(case_papers.alone(*given, memory[story]))
            self.teller.settle()
        together = case_papers.at_once(*given, [memory[story] for story in self.at_once])
        self.teller.settle()
        bare = self._bare_paper(memory[self.alone[0]])
        self.told["paper"] = {
            "bare_s": round(bare, 3),
            "alone_s": _two(spent),
            "at_once_s": _two(together),
            "ratio_alone": round(float(np.median(spent)) / bare, 2),
            "ratio_at_once": round(float(np.median(together)) / bare, 2),
        }

    def _bare_paper(self, case: str) -> float:
        papers = self.teller.call(journey.WINDOW, "GET", f"/cases/{case}/papers")["papers"]
        code = next(each["code"] for each in papers if each["kind"] == FIRST_PAPER)
        with self.house.database.sessions(pooled=False)() as session:
            return case_papers.bare_seconds(session, code, self.house.folder / "keys", self.house.address)


def _told(timed: Timed, bare: float) -> dict[str, Any]:
    """`ratio` says how many times as long as its bare INSERTs the act takes."""
    return {
        "acts": len(timed.each_ms),
        "per_second": round(timed.per_second, 2),
        "ms": _two(timed.each_ms),
        "busy_answers": timed.busy,
        "ratio": round(bare / timed.per_second, 1),
    }


def _two(values: Sequence[float]) -> dict[str, float]:
    median, high = np.percentile(values, [50, 95])
    return {"median": round(float(median), 3), "p95": round(float(high), 3)}


def measure(cases: int | None = None) -> dict[str, Any]:
    """Acts a second, rows, ratios and waits for papers."""
    effort = effort_of_run().name
    with opened(pool_size=2 * CLIENTS) as house:
        return Bench(house, cases or CASES[effort], ALONE[effort]).run()


def _lines(told: dict[str, Any]) -> list[tuple[str, Any]]:
    """The figures of a run, each with its name."""
    lines: list[tuple[str, Any]] = []
    for name, act in told["acts"].items():
        lines.append((f"{name}: bare INSERTs of {act['rows']} rows, a second", act["bare_per_second"]))
        for when in ("worker_rests", "worker_works"):
            words = when.replace("_", " ")
            lines.append((f"{name}: a second, {words}", act[when]["per_second"]))
            lines.append((f"{name} : bare INSERTs, {words}", act[when]["ratio"]))
    paper = told["paper"]
    for when in ("alone", "at_once"):
        lines.append((f"act to paper, {when}: median s", paper[f"{when}_s"]["median"]))
        lines.append((f"act to paper, {when}: p95 s", paper[f"{when}_s"]["p95"]))
        lines.append((f"act to paper, {when} : bare setting and signing", paper[f"ratio_{when}"]))
    return lines


def show(told: dict[str, Any]) -> None:
    """Print the figures as the other benches do; nothing here has a goal."""
    for name, value in _lines(told):
        print(f"{name:65} {value:8}")


def main() -> None:
    """This bench alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, help=CASES_HELP)
    given = parser.parse_args()
    told = measure(given.cases)
    print(json.dumps(told, indent=1, ensure_ascii=False))
    show(told)


if __name__ == "__main__":
    main()
