"""The chain of a case as a reader's timeline: who did what on which day, newest first, the event itself behind each line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from approvals import queries
from approvals.cases import disclosed
from approvals.cases.store import Opened, Works
from approvals.papers.words import bare_yuan
from approvals.templates import Template
from data.clock import LEGAL_ZONE
from data.event_tables import Event
from data.messages import has, text
from data.verify import verify_stream

# Events that are parts of an act, or inner steps of filling: the timeline tells the act.
INNER = frozenset(
    {"case.begin", "case.form.entered", "case.signing_asked", "case.checking.record", "sea.moved", "paper.made"}
)
# Days that an event states itself.
STATED = ("issued_on", "moved_on")
OFFICE = "office:"
Told = dict[str, Any]


def timeline(session: Session, case: Opened, works: Works, lang: str) -> list[Told]:
    """What happened, newest first: the day, who in which role, what, and the event behind each line."""
    return lines_of(case, disclosed.events_view(session, case, works), lang)


def lines_of(case: Opened, events: Iterable[Mapping[str, Any]], lang: str) -> list[Told]:
    """Events as lines of a timeline, the newest first; parts of an act are told by it."""
    told, before = [], None
    for event in events:
        before = _stated(event, before)
        if event["kind"] not in INNER:
            told.append(_line(case.template, event, before, lang))
    return told[::-1]


def line_of(template: Template, event: Event, lang: str) -> Told:
    """One event by itself, as a list of cases tells what happened last."""
    seen = {"kind": event.kind, "body": event.body, "recorded_at": event.recorded_at.isoformat()}
    return {"what": what_of(template, seen, lang), "day": _stated(seen, None)[0]}


def _stated(event: Mapping[str, Any], before: tuple[str, str] | None) -> tuple[str, str]:
    """The legal day that an event belongs to, and the day on which it was recorded.

    An act states its day, a bill or a receipt too. What an act brought about is recorded with it and belongs to its day, also
    where the act was entered afterwards; the entry itself tells the instant of recording.
    """
    recorded = _instant(event).date().isoformat()
    body = event["body"]
    act = body.get("act") if isinstance(body, Mapping) else None
    stated = act["on"] if act else next((body[name] for name in STATED if body.get(name)), None)
    if stated is None and event["kind"] == "case.begin" and body.get("tasks"):
        stated = body["tasks"][0].get("opened_on")
    if stated is not None:
        return str(stated), recorded
    return (before[0], recorded) if before and before[1] == recorded else (recorded, recorded)


def _instant(event: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(event["recorded_at"]).astimezone(LEGAL_ZONE)


def _line(template: Template, event: Mapping[str, Any], days: tuple[str, str], lang: str) -> Told:
    day, recorded = days
    at = _instant(event)
    return {
        "seq": event["seq"],
        "day": day,
        "time": at.strftime("%H:%M") if day == recorded else "",
        "recorded": at.strftime("%Y-%m-%d %H:%M:%S"),
        "what": what_of(template, event, lang),
        "who": _who(event, lang),
        "kind": event["kind"],
        "hash": event["hash"],
        "previous": event["previous"],
        "whole": event["whole"],
        "body": json.dumps(event["body"], ensure_ascii=False, indent=1, sort_keys=True),
    }


def what_of(template: Template, event: Mapping[str, Any], lang: str) -> str:
    """One event in words: an act by its step and outcome, anything else by its own text; an office or a file by its name."""
    body = event["body"] if isinstance(event["body"], Mapping) else {}
    act = body.get("act")
    if act:
        return _with(act_title(template, act["name"], lang), _office(act.get("key"), lang))
    code = f"portal.event.{event['kind']}"
    facts = {name: value for name, value in body.items() if isinstance(value, (str, int))}
    facts |= {name: bare_yuan(str(value)) for name, value in facts.items() if name.endswith("yuan")}
    words = text(code, lang, **facts) if has(code) else str(event["kind"])
    return _with(words, _office(body.get("key"), lang) or _material(template, event, lang))


def _with(words: str, what: str) -> str:
    return f"{words} · {what}" if what else words


def _office(key: object, lang: str) -> str:
    """The office that a task belongs to; whose right or layer it is, a title does not tell."""
    code = f"portal.office.{str(key).removeprefix(OFFICE)}"
    return text(code, lang) if key is not None and str(key).startswith(OFFICE) and has(code) else ""


def _material(template: Template, event: Mapping[str, Any], lang: str) -> str:
    name = str(event["body"].get("name")) if event["kind"].startswith("case.material_") else ""
    titles = (
        getattr(step.materials_in[name].title, lang) for step in template.steps.values() if name in step.materials_in
    )
    return next(titles, "")


def act_title(template: Template, name: str, lang: str) -> str:
    """An act in words: `技术审查 · 通过`; an act of the whole case by its own title."""
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


def _who(event: Mapping[str, Any], lang: str) -> str:
    act = event["body"].get("act") if isinstance(event["body"], Mapping) else None
    role = act["role"] if act else None
    return text(f"portal.role.{role}", lang) if role and has(f"portal.role.{role}") else ""


def head_of_chain(session: Session, number: str) -> str:
    """The hash of the latest event: what a print of the page names, so that it can be told from a later state."""
    return queries.head_of_chain(session, number).hex()


def chain_holds(session: Session, number: str) -> bool:
    """Whether every event of the case's chain is what its hash says and follows the one before it, up to the head."""
    return not verify_stream(session, f"case:{number}").faults
