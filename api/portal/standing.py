"""How a case stands in an applicant's words: its stages, who is at work, what happened, why it ended, what is to be mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from api.portal import acting, casefile, timeline
from approvals import queries
from approvals.cases import disclosed, oneform
from approvals.cases.insight import Insight
from approvals.cases.store import Opened, Works
from approvals.state import State

Told = dict[str, Any]
# The stages of an application by the steps that make them; a stage is over when each of its steps is.
STAGES: Mapping[str, tuple[str, ...]] = {
    "filed": ("submission",),
    "accepted": ("acceptance", "correction"),
    "reviewed": ("checking", "technical_review", "site_survey", "expert_review", "consents", "consultation", "public_notice"),
    "decided": ("decision",),
    "paid": ("bill", "receipt"),
    "registered": ("registration",),
    "delivered": ("papers",),
}  # fmt: skip
# Ends that an office decided: the stage of the decision is the last one.
SAID_NO = frozenset({"refused", "rejected"})
# The sea itself and its drawing are mended in the parcel editor, not in the form.
DRAWN, ASKS_FOR_MORE = "geometry", "ask_for_supplement"


def stages_of(state: State) -> list[Told]:
    """The stages with `over`, `now` or `ahead`, and the day on which each was over; `stopped` where the case ended on its way.

    >>> [each["state"] for each in stages_of(State(template="t", version=1, hash="-"))][:2]
    ['now', 'ahead']
    """
    told: list[Told] = []
    reached, said_no = False, state.ended in SAID_NO
    for name, steps in STAGES.items():
        tasks = [task for step in steps for task in state.current(step)]
        over = bool(tasks) and not reached and all(task.status != "open" for task in tasks)
        days = [task.done_on for task in tasks if task.done_on]
        how = "over" if over else "ahead" if reached else "stopped" if state.ended not in (None, "completed") else "now"
        told.append({"name": name, "state": how, "on": max(days) if over and days else None})
        reached = reached or not over
    if said_no and told:
        last = max((at for at, each in enumerate(told) if each["state"] == "over"), default=0)
        told = [
            {**each, "state": "stopped" if at == last else "ahead" if at > last else "over"}
            for at, each in enumerate(told)
        ]
    return told


def at_work(head: Mapping[str, Any], lang: str) -> list[Told]:
    """The open steps that wait for somebody else, each with the role that holds it."""
    return [task for task in casefile.tasks_in_words(head, lang) if task["role"] not in ("enterprise", "system")]


def story(session: Session, case: Opened, works: Works, lang: str, insight: Insight) -> list[Told]:
    """What happened, the newest first, as far as the applicant may know: what is told of hidden sources is left out whole."""
    events = disclosed.events_view(session, case, works, insight)
    known = [event for event in events if event["body"] and not _is_hidden(event)]
    lines = timeline.lines_of(case, known, lang)
    told: list[Told] = []
    for line in lines:
        if not told or (told[-1]["what"], told[-1]["day"]) != (line["what"], line["day"]):
            told.append(line)
    return told


def _is_hidden(event: Mapping[str, Any]) -> bool:
    """An act whose source may not be known comes without its facts, yet its name tells what was answered."""
    act = event["body"].get("act")
    return bool(act) and "facts" not in act


def ending(case: Opened, lang: str) -> Told | None:
    """Why a case ended without a right: its end, its ground with the article, and whether it may be filed anew."""
    if case.row.ended in (None, "completed"):
        return None
    ground = case.state.fact("ground")
    for grounds in case.template.grounds.values():
        if ground in grounds and case.row.ended in ("refused", "rejected"):
            found = grounds[ground]
            return {
                "end": case.row.ended,
                "ground": getattr(found.title, lang),
                "cite": case.template.sources[found.source].cite,
            }
    return {"end": case.row.ended, "ground": None, "cite": None}


def to_mend(session: Session, case: Opened, works: Works, lang: str) -> list[Told]:
    """The items of the open correction, each with the words of the window and the way to where it is mended."""
    asked = acting.asked_items(session, case, lang)
    layout = oneform.lay_out(session, case, works)
    places = {item.name: (item.screen, item.field.source) for item in layout.items}
    return [{**item, "at": _place(case.number, item, places, layout.screens)} for item in asked]


def _place(number: str, item: Told, places: Mapping[str, tuple[str, str]], screens: Sequence[str]) -> str:
    if item["kind"] == "file" or item["name"] not in places:
        return f"/cases/{number}/form#materials"
    screen, source = places[item["name"]]
    if source == DRAWN:
        return f"/cases/{number}/parcel"
    step = screens.index(screen) + 1 if screen in screens else len(screens)
    anchor = item["name"].replace("@", "-").replace("_", "-")
    return f"/cases/{number}/form?step={step}#f-{anchor}"


def to_supply(session: Session, case: Opened, lang: str) -> list[Told]:
    """The papers that an open supplement asks for, each with the words of the reviewer."""
    titles = {each["name"]: each["title"] for each in acting.items_of(case, lang)}
    words = queries.words_of_act(session, case.number, ASKS_FOR_MORE)
    asked = [event for event in queries.events_of_case(session, case.number) if event.kind == f"case.{ASKS_FOR_MORE}"]
    names = asked[-1].body["act"]["items"] if asked else ()
    return [{"name": name, "title": titles.get(name, name), "words": words.get(name, "")} for name in names]
