"""What an act must bring: the role, the facts of their types, checklist, items, legal ground, materials, and the guards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from approvals.acts import Act
from approvals.guards import refusal_of
from approvals.items import unknown_items
from approvals.state import State
from approvals.templates import Limit, Outcome, Record, Step, Template
from data.answers import Refusal
from data.keepable import unkept

ANSWERS = frozenset({"pass", "fail", "not_applicable"})
# The columns of money hold sixteen digits before the point.
MOST_YUAN = Decimal(10) ** 16
SHA256 = re.compile(r"[0-9a-f]{64}")
# Facts that a silent act brings besides, from the calendar: the days that passed (working days, or calendar days where the
# rule is told in these), and the limit that they met.
SILENCE_FACTS: Mapping[str, Record] = {
    "working_days_passed": Record(type="integer", required=False),
    "days_passed": Record(type="integer", required=False),
    "limit_days": Record(type="integer"),
}


def judge_outcome(state: State, act: Act, template: Template, step_name: str, outcome_name: str) -> None:
    """Refuse an act that does not bring what this outcome of the step asks for."""
    step = template.steps[step_name]
    outcome = step.outcomes[outcome_name]
    silent = act.role == "system" and step.silence is not None and step.silence.outcome == outcome_name
    if not silent and act.role not in template.roles_of(step_name, outcome_name):
        raise Refusal("act.not_this_role", act=act.name, role=act.role)
    records = dict(outcome.records)
    if silent:
        # The system states only what the calendar told; it fills in nothing on anybody's behalf.
        records = {name: record.model_copy(update={"required": False}) for name, record in records.items()}
        records |= SILENCE_FACTS
        assert step.silence is not None
        _judge_silence(act, step.silence.after)
        if act.checklist or act.materials:
            raise Refusal("act.brings_too_much", act=act.name)
    _judge_kept(act)
    _judge_facts(act, records)
    if not silent:
        _judge_checklist(act, step, outcome)
    _judge_items(act, template, outcome.itemised)
    _judge_ground(act, template, outcome.grounds)
    _judge_materials(state, act, step, outcome, template, step_name)
    for ref in outcome.guards:
        refused = refusal_of(ref, state, template, step_name, act)
        if refused:
            raise Refusal(refused, act=act.name)


def judge_case_act(state: State, act: Act, template: Template) -> None:
    """Refuse an act on the whole case that does not bring what the template asks for."""
    told = template.acts[act.name]
    if act.role not in (told.role, *told.also):
        raise Refusal("act.not_this_role", act=act.name, role=act.role)
    records = dict(told.records)
    if told.idle is not None:
        records |= SILENCE_FACTS
        _judge_silence(act, told.idle)
    _judge_kept(act)
    _judge_facts(act, records)
    _judge_items(act, template, told.itemised)
    _judge_ground(act, template, told.grounds)
    if act.checklist or act.materials:
        raise Refusal("act.brings_too_much", act=act.name)
    for ref in told.guards:
        refused = refusal_of(ref, state, template, told.opens or "", act)
        if refused:
            raise Refusal(refused, act=act.name)


def _judge_silence(act: Act, told: Limit) -> None:
    limit, passed = act.facts.get("limit_days"), act.facts.get("working_days_passed")
    # A limit of the rule book is asked by the caller, who knows the case's dates and place; a limit of the file is here, and
    # always one of working days.
    if told.days is None and passed is None:
        passed = act.facts.get("days_passed")
    known = isinstance(passed, int) and isinstance(limit, int) and passed > limit > 0
    if not known or told.days not in (None, limit):
        raise Refusal("act.not_silent_long_enough", act=act.name, passed=str(passed), limit=str(limit))


def _judge_kept(act: Act) -> None:
    """Refuse what neither the record nor the database holds as it came: some signs of texts, numbers beyond 2^53."""
    brought = {"facts": act.facts, "items": act.items, "texts": act.texts, "key": act.key, "ground": act.ground}
    lost = unkept(brought)
    if lost is not None:
        raise Refusal("act.brings_unkept", act=act.name, at=lost.at)


def _judge_facts(act: Act, records: Mapping[str, Record]) -> None:
    for name in act.facts:
        if name not in records:
            raise Refusal("act.fact_unknown", act=act.name, fact=name)
    for name, record in records.items():
        value = act.facts.get(name)
        if value is None:
            if record.required:
                raise Refusal("act.fact_missing", act=act.name, fact=name)
        elif not _fits(value, record.type):
            raise Refusal("act.fact_wrong", act=act.name, fact=name, type=record.type)


def _fits(value: Any, kind: str) -> bool:
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "list":
        texts = isinstance(value, (list, tuple)) and all(isinstance(each, str) and each for each in value)
        return texts and len(set(value)) == len(value)
    if not isinstance(value, str) or not value.strip():
        return False
    return {"text": _is_text, "date": _is_day, "amount": _is_amount, "hash": _is_hash}[kind](value)


def _is_text(value: str) -> bool:
    return bool(value.strip())


def _is_hash(value: str) -> bool:
    return SHA256.fullmatch(value) is not None


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_amount(value: str) -> bool:
    """Yuan as decimal text, not negative, and less than the columns of money hold."""
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return False
    return amount.is_finite() and 0 <= amount < MOST_YUAN


def _judge_checklist(act: Act, step: Step, outcome: Outcome) -> None:
    unknown = sorted(set(act.checklist) - set(step.checklist))
    wrong = sorted(item for item, answer in act.checklist.items() if answer not in ANSWERS)
    if unknown or wrong:
        raise Refusal("act.checklist_unknown", act=act.name, items=", ".join(unknown or wrong))
    if outcome.checklist is None:
        return
    open_items = sorted(set(step.checklist) - set(act.checklist))
    if open_items:
        raise Refusal("act.checklist_open", act=act.name, items=", ".join(open_items))
    failed = sorted(item for item, answer in act.checklist.items() if answer == "fail")
    if outcome.checklist == "passed" and failed:
        raise Refusal("act.checklist_failed", act=act.name, items=", ".join(failed))
    if outcome.checklist == "failed" and not failed:
        raise Refusal("act.checklist_not_failed", act=act.name)


def _judge_items(act: Act, template: Template, itemised: bool) -> None:
    if itemised and not act.items:
        raise Refusal("act.items_missing", act=act.name)
    if not itemised and act.items:
        raise Refusal("act.brings_too_much", act=act.name)
    unknown = unknown_items(act.items, template)
    if unknown or len(set(act.items)) != len(act.items):
        raise Refusal("act.items_unknown", act=act.name, items=", ".join(unknown or act.items))


def _judge_ground(act: Act, template: Template, grounds: str | None) -> None:
    if grounds is None:
        if act.ground is not None:
            raise Refusal("act.brings_too_much", act=act.name)
    elif act.ground not in template.grounds[grounds]:
        raise Refusal("act.ground_missing", act=act.name, grounds=", ".join(template.grounds[grounds]))


def _judge_materials(state: State, act: Act, step: Step, outcome: Outcome, template: Template, step_name: str) -> None:
    if act.materials and not outcome.takes_materials:
        raise Refusal("act.brings_too_much", act=act.name)
    known = {name for each in template.steps.values() for name in each.materials_in}
    unknown = sorted(set(act.materials) - known)
    if unknown:
        raise Refusal("act.material_unknown", act=act.name, names=", ".join(unknown))
    wrong = sorted(name for name, digest in act.materials.items() if not _is_hash(digest))
    if wrong:
        raise Refusal("act.material_not_a_digest", act=act.name, names=", ".join(wrong))
    if not outcome.takes_materials:
        return
    lacking = sorted(
        name
        for name, material in step.materials_in.items()
        if material.required and name not in act.materials and state.material(name) is None
    )
    if lacking:
        raise Refusal("act.materials_missing", act=act.name, names=", ".join(lacking))
