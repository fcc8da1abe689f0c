"""Competing applications: noted on both cases, and settled by an officer's choice, which holds for both (register.md §3).

By which acts of its template a case notes and chooses, the template says: those that are noted as competition and as choice.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from approvals import queries
from approvals.acts import Act
from approvals.cases.acting import Acting, Asked
from approvals.cases.checking import competing_cases
from approvals.cases.jobs import job_of
from approvals.cases.seas import claim_sea, free_claim
from approvals.cases.store import Opened, case_for, save
from approvals.effects import WITHIN_THE_ACT, Effect
from approvals.engine import advance, possible_acts
from approvals.state import State
from approvals.templates import Template
from data.answers import Refusal
from data.clock import recorded_at

COMPETITION, CHOICE = "competition", "choice"


def act_noted_as(template: Template, kind: str) -> str | None:
    """The act of a template that is noted so; None where its procedure knows none."""
    return next((name for name, act in template.acts.items() if act.noted_as == kind), None)


def note_competition(acting: Acting) -> None:
    """Note every accepted case that wants the same sea, and have this one noted there."""
    name = act_noted_as(acting.case.template, COMPETITION)
    if name is None:
        return
    for number in competing_cases(acting.session, acting.report):
        if not is_noted(acting.case.state, number):
            _note(acting, acting.case, name, "system", {"case_number": number})
        _have_noted(acting, number)


def find_rival(acting: Acting) -> None:
    """The application that the act notes is another one that was filed and still runs; it notes this one too."""
    number = rival_of(acting.asked)
    if number is None or not _may_compete(acting.session, acting.case, number):
        raise Refusal("case.no_rival", case=str(number))
    _have_noted(acting, number)


def note_asked(session: Session, case: Opened, rival: str) -> Asked | None:
    """The act by which the system notes a rival on a case; None where that is done, or where there is nothing to note any more.

    A case that has ended, or whose right is entered, notes nobody; and nobody notes an application that has ended.
    """
    name = act_noted_as(case.template, COMPETITION)
    offered = {each.name for each in possible_acts(case.state, case.template, "system")}
    if name not in offered or is_noted(case.state, rival) or not _may_compete(session, case, rival):
        return None
    return Asked(name=str(name), facts={"case_number": rival}, role="system")


def _may_compete(session: Session, case: Opened, number: str) -> bool:
    """Whether a number is that of another application that was filed and has not ended."""
    other = queries.case_by_number(session, number)
    return other is not None and other.id != case.row.id and other.received_on is not None and other.ended is None


def _have_noted(acting: Acting, number: str) -> None:
    """Have the case noted on the other one, by a job: an act that wrote both could meet one that does so the other way round."""
    told = {"case": number, "rival": acting.case.number}
    acting.jobs.append(Effect("note_rival", acting.asked.name.partition(".")[0], None, number, told))


def _note(acting: Acting, case: Opened, name: str, role: str, facts: dict[str, Any]) -> None:
    """Write an act that is noted on a case within another act; what belongs into an act is done by that other one."""
    act = Act(name=name, on=acting.today, role=role, facts=facts)
    made = advance(case.state, act, case.template)
    save(acting.session, case, made, actor=acting.works.actor, at=recorded_at(acting.session))
    acting.jobs.extend(job_of(case, effect, name) for effect in made.effects if effect.kind not in WITHIN_THE_ACT)


def rival_of(asked: Asked) -> str | None:
    """The number of the other case that an act settles, where it settles one."""
    told = asked.facts.get("case_number")
    return told if isinstance(told, str) else None


def settle_competition(acting: Acting) -> None:
    """The officer's choice holds for both cases: the one that is not preferred loses its hold, the other claims the sea.

    Both rows are locked (in the order of their ids) before the choice is made. An application that has ended meanwhile competes
    no more: nothing is written on it, and it cannot be preferred.
    """
    number = rival_of(acting.asked)
    if number is None:
        raise Refusal("guard.no_competition", act=acting.asked.name)
    preferred = acting.asked.facts.get("preferred") is True
    rival = case_for(acting.session, number)
    if rival.state.ended is None:
        _mirror(acting, rival, not preferred)
    elif not preferred:
        raise Refusal("case.no_rival", case=number)
    loser, winner = (rival, acting.case) if preferred else (acting.case, rival)
    free_claim(_on(acting, loser), "withdrawn")
    if winner.state.ended is None and queries.claim_of(acting.session, winner.number) is None:
        claim_sea(_on(acting, winner))
    acting.look_anew()


def _mirror(acting: Acting, rival: Opened, preferred: bool) -> None:
    """The same choice stands on the rival's case, where it was noted or not."""
    noting, choosing = (act_noted_as(rival.template, kind) for kind in (COMPETITION, CHOICE))
    if noting is None or choosing is None:
        raise Refusal("case.no_rival", case=rival.number)
    number = acting.case.number
    if not is_noted(rival.state, number):
        _note(acting, rival, noting, "system", {"case_number": number})
    reason = acting.case.state.noted(CHOICE)[-1].facts.get("reason_digest")
    told = {"case_number": number, "preferred": preferred, "reason_digest": reason}
    _note(acting, rival, choosing, rival.template.acts[choosing].role, told)


def _on(acting: Acting, case: Opened) -> Acting:
    """The act as it is done to the other of the two cases."""
    return Acting(acting.session, case, acting.works, acting.asked, acting.role)


def is_noted(state: State, rival: str) -> bool:
    """Whether a rival is noted already."""
    return any(note.facts.get("case_number") == rival for note in state.noted(COMPETITION))
