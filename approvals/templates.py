"""The template of a procedure as a frozen value: steps, limits, checklists, materials, outcomes, acts (docs/procedures.md).

The models are the closed schema too: `approvals.reading` makes them from YAML and tells every fault with its line.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, StrictStr

Name = Annotated[StrictStr, Field(pattern=r"^[a-z][a-z0-9_]*$")]
RuleId = Annotated[StrictStr, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")]
Words = Annotated[StrictStr, Field(min_length=1)]
Days = Annotated[StrictInt, Field(ge=1, le=3650)]


class Value(BaseModel):
    """What all parts of a template share: closed (an unknown key is a fault) and never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Title(Value):
    """A name in both languages."""

    zh: Words
    en: Words


class Label(Value):
    """A standing or an end as the office reads it and as the public reads it."""

    office: Title
    public: Title


class Origin(Value):
    """Where a sentence of the template comes from, in the vocabulary of the rule book (docs/rules.md)."""

    cite: Words
    seen: Literal["text", "secondary", "memory", "house"]
    confidence: Literal["h", "m", "l"] | None = None
    edition: Words | None = None
    checked: date | None = None


class Limit(Value):
    """A number of working days: a `rule` of the rule book, which brings its source, or `days` with a source of this file."""

    rule: RuleId | None = None
    days: Days | None = None
    source: Name | None = None


class Limits(Value):
    """The three figures, never mixed: by law, by former practice, as promised."""

    statutory: Limit | None = None
    former: Limit | None = None
    promised: Limit | None = None


class GuardRef(Value):
    """A guard of `approvals.guards` by name, with its settings."""

    guard: Name
    settings: Mapping[Name, StrictStr | StrictInt | StrictBool] = Field(default_factory=dict)


def _guard(given: object) -> object:
    return {"guard": given} if isinstance(given, str) else given


Guard = Annotated[GuardRef, BeforeValidator(_guard)]


class CheckItem(Value):
    """One line of a checklist; `origin` says who or what answers it."""

    title: Title
    source: Name
    origin: Literal["system", "paper", "survey", "person"]


class Material(Value):
    """A paper that a step needs: by whom it comes, and whether the step can be done without it."""

    title: Title
    by: Literal["applicant", "system", "office"]
    source: Name
    required: StrictBool = True


class Record(Value):
    """A fact that an act must or may bring: plain values only, so that an event can hold it.

    `by_system` ones (`approvals.computed`) are stated by the system inside the act; nobody who acts can bring them.
    """

    type: Literal["text", "integer", "boolean", "date", "amount", "hash", "list"]
    required: StrictBool = True
    by_system: StrictBool = False


class Ground(Value):
    """A named legal ground."""

    title: Title
    source: Name


class EffectRef(Value):
    """What is enqueued in the transaction of the act: a kind of `approvals.effects`, and of what."""

    kind: Name
    of: Name | None = None


def _effect(given: object) -> object:
    if isinstance(given, str):
        return {"kind": given}
    if isinstance(given, dict) and len(given) == 1 and "kind" not in given:
        ((kind, of),) = given.items()
        return {"kind": kind, "of": of}
    return given


Effect = Annotated[EffectRef, BeforeValidator(_effect)]


class Outcome(Value):
    """One way in which a step can end, and what follows.

    `ends` closes the case; `reopens` sends it back to an earlier step; otherwise the steps that need this outcome open.
    `undo` is what is enqueued when the step is rolled back.
    """

    title: Title
    role: Name | None = None
    guards: tuple[Guard, ...] = ()
    checklist: Literal["passed", "answered", "failed"] | None = None
    records: Mapping[Name, Record] = Field(default_factory=dict)
    grounds: Name | None = None
    itemised: StrictBool = False
    takes_materials: StrictBool = False
    standing: Name | None = None
    ends: Name | None = None
    reopens: Name | None = None
    as_of: Literal["opened"] | None = None
    effects: tuple[Effect, ...] = ()
    undo: tuple[Effect, ...] = ()


class Silence(Value):
    """What the system does when nobody has acted for more than these working days."""

    after: Limit
    outcome: Name


class Revocation(Value):
    """Who may take a finished step back, until which steps are done, and what then happens to the case."""

    title: Title
    role: Name
    source: Name
    until: tuple[Name, ...] = ()
    ends: Name | None = None


