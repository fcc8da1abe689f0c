"""Competing applications: noted on both cases, and settled by an officer's choice, which holds for both (register.md §3)."""

from __future__ import annotations

from typing import Any

from approvals import queries
from approvals.acts import Act
from approvals.cases.acting import Acting, Asked
from approvals.cases.checking import competing_cases
from approvals.cases.jobs import job_of
from approvals.cases.seas import claim_sea, free_claim
from approvals.cases.store import Opened, case_for, save
from approvals.effects import Effect
from approvals.engine import advance
from approvals.state import State
from data.answers import Refusal
from data.clock import recorded_at


def note_competition(acting: Acting) -> None:
    """Note every accepted case that wants the same sea, and have this one noted there."""
    noted = {note.facts.get("case_number") for note in acting.case.state.noted("competition")}
    for number in competing_cases(acting.session, acting.report):
        if number not in noted:
            note(acting, number)
        told = {"case": number, "rival": acting.case.number}
        acting.jobs.append(Effect("note_rival", "note_competing", None, number, told))


def note(acting: Acting, rival: str) -> None:
    """The system notes a competing application on the case."""
    act = Act(name="note_competing", on=acting.today, role="system", facts={"case_number": rival})
    made = advance(acting.case.state, act, acting.case.template)
    save(acting.session, acting.case, made, actor=acting.works.actor, at=recorded_at(acting.session))
    acting.jobs.extend(job_of(acting.case, effect, act.name) for effect in made.effects)


def rival_of(asked: Asked) -> str | None:
    """The number of the other case that an act settles, where it settles one."""
    told = asked.facts.get("case_number")
    return told if isinstance(told, str) else None


def settle_competition(acting: Acting) -> None:
    """The officer's choice holds for both cases: the one that is not preferred loses its hold, the other claims the sea.

    Both rows are locked (in the order of their ids) before the choice is made.
    """
    number = rival_of(acting.asked)
    if number is None:
        raise Refusal("guard.no_competition", act=acting.asked.name)
    preferred = acting.asked.facts.get("preferred") is True
    rival = case_for(acting.session, number)
    _mirror(acting, rival, not preferred)
    loser, winner = (rival, acting.case) if preferred else (acting.case, rival)
    free_claim(_on(acting, loser), "withdrawn")
    if winner.state.ended is None and queries.claim_of(acting.session, winner.number) is None:
        claim_sea(_on(acting, winner))
    acting.look_anew()


def _mirror(acting: Acting, rival: Opened, preferred: bool) -> None:
    """The same choice stands on the rival's case, where it was noted or not."""
    state = rival.state
    noted = {note.facts.get("case_number") for note in state.noted("competition")}
    noting: dict[str, Any] = {"case_number": acting.case.number}
    made = [] if acting.case.number in noted else [("note_competing", noting)]
    reason = acting.case.state.noted("choice")[-1].facts.get("reason_digest")
    told: dict[str, Any] = {"case_number": acting.case.number, "preferred": preferred, "reason_digest": reason}
    for name, facts in [*made, ("choose", told)]:
        act = Act(name=name, on=acting.today, role="approver" if name == "choose" else "system", facts=facts)
        done = advance(rival.state, act, rival.template)
        save(acting.session, rival, done, actor=acting.works.actor, at=recorded_at(acting.session))
        acting.jobs.extend(
            job_of(rival, effect, act.name) for effect in done.effects if effect.kind != "settle_competition"
        )


def _on(acting: Acting, case: Opened) -> Acting:
    """The act as it is done to the other of the two cases."""
    return Acting(acting.session, case, acting.works, acting.asked, acting.role)


def is_noted(state: State, rival: str) -> bool:
    """Whether a rival is noted already."""
    return any(note.facts.get("case_number") == rival for note in state.noted("competition"))
