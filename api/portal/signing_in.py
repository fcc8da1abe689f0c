"""The page of sign-in, and the way from there to one's own desk."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from api.gates import act
from api.people import queries
from api.portal.navigation import first_page
from api.portal.shell import InShell
from api.schemas.people import post_json
from approvals.authorising import parties_of

router = APIRouter(include_in_schema=False)
# Only a page of our own: one slash, then no second one and no backslash, which browsers read as one.
OWN_PAGE = re.compile(r"/(?![/\\])[^\x00-\x20]*")


@router.get("/sign-in")
@act("page.see")
def sign_in_page(shell: InShell, next_page: Annotated[str, Query(alias="next", max_length=500)] = "") -> Response:
    """Login and password, and below them the sample accounts where they are offered."""
    onward = next_page if OWN_PAGE.fullmatch(next_page) else "/desk"
    return shell.show("people/sign_in.html", onward=onward, asked_for=onward != "/desk", samples=_samples(shell))


@router.get("/desk")
@act("me.see")
def desk(shell: InShell) -> Response:
    """The first page of whoever is signed in."""
    return RedirectResponse(first_page(shell.works.actor), 303)


def _samples(shell: InShell) -> list[dict[str, object]]:
    """Every sample account with what it is: a post at a place, or the party that it acts for."""
    if not shell.home_offers_samples:
        return []
    found = queries.sample_accounts(shell.session)
    posts = queries.posts_on(shell.session, [account.id for account in found], shell.today)
    return [
        {
            "login": account.login,
            "name": account.name,
            "posts": [post_json(post, shell.lang) for post in posts.get(account.id, [])],
            "parties": [party.name for party in parties_of(shell.session, account.id, shell.today)],
        }
        for account in found
    ]
