"""The inbox of an office: which case first, by what waits and when it is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.gates import act
from api.portal import timeline, tours
from api.portal.counts import SOON
from api.portal.shell import InShell, Shell
from approvals.cases import desk
from approvals.cases.views import titled
from approvals.cases.waiting import LastDay
from approvals.library import packaged
from approvals.queries import desk as asked
from data.messages import text
from parcels.models import Place

router = APIRouter(include_in_schema=False)
Show = Literal["waiting", "due", "asked", "all", "ended"]
PAGE = 50
MOST_PAGES = 200
GREATEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wants to see; `page` counts from 1."""

    show: Show
    words: str = ""
    place: int | None = None
    matter: str | None = None
    page: int = 1


@router.get("/inbox")
@act("case.list")
def inbox(
    request: Request,
    shell: InShell,
    show: Annotated[Show | None, Query()] = None,
    q: Annotated[str, Query(max_length=80)] = "",
    place: Annotated[int | Literal[""], Query(ge=1, le=GREATEST)] = "",
    matter: Annotated[str, Query(max_length=80)] = "",
    page: Annotated[int, Query(ge=1, le=MOST_PAGES)] = 1,
) -> Response:
    """The list with its groups and filters; a change of any fetches the list alone."""
    if not desk.posts_looking(shell.works.actor):
        return RedirectResponse("/my/cases", 303)
    usual: Show = "waiting" if desk.own_posts(shell.works.actor) else "all"
    values = listed(shell, Asked(show or usual, q.strip().replace("\x00", ""), place or None, matter or None, page))
    if request.headers.get("hx-target") == "inbox-list":
        return shell.fragment("inbox/list.html", **values)
    return shell.show("inbox/inbox.html", boot={"tour": tour(shell)}, **values, **_filters(shell))


def tour(shell: Shell) -> dict[str, Any]:
    """Three stops; the first tells each office what waits for it."""
    return tours.tour_of(shell.lang, "inbox", (".rows, .empty", ".groups", ".rail, .tabbar"), desk=shell.desk)


def listed(shell: Shell, wanted: Asked) -> dict[str, Any]:
    """The rows of a page, first what is due first; how many there are, and the addresses of the pages beside it."""
    found, total = _found(shell, wanted)
    names = desk.named(shell.session, shell.works, found, timeline.INNER)
    places = {each.id: each for each in _places(shell)[1]}
    return {
        "rows": [_row(shell, line, names[line.id], places) for line in found],
        "total": total,
        "first": (wanted.page - 1) * PAGE + 1,
        "asked": wanted,
        "show": wanted.show,
        "before": _address(wanted, wanted.page - 1) if wanted.page > 1 else None,
        "after": _address(wanted, wanted.page + 1) if wanted.page * PAGE < total else None,
        "narrowed": bool(wanted.words or wanted.place or wanted.matter),
    }


def _found(shell: Shell, wanted: Asked) -> tuple[Sequence[desk.Line], int]:
    actor, skip = shell.works.actor, (wanted.page - 1) * PAGE
    posts = {"asked": desk.posts_asked, "waiting": desk.own_posts, "due": desk.own_posts}
    sought = asked.Sought(
        posts=posts.get(wanted.show, desk.posts_looking)(actor),
        waiting=wanted.show in posts,
        ended=wanted.show == "ended",
        place=wanted.place,
        template=wanted.matter,
        words=wanted.words,
    )
    if wanted.show == "ended":
        total = asked.count_of_desk(shell.session, sought, shell.today)
        return desk.ended_lines(shell.session, shell.works, sought, most=PAGE, skip=skip), total
    found = desk.lines(shell.session, shell.works, sought)
    if wanted.show == "due":
        found = desk.due_until(found, shell.today + SOON)
    return found[skip : skip + PAGE], len(found)


def _address(wanted: Asked, page: int) -> str:
    told = {"show": wanted.show, "q": wanted.words, "place": wanted.place, "matter": wanted.matter, "page": page}
    return "/inbox?" + urlencode({name: value for name, value in told.items() if value})


def _places(shell: Shell) -> tuple[list[str], list[Place]]:
    return asked.kinds_and_places(shell.session, desk.posts_looking(shell.works.actor))


def _filters(shell: Shell) -> dict[str, Any]:
    """The matters and places of one's running cases; a choice of one is none."""
    matters, places = _places(shell)
    return {
        "matters": [(name, getattr(packaged().newest(name).title, shell.lang)) for name in matters],
        "places": [(place.id, named_place(place, shell.lang)) for place in places],
    }


def named_place(place: Place, lang: str) -> str:
    """The name of a place in the language of the page, where it has one."""
    return place.name_zh if lang == "zh" else place.name_en or place.name_zh


def _row(shell: Shell, line: desk.Line, names: desk.Named, places: dict[int, Place]) -> dict[str, Any]:
    lang, first = shell.lang, line.waits[0] if line.waits else None
    place = places.get(line.place or 0)
    return {
        "number": line.number,
        "name": names.project or text("portal.case.unnamed", lang),
        "applicant": names.applicant or "",
        "matter": titled(line.template.title),
        "place": named_place(place, lang) if place else "",
        "label": titled(line.label.office) if line.label else None,
        "ended": line.ended,
        "due": line.due.day or line.due.at_least,
        "due_words": due_words(line.due, shell.today, lang, ended=line.ended is not None),
        "urgency": _urgency(line.due.day, shell.today),
        "step": getattr(line.template.steps[first.step].title, lang) if first else "",
        "role": text(f"portal.role.{first.role}", lang) if first else "",
        "since": first.since.isoformat() if first else None,
        "mine": first is not None and first.mine,
        "more": max(0, len(line.waits) - 1),
        "last": timeline.line_of(line.template, names.last, lang) if names.last else None,
    }


def due_words(due: LastDay, today: date, lang: str, *, ended: bool) -> str:
    """When a case is due, in words that need no colour."""
    if ended:
        return text("portal.inbox.due.done", lang)
    if due.day is None:
        if due.at_least is None:
            return text("portal.inbox.due.none", lang)
        return text("portal.inbox.due.at_least", lang, n=max(0, (due.at_least - today).days))
    left = (due.day - today).days
    if left == 0:
        return text("portal.inbox.due.today", lang)
    if left < 0:
        return text("portal.inbox.due.over_one" if left == -1 else "portal.inbox.due.over", lang, n=-left)
    return text("portal.inbox.due.left_one" if left == 1 else "portal.inbox.due.left", lang, n=left)


def _urgency(due: date | None, today: date) -> str:
    """The class of the bar at the left: over, soon or calm; the words beside it say the same."""
    if due is None:
        return "calm"
    return "over" if due < today else "soon" if due <= today + SOON else "calm"
