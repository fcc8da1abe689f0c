"""Questions and the chain of a case as their reader may know them: whole for officers of the place, else without hidden sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from approvals import queries
from approvals.cases.insight import CASE_KEY, Insight, insight_of
from approvals.cases.store import PREFIX, Opened, Works
from approvals.models import CaseMaterial, Question
from approvals.templates import Record, Template
from data.clock import legal_day
from data.event_tables import Event
from data.messages import LANGUAGES, text
from parcels.checks.words import words

CONSENTS = "consents"
# Files by which the window records an answer on paper.
ANSWERS = frozenset({"answer", "consent"})
# Facts that the system states and that say nothing of what lies near: the applicant's own, the notice's, the papers'.
TOLD_TO_ALL = frozenset(
    {
        "form_digest", "materials_digest", "boundary_hash", "rules_hash", "competent_authority", "computed_authority", "authority",
        "term_first", "term_last", "notice_first", "notice_last", "owed_yuan", "bill_number", "parcel_code", "unit_code",
    }
)  # fmt: skip
# Events beside the acts whose bodies name sources near by. `asked` is told where its source is known, the other never.
ASKED, UNCLAIMED = "asked", "sea_unclaimed"


def question_view(row: Question, *, with_finding: bool) -> dict[str, Any]:
    """A question as its addressee or the office sees it, in the words in which it is put; the finding is the office's."""
    return {
        "id": row.id,
        "step": row.step,
        "key": row.key,
        "party": row.party_id,
        "office": row.office,
        "question": row.question,
        "text": _words_of(row),
        "finding": row.finding if with_finding else None,
        "boundary_hash": row.boundary_hash,
        "asked_on": row.asked_on.isoformat(),
        "answer_by": row.answer_by.isoformat() if row.answer_by else None,
        "standing": row.standing,
        "answer": row.answer,
        "answered_on": row.answered_on.isoformat() if row.answered_on else None,
        "answered_how": row.answered_how,
    }


def _words_of(row: Question) -> dict[str, str] | None:
    """The words of a question; None for a consent that names no overlap. Whoever has only applied holds no right yet."""
    if row.step != CONSENTS:
        return _in_words(f"question.{row.step}", row.question["facts"])
    if row.finding is None:
        return None
    code = "question.consents.claim" if row.key.startswith(CASE_KEY) else "question.consents"
    return _in_words(code, row.question["facts"])


def _in_words(code: str, facts: Mapping[str, Any]) -> dict[str, str]:
    return {lang: text(code, lang, **words(facts, lang)) for lang in LANGUAGES}


def questions_view(
    session: Session, case: Opened, works: Works, insight: Insight | None = None
) -> list[dict[str, Any]]:
    """The questions of a case: all for its officers, for the applicant those that may be known, for a party asked its own.

    Those behind hidden sources stand as one for each step: neither whom nor how many, nor what was answered.
    """
    found = queries.questions_of(session, case.row.id)
    insight = insight or insight_of(session, case, works)
    mine = works.actor.acts_for
    if not insight.whole and not mine & _applicants(session, case, works):
        return [question_view(each, with_finding=False) for each in found if each.party_id in mine]
    known = [each for each in found if insight.knows_question(each) or each.party_id in mine]
    hidden = sorted((each for each in found if each not in known), key=lambda each: each.step)
    return [
        *(question_view(each, with_finding=insight.whole) for each in known),
        *(_withheld(step, list(rows)) for step, rows in groupby(hidden, key=lambda each: each.step)),
    ]


def _applicants(session: Session, case: Opened, works: Works) -> frozenset[int | None]:
    """The applicant and the co-holders."""
    holders = queries.holders_of(session, case.row.id, legal_day(works.now))
    return frozenset(each.party_id for each in holders) | {case.row.party_id}


def _withheld(step: str, rows: Sequence[Question]) -> dict[str, Any]:
    """One question in place of all hidden ones of a step; it is open while any of them is."""
    code = "question.consents.withheld" if step == CONSENTS else "hidden.cell"
    standings = {each.standing for each in rows}
    return {
        "id": None,
        "step": step,
        "key": None,
        "party": None,
        "office": None,
        "question": {"code": code, "facts": {}},
        "text": _in_words(code, {}),
        "finding": None,
        "boundary_hash": rows[-1].boundary_hash,
        "asked_on": min(each.asked_on for each in rows).isoformat(),
        "answer_by": None,
        "standing": next(each for each in ("open", "answered", "closed") if each in standings),
        "answer": None,
        "answered_on": None,
        "answered_how": None,
    }


def events_view(
    session: Session, case: Opened, works: Works, insight: Insight | None = None
) -> Iterator[dict[str, Any]]:
    """The chain of the case: number, what, when, its hash and the one before.

    Officers of the place read each body as it was hashed (`whole`); anybody else the part that may be known.
    """
    insight = insight or insight_of(session, case, works)
    for event in queries.events_of_case(session, case.number):
        body = event.body if insight.whole else _told(event, insight, case.template)
        yield {
            "seq": event.seq,
            "kind": event.kind,
            "recorded_at": event.recorded_at.isoformat(),
            "hash": event.hash.hex(),
            "previous": event.previous.hex() if event.previous else None,
            "whole": body == event.body,
            "body": body,
        }


def _told(event: Event, insight: Insight, template: Template) -> dict[str, Any]:
    """The part of a body that says nothing of hidden sources."""
    kind = event.kind.removeprefix(PREFIX)
    if kind == UNCLAIMED or (kind == ASKED and not insight.knows(event.body["key"])):
        return {}
    if "act" not in event.body:
        return event.body
    return {"act": _act_told(event.body["act"], insight, template), "ended": event.body["ended"]}


def _act_told(act: Mapping[str, Any], insight: Insight, template: Template) -> dict[str, Any]:
    """An act without the facts of the check by true edges, and, where its source may not be known, without what was answered."""
    if not insight.knows(act["key"]):
        return {"name": act["name"], "on": act["on"], "role": act["role"]}
    records = _records_of(template, act["name"])
    facts = {
        name: value for name, value in act["facts"].items() if _may_be_told(name, value, records.get(name), insight)
    }
    return {**act, "facts": facts}


def _may_be_told(name: str, value: Any, record: Record | None, insight: Insight) -> bool:
    if name == "case_number":
        return insight.knows(f"{CASE_KEY}{value}")
    return name in TOLD_TO_ALL or (record is not None and not record.by_system)


def _records_of(template: Template, name: str) -> Mapping[str, Record]:
    """What the template has an act record."""
    if name in template.acts:
        return template.acts[name].records
    step, _, outcome = name.partition(".")
    told = template.steps[step].outcomes.get(outcome) if step in template.steps else None
    return told.records if told is not None else {}


def materials_known(session: Session, case: Opened, works: Works) -> list[CaseMaterial]:
    """The files on the case's file that the asker may see: an answer on paper only where its question may be known."""
    found = queries.materials_on_file(session, case.row.id)
    if not any(row.name in ANSWERS for row in found):
        return found
    insight = insight_of(session, case, works)
    known = {each.answer_digest for each in queries.questions_of(session, case.row.id) if insight.knows_question(each)}
    own = {row.id for row in found if row.provided_by == "applicant" or row.name not in ANSWERS}
    return [row for row in found if insight.whole or row.id in own or row.digest in known]
