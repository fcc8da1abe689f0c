"""What a reader of a case may know of the sources behind its tasks and questions (register.md §5): what the check would tell.

An officer of the place reads everything. Anybody else reads a right, a claim or a zone only where the check names it to them;
the offices that the rule book has asked on every case are no secret.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from approvals.cases.checking import SourceKey, check_for_applicant, sources_told, use_of
from approvals.cases.store import Opened, Works, place_chain
from approvals.models import Question
from parcels.checks.disclosure import sees_everything
from parcels.checks.report import CheckReport

ALWAYS_ASKED, CASE_KEY = "office:", "case:"


@dataclass(frozen=True, slots=True)
class Insight:
    """Whether everything may be known, and else which sources, by key and identity of the zone.

    >>> applicant = Insight(whole=False, sources=frozenset({("layer:fairway", "F1")}))
    >>> [applicant.knows(key) for key in (None, "office:ecology", "layer:fairway", "layer:other")]
    [True, True, True, False]
    """

    whole: bool
    sources: frozenset[SourceKey] = frozenset()

    def knows(self, key: str | None) -> bool:
        """Whether the source with this key may be named."""
        return self.whole or _is_open(key) or any(known == key for known, _ in self.sources)

    def knows_question(self, question: Question) -> bool:
        """Whether a question may be told as it was put: a layer that is known may still have zones that are not."""
        zone = (question.finding or {}).get("facts", {}).get("zone")
        return self.whole or _is_open(question.key) or (question.key, zone) in self.sources


def _is_open(key: str | None) -> bool:
    return key is None or key.startswith(ALWAYS_ASKED)


def is_insider(session: Session, case: Opened, works: Works) -> bool:
    """Whether the asker is an officer of the place that handles the case."""
    return sees_everything(works.actor, place_chain(session, case))


def insight_of(session: Session, case: Opened, works: Works, report: CheckReport | None = None) -> Insight:
    """What the asker may know; the check is made only for whoever may not know everything, where there is anything to hide.

    `report` is the check of this case as this asker may know it, where it has been made already.
    """
    if is_insider(session, case, works):
        return Insight(whole=True)
    if all(_is_open(task.key) for task in case.state.tasks) and not case.state.noted("competition"):
        return Insight(whole=False)
    told = report or check_for_applicant(session, case, use_of(case), works)
    return Insight(whole=False, sources=sources_told(session, told))


def brief_insight(session: Session, case: Opened, works: Works) -> Insight:
    """The same for a line of a list, for which no check is made: what only a check could tell is left out."""
    return Insight(whole=is_insider(session, case, works))
