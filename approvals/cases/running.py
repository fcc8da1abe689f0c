"""Doing an act on a case: lock, load, advance, record, enqueue (register.md §6). The one way in which a running case changes.

The order of locks: the sea (from geometry alone), project, cases by id, number series, event streams. Everything is judged on
what was read under them. What must happen later is returned as effects; the caller enqueues them and commits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from approvals import queries
from approvals.acts import Act, Advance
from approvals.cases.acting import Acting, Asked, Plan, plan_of
from approvals.cases.asking import close_question
from approvals.cases.automatic import AUTOMATIC
from approvals.cases.competing import rival_of
from approvals.cases.facts import stated_facts, system_facts
from approvals.cases.jobs import job_of
from approvals.cases.numbering import numbers_for
from approvals.cases.roles import role_for, roles_of
from approvals.cases.seas import lock_the_sea
from approvals.cases.store import (
    Opened,
    Works,
    case_for,
    demand_version,
    keep_version,
    names_in_book,
    opened,
    place_chain,
    save,
)
from approvals.cases.within import WITHIN
from approvals.effects import WITHIN_THE_ACT, Effect
from approvals.engine import advance, demand_possible
from approvals.missing_fees import missing_facts
from approvals.models import Document
from approvals.templates import Step, Template
from data import overlay
from data.answers import Refusal
from data.clock import recorded_at
from data.events import lock_streams
from parcels.queries import register as register_queries

TRIES = 5


class CaseMoved(Exception):
    """The case's boundary changed between looking and locking: roll back, look again."""


@dataclass(frozen=True, slots=True)
class Done:
    """An act that was done: the case as it stands, what must happen later, and the papers that were reserved."""

    case: Opened
    effects: tuple[Effect, ...]
    documents: tuple[Document, ...]


def do_act(session: Session, number: str, asked: Asked, works: Works) -> Done:
    """Do one act on a case; refuses with a code and facts, and then nothing has changed and nothing is locked."""
    for _ in range(TRIES):
        try:
            with session.begin_nested():
                return _once(session, number, asked, works)
        except CaseMoved:
            continue
    raise Refusal("register.busy", seconds=0)


def _once(session: Session, number: str, asked: Asked, works: Works) -> Done:
    seen = case_for(session, number)
    plan = plan_of(seen.template, asked.name)
    numbers = [number, *filter(None, [rival_of(asked) if _settles(plan) else None])]
    case = _locked(session, seen, numbers, plan)
    demand_version(case, asked.version)
    # An administrator's entry that was committed while we waited counts: the book is read under the locks.
    works = replace(works, book=overlay.book_in_force(session))
    role = _role(session, case, asked, works)
    demand_possible(case.state, case.template, asked.name, role, asked.key)
    acting = Acting(session, case, works, asked, role, records=plan.records)
    acting.numbers = numbers_for(session, acting, plan)
    _perform(acting, plan)
    return Done(acting.case, tuple(acting.jobs), tuple(acting.documents))


def _settles(plan: Plan) -> bool:
    return any(ref.kind == "settle_competition" for ref in plan.effects)


def _locked(session: Session, seen: Opened, numbers: list[str], plan: Plan) -> Opened:
    """Take the locks of the act, in the one order, and read the case anew under them."""
    drawn = seen.row.boundary_hash
    if plan.touches_sea:
        lock_the_sea(session, [case_for(session, number) for number in numbers])
        session.expire_all()
        if seen.row.project_id is not None:
            register_queries.lock_project(session, seen.row.project_id)
    rows = {row.number: row for row in queries.cases_by_numbers(session, numbers, lock=True)}
    missing = [number for number in numbers if number not in rows]
    if missing:
        raise Refusal("case.not_found", case=missing[0])
    case = opened(rows[numbers[0]])
    if plan.touches_sea and case.row.boundary_hash != drawn:
        raise CaseMoved(case.number)
    return case


def _role(session: Session, case: Opened, asked: Asked, works: Works) -> str:
    """In which role the act is done: as the door has settled it, else the first that the template names and the actor has."""
    if asked.role is not None:
        return asked.role
    mine = roles_of(session, case, works.actor, place_chain(session, case), asked.key)
    return role_for(mine, roles_in(case.template, asked.name), asked.name)


def roles_in(template: Template, name: str) -> tuple[str, ...]:
    """Who may do an act, as the template says; the system where it acts in silence or by lapse."""
    if name in template.acts:
        act = template.acts[name]
        return (act.role, *act.also)
    step_name, _, outcome = name.partition(".")
    if step_name == "revoke":
        told = template.steps.get(outcome)
        return (told.revocation.role,) if told and told.revocation else ()
    step = template.steps.get(step_name)
    if step is None or outcome not in step.outcomes:
        raise Refusal("act.unknown", act=name)
    silent = ("system",) if step.silence is not None and step.silence.outcome == outcome else ()
    return (*template.roles_of(step_name, outcome), *silent)


