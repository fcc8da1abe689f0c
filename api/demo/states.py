"""Sample cases in every state, so that each role finds work: the stories of `api.demo.journey`, broken off at another step each.

A case is a line of acts, each on a working day counted back from the present, so that the newest lie just before it. What is told is
told through the interface by the sample people whose steps they are; nothing is written by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.demo.journey import (
    APPROVER,
    COOPERATIVE,
    OYSTER,
    REGISTRAR,
    REVIEWER,
    SEAFOOD,
    TYPED,
    WINDOW,
    Step,
    deciding,
    filing,
    paying,
    submitting,
)
from api.demo.teller import Teller
from api.demo.waters import FLOOR, ROPES, below_a_neighbour, inside_a_right_of, rectangle, use_of
from marine.boundary import Boundary

VILLAGE, PERSON = "sample.village", "sample.person"
RUSHAN = {WINDOW: "sample.window.371083", REVIEWER: "sample.reviewer.371083", APPROVER: "sample.approver.371083"}
# Free water between the two blocks of rafts in Sanggou Bay, and off Nanhuang: south-west corners (lon, lat).
COLUMNS, ROWS = (122.515, 122.521, 122.527, 122.533, 122.539, 122.545, 122.551, 122.557), (37.0815, 37.0865, 37.0915)
OFF_NANHUANG = ((121.745, 36.779), (121.765, 36.786), (121.785, 36.781))
FURTHER_OFF = ((121.755, 36.778), (121.775, 36.778), (121.797, 36.780))
SIZE_M, TURN = (430, 370), 9


@dataclass(frozen=True, slots=True)
class Act:
    """What is done on a working day: `day` 0 is the present, 3 is the third working day before it."""

    day: int
    do: Callable[[Teller], Any]


@dataclass(frozen=True, slots=True)
class SampleCase:
    """A case in a state: its name, who applies, its acts in order of time."""

    name: str
    login: str
    acts: tuple[Act, ...]


def cases(today: date) -> tuple[SampleCase, ...]:
    """All sample cases as of a day; the same day gives the same cases."""
    spots, off = _spots(), iter(FURTHER_OFF)
    west, middle, east = OFF_NANHUANG
    contested = (COLUMNS[-1], ROWS[-1])
    return (
        _case("draft_begun", OYSTER, next(spots), [(0, _open)]),
        _case("draft_half", SEAFOOD, west, [(1, _open), (1, _half_filled)]),
        _case("draft_unsigned", OYSTER, next(spots), [(1, _drafted)]),
        _case("submitted", COOPERATIVE, next(spots), [(1, _filed)]),
        _case("submitted_late", VILLAGE, next(spots), [(4, _filed)]),
        _case("in_correction", OYSTER, next(spots), [(4, _filed), (2, _correction_asked)]),
        _case("supplied", PERSON, next(spots), [(4, _filed), (3, _correction_asked), (1, _supplied_with_less_sea)]),
        _case("in_review", OYSTER, next(spots), [(2, _filed), (1, _accepted)]),
        _case("survey_waits", SEAFOOD, next(spots), [(4, _filed), (3, _accepted), (1, _reviewed)]),
        _below("consents", COOPERATIVE, today, [(4, _filed), (3, _accepted)]),
        _case("notice_over", VILLAGE, next(spots), [(9, _filed), (8, _accepted), (6, _reviewed), (5, _surveyed), (4, _answered)]),
        _case("for_decision", OYSTER, next(spots), _until(0, _filed, _accepted, _reviewed, _surveyed, _answered, _closed)),
        _case("unpaid", COOPERATIVE, next(spots), _until(0, *_TO_APPROVAL, _billed)),
        _case("fee_unknown", SEAFOOD, middle, _until(1, *_TO_APPROVAL), at=RUSHAN),
        _case("paid", SEAFOOD, next(spots), _until(0, *_TO_APPROVAL, _billed, _paid)),
        _case("delivered", OYSTER, next(spots), _until(0, *_TO_APPROVAL, _billed, _paid, _registered)),
        _case("completed", COOPERATIVE, next(spots), _until(1, *_TO_APPROVAL, _billed, _paid, _registered, _rated)),
        _case("refused", SEAFOOD, next(spots), _until(2, _filed, _accepted, _reviewed, _surveyed, _answered, _closed, _refused)),
        _case("rejected", PERSON, next(spots), [(6, _filed), (5, _rejected)]),
        _case("withdrawn", VILLAGE, east, [(6, _filed), (5, _accepted), (3, _withdrawn)], at=RUSHAN),
        _over_a_neighbour("remedy_taken", SEAFOOD, today, [(2, _drawn_over), (1, _remedy_filed)]),
        _case("competing_first", COOPERATIVE, contested, [(4, _filed), (3, _accepted)]),
        _case("competing_second", VILLAGE, contested, [(4, _filed), (2, _accepted)]),
        _case("rushan_submitted", PERSON, next(off), [(2, _filed)], at=RUSHAN),
        _case("rushan_in_review", COOPERATIVE, next(off), [(4, _filed), (3, _accepted)], at=RUSHAN),
        _case("rushan_for_decision", VILLAGE, next(off), _until(0, *_TO_APPROVAL[:-1]), at=RUSHAN),
    )  # fmt: skip


def schedule(found: Sequence[SampleCase]) -> list[tuple[int, SampleCase, Act]]:
    """Every act of all cases in order of time, those of one day case by case."""
    acts = [
        (act.day, order, number, case, act) for order, case in enumerate(found) for number, act in enumerate(case.acts)
    ]
    return [(day, case, act) for day, _, _, case, act in sorted(acts, key=lambda each: (-each[0], each[1], each[2]))]


Telling = Callable[[Teller, str, str, dict[str, str], Callable[[Teller], dict[str, Any]]], Any]


def _spots() -> Iterator[tuple[float, float]]:
    return iter([(lon, lat) for lat in ROWS for lon in COLUMNS])


def _until(last: int, *told: Telling) -> list[tuple[int, Telling]]:
    """The usual pace: submission, acceptance a day later, five days of notice, then a step a day up to the working day `last`."""
    days, day = [], 0
    for step in told:
        day += _PACE.get(step, 1)
        days.append(day)
    return [(last + days[-1] - day, step) for day, step in zip(days, told, strict=True)]


def _case(
    name: str,
    login: str,
    corner: tuple[float, float],
    told: list[tuple[int, Telling]],
    at: dict[str, str] | None = None,
) -> SampleCase:
    boundary = rectangle(corner, SIZE_M, TURN)
    return _with_use(name, login, told, lambda teller: use_of(boundary, ROPES, teller.today), at)


def _with_use(
    name: str,
    login: str,
    told: list[tuple[int, Telling]],
    use: Callable[[Teller], dict[str, Any]],
    at: dict[str, str] | None = None,
) -> SampleCase:
    house = at or {}

    def act(telling: Telling) -> Callable[[Teller], Any]:
        return lambda teller: telling(teller, name, login, house, use)

    return SampleCase(name, login, tuple(Act(day, act(telling)) for day, telling in told))


def _below(name: str, login: str, today: date, told: list[tuple[int, Telling]]) -> SampleCase:
    """A bed on the floor below rafts of the oyster company, who is asked."""
    boundary: Boundary = inside_a_right_of(0, today)
    return _with_use(name, login, told, lambda teller: use_of(boundary, FLOOR, teller.today, layered=True))


def _over_a_neighbour(name: str, login: str, today: date, told: list[tuple[int, Telling]]) -> SampleCase:
    """A parcel drawn over a neighbour's."""
    boundary = rectangle(below_a_neighbour(today), (620, 420), 14)
    return _with_use(name, login, told, lambda teller: use_of(boundary, ROPES, teller.today))


