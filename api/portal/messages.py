"""Messages of every role: newest first; one is opened in its row, which marks it and shows the code or link that it holds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from api.gates import act
from api.portal.shell import InShell, Shell
from approvals.cases import inbox

router = APIRouter(include_in_schema=False)
NEWEST = 2**63 - 1
Show = Literal["all", "unread"]


@router.get("/messages")
@act("message.list")
def messages(
    shell: InShell,
    show: Annotated[Show, Query()] = "all",
    case: Annotated[str, Query(max_length=80)] = "",
    before: Annotated[int, Query(ge=1, le=NEWEST)] = NEWEST,
) -> Response:
    """A page of them; htmx asks for the list alone."""
    listed = _listed(shell, show, case.replace("\x00", ""), before)
    if "HX-Request" in shell.request.headers:
        return shell.fragment("messages/rows.html", **listed)
    unread = inbox.unread_count(shell.session, shell.works.actor)
    return shell.show("messages/messages.html", script_texts=("portal.messages.",), unread_now=unread, **listed)


def _listed(shell: Shell, show: str, case: str, before: int) -> dict[str, Any]:
    found = inbox.messages_for(shell.session, shell.works.actor, before, unread=show == "unread", case=case or None)
    copies = inbox.copies_for(shell.session, found, shell.works.actor)
    rows = [
        _row(shell, inbox.message_view(shell.session, each, shell.lang, copies=copies.get(each.id, ())))
        for each in found
    ]
    older = found[-1].id if len(found) == inbox.PAGE else None
    return {"rows": rows, "show": show, "case": case, "older": older, "first": before == NEWEST}


def _row(shell: Shell, told: dict[str, Any]) -> dict[str, Any]:
    """A message with the way to what it is about, as far as the reader's pages have one."""
    question = told["facts"].get("question")
    if told["code"] == "message.consents":
        at = f"/my/questions/{question}"
    elif told["case"] is None:
        at = None
    else:
        at = f"/cases/{told['case']}" if shell.works.actor.posts else f"/my/cases/{told['case']}"
    return {**told, "at": at}
