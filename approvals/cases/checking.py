"""The check of a case: asked with the case's own dates, filed so that it can be computed again, and what of it is settled.

What a check asks for is closed by the case's own tasks: a consent by the party, an opinion by the office, a layered right's
papers by the register. `grade_left` is what remains once these count; the register judges the sea itself once more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

import rfc8785
from sqlalchemy.orm import Session

from approvals import queries
from approvals.cases.store import Opened, Works, names_in_book
from approvals.cases.use import draft_of
from approvals.dates import accepted_on, day_of
from approvals.models import CaseReport
from data import overlay
from data.actors import Actor
from data.answers import Refusal
from data.clock import legal_day
from marine.authority import Part
from marine.findings import Finding, Grade
from parcels.checks import as_json, check
from parcels.checks.report import CheckReport, Judged
from parcels.drafts import ParcelDraft

RESURVEY = "boundary.resurvey"
# A source as tasks and questions name it: its key, and the identity of the zone where it is one.
SourceKey = tuple[str, str | None]
# Outcomes by which a party's or an office's answer leaves the way open; silence is taken as no objection by rule.
CONSENTS = frozenset({"give"})
NO_OBJECTION = frozenset({"no_objection", "conditions", "no_answer"})
# Of a filed report, beside its days: whether it was made by true edges.
TRUE_EDGES = "true_edges"
# Codes of what cells stand in for.
HIDDEN = "hidden."
# The office that speaks for what no layer names an office for, such as the shoreline.
GENERAL_OFFICE = "office:natural_resources"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDays:
    """The days by which a check is judged, and what does not block the case; None: not yet."""

    received: date | None
    accepted: date | None
    decided: date | None
    exempt_claims: tuple[int, ...] = ()
    exempt_rights: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values; `from_json` gives an equal one back."""
        days = {name: day.isoformat() if day else None for name, day in self._days().items()}
        return {**days, "exempt_claims": list(self.exempt_claims), "exempt_rights": list(self.exempt_rights)}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> CaseDays:
        """The days that `as_json` told."""
        days = {
            name: date.fromisoformat(told[name]) if told[name] else None for name in ("received", "accepted", "decided")
        }
        return cls(
            **days,
            exempt_claims=tuple(told["exempt_claims"]),
            exempt_rights=tuple(told.get("exempt_rights", ())),
        )

    def _days(self) -> dict[str, date | None]:
        return {"received": self.received, "accepted": self.accepted, "decided": self.decided}


def days_of_case(session: Session, case: Opened) -> CaseDays:
    """The case's days as its acts made them, its own claim, and the right that it was entered as."""
    timing = case.template.timing
    claim = queries.claim_of(session, case.number)
    return CaseDays(
        received=day_of(case.state, timing.received_by) if timing else None,
        accepted=accepted_on(case.state, case.template),
        decided=day_of(case.state, timing.decided_by) if timing else None,
        exempt_claims=(claim.id,) if claim else (),
        exempt_rights=(case.row.right_id,) if case.row.right_id is not None else (),
    )


def check_for_applicant(session: Session, case: Opened, draft: ParcelDraft, works: Works) -> CheckReport:
    """The check as the asker may know it; nothing is stored."""
    return _check(session, case, draft, works, asker=works.actor)


def check_for_office(session: Session, case: Opened, works: Works) -> CheckReport:
    """The check by true edges, for acts and officers."""
    return _check(session, case, use_of(case), works, asker=Actor.administrator())


def check_for_paper(session: Session, case: Opened, works: Works) -> CheckReport:
    """The check as anyone may know it, whoever acts: what a paper that goes to the applicant may tell (register.md §5)."""
    return _check(session, case, use_of(case), works, asker=Actor.public())


def use_of(case: Opened) -> ParcelDraft:
    """The use that the case asks for; refused while nothing has been drawn."""
    if case.row.use is None:
        raise Refusal("case.no_boundary", case=case.number)
    return draft_of(case.row.use)


def _check(session: Session, case: Opened, draft: ParcelDraft, works: Works, *, asker: Actor) -> CheckReport:
    days = days_of_case(session, case)
    return check(
        session,
        draft,
        asker=asker,
        book=works.book,
        today=legal_day(works.now),
        received=days.received,
        accepted=days.accepted,
        decided=days.decided,
        exempt_claims=days.exempt_claims,
        exempt_rights=days.exempt_rights,
        project_parts=project_parts(session, case, works),
    )


def project_parts(session: Session, case: Opened, works: Works) -> list[Part]:
    """The other parts of the case's project, summed before the level of approval is said (山东23)."""
    if case.row.project_id is None:
        return []
    day = legal_day(works.now)
    return [
        Part(part.mode, part.hectares, names_in_book(session, part.place_id, works.book, day)[-1])
        for part in queries.other_parts_of_project(session, case.row.project_id, case.number)
    ]


def digest_of(report: CheckReport) -> str:
    """SHA-256 over the report's content in canonical JSON: the same inputs give the same digest."""
    return hashlib.sha256(rfc8785.dumps(as_json(report, "zh"))).hexdigest()


