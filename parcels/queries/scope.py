"""How far somebody may see what is hidden: everywhere, or at places with all that lies below them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.actors import Actor
from parcels.models import Place


@dataclass(frozen=True, slots=True)
class Scope:
    """`everywhere`, or the ids of places; without either only what is public is seen."""

    everywhere: bool
    places: tuple[int, ...] = ()

    @property
    def parameters(self) -> dict[str, object]:
        """As the statements of this room take it."""
        return {"everywhere": self.everywhere, "places": list(self.places)}


def scope_of(session: Session, actor: Actor) -> Scope:
    """By the same rule as the check (`parcels.checks.disclosure.sees_everything`): officers at their places, administrators everywhere.

    >>> scope_of(None, Actor.public())
    Scope(everywhere=False, places=())
    """
    if not actor.is_officer:
        return Scope(everywhere=False)
    if actor.is_administrator or any(place is None for _, place in actor.posts):
        return Scope(everywhere=True)
    below = select(Place.id).where(Place.id.in_(actor.places)).cte(recursive=True)
    below = below.union(select(Place.id).where(Place.parent_id == below.c.id))
    return Scope(everywhere=False, places=tuple(sorted(session.scalars(select(below.c.id)))))
