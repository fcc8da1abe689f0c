"""One case from the form to the registered right, act by act through the engine on real PostGIS."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from approvals import queries
from approvals.acts import Event
from approvals.cases.checking import compute_again, digest_of
from approvals.cases.drafting import HolderShare, set_holders
from approvals.cases.views import form_view
from approvals.engine import replay
from data import overlay
from data.actors import Actor
from data.answers import Refusal
from data.rulebook import packaged
from tests.approvals.cases.stage import Story, Town, build_draft, build_town, works
from tests.parcels.builders import rectangle, rows


@pytest.fixture
def town(session: Session) -> Town:
    return build_town(session)


def refusal(story: Story, name: str, actor: Actor | None = None, **given) -> Refusal:
    with pytest.raises(Refusal) as refused:
        story.do(name, actor, **given)
    return refused.value


def test_a_clean_parcel_goes_from_the_form_to_a_registered_right(session: Session, town: Town) -> None:
    story = Story(session, town).registered()
    row = story.case.row
    assert (row.standing, row.decided_on, row.accepted_on) == ("registered", story.now.date(), date(2026, 9, 2))
    found = rows(
        session,
        "SELECT r.case_number, r.entered_on, r.term::text, p.parcel_code, y.party_id FROM sea_right r"
        " JOIN sea_right_parcel l ON l.right_id = r.id JOIN parcel p ON p.id = l.parcel_id"
        " JOIN sea_right_party y ON y.right_id = r.id WHERE r.id = :right",
        right=row.right_id,
    )
    assert found == [
        (story.number, story.now.date(), "[2027-01-01,2042-01-01)", story.case.state.fact("parcel_code"), town.party)
    ]
    assert story.case.state.fact("parcel_code").startswith("371082000000GH")
    held = rows(session, "SELECT standing FROM occupation WHERE right_id = :r AND upper_inf(known)", r=row.right_id)
    assert held == [("registered",)]


def test_the_case_is_what_its_events_tell(session: Session, town: Town) -> None:
    story = Story(session, town).registered()
    told = [
        Event(event.kind.removeprefix("case."), event.body)
        for event in queries.events_of_case(session, story.number)
        if event.kind.startswith("case.") and "tasks" in event.body
    ]
    assert replay(told) == story.case.state
    tasks = rows(
        session,
        "SELECT number, step, status, outcome FROM case_task WHERE case_id = :c ORDER BY number",
        c=story.case.row.id,
    )
    assert tasks == [(task.number, task.step, task.status, task.outcome) for task in story.case.state.tasks]


def test_each_act_reserves_the_papers_that_the_template_names(session: Session, town: Town) -> None:
    story = Story(session, town).registered()
    kinds = [document.kind for document in queries.documents_of(session, story.case.row.id)]
    assert kinds == [
        "use_application", "registration_application", "boundary_sheet", "position_sheet", "acceptance_notice", "decision",
        "fee_notice", "statement_of_registration", "register_extract", "boundary_sheet", "position_sheet",
    ]  # fmt: skip
    numbers = [document.number for document in story.documents]
    assert len(set(numbers)) == len(numbers)
    assert {document.standing for document in story.documents} == {"making"}


def test_a_known_profile_and_a_drawn_parcel_leave_at_most_nine_fields_to_enter(session: Session, town: Town) -> None:
    story = Story(session, town).open().fill()
    told = form_view(session, story.case, works(town.enterprise))
    assert (told["counters"]["raw"], told["counters"]["merged"]) == (40, 25)
    assert told["counters"]["entered"] <= 9
    known = {field["name"]: field["answer"]["source"] for field in told["fields"] if field["answer"]}
    assert known["applicant_name"] == "profile"
    assert (known["area"], known["points"]) == ("geometry", "geometry")
    assert known["use_type"] == "typed"


def test_identity_numbers_are_sealed_and_never_in_an_event(session: Session, town: Town) -> None:
    story = Story(session, town).submitted()
    secret = "11010519491231002X"
    for table in ("case_answer", "event", "document", "message", "procrastinate_jobs"):
        found = rows(session, f"SELECT count(*) FROM {table} t WHERE t::text LIKE :secret", secret=f"%{secret}%")
        assert found == [(0,)], table
    sealed = "SELECT count(*) FROM case_answer WHERE case_id = :c AND sealed IS NOT NULL"
    assert rows(session, sealed, c=story.case.row.id) == [(2,)]


def test_the_filed_report_is_computed_again_to_the_same_digest(session: Session, town: Town) -> None:
    story = Story(session, town).accepted()
    filed = queries.last_report(session, story.case.row.id, "acceptance")
    assert filed is not None
    # Whatever is entered since, the report comes out as it was.
    overlay.keep(session, packaged())
    Story(session, town, story.now).accepted(build_draft(rectangle(300, 0, 600, 300)))
    assert digest_of(compute_again(session, filed, [])) == filed.digest


def test_co_holders_are_registered_with_their_shares(session: Session, town: Town) -> None:
    story = Story(session, town).open()
    shares = [HolderShare(town.party, "shares", 2, 3), HolderShare(town.other, "shares", 1, 3)]
    set_holders(session, story.number, shares, works(town.enterprise))
    story.fill().sign().do("submission.submit")
    answers = {
        field["name"]: field["answer"] for field in form_view(session, story.case, works(town.enterprise))["fields"]
    }
    assert answers["applicant_name@2"]["value"] == "桑沟湾示例养殖专业合作社"
    finish(story)
    held = "SELECT party_id, holding, share_numerator, share_denominator FROM sea_right_party WHERE right_id = :r ORDER BY 1"
    assert rows(session, held, r=story.case.row.right_id) == [
        (town.party, "shares", 2, 3),
        (town.other, "shares", 1, 3),
    ]


def finish(story: Story) -> Story:
    """From a submitted case to a registered right."""
    story.later(1).do("acceptance.accept").do("technical_review.pass", facts={"expert_review": False})
    story.file("survey_record")
    story.do("site_survey.record", facts={"surveyed_on": story.now.date().isoformat()})
    for task in story.case.state.open_tasks():
        if task.step == "consultation":
            story.do("consultation.no_objection", story.town.officer("window"), key=task.key)
    story.later(9).do("public_notice.close", facts={"objections": 0}).do("decision.approve").do("bill.issue")
    facts = {
        "paid_yuan": str(story.case.state.fact("owed_yuan")),
        "paid_on": story.now.date().isoformat(),
        "receipt_number": f"R-{story.number}",
        "voucher_digest": story.file("voucher"),
    }
    return story.do("receipt.paid", facts=facts).do("registration.register")


@pytest.mark.parametrize(
    "shares",
    [
        [HolderShare(1, "sole"), HolderShare(2, "sole")],
        [HolderShare(1, "shares", 1, 2), HolderShare(2, "shares", 1, 3)],
        [HolderShare(2, "joint"), HolderShare(1, "joint")],
        [HolderShare(1, "joint"), HolderShare(1, "joint")],
        [HolderShare(1, "joint")],
        [],
    ],
)
def test_holders_that_do_not_make_a_whole_are_refused(session: Session, town: Town, shares: list[HolderShare]) -> None:
    ids = {1: town.party, 2: town.other}
    story = Story(session, town).open()
    named = [HolderShare(ids[s.party_id], s.holding, s.numerator, s.denominator) for s in shares]
    with pytest.raises(Refusal) as refused:
        set_holders(session, story.number, named, works(town.enterprise))
    assert refused.value.code in {"case.holders", "case.holding_kinds", "case.shares_not_whole"}


def test_what_the_city_must_decide_the_county_cannot(session: Session, town: Town) -> None:
    story = Story(session, town).judged(build_draft(rectangle(0, 0, 400, 300)))
    assert refusal(story, "decision.approve").code == "guard.other_authority"
    story.do("decision.approve", town.officer("approver", town.city))
    assert story.case.state.fact("authority") == "3710"


def test_the_register_book_and_the_case_agree_on_the_area(session: Session, town: Town) -> None:
    story = Story(session, town).registered()
    area = session.execute(
        text("SELECT area_registered FROM sea_right WHERE id = :r"), {"r": story.case.row.right_id}
    ).scalar_one()
    assert f"{area:.4f}" == f"{build_draft().boundary.area:.4f}"
