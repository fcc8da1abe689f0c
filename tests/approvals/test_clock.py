"""The clock on real ranges of days: each file of `clock/` is a case that a lawyer can read, day by day."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from approvals.clock import CaseClock, clock_of
from approvals.clock_words import table
from approvals.dates import dates_of
from data.rulebook import packaged
from data.rulebook.merge import merge
from data.rulebook.values import Entry
from data.rulebook.yamlfile import read_yaml
from tests.approvals.builders import Story

CASES = sorted((Path(__file__).parent / "clock").glob("*.yaml"))
SWITCHES = ("public_notice", "payment", "supplements")


def told(path: Path) -> dict[str, Any]:
    return read_yaml(path.read_text(encoding="utf-8"), path.name)


def run(case: dict[str, Any]) -> tuple[Story, CaseClock]:
    """The story of a file, act by act, and its clock on the file's day."""
    story = Story(on=case["story"][0]["on"])
    for act in case["story"]:
        story.on = act["on"]
        facts = {"needs_consent": [], "offices": []} if act["act"] == "checking.record" else {}
        more = {key: act[key] for key in ("role", "key", "ground") if key in act}
        facts |= {
            name: str(value) if isinstance(value, date) else value for name, value in act.get("facts", {}).items()
        }
        story.do(act["act"], facts=facts, **more) if facts else story.do(act["act"], **more)
    book = packaged()
    if case.get("switched_on"):
        switches = {name: name in case["switched_on"] for name in SWITCHES}
        entry = Entry(rule="days.house_exclusions", value=switches, cite="本系统设定", document="设定单", seen="house")
        book = merge(book, [entry])
    inquiry = book.inquire(
        dates=dates_of(story.state, story.template, case["today"]), place=("cn", "37", "3710", "371082")
    )
    return story, clock_of(story.state, story.template, inquiry, case["today"])


def summary(clock: CaseClock) -> dict[str, Any]:
    return {
        "accepted": clock.accepted_on,
        "promised": clock.promised.days,
        "counted": clock.promised.counted,
        "promised_until": clock.promised.finish or clock.promised.provisional,
        "predicted": clock.predicted_finish,
        "statutory": {
            limit.step: f"{limit.days} 个工作日，{limit.source.cite}，至 {limit.finish or limit.provisional}"
            for limit in clock.statutory
            if limit.opened_on
        },
        "missing": list(clock.missing),
    }


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_every_day_of_a_real_range_is_labelled(path: Path) -> None:
    case = told(path)
    _, clock = run(case)
    assert list(table(clock.days, "zh")) == case["days"]
    assert summary(clock) == case["clock"]


def test_there_are_ten_real_ranges_at_least() -> None:
    assert len(CASES) >= 10


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_no_day_is_left_out_without_a_ground_and_its_basis(path: Path) -> None:
    _, clock = run(told(path))
    days = [day.date for day in clock.days]
    assert all((later - earlier).days == 1 for earlier, later in pairwise(days))
    for day in clock.days:
        assert (day.label == "excluded") == (day.basis is not None and day.label not in {"accepted", "deemed_accepted"})
    numbers = [day.number for day in clock.days if day.number]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(table(clock.days, "en")) == len(days)


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_a_house_switch_moves_the_promised_day_and_never_a_limit_of_the_law(path: Path) -> None:
    case = told(path)
    _, with_none = run({**case, "switched_on": []})
    _, with_all = run({**case, "switched_on": list(SWITCHES)})
    assert with_all.statutory == with_none.statutory
    assert with_all.statutory_path == with_none.statutory_path
    if with_none.promised.finish and with_all.promised.finish:
        assert with_all.promised.finish >= with_none.promised.finish


def test_the_three_figures_stand_apart_each_with_its_source() -> None:
    _, clock = run(told(CASES[0]))
    assert (clock.promised.days, clock.former.days) == (8, 22)
    assert clock.promised.source and "报道数字" in clock.promised.source.cite
    assert clock.former.source and "报道数字" in clock.former.source.cite
    assert (clock.former.finish, clock.former.provisional) == (None, None)
    assert [(limit.step, limit.days) for limit in clock.statutory_path] == [
        ("technical_review", 10),
        ("decision", 20),
        ("registration", 30),
    ]
    assert clock.statutory_days == 60
    assert all("条" in limit.source.cite for limit in clock.statutory)


def test_a_place_without_a_promise_has_none() -> None:
    story = Story(on=date(2026, 9, 1)).do("submission.submit").do("acceptance.accept")
    inquiry = packaged().inquire(
        dates=dates_of(story.state, story.template, date(2026, 9, 2)), place=("cn", "37", "3710", "371083")
    )
    clock = clock_of(story.state, story.template, inquiry, date(2026, 9, 2))
    assert (clock.promised.days, clock.promised.finish, clock.promised.source) == (None, None, None)
    assert clock.former.days is None


def test_a_prediction_stands_still_while_a_notice_runs_its_days() -> None:
    """A notice that is left out of the count must not push itself ahead day by day."""
    story = [
        {"on": date(2026, 8, 3), "act": act} for act in ("submission.submit", "acceptance.accept", "checking.record")
    ]
    seen = set()
    for today in (date(2026, 8, 3), date(2026, 8, 5), date(2026, 8, 7)):
        _, clock = run({"story": story, "today": today, "switched_on": ["public_notice"]})
        seen.add(clock.predicted_finish)
    assert seen == {date(2026, 8, 13)}


def test_an_extension_lengthens_the_limit_of_the_decision_with_its_article() -> None:
    path = CASES[0]
    case = told(path)
    case["story"].insert(3, {"on": date(2026, 9, 3), "act": "extend"})
    (decision,) = [limit for limit in run(case)[1].statutory if limit.step == "decision"]
    assert (decision.days, decision.extended_by, decision.finish) == (30, 10, date(2026, 10, 27))
