"""The answer of a check as a value: grade, findings worst first, what could not be judged, remedy, and what it was computed from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marine.boundary import Boundary
from marine.findings import Finding, Grade, Severity, Source
from parcels.drafts import ParcelDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class NotJudged:
    """Something that the check could not judge, and which option or datum would let it.

    `required` is False for side matters (the fee, an audit that is still to come) which do not stand in the way of "fits".
    `option` is the command-line option that answers it; None where only an administrator can.
    """

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    option: str | None = None
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is left of the draft when everything visible that stands in its way is taken out: the remedy, and further parcels."""

    boundary: Boundary
    modes: tuple[str | None, ...]
    further: tuple[Boundary, ...] = ()
    dropped_units: tuple[int, ...] = ()
    grade: Grade = Grade.CLEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Everything that the answer rests on, so that a stored report can be computed again (`check(…, judged=…)`).

    `papers`: rights whose layering papers counted; `audits`: loads named as not yet audited. Never shown to an asker.
    """

    occupations: tuple[int, ...] = ()
    layer_versions: tuple[int, ...] = ()
    later_versions: tuple[int, ...] = ()
    lapsed_versions: tuple[int, ...] = ()
    zones: tuple[int, ...] = ()
    areas: tuple[int, ...] = ()
    papers: tuple[int, ...] = ()
    audits: tuple[tuple[int, str], ...] = ()
    # What the search for free sea kept clear of besides.
    around_occupations: tuple[int, ...] = ()
    around_zones: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """A pure function of draft, register, layers, rule book, asker and day; see `as_json` for its one shape to the outside."""

    draft: ParcelDraft
    findings: tuple[Finding, ...]
    not_judged: tuple[NotJudged, ...]
    remedy: Offer | None
    alternatives: tuple[Finding, ...]
    fee: Finding | None
    rules_hash: str
    sources_used: tuple[Source, ...]
    judged: Judged
    today: date
    sees_everything: bool

    @property
    def grade(self) -> Grade:
        """The worst grade of all findings; clear where nothing was found."""
        return worst(self.findings)

    @property
    def fits(self) -> bool:
        """Whether every required judgement was made and nothing needs a consent or is forbidden."""
        return self.exit_code == 0

    @property
    def exit_code(self) -> int:
        """11 conflict or forbidden · 12 a required datum is missing · 10 needs consent · 0 fits; the worst first."""
        if self.grade is Grade.CONFLICT:
            return 11
        if any(missing.required for missing in self.not_judged):
            return 12
        return 10 if self.grade is Grade.NEEDS_CONSENT else 0


def worst(findings: Iterable[Finding]) -> Grade:
    """The worst grade among the findings.

    >>> worst([])
    <Grade.CLEAR: 0>
    """
    return max((finding.grade for finding in findings if finding.grade is not None), default=Grade.CLEAR)


_SEVERITIES = {Severity.BLOCKS: 3, Severity.WARNS: 2, Severity.NOTES: 1, None: 0}


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by grade, then severity, then size; of equals, in a fixed order, so that the same inputs give the same report."""
    by_rank: defaultdict[tuple[Any, ...], list[Finding]] = defaultdict(list)
    for finding in findings:
        by_rank[_rank(finding)].append(finding)
    # Facts are only written out where nothing else tells two findings apart.
    return tuple(
        finding
        for rank in sorted(by_rank)
        for finding in (sorted(by_rank[rank], key=_facts_in_words) if len(by_rank[rank]) > 1 else by_rank[rank])
    )


def _rank(finding: Finding) -> tuple[Any, ...]:
    return (
        -(finding.grade if finding.grade is not None else -1),
        -_SEVERITIES[finding.severity],
        -float(finding.facts.get("overlap_m2") or 0.0),
        finding.code,
    )


def _facts_in_words(finding: Finding) -> list[tuple[str, str]]:
    return sorted((name, str(value)) for name, value in finding.facts.items())
