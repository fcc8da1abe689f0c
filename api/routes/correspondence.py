"""What a case asks others and tells people: questions and their answers, messages."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api.casework import Working, seen
from api.deps import GREATEST_ROW, Before, Lang, Now, Reading, RowId, Writing
from api.gates import act
from api.idempotency import Once
from api.jobs import enqueue
from api.permissions import demand
from api.schemas.cases import AnswerIn, OpenedIn
from api.schemas.problems import refuses
from api.subjects import of_question
from approvals.cases import asking, disclosed, inbox, running
from approvals.cases.acting import Asked
from approvals.cases.store import Works, case_for
from approvals.models import Question
from data.answers import Refusal

router = APIRouter(tags=["correspondence"])


@router.get("/cases/{number}/questions", summary="Consents and opinions asked", responses=refuses(401, 403, 404))
@act("case.questions.see")
def see_questions(number: str, session: Reading, works: Working) -> dict[str, Any]:
    """All for the officers of the place; for the applicant as the check would tell them; for a party that is asked, its own."""
    case = seen(session, number, "case.questions.see", works)
    return {"questions": disclosed.questions_view(session, case, works)}


@router.post("/questions/{question}/answer", summary="Answer a question", responses=refuses(401, 403, 404, 409))
@act("question.answer")
def answer(question: RowId, asked: AnswerIn, session: Writing, works: Working, once: Once) -> Any:
    """As the party that is asked, or as the window that records an answer on paper by its file."""
    found = session.get(Question, question)
    if found is None:
        raise Refusal("problems.not_found", path=f"/api/v1/questions/{question}")
    case = case_for(session, asking.case_number_of(session, found))
    demand(works.actor, "question.answer", of_question(session, found, case.row))
    mine = found.party_id is not None and found.party_id in works.actor.acts_for
    return once.keep(_answered(session, found, asked, works, role="asked" if mine else None))


@router.get("/answers/{token}", summary="The question behind a signed link", responses=refuses(404, 409))
@act("question.answer_by_link")
def see_by_link(token: str, session: Reading) -> dict[str, Any]:
    """The exact question and the boundary that it is about; no account is needed."""
    found = asking.question_behind(session, token)
    case = case_for(session, asking.case_number_of(session, found))
    use = case.row.use or {}
    return {**disclosed.question_view(found, with_finding=False), "boundary": use.get("boundary")}


@router.post("/answers/{token}", summary="Answer by a signed link", responses=refuses(404, 409))
@act("question.answer_by_link")
def answer_by_link(token: str, asked: AnswerIn, session: Writing, works: Working) -> dict[str, Any]:
    """Whoever holds the link answers for the addressee; the event says that it came by the link."""
    found = asking.question_behind(session, token)
    return _answered(session, found, asked, works, role="asked", by_link=True)


def _answered(
    session: Any, found: Question, asked: AnswerIn, works: Works, *, role: str | None, by_link: bool = False
) -> dict[str, Any]:
    facts, texts = asking.brought(found, asked.outcome, asked.words, asked.file)
    name = f"{found.step}.{asked.outcome}"
    wanted = Asked(name=name, key=found.key, facts=facts, texts=texts, role=role, by_link=by_link)
    done = running.do_act(session, asking.case_number_of(session, found), wanted, works)
    enqueue(session, done.effects)
    session.flush()  # the answer is read back as it was written
    session.refresh(found)
    return disclosed.question_view(found, with_finding=False)


@router.get("/messages", summary="My messages", responses=refuses(401, 403))
@act("message.list")
def messages(
    session: Reading,
    works: Working,
    lang: Lang,
    before: Before = GREATEST_ROW,
) -> dict[str, Any]:
    """To you, to the parties that you act for, and to your posts; newest first. Codes and links are shown when one is opened."""
    found = inbox.messages_for(session, works.actor, before)
    copies = inbox.copies_for(session, found, works.actor)
    return {
        "messages": [inbox.message_view(session, each, lang, copies=copies.get(each.id, ())) for each in found],
        "next": found[-1].id if len(found) == inbox.PAGE else None,
    }


@router.post("/messages/{message}/opened", summary="Open a message", responses=refuses(401, 403, 404))
@act("message.open")
def open_message(message: RowId, session: Writing, works: Working, lang: Lang, now: Now) -> dict[str, Any]:
    """The whole message, with its code or link; when it was first opened is kept."""
    found = inbox.opened_message(session, message, works.actor, now)
    copies = inbox.copies_for(session, [found], works.actor)
    return inbox.message_view(session, found, lang, keys=works.keys, copies=copies.get(found.id, ()))


@router.post("/messages/opened", summary="Mark messages as opened", responses=refuses(401, 403))
@act("message.open")
def open_messages(asked: OpenedIn, session: Writing, works: Working, now: Now) -> dict[str, Any]:
    """Those of these that are yours and were not opened before; a code or link in one is told only when it is opened by itself."""
    marked = inbox.mark_opened(session, asked.messages, works.actor, now)
    return {"opened": marked, "unread": inbox.unread_count(session, works.actor)}
