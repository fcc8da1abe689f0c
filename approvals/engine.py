"""The one function from which every change of a case comes, and the complete set of acts that a state allows.

Pure: no clock, no database. `advance` judges the act, changes the tasks, and returns the new state, the one event that
records it with every change (so that `replay` needs no template), and the effects to be enqueued in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any

from approvals.acts import Act, Advance, Event, PossibleAct
from approvals.contents import judge_case_act, judge_outcome
from approvals.effects import Effect
from approvals.guards import refusal_of
from approvals.opening import call_step, effect_of, needs_are_met, open_what_can, resting_on, take_back
from approvals.state import Note, State, Task
from approvals.templates import CaseAct, Revocation, Template
from data.answers import Refusal

Change = tuple[State, list[Effect]]


def begin(template: Template, on: date, answers: Mapping[str, Any] | None = None) -> Advance:
    """Open a case on a template: the steps that need nothing open; a bundle brings its questionnaire's answers."""
    unknown = sorted(set(answers or ()) - set(template.questions))
    if unknown:
        raise Refusal("act.question_unknown", names=", ".join(unknown))
    empty = State(template=template.template, version=template.version, hash=template.hash, answers=dict(answers or {}))
    state, effects = open_what_can(empty, template, on)
    state, more = _complete(state, template)
    state = replace(state, last_on=on)
    body = {"begins": empty.as_json(), **_changes(empty, state)}
    return Advance(state, (Event("begin", body),), (*effects, *more))


def advance(state: State, act: Act, template: Template) -> Advance:
    """Do one act on a case; refuses with a code and facts, and then nothing has changed."""
    _same_template(state, template)
    _demand_running(state, template, act.name)
    if state.last_on and act.on < state.last_on:
        raise Refusal("act.before_the_last", act=act.name, on=act.on.isoformat(), last=state.last_on.isoformat())
    if act.name.startswith("revoke."):
        changed, effects = _revoke(state, act, template)
    elif act.name in template.acts:
        changed, effects = _on_case(state, act, template)
    else:
        changed, effects = _finish_task(state, act, template)
    if not changed.ended:
        changed, opened = open_what_can(changed, template, act.on)
        effects.extend(opened)
        changed, more = _complete(changed, template)
        effects.extend(more)
    changed = replace(changed, acts=state.acts + 1, last_on=act.on)
    event = Event(act.name, {"act": act.as_json(), **_changes(state, changed)}, dict(act.texts))
    return Advance(changed, (event,), tuple(effects))


def replay(events: Iterable[Event]) -> State:
    """The state that the events of a case made, from the first, without any template."""
    state: State | None = None
    for event in events:
        if state is None:
            state = State.from_json(event.body["begins"])
        for told in event.body["tasks"]:
            state = state.with_task(Task.from_json(told))
        notes = tuple(Note.from_json(told) for told in event.body["notes"])
        last = date.fromisoformat(event.body["last_on"])
        state = replace(
            state, notes=(*state.notes, *notes), ended=event.body["ended"], acts=event.body["acts"], last_on=last
        )
    if state is None:
        raise ValueError("a case has at least the event with which it begins")
    return state


def possible_acts(state: State, template: Template, role: str | None = None) -> frozenset[PossibleAct]:
    """Every act that the state allows, or those of one role: the complete set, guards on the state included.

    Of a case that has ended nothing is open any more, and only acts that the template allows after the end are left.
    """
    _same_template(state, template)
    found = _case_acts(state, template)
    if not state.ended:
        found = chain(found, _task_acts(state, template), _revocations(state, template))
    return frozenset(each for each in found if role is None or each.role == role)


def demand_possible(state: State, template: Template, name: str, role: str, key: str | None = None) -> None:
    """Refuse an act that the state does not offer to a role, with the reason; what it brings is judged by `advance`."""
    _same_template(state, template)
    _demand_running(state, template, name)
    offered = [each for each in possible_acts(state, template) if each.name == name and (each.key or None) == key]
    if any(each.role == role for each in offered):
        return
    if offered:
        raise Refusal("act.not_this_role", act=name, role=role)
    raise Refusal(_why_not(state, template, name, key), act=name, key=key or "")


def _demand_running(state: State, template: Template, name: str) -> None:
    """Refuse an act on a case that has ended, unless the template allows it after the end."""
    act = template.acts.get(name)
    if state.ended and not (act is not None and act.after_end):
        raise Refusal("act.case_ended", act=name, end=state.ended)


