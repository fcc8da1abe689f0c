"""In which roles a person stands to a case: by acting for its applicant, by a post at its place, by being asked."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from approvals import queries
from approvals.cases.store import Opened
from data.actors import Actor
from data.answers import Refusal

OFFICES = ("steward", "window", "reviewer", "approver", "registrar")


def roles_of(
    session: Session, case: Opened, actor: Actor, chain: Sequence[int], key: str | None = None
) -> tuple[str, ...]:
    """Every role in which the actor stands to the case; `asked` for the question with this key."""
    if actor.has("system"):
        return ("system",)
    found = ["enterprise"] if case.row.party_id in actor.acts_for else []
    found += [role for role in OFFICES if actor.holds(role, chain)]
    if key is not None and actor.acts_for:
        questions = queries.questions_of(session, case.row.id, key=key)
        if any(question.party_id in actor.acts_for for question in questions):
            found.append("asked")
    return tuple(found)


def role_for(mine: Sequence[str], wanted: Sequence[str], act: str) -> str:
    """The role in which an act is done: the first that the template names and the actor has; refuses where there is none."""
    role = next((each for each in wanted if each in mine), None)
    if role is None:
        raise Refusal("act.not_this_role", act=act, role=", ".join(mine) or "–")
    return role
