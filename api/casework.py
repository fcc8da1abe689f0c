"""What the routes of cases share: what an act works with, and a case as the asker may see it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends
from sqlalchemy.orm import Session

from api.deps import Asker, Now, Rules, TheHouse
from api.people.queries import names_of
from api.permissions import demand
from api.subjects import of_case
from approvals.cases import views
from approvals.cases.store import Opened, Works, case_for
from data.answers import Refusal


async def works(home: TheHouse, by: Asker, rules: Rules, now: Now) -> Works:
    """What every act of a request is handed."""
    return Works(book=rules, keys=home.keys, actor=by, now=now)


Working = Annotated[Works, Depends(works)]


def form_told(session: Session, case: Opened, works: Works) -> dict[str, Any]:
    """The form with the names of those who typed its answers."""
    told = views.form_view(session, case, works)
    answers = [field["answer"] for field in told["fields"] if field["answer"] is not None]
    names = names_of(session, {each["entered_by"] for each in answers if each["entered_by"] is not None})
    for each in answers:
        each["entered_by"] = names.get(each["entered_by"])
    return told


def seen(session: Session, number: str, act: str, works: Works) -> Opened:
    """The case, if the asker may do this with it; refused as not there where they may not even see it, in the same words."""
    try:
        case = case_for(session, number)
    except Refusal as absent:
        if absent.code != "case.not_found":
            raise
        raise Refusal("problems.not_found" if works.actor.person is not None else "problems.sign_in") from None
    demand(works.actor, act, of_case(session, case.row))
    return case