class Step(Value):
    """One step: who does it, what it needs, how long it may take, what it takes in and gives out, and how it can end.

    `also` are roles that may do it in the doer's place (an officer who records a paper answer). `each` opens a task per
    entry of a recorded list; `on_call` steps open by an act on the case; `matter` is another template, run as a case.
    `automatic` names what the system does by itself when the step opens (`approvals.computed`). `closes_with` takes back what
    an open task began when it falls, or when the case ends before it is done.
    """

    title: Title
    role: Name
    also: tuple[Name, ...] = ()
    source: Name
    needs: Mapping[Name, tuple[Name, ...] | Literal["any"]] = Field(default_factory=dict)
    join: Literal["all", "any"] = "all"
    rests_on: tuple[Name, ...] = ()
    when: Guard | None = None
    each: Name | None = None
    on_call: StrictBool = False
    matter: Name | None = None
    automatic: Name | None = None
    counts: StrictBool = True
    excluded_as: Name | None = None
    limits: Limits = Limits()
    checklist: Mapping[Name, CheckItem] = Field(default_factory=dict)
    materials_in: Mapping[Name, Material] = Field(default_factory=dict)
    materials_out: Mapping[Name, Title] = Field(default_factory=dict)
    opens_with: tuple[Effect, ...] = ()
    closes_with: tuple[Effect, ...] = ()
    outcomes: Mapping[Name, Outcome] = Field(min_length=1)
    silence: Silence | None = None
    revocation: Revocation | None = None


class CaseAct(Value):
    """An act on the whole case: withdrawal, lapse, extension, days left out, a competing application, a call for papers.

    `idle` makes it an act of the system after a rest, and `while_open` names the steps for which the case then waits: while
    any other step can be done the rest is somebody else's, and the act is not possible. `after_end` keeps it possible once the
    case has ended.
    """

    title: Title
    role: Name
    also: tuple[Name, ...] = ()
    source: Name
    after: tuple[Name, ...] = ()
    before: tuple[Name, ...] = ()
    guards: tuple[Guard, ...] = ()
    records: Mapping[Name, Record] = Field(default_factory=dict)
    grounds: Name | None = None
    itemised: StrictBool = False
    idle: Limit | None = None
    while_open: tuple[Name, ...] = ()
    after_end: StrictBool = False
    opens: Name | None = None
    ends: Name | None = None
    noted_as: Literal["extension", "exclusion", "competition", "choice", "note"] | None = None
    effects: tuple[Effect, ...] = ()


class Timing(Value):
    """Which steps the clock hangs on: receipt, acceptance, decision, the end; and the figures of the whole.

    `extension` lengthens the statutory limit of the decision, once, by the act that is noted as an extension.
    """

    received_by: Name
    accepted_by: Name
    decided_by: Name | None = None
    ends_by: Name
    figures: Limits
    extension: Limit | None = None


class Template(Value):
    """A procedure. `hash` names its content; a case keeps the template, version and hash with which it began.

    `completes` is the end that a case reaches when nothing is open and nothing more can open; bundles need it.
    """

    template: Name
    version: Annotated[StrictInt, Field(ge=1)]
    kind: Literal["matter", "bundle"]
    title: Title
    sources: Mapping[Name, Origin]
    roles: tuple[Name, ...]
    standings: Mapping[Name, Label]
    ends: Mapping[Name, Label] = Field(min_length=1)
    completes: Name | None = None
    timing: Timing | None = None
    questions: Mapping[Name, Title] = Field(default_factory=dict)
    grounds: Mapping[Name, Mapping[Name, Ground]] = Field(default_factory=dict)
    steps: Mapping[Name, Step] = Field(min_length=1)
    acts: Mapping[Name, CaseAct] = Field(default_factory=dict)
    order: tuple[Name, ...] = ()
    hash: StrictStr = ""

    def roles_of(self, step: str, outcome: str) -> tuple[str, ...]:
        """Who may end a step so: the outcome's own role, or the step's and those who may stand in."""
        told = self.steps[step].outcomes[outcome].role
        return (told,) if told else (self.steps[step].role, *self.steps[step].also)

    def rests_on(self, step: str) -> frozenset[str]:
        """The steps on which a step rests directly: what it needs, and what it names besides."""
        return frozenset(self.steps[step].needs) | frozenset(self.steps[step].rests_on)

    def dependants(self, step: str) -> tuple[str, ...]:
        """Every step that rests on this one, directly or through others, in order."""
        found = {step}
        for name in self.order:
            if self.rests_on(name) & found:
                found.add(name)
        return tuple(name for name in self.order if name in found and name != step)

    def allowed(self, step: str, need: str) -> frozenset[str]:
        """The outcomes of the needed step that let this step open; `any` is every outcome that goes on."""
        told = self.steps[step].needs[need]
        if told != "any":
            return frozenset(told)
        return frozenset(
            name for name, each in self.steps[need].outcomes.items() if each.ends is None and each.reopens is None
        )
