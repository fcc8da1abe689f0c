"""Consents and opinions asked of somebody: the list of a party's, one with its map, and the same behind a signed link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from api.deps import RowId
from api.gates import act
from api.permissions import demand
from api.portal.charts import case_chart
from api.portal.shell import InShell, Shell
from api.problems import status_for
from api.schemas.register import label
from api.subjects import of_question
from approvals import queries
from approvals.cases import asking, disclosed
from approvals.cases.store import Opened, case_for
from approvals.models import Question
from data.answers import Refusal
from data.messages import text

router = APIRouter(include_in_schema=False)
MAP_SIZE = (348, 240)
# Why a signed link leads to no question any more: told as a page, for whoever follows it did nothing wrong.
OVER = frozenset({"question.answered_already", "question.withdrawn", "question.link_unknown"})
CONSENTS = "consents"


@router.get("/my/questions")
@act("case.list")
def questions(shell: InShell) -> Response:
    """What my parties are asked, open ones first."""
    found = queries.questions_to(shell.session, shell.works.actor.acts_for)
    rows = [{"case": number, **_told(shell, question)} for number, question in found]
    waiting = sum(row["standing"] == "open" for row in rows)
    return shell.show("mine/questions.html", counts={"asked": waiting}, rows=rows)


@router.get("/my/questions/{question}")
@act("question.answer")
def question(question: RowId, shell: InShell) -> Response:
    """One question: its words, the boundary that it is about, and the answers that the law knows; for whoever may answer it."""
    row = shell.session.get(Question, question)
    if row is None:
        raise Refusal("problems.not_found", path=f"/my/questions/{question}")
    case = case_for(shell.session, asking.case_number_of(shell.session, row))
    demand(shell.works.actor, "question.answer", of_question(shell.session, row, case.row))
    send = f"POST /api/v1/questions/{row.id}/answer"
    return shell.show("mine/question.html", send=send, then="reload", **_values(shell, case, row))


@router.get("/answers/{token}")
@act("question.answer_by_link")
def by_link(token: str, shell: InShell) -> Response:
    """The same for whoever holds the link of a message; no account is needed."""
    try:
        row = asking.question_behind(shell.session, token)
    except Refusal as over:
        if over.code not in OVER:
            raise
        told = {name: text(code, shell.lang, **over.facts) for name, code in _words_of(over.code)}
        # An answer that was given is a good end; a link that leads nowhere is not there.
        status = status_for(over.code) if over.code == "question.link_unknown" else 200
        return shell.show("mine/answer_over.html", status=status, over=told)
    case = case_for(shell.session, asking.case_number_of(shell.session, row))
    send = f"POST /api/v1/answers/{token}"
    return shell.show("mine/answer.html", send=send, then="reload", **_values(shell, case, row))


def _words_of(code: str) -> list[tuple[str, str]]:
    return [("title", code), *([("mend", f"{code}.mend")] if code == "question.link_unknown" else [])]


def _told(shell: Shell, row: Question) -> dict[str, Any]:
    told = disclosed.question_view(row, with_finding=False)
    days = (row.answer_by - shell.today).days if row.answer_by else None
    return {**told, "due": row.answer_by, "at_least": None, "days": days}


def _values(shell: Shell, case: Opened, row: Question) -> dict[str, Any]:
    """A question as its page shows it: facts with the names of their codes, map, and the outcomes that an addressee may choose."""
    session, lang, facts = shell.session, shell.lang, row.question.get("facts", {})
    use: Mapping[str, Any] = case.row.use or {}
    # The boundary may have moved since; the question is about the one that it names.
    boundary = use.get("boundary")
    same = boundary is not None and boundary["hash"] == row.boundary_hash
    return {
        "case": case.number,
        "question": _told(shell, row),
        "facts": {**facts, "use_label": label(shell.works.book, "use_types", facts.get("use_type"), lang)},
        "hectares": use.get("hectares") if same else None,
        "asked_layers": use.get("layers", ()) if same else (),
        "map": case_chart(session, {"boundary": boundary}, lang, shell.today, size=MAP_SIZE) if same else "",
        "outcomes": [
            {"name": name, "title": getattr(told.title, lang), "words": _asks_for_words(row.step, told.records)}
            for name, told in case.template.steps[row.step].outcomes.items()
            if told.role != "system"
        ],
    }


def _asks_for_words(step: str, records: Mapping[str, Any]) -> bool:
    """Whether an answer must be reasoned: a consent is its own record, anything else that is recorded is words."""
    wanted = [record for name, record in records.items() if name.endswith("_digest") and record.required]
    return bool(wanted) and step != CONSENTS
