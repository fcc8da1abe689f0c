"""Acts that bring what the template asks for; a test changes only its point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from approvals.acts import Act, Event, PossibleAct
from approvals.engine import advance, begin, names_of, possible_acts
from approvals.library import packaged
from approvals.state import State
from approvals.templates import Record, Template

BOUNDARY = "b" * 64
DIGEST = "d" * 64
DAY = date(2026, 9, 1)

# Facts with a meaning of their own; the others are filled by their type.
KNOWN: Mapping[str, Any] = {
    "boundary_hash": BOUNDARY,
    "check_grade": "clear",
    "found_grade": "clear",
    "authority": "371082",
    "computed_authority": "371082",
    "competent_authority": "371082",
    "needs_consent": ["finding-1", "finding-2"],
    "offices": ["maritime", "military"],
    "expert_review": False,
    "owed_yuan": "10740.12",
    "paid_yuan": "10740.12",
    "case_number": "case-2",
    "preferred": True,
    "working_days_passed": 900,
}
BY_TYPE: Mapping[str, Any] = {
    "text": "text",
    "integer": 3,
    "boolean": True,
    "date": "2026-09-03",
    "amount": "1.00",
    "hash": DIGEST,
    "list": ["one"],
}


def facts_for(records: Mapping[str, Record]) -> dict[str, Any]:
    return {name: KNOWN.get(name, BY_TYPE[record.type]) for name, record in records.items()}


def build_act(state: State, template: Template, possible: PossibleAct, on: date = DAY, **changed: Any) -> Act:
    """An act of this name with everything that it needs; `changed` replaces fields, `facts` is merged."""
    act = Act(name=possible.name, role=possible.role, key=possible.key or None, on=on)
    step_name, _, outcome_name = possible.name.partition(".")
    if step_name == "revoke":
        return replace(act, **changed)
    if possible.name in template.acts:
        told: Any = template.acts[possible.name]
        idle, step = told.idle, None
    else:
        step = template.steps[step_name]
        told = step.outcomes[outcome_name]
        silent = possible.role == "system" and step.silence and step.silence.outcome == outcome_name
        idle = step.silence.after if silent else None
    facts = facts_for(told.records)
    # A notice has run, and days left out have passed, by the day of the act.
    first, last = (on - timedelta(days=8)).isoformat(), (on - timedelta(days=1)).isoformat()
    days = {"first": first, "last": last, "notice_first": first, "notice_last": last}
    facts |= {name: day for name, day in days.items() if name in facts}
    checklist: dict[str, str] = {}
    materials: dict[str, str] = {}
    if idle:
        facts = {"working_days_passed": 900, "limit_days": idle.days or 5}
    elif step is not None:
        checklist = dict.fromkeys(step.checklist, "pass")
        if told.takes_materials:
            materials = dict.fromkeys((name for name, each in step.materials_in.items() if each.required), DIGEST)
    asked = tuple(state.fact("items", ())) or ("term",)
    ground = changed.pop("ground", next(iter(template.grounds[told.grounds])) if told.grounds else None)
    if getattr(told, "checklist", None) == "failed":
        # A ground that is a line of the checklist is named because that line failed.
        checklist[ground if ground in checklist else next(iter(checklist))] = "fail"
    made = replace(
        act,
        facts={**facts, **changed.pop("facts", {})},
        checklist=checklist,
        materials=materials,
        items=asked if told.itemised else (),
        ground=ground,
    )
    return replace(made, **changed)


class Story:
    """One case told act by act; keeps every event and effect."""

    def __init__(
        self, template: Template | None = None, on: date = DAY, answers: Mapping[str, Any] | None = None
    ) -> None:
        self.template = template or packaged().newest("establishment")
        self.on = on
        begun = begin(self.template, on, answers)
        self.state = begun.state
        self.events: list[Event] = list(begun.events)
        self.effects = list(begun.effects)
        self.acts: list[Act] = []

    def do(self, name: str, /, key: str = "", role: str | None = None, later: int = 0, **changed: Any) -> Story:
        """Do one act that is possible now; the last effects are `self.brought`."""
        self.on += timedelta(days=later)
        found = [
            each
            for each in possible_acts(self.state, self.template)
            if each.name == name and each.key == key and role in (None, each.role)
        ]
        assert found, f"{name} {key} is not possible: {sorted(self.possible())}"
        plain = sorted(found, key=lambda each: (each.role == "system", each.role))
        act = build_act(self.state, self.template, plain[0], self.on, **changed)
        made = advance(self.state, act, self.template)
        self.state, self.brought = made.state, made.effects
        self.events += made.events
        self.effects += made.effects
        self.acts.append(act)
        return self

    def possible(self, role: str | None = None) -> frozenset[str]:
        return names_of(possible_acts(self.state, self.template, role))


def accepted(**checking: Any) -> Story:
    return Story().do("submission.submit").do("acceptance.accept").do("checking.record", facts=checking)


def ready_to_decide(**checking: Any) -> Story:
    """Every step before the decision done, without consents, offices or experts unless told."""
    story = accepted(**{"needs_consent": [], "offices": [], **checking})
    return story.do("technical_review.pass").do("site_survey.record").do("public_notice.close")


def approved() -> Story:
    return ready_to_decide().do("decision.approve")
