"""Messages that an act asks for: kept with their addressee and channel, written once however often the job runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from approvals.cases.asking import link_token
from approvals.cases.comments import COMMENT
from approvals.cases.jobs import RATING
from approvals.cases.store import Opened, Works, case_for
from approvals.models import Message, NoticeComment, Question
from data.answers import Refusal
from data.clock import recorded_at

LINK_PURPOSE = "question_link"
QUESTION = "question:"
OFFICERS = frozenset({"window", "reviewer", "approver", "registrar", "steward"})


def notify(session: Session, *, case: str, seq: int, addressee: str, code: str, works: Works) -> int | None:
    """Write one message about a case; its number, None where it was written before.

    `addressee` is `applicant`, a role of officers, or `question:<number>`; `code` is the act that asked for the message, `rating`,
    or `comment`; `seq` is the case's version at that act, or the comment's number, so that each asks for one message only.
    """
    found = case_for(session, case)
    if addressee.startswith(QUESTION):
        return _to_those_asked(session, found, int(addressee.removeprefix(QUESTION)), works)
    once = f"{addressee}/{code}/{seq}"
    if code == COMMENT:
        kind, told = f"message.comment.{session.get_one(NoticeComment, seq).stance}", {"case": found.number}
    elif code == RATING:
        kind, told = "message.rating", {"case": found.number}
    else:
        kind, told = "message.act", _act_in_words(found, code)
    if addressee == "applicant":
        return _write(session, found, once, kind, told, {"to_party_id": found.row.party_id})
    if addressee in OFFICERS:
        to = {"to_role": addressee, "to_place_id": found.row.scope_place_id}
        return _write(session, found, once, kind, told, to)
    raise Refusal("case.no_addressee", addressee=addressee)


def _to_those_asked(session: Session, case: Opened, question_id: int, works: Works) -> int | None:
    """The question with its signed link: to the party itself, or to the window, which hands it to the office."""
    question = session.get(Question, question_id)
    if question is None:
        raise Refusal("question.link_unknown")
    facts = {
        "case": case.number,
        "question": question.id,
        "by": question.answer_by.isoformat() if question.answer_by else "",
    }
    to: dict[str, Any] = {"to_party_id": question.party_id}
    if question.party_id is None:
        to = {"to_role": "window", "to_place_id": case.row.scope_place_id}
        facts["office"] = question.office or ""
    sealed = works.keys.seal_text(LINK_PURPOSE, link_token(works.keys, question))
    code = f"message.{question.step}"
    return _write(session, case, f"question/{question.id}", code, facts, to, sealed)


def _act_in_words(case: Opened, act: str) -> dict[str, Any]:
    """The act and the standing by their titles in both languages, for the message's text."""
    step, _, outcome = act.partition(".")
    template = case.template
    if step in template.steps and outcome in template.steps[step].outcomes:
        title = template.steps[step].outcomes[outcome].title
    elif step == "revoke" and outcome in template.steps and template.steps[outcome].revocation:
        revocation = template.steps[outcome].revocation
        assert revocation is not None
        title = revocation.title
    else:
        title = template.acts[act].title if act in template.acts else template.title
    label = template.ends.get(case.row.ended or "") or template.standings.get(case.row.standing or "")
    standing = label.public if label else template.title
    return {
        "case": case.number,
        "name": act,
        "act_zh": title.zh,
        "act_en": title.en,
        "standing_zh": standing.zh,
        "standing_en": standing.en,
    }


def _write(
    session: Session,
    case: Opened,
    once: str,
    code: str,
    facts: Mapping[str, Any],
    to: Mapping[str, Any],
    sealed: bytes | None = None,
) -> int | None:
    at = recorded_at(session)
    values = {
        "case_id": case.row.id,
        "code": code,
        "facts": dict(facts),
        "sealed": sealed,
        "channel": "portal",
        "once": once,
        "recorded_at": at,
        "sent_at": at,
        "delivered_at": at,
        **to,
    }
    statement = insert(Message).values(values).on_conflict_do_nothing(index_elements=["case_id", "once"])
    return session.execute(statement.returning(Message.id)).scalar_one_or_none()
