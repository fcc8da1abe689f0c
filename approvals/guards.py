"""Guards by name: what must hold before an outcome is offered (on the state) or taken (on what the act brings).

A template names a guard; here it is defined, says which settings it takes, and is tested. A guard answers with the code of
its refusal, or None. Figures and law reach it as recorded facts, never as numbers in this file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from approvals.acts import Act
from approvals.state import TELLING, State, Task
from approvals.templates import GuardRef, Template

GRANTABLE = frozenset({"clear", "touching", "within_tolerance", "compatible"})


@dataclass(frozen=True, slots=True)
class Situation:
    """What a guard looks at. `act` is None while only the possible acts are asked for."""

    state: State
    template: Template
    step: str
    settings: Mapping[str, Any]
    act: Act | None = None

    def told(self, name: str) -> Any:
        """A fact as the act brings it, else as it was recorded."""
        if self.act is not None and name in self.act.facts:
            return self.act.facts[name]
        return self.state.fact(name)


Judge = Callable[[Situation], str | None]


@dataclass(frozen=True, slots=True)
class GuardRule:
    """A guard: its judge, the settings that it needs, and whether it looks at the act."""

    name: str
    judge: Judge
    settings: frozenset[str]
    on_act: bool


REGISTRY: dict[str, GuardRule] = {}


def guard(*settings: str, on_act: bool = False) -> Callable[[Judge], Judge]:
    """Register a guard under its function's name."""

    def register(judge: Judge) -> Judge:
        name = judge.__name__
        REGISTRY[name] = GuardRule(name, judge, frozenset(settings), on_act)
        return judge

    return register


def refusal_of(ref: GuardRef, state: State, template: Template, step: str, act: Act | None) -> str | None:
    """The code with which a guard refuses; a guard on the act lets pass while there is no act."""
    rule = REGISTRY[ref.guard]
    if rule.on_act and act is None:
        return None
    return rule.judge(Situation(state, template, step, ref.settings, act))


@guard("step", "outcome")
def never_before(at: Situation) -> str | None:
    """The step has never ended so, in any round: a correction is asked for once."""
    return "guard.once_only" if at.state.ever(at.settings["step"], at.settings["outcome"]) else None


@guard("fact")
def fact_is_true(at: Situation) -> str | None:
    """A recorded fact is true."""
    return None if at.told(at.settings["fact"]) is True else "guard.fact_not_true"


@guard("fact")
def fact_is_not_true(at: Situation) -> str | None:
    """A recorded fact is false, or nobody has recorded it."""
    return "guard.fact_true" if at.told(at.settings["fact"]) is True else None


@guard("fact")
def fact_is_known(at: Situation) -> str | None:
    """A fact was recorded and is not empty."""
    return "guard.fact_unknown" if at.state.fact(at.settings["fact"]) in (None, "") else None


@guard("fact", on_act=True)
def fee_is_told(at: Situation) -> str | None:
    """The fee was computed: a rate that nobody has supplied stops the bill, and only the bill."""
    assert at.act is not None
    return None if at.act.facts.get(at.settings["fact"]) is not None else "guard.fee_unknown"


@guard("question", "answer")
def answered(at: Situation) -> str | None:
    """A bundle's questionnaire was answered so."""
    return None if at.state.answers.get(at.settings["question"]) == at.settings["answer"] else "guard.not_answered_so"


@guard("step", "outcome")
def all_ended_so(at: Situation) -> str | None:
    """Every task of a step that was not skipped ended with this outcome."""
    done = [task for task in at.state.current(at.settings["step"]) if task.status != "skipped"]
    return None if all(task.outcome == at.settings["outcome"] for task in done) else "guard.not_all_ended_so"


@guard("step", "outcome")
def some_ended_so(at: Situation) -> str | None:
    """At least one task of a step ended with this outcome."""
    ended = any(task.outcome == at.settings["outcome"] for task in at.state.current(at.settings["step"]))
    return None if ended else "guard.none_ended_so"


@guard(on_act=True)
def every_item_answered(at: Situation) -> str | None:
    """A correction asked for items: the act answers each of them."""
    assert at.act is not None
    return None if set(at.state.fact("items", ())) <= set(at.act.items) else "guard.items_open"


@guard(on_act=True)
def sea_is_free(at: Situation) -> str | None:
    """The check made under the lock of this very act left nothing that stands against the grant (register.md §2)."""
    assert at.act is not None
    return None if at.act.facts.get("check_grade") in GRANTABLE else "guard.sea_not_free"


@guard(on_act=True)
def same_boundary(at: Situation) -> str | None:
    """The act names the boundary that was signed, by its hash."""
    assert at.act is not None
    return None if at.act.facts.get("boundary_hash") == at.state.fact("boundary_hash") else "guard.other_boundary"


@guard(on_act=True)
def by_computed_authority(at: Situation) -> str | None:
    """The government that decides is the one that the rule book computed for this act."""
    assert at.act is not None
    computed = at.act.facts.get("computed_authority")
    return None if computed and computed == at.act.facts.get("authority") else "guard.other_authority"


