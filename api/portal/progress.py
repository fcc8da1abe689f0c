"""An applicant's page of one case: where it stands, which day it should be done, what is expected of whom, and how to do it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from api.casework import seen
from api.gates import act
from api.portal import casefile, money, standing
from api.portal.charts import case_chart
from api.portal.mine import waiting_row
from api.portal.shell import InShell, Shell
from approvals import queries
from approvals.cases import disclosed, inbox, views
from approvals.cases.insight import insight_of
from approvals.cases.store import Opened
from approvals.cases.use import asked_anew
from approvals.cases.waiting import waiting_in
from data.messages import office_name
from parcels.checks import as_json

router = APIRouter(include_in_schema=False)
MAP_SIZE = (348, 220)
# Acts of the applicant that the page has a place of its own for; any other stands under "more".
OWN_PLACE = frozenset(
    {"submission.submit", "correction.supply", "supplement.supply", "rating.rate", "rating.decline", "withdraw"}
)
SHOWN_MESSAGES = 6


@router.get("/my/cases/{number}")
@act("case.see")
def progress(number: str, shell: InShell) -> Response:
    """The case for whoever acts for its applicant or a co-holder; everybody else who may see it is led to the office's page."""
    case = seen(shell.session, number, "case.see", shell.works)
    if not _is_mine(shell, case):
        return RedirectResponse(f"/cases/{number}", 303)
    return shell.show("mine/case.html", script_texts=("portal.progress.js.",), **_page(shell, case))


@router.get("/my/cases/{number}/papers")
@act("case.papers.see")
def papers(number: str, shell: InShell) -> Response:
    """The list of papers alone: asked again while one is being made."""
    case = seen(shell.session, number, "case.papers.see", shell.works)
    return shell.fragment(
        "mine/case_papers.html", case={"number": number}, papers=casefile.papers(shell.session, case.row)
    )


def _is_mine(shell: Shell, case: Opened) -> bool:
    holders = queries.holders_of(shell.session, case.row.id, shell.today)
    return bool(shell.works.actor.acts_for & {case.row.party_id, *(each.party_id for each in holders)})


def _page(shell: Shell, case: Opened) -> dict[str, Any]:
    session, works, lang = shell.session, shell.works, shell.lang
    made = None if case.row.ended else casefile.report_of(session, case, works)
    insight = insight_of(session, case, works, made)
    head = casefile.head_of(session, case, works, lang, insight)
    clock = casefile.clock_block(session, case, works, lang)
    waits = [waiting_row(each, shell) for each in waiting_in(session, case, works)]
    report = as_json(made, lang) if made else None
    return {
        "case": head,
        "version": case.row.version,
        "clock": clock,
        "stages": standing.stages_of(case.state),
        "now": waits[0] if waits else None,
        "waits": waits,
        "others": standing.at_work(head, lang),
        "ending": standing.ending(case, lang),
        "report": report,
        "map": case_chart(
            session, case.row.use, lang, shell.today, findings=report["findings"] if report else (), size=MAP_SIZE
        ),
        "story": standing.story(session, case, works, lang, insight),
        "asked": [
            {**each, "who": office_name(each["office"], lang) if each["office"] else None}
            for each in disclosed.questions_view(session, case, works, insight)
        ],
        "notice": _notice(shell, case),
        "bill": money.bill_block(session, case.row, works, lang),
        "papers": casefile.papers(session, case.row),
        "messages": _messages(shell, case),
        **_to_do(shell, case, {each["what"] for each in waits}),
    }


def _to_do(shell: Shell, case: Opened, waits: set[str]) -> dict[str, Any]:
    """What the applicant may do now, by act, and the items of an open correction or supplement."""
    session, works, lang = shell.session, shell.works, shell.lang
    acts = {each["act"]: each for each in views.acts_view(session, case, works) if each["role"] == "enterprise"}
    return {
        "acts": acts,
        "more": [each for name, each in acts.items() if name not in OWN_PLACE and not each.get("facts")],
        "mend": standing.to_mend(session, case, works, lang) if "correct" in waits else [],
        "supplement": standing.to_supply(session, case, lang) if "supply" in waits else [],
        "refile": _refile(case) if case.row.ended not in (None, "completed") else None,
    }


def _refile(case: Opened) -> dict[str, Any] | None:
    """What a new application takes over from one that is over: the party and the use; None where no use was set."""
    use = case.row.use
    if not use or case.row.party_id is None:
        return None
    return {"party": case.row.party_id, "use": asked_anew(use), "template": case.row.template}


def _notice(shell: Shell, case: Opened) -> dict[str, Any] | None:
    found = queries.notice_of(shell.session, case.row.id)
    return (
        None
        if found is None
        else {"first": found.first, "last": found.last, "runs": found.first <= shell.today <= found.last}
    )


def _messages(shell: Shell, case: Opened) -> list[dict[str, Any]]:
    actor = shell.works.actor
    found = queries.messages_about(shell.session, case.row.id, parties=actor.acts_for, account=actor.person)
    return [inbox.message_view(shell.session, each, shell.lang) for each in found[:SHOWN_MESSAGES]]
