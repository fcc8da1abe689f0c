"""Questions to those concerned: a consent asked of a holder, an opinion asked of an office, each bound to the boundary's hash.

Answered in the portal, by a signed link, or on paper recorded by an officer. A consent closes a layered finding only together
with the papers that the register asks for, so giving it files them (register.md §2).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import date
from typing import Any

import rfc8785
from sqlalchemy.orm import Session

from approvals import queries
from approvals.acts import Event
from approvals.cases.acting import Acting
from approvals.cases.checking import consents_asked, offices_asked
from approvals.cases.store import Opened, record_events
from approvals.effects import Effect
from approvals.models import Question
from data.actors import Actor
from data.answers import Refusal
from data.clock import recorded_at
from marine.findings import Finding
from marine.workdays import run_by_rules
from parcels.checks.serial import plain
from parcels.papers import file_layering_papers, keep_file, withdraw_layering_papers
from parcels.parties import PartyKeys

OFFICE, LAYER, RIGHT, CASE = "office", "layer", "right", "case"
ARGUMENTATION = "argumentation"


def ask(acting: Acting, effect: Effect) -> None:
    """Put one question: to the holder or applicant behind a key, or to an office; a message goes out with it."""
    session, case, key = acting.session, acting.case, str(effect.key)
    finding = _finding_behind(acting, key)
    earlier = _asked_before(acting, effect.step, key)
    if earlier is not None and earlier.answer == "give":
        _withdraw_papers(acting, earlier)
    party_id, office = _addressee(session, key, finding)
    days = _answer_days(acting, finding)
    question = Question(
        case_id=case.row.id,
        step=effect.step,
        key=key,
        party_id=party_id,
        office=office or (earlier.office if earlier else None),
        # Asked again after an answer was taken back, the question is the same: its papers may have closed the finding meanwhile.
        question=earlier.question
        if finding is None and earlier
        else {"code": f"question.{effect.step}", "facts": _question_facts(acting, finding)},
        finding={"code": finding.code, "facts": plain(finding.facts)}
        if finding
        else earlier.finding
        if earlier
        else None,
        boundary_hash=str(case.row.boundary_hash),
        asked_on=acting.today,
        answer_by=days,
    )
    session.add(question)
    session.flush()  # the link and the event name the question's number
    question.token_hash = hashlib.sha256(link_token(acting.works.keys, question).encode()).digest()
    told = {"question": question.id, "step": effect.step, "key": key, "party": party_id, "office": office}
    record_events(session, case, [Event("asked", told)], actor=acting.works.actor, at=recorded_at(session))
    facts = {"case": case.number, "seq": case.row.version, "addressee": f"question:{question.id}", "code": "asked"}
    acting.jobs.append(Effect("notify", effect.step, "asked", key, facts))


def _asked_before(acting: Acting, step: str, key: str) -> Question | None:
    """The question of this step and key that was asked last about the same boundary."""
    found = queries.questions_of(acting.session, acting.case.row.id, key=key, step=step)
    return next((each for each in reversed(found) if each.boundary_hash == acting.case.row.boundary_hash), None)


def _finding_behind(acting: Acting, key: str) -> Finding | None:
    asked: dict[str, Finding | None] = {
        **offices_asked(acting.report, ()),
        **consents_asked(acting.session, acting.report),
    }
    return asked.get(key)


def _addressee(session: Session, key: str, finding: Finding | None) -> tuple[int | None, str | None]:
    kind, _, name = key.partition(":")
    if kind == RIGHT:
        return queries.holder_of_right(session, int(name)), None
    if kind == CASE:
        other = queries.case_by_number(session, name)
        return (other.party_id if other else None), None
    if kind == LAYER and finding is not None:
        return None, str(finding.facts.get("office_zh") or name)
    return None, name


def _answer_days(acting: Acting, finding: Finding | None) -> date | None:
    """By when an answer is asked for: what the zone says, else the rule for consultations; None where years are missing."""
    inquiry = acting.inquiry
    days = (finding.facts.get("answer_days") if finding else None) or inquiry.ask("days.consultation_asked").value
    return run_by_rules(inquiry, acting.today, int(days)).finish if days else None


def _question_facts(acting: Acting, finding: Finding | None) -> dict[str, Any]:
    """What the question says, and nothing that the addressee must not know: where, how much, for what, from when to when."""
    use = acting.case.row.use or {}
    told = {"case": acting.case.number, "use_type": use.get("type"), "from": use.get("from"), "to": use.get("to")}
    if finding is not None:
        told |= {
            name: plain(finding.facts[name])
            for name in ("overlap_ha", "layers", "layer_zh", "layer_en")
            if name in finding.facts
        }
    return told


def link_token(keys: PartyKeys, question: Question) -> str:
    """The secret of a question's signed link: derived, never stored; it holds for this question and this boundary only."""
    told = f"question/{question.id}/{question.boundary_hash}".encode()
    return base64.urlsafe_b64encode(hmac.digest(keys.equality, told, "sha256")).decode().rstrip("=")


