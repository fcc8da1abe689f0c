"""Search: what a sentence wants, and what bears its words: matters, codes, public rights, notices, pages. Public for everyone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.deps import Counted
from api.gates import act
from api.portal.guide import SITUATIONS, is_online
from api.portal.navigation import PUBLIC
from api.portal.notices import notice_row
from api.portal.register import right_row
from api.portal.shell import InShell, Shell
from approvals import queries
from approvals.papers.reserving import normal_code
from approvals.wishes import Wish, sea_names, understand
from data.messages import text
from data.rulebook import on
from parcels.queries import atlas

router = APIRouter(include_in_schema=False)
CASE = re.compile(r"\d{6}-HY-\d{4}-\d{6}")
MOST = 20
# Where the promise and the terms are asked for while no place was told.
PILOT = "371082"
FARMING = "13"
Words = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the answer; `address` None: there is nothing to open yet, `note` says why."""

    title: str
    note: str
    address: str | None


@router.get("/search", dependencies=[Counted])
@act("page.see")
def search(shell: InShell, q: Words = "") -> Response:
    """Everything that bears the words, by kind; and what of a sentence was understood."""
    words = q.replace("\x00", "").strip()
    groups = _found(shell, words) if words else {}
    return shell.show("public/search.html", groups=groups, **understood(shell, words))


@router.get("/search/understood")
@act("page.see")
def chips(shell: InShell, q: Words = "") -> Response:
    """The part of the home page below the sentence, while it is typed."""
    return shell.fragment("public/understood.html", **understood(shell, q.replace("\x00", "")))


def understood(shell: Shell, words: str) -> dict[str, Any]:
    """What was understood of a sentence, with the choices by which the reader corrects it."""
    book, lang = shell.works.book, shell.lang
    wish = understand(words, book)
    types = [(each.code, getattr(each, lang)) for each in book.codes["use_types"].leaves()]
    places = [
        (f"{each.at[0]:.3f},{each.at[1]:.3f}", getattr(each, lang)) for each in sea_names() if each.kind != "land"
    ]
    return {
        "q": words,
        "wish": wish,
        "near": f"{wish.place.at[0]:.3f},{wish.place.at[1]:.3f}" if wish.place else "",
        "use_types": types,
        "places": places,
        "farming": wish.use_type == FARMING,
        "term": longest_term(shell, wish),
        "online": is_online(wish.matter or "establishment"),
    }


def longest_term(shell: Shell, wish: Wish) -> dict[str, Any] | None:
    """The longest term of the use type that was told, with its basis; None where none was told or nobody supplied it."""
    book = shell.works.book
    if wish.use_type is None:
        return None
    place = book.places.chain(wish.place.place if wish.place else PILOT)
    inquiry = book.inquire(dates=on(shell.today), place=place, today=shell.today)
    answer = inquiry.ask("term.maximum_years", use_type=wish.use_type)
    if answer.value is None:
        return None
    name = getattr(book.codes["use_types"][wish.use_type], shell.lang)
    return {"type": name, "years": answer.value, "cite": answer.source.cite, "mark": answer.mark}


def _found(shell: Shell, words: str) -> dict[str, list[Hit]]:
    """Hits by kind, in the order in which they are shown; kinds without any are left out."""
    told = {
        "code": _codes(shell, words),
        "matter": _matters(shell, words),
        "right": [
            _right(shell, row)
            for row in atlas.occupations_called(shell.session, words, shell.today, after=0, limit=MOST)
        ],
        "notice": _notices(shell, words),
        "place": _places(shell, words),
        "page": _pages(shell, words),
    }
    return {name: hits for name, hits in told.items() if hits}


def _codes(shell: Shell, words: str) -> list[Hit]:
    """A whole number of a case, a paper or a notice leads to its page; whether it exists is told there, to whoever may see it."""
    lang, upper = shell.lang, words.upper()
    if CASE.fullmatch(upper):
        return [Hit(upper, text("portal.search.case", lang), f"/cases/{upper}")]
    paper = normal_code(words)
    return [Hit(paper, text("portal.search.paper", lang), f"/verify/{paper}")] if paper else []


def _matters(shell: Shell, words: str) -> list[Hit]:
    lang, wish = shell.lang, understand(words, shell.works.book)
    wanted = {wish.matter} if wish.matter else {"establishment"} if wish.understood else set()
    hits = []
    for name in SITUATIONS:
        title = text(f"portal.situation.{name}", lang)
        if name in wanted or words.lower() in title.lower():
            address = f"/guide/{name}" if is_online(name) else None
            note = text(f"portal.situation.{name}.note" if address else "portal.situation.offline", lang)
            hits.append(Hit(title, note, address))
    return hits


def _right(shell: Shell, row: dict[str, Any]) -> Hit:
    told = right_row(row, shell)
    return Hit(told["title"], told["facts"], told["address"])


def _notices(shell: Shell, words: str) -> list[Hit]:
    hits = []
    for number, notice in queries.notices_on(shell.session, shell.today):
        row = notice_row(number, notice, shell)
        if words.lower() in f"{row['title']} {row['applicants']} {number}".lower():
            hits.append(Hit(row["title"], row["facts"], row["address"]))
    return hits[:MOST]


def _places(shell: Shell, words: str) -> list[Hit]:
    low = words.lower()
    return [
        Hit(
            getattr(each, shell.lang),
            text("portal.search.place", shell.lang),
            f"/register?near={each.at[0]:.3f},{each.at[1]:.3f}",
        )
        for each in sea_names()
        if each.zh in words or each.en.lower() in low or low in each.en.lower()
    ]


def _pages(shell: Shell, words: str) -> list[Hit]:
    titles = ((text(f"portal.nav.{entry.name}", shell.lang), entry.address) for entry in (*PUBLIC, *shell.entries))
    return [Hit(title, address, address) for title, address in dict(titles).items() if words.lower() in title.lower()]
