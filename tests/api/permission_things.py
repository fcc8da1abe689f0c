"""Three things for the permission test, each made of bare rows: a case with what hangs on it, and the objects beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.permissions import Subject
from api.subjects import of_case, of_question
from approvals.engine import begin
from approvals.library import packaged
from approvals.models import Case, CaseMaterial, Document, Message, Question
from parcels.papers import keep_file
from tests.api.people import town

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Thing:
    """The applicant's own at Rongcheng, another party's there, or another party's at Rushan (`name` says which)."""

    name: str
    party: int
    place: str
    login: str
    authorisation: int
    case: str
    case_subject: Subject
    question: int
    question_subject: Subject
    material: int
    document: str
    message: int

    @property
    def party_subject(self) -> Subject:
        """What is the party's own and has no place."""
        return Subject(party_ids=frozenset({self.party}))

    @property
    def opening_subject(self) -> Subject:
        """A case that the party would open there: its own, in the place's chain, with nobody asked yet."""
        return Subject(party_ids=frozenset({self.party}), place_chain=self.case_subject.place_chain)


def things(session: Session) -> list[Thing]:
    """The three, written as rows; each asks a party that is not its own."""
    return [
        _thing(session, "own", town.OYSTER, "371082", town.COOPERATIVE, "sample.oyster"),
        _thing(session, "other", town.SEAFOOD, "371082", town.VILLAGE, "sample.seafood"),
        _thing(session, "elsewhere", town.SEAFOOD, "371083", town.VILLAGE, "sample.window.371083"),
    ]


def _thing(session: Session, name: str, party: int, place: str, asked: int, login: str) -> Thing:
    party_id, place_id = town.party_id(session, party), town.place_id(session, place)
    case = _case(session, f"TEST-{name}", party_id, place_id)
    question = Question(
        case_id=case.id, step="consents", key=name, party_id=town.party_id(session, asked), question={},
        boundary_hash="-", asked_on=town.DAY, standing="open",
    )  # fmt: skip
    message = Message(
        case_id=case.id, to_party_id=party_id, code="samples.rights", facts={}, recorded_at=AT, channel="portal"
    )
    material, document = _material(session, case), _document(case, name)
    session.add_all([question, message, material, document])
    session.flush()
    number = text("SELECT id FROM authorisation WHERE party_id = :party LIMIT 1")
    return Thing(
        name=name,
        party=party_id,
        place=place,
        login=login,
        authorisation=session.execute(number, {"party": party_id}).scalar_one(),
        case=case.number,
        case_subject=of_case(session, case),
        question=question.id,
        question_subject=of_question(session, question, case),
        material=material.id,
        document=document.code,
        message=message.id,
    )


def _case(session: Session, number: str, party: int, place: int) -> Case:
    """A case of the real template that has just begun, without a use yet."""
    template = packaged().newest("establishment")
    case = Case(
        number=number, template=template.template, template_version=template.version, template_hash=template.hash,
        state=begin(template, town.DAY - timedelta(days=1)).state.as_json(), version=0, party_id=party, salt=b"s" * 32, scope_place_id=place,
    )  # fmt: skip
    session.add(case)
    session.flush()
    return case


def _material(session: Session, case: Case) -> CaseMaterial:
    digest = keep_file(session, "note.txt", "示例材料。".encode())
    return CaseMaterial(
        case_id=case.id, name="argumentation", title="note.txt", digest=digest, media_type="text/plain", size_bytes=15,
        provided_by="applicant", recorded_at=AT,
    )  # fmt: skip


def _document(case: Case, name: str) -> Document:
    """A paper that is still being made."""
    sign = {"own": "2", "other": "3", "elsewhere": "4"}[name]
    return Document(
        case_id=case.id, kind="acceptance_notice", number=f"示例〔2026〕{sign}号", code="-".join([sign * 4] * 5), issued_on=date(2026, 11, 23),
        standing="making", is_sample=True, template_hash="-", rules_hash="-", content=b"-", content_digest="-", recorded_at=AT,
    )  # fmt: skip