def _why_not(state: State, template: Template, name: str, key: str | None) -> str:
    if name in template.acts:
        return _case_act_refused(state, template.acts[name], template) or "act.not_now"
    step_name, _, outcome_name = name.partition(".")
    if step_name == "revoke":
        return "act.not_now" if outcome_name in template.steps else "act.unknown"
    step = template.steps.get(step_name)
    if step is None or outcome_name not in step.outcomes:
        return "act.unknown"
    if not any(task.step == step_name and task.key == key for task in state.open_tasks()):
        return "act.not_open"
    if not needs_are_met(state, template, step_name):
        return "act.needs_open"
    refused = (refusal_of(ref, state, template, step_name, None) for ref in step.outcomes[outcome_name].guards)
    return next(filter(None, refused), "act.not_now")


def names_of(acts: Iterable[PossibleAct]) -> frozenset[str]:
    """The acts as words, `step.outcome` or `step.outcome[key]`; for pages and for tests of complete sets."""
    return frozenset(str(each) for each in acts)


def _task_acts(state: State, template: Template) -> Iterator[PossibleAct]:
    for task in state.open_tasks():
        step = template.steps[task.step]
        if not needs_are_met(state, template, task.step):
            continue
        for name, outcome in step.outcomes.items():
            if all(refusal_of(ref, state, template, task.step, None) is None for ref in outcome.guards):
                silent = ("system",) if step.silence is not None and step.silence.outcome == name else ()
                for role in (*template.roles_of(task.step, name), *silent):
                    yield PossibleAct(f"{task.step}.{name}", role, task.key or "")


def _case_acts(state: State, template: Template) -> Iterator[PossibleAct]:
    for name, act in template.acts.items():
        if (not state.ended or act.after_end) and _case_act_refused(state, act, template) is None:
            yield from (PossibleAct(name, role) for role in (act.role, *act.also))


def _revocations(state: State, template: Template) -> Iterator[PossibleAct]:
    for name, step in template.steps.items():
        if step.revocation is None or not _revocable(state, step.revocation):
            continue
        for task in state.current(name):
            if task.status == "done":
                yield PossibleAct(f"revoke.{name}", step.revocation.role, task.key or "")


def _finish_task(state: State, act: Act, template: Template) -> Change:
    step_name, _, outcome_name = act.name.partition(".")
    step = template.steps.get(step_name)
    if step is None or outcome_name not in step.outcomes:
        raise Refusal("act.unknown", act=act.name)
    outcome = step.outcomes[outcome_name]
    task = next((each for each in state.open_tasks() if each.step == step_name and each.key == act.key), None)
    if task is None:
        raise Refusal("act.not_open", act=act.name, key=act.key or "")
    if not needs_are_met(state, template, step_name):
        raise Refusal("act.needs_open", act=act.name)
    judge_outcome(state, act, template, step_name, outcome_name)
    done = replace(
        task,
        status="done",
        outcome=outcome_name,
        role=act.role,
        done_on=act.on,
        effective_on=task.opened_on if outcome.as_of == "opened" and act.role == "system" else act.on,
        facts=_facts(act),
        materials=dict(act.materials),
        checklist=dict(act.checklist),
    )
    changed = state.with_task(done)
    effects = [effect_of(template, ref, step_name, act.key) for ref in outcome.effects]
    if outcome.reopens:
        changed, undone = _send_back(changed, done, outcome.reopens, template)
        effects.extend(undone)
    if outcome.ends:
        changed, stopped = _end(changed, outcome.ends, template)
        effects.extend(stopped)
    return changed, effects


def _facts(act: Act) -> dict[str, Any]:
    facts = dict(act.facts)
    if act.items:
        facts["items"] = list(act.items)
    if act.ground:
        facts["ground"] = act.ground
    return facts


def _send_back(state: State, done: Task, to: str, template: Template) -> tuple[State, tuple[Effect, ...]]:
    """Begin another round of a step: what rested on it is past, and only what the sending task told still holds."""
    fallen = [task for task in (*state.current(to), *resting_on(state, template, to)) if task.number != done.number]
    # Earlier rounds that were sent back go on telling (a first part payment), so they stay as they are.
    fallen = [task for task in fallen if task.status != "returned"]
    changed, effects = take_back(state, template, fallen, "past")
    return changed.with_task(replace(done, status="returned")), effects