def _perform(acting: Acting, plan: Plan) -> None:
    """State the facts, advance, record, do what belongs into the act, and what the system does by itself next."""
    asked, case = acting.asked, acting.case
    stated = stated_facts(acting, plan.records)
    silent = acting.role == "system"
    computed = {} if silent and "limit_days" in stated else system_facts(acting, plan.records)
    act = Act(
        name=asked.name,
        key=asked.key,
        on=acting.today,
        role=acting.role,
        facts={**stated, **computed},
        checklist=asked.checklist,
        materials=_materials(acting, plan),
        items=asked.items,
        ground=asked.ground,
        texts=asked.texts,
    )
    try:
        made = advance(case.state, act, case.template)
    except Refusal as refusal:
        raise _explained(acting, refusal) from refusal
    _record(acting, made)
    if "form_digest" in plan.records:
        keep_version(acting.session, case, recorded_at(acting.session))
    if plan.outcome is not None:
        close_question(acting, asked.name.partition(".")[2], act.facts, _how(acting))
    _carry_out(acting, made.effects)
    _by_itself(acting)


def _materials(acting: Acting, plan: Plan) -> dict[str, str]:
    """The papers that the act takes in: what stands on the case's file under the names of its step."""
    if plan.outcome is None or not plan.outcome.takes_materials:
        return {}
    step: Step = acting.case.template.steps[acting.asked.name.partition(".")[0]]
    wanted = set(step.materials_in) or {
        name for each in acting.case.template.steps.values() for name in each.materials_in
    }
    on_file = queries.materials_on_file(acting.session, acting.case.row.id)
    return {each.name: each.digest.partition(":")[2] for each in on_file if each.name in wanted}


def _explained(acting: Acting, refusal: Refusal) -> Refusal:
    """A refusal with what only this act knows: which rate is missing, which findings stand against the grant."""
    if refusal.code == "guard.fee_unknown" and acting.sheet is not None:
        book = acting.works.book
        place = names_in_book(acting.session, acting.case.row.scope_place_id, book, acting.today)[-1]
        return Refusal("bill.fee_unknown", **missing_facts(acting.sheet, place, book))
    if refusal.code == "guard.sea_not_free":
        answers = {task.key: task.outcome for task in acting.case.state.tasks if task.key and task.status == "done"}
        return Refusal(refusal.code, acting.against(answers), **refusal.facts)
    return refusal


def _how(acting: Acting) -> str:
    if acting.role == "system":
        return "silence"
    if acting.role == "asked":
        return "link" if acting.asked.by_link else "portal"
    return "paper"


def _record(acting: Acting, made: Advance) -> None:
    """Write the advance under the chain's lock, and keep the book that its facts name."""
    session = acting.session
    overlay.keep(session, acting.works.book)
    lock_streams(session, [acting.case.stream])
    save(session, acting.case, made, actor=acting.works.actor, at=recorded_at(session))
    acting.look_anew()


def _carry_out(acting: Acting, effects: Iterable[Effect]) -> None:
    """Do what belongs into the act, in the order of the template; the rest is enqueued with what its job must know."""
    for effect in effects:
        if effect.kind in WITHIN_THE_ACT:
            acting.file = None
            WITHIN[effect.kind](acting, effect)
        elif effect.kind == "paper":
            WITHIN["paper"](acting, effect)
        else:
            acting.jobs.append(job_of(acting.case, effect, acting.asked.name))


def _by_itself(acting: Acting) -> None:
    """What the system does as soon as a step of its own opens, in the transaction of the act that opened it."""
    while True:
        found = [
            (task, acting.case.template.steps[task.step])
            for task in acting.case.state.open_tasks()
            if acting.case.template.steps[task.step].automatic
        ]
        if acting.case.state.ended or not found:
            return
        task, step = found[0]
        (outcome_name,) = step.outcomes
        own = Acting(
            acting.session,
            acting.case,
            acting.works,
            Asked(name=f"{task.step}.{outcome_name}", key=task.key),
            "system",
            records=step.outcomes[outcome_name].records,
        )
        facts = system_facts(own, own.records)
        act = Act(name=own.asked.name, key=task.key, on=own.today, role="system", facts=facts)
        made = advance(own.case.state, act, own.case.template)
        report = own.report
        _record(own, made)
        # Nothing of the sea has changed since the check was made, so those whom it asks for are asked by it.
        own.report = report
        AUTOMATIC[str(step.automatic)](own)
        _carry_out(own, made.effects)
        acting.jobs.extend(own.jobs)
        acting.documents.extend(own.documents)
