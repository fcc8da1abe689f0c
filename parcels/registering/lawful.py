"""Zones and the law, judged again under the locks before a decision or an entry (register.md §3).

Rights and claims are judged by `recheck`, which is the guarantee that no water is granted twice; here only what forbids counts.
What a zone's office must be asked (`needs_consent`) is a task of the case, and its decision waits for the answers.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from data.actors import Actor
from data.answers import Refusal
from data.clock import legal_day
from data.rulebook import RuleBook
from marine.findings import Finding, Grade
from parcels.checks import check
from parcels.drafts import ParcelDraft
from parcels.registering.recheck import Side


def refuse_unlawful(
    session: Session, side: Side, *, received: datetime | None, decided: date | None, book: RuleBook, today: date
) -> None:
    """Raise `register.law` where a zone or the law forbids the act; computed from the true edges, whoever asks."""
    report = check(
        session,
        _draft(side),
        asker=Actor.administrator(),
        book=book,
        today=today,
        received=legal_day(received) if received else None,
        decided=decided,
        exempt_rights=[side.own_right] if side.own_right is not None else [],
        exempt_claims=[side.own_claim] if side.own_claim is not None else [],
    )
    against = [
        finding for finding in report.findings if finding.grade is Grade.CONFLICT and not _is_a_neighbour(finding)
    ]
    if against:
        raise Refusal("register.law", against, case=side.case_number, count=len(against))


def _is_a_neighbour(finding: Finding) -> bool:
    """Whether a finding is about a right or a claim, which `recheck` judges with the case's papers."""
    return "standing" in finding.facts


def _draft(side: Side) -> ParcelDraft:
    """The act as a draft: zones and law look at the plane, the uses, the layers together and the days."""
    occupying = side.occupying
    layers = 0
    for unit in range(len(side.boundary.units)):
        for band in occupying.bands_of(unit):
            layers |= band.layers
    return ParcelDraft(
        boundary=side.boundary,
        use_type=occupying.use_type,
        unit_modes=occupying.unit_modes,
        layers=layers,
        months=occupying.months,
        held=(occupying.first, occupying.last),
        accuracy=occupying.accuracy_m,
        layered=occupying.is_layered,
    )
