"""Pages for acts that nobody takes back lightly, the decision and the entry into the register; and what changed since one looked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from api.casework import seen
from api.deps import GREATEST_ROW
from api.gates import act
from api.portal import casefile, money, panel, timeline
from api.portal.case import SCRIPT_TEXTS, permitted
from api.portal.charts import case_chart
from api.portal.evidence import Known
from api.portal.shell import InShell, Shell
from approvals import queries
from approvals.cases.store import Opened
from data.clock import LEGAL_ZONE

router = APIRouter(include_in_schema=False)
# The steps that a decision rests on, each judged by somebody; whom one asked is counted by its questions.
JUDGED = ("technical_review", "site_survey", "expert_review", "public_notice", "supplement", "hearing")
ASKED = ("consents", "consultation")


@router.get("/cases/{number}/decision")
@act("case.acts.see")
def decision(shell: InShell, number: str) -> Response:
    """Would it be wrong to approve now? The checklist of the law, the check of this minute, and whatever still stands open."""
    case = seen(shell.session, number, "case.acts.see", shell.works)
    return shell.show("acting/decision.html", script_texts=SCRIPT_TEXTS, **_values(shell, case, "decision"))


@router.get("/cases/{number}/registration")
@act("case.acts.see")
def registration(shell: InShell, number: str) -> Response:
    """What will the register say? The entry as it would be made, beside what stands there now and what it rests on."""
    case = seen(shell.session, number, "case.acts.see", shell.works)
    values = _values(shell, case, "registration")
    return shell.show("acting/registration.html", script_texts=SCRIPT_TEXTS, **values)


@router.get("/cases/{number}/since/{seq}")
@act("case.events.see")
def since(shell: InShell, number: str, seq: Annotated[int, Path(ge=0, le=GREATEST_ROW)]) -> Response:
    """What happened on a case after an event: who was first, for whoever is told that the case has changed meanwhile."""
    case = seen(shell.session, number, "case.events.see", shell.works)
    lines = timeline.timeline(shell.session, case, shell.works, shell.lang)
    return shell.fragment("acting/since.html", lines=[each for each in lines if each["seq"] > seq])


def _values(shell: Shell, case: Opened, step: str) -> dict[str, Any]:
    session, works, lang = shell.session, shell.works, shell.lang
    known = panel.known_of(session, case, works, lang)
    report, head = known.report, dict(known.head)
    acts = permitted(shell, case)("case.act")
    found = panel.panel_values(session, case, works, lang, known) if acts else panel.nothing()
    return {
        **found,
        "case": head,
        "version": case.row.version,
        "clock": casefile.clock_block(session, case, works, lang),
        "steps": [each for each in found["steps"] if each["name"] == step],
        "then": f"/cases/{case.number}",
        "follows": [getattr(title, lang) for title in case.template.steps[step].materials_out.values()],
        "report": report,
        "checked_at": works.now.astimezone(LEGAL_ZONE).strftime("%H:%M:%S"),
        "map": case_chart(session, case.row.use, lang, shell.today, findings=report["findings"] if report else ()),
        "rests_on": _rests_on(case, known, lang),
        "authority": _authority(report),
        "bill": money.bill_block(session, case.row, works, lang),
        "waits": [] if found["steps"] else list(casefile.tasks_in_words(head, lang)),
        "standing_rights": [each for each in report["findings"] if each["code"].startswith(("right.", "neighbour."))]
        if report
        else [],
        "decided_by": next(
            (
                each
                for each in casefile.papers(session, case.row)
                if (each["kind"], each["standing"]) == ("decision", "valid")
            ),
            None,
        ),
        "conditions": queries.words_of_act(session, case.number, "decision.approve").get("conditions", ""),
    }


def _rests_on(case: Opened, known: Known, lang: str) -> list[dict[str, Any]]:
    """The steps before a decision with how each ended; what is open is open, what was skipped or never called is left out."""
    told = []
    for step in JUDGED:
        tasks = [each for each in case.state.current(step) if each.status != "skipped"]
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
    for step in ASKED:
        mine = [each for each in known.questions if each["step"] == step]
        if mine:
            done = sum(each["standing"] != "open" for each in mine)
            title = getattr(case.template.steps[step].title, lang)
            told.append({"title": title, "ended": done == len(mine), "how": f"{done}/{len(mine)}", "on": None})
    return told


def _authority(report: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Who may approve, as the check computed it."""
    found = report["findings"] if report else []
    return next((each for each in found if each["code"].startswith("authority.")), None)
