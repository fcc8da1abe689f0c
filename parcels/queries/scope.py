"""How far somebody may see what is hidden: everywhere, or at places with all that lies below them, as far as their sea reaches today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.actors import Actor
from parcels.models import Place


@dataclass(frozen=True, slots=True)
class Scope:
    """`everywhere`, or the ids of places; without either only what is public is seen.

    What an officer sees goes by the sea areas of `today`, on whatever day he looks at: sea that his place gave away is no longer his.
    """

    everywhere: bool
    places: tuple[int, ...] = ()
    today: date | None = None

    @property
    def parameters(self) -> dict[str, object]:
        """As the statements of this room take it."""
        return {"everywhere": self.everywhere, "places": list(self.places), "today": self.today}


def scope_of(session: Session, actor: Actor, today: date) -> Scope:
    """By the same rule as the check (`parcels.checks.disclosure.sees_everything`): officers at their places, administrators everywhere.

    >>> scope_of(None, Actor.public(), date(2026, 11, 27))
    Scope(everywhere=False, places=(), today=None)
    """
    if not actor.is_officer:
        return Scope(everywhere=False)
    if actor.is_administrator or any(place is None for _, place in actor.posts):
        return Scope(everywhere=True)
    below = select(Place.id).where(Place.id.in_(actor.places)).cte(recursive=True)
    below = below.union(select(Place.id).where(Place.parent_id == below.c.id))
    return Scope(everywhere=False, places=tuple(sorted(session.scalars(select(below.c.id)))), today=today)
