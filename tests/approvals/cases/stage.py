"""A small sea with a county, a city, a party with a verified profile, and a story that runs a case act by act."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import shapely
from sqlalchemy.orm import Session

from approvals.cases import drafting, notices, running, signing
from approvals.cases.acting import Asked
from approvals.cases.store import Opened, Works, case_for
from approvals.effects import Effect
from approvals.materials import MediaKind, add_material
from approvals.models import Document, Message
from approvals.papers.issuers import NewIssuer, builtin_issuer, enter_issuer
from approvals.profiles import verify
from data.actors import Actor
from data.clock import recorded_at
from data.rulebook import packaged
from marine.boundary import Polygon, settle
from marine.identifiers import uscc_check
from marine.spaces import Layer
from parcels.drafts import ParcelDraft
from parcels.models import Place
from parcels.parties import NewParty, PartyKeys, enter_party
from tests.parcels.builders import build_place, rectangle

KEYS = PartyKeys.from_secret(b"s" * 32)
MORNING = datetime(2026, 9, 1, 2, tzinfo=UTC)
FIRST, LAST = date(2027, 1, 1), date(2041, 12, 31)
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"  # fmt: skip
# What sniffing it says; opening it in a process of its own is tested where it lives.
A_PDF = MediaKind(kind="pdf", media_type="application/pdf", pages=1)
FORM = {
    "contact": "李四",
    "project_name": "示例牡蛎养殖",
    "investment": "320.5",
    "project_nature": "commercial",
    "structure": "201",
}
OFFICES = ("natural_resources", "ecology", "maritime", "fishery")


@dataclass(frozen=True, slots=True)
class Town:
    """The places, the party, and who works where."""

    county: int
    city: int
    party: int
    other: int

    @property
    def enterprise(self) -> Actor:
        """A person who acts for the party."""
        return Actor(person=1, acts_for=frozenset({self.party}), roles=frozenset({"enterprise"}))

    def officer(self, role: str, place: int | None = None, person: int = 2) -> Actor:
        """An officer of the county, or of the place given."""
        at = self.county if place is None else place
        return Actor(
            person=person,
            roles=frozenset({role, "officer"}),
            places=frozenset({at}),
            posts=frozenset({(role, at)}),
        )


def build_town(session: Session) -> Town:
    """荣成市 beneath 威海市 with some sea, a company with a verified profile, another party, and the built-in issuer."""
    county = build_place(session, "371082", rectangle(-20_000, -20_000, 20_000, 20_000), registry="371082")
    city = session.get_one(Place, county).parent_id
    assert city is not None
    party = _party(session, "荣成示例牡蛎养殖有限公司", "91371082MA0000001")
    other = _party(session, "桑沟湾示例养殖专业合作社", "93371082MA0000003")
    if builtin_issuer(session) is None:
        new = NewIssuer(
            place_id=None, name_zh="内置示例机关", name_en="Built-in sample issuer", signer="haiyu sample issuer",
            certificate=b"none", key_name="none", since=date(2020, 1, 1), is_builtin=True,
        )  # fmt: skip
        enter_issuer(session, new, actor=Actor.machine(), at=recorded_at(session))
    return Town(county, city, party, other)


def _party(session: Session, name: str, body: str) -> int:
    number = body + uscc_check(body)
    new = NewParty(name=name, kind="company", scheme="uscc", number=number)
    party = enter_party(session, new, actor=Actor.administrator(), keys=KEYS)
    facts = {
        "legal_person": "张三",
        "legal_person_id": "11010519491231002X",
        "address": "山东省威海市荣成市某某路1号",
        "phone": "0631-7560000",
    }
    day = date(2026, 3, 1)
    verify(session, party, facts, verified_on=day, verified_by="示例核验", keys=KEYS, actor=Actor.machine())
    return party


def build_draft(shape: Any = None, **given: Any) -> ParcelDraft:
    """An open pier over 300 m by 300 m for fifteen years."""
    box = rectangle(0, 0, 300, 300) if shape is None else shape
    boundary = settle(Polygon.from_shapely(box)).boundary
    assert boundary is not None
    values: dict[str, Any] = {
        "use_type": "13",
        "unit_modes": ("23",) * len(boundary.units),
        "layers": int(Layer.ALL),
        "held": (FIRST, LAST),
        "origin": "cgcs2000",
    }
    return ParcelDraft(boundary=boundary, **values | given)


def works(actor: Actor, now: datetime = MORNING) -> Works:
    """What an act is handed."""
    return Works(book=packaged(), keys=KEYS, actor=actor, now=now)


@dataclass
class Story:
    """One case, told act by act; the jobs that each act enqueued are carried out as the worker would."""

    session: Session
    town: Town
    now: datetime = MORNING
    number: str = ""
    effects: list[Effect] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    applicant: Actor | None = None

    @property
    def enterprise(self) -> Actor:
        return self.applicant or self.town.enterprise

    @property
    def case(self) -> Opened:
        return case_for(self.session, self.number)

    def works(self, actor: Actor) -> Works:
        return works(actor, self.now)

    def later(self, days: int) -> Story:
        self.now += timedelta(days=days)
        return self

    def open(self, draft: ParcelDraft | None = None, **given: Any) -> Story:
        """Open the case with its boundary."""
        (party,) = self.enterprise.acts_for
        new = drafting.NewCase(template="establishment", party_id=party, draft=draft or build_draft(), **given)
        self.number = drafting.open_case(self.session, new, self.works(self.enterprise)).case.number
        return self

    def fill(self, **changed: Any) -> Story:
        """Fill what must be typed, tick the declaration, and put the papers on the file that the law names."""
        drafting.fill(self.session, self.number, {**FORM, "declaration": True, **changed}, self.works(self.enterprise))
        for name in ("argumentation", "credit"):
            self.file(name, provided_by="applicant", actor=self.enterprise)
        return self

    def file(self, name: str, *, provided_by: Any = "office", actor: Actor | None = None, content: bytes = b"") -> str:
        """Put a file on the case's file; its digest (hex)."""
        case = case_for(self.session, self.number, lock=True)
        told = add_material(
            self.session, case.row, name, f"{name}.pdf", content or PDF, provided_by=provided_by,
            actor=actor or self.town.officer("window"), at=recorded_at(self.session), kind=A_PDF,
        )  # fmt: skip
        return told.digest.partition(":")[2]

    def sign(self) -> Story:
        """Sign by the code that was sent."""
        what = signing.declared(self.session, self.case, self.works(self.enterprise))
        assert what.findings == (), [(each.code, dict(each.facts)) for each in what.findings]
        _, message = signing.ask_for_code(self.session, self.number, self.works(self.enterprise))
        code = KEYS.open_text(signing.CODE_PURPOSE, message.sealed or b"")
        signed = signing.sign_by_code(self.session, self.number, code, self.works(self.enterprise))
        assert not isinstance(signed, Exception), signed
        return self

    def do(self, name: str, actor: Actor | None = None, **given: Any) -> Story:
        """Do one act; checklists pass where nothing is said."""
        who = actor or self._actor_of(name)
        if "checklist" not in given:
            step = self.case.template.steps.get(name.partition(".")[0])
            outcome = step.outcomes.get(name.partition(".")[2]) if step else None
            if outcome is not None and outcome.checklist is not None and step is not None:
                given["checklist"] = dict.fromkeys(step.checklist, "pass")
        done = running.do_act(self.session, self.number, Asked(name=name, **given), self.works(who))
        self.effects = list(done.effects)
        self.documents += done.documents
        for effect in done.effects:
            if effect.kind == "publish_notice":
                notices.publish(self.session, self.number, self.works(Actor.machine()))
        return self

    def _actor_of(self, name: str) -> Actor:
        template = self.case.template
        role = running.roles_in(template, name)[0]
        if role == "enterprise":
            return self.enterprise
        return Actor.machine() if role == "system" else self.town.officer(role)

    # Stages that many tests begin from.

    def submitted(self, draft: ParcelDraft | None = None, **given: Any) -> Story:
        return self.open(draft, **given).fill().sign().do("submission.submit")

    def accepted(self, draft: ParcelDraft | None = None, **given: Any) -> Story:
        return self.submitted(draft, **given).later(1).do("acceptance.accept")

    def judged(self, draft: ParcelDraft | None = None, **given: Any) -> Story:
        """Everything before the decision is done."""
        self.accepted(draft, **given).do("technical_review.pass", facts={"expert_review": False})
        self.file("survey_record")
        self.do("site_survey.record", facts={"surveyed_on": self.now.date().isoformat()})
        for task in self.case.state.open_tasks():
            if task.step == "consultation":
                self.do("consultation.no_objection", self.town.officer("window"), key=task.key)
        return self.later(9).do("public_notice.close", facts={"objections": 0})

    def approved(self, draft: ParcelDraft | None = None, **given: Any) -> Story:
        return self.judged(draft, **given).do("decision.approve")

    def billed(self, draft: ParcelDraft | None = None, **given: Any) -> Story:
        return self.approved(draft, **given).do("bill.issue")

    def paid(self, draft: ParcelDraft | None = None, **given: Any) -> Story:
        self.billed(draft, **given)
        voucher = self.file("voucher", content=PDF + hashlib.sha256(self.number.encode()).digest())
        facts = {
            "paid_yuan": str(self.case.state.fact("owed_yuan")),
            "paid_on": self.now.date().isoformat(),
            "receipt_number": f"R-{self.number}",
            "voucher_digest": voucher,
        }
        return self.do("receipt.paid", facts=facts)

    def registered(self, draft: ParcelDraft | None = None, **given: Any) -> Story:
        return self.paid(draft, **given).do("registration.register")

    def messages(self) -> list[Message]:
        return self.session.query(Message).filter_by(case_id=self.case.row.id).all()


def for_party(story: Story, party: int, person: int = 9) -> Story:
    """Another applicant's story in the same town."""
    actor = Actor(person=person, acts_for=frozenset({party}), roles=frozenset({"enterprise"}))
    return replace(Story(story.session, story.town, story.now), applicant=actor)


def box(west: float, south: float, east: float, north: float) -> Any:
    """A rectangle in metres from the corner of the tests' sea, in milliseconds."""
    return rectangle(west, south, east, north)


def as_shape(draft: ParcelDraft) -> Any:
    """The draft's polygon, in milliseconds."""
    return shapely.Polygon(draft.boundary.parcel.exterior)
