"""The pages of whoever acts for parties: what waits, rights and parcels, cases, bills, papers, and who may act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from api.gates import act
from api.people import queries as people
from api.portal import holdings
from api.portal.shell import InShell, Shell
from approvals import authorising, billing, queries
from approvals.cases import inbox, views
from approvals.cases.store import opened
from approvals.cases.waiting import Waiting, running_cases, waiting_for
from approvals.models import Case, CaseTask
from data.messages import text
from maps.views import page_map
from parcels.queries import atlas

router = APIRouter(include_in_schema=False)
Show = Literal["all", "waiting", "running", "drafts", "ended"]
SHOWS = ("all", "waiting", "running", "drafts", "ended")
PAGE, SHOWN_RUNNING, SHOWN_MESSAGES = 30, 8, 5
NEWEST = 2**63 - 1
# Where each thing that waits is done; `{case}` and `{question}` are filled in.
PLACES: Mapping[str, str] = {
    "correct": "/my/cases/{case}#correction",
    "supply": "/my/cases/{case}#supplement",
    "sign": "/cases/{case}/form?step=3",
    "fill": "/cases/{case}/form",
    "answer": "/my/questions/{question}",
    "pay": "/my/cases/{case}#bill",
    "rate": "/my/cases/{case}#rating",
    "act": "/my/cases/{case}#more",
}
STOPS = (("waits", "#waits"), ("running", "#running"), ("new", "#new"), ("messages", "#messages"))


def waiting_row(each: Waiting, shell: Shell) -> dict[str, Any]:
    """One thing that waits as a row: what, of which case, how long still, and the way to the exact place."""
    until = each.due or each.at_least
    days = (until - shell.today).days if until else None
    return {
        "what": each.what,
        "case": each.case,
        "name": each.project,
        "due": each.due,
        "at_least": each.at_least,
        "days": days,
        "at": PLACES[each.what].format(case=each.case, question=each.question),
    }


@router.get("/my")
@act("case.list")
def home(shell: InShell) -> Response:
    """What waits for me, how my running cases stand, what ends soon, what I was told last."""
    session, works = shell.session, shell.works
    running = running_cases(session, works.actor.acts_for)
    waits = [waiting_row(each, shell) for each in waiting_for(session, works, running)]
    filed = [row for row in running if row.received_on is not None]
    rights = holdings.rights(session, works.actor.acts_for, shell.today)
    values: dict[str, Any] = {
        "waits": waits,
        "parties": authorising.parties_of(session, works.actor.person or 0, shell.today),
        "running": [_running(shell, row) for row in filed[:SHOWN_RUNNING]],
        "more_running": max(0, len(filed) - SHOWN_RUNNING),
        "expiring": [row for row in rights if row["state"] == "expiring"],
        "messages": [
            inbox.message_view(session, each, shell.lang)
            for each in inbox.messages_for(session, works.actor, NEWEST)[:SHOWN_MESSAGES]
        ],
        "nothing_yet": not running and not rights,
    }
    return shell.show("mine/home.html", counts={"my": len(waits)}, boot={"tour": _tour(shell)}, **values)


def _tour(shell: Shell) -> dict[str, Any]:
    codes = ((at, f"portal.mine.tour.{name}") for name, at in STOPS)
    told = [
        {"at": at, "title": text(f"{code}.title", shell.lang), "text": text(code, shell.lang)} for at, code in codes
    ]
    return {"name": "my", "stops": told}


def _running(shell: Shell, row: Case) -> dict[str, Any]:
    case = opened(row)
    clock = views.clock_of_case(shell.session, case, shell.works)
    return {
        **views.listed_view(shell.session, row, (), shell.works),
        "predicted": None if row.standing == "registered" else clock.predicted_finish,
    }


@router.get("/my/parcels")
@act("case.list")
def parcels(shell: InShell) -> Response:
    """Rights, claims and drafts of my parties on one map, with its list."""
    session, works = shell.session, shell.works
    cases = running_cases(session, works.actor.acts_for)
    rows = [
        *holdings.undecided(session, cases, works, shell.lang),
        *holdings.rights(session, works.actor.acts_for, shell.today),
    ]
    box = holdings.box_of(rows) or atlas.extent(session) or (121.5, 36.6, 122.9, 37.6)
    boot = {"mine": holdings.shapes(rows), "home": [[box[1], box[0]], [box[3], box[2]]]}
    chart = page_map(box, text("portal.mine.map.image", shell.lang))
    return shell.show(
        "mine/parcels.html", script_texts=("portal.mine.state.", "page.scale."), boot=boot, rows=rows, map=chart
    )


@router.get("/my/cases")
@act("case.list")
def cases(
    shell: InShell,
    show: Annotated[Show, Query()] = "all",
    q: Annotated[str, Query(max_length=80)] = "",
    before: Annotated[int, Query(ge=1, le=NEWEST)] = NEWEST,
) -> Response:
    """My cases by state and words, newest first; htmx asks for the list alone."""
    words = q.replace("\x00", "").strip()
    listed = _listed(shell, show, words, before)
    if "HX-Request" in shell.request.headers:
        return shell.fragment("mine/case_rows.html", **listed)
    return shell.show("mine/cases.html", shows=SHOWS, **listed)


def _listed(shell: Shell, show: str, words: str, before: int) -> dict[str, Any]:
    found = queries.cases_of(
        shell.session, shell.works.actor.acts_for, show=show, words=words, before=before, limit=PAGE + 1
    )
    rows = [_line(shell, row, tasks) for row, tasks in found[:PAGE]]
    older = found[PAGE - 1][0].id if len(found) > PAGE else None
    return {"rows": rows, "show": show, "words": words, "older": older, "first": before == NEWEST}


def _line(shell: Shell, row: Case, tasks: Iterable[CaseTask]) -> dict[str, Any]:
    told = views.listed_view(shell.session, row, list(tasks), shell.works)
    mine = [task for task in told["tasks"] if task["role"] == "enterprise" or task["step"] == "receipt"]
    return {**told, "mine": mine[0]["title"][shell.lang] if mine else None, "draft": row.received_on is None}


@router.get("/my/bills")
@act("case.list")
def bills(shell: InShell) -> Response:
    """Every bill that my parties are to pay, open ones first."""
    session = shell.session
    found = queries.bills_to(session, shell.works.actor.acts_for)
    rows = [
        {"case": number, **views.bill_view(bill, queries.receipts_of(session, bill.id), billing.balance(session, bill))}
        for number, bill in found
    ]
    return shell.show("mine/bills.html", rows=rows)


@router.get("/my/papers")
@act("case.list")
def papers(shell: InShell) -> Response:
    """Every paper of my parties' cases, the latest first."""
    session = shell.session
    found = queries.papers_to(session, shell.works.actor.acts_for)
    files = queries.files_of_documents(session, (row for _, row in found))
    rows = [{"case": number, **views.document_view(row, files[row.id])} for number, row in found]
    return shell.show("mine/papers.html", rows=rows)


@router.get("/my/members")
@act("case.list")
def members(shell: InShell) -> Response:
    """Who acts for my parties and until when; windows and administrators enter and withdraw it."""
    session = shell.session
    told = [
        {"party": party.name, "people": _people(shell, party.party)}
        for party in authorising.parties_of(session, shell.works.actor.person or 0, shell.today)
    ]
    return shell.show("mine/members.html", parties=told)


def _people(shell: Shell, party: int) -> list[dict[str, Any]]:
    found = authorising.authorisations_of_party(shell.session, party)
    names = people.names_of(shell.session, [row.account_id for row in found])
    told = []
    for row in found:
        first, last = authorising.both_included(row.valid)
        stands = row.withdrawn_at is None and (last is None or last >= shell.today)
        told.append({"name": names.get(row.account_id, ""), "first": first, "last": last, "stands": stands})
    return told
