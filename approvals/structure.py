"""What only the whole template can tell: names that exist, an order without circles, branches that lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from approvals.computed import AUTOMATIC, FACTS
from approvals.effects import KINDS
from approvals.guards import REGISTRY
from approvals.templates import CaseAct, Effect, Guard, Limit, Outcome, Record, Step, Template
from data.answers import HOUSE_CITE
from data.rulebook import packaged


class Flaw(NamedTuple):
    """One fault by its path in the file."""

    code: str
    path: tuple[str, ...]
    detail: str = ""


def order_of(template: Template) -> tuple[str, ...]:
    """The steps, each after all that it rests on; the order of the file breaks ties."""
    sorter = TopologicalSorter({name: sorted(template.rests_on(name)) for name in template.steps})
    return tuple(sorter.static_order())


def faults_of(template: Template) -> Iterator[Flaw]:
    """Every fault of a template whose keys are right."""
    yield from _sources(template)
    yield from _names(template)
    for name, step in template.steps.items():
        yield from _step(template, name, step)
    for name, act in template.acts.items():
        yield from _case_act(template, name, act)
    yield from _timing(template)
    yield from _graph(template)


def _sources(template: Template) -> Iterator[Flaw]:
    for name, origin in template.sources.items():
        path = ("sources", name)
        if (origin.seen == "memory") != (origin.confidence is not None):
            yield Flaw("process.confidence", path)
        if origin.seen == "text" and origin.edition is None:
            yield Flaw("process.edition_missing", path)
        if (origin.seen == "house") != (origin.cite == HOUSE_CITE):
            yield Flaw("process.house_cite", path)
    named = set(_named_sources(template))
    for name in template.sources:
        if name not in named:
            yield Flaw("process.source_unused", ("sources", name))


def _named_sources(template: Template) -> Iterator[str]:
    for grounds in template.grounds.values():
        yield from (each.source for each in grounds.values())
    for step in template.steps.values():
        yield step.source
        yield from (item.source for item in step.checklist.values())
        yield from (item.source for item in step.materials_in.values())
        yield from (limit.source for limit in _limits(step) if limit.source)
        if step.revocation:
            yield step.revocation.source
    for act in template.acts.values():
        yield act.source
        if act.idle and act.idle.source:
            yield act.idle.source
    if template.timing:
        figures = template.timing.figures
        for limit in (figures.statutory, figures.former, figures.promised, template.timing.extension):
            if limit and limit.source:
                yield limit.source


def _limits(step: Step) -> Iterator[Limit]:
    told = (step.limits.statutory, step.limits.former, step.limits.promised, step.silence and step.silence.after)
    yield from (limit for limit in told if limit)


def _names(template: Template) -> Iterator[Flaw]:
    """Sources, roles and grounds that the file names and does not hold."""
    for name in sorted(set(_named_sources(template)) - set(template.sources)):
        yield Flaw("process.source_unknown", ("sources",), name)
    for name, step in template.steps.items():
        roles = [step.role, *step.also, *(each.role for each in step.outcomes.values() if each.role)]
        roles += [step.revocation.role] if step.revocation else []
        yield from (Flaw("process.role_unknown", ("steps", name), role) for role in roles if role not in template.roles)
    for name, act in template.acts.items():
        unknown = [role for role in (act.role, *act.also) if role not in template.roles]
        yield from (Flaw("process.role_unknown", ("acts", name), role) for role in unknown)


def _step(template: Template, name: str, step: Step) -> Iterator[Flaw]:
    path = ("steps", name)
    for need, outcomes in step.needs.items():
        if need not in template.steps:
            yield Flaw("process.step_unknown", (*path, "needs"), need)
            continue
        if outcomes != "any":
            known = template.steps[need].outcomes
            yield from (
                Flaw("process.outcome_unknown", (*path, "needs"), f"{need}.{outcome}")
                for outcome in outcomes
                if outcome not in known
            )
    others = (*step.rests_on, *(step.revocation.until if step.revocation else ()))
    yield from (Flaw("process.step_unknown", path, other) for other in others if other not in template.steps)
    if step.silence and step.silence.outcome not in step.outcomes:
        yield Flaw("process.outcome_unknown", (*path, "silence"), step.silence.outcome)
    if step.revocation and step.revocation.ends and step.revocation.ends not in template.ends:
        yield Flaw("process.end_unknown", (*path, "revocation"), step.revocation.ends)
    if step.each and step.each not in _lists(template):
        yield Flaw("process.each_not_recorded", path, step.each)
    if (step.matter is not None) != (template.kind == "bundle"):
        yield Flaw("process.matter_only_in_bundles", path)
    if step.on_call and name not in {act.opens for act in template.acts.values()}:
        yield Flaw("process.never_called", path)
    if step.automatic and (step.automatic not in AUTOMATIC or step.role != "system" or len(step.outcomes) != 1):
        yield Flaw("process.automatic", path, step.automatic)
    yield from _guards((step.when,) if step.when else (), (*path, "when"))
    yield from _effects(step.opens_with, (*path, "opens_with"))
    yield from _effects(step.closes_with, (*path, "closes_with"))
    for limit in _limits(step):
        yield from _limit(limit, (*path, "limits"))
    for key, outcome in step.outcomes.items():
        yield from _outcome(template, step, outcome, (*path, "outcomes", key))


def _lists(template: Template) -> set[str]:
    return {
        fact
        for step in template.steps.values()
        for outcome in step.outcomes.values()
        for fact, record in outcome.records.items()
        if record.type == "list"
    }


def _outcome(template: Template, step: Step, outcome: Outcome, path: tuple[str, ...]) -> Iterator[Flaw]:
    if outcome.ends and outcome.ends not in template.ends:
        yield Flaw("process.end_unknown", path, outcome.ends)
    if outcome.standing and outcome.standing not in template.standings:
        yield Flaw("process.standing_unknown", path, outcome.standing)
    if outcome.reopens and outcome.reopens not in template.steps:
        yield Flaw("process.step_unknown", path, outcome.reopens)
    if outcome.ends and outcome.reopens:
        yield Flaw("process.ends_or_reopens", path)
    if outcome.checklist and not step.checklist:
        yield Flaw("process.checklist_missing", path)
    if outcome.grounds and outcome.grounds not in template.grounds:
        yield Flaw("process.grounds_unknown", path, outcome.grounds)
    yield from _computed(outcome.records, path)
    yield from _guards(outcome.guards, path)
    yield from _effects((*outcome.effects, *outcome.undo), path)


def _computed(records: Mapping[str, Record], path: tuple[str, ...]) -> Iterator[Flaw]:
    for name, record in records.items():
        if record.by_system and name not in FACTS:
            yield Flaw("process.fact_not_computed", (*path, "records"), name)


def _case_act(template: Template, name: str, act: CaseAct) -> Iterator[Flaw]:
    path = ("acts", name)
    for step in (*act.after, *act.before, *act.while_open, *((act.opens,) if act.opens else ())):
        if step not in template.steps:
            yield Flaw("process.step_unknown", path, step)
    if act.opens and act.opens in template.steps and not template.steps[act.opens].on_call:
        yield Flaw("process.not_on_call", path, act.opens)
    if act.ends and act.ends not in template.ends:
        yield Flaw("process.end_unknown", path, act.ends)
    if act.grounds and act.grounds not in template.grounds:
        yield Flaw("process.grounds_unknown", path, act.grounds)
    if not (act.opens or act.ends or act.noted_as):
        yield Flaw("process.act_does_nothing", path)
    if act.idle:
        yield from _limit(act.idle, path)
    if (act.idle is None) != (not act.while_open):
        yield Flaw("process.idle_waits", path)
    if act.after_end and (act.ends or act.opens):
        yield Flaw("process.after_end", path)
    yield from _computed(act.records, path)
    yield from _guards(act.guards, path)
    yield from _effects(act.effects, path)


def _guards(refs: tuple[Guard, ...], path: tuple[str, ...]) -> Iterator[Flaw]:
    for ref in refs:
        if ref.guard not in REGISTRY:
            yield Flaw("process.guard_unknown", path, ref.guard)
        elif set(ref.settings) != REGISTRY[ref.guard].settings:
            yield Flaw("process.guard_settings", path, ref.guard)


def _effects(refs: tuple[Effect, ...], path: tuple[str, ...]) -> Iterator[Flaw]:
    for ref in refs:
        if ref.kind not in KINDS:
            yield Flaw("process.effect_unknown", path, ref.kind)
        elif (KINDS[ref.kind] is None) != (ref.of is None):
            yield Flaw("process.effect_of", path, ref.kind)


def _limit(limit: Limit, path: tuple[str, ...]) -> Iterator[Flaw]:
    if (limit.rule is None) == (limit.days is None) or (limit.days is None) != (limit.source is None):
        yield Flaw("process.limit", path)
    elif limit.rule and limit.rule not in packaged().rules:
        yield Flaw("process.rule_unknown", path, limit.rule)


def _timing(template: Template) -> Iterator[Flaw]:
    if template.completes and template.completes not in template.ends:
        yield Flaw("process.end_unknown", ("completes",), template.completes)
    if template.kind == "bundle" and not template.completes:
        yield Flaw("process.completes_missing", ())
    if template.timing is None:
        if template.kind == "matter":
            yield Flaw("process.timing_missing", ())
        return
    timing = template.timing
    for step in (timing.received_by, timing.accepted_by, timing.decided_by, timing.ends_by):
        if step is not None and step not in template.steps:
            yield Flaw("process.step_unknown", ("timing",), step)
    for limit in (timing.figures.statutory, timing.figures.former, timing.figures.promised, timing.extension):
        if limit:
            yield from _limit(limit, ("timing",))


def _graph(template: Template) -> Iterator[Flaw]:
    if any(not template.rests_on(name) <= set(template.steps) for name in template.steps):
        return
    try:
        order = order_of(template)
    except CycleError as circle:
        yield Flaw("process.circle", ("steps", circle.args[1][0]), " → ".join(reversed(circle.args[1])))
        return
    followed = {need: set[str]() for need in order}
    for name, step in template.steps.items():
        for need in step.needs:
            followed[need] |= template.allowed(name, need)
    for name, step in template.steps.items():
        for key, outcome in step.outcomes.items():
            path = ("steps", name, "outcomes", key)
            goes_on = key in followed[name] or outcome.ends or outcome.reopens
            if not goes_on and not template.completes and not step.on_call:
                yield Flaw("process.leads_nowhere", path)
            # A case is sent back only: to the step itself or to one on which it rests.
            if outcome.reopens and name not in {
                *template.model_copy(update={"order": order}).dependants(outcome.reopens),
                outcome.reopens,
            }:
                yield Flaw("process.reopens_forward", path, outcome.reopens)
