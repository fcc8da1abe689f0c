"""Who acts: the frozen value that every act receives. Accounts and sessions belong to `api`, parties to `parcels`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (an account's number, None for the public and for the machine), the parties acted for, roles, and places.

    `places` are the ids of the places for which the roles hold; empty for an administrator means everywhere. `posts` say which
    role holds at which place (None: everywhere): whoever is window officer in one county and planner in another is not both in both.
    """

    person: int | None = None
    acts_for: frozenset[int] = frozenset()
    roles: frozenset[str] = frozenset()
    places: frozenset[int] = frozenset()
    posts: frozenset[tuple[str, int | None]] = frozenset()

    @classmethod
    def public(cls) -> Actor:
        """Anyone: no account, no role, sees what is public."""
        return cls()

    @classmethod
    def administrator(cls, person: int | None = None) -> Actor:
        """The machine's administrator, as on its command line."""
        return cls(person=person, roles=frozenset({"administrator", "officer"}))

    @classmethod
    def officer(cls, person: int | None = None, places: Iterable[int] = ()) -> Actor:
        """An officer of the places given."""
        return cls(person=person, roles=frozenset({"officer"}), places=frozenset(places))

    @classmethod
    def machine(cls) -> Actor:
        """The system itself: what happens because nobody acted, or because an act asked for it."""
        return cls(roles=frozenset({"system", "officer"}))

    def holds(self, role: str, chain: Iterable[int]) -> bool:
        """Whether the actor holds a role for an object whose places, widest first, are `chain`.

        >>> Actor(posts=frozenset({("window", 3)})).holds("window", (1, 2, 3))
        True
        >>> Actor(posts=frozenset({("window", 4)})).holds("window", (1, 2, 3))
        False
        """
        places = {None, *chain}
        return any(held == role and place in places for held, place in self.posts)

    def has(self, role: str) -> bool:
        """Whether the actor holds the role.

        >>> Actor.administrator().has("officer"), Actor.public().has("officer")
        (True, False)
        """
        return role in self.roles

    @property
    def is_officer(self) -> bool:
        """Whether the actor may read what is disclosed to officers."""
        return "officer" in self.roles

    @property
    def is_administrator(self) -> bool:
        """Whether the actor may adopt registers and publish layers."""
        return "administrator" in self.roles

    def plain(self) -> dict[str, Any]:
        """The actor as an event tells it: numbers and roles only, never a name."""
        return {"person": self.person, "acts_for": sorted(self.acts_for), "roles": sorted(self.roles)}
