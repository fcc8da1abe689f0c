"""What a paper is made from: one frozen value with everything that the case's file holds at the moment of the act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from approvals.clock import CaseClock
from approvals.dictionary import Form
from approvals.forms import Answer
from approvals.state import State
from approvals.templates import Template
from data.answers import Source
from data.rulebook import RuleBook
from marine.boundary import Boundary
from marine.findings import Finding, Grade
from marine.spaces import ALL_YEAR, Layer
from parcels.drafts import Heights


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLine:
    """A place by its names and administrative code."""

    zh: str
    en: str
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerLine:
    """Who issues and signs; the built-in issuer makes samples only (register.md §8)."""

    zh: str
    en: str
    signer: str
    is_builtin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderLine:
    """One holder to be: `holding` is sole, joint or shares."""

    name: str
    holding: str = "sole"
    numerator: int | None = None
    denominator: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialLine:
    """A paper on the file: its name in the template, its title in both languages, the file's own name, its SHA-256."""

    name: str
    zh: str
    en: str
    file: str
    digest: str
    provided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningLine:
    """The applicant's signature and the three digests that it binds; `way` is code or scan."""

    way: str
    signed_at: datetime
    form_digest: str
    boundary_hash: str
    materials_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityLine:
    """The government that decides: its level, the names of its place, and by which articles."""

    level: str
    zh: str
    en: str
    basis: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """Money that moved; `kind` is receipt, refund or reversal."""

    kind: str
    number: str
    yuan: Decimal
    moved_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """A bill with its lines as `approvals.money` stores them (plain values, one per step, each with its basis)."""

    number: str
    payer: str
    owed_yuan: Decimal
    first: date
    last: date
    lines: tuple[Mapping[str, Any], ...]
    issued_on: date
    receipts: tuple[ReceiptLine, ...] = ()
    exemption_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RightLine:
    """The right that was entered; `notes` are codes such as `layered`."""

    right_id: int
    parcel_code: str | None
    unit_code: str | None
    entered_on: date
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A case as its papers see it. `answers` bear the field's name, co-holders `name@2`, `name@3` …; days are both included.

    `marks` are marks of doubt of computed answers by field: the length of a sample shoreline is `sample`.
    `findings` and `grade` (the worst of them that no answer has closed) are what the applicant may know of the check.
    `act_facts`, `items`, `ground` and `texts` are those of the act that issues the paper; `texts` are free words (a
    correction's item in words, conditions of a decision).
    """

    number: str
    template: Template
    state: State
    on: date
    place: PlaceLine
    issuer: IssuerLine
    book: RuleBook
    form: Form
    answers: Mapping[str, Answer]
    marks: Mapping[str, str] = field(default_factory=dict)
    holders: tuple[HolderLine, ...] = ()
    project: str = ""
    boundary: Boundary | None = None
    unit_modes: tuple[str | None, ...] = ()
    unit_uses: tuple[str, ...] = ()
    use_type: str | None = None
    layers: int = int(Layer.ALL)
    heights: Heights | None = None
    months: int = ALL_YEAR
    is_layered: bool = False
    first: date | None = None
    last: date | None = None
    received_on: date | None = None
    accepted_on: date | None = None
    is_accepted_by_silence: bool = False
    decided_on: date | None = None
    materials: tuple[MaterialLine, ...] = ()
    signing: SigningLine | None = None
    clock: CaseClock | None = None
    authority: AuthorityLine | None = None
    findings: tuple[Finding, ...] = ()
    grade: Grade | None = None
    bill: BillLine | None = None
    right: RightLine | None = None
    decision_number: str | None = None
    act_facts: Mapping[str, Any] = field(default_factory=dict)
    items: tuple[str, ...] = ()
    ground: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    rules_hash: str = ""
    form_digest: str | None = None
