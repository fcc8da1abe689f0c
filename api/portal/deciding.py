"""Two pages for acts that nobody takes back lightly: the decision with its re-check, and the entry into the register."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from api.casework import seen
from api.gates import act
from api.portal import acting, casefile, money
from api.portal.case import SCRIPT_TEXTS, may
from api.portal.charts import case_chart
from api.portal.shell import InShell, Shell
from approvals import queries
from approvals.cases import disclosed
from approvals.cases.store import Opened
from data.clock import LEGAL_ZONE

router = APIRouter(include_in_schema=False)


@router.get("/cases/{number}/decision")
@act("case.acts.see")
def decision(shell: InShell, number: str) -> Response:
    """Would it be wrong to approve now? The checklist of the law, the check of this minute, and whatever still stands open."""
    case = seen(shell.session, number, "case.acts.see", shell.works)
    return shell.show("acting/decision.html", script_texts=SCRIPT_TEXTS, **_values(shell, case, "decision"))


@router.get("/cases/{number}/registration")
@act("case.acts.see")
def registration(shell: InShell, number: str) -> Response:
    """What will the register say? The entry as it would be made, beside what it rests on."""
    case = seen(shell.session, number, "case.acts.see", shell.works)
    values = _values(shell, case, "registration")
    return shell.show("acting/registration.html", script_texts=SCRIPT_TEXTS, **values)


def _values(shell: Shell, case: Opened, step: str) -> dict[str, Any]:
    session, works, lang = shell.session, shell.works, shell.lang
    report = casefile.check_block(session, case, works, lang)
    asked = disclosed.questions_view(session, case, works)
    found = acting.steps_of(session, case, works, lang) if may(shell, case, "case.act") else []
    return {
        "case": casefile.head_of(session, case, works, lang),
        "version": case.row.version,
        "clock": casefile.clock_block(session, case, works, lang),
        "steps": [each for each in found if each["name"] == step],
        "items": [],
        "on_file": {},
        "preset": {},
        "then": f"/cases/{case.number}",
        "report": report,
        "checked_at": works.now.astimezone(LEGAL_ZONE).strftime("%H:%M:%S"),
        "map": case_chart(session, case.row.use, lang, shell.today, findings=report["findings"] if report else ()),
        "rests_on": _rests_on(case, asked, lang),
        "authority": _authority(report),
        "bill": money.bill_block(session, case.row, works, lang),
        "right_holders": queries.holders_of(session, case.row.id, shell.today),
    }


def _rests_on(case: Opened, asked: list[dict[str, Any]], lang: str) -> list[dict[str, Any]]:
    """The steps before a decision with how each ended; what is open is open."""
    told = []
    for step in ("technical_review", "site_survey", "expert_review", "public_notice"):
        tasks = case.state.current(step)
        if tasks:
            task = tasks[-1]
            outcome = case.template.steps[step].outcomes.get(task.outcome or "")
            told.append(
                {
                    "title": getattr(case.template.steps[step].title, lang),
                    "ended": task.status != "open",
                    "how": getattr(outcome.title, lang) if outcome else "",
                    "on": task.done_on.isoformat() if task.done_on else None,
                }
            )
    for step in ("consents", "consultation"):
        mine = [each for each in asked if each["step"] == step]
        if mine:
            done = sum(each["standing"] != "open" for each in mine)
            title = getattr(case.template.steps[step].title, lang)
            told.append({"title": title, "ended": done == len(mine), "how": f"{done}/{len(mine)}", "on": None})
    return told


def _authority(report: dict[str, Any] | None) -> dict[str, Any] | None:
    """Who may approve, as the check computed it."""
    found = report["findings"] if report else []
    return next((each for each in found if each["code"].startswith("authority.")), None)
