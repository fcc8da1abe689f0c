"""What pages about one case share: its head in words, its clock, its check, its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from api.portal.timeline import lines_of as lines_of
from api.schemas.clocks import clock_json
from api.schemas.register import label
from approvals import queries
from approvals.cases import disclosed, views
from approvals.cases.checking import check_for_applicant, check_for_office, use_of
from approvals.cases.insight import Insight, is_insider
from approvals.cases.store import Opened, Works
from approvals.models import Case
from data.messages import text
from parcels.checks import as_json
from parcels.checks.report import CheckReport

# The steps that follow one another and their tasks, as a reader counts them.
Told = dict[str, Any]


def head_of(session: Session, case: Opened, works: Works, lang: str, insight: Insight | None = None) -> Told:
    """The case as `views.case_view` has it, with the names of its codes."""
    told = views.case_view(session, case, works, insight)
    use = told["use"] or {}
    told["name"] = (told["project"] or {}).get("name") or text("portal.case.unnamed", lang)
    told["type_label"] = label(works.book, "use_types", use.get("type"), lang)
    told["mode_labels"] = [label(works.book, "use_modes", mode, lang) for mode in use.get("modes") or ()]
    told["applicant"] = told["holders"][0]["name"] if told["holders"] else None
    return told


def clock_block(session: Session, case: Opened, works: Works, lang: str) -> Told | None:
    """The clock of a case that has been received; None before."""
    if case.row.received_on is None:
        return None
    return clock_json(views.clock_of_case(session, case, works), case.template, lang)


def report_of(session: Session, case: Opened, works: Works) -> CheckReport | None:
    """The check of the case's use today, by true edges for the officers of its place; None where no use is set."""
    if not case.row.use:
        return None
    if is_insider(session, case, works):
        return check_for_office(session, case, works)
    return check_for_applicant(session, case, use_of(case), works)


def check_block(session: Session, case: Opened, works: Works, lang: str) -> Told | None:
    """`report_of` in words."""
    report = report_of(session, case, works)
    return as_json(report, lang) if report else None


def materials(session: Session, case: Opened, works: Works) -> list[Told]:
    """The files on the case's file that the asker may see."""
    return [views.material_view(case, row) for row in disclosed.materials_known(session, case, works)]


def papers(session: Session, case: Case) -> list[Told]:
    """The papers of a case with their standing and files, newest first."""
    found = queries.documents_of(session, case.id)
    files = queries.files_of_documents(session, found)
    return [views.document_view(row, files[row.id]) for row in reversed(found)]


def tasks_in_words(head: Mapping[str, Any], lang: str) -> Iterator[Told]:
    """The open tasks of a case, each step once, with the role that holds it."""
    seen: set[tuple[str, str]] = set()
    for task in head["tasks"]:
        if (task["step"], task["role"]) not in seen:
            seen.add((task["step"], task["role"]))
            yield {**task, "role_label": text(f"portal.role.{task['role']}", lang)}