def _do(teller: Teller, steps: Sequence[Step]) -> None:
    for step in steps:
        step.do(teller)


def _open(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    _do(teller, filing(name, login, use)[:1])


def _half_filled(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    answers = {"contact": TYPED["contact"], "project_name": "示例牡蛎筏式养殖（未填完）"}
    teller.call(login, "PATCH", f"/cases/{teller.memory[name]}/form", json={"answers": answers})


def _drafted(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    _do(teller, filing(name, login, use, project_name=PROJECTS[name])[:3])


def _filed(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    _do(teller, [*filing(name, login, use, project_name=PROJECTS[name]), *submitting(name, login)])


def _correction_asked(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    words = {"contact": "联系人电话打不通，请换一个能接通的联系人。", "credit": "资信证明已过期，请换三个月以内的。"}
    officer = at.get(WINDOW, WINDOW)
    teller.act(name, officer, "acceptance.ask_for_correction", items=["contact", "credit"], texts=words)


def _supplied_with_less_sea(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    """Every item mended, and the parcel drawn smaller: two submitted versions to compare."""
    case = f"/cases/{teller.memory[name]}"
    teller.call(login, "PATCH", f"{case}/form", json={"answers": {"contact": "李示例（办公室）"}})
    drawn = use(teller)
    smaller = rectangle(_corner_of(drawn), (SIZE_M[0] - 60, SIZE_M[1]), TURN)
    teller.call(login, "PUT", f"{case}/use", json={"use": {**drawn, **_boundary(smaller)}})
    teller.put_on_file(name, login, "credit", "new")
    teller.sign(name, login)
    teller.act(name, login, "correction.supply", items=["contact", "credit"])


def _corner_of(use: dict[str, Any]) -> tuple[float, float]:
    # Turned anticlockwise, a rectangle has its south-west corner lowest.
    lon, lat = min(use["boundary"]["exterior"], key=lambda point: point[1])
    return lon / 3_600_000, lat / 3_600_000


def _boundary(boundary: Boundary) -> dict[str, Any]:
    return {"boundary": {"exterior": [list(point) for point in boundary.parcel.exterior]}}


def _accepted(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    teller.act(name, at.get(WINDOW, WINDOW), "acceptance.accept")
    teller.settle()


def _reviewed(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    teller.act(name, at.get(REVIEWER, REVIEWER), "technical_review.pass", facts={"expert_review": False})


def _surveyed(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    officer = at.get(REVIEWER, REVIEWER)
    teller.put_on_file(name, officer, "survey_record")
    teller.act(name, officer, "site_survey.record", facts={"surveyed_on": teller.today.isoformat()})


def _answered(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    officer = at.get(WINDOW, WINDOW)
    for question in teller.call(officer, "GET", f"/cases/{teller.memory[name]}/questions")["questions"]:
        if question["step"] == "consultation" and question["standing"] == "open":
            key, path = f"{name}:answer:{question['id']}", f"/questions/{question['id']}/answer"
            teller.call(officer, "POST", path, key=key, json={"outcome": "no_objection"})


def _closed(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    teller.act(name, at.get(WINDOW, WINDOW), "public_notice.close", facts={"objections": 0})


def _approved(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    if at:
        teller.act(name, at[APPROVER], "decision.approve")
    else:
        _do(teller, deciding(name))


def _refused(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    teller.act(name, at.get(APPROVER, APPROVER), "decision.refuse", ground="harms_nature", failing="harms_nature")


def _billed(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    _do(teller, paying(name)[:1])


def _paid(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    _do(teller, paying(name)[1:])


def _registered(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    teller.act(name, REGISTRAR, "registration.register")
    teller.settle()
    teller.papers(teller.memory[name])
    teller.act(name, REGISTRAR, "papers.deliver", facts={"delivered_on": teller.today.isoformat()})


def _rated(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    teller.act(name, login, "rating.rate", facts={"stars": 5})


def _rejected(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    teller.act(name, at.get(WINDOW, WINDOW), "acceptance.reject", ground="no_licence_needed", failing="licence_needed")


def _withdrawn(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    teller.act(name, login, "withdraw")


def _drawn_over(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    _do(teller, filing(name, login, use, project_name=PROJECTS[name]))
    told = teller.act(name, login, "submission.submit", expect=(409,))
    teller.memory[f"{name}.remedy"] = told["remedy"]


def _remedy_filed(teller: Teller, name: str, login: str, at: dict[str, str], use: Any) -> None:
    asked = {"use": {**use(teller), "boundary": teller.memory[f"{name}.remedy"]}}
    teller.call(login, "PUT", f"/cases/{teller.memory[name]}/use", json=asked)
    teller.sign(name, login)
    # The refused submission keeps no key, so the same act may be told again.
    _do(teller, submitting(name, login))


_TO_APPROVAL = (_filed, _accepted, _reviewed, _surveyed, _answered, _closed, _approved)
# Days after the step before; the notice runs five working days from the day after acceptance.
_PACE: dict[Telling, int] = {_closed: 4}
PROJECTS = {
    "draft_unsigned": "桑沟湾北区牡蛎筏式养殖",
    "submitted": "桑沟湾合作社扇贝筏式养殖",
    "submitted_late": "示例村近岸牡蛎养殖",
    "in_correction": "桑沟湾二区牡蛎筏式养殖",
    "supplied": "李示例家庭牡蛎养殖",
    "in_review": "桑沟湾三区牡蛎筏式养殖",
    "survey_waits": "海产公司海带筏式养殖",
    "consents": "合作社底播增殖（筏架之下）",
    "notice_over": "示例村集体牡蛎养殖",
    "for_decision": "桑沟湾四区牡蛎筏式养殖",
    "unpaid": "合作社牡蛎筏式养殖",
    "fee_unknown": "南黄近海牡蛎筏式养殖",
    "paid": "海产公司牡蛎筏式养殖",
    "delivered": "桑沟湾五区牡蛎筏式养殖",
    "completed": "合作社老区牡蛎养殖",
    "refused": "海产公司外侧牡蛎养殖",
    "rejected": "李示例垂钓平台",
    "withdrawn": "示例村南黄牡蛎养殖",
    "competing_first": "合作社扇贝筏式养殖（北区）",
    "competing_second": "示例村扇贝筏式养殖（北区）",
    "rushan_submitted": "李示例南黄牡蛎养殖",
    "rushan_in_review": "合作社南黄牡蛎养殖",
    "rushan_for_decision": "示例村南黄外侧牡蛎养殖",
    "remedy_taken": "海产公司牡蛎养殖（让出重叠）",
}
