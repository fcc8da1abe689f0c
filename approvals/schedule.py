"""When a case will be done: what is open takes its promised days, what comes after begins when what it needs is done."""

from __future__ import annotations

from datetime import date

from approvals.guards import refusal_of
from approvals.silence import days_of
from approvals.state import State, Task
from approvals.templates import Step, Template
from data.rulebook import Inquiry
from marine.workdays import ClockRun, Exclusion, run_by_rules


class Schedule:
    """The predicted days of one case; `missing` names the holiday tables that the prediction had to do without."""

    def __init__(
        self, state: State, template: Template, inquiry: Inquiry, today: date, left_out: tuple[Exclusion, ...]
    ) -> None:
        self.state, self.template, self.inquiry, self.today = state, template, inquiry, today
        self.left_out = left_out
        self.missing: tuple[str, ...] = ()
        self._known: dict[str, date] = {}

    def finish(self, step: str) -> date:
        """The day on which a step was done, or will be at the promised pace."""
        if step not in self._known:
            self._known[step] = self._finish(step)
        return self._known[step]

    def _finish(self, step: str) -> date:
        told = self.template.steps[step]
        tasks = self.state.current(step)
        if tasks:
            return max(self._task(told, task) for task in tasks)
        before = [self.finish(need) for need in told.needs]
        start = max((*before, self.today)) if before else self.today
        if told.on_call or (told.when and refusal_of(told.when, self.state, self.template, step, None)):
            return start
        return self._after(start, self._pace(told))

    def _task(self, step: Step, task: Task) -> date:
        if task.status != "open":
            return task.done_on or task.opened_on
        expected = self._after(task.opened_on, self._pace(step))
        if expected < self.today and step.silence is not None and step.outcomes[step.silence.outcome].ends is None:
            # Whoever was to answer is late: the silence speaks on the working day after its limit.
            expected = self._after(task.opened_on, (days_of(step.silence.after, self.inquiry) or 0) + 1)
        return max(expected, self.today)

    def _pace(self, step: Step) -> int:
        """Working days that a step is promised to take; without a promise its statutory limit before acceptance, else none."""
        if step.limits.promised is not None:
            return days_of(step.limits.promised, self.inquiry) or 0
        if step.silence is not None and step.limits.statutory is not None:
            return days_of(step.limits.statutory, self.inquiry) or 0
        return 0

    def _after(self, start: date, days: int) -> date:
        run: ClockRun = run_by_rules(self.inquiry, start, days, self.left_out)
        self.missing = tuple(dict.fromkeys((*self.missing, *run.missing)))
        finish = run.finish or run.provisional_finish
        assert finish is not None
        return finish
