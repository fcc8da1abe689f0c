"""Permissions as data: act × role × relation to the object, one table (data/people/permissions.yaml, docs/people.md).

`verdict` is the only place that judges; `may_ask` is what can be said before the object is known, `demand` what a route calls
once it has the object. What this table allows, the engine of a case may still refuse: it knows the step and the state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from data.actors import Actor
from data.answers import Refusal
from data.rulebook.yamlfile import read_yaml

Verdict = Literal["allowed", "sign_in", "not_yours", "not_found"]
REFUSALS: Mapping[Verdict, str] = {
    "sign_in": "problems.sign_in",
    "not_yours": "problems.not_yours",
    "not_found": "problems.not_found",
}
# Roles that come from having an account or acting for a party; every other role is a post.
UNPOSTED = frozenset({"public", "enterprise", "asked"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an act is about, as far as permission asks.

    `party_ids` are the parties whose object it is (applicant and co-holders), `people` the accounts whose own it is (a message to
    them, a draft that they began), `asked_party_ids` the parties that a question was put to, `place_chain` the ids of the places
    that handle it, widest first.
    """

    party_ids: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    asked_party_ids: frozenset[int] = frozenset()
    place_chain: tuple[int, ...] = ()
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One act: its names, the relations by role, and the act by which its object is seen (None: there is no hiding it)."""

    act: str
    zh: str
    en: str
    may: Mapping[str, frozenset[str]]
    seen_by: str | None


@dataclass(frozen=True, slots=True)
class Permissions:
    """The table: roles and relations with their names, and a row for each act."""

    roles: Mapping[str, Mapping[str, str]]
    relations: Mapping[str, Mapping[str, str]]
    rows: Mapping[str, Row] = field(repr=False)

    def row(self, act: str) -> Row:
        """The row of an act; an act without one is a fault of ours."""
        if act not in self.rows:
            raise KeyError(f"no permission has a row for the act {act!r}")
        return self.rows[act]

    def may_ask(self, actor: Actor, act: str) -> bool:
        """Whether the actor could do this with some object: holds, in any relation, a role that the row names."""
        return any(_has(actor, role) for role in self.row(act).may)

    def allowed(self, actor: Actor, act: str, subject: Subject) -> bool:
        """Whether the actor may do this with this object."""
        return any(
            _has(actor, role) and _relates(actor, role, relation, subject)
            for role, relations in self.row(act).may.items()
            for relation in relations
        )

    def verdict(self, actor: Actor, act: str, subject: Subject) -> Verdict:
        """Allowed; or who must sign in first, may not do this, or must not even learn that the object is there."""
        if self.allowed(actor, act, subject):
            return "allowed"
        if actor.person is None:
            return "sign_in"
        seen_by = self.row(act).seen_by
        if not self.may_ask(actor, act) or (seen_by is not None and self.allowed(actor, seen_by, subject)):
            return "not_yours"
        return "not_found"


def _has(actor: Actor, role: str) -> bool:
    """Whoever is signed in is an enterprise's person; for which party, `own` and `asked` look at."""
    return role == "public" or (role in UNPOSTED and actor.person is not None) or actor.has(role)


def _relates(actor: Actor, role: str, relation: str, subject: Subject) -> bool:
    if relation == "own":
        return bool(actor.acts_for & subject.party_ids) or actor.person in subject.people
    if relation == "asked":
        return bool(actor.acts_for & subject.asked_party_ids)
    if relation == "place":
        return actor.holds(role, subject.place_chain)
    return role != "public" or subject.is_public


def permissions_from(text: str, file: str) -> Permissions:
    """A table from its file; an act, role, relation or key that is not as it must be is an error with the act's name."""
    told = read_yaml(text, file)
    if told.keys() != {"roles", "relations", "seen_by", "acts"}:
        raise ValueError(f"{file}: holds {sorted(told)}")
    roles, relations, seen_by = told["roles"], told["relations"], told["seen_by"]
    rows = {act: _row(act, given, roles, relations, seen_by) for act, given in told["acts"].items()}
    for act in seen_by.values():
        if act not in rows:
            raise ValueError(f"{file}: objects are seen by the act {act!r}, which has no row")
    return Permissions(
        {role: {"zh": given["zh"], "en": given["en"]} for role, given in roles.items()},
        {name: {"zh": given["zh"], "en": given["en"]} for name, given in relations.items()},
        rows,
    )


def _row(act: str, given: Mapping[str, Any], roles: Any, relations: Any, seen_by: Mapping[str, str]) -> Row:
    may = {name: frozenset(value) for name, value in given.items() if name not in ("zh", "en")}
    for role, named in may.items():
        wrong = named - set(roles[role]["relations"] if role in roles else ())
        if role not in roles or not named or wrong or not named <= relations.keys():
            raise ValueError(f"{act}: {role} {sorted(named)} does not stand in the table of roles and relations")
    if not (given.get("zh") and given.get("en") and may):
        raise ValueError(f"{act}: needs a name in both languages and at least one role")
    return Row(act, given["zh"], given["en"], may, seen_by.get(act.partition(".")[0]))


@cache
def packaged_permissions() -> Permissions:
    """The table that comes with the house; read and checked once per process."""
    path = files("data").joinpath("people/permissions.yaml")
    return permissions_from(path.read_text(encoding="utf-8"), path.name)


def allowed(actor: Actor, act: str, subject: Subject) -> bool:
    """Whether the actor may do this with this object.

    >>> allowed(Actor(person=1, acts_for=frozenset({7})), "case.see", Subject(party_ids=frozenset({7})))
    True
    >>> allowed(Actor(person=1, acts_for=frozenset({8})), "case.see", Subject(party_ids=frozenset({7})))
    False
    >>> window = Actor(person=2, roles=frozenset({"window"}), posts=frozenset({("window", 3)}))
    >>> allowed(window, "case.see", Subject(place_chain=(1, 2, 3))), allowed(window, "case.see", Subject(place_chain=(1, 2, 4)))
    (True, False)
    """
    return packaged_permissions().allowed(actor, act, subject)


def demand(actor: Actor, act: str, subject: Subject) -> None:
    """Return where the actor may; else refuse: sign in (401), not yours (403), or not there as far as you can see (404)."""
    found = packaged_permissions().verdict(actor, act, subject)
    if found != "allowed":
        raise Refusal(REFUSALS[found])
