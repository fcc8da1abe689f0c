"""Public notices: which run, until when, and one with its map and the form for what one thinks of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter, Response

from api.gates import act
from api.portal.charts import case_chart
from api.portal.shell import InShell, Shell
from api.wording import mode_words
from approvals import queries
from approvals.cases.use import boundary_of
from approvals.models import PublicNotice
from data.messages import text
from marine.coordinates import dms

router = APIRouter(include_in_schema=False)
STANCES = ("objects", "supports", "remark")


@router.get("/notices")
@act("notice.list")
def notices(shell: InShell) -> Response:
    """Every notice that runs today, the one that ends first at the head."""
    found = queries.notices_on(shell.session, shell.today)
    came = queries.comment_totals(shell.session, [notice.id for _, notice in found])
    rows = [{**notice_row(number, notice, shell), "comments": came.get(notice.id, 0)} for number, notice in found]
    return shell.show("notices/notices.html", rows=sorted(rows, key=lambda row: row["last"]))


@router.get("/notices/{number}")
@act("notice.list")
def notice(shell: InShell, number: str) -> Response:
    """One notice while it runs; what is over, withdrawn or was never there has one answer."""
    running = dict(queries.notices_on(shell.session, shell.today))
    if number not in running:
        return shell.show("notices/over.html", status=404, number=number)
    found = running[number]
    values: dict[str, Any] = {
        "row": notice_row(number, found, shell),
        "points": points_of(found.content["boundary"]),
        "map": case_chart(shell.session, found.content, shell.lang, shell.today, size=(760, 460)),
        "stances": [(name, text(f"portal.notices.stance.{name}", shell.lang)) for name in STANCES],
        "comments": queries.comment_totals(shell.session, [found.id]).get(found.id, 0),
    }
    return shell.show("notices/notice.html", script_texts=("portal.notices.comments",), **values)


def notice_row(number: str, notice: PublicNotice, shell: Shell) -> dict[str, Any]:
    """One notice as a line: only what was published with it."""
    content, lang, book = notice.content, shell.lang, shell.works.book
    kind = str(content.get("use_type"))
    types = book.codes["use_types"]
    names = text("page.comma", lang).join(content["applicants"])
    use = getattr(types[kind], lang) if kind in types else ""
    return {
        "number": number,
        "address": f"/notices/{number}",
        "title": content["project"] or text("portal.notices.untitled", lang),
        "applicants": names,
        "use": use,
        "modes": text("page.comma", lang).join(dict.fromkeys(mode_words(content.get("modes") or (), book, lang))),
        "facts": " · ".join(each for each in (names, use) if each),
        "area_ha": boundary_of(content["boundary"]).area,
        "from": content["from"],
        "to": content["to"],
        "first": notice.first,
        "last": notice.last,
        "days_left": days_left(notice.last, shell.today),
        "hash": notice.boundary_hash,
    }


def days_left(last: date, today: date) -> int:
    """Calendar days on which one can still comment, today included.

    >>> days_left(date(2026, 11, 30), date(2026, 11, 28)), days_left(date(2026, 11, 28), date(2026, 11, 28))
    (3, 1)
    """
    return (last - today).days + 1


def points_of(boundary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The numbered corners of a boundary as the sheets print them."""
    return [
        {"number": each.number, "north": dms(each.lat), "east": dms(each.lon)} for each in boundary_of(boundary).points
    ]


def home_notices(shell: Shell, most: int) -> list[dict[str, Any]]:
    """The notices that end first, for the home page."""
    found = queries.notices_on(shell.session, shell.today)
    rows = [notice_row(number, each, shell) for number, each in found]
    return sorted(rows, key=lambda row: row["last"])[:most]
