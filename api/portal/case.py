"""The case page of officers and planners: one address, its parts as tabs; applicants have a page of their own (progress)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from api.casework import seen
from api.gates import act
from api.permissions import packaged_permissions
from api.portal import acting, casefile, money, timeline, versions
from api.portal.charts import case_chart
from api.portal.shell import InShell, Shell
from api.subjects import of_case
from approvals import queries
from approvals.cases import disclosed, views
from approvals.cases.store import Opened

router = APIRouter(include_in_schema=False)
Tab = Literal["review", "form", "materials", "questions", "versions", "money", "papers", "events"]
SCRIPT_TEXTS = ("portal.acting.file", "portal.case.page")
LATEST = 8


@router.get("/cases/{number}")
@act("case.see")
def case_page(shell: InShell, number: str, tab: Annotated[Tab, Query()] = "review") -> Response:
    """The case for its office; whoever acts for the applicant only is led to the applicant's page."""
    case = seen(shell.session, number, "case.see", shell.works)
    if not shell.works.actor.posts and case.row.party_id in shell.works.actor.acts_for:
        return RedirectResponse(f"/my/cases/{number}", 303)
    return shell.show(
        "case/case.html", script_texts=SCRIPT_TEXTS, tab=tab, **_common(shell, case), **_part(shell, case, tab)
    )


def _common(shell: Shell, case: Opened) -> dict[str, Any]:
    session, works, lang = shell.session, shell.works, shell.lang
    head = casefile.head_of(session, case, works, lang)
    asked = disclosed.questions_view(session, case, works)
    before, after = queries.neighbours_in_list(session, case.row.id, case.row.scope_place_id)
    return {
        "case": head,
        "version": case.row.version,
        "clock": casefile.clock_block(session, case, works, lang),
        "waits": list(casefile.tasks_in_words(head, lang)),
        "materials": casefile.materials(session, case, works) if may(shell, case, "case.material.see") else [],
        "papers": casefile.papers(session, case.row) if may(shell, case, "case.papers.see") else [],
        "questions": asked,
        "answered": sum(each["standing"] != "open" for each in asked),
        "personal": may(shell, case, "case.form.see"),
        "previous_case": before,
        "next_case": after,
        "chain": timeline.chain_holds(session, case.number),
    }


def _part(shell: Shell, case: Opened, tab: Tab) -> dict[str, Any]:
    """What the open tab shows beside what all share."""
    session, works, lang = shell.session, shell.works, shell.lang
    if tab == "review":
        return review_values(shell, case)
    if tab == "form" and may(shell, case, "case.form.see"):
        return {"form": views.form_view(session, case, works)}
    if tab == "money":
        return {"bill": money.bill_block(session, case.row, works, lang)}
    if tab == "versions" and may(shell, case, "case.form.see"):
        return {"compared": versions.compared(session, case, works, lang, shell.today)}
    if tab == "questions":
        return {"may_answer": works.actor.holds("window", views.chain_of(session, case))}
    return {"events": timeline.timeline(session, case, works, lang)} if tab == "events" else {}


def review_values(shell: Shell, case: Opened) -> dict[str, Any]:
    """The acts that wait, the findings, the map, and the latest of the record."""
    session, works, lang = shell.session, shell.works, shell.lang
    report = casefile.check_block(session, case, works, lang)
    use = case.row.use
    findings = report["findings"] if report else ()
    return {
        "steps": acting.steps_of(session, case, works, lang) if may(shell, case, "case.act") else [],
        "items": acting.items_of(case, lang),
        "on_file": {row["name"]: row["file"] for row in casefile.materials(session, case, works)}
        if may(shell, case, "case.material.see")
        else {},
        "preset": money.presets(session, case.row),
        "then": f"/cases/{case.number}",
        "report": report,
        "map": case_chart(session, use, lang, shell.today, findings=findings),
        "events": timeline.timeline(session, case, works, lang)[:LATEST],
    }


def may(shell: Shell, case: Opened, name: str) -> bool:
    """Whether the person may do this with this case."""
    subject = of_case(shell.session, case.row)
    return packaged_permissions().allowed(shell.works.actor, name, subject)
