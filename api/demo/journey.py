"""The stories of the demonstration, step by step through HTTP: from the one form to papers, by the people whose steps they are.

A story is a list of named steps; each can be told again after a break (see `api.demo.teller`). The journeys of the tests tell the
same steps and break them off at every one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from api.demo.teller import Teller
from api.demo.waters import FLOOR, ROPES, below_a_neighbour, rectangle, use_of
from data.answers import HOUSE_CITE
from marine.boundary import Boundary

WINDOW = "sample.window.371082"
REVIEWER = "sample.reviewer.371082"
APPROVER = "sample.approver.371082"
REGISTRAR = "sample.registrar.371082"
ADMINISTRATOR = "sample.administrator"
OYSTER, SEAFOOD, COOPERATIVE = "sample.oyster", "sample.seafood", "sample.cooperative"
# What must be typed: whom to call, what the project is, and that all of it is so.
TYPED = {
    "contact": "张示例",
    "project_name": "示例牡蛎筏式养殖",
    "investment": "320.5",
    "project_nature": "commercial",
    "declaration": True,
}
SATURDAY = 5
NEVER_SUPPLIED = 100


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a story: its name, and what is done."""

    name: str
    do: Callable[[Teller], Any]


def filing(story: str, login: str, use: Callable[[Teller], dict[str, Any]], **typed: Any) -> list[Step]:
    """From nothing to a signed form with its papers."""

    def open_case(teller: Teller) -> None:
        body = {"party": teller.party_of(login), "use": use(teller)}
        teller.memory[story] = teller.call(login, "POST", "/cases", key=f"{story}:open:case", json=body)["number"]

    def fill(teller: Teller) -> None:
        answers = {**TYPED, "project_name": f"示例牡蛎筏式养殖（{story}）", **typed}
        teller.call(login, "PATCH", f"/cases/{teller.memory[story]}/form", json={"answers": answers})

    def papers(teller: Teller) -> None:
        teller.put_on_file(story, login, "argumentation")
        teller.put_on_file(story, login, "credit")

    return [
        Step(f"{story}: open", open_case),
        Step(f"{story}: fill the form", fill),
        Step(f"{story}: papers", papers),
        Step(f"{story}: sign", lambda teller: teller.sign(story, login)),
    ]


def submitting(story: str, login: str) -> list[Step]:
    """What was signed goes to the office."""
    return [Step(f"{story}: submit", lambda teller: teller.act(story, login, "submission.submit"))]


def accepting(story: str) -> list[Step]:
    """The window accepts a day later; the check and the questions follow by themselves."""

    def a_day_later(teller: Teller) -> None:
        if teller.memory.setdefault(f"{story}.received", teller.today.isoformat()) == teller.today.isoformat():
            teller.later(1)

    return [
        Step(f"{story}: a day passes", a_day_later),
        Step(f"{story}: accept", lambda teller: teller.act(story, WINDOW, "acceptance.accept")),
    ]


def judging(story: str) -> list[Step]:
    """Technical review, site survey, the offices' opinions on paper, and the public notice."""

    def survey(teller: Teller) -> None:
        teller.put_on_file(story, REVIEWER, "survey_record")
        teller.memory.setdefault(f"{story}.surveyed", teller.today.isoformat())
        facts = {"surveyed_on": teller.memory[f"{story}.surveyed"]}
        teller.act(story, REVIEWER, "site_survey.record", facts=facts)

    def opinions(teller: Teller) -> None:
        asked = teller.call(WINDOW, "GET", f"/cases/{teller.memory[story]}/questions")["questions"]
        for question in asked:
            if question["step"] == "consultation" and question["standing"] == "open":
                path = f"/questions/{question['id']}/answer"
                teller.call(
                    WINDOW, "POST", path, key=f"{story}:answer:{question['id']}", json={"outcome": "no_objection"}
                )

    def notice_runs(teller: Teller) -> None:
        if f"{story}.notice" not in teller.memory:
            # The public reads until when it may object; it runs from the day after it was put up.
            teller.later(1)
            running = teller.call(None, "GET", "/notices")["notices"]
            last = next(each["last"] for each in running if each["case"] == teller.memory[story])
            teller.memory[f"{story}.notice"] = last
        after = date.fromisoformat(teller.memory[f"{story}.notice"]) + timedelta(days=1)
        while after.weekday() >= SATURDAY:
            after += timedelta(days=1)
        if teller.today < after:
            teller.later((after - teller.today).days)

    return [
        Step(f"{story}: technical review", lambda t: t.act(story, REVIEWER, "technical_review.pass", facts={"expert_review": False})),
        Step(f"{story}: site survey", survey),
        Step(f"{story}: opinions", opinions),
        Step(f"{story}: the notice runs", notice_runs),
        Step(f"{story}: close the notice", lambda t: t.act(story, WINDOW, "public_notice.close", facts={"objections": 0})),
    ]  # fmt: skip