def _on_case(state: State, act: Act, template: Template) -> Change:
    told = template.acts[act.name]
    refused = _case_act_refused(state, told, template)
    if refused:
        raise Refusal(refused, act=act.name)
    judge_case_act(state, act, template)
    effects = [effect_of(template, ref, act.name, act.key) for ref in told.effects]
    changed = state
    if told.noted_as:
        changed = replace(changed, notes=(*changed.notes, Note(told.noted_as, act.name, act.on, _facts(act))))
    if told.opens:
        changed, asked = call_step(changed, template, told.opens, act.on)
        effects.extend(asked)
    if told.ends:
        changed, stopped = _end(changed, told.ends, template)
        effects.extend(stopped)
    return changed, effects


def _case_act_refused(state: State, act: CaseAct, template: Template) -> str | None:
    """Why the state does not allow an act on the whole case, as a code, or None."""
    if not all(_is_done(state, step) for step in act.after) or any(_is_done(state, step) for step in act.before):
        return "act.not_now"
    if act.opens and any(task.status == "open" for task in state.current(act.opens)):
        return "act.open_already"
    if act.while_open and not _waits_only_for(state, template, act.while_open):
        return "act.not_now"
    return next(filter(None, (refusal_of(ref, state, template, act.opens or "", None) for ref in act.guards)), None)


def _waits_only_for(state: State, template: Template, steps: Iterable[str]) -> bool:
    """Whether something can be done, and nothing but these steps."""
    waiting = {task.step for task in state.open_tasks() if needs_are_met(state, template, task.step)}
    return bool(waiting) and waiting <= set(steps)


def _revoke(state: State, act: Act, template: Template) -> Change:
    name = act.name.removeprefix("revoke.")
    step = template.steps.get(name)
    if step is None or step.revocation is None:
        raise Refusal("act.unknown", act=act.name)
    if act.role != step.revocation.role:
        raise Refusal("act.not_this_role", act=act.name, role=act.role)
    task = next((each for each in state.current(name) if each.status == "done" and each.key == act.key), None)
    if task is None or not _revocable(state, step.revocation):
        raise Refusal("act.not_now", act=act.name)
    earlier = [each for each in state.tasks if each.step == name and each.key == act.key and each.status == "returned"]
    fallen = {each.number: each for each in (task, *earlier, *resting_on(state, template, name))}
    changed, undone = take_back(state, template, fallen.values(), "rolled_back")
    effects = list(undone)
    if step.revocation.ends:
        changed, stopped = _end(changed, step.revocation.ends, template)
        effects.extend(stopped)
    return changed, effects


def _revocable(state: State, revocation: Revocation) -> bool:
    return not any(_is_done(state, step) for step in revocation.until)


def _is_done(state: State, step: str) -> bool:
    """Whether a step stands finished: it has tasks, none of them open."""
    tasks = state.current(step)
    return bool(tasks) and all(task.status != "open" for task in tasks)


def _end(state: State, end: str, template: Template) -> tuple[State, tuple[Effect, ...]]:
    state, effects = take_back(state, template, state.open_tasks(), "closed")
    return replace(state, ended=end), effects


def _complete(state: State, template: Template) -> tuple[State, tuple[Effect, ...]]:
    """End a case of which nothing is open; without a named end that would be a dead end, and is refused."""
    if state.ended or state.open_tasks():
        return state, ()
    if template.completes is None:
        raise Refusal("act.dead_end", template=template.template)
    return _end(state, template.completes, template)


def _changes(before: State, after: State) -> dict[str, Any]:
    """What an act changed, in plain values: tasks by number, notes added, the end."""
    old = {task.number: task for task in before.tasks}
    return {
        "tasks": [task.as_json() for task in after.tasks if old.get(task.number) != task],
        "notes": [note.as_json() for note in after.notes[len(before.notes) :]],
        "ended": after.ended,
        "acts": after.acts,
        "last_on": after.last_on.isoformat() if after.last_on else None,
    }


def _same_template(state: State, template: Template) -> None:
    begun = (state.template, state.version, state.hash)
    if begun != (template.template, template.version, template.hash):
        raise Refusal(
            "act.other_template",
            template=template.template,
            version=template.version,
            begun=f"{state.template} {state.version} {state.hash[:12]}",
        )
