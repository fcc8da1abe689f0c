"""A case as the engine sees it: tasks by round, notes, and its end; plain values that go to JSON and come back equal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

# `returned` and `past` belong to an earlier round after a correction; `rolled_back` rested on something revoked;
# `closed` was open when the case ended. Only the first three are current.
CURRENT = frozenset({"open", "done", "skipped"})
TELLING = frozenset({"done", "returned"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task of a step, `key` telling apart those of one step (a finding, an office); `effective_on` is its legal day."""

    number: int
    step: str
    opened_on: date
    status: str = "open"
    key: str | None = None
    round: int = 1
    outcome: str | None = None
    role: str | None = None
    done_on: date | None = None
    effective_on: date | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    materials: Mapping[str, str] = field(default_factory=dict)
    checklist: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain values, days as ISO text."""
        return {
            "number": self.number,
            "step": self.step,
            "opened_on": self.opened_on.isoformat(),
            "status": self.status,
            "key": self.key,
            "round": self.round,
            "outcome": self.outcome,
            "role": self.role,
            "done_on": _iso(self.done_on),
            "effective_on": _iso(self.effective_on),
            "facts": dict(self.facts),
            "materials": dict(self.materials),
            "checklist": dict(self.checklist),
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Task:
        """The task that `as_json` told."""
        days = {name: _day(told[name]) for name in ("done_on", "effective_on")}
        return cls(**{**told, **days, "opened_on": date.fromisoformat(told["opened_on"])})


@dataclass(frozen=True, slots=True)
class Note:
    """Something held on the whole case: an extension, days left out, a competing application and the choice made."""

    kind: str
    act: str
    on: date
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain values, days as ISO text."""
        return {"kind": self.kind, "act": self.act, "on": self.on.isoformat(), "facts": dict(self.facts)}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Note:
        """The note that `as_json` told."""
        return cls(told["kind"], told["act"], date.fromisoformat(told["on"]), told["facts"])


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a case stands. `acts` counts what was done and serves as its version; `answers` are a bundle's questionnaire."""

    template: str
    version: int
    hash: str
    acts: int = 0
    answers: Mapping[str, Any] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    notes: tuple[Note, ...] = ()
    ended: str | None = None
    last_on: date | None = None

    def current(self, step: str) -> tuple[Task, ...]:
        """The tasks of a step that stand now: open, done or skipped."""
        return tuple(task for task in self.tasks if task.step == step and task.status in CURRENT)

    def open_tasks(self) -> tuple[Task, ...]:
        """What waits for somebody."""
        return tuple(task for task in self.tasks if task.status == "open")

    def telling(self) -> Iterator[Task]:
        """Finished tasks whose facts hold, the latest act first."""
        finished = [task for task in self.tasks if task.status in TELLING]
        return iter(sorted(finished, key=lambda task: (task.done_on or task.opened_on, task.number), reverse=True))

    def fact(self, name: str, default: Any = None) -> Any:
        """The latest value of a recorded fact that still holds; rolled back tasks no longer tell theirs."""
        return next((task.facts[name] for task in self.telling() if name in task.facts), default)

    def material(self, name: str) -> str | None:
        """The digest of the latest paper of this name on the file."""
        return next((task.materials[name] for task in self.telling() if name in task.materials), None)

    def ever(self, step: str, outcome: str) -> bool:
        """Whether a step ended so in any round, even one that holds no longer."""
        return any(task.step == step and task.outcome == outcome for task in self.tasks)

    def noted(self, kind: str) -> tuple[Note, ...]:
        """The notes of one kind, in the order made."""
        return tuple(note for note in self.notes if note.kind == kind)

    def with_task(self, task: Task) -> State:
        """The state with a task put in the place of its number, or added."""
        if task.number == len(self.tasks) + 1:
            return replace(self, tasks=(*self.tasks, task))
        return replace(self, tasks=tuple(task if each.number == task.number else each for each in self.tasks))

    def as_json(self) -> dict[str, Any]:
        """Plain values; `from_json` gives an equal state back."""
        return {
            "template": self.template,
            "version": self.version,
            "hash": self.hash,
            "acts": self.acts,
            "answers": dict(self.answers),
            "tasks": [task.as_json() for task in self.tasks],
            "notes": [note.as_json() for note in self.notes],
            "ended": self.ended,
            "last_on": _iso(self.last_on),
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> State:
        """The state that `as_json` told."""
        made = {
            "tasks": tuple(Task.from_json(each) for each in told["tasks"]),
            "notes": tuple(Note.from_json(each) for each in told["notes"]),
            "last_on": _day(told["last_on"]),
        }
        return cls(**{**told, **made})


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