def file_report(session: Session, case: Opened, report: CheckReport, purpose: str, at: datetime) -> CaseReport:
    """File a report with the case: what it was computed from, for whose eyes, and its digest."""
    row = CaseReport(
        case_id=case.row.id,
        purpose=purpose,
        today=report.today,
        use=case.row.use,
        dates={**days_of_case(session, case).as_json(), TRUE_EDGES: report.sees_everything},
        judged=asdict(report.judged),
        rules_hash=report.rules_hash,
        grade=report.grade.word,
        digest=digest_of(report),
        recorded_at=at,
    )
    session.add(row)
    return row


def compute_again(session: Session, filed: CaseReport, parts: list[Part]) -> CheckReport:
    """The report that was filed, computed again from its rows, its day and its book; refuses where the book was not kept."""
    book = overlay.kept(session, filed.rules_hash)
    if book is None:
        raise Refusal("case.book_lost", hash=filed.rules_hash)
    days = CaseDays.from_json(filed.dates)
    judged: dict[str, Any] = {
        name: tuple(tuple(each) if isinstance(each, list) else each for each in told)
        for name, told in filed.judged.items()
    }
    return check(
        session,
        draft_of(filed.use),
        # What the applicant files is the check that the applicant could read.
        asker=Actor.administrator() if filed.dates.get(TRUE_EDGES, True) else Actor.public(),
        book=book,
        today=filed.today,
        received=days.received,
        accepted=days.accepted,
        decided=days.decided,
        exempt_claims=days.exempt_claims,
        exempt_rights=days.exempt_rights,
        project_parts=parts,
        judged=Judged(**judged),
    )


def neighbour_key(session: Session, finding: Finding) -> str | None:
    """The key of the party whose consent a finding asks for: the right's holder, or the applicant of the other case."""
    if not finding.code.startswith("neighbour.") or finding.facts.get("reason") == RESURVEY:
        return None
    return _neighbour(session, finding)


def _neighbour(session: Session, finding: Finding) -> str | None:
    if finding.facts.get("right") is not None:
        return f"right:{finding.facts['right']}"
    number = queries.case_number_of_claim(session, finding.facts["claim"])
    return f"case:{number}" if number else None


def consents_asked(session: Session, report: CheckReport) -> dict[str, Finding]:
    """Whom the check asks for a consent, by key, with the finding that asks."""
    found: dict[str, Finding] = {}
    for finding in _asking(report):
        key = neighbour_key(session, finding)
        if key is not None:
            found.setdefault(key, finding)
    return found


def offices_asked(report: CheckReport, always: tuple[str, ...]) -> dict[str, Finding | None]:
    """Which offices are consulted, by key: those that the rule book names for every case, and those of zones."""
    found: dict[str, Finding | None] = {f"office:{code}": None for code in always}
    for finding in _asking(report):
        if finding.code.startswith("zone."):
            found.setdefault(f"layer:{finding.facts['layer']}", finding)
    return found


def sources_told(session: Session, report: CheckReport) -> frozenset[SourceKey]:
    """The sources that a report names and that can ask for something: rights and cases by key, zones by key and identity."""
    found: set[SourceKey] = set()
    for finding in report.findings:
        if finding.code.startswith("neighbour."):
            key = _neighbour(session, finding)
            found |= {(key, None)} if key else set()
        elif "zone" in finding.facts and finding.grade is Grade.NEEDS_CONSENT:
            found.add((f"layer:{finding.facts['layer']}", str(finding.facts["zone"])))
    return frozenset(found)


def competing_cases(session: Session, report: CheckReport) -> tuple[str, ...]:
    """Other accepted cases that want the same sea."""
    rivals = (
        queries.case_number_of_claim(session, finding.facts["claim"])
        for finding in report.findings
        if finding.grade is Grade.CONFLICT and finding.facts.get("standing") == "claimed"
    )
    return tuple(sorted({rival for rival in rivals if rival}))


def authority_of(report: CheckReport) -> Finding | None:
    """Who decides, as far as the rule book says."""
    return next((finding for finding in report.findings if finding.code == "authority.decided"), None)


def grade_left(session: Session, case: Opened, report: CheckReport) -> Grade:
    """The worst grade once the consents and opinions on the case's file count."""
    answers = {task.key: task.outcome for task in case.state.tasks if task.key and task.status == "done"}
    left = [finding.grade for finding in unsettled(session, report, answers) if finding.grade is not None]
    return max(left, default=Grade.CLEAR)


def grade_told(session: Session, case: Opened, report: CheckReport) -> Grade:
    """The same of a report for the applicant. A cell is no grade of the grant: whoever is behind it answered by true edges."""
    told = tuple(finding for finding in report.findings if not finding.code.startswith(HIDDEN))
    return grade_left(session, case, replace(report, findings=told))


def unsettled(session: Session, report: CheckReport, answers: Mapping[str, str | None]) -> Iterator[Finding]:
    """Findings that still count: everything that no answer on the file has closed."""
    for finding in report.findings:
        if finding.grade is not Grade.NEEDS_CONSENT:
            yield finding
            continue
        if finding.code.startswith("neighbour."):
            key = neighbour_key(session, finding)
            closed = key is not None and answers.get(key) in CONSENTS
        elif finding.code.startswith("zone."):
            closed = answers.get(f"layer:{finding.facts['layer']}") in NO_OBJECTION
        else:
            closed = answers.get(GENERAL_OFFICE) in NO_OBJECTION
        if not closed:
            yield finding


def _asking(report: CheckReport) -> Iterator[Finding]:
    return (finding for finding in report.findings if finding.grade is Grade.NEEDS_CONSENT)
