"""The inbox of an office: which case first, by what waits and when it is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from api.deps import GREATEST_ROW, Before
from api.gates import act
from api.portal import tours
from api.portal.shell import InShell, Shell
from approvals import queries
from approvals.cases.due import due_days_of
from approvals.cases.store import names_in_book, opened
from approvals.cases.views import listed_view
from approvals.dates import dates_of
from approvals.models import Case, CaseTask
from data.messages import text

router = APIRouter(include_in_schema=False)
Show = Literal["waiting", "due", "asked", "all", "ended"]
PAGE = 50
# Due soon: so many calendar days ahead.
SOON = timedelta(days=3)
OFFICES = ("window", "reviewer", "approver", "registrar", "steward")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wants to see."""

    show: Show
    words: str
    before: int


@router.get("/inbox")
@act("case.list")
def inbox(
    request: Request,
    shell: InShell,
    show: Annotated[Show, Query()] = "waiting",
    q: Annotated[str, Query(max_length=80)] = "",
    before: Before = GREATEST_ROW,
) -> Response:
    """The list with its groups and search; a change of either fetches the list alone."""
    values = listed(shell, Asked(show, q.strip(), before))
    if request.headers.get("hx-target") == "inbox-list":
        return shell.fragment("inbox/list.html", **values)
    boot = {"tour": tours.tour_of(shell.lang, "inbox", (".rows", ".groups"))}
    return shell.show("inbox/inbox.html", boot=boot, **values)


def listed(shell: Shell, asked: Asked) -> dict[str, Any]:
    """The rows, first what is due first; the groups and where older ones begin."""
    found = _found(shell, asked)
    rows = [_row(shell, case, tasks) for _, case, tasks in found]
    if asked.words:
        rows = [row for row in rows if asked.words.casefold() in row["searched"]]
    if asked.show == "due":
        rows = [row for row in rows if row["due"] is not None and row["due"] <= shell.today + SOON]
    rows.sort(key=lambda row: (row["due"] or date.max, row["number"]))
    return {
        "rows": rows[:PAGE],
        "show": asked.show,
        "q": asked.words,
        "next": found[-1][0] if len(found) >= PAGE * 4 else None,
    }


def _found(shell: Shell, asked: Asked) -> list[tuple[int, Case, list[CaseTask]]]:
    actor = shell.works.actor
    given = {
        "parties": frozenset[int](),
        "places": frozenset(place for _, place in actor.posts if place is not None),
        "everywhere": any(place is None and held != "administrator" for held, place in actor.posts),
        "ended": asked.show == "ended",
        "after": asked.before,
        "limit": PAGE * 4,
    }
    roles: Iterable[str | None] = [None]
    if asked.show in ("waiting", "due"):
        roles = [role for role in OFFICES if actor.has(role)] or [None]
    if asked.show == "asked":
        roles = ["asked"]
    unique = {row[0]: row for role in roles for row in queries.cases_listed(shell.session, role=role, **given)}
    return [unique[number] for number in sorted(unique, reverse=True)]


def _row(shell: Shell, row: Case, tasks: list[CaseTask]) -> dict[str, Any]:
    lang = shell.lang
    told = listed_view(shell.session, row, tasks, shell.works)
    # What waits for oneself stands before what waits for others.
    mine = [task for task in told["tasks"] if shell.works.actor.has(task["role"])] or told["tasks"]
    waits = mine[0] if mine else None
    due = _due(shell, row, [task["step"] for task in mine])
    name = told["project"] or text("portal.case.unnamed", lang)
    return {
        **told,
        "name": name,
        "due": due,
        "due_words": _due_words(due, shell.today, lang, ended=row.ended is not None),
        "urgency": _urgency(due, shell.today),
        "held": text(
            "portal.inbox.held", lang, role=text(f"portal.role.{waits['role']}", lang), step=waits["title"][lang]
        )
        if waits
        else "",
        "since": waits["opened_on"] if waits else told["received_on"],
        "searched": " ".join([name, told["applicant"] or "", row.number]).casefold(),
    }


def _due(shell: Shell, row: Case, steps: list[str]) -> date | None:
    """The last day of the open step that ends first; None where none of them has a limit that is known."""
    if row.ended is not None or not steps:
        return None
    case = opened(row)
    place = names_in_book(shell.session, row.scope_place_id, shell.works.book, shell.today)
    dates = dates_of(case.state, case.template, shell.today)
    inquiry = shell.works.book.inquire(dates=dates, place=place, today=shell.today)
    last = due_days_of(case.state, case.template, inquiry)
    days = [last[step].day or last[step].at_least for step in steps if step in last]
    return min((day for day in days if day is not None), default=None)


def _due_words(due: date | None, today: date, lang: str, *, ended: bool) -> str:
    if ended:
        return text("portal.inbox.due.done", lang)
    if due is None:
        return text("portal.inbox.due.none", lang)
    left = (due - today).days
    if left == 0:
        return text("portal.inbox.due.today", lang)
    if left < 0:
        return text("portal.inbox.due.over", lang, n=-left)
    return text("portal.inbox.due.left_one", lang) if left == 1 else text("portal.inbox.due.left", lang, n=left)


def _urgency(due: date | None, today: date) -> str:
    """The class of the bar at the left: over, soon or calm; the words beside it say the same."""
    if due is None:
        return "calm"
    return "over" if due < today else "soon" if due <= today + SOON else "calm"