@guard(on_act=True)
def ground_is_failed(at: Situation) -> str | None:
    """The ground that the act names is a line of its checklist, and that line failed: a refusal says what failed."""
    assert at.act is not None
    return None if at.act.checklist.get(at.act.ground or "") == "fail" else "guard.ground_not_failed"


@guard()
def no_open_competition(at: Situation) -> str | None:
    """Every competing application that was noted has been settled by an officer's choice, in favour of this case."""
    chosen = {note.facts.get("case_number"): note.facts.get("preferred") for note in at.state.noted("choice")}
    if any(preferred is False for preferred in chosen.values()):
        return "guard.other_preferred"
    noted = {note.facts.get("case_number") for note in at.state.noted("competition")}
    return "guard.competition_open" if noted - set(chosen) else None


@guard()
def competition_is_noted(at: Situation) -> str | None:
    """There is a competing application on which nobody has decided."""
    return None if no_open_competition(at) == "guard.competition_open" else "guard.no_competition"


@guard(on_act=True)
def chosen_one_competes(at: Situation) -> str | None:
    """The choice names an application that was noted as competing."""
    assert at.act is not None
    noted = {note.facts.get("case_number") for note in at.state.noted("competition")}
    return None if at.act.facts.get("case_number") in noted else "guard.no_competition"


@guard("kind")
def not_yet_noted(at: Situation) -> str | None:
    """Nothing of this kind was noted on the case: an extension is given once."""
    return "guard.once_only" if at.state.noted(at.settings["kind"]) else None


@guard(on_act=True)
def days_in_order(at: Situation) -> str | None:
    """Days left out have a first and a last day, in order."""
    assert at.act is not None
    first, last = at.act.facts.get("first"), at.act.facts.get("last")
    return None if isinstance(first, str) and isinstance(last, str) and first <= last else "guard.days_not_in_order"


@guard(on_act=True)
def notice_has_run(at: Situation) -> str | None:
    """The public notice was put up, and its last day is over."""
    assert at.act is not None
    last = at.act.facts.get("notice_last")
    if not isinstance(last, str):
        return "guard.notice_not_up"
    return None if last < at.act.on.isoformat() else "guard.notice_running"


@guard("paid", "owed", on_act=True)
def payment_is_complete(at: Situation) -> str | None:
    """What was paid in all rounds, this act included, covers what is owed; amounts in yuan."""
    return None if _paid(at) >= _amount(at.state.fact(at.settings["owed"])) else "guard.payment_incomplete"


@guard("paid", "owed", on_act=True)
def payment_is_partial(at: Situation) -> str | None:
    """Something was paid, and not everything that is owed; amounts in yuan."""
    assert at.act is not None
    something = _amount(at.act.facts.get(at.settings["paid"])) > 0
    short = _paid(at) < _amount(at.state.fact(at.settings["owed"]))
    return None if something and short else "guard.payment_not_partial"


@guard("step", "paid", "bill", "owed", "exempted", "earned_by", "refunded")
def paid_in_excess(at: Situation) -> str | None:
    """More was paid than is owed, what was refunded already left out; what was paid on a bill that fell is owed no more.

    Nothing is owed either once an exemption was decided (`exempted`), or once the case has ended without the step that the
    money was paid for (`earned_by`).
    """
    told = at.settings
    earned = not at.state.ended or any(task.status == "done" for task in at.state.current(told["earned_by"]))
    exempt = at.state.fact(told["exempted"]) is not None
    owed = _amount(at.state.fact(told["owed"])) if earned and not exempt else Decimal(0)
    receipts = [task for task in at.state.tasks if task.step == told["step"] and told["paid"] in task.facts]
    standing = [_amount(task.facts[told["paid"]]) for task in receipts if task.status in TELLING]
    fallen = [_amount(task.facts[told["paid"]]) for task in receipts if _bill_fell(at.state, task, told["bill"])]
    back = [_amount(note.facts.get(told["refunded"])) for note in at.state.notes]
    over = max(sum(standing, Decimal(0)) - owed, Decimal(0))
    return None if over + sum(fallen, Decimal(0)) > sum(back, Decimal(0)) else "guard.no_excess"


def _bill_fell(state: State, receipt: Task, step: str) -> bool:
    """Whether a receipt was rolled back together with its bill; one that was reversed alone is money that never came."""
    bills = [task for task in state.tasks if task.step == step and task.number < receipt.number]
    return receipt.status == "rolled_back" and bool(bills) and bills[-1].status == "rolled_back"


def _paid(at: Situation) -> Decimal:
    """Sum over the rounds of this step that still tell, and the act."""
    name = at.settings["paid"]
    before = (_amount(task.facts.get(name)) for task in at.state.telling() if task.step == at.step)
    return sum(before, _amount(at.act.facts.get(name) if at.act else None))


def _amount(told: Any) -> Decimal:
    try:
        return Decimal(str(told)) if told is not None else Decimal(0)
    except InvalidOperation:
        return Decimal(0)
