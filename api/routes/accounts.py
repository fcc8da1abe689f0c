"""The administration of accounts and posts, as `haiyu account` does it on the machine."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy.orm import Session

from api.deps import Asker, Lang, Now, Reading, Today, Writing
from api.gates import act
from api.idempotency import Once
from api.models import Account
from api.people import accounts, queries
from api.people.places import place_of_code
from api.schemas.people import AccountIn, EmailIn, PasswordIn, PostIn, account_json
from api.schemas.problems import refuses
from data.messages import Language

router = APIRouter(prefix="/accounts", tags=["people"])
Login = Annotated[str, Path(max_length=64)]
REFUSALS = refuses(401, 403, 404, 409)


@router.get("", summary="Accounts by number", responses=refuses(401, 403))
@act("account.see")
def account_list(
    session: Reading,
    lang: Lang,
    today: Today,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """`next` is what to give as `after` for the following ones, null at the end."""
    found = queries.accounts_after(session, after, limit + 1)
    shown = found[:limit]
    posts = queries.posts_on(session, [account.id for account in shown], today)
    told = [account_json(account, posts.get(account.id, []), lang) for account in shown]
    return {"accounts": told, "next": shown[-1].id if len(found) > limit else None}


@router.post("", summary="Make an account", status_code=201, responses=refuses(401, 403, 409))
@act("account.add")
def add(asked: AccountIn, session: Writing, by: Asker, once: Once, lang: Lang, today: Today) -> Any:
    """Without a password nobody can sign in to it until one is set."""
    account = accounts.add(session, accounts.NewAccount(**asked.model_dump()), actor=by)
    return once.keep(_told(session, account, lang, today), 201)


@router.post("/{login}/posts", summary="Give a post", status_code=201, responses=REFUSALS)
@act("post.give")
def give_post(login: Login, asked: PostIn, session: Writing, by: Asker, once: Once, lang: Lang, today: Today) -> Any:
    """A role at a place, for days."""
    account = accounts.by_login(session, login)
    place = place_of_code(session, asked.place, today)
    accounts.give_post(session, account, asked.role, place, first=asked.first or today, last=asked.last, actor=by)
    return once.keep(_told(session, account, lang, today), 201)


@router.delete("/{login}/posts/{role}", summary="Take a post back", responses=REFUSALS)
@act("post.take")
def take_post(
    login: Login,
    role: str,
    session: Writing,
    by: Asker,
    once: Once,
    lang: Lang,
    today: Today,
    place: Annotated[str | None, Query(max_length=40)] = None,
) -> Any:
    """From today on; `place` as when it was given."""
    account = accounts.by_login(session, login)
    accounts.take_post(session, account, role, place_of_code(session, place, today), today=today, actor=by)
    return once.keep(_told(session, account, lang, today))


@router.put("/{login}/password", summary="Set a password", status_code=204, responses=REFUSALS)
@act("account.password")
def set_password(login: Login, asked: PasswordIn, session: Writing, by: Asker, instant: Now) -> Response:
    """Ends every session of the account and lifts its lock."""
    accounts.set_password(session, accounts.by_login(session, login), asked.password, now=instant, actor=by)
    return Response(status_code=204)


@router.put("/{login}/email", summary="Set an e-mail address", responses=REFUSALS)
@act("account.email")
def set_email(login: Login, asked: EmailIn, session: Writing, by: Asker, once: Once, lang: Lang, today: Today) -> Any:
    """Copies of messages go there from now on; null removes it."""
    account = accounts.by_login(session, login)
    accounts.set_email(session, account, asked.email, actor=by)
    return once.keep(_told(session, account, lang, today))


@router.post("/{login}/disabling", summary="Disable an account", responses=REFUSALS)
@act("account.disable")
def disable(login: Login, session: Writing, by: Asker, once: Once, lang: Lang, instant: Now, today: Today) -> Any:
    """Its sessions end at once; what it did stays on record."""
    account = accounts.by_login(session, login)
    accounts.disable(session, account, now=instant, actor=by)
    return once.keep(_told(session, account, lang, today))


@router.post("/{login}/enabling", summary="Enable a disabled account", responses=REFUSALS)
@act("account.enable")
def enable(login: Login, session: Writing, by: Asker, once: Once, lang: Lang, today: Today) -> Any:
    """It signs in with the password that it has, and holds the posts that nobody took back."""
    account = accounts.by_login(session, login)
    accounts.enable(session, account, actor=by)
    return once.keep(_told(session, account, lang, today))


@router.post("/{login}/sign-out", summary="End every session of an account", responses=REFUSALS)
@act("account.sign_out")
def sign_out(login: Login, session: Writing, by: Asker, once: Once, instant: Now) -> Any:
    """How many sessions there were."""
    ended = accounts.sign_out_everywhere(session, accounts.by_login(session, login), now=instant, actor=by)
    return once.keep({"sessions_ended": ended})


def _told(session: Session, account: Account, lang: Language, today: date) -> dict[str, Any]:
    session.flush()  # the answer reads the posts as they now stand
    return account_json(account, queries.posts_on(session, [account.id], today).get(account.id, []), lang)
