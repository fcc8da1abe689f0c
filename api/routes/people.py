"""Sign-in and sign-out, and who one is."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from api.deps import House, Lang, Now, Reading, Somebody, TheHouse, Today, Writing
from api.gates import act
from api.mail import queries as mail
from api.people import accounts, queries, sessions, signing_in
from api.people.samples_offered import samples_offered
from api.people.sessions import SignedIn
from api.people.tokens import demand_own_origin, drop_cookie, set_cookie
from api.schemas.people import CSRF_RULE, EmailIn, SignInIn, SignOutIn, acted_for_json, post_json
from api.schemas.problems import refuses
from approvals.authorising import parties_of
from data.answers import Refusal
from data.clock import legal_day
from data.messages import Language

router = APIRouter(tags=["people"])


@router.post("/sign-in", summary="Sign in", responses=refuses(401, 403, 429))
@act("me.sign_in")
def sign_in(asked: SignInIn, request: Request, home: TheHouse, lang: Lang, instant: Now) -> Response:
    """Sets the session's cookie, or tells its token once (`way: token`). The answer is that of `GET /me`."""
    demand_own_origin(request, said=False)
    home.sign_ins.demand(request.client.host if request.client else "-")
    agent = request.headers.get("user-agent")
    if asked.sample is not None:
        _demand_samples(home, request)
        token = signing_in.as_sample(home.door, asked.sample, now=instant, agent=agent)
    else:
        token = signing_in.with_password(home.door, asked.login or "", asked.password or "", now=instant, agent=agent)
    who = sessions.signed_in(home.sessions, token, now=instant, life=home.door.life)
    if who is None:
        raise Refusal("problems.sign_in_failed")
    with home.sessions() as session:
        told = me_json(session, who, lang, legal_day(instant))
    if asked.way == "token":
        return JSONResponse({**told, "token": token})
    answer = JSONResponse(told)
    set_cookie(answer, request, token, int(home.door.life.whole.total_seconds()))
    return answer


@router.post("/sign-out", summary="Sign out, here or everywhere", status_code=204, responses=refuses(401, 403))
@act("me.sign_out")
def sign_out(
    request: Request, session: Writing, who: Somebody, instant: Now, asked: SignOutIn | None = None
) -> Response:
    """The session is over at once; with `everywhere` all sessions of the account are."""
    if asked is not None and asked.everywhere:
        account = accounts.by_login(session, who.login)
        accounts.sign_out_everywhere(session, account, now=instant, actor=who.actor)
    else:
        sessions.end_session(session, who.token_hash, now=instant)
    answer = Response(status_code=204)
    drop_cookie(answer, request)
    return answer


@router.get("/me", summary="Who is signed in, with posts and parties", responses=refuses(401))
@act("me.see")
def me(session: Reading, who: Somebody, lang: Lang, today: Today) -> dict[str, Any]:
    """`csrf` is the rule for requests that change something: with a cookie they must come from a page of this address."""
    return me_json(session, who, lang, today)


@router.put("/me/email", summary="Set one's own e-mail address", responses=refuses(401, 403))
@act("me.email")
def set_email(asked: EmailIn, session: Writing, who: Somebody, lang: Lang, today: Today) -> dict[str, Any]:
    """Copies of messages go there from now on; null removes it. The answer is that of `GET /me`."""
    accounts.set_email(session, accounts.by_login(session, who.login), asked.email, actor=who.actor)
    session.flush()  # the answer reads the address as it now stands
    return me_json(session, who, lang, today)


@router.get("/sign-in/samples", summary="Sample accounts that can be signed in to", responses=refuses(403))
@act("me.samples")
def samples(request: Request, home: TheHouse, session: Reading, lang: Lang, today: Today) -> dict[str, Any]:
    """Refused outside the embedded cluster, and where the server can be reached from elsewhere."""
    _demand_samples(home, request)
    found = queries.sample_accounts(session)
    posts = queries.posts_on(session, [account.id for account in found], today)
    told = [
        {
            "login": account.login,
            "name": account.name,
            "posts": [post_json(post, lang) for post in posts.get(account.id, [])],
            "parties": [acted_for_json(each) for each in parties_of(session, account.id, today)],
        }
        for account in found
    ]
    return {"samples": told, "mark": "sample"}


def me_json(session: Session, who: SignedIn, lang: Language, today: date) -> dict[str, Any]:
    """Oneself: name, posts with the names of their places, parties acted for."""
    person = who.actor.person or 0
    return {
        "account": person,
        "login": who.login,
        "name": who.name,
        "sample": who.is_sample,
        "email": mail.address_of(session, person),
        "posts": [post_json(post, lang) for post in queries.posts_on(session, [person], today).get(person, [])],
        "parties": [acted_for_json(each) for each in parties_of(session, person, today)],
        "csrf": CSRF_RULE,
    }


def _demand_samples(home: House, request: Request) -> None:
    if not samples_offered(home, request):
        raise Refusal("problems.samples_closed")
