"""A case as plain values for those who may see it: what stands, what is expected of whom, what may be done and what it needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from approvals import queries
from approvals.cases.answers import form_of, load, project_named
from approvals.cases.insight import CASE_KEY, Insight, brief_insight, insight_of
from approvals.cases.roles import roles_of
from approvals.cases.store import Opened, Works, is_editable, names_in_book, opened, place_chain
from approvals.clock import CaseClock, clock_of
from approvals.dates import dates_of
from approvals.engine import possible_acts
from approvals.forms import Answer, applies, counters, holders_in, name_of, repeats
from approvals.models import Bill, Case, CaseMaterial, CaseTask, Document, Receipt
from approvals.money import Balance
from approvals.state import Task
from approvals.templates import CaseAct, Label, Outcome, Title
from data.clock import legal_day
from parcels.models import Place

IDENTITY_TYPES = frozenset({"identifier", "person_id"})


def titled(title: Title) -> dict[str, str]:
    """A title in both languages."""
    return {"zh": title.zh, "en": title.en}


def case_view(session: Session, case: Opened, works: Works, insight: Insight | None = None) -> dict[str, Any]:
    """The head of a case: who, where, in which standing, what is open, and since when; sources as the asker may know them.

    `insight` is what the asker may know, where the caller has asked already.
    """
    row, day = case.row, legal_day(works.now)
    insight = insight or insight_of(session, case, works)
    rivals = {str(note.facts.get("case_number")) for note in case.state.noted("competition")}
    place = session.get(Place, row.scope_place_id) if row.scope_place_id is not None else None
    return {
        "number": row.number,
        "matter": {"template": row.template, "version": row.template_version, "title": titled(case.template.title)},
        "version": row.version,
        "standing": row.standing,
        "ended": row.ended,
        "label": _label(case),
        "place": {"id": place.id, "zh": place.name_zh, "en": place.name_en} if place else None,
        "project": {"id": row.project_id, "name": queries.project_name(session, row.project_id)}
        if row.project_id is not None
        else None,
        "holders": [
            {
                "party": holder.party_id,
                "name": holder.name,
                "holding": holder.holding,
                "numerator": holder.numerator,
                "denominator": holder.denominator,
            }
            for holder in queries.holders_of(session, row.id, day)
        ],
        "use": row.use,
        "boundary_hash": row.boundary_hash,
        "editable": is_editable(case),
        "received_on": _iso(row.received_on),
        "accepted_on": _iso(row.accepted_on),
        "decided_on": _iso(row.decided_on),
        "right": row.right_id,
        "parcel_code": case.state.fact("parcel_code"),
        "unit_code": case.state.fact("unit_code"),
        "holds_sea": queries.claim_of(session, row.number) is not None,
        "competing": sorted(rival for rival in rivals if insight.knows(f"{CASE_KEY}{rival}")),
        "tasks": _tasks(case, case.state.open_tasks(), insight),
        "mark": row.mark,
    }


def _label(case: Opened) -> dict[str, dict[str, str]] | None:
    label: Label | None = case.template.ends.get(case.row.ended or "") or case.template.standings.get(
        case.row.standing or ""
    )
    return {"office": titled(label.office), "public": titled(label.public)} if label else None


def _tasks(case: Opened, tasks: Iterable[Task | CaseTask], insight: Insight) -> list[dict[str, Any]]:
    """What waits. Tasks behind hidden sources stand as one for each step, without a key: neither whose nor how many."""
    told: dict[tuple[str, str | None, int], dict[str, Any]] = {}
    for task in tasks:
        known = insight.knows(task.key)
        number = task.number if known else 0
        told.setdefault((task.step, task.key if known else None, number), _task(case, task, known=known))
    return list(told.values())


def _task(case: Opened, task: Task | CaseTask, *, known: bool) -> dict[str, Any]:
    told = case.template.steps[task.step]
    return {
        "step": task.step,
        "key": task.key if known else None,
        "role": told.role,
        "title": titled(told.title),
        "opened_on": task.opened_on.isoformat(),
    }


def listed_view(session: Session, row: Case, tasks: Sequence[CaseTask], works: Works) -> dict[str, Any]:
    """A case as one line of a list, with what waits."""
    case = opened(row)
    holders = queries.holders_of(session, row.id, legal_day(works.now))
    return {
        "number": row.number,
        "matter": titled(case.template.title),
        "standing": row.standing,
        "ended": row.ended,
        "label": _label(case),
        "project": project_named(session, row),
        "applicant": holders[0].name if holders else None,
        "received_on": _iso(row.received_on),
        "accepted_on": _iso(row.accepted_on),
        "version": row.version,
        "tasks": _tasks(case, tasks, brief_insight(session, case, works)),
        "mark": row.mark,
    }


def acts_view(session: Session, case: Opened, works: Works) -> list[dict[str, Any]]:
    """Every act that the asker may do now, with what it needs: facts, checklist, grounds, items, materials."""
    chain = place_chain(session, case)

    @cache
    def mine(key: str | None) -> tuple[str, ...]:
        return roles_of(session, case, works.actor, chain, key)

    found: list[dict[str, Any]] = []
    for possible in sorted(possible_acts(case.state, case.template)):
        # Only whoever is asked stands to the case by a key.
        key = (possible.key or None) if possible.role == "asked" else None
        if possible.role == "system" or possible.role not in mine(key):
            continue
        if any(each["act"] == possible.name and each["key"] == (possible.key or None) for each in found):
            continue
        found.append(
            {"act": possible.name, "key": possible.key or None, "role": possible.role, **_needs(case, possible.name)}
        )
    return found


def _needs(case: Opened, name: str) -> dict[str, Any]:
    template = case.template
    step_name, _, outcome_name = name.partition(".")
    if step_name == "revoke":
        revocation = template.steps[outcome_name].revocation
        assert revocation is not None
        nothing = {"facts": {}, "grounds": {}, "itemised": False}
        return {"title": titled(revocation.title), "source": template.sources[revocation.source].cite, **nothing}
    if name in template.acts:
        act = template.acts[name]
        return {"title": titled(act.title), "source": template.sources[act.source].cite, **_brings(case, act)}
    step = template.steps[step_name]
    outcome = step.outcomes[outcome_name]
    checklist = {
        item: {"title": titled(told.title), "source": template.sources[told.source].cite, "origin": told.origin}
        for item, told in step.checklist.items()
    }
    materials = {
        each: {"title": titled(told.title), "by": told.by, "required": told.required}
        for each, told in step.materials_in.items()
    }
    return {
        "title": titled(outcome.title),
        "source": template.sources[step.source].cite,
        "checklist": checklist if outcome.checklist else {},
        "materials": materials if outcome.takes_materials else {},
        **_brings(case, outcome),
    }


def _brings(case: Opened, told: Outcome | CaseAct) -> dict[str, Any]:
    grounds = case.template.grounds[told.grounds] if told.grounds else {}
    return {
        "facts": {
            name: {"type": record.type, "required": record.required}
            for name, record in told.records.items()
            if not record.by_system
        },
        "grounds": {
            name: {"title": titled(ground.title), "source": case.template.sources[ground.source].cite}
            for name, ground in grounds.items()
        },
        "itemised": told.itemised,
    }


def chain_of(session: Session, case: Opened) -> tuple[int, ...]:
    """The ids of the places above the case, widest first."""
    return place_chain(session, case)


def form_view(session: Session, case: Opened, works: Works) -> dict[str, Any]:
    """The form as it stands: every field with label, source, answer and basis, and the three counts.

    Identity numbers are shown to whoever acts for the applicant and to the officers of the place, who need them.
    """
    form, answers = form_of(case), load(session, case, works.keys)
    events = queries.entered_events(session, case.number)
    counted = counters(form, events)
    fields = []
    for holder in holders_in(answers):
        for field_name, field in form.fields.items():
            if holder > 1 and not repeats(form, field):
                continue
            name = name_of(field_name, holder)
            fields.append(
                {
                    "name": name,
                    "number": field.number,
                    "holder": holder,
                    "label": titled(field.label),
                    "section": field.section,
                    "type": field.type,
                    "source": field.source,
                    "editable": field.editable or field.source in ("typed", "profile", "project_code"),
                    "required": field.required,
                    "choices": list(field.choices),
                    "codes": field.codes,
                    "applies": applies(form, field, answers, holder),
                    "basis": form.sources[field.basis].cite,
                    "later": titled(field.later) if field.later else None,
                    "answer": _answer(answers.get(name)),
                }
            )
    return {
        "form": form.form,
        "hash": form.hash,
        "sections": {name: titled(title) for name, title in form.sections.items()},
        "fields": fields,
        "counters": {"raw": counted.raw, "merged": counted.merged, "entered": counted.entered},
        "version": case.row.version,
        "editable": is_editable(case),
    }


def _answer(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {
        "value": answer.value,
        "source": answer.source,
        "verified_on": _iso(answer.verified_on),
        "verified_by": answer.verified_by,
        "entered_by": answer.entered_by,
        "entered_at": answer.recorded_at.isoformat() if answer.entered_by and answer.recorded_at else None,
    }


def clock_of_case(session: Session, case: Opened, works: Works) -> CaseClock:
    """The clock of a case as of today, by its own dates and place."""
    today = legal_day(works.now)
    dates = dates_of(case.state, case.template, today)
    place = names_in_book(session, case.row.scope_place_id, works.book, today)
    return clock_of(case.state, case.template, works.book.inquire(dates=dates, place=place, today=today), today)


def material_view(case: Opened, row: CaseMaterial) -> dict[str, Any]:
    """A file on the case's file."""
    title = next(
        (step.materials_in[row.name].title for step in case.template.steps.values() if row.name in step.materials_in),
        None,
    )
    return {
        "id": row.id,
        "name": row.name,
        "title": titled(title) if title else None,
        "file": row.title,
        "digest": row.digest,
        "media_type": row.media_type,
        "size_bytes": row.size_bytes,
        "pages": row.pages,
        "provided_by": row.provided_by,
    }


