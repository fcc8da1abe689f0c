"""Lays the sample cases: a server and a worker of their own, on a clock that runs through the past weeks up to the present.

Where it is called from sees to it that they are laid as a whole or not at all (`api.samples`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from api.demo.house import House, open_house
from api.demo.journey import supply_rate
from api.demo.states import Act, SampleCase, cases, schedule
from api.demo.teller import Teller
from api.people import samples
from api.settings import Settings
from approvals import queries
from data.clock import LEGAL_ZONE, legal_day

SATURDAY = 5
# Offices open at nine; acts of one day follow each other by minutes, the newest end before the present.
OPENS = time(9, 0)
BETWEEN = timedelta(minutes=4)


def are_wanted(session: Session, today: date) -> bool:
    """Whether nobody has opened a case yet, and the sample people held their posts when the oldest sample case began."""
    since = samples.posts_since(session)
    return since is not None and since <= first_act(today) and not queries.has_cases(session)


def first_act(today: date) -> date:
    """The day on which the oldest of the sample cases began."""
    return working_day(today, schedule(cases(today))[0][0])


def lay_cases(
    settings: Settings, now: datetime, told: Callable[[str], None] = lambda code: None, *, papers: bool = False
) -> Mapping[str, str]:
    """Tell every sample case up to its state; their numbers by name. Papers that no act waits for are left to the next worker,
    unless they are asked for."""
    today = legal_day(now)
    found = cases(today)
    plan = schedule(found)
    quiet = {"checks_per_minute": 0, "sign_ins_per_minute": 0, "log_level": "warning"}
    told("samples.cases")
    with open_house(settings.model_copy(update=quiet), _at(first_act(today), OPENS), papers=papers) as house:
        teller = Teller(house.address, house.clock, house.clock.advance, house.settle, papers=house.make_papers)
        supply_rate(teller)
        _play(house, teller, plan, now)
        house.settle()
    return {case.name: teller.memory[case.name] for case in found}


def _play(house: House, teller: Teller, plan: list[tuple[int, SampleCase, Act]], now: datetime) -> None:
    """Every act at its hour; what became due in between is done first, as the worker of those days would have."""
    today, left = legal_day(now), len(plan)
    for days, _case, act in plan:
        hour = _at(working_day(today, days), OPENS)
        # The last acts must lie before the present, however early in the day it is.
        hour = min(hour, now - left * BETWEEN)
        if legal_day(hour) > legal_day(house.clock()):
            house.clock.instant = max(hour, house.clock.instant)
            house.settle()
        else:
            house.clock.instant = max(hour, house.clock.instant + BETWEEN)
        act.do(teller)
        left -= 1


def working_day(today: date, back: int) -> date:
    """The weekday so many before `today`, which counts as 0 itself unless it is a weekend's: then the Friday before does.

    >>> working_day(date(2026, 11, 26), 0), working_day(date(2026, 11, 29), 0), working_day(date(2026, 11, 26), 4)
    (datetime.date(2026, 11, 26), datetime.date(2026, 11, 27), datetime.date(2026, 11, 20))
    """
    day = today
    while day.weekday() >= SATURDAY:
        day -= timedelta(days=1)
    for _ in range(back):
        day -= timedelta(days=3 if day.weekday() == 0 else 1)
    return day


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, LEGAL_ZONE).astimezone(UTC)