def question_behind(session: Session, token: str) -> Question:
    """The open question to which a signed link leads; refused for any other link, and once it is answered."""
    question = queries.question_by_token(session, hashlib.sha256(token.encode(errors="replace")).digest())
    if question is None:
        raise Refusal("question.link_unknown")
    if question.standing == "closed":
        raise Refusal("question.withdrawn")
    if question.standing != "open":
        raise Refusal("question.answered_already", on=question.answered_on)
    return question


def open_question(acting: Acting) -> Question | None:
    """The open question behind the act's step and key."""
    step = acting.asked.name.partition(".")[0]
    if acting.asked.key is None:
        return None
    found = queries.questions_of(acting.session, acting.case.row.id, key=acting.asked.key, step=step)
    return next((each for each in reversed(found) if each.standing == "open"), None)


def close_question(acting: Acting, outcome: str, facts: Mapping[str, Any], how: str) -> None:
    """Take down the answer of the question behind the act's key; a consent to a layered right files its papers."""
    question = open_question(acting)
    if question is None:
        return
    digest = facts.get("consent_digest") or facts.get("answer_digest")
    on_file = {each.digest for each in queries.materials_on_file(acting.session, acting.case.row.id)}
    question.standing, question.answer, question.answered_on = "answered", outcome, acting.today
    question.answered_how = how
    question.answer_digest = f"sha256:{digest}" if f"sha256:{digest}" in on_file else None
    if outcome == "give":
        _file_papers(acting, question)


def consent_record(case: Opened, question: Question, *, answer: str, who: int | None, on: date) -> bytes:
    """A consent given or refused in the portal or by link, as bytes that can be kept: question and answer in canonical JSON."""
    return rfc8785.dumps(
        {
            "format": "haiyu-consent/1",
            "case": case.number,
            "question": question.id,
            "boundary": question.boundary_hash,
            "asked": question.question,
            "party": question.party_id,
            "person": who,
            "answer": answer,
            "on": on.isoformat(),
        }
    )


def _file_papers(acting: Acting, question: Question) -> None:
    """Consent and the argumentation's conclusion go on the file of the layered pair, for the register to see."""
    reason = str((question.finding or {}).get("facts", {}).get("reason", ""))
    if not reason.startswith(("layers.", "heights.")):
        return
    materials = {each.name: each for each in queries.materials_on_file(acting.session, acting.case.row.id)}
    argument = materials.get(ARGUMENTATION)
    if argument is None:
        raise Refusal("question.no_argumentation", case=acting.case.number)
    if question.answer_digest is not None:
        # Recorded by the window: what the party has signed on paper.
        scan = next(each for each in materials.values() if each.digest == question.answer_digest)
        consent = (scan.title, queries.file_content(acting.session, scan.digest))
    else:
        who = acting.works.actor.person
        record = consent_record(acting.case, question, answer="give", who=who, on=acting.today)
        consent = ("consent.json", record)
    file_layering_papers(
        acting.session,
        case_number=acting.case.number,
        boundary_hash=question.boundary_hash,
        consent=consent,
        conclusion=(argument.title, queries.file_content(acting.session, argument.digest)),
        # The papers are the office's file: the system puts them there on the strength of the answer.
        actor=Actor.machine(),
        **_earlier_side(question),
    )


def _withdraw_papers(acting: Acting, question: Question) -> None:
    """The consent was taken back, so what was filed on the strength of it is out of force."""
    withdraw_layering_papers(
        acting.session,
        case_number=acting.case.number,
        boundary_hash=question.boundary_hash,
        actor=Actor.machine(),
        **_earlier_side(question),
    )


def _earlier_side(question: Question) -> dict[str, Any]:
    """The right or the case that a consent's key names."""
    kind, _, name = question.key.partition(":")
    return {"earlier_right": int(name) if kind == RIGHT else None, "earlier_case": name if kind == CASE else None}


def kept_consent(acting: Acting) -> str | None:
    """Keep the record of an answer given in the portal or by link; its digest (hex), None where no question is open."""
    question = open_question(acting)
    if question is None:
        return None
    answer = acting.asked.name.partition(".")[2]
    record = consent_record(acting.case, question, answer=answer, who=acting.works.actor.person, on=acting.today)
    return keep_file(acting.session, "consent.json", record).partition(":")[2]


def case_number_of(session: Session, question: Question) -> str:
    """The number of the case that asks."""
    number = queries.case_number(session, question.case_id)
    assert number is not None
    return number


def brought(question: Question, outcome: str, words: str, file: str | None) -> tuple[dict[str, Any], dict[str, str]]:
    """Facts and free words of an answer: a file by its digest, else the words, whose digest the act states."""
    name = "consent" if question.step == "consents" else "answer"
    if file is not None:
        return {f"{name}_digest": file.removeprefix("sha256:")}, {}
    return {}, {name: words} if words.strip() else {}