def deciding(story: str) -> list[Step]:
    """The decision of the computed authority, under lock."""
    return [Step(f"{story}: approve", lambda teller: teller.act(story, APPROVER, "decision.approve"))]


def paying(story: str) -> list[Step]:
    """Bill and receipt; the rate of aquaculture, which nobody knows, is supplied with its document by an administrator first."""

    def bill(teller: Teller) -> None:
        if "rate" not in teller.memory:
            stopped = teller.act(story, WINDOW, "bill.issue", expect=(200, 409))
            if stopped.get("code") == "bill.fee_unknown":
                teller.memory["stopped"] = stopped
            supply_rate(teller)
        teller.act(story, WINDOW, "bill.issue")

    def receipt(teller: Teller) -> None:
        owed = teller.call(WINDOW, "GET", f"/cases/{teller.memory[story]}/bill")["bill"]["owed_yuan"]
        teller.memory.setdefault(f"{story}.paid", (owed, teller.today.isoformat()))
        owed, paid_on = teller.memory[f"{story}.paid"]
        facts = {
            "paid_yuan": owed,
            "paid_on": paid_on,
            "receipt_number": f"示例票据 {teller.memory[story]}",
            "voucher_digest": teller.put_on_file(story, WINDOW, "voucher"),
        }
        teller.act(story, WINDOW, "receipt.paid", facts=facts)

    return [Step(f"{story}: bill", bill), Step(f"{story}: receipt", receipt)]


def supply_rate(teller: Teller) -> None:
    """An administrator enters a rate with its document. It is a sample: the real one was found nowhere, and none is invented."""
    told = {
        "key": ["mode=41", "grade=3"],
        "place": "371082",
        "from": "2020-01-01",
        "value": "0.0450",
        "cite": HOUSE_CITE + "示例标准，无效",
        "seen": "house",
    }
    file = {"document": ("sample.txt", "示例标准，无效。 A sample rate, not valid.\n".encode(), "text/plain")}
    teller.call(ADMINISTRATOR, "POST", "/rules/fee.rate/entries", key="story:rate:41", data=told, files=file)
    teller.memory["rate"] = True


def registering(story: str, login: str) -> list[Step]:
    """Registration, delivery of the papers, and the rating."""

    def deliver(teller: Teller) -> None:
        teller.settle()
        teller.memory.setdefault(f"{story}.delivered", teller.today.isoformat())
        teller.act(story, REGISTRAR, "papers.deliver", facts={"delivered_on": teller.memory[f"{story}.delivered"]})

    return [
        Step(f"{story}: register", lambda teller: teller.act(story, REGISTRAR, "registration.register")),
        Step(f"{story}: deliver", deliver),
        Step(f"{story}: rate", lambda teller: teller.act(story, login, "rating.rate", facts={"stars": 5})),
    ]


def to_papers(story: str, login: str) -> list[Step]:
    """From a filed case to its papers."""
    return [*accepting(story), *judging(story), *deciding(story), *paying(story), *registering(story, login)]


def clean() -> list[Step]:
    """A clean oyster parcel from the form to its papers."""
    boundary = rectangle((122.5180, 37.0900), (500, 390), 6)
    steps = filing("clean", OYSTER, lambda teller: use_of(boundary, ROPES, teller.today))
    return [*steps, *submitting("clean", OYSTER), *to_papers("clean", OYSTER)]


def overlapping() -> list[Step]:
    """A parcel drawn over a neighbour: told before filing, its remedy accepted, signed, and registered."""
    story = "overlapping"

    def drawn(teller: Teller) -> dict[str, Any]:
        return use_of(rectangle(below_a_neighbour(teller.today), (620, 420), 14), ROPES, teller.today)

    def refused(teller: Teller) -> None:
        told = teller.act(story, SEAFOOD, "submission.submit", expect=(409,))
        if told["code"] != "case.conflict_found" or not told.get("remedy"):
            raise RuntimeError(f"the overlap was not told: {told}")
        teller.memory["refused"] = told
        teller.memory["drawn"] = teller.case(story, SEAFOOD)["use"]

    def take_remedy(teller: Teller) -> None:
        use = {**drawn(teller), "boundary": teller.memory["refused"]["remedy"]}
        teller.call(SEAFOOD, "PUT", f"/cases/{teller.memory[story]}/use", json={"use": use})

    return [
        *filing(story, SEAFOOD, drawn),
        Step(f"{story}: refused with a remedy", refused),
        Step(f"{story}: the remedy is taken", take_remedy),
        Step(f"{story}: sign again", lambda teller: teller.sign(story, SEAFOOD)),
        *submitting(story, SEAFOOD),
        *to_papers(story, SEAFOOD),
    ]


