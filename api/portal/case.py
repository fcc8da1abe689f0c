"""The case page of officers and planners: one address, its parts as tabs; applicants have a page of their own (progress)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from api.casework import seen
from api.gates import act
from api.permissions import packaged_permissions
from api.portal import casefile, money, panel, timeline, tours, versions
from api.portal.case_parts import asked, formed, noticed
from api.portal.charts import case_chart
from api.portal.evidence import Known
from api.portal.shell import InShell, Shell
from api.subjects import of_case
from approvals import queries
from approvals.cases import disclosed, views
from approvals.cases.store import Opened

router = APIRouter(include_in_schema=False)
Tab = Literal["review", "form", "materials", "questions", "notice", "versions", "money", "papers", "events"]
# What holds personal data: a planner has these tabs not at all.
PERSONAL = frozenset({"form", "materials", "versions", "papers"})
TABS: tuple[Tab, ...] = (
    "review", "form", "materials", "questions", "notice", "versions", "money", "papers", "events",
)  # fmt: skip
SCRIPT_TEXTS = (
    "portal.acting.file",
    "portal.file.",
    "portal.acting.js.",
    "portal.case.page",
    "portal.case.present",
    "page.comma",
)
LATEST = 8
Allowed = Callable[[str], bool]


@router.get("/cases/{number}")
@act("case.see")
def case_page(shell: InShell, number: str, tab: Annotated[Tab, Query()] = "review") -> Response:
    """The case for its office; whoever acts for the applicant only is led to the applicant's page."""
    case = seen(shell.session, number, "case.see", shell.works)
    if not shell.works.actor.posts and case.row.party_id in shell.works.actor.acts_for:
        return RedirectResponse(f"/my/cases/{number}", 303)
    allowed = permitted(shell, case)
    read = _read(shell, case, allowed)
    values = {**_common(shell, case, read, allowed), **_part(tab, Opening(shell, case, read, allowed))}
    boot = {
        "tour": tours.tour_of(
            shell.lang, "case", (".clock", ".tabs", ".acting, .case-body", ".map-card"), desk=shell.desk
        )
    }
    return shell.show("case/case.html", script_texts=SCRIPT_TEXTS, boot=boot, tab=tab, **values)


def _read(shell: Shell, case: Opened, allowed: Allowed) -> Known:
    """What the head of the page and its tab both tell, read once; the check only where a tab shows it."""
    session, works = shell.session, shell.works
    return Known(
        head=casefile.head_of(session, case, works, shell.lang),
        report=None,
        files=casefile.materials(session, case, works) if allowed("case.material.see") else (),
        questions=disclosed.questions_view(session, case, works),
    )


def _common(shell: Shell, case: Opened, read: Known, allowed: Allowed) -> dict[str, Any]:
    session, works, lang = shell.session, shell.works, shell.lang
    before, after = queries.neighbours_in_list(session, case.row.id, case.row.scope_place_id)
    personal = allowed("case.form.see")
    notice = queries.notice_of(session, case.row.id)
    return {
        "case": read.head,
        "version": case.row.version,
        "clock": casefile.clock_block(session, case, works, lang),
        "asked_until": asked.last_days(read.questions, lang),
        "waits": list(casefile.tasks_in_words(read.head, lang)),
        "materials": read.files,
        "papers": casefile.papers(session, case.row) if allowed("case.papers.see") else [],
        "questions": asked.told(session, read.questions, shell.today),
        "answered": sum(each["standing"] != "open" for each in read.questions),
        "noticed": notice is not None,
        "tabs": [tab for tab in TABS if personal or tab not in PERSONAL],
        "personal": personal,
        "previous_case": before,
        "next_case": after,
        "chain": timeline.chain_holds(session, case.number),
        "head_hash": timeline.head_of_chain(session, case.number),
    }


@dataclass(frozen=True, slots=True)
class Opening:
    """A case as it is opened for one reader: what has been read of it, and what the reader may."""

    shell: Shell
    case: Opened
    read: Known
    allowed: Allowed


def _part(tab: Tab, page: Opening) -> Mapping[str, Any]:
    """What the open tab shows beside what all share."""
    if tab in PERSONAL and not page.allowed("case.form.see"):
        return {}
    part = _PARTS.get(tab)
    return part(page) if part else {}


def _review(page: Opening) -> dict[str, Any]:
    """The acts that wait, the findings, the map, and the latest of the record."""
    case, session, works, lang = page.case, page.shell.session, page.shell.works, page.shell.lang
    report = casefile.check_block(session, case, works, lang)
    findings = report["findings"] if report else ()
    known = replace(page.read, report=report)
    acts = panel.panel_values(session, case, works, lang, known) if page.allowed("case.act") else panel.nothing()
    return {
        **acts,
        "then": f"/cases/{case.number}",
        "report": report,
        "map": case_chart(session, case.row.use, lang, page.shell.today, findings=findings),
        "events": timeline.timeline(session, case, works, lang)[:LATEST],
    }


def _form(page: Opening) -> dict[str, Any]:
    return {"form": formed.form_told(page.shell, page.case)}


def _questions(page: Opening) -> dict[str, Any]:
    return {"may_answer": page.shell.works.actor.holds("window", views.chain_of(page.shell.session, page.case))}


def _notice(page: Opening) -> dict[str, Any]:
    shell, with_comments = page.shell, page.allowed("case.comments.see")
    told = noticed.notice_told(shell.session, page.case, shell.works, shell.lang, with_comments=with_comments)
    return {"notice": told}


def _versions(page: Opening) -> dict[str, Any]:
    shell = page.shell
    return {"compared": versions.compared(shell.session, page.case, shell.works, shell.lang, shell.today)}


def _money(page: Opening) -> dict[str, Any]:
    shell = page.shell
    return {"bill": money.bill_block(shell.session, page.case.row, shell.works, shell.lang)}


def _events(page: Opening) -> dict[str, Any]:
    shell = page.shell
    return {"events": timeline.timeline(shell.session, page.case, shell.works, shell.lang)}


_PARTS: Mapping[Tab, Callable[[Opening], Mapping[str, Any]]] = {
    "review": _review,
    "form": _form,
    "questions": _questions,
    "notice": _notice,
    "versions": _versions,
    "money": _money,
    "events": _events,
}


def permitted(shell: Shell, case: Opened) -> Allowed:
    """Whether the person may do a thing with this case, by the thing's name; what permission asks about the case is read once."""
    subject = of_case(shell.session, case.row)
    return lambda name: packaged_permissions().allowed(shell.works.actor, name, subject)