def document_view(row: Document, renditions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A paper of the case with its standing and the files that are there."""
    return {
        "id": row.id,
        "kind": row.kind,
        "number": row.number,
        "code": row.code,
        "issued_on": row.issued_on.isoformat(),
        "standing": row.standing,
        "ended_on": _iso(row.ended_on),
        "is_sample": row.is_sample,
        "boundary_hash": row.boundary_hash,
        "rules_hash": row.rules_hash,
        "files": list(renditions),
    }


def bill_view(bill: Bill, receipts: Sequence[Receipt], balance: Balance) -> dict[str, Any]:
    """A bill with the steps of its calculation, the money that moved, and how it stands; yuan as text."""
    return {
        "number": bill.number,
        "payer": bill.payer_id,
        "standing": bill.standing,
        "issued_on": bill.issued_on.isoformat(),
        "from": bill.first.isoformat(),
        "to": bill.last.isoformat(),
        "rules_hash": bill.rules_hash,
        "lines": bill.lines,
        "receipts": [
            {
                "id": each.id,
                "kind": each.kind,
                "number": each.number,
                "yuan": str(each.yuan),
                "moved_on": each.moved_on.isoformat(),
                "reversed": each.is_reversed,
            }
            for each in receipts
        ],
        **balance.as_json(),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
