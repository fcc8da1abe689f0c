"""What pages about one case share: its head in words, its clock, its map, and its record as a reader's timeline."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from api.schemas.clocks import clock_json
from api.schemas.register import label
from approvals import queries
from approvals.cases import disclosed, views
from approvals.cases.checking import check_for_applicant, check_for_office, use_of
from approvals.cases.store import Opened, Works
from approvals.models import Case
from data.event_tables import Event
from data.messages import has, text
from parcels.checks import as_json
from parcels.checks.disclosure import sees_everything

# Events that are parts of an act, or inner steps of filling: the timeline tells the act.
INNER = frozenset(
    {"case.begin", "case.form.entered", "case.signing_asked", "case.checking.record", "sea.moved", "paper.made"}
)
# The steps that follow one another and their tasks, as a reader counts them.
Told = dict[str, Any]


def head_of(session: Session, case: Opened, works: Works, lang: str) -> Told:
    """The case as `views.case_view` has it, with the names of its codes."""
    told = views.case_view(session, case, works)
    use = told["use"] or {}
    told["name"] = (told["project"] or {}).get("name") or text("portal.case.unnamed", lang)
    told["type_label"] = label(works.book, "use_types", use.get("type"), lang)
    told["mode_labels"] = [label(works.book, "use_modes", mode, lang) for mode in use.get("modes") or ()]
    told["applicant"] = told["holders"][0]["name"] if told["holders"] else None
    return told


def clock_block(session: Session, case: Opened, works: Works, lang: str) -> Told | None:
    """The clock of a case that has been received; None before."""
    if case.row.received_on is None:
        return None
    return clock_json(views.clock_of_case(session, case, works), case.template, lang)


def check_block(session: Session, case: Opened, works: Works, lang: str) -> Told | None:
    """The check of the case's use today, by true edges for the officers of its place; None where no use is set."""
    if not case.row.use:
        return None
    whole = sees_everything(works.actor, [place.id for place in queries.places_above(session, case.row.scope_place_id)])
    report = (
        check_for_office(session, case, works) if whole else check_for_applicant(session, case, use_of(case), works)
    )
    return as_json(report, lang)


def timeline(session: Session, case: Opened, works: Works, lang: str) -> list[Told]:
    """What happened, newest first: the day, who in which role, what, and the event behind each line."""
    return lines_of(case, disclosed.events_view(session, case, works), lang)


def lines_of(case: Opened, events: Iterable[Mapping[str, Any]], lang: str) -> list[Told]:
    """Events as lines of a timeline, the newest first; parts of an act are told by it."""
    lines = [
        {
            "seq": event["seq"],
            "day": _day_of(event),
            "what": what_of(case, event, lang),
            "who": _who(event, lang),
            "hash": event["hash"],
            "previous": event["previous"],
            "whole": event["whole"],
            "body": json.dumps(event["body"], ensure_ascii=False, indent=1, sort_keys=True),
        }
        for event in events
        if event["kind"] not in INNER
    ]
    return lines[::-1]


def what_of(case: Opened, event: Mapping[str, Any], lang: str) -> str:
    """One event in words: an act by its step and outcome, anything else by its own text."""
    act = event["body"].get("act") if isinstance(event["body"], Mapping) else None
    if act:
        return act_title(case, act["name"], lang)
    code = f"portal.event.{event['kind']}"
    facts = {name: value for name, value in event["body"].items() if isinstance(value, (str, int))}
    return text(code, lang, **facts) if has(code) else str(event["kind"])


def act_title(case: Opened, name: str, lang: str) -> str:
    """An act in words: `技术审查 · 通过`; an act of the whole case by its own title."""
    template = case.template
    if name in template.acts:
        return str(getattr(template.acts[name].title, lang))
    step, _, outcome = name.partition(".")
    if step == "revoke":
        told = template.steps[outcome].revocation
        return str(getattr(told.title, lang)) if told else name
    if step not in template.steps:
        return name
    found = template.steps[step].outcomes.get(outcome)
    title = getattr(template.steps[step].title, lang)
    words = getattr(found.title, lang) if found else outcome
    return title if title == words else f"{title} · {words}"


def _day_of(event: Mapping[str, Any]) -> str:
    """The legal day that an act states, else the day on which the event was recorded."""
    act = event["body"].get("act") if isinstance(event["body"], Mapping) else None
    return act["on"] if act else event["recorded_at"][:10]


def _who(event: Mapping[str, Any], lang: str) -> str:
    act = event["body"].get("act") if isinstance(event["body"], Mapping) else None
    role = act["role"] if act else None
    return text(f"portal.role.{role}", lang) if role and has(f"portal.role.{role}") else ""


def chain_holds(session: Session, number: str) -> bool:
    """Whether every event of the case's chain names the hash of the one before it."""
    events: list[Event] = queries.events_of_case(session, number)
    return all(later.previous == earlier.hash for earlier, later in pairwise(events))


def materials(session: Session, case: Opened, works: Works) -> list[Told]:
    """The files on the case's file that the asker may see."""
    return [views.material_view(case, row) for row in disclosed.materials_known(session, case, works)]


def papers(session: Session, case: Case) -> list[Told]:
    """The papers of a case with their standing and files, newest first."""
    return [
        views.document_view(row, queries.files_of_document(session, row.id))
        for row in reversed(queries.documents_of(session, case.id))
    ]


def tasks_in_words(head: Mapping[str, Any], lang: str) -> Iterator[Told]:
    """The open tasks of a case, each step once, with the role that holds it."""
    seen: set[tuple[str, str]] = set()
    for task in head["tasks"]:
        if (task["step"], task["role"]) not in seen:
            seen.add((task["step"], task["role"]))
            yield {**task, "role_label": text(f"portal.role.{task['role']}", lang)}