def layered() -> list[Step]:
    """Ropes above and a bed on the floor below: the earlier holder is asked, consents, and both register pages carry the note."""
    above: Boundary = rectangle((122.5420, 37.0905), (520, 420), 0)
    below: Boundary = rectangle((122.5440, 37.0885), (420, 330), 0)

    def consent(teller: Teller) -> None:
        asked = teller.call(OYSTER, "GET", f"/cases/{teller.memory['below']}/questions")["questions"]
        teller.memory["consents"] = len([each for each in asked if each["step"] == "consents"])
        for question in asked:
            if question["step"] == "consents" and question["standing"] == "open":
                path = f"/questions/{question['id']}/answer"
                teller.call(OYSTER, "POST", path, key=f"below:consent:{question['id']}", json={"outcome": "give"})

    first = filing("above", OYSTER, lambda teller: use_of(above, ROPES, teller.today, layered=True))
    second = filing("below", COOPERATIVE, lambda teller: use_of(below, FLOOR, teller.today, layered=True))
    return [
        *first,
        *submitting("above", OYSTER),
        *to_papers("above", OYSTER),
        *second,
        *submitting("below", COOPERATIVE),
        *accepting("below"),
        Step("below: the holder consents", consent),
        *judging("below"),
        *deciding("below"),
        *paying("below"),
        *registering("below", COOPERATIVE),
    ]


def corrected() -> list[Step]:
    """Something is missing: asked for once, itemised, supplied, and accepted."""
    story = "corrected"
    boundary = rectangle((122.5300, 37.0800), (300, 260), 0)

    def ask(teller: Teller) -> None:
        words = {"contact": "联系人电话打不通", "credit": "资信证明已过期"}
        teller.act(story, WINDOW, "acceptance.ask_for_correction", items=["contact", "credit"], texts=words)

    def mend(teller: Teller) -> None:
        answers = {"answers": {"contact": "张示例（办公室）"}}
        teller.call(OYSTER, "PATCH", f"/cases/{teller.memory[story]}/form", json=answers)
        teller.put_on_file(story, OYSTER, "credit", "new")
        teller.sign(story, OYSTER)

    return [
        *filing(story, OYSTER, lambda teller: use_of(boundary, ROPES, teller.today)),
        *submitting(story, OYSTER),
        Step(f"{story}: correction asked", ask),
        Step(f"{story}: mend and sign", mend),
        Step(f"{story}: supply", lambda t: t.act(story, OYSTER, "correction.supply", items=["contact", "credit"])),
        *accepting(story),
    ]


def refused() -> list[Step]:
    """The approver refuses, with one of the eight grounds of the law."""
    story = "refused"
    boundary = rectangle((122.5345, 37.0800), (280, 240), 0)

    def refuse(teller: Teller) -> None:
        teller.act(story, APPROVER, "decision.refuse", ground="harms_nature", failing="harms_nature")

    return [
        *filing(story, SEAFOOD, lambda teller: use_of(boundary, ROPES, teller.today)),
        *submitting(story, SEAFOOD),
        *accepting(story),
        *judging(story),
        Step(f"{story}: refuse", refuse),
    ]


def lapsed() -> list[Step]:
    """A correction that never comes: the case lapses by itself, told by the calendar."""
    story = "lapsed"
    boundary = rectangle((122.5390, 37.0800), (260, 220), 0)

    def ask(teller: Teller) -> None:
        teller.act(story, WINDOW, "acceptance.ask_for_correction", items=["credit"], texts={"credit": "缺页"})

    def nobody_comes(teller: Teller) -> None:
        if teller.case(story, WINDOW)["ended"] is None:
            teller.later(NEVER_SUPPLIED)

    return [
        *filing(story, COOPERATIVE, lambda teller: use_of(boundary, ROPES, teller.today)),
        *submitting(story, COOPERATIVE),
        Step(f"{story}: correction asked", ask),
        Step(f"{story}: nobody comes", nobody_comes),
    ]


STORIES: dict[str, Callable[[], Sequence[Step]]] = {
    "clean": clean,
    "overlapping": overlapping,
    "layered": layered,
    "corrected": corrected,
    "refused": refused,
    "lapsed": lapsed,
}


def play(teller: Teller, names: Sequence[str] = tuple(STORIES)) -> None:
    """Tell these stories in turn, step by step."""
    for name in names:
        for step in STORIES[name]():
            teller.heard(step.name)
            step.do(teller)
