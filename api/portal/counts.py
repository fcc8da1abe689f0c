"""How many cases wait for a person: the figures in the rail of an officer's pages."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from approvals import queries
from data.actors import Actor

OFFICES = frozenset({"steward", "window", "reviewer", "approver", "registrar"})


def counts_for(session: Session, actor: Actor) -> Mapping[str, int]:
    """By entry of the navigation: cases with an open step of one's roles at one's places, and those with open questions."""
    held = [(role, place) for role, place in actor.posts if role in OFFICES]
    if not held:
        return {}
    return {
        "inbox": queries.count_waiting(session, held),
        "inbox_asked": queries.count_asked(session, [place for _, place in held]),
    }
