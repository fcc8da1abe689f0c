"""Which tasks open, and what falls when something beneath is taken back: the graph of a case, without acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from approvals.effects import Effect
from approvals.guards import refusal_of
from approvals.state import CURRENT, State, Task
from approvals.templates import EffectRef, Template

FALLEN = frozenset({*CURRENT, "returned"})


def needs_are_met(state: State, template: Template, step: str) -> bool:
    """Whether everything that a step needs is done as it needs it; a skipped step counts as done."""
    met = [_met(state, template, step, need) for need in template.steps[step].needs]
    return any(met) if template.steps[step].join == "any" and met else all(met)


def _met(state: State, template: Template, step: str, need: str) -> bool:
    tasks = state.current(need)
    if not tasks:
        return template.steps[need].on_call
    allowed = template.allowed(step, need)
    return all(task.status == "skipped" or (task.status == "done" and task.outcome in allowed) for task in tasks)


def open_what_can(state: State, template: Template, on: date) -> tuple[State, tuple[Effect, ...]]:
    """Open, or skip, every step whose needs are met and that has no standing task; repeated until nothing more opens."""
    effects: list[Effect] = []
    for step in template.order:
        if template.steps[step].on_call or not needs_are_met(state, template, step):
            continue
        state, asked = open_step(state, template, step, on)
        effects.extend(asked)
    return state, tuple(effects)


def open_step(state: State, template: Template, step: str, on: date) -> tuple[State, tuple[Effect, ...]]:
    """Open one step: a task, a task per key of the fact that it names, or a skipped one where its guard says no."""
    told = template.steps[step]
    present = {task.key for task in state.current(step)}
    applies = told.when is None or refusal_of(told.when, state, template, step, None) is None
    keys: tuple[str | None, ...] = (None,)
    if told.each and applies:
        keys = tuple(dict.fromkeys(state.fact(told.each) or ()))
    if not applies or not keys:
        return (state if present else _add(state, step, None, on, "skipped")), ()
    effects: list[Effect] = []
    for key in keys:
        if key in present or (told.each is None and present):
            continue
        state = _add(state, step, key, on, "open")
        effects.extend(effect_of(template, ref, step, key) for ref in told.opens_with)
        if told.matter:
            effects.append(Effect("open_case", step, told.matter, key))
    return state, tuple(effects)


def call_step(state: State, template: Template, step: str, on: date) -> tuple[State, tuple[Effect, ...]]:
    """Open a step that is called, anew each time."""
    done = replace(
        state,
        tasks=tuple(
            replace(task, status="returned") if task.step == step and task.status == "done" else task
            for task in state.tasks
        ),
    )
    return open_step(done, template, step, on)


def _add(state: State, step: str, key: str | None, on: date, status: str) -> State:
    rounds = sum(1 for task in state.tasks if task.step == step and task.key == key)
    return state.with_task(
        Task(number=len(state.tasks) + 1, step=step, key=key, round=rounds + 1, status=status, opened_on=on)
    )


def take_back(
    state: State, template: Template, fallen: Iterable[Task], status: str
) -> tuple[State, tuple[Effect, ...]]:
    """Let tasks fall, the last step first, with the effects that undo what they had caused, done or only begun."""
    rank = {step: number for number, step in enumerate(template.order)}
    effects: list[Effect] = []
    for task in sorted(fallen, key=lambda task: (rank[task.step], task.number), reverse=True):
        step = template.steps[task.step]
        if task.outcome is not None:
            effects.extend(effect_of(template, ref, task.step, task.key) for ref in step.outcomes[task.outcome].undo)
        if task.status == "open":
            effects.extend(effect_of(template, ref, task.step, task.key) for ref in step.closes_with)
            if step.matter:
                effects.append(Effect("stop_case", task.step, step.matter, task.key))
        state = state.with_task(replace(task, status=status))
    return state, tuple(effects)


def resting_on(state: State, template: Template, step: str) -> tuple[Task, ...]:
    """Every task, open, done, skipped or returned, of the steps that rest on this one."""
    steps = set(template.dependants(step))
    return tuple(task for task in state.tasks if task.step in steps and task.status in FALLEN)


def effect_of(template: Template, ref: EffectRef, step: str, key: str | None) -> Effect:
    """The effect that a template names, for this step and key."""
    return Effect(ref.kind, step, ref.of, key, {"template": template.template, "version": template.version})
