"""The page of verification: anyone asks by code, by QR code or by file whether a paper is genuine and still holds; no script is needed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from api.deps import Counted, Now
from api.gates import act
from api.portal.shell import InShell, Shell
from api.routes.documents import chosen
from api.schemas.documents import compared_words, paper_json, says
from api.verification import Verification, verify_code, verify_file
from approvals.papers.reserving import normal_code
from approvals.papers.words import day, minute

router = APIRouter(include_in_schema=False)


@router.get("/verify")
@act("document.verify")
def ask(shell: InShell, code: str = "") -> Response:
    """The page that asks for a code or a file; a code that was typed leads to its own page."""
    if code.strip():
        return RedirectResponse(f"/verify/{normal_code(code) or '-'}", 303)
    return shell.show("verify.html", found=None)


@router.get("/verify/{code}", dependencies=[Counted])
@act("document.verify")
def answer(shell: InShell, code: str, now: Now) -> Response:
    """The answer to a code, as the QR code of a paper asks it."""
    return _page(shell, verify_code(shell.session, code, keys=shell.home.keys), now)


@router.post("/verify", dependencies=[Counted])
@act("document.verify")
def answer_upload(shell: InShell, content: Annotated[bytes, Depends(chosen)], now: Now) -> Response:
    """The answer to a file, without any script; where none was chosen, or it is empty, the page says so at its field."""
    if not content:
        return shell.show("verify.html", status=422, found=None, no_file=True)
    return _page(shell, verify_file(shell.session, content, keys=shell.home.keys), now)


def _page(shell: Shell, found: Verification, now: datetime) -> Response:
    paper, lang = found.paper, shell.lang
    values: dict[str, Any] = {
        "found": found.answer,
        "says": says(found, lang),
        "checked_at": minute(now)[lang],
        "paper": paper and paper_json(paper),
        "issued_on": paper and day(paper.issued_on)[lang],
        "compared": [compared_words(each, lang) for each in found.compared],
    }
    return shell.show("verify.html", **values)
