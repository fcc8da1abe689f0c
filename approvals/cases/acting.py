"""One act on a case while it runs: what was asked, under which locks it stands, and what it has brought so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from approvals.cases.checking import check_for_office, unsettled
from approvals.cases.store import Opened, Works, names_in_book, place_chain
from approvals.dates import dates_of
from approvals.effects import Effect
from approvals.models import Document
from approvals.papers.casefile import CaseFile
from approvals.templates import EffectRef, Outcome, Record, Template
from data.answers import Refusal
from data.clock import legal_day
from data.rulebook import Inquiry
from marine.fees import FeeSheet
from marine.findings import Finding, Grade
from parcels.checks.report import CheckReport
from parcels.register import Granted

SEA_EFFECTS = frozenset({"claim_sea", "hold_sea", "register_right", "free_sea", "settle_competition"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person or the system asks to do. `facts` are those that the person states; the system adds its own.

    `acknowledged`: the applicant files although the check found a conflict, and has read it. `version` is the case's as
    the asker read it. `role` is only given where the door has settled it (a signed link, the system), and `by_link` says that
    whoever holds the link answers, signed in or not.
    """

    name: str
    key: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    checklist: Mapping[str, str] = field(default_factory=dict)
    items: tuple[str, ...] = ()
    ground: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    version: int | None = None
    role: str | None = None
    acknowledged: bool = False
    by_link: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the template says of an act before it is done: facts to state, effects to come, whether it touches the sea."""

    records: Mapping[str, Record]
    effects: tuple[EffectRef, ...]
    undoes: tuple[EffectRef, ...]
    outcome: Outcome | None = None

    @property
    def touches_sea(self) -> bool:
        """Whether the act must take the locks of the sea."""
        return any(ref.kind in SEA_EFFECTS for ref in (*self.effects, *self.undoes))

    @property
    def papers(self) -> tuple[str, ...]:
        """The kinds of papers that the act issues, in order."""
        return tuple(ref.of for ref in self.effects if ref.kind == "paper" and ref.of)


def plan_of(template: Template, name: str) -> Plan:
    """The plan of an act by its name; refuses a name that the template does not know."""
    if name in template.acts:
        act = template.acts[name]
        return Plan(records=act.records, effects=act.effects, undoes=())
    step_name, _, outcome_name = name.partition(".")
    if step_name == "revoke" and outcome_name in template.steps:
        fallen = (outcome_name, *template.dependants(outcome_name))
        outcomes = [outcome for step in fallen for outcome in template.steps[step].outcomes.values()]
        return Plan(records={}, effects=(), undoes=tuple(ref for outcome in outcomes for ref in outcome.undo))
    step = template.steps.get(step_name)
    if step is None or outcome_name not in step.outcomes:
        raise Refusal("act.unknown", act=name)
    outcome = step.outcomes[outcome_name]
    undoes: tuple[EffectRef, ...] = ()
    if outcome.reopens:
        fallen = (outcome.reopens, *template.dependants(outcome.reopens))
        outcomes = [each for step in fallen for each in template.steps[step].outcomes.values()]
        undoes = tuple(ref for each in outcomes for ref in each.undo)
    return Plan(records=outcome.records, effects=outcome.effects, undoes=undoes, outcome=outcome)


@dataclass(frozen=True, slots=True)
class Filed:
    """What was filed in an act: the digests that the signature binds."""

    form_digest: str
    materials_digest: str


@dataclass
class Acting:
    """An act under its locks. `numbers` were drawn for its papers and its bill before any stream was locked."""

    session: Session
    case: Opened
    works: Works
    asked: Asked
    role: str
    records: Mapping[str, Record] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    filed: Filed | None = None
    granted: Granted | None = None
    sheet: FeeSheet | None = None
    # The case's file as papers tell it, for papers that follow each other: read once, until the act changes something more.
    file: CaseFile | None = None
    jobs: list[Effect] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The legal day of the act."""
        return legal_day(self.works.now)

    @cached_property
    def report(self) -> CheckReport:
        """The check by true edges, made once for this act under its locks."""
        return check_for_office(self.session, self.case, self.works)

    @cached_property
    def chain(self) -> tuple[int, ...]:
        """The places above the case, widest first."""
        return place_chain(self.session, self.case)

    @cached_property
    def inquiry(self) -> Inquiry:
        """The rule book asked by the case's dates and place."""
        dates = dates_of(self.case.state, self.case.template, self.today)
        place = names_in_book(self.session, self.case.row.scope_place_id, self.works.book, self.today)
        return self.works.book.inquire(dates=dates, place=place, today=self.today)

    def against(self, answers: Mapping[str, str | None]) -> tuple[Finding, ...]:
        """The findings of this act's check that stand against a grant."""
        left = unsettled(self.session, self.report, answers)
        return tuple(finding for finding in left if finding.grade is not None and finding.grade >= Grade.NEEDS_CONSENT)

    def look_anew(self) -> None:
        """What the act has changed in the sea or in the case's days, the next look must see."""
        self.__dict__.pop("report", None)
        self.__dict__.pop("inquiry", None)
        self.file = None
