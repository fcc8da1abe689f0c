"""What a person or the system does to a case, and what comes of it: act, event, advance, and the acts that are possible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from approvals.effects import Effect
from approvals.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An act on a legal day by a role.

    `name` is `step.outcome`, `revoke.step`, or the name of an act on the whole case; `key` picks one task of several.
    `facts` are plain values and go into the event; `texts` are free words and stay beside it (register.md §7).
    `items` names what a correction asks for, or answers.
    """

    name: str
    on: date
    role: str
    key: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    checklist: Mapping[str, str] = field(default_factory=dict)
    materials: Mapping[str, str] = field(default_factory=dict)
    items: tuple[str, ...] = ()
    ground: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The act for the event's body: everything but the free words."""
        return {
            "name": self.name,
            "on": self.on.isoformat(),
            "role": self.role,
            "key": self.key,
            "facts": dict(self.facts),
            "checklist": dict(self.checklist),
            "materials": dict(self.materials),
            "items": list(self.items),
            "ground": self.ground,
        }


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the case's chain: the act and every change that it made, so that replaying needs no template."""

    kind: str
    body: Mapping[str, Any]
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Advance:
    """What an act brings: the new state, the events that record it, and what is to be enqueued with it."""

    state: State
    events: tuple[Event, ...]
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True, order=True)
class PossibleAct:
    """An act that the state allows, for this role; what it brings is still judged when it is done."""

    name: str
    role: str
    key: str = ""

    def __str__(self) -> str:
        return f"{self.name}[{self.key}]" if self.key else self.name
