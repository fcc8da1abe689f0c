"""What the doors of a case tell of a hidden zone (register.md §5): the applicant what the check tells, every officer of the place all."""

from __future__ import annotations

from typing import Any

import pytest

from api.app import create_app
from api.demo.teller import PDF
from tests.api.client import TestClient
from tests.api.conftest import NOW, settings_for
from tests.api.people.signing_in import signed_in
from tests.api.people.test_disclosure import INSIDE
from tests.support.databases import Database

USE = {"boundary": {"exterior": INSIDE}, "type": "13", "mode": "41", "from": "2027-01-01", "to": "2041-12-31"}
TYPED = {
    "contact": "王示例",
    "project_name": "示例养殖",
    "investment": "1",
    "project_nature": "commercial",
    "declaration": True,
}
# The layer and its zone, in both languages.
SECRETS = ("hidden图层", "hidden layer", "layer:hidden", "不公开", "Secret")


def done(answer: Any) -> Any:
    assert answer.is_success, answer.text
    return answer.json()


@pytest.fixture
def app(own_people: Database) -> Any:
    """An application of the test's own, for it writes."""
    made = create_app(settings_for(own_people), clock=lambda: NOW, samples_allowed=True)
    # Starting makes the issuer of sample papers.
    with TestClient(made):
        yield made


def accepted(app: Any, owner: TestClient) -> str:
    """The path of a case whose parcel lies in the hidden zone, accepted by the window."""
    window = signed_in(app, "sample.window.371082")
    party = done(owner.get("/api/v1/me"))["parties"][0]["party"]
    case = f"/api/v1/cases/{done(owner.post('/api/v1/cases', json={'party': party, 'use': USE}))['number']}"
    assert done(owner.patch(f"{case}/form", json={"answers": TYPED}))["findings"] == []
    # Signed on paper: the stamped scan lies on the case's file.
    digest = {
        name: done(client.post(f"{case}/materials", data={"name": name}, files={"file": (f"{name}.pdf", PDF, "application/pdf")}))["digest"]
        for client, name in ((owner, "argumentation"), (owner, "credit"), (window, "signed_scan"))
    }  # fmt: skip
    done(window.post(f"{case}/signature", json={"scan": digest["signed_scan"]}))
    done(owner.post(f"{case}/acts", json={"act": "submission.submit"}))
    acts = {each["act"]: each for each in done(window.get(f"{case}/acts"))["acts"]}
    passed = dict.fromkeys(acts["acceptance.accept"]["checklist"], "pass")
    done(window.post(f"{case}/acts", json={"act": "acceptance.accept", "checklist": passed}))
    return case


def test_no_door_of_a_case_tells_its_applicant_of_a_hidden_zone_more_than_the_check(app: Any) -> None:
    owner = signed_in(app, "sample.oyster")
    case = accepted(app, owner)
    doors = ["questions", "events", "check", "acts", "clock", "papers", "form", "bill", "materials", "signing"]
    for path in (case, *(f"{case}/{door}" for door in doors), "/api/v1/cases", "/api/v1/messages"):
        answer = owner.get(path)
        assert answer.is_success, path
        assert not [secret for secret in SECRETS if secret in answer.text], path
    (hidden,) = [each for each in done(owner.get(f"{case}/questions"))["questions"] if each["key"] is None]
    assert (hidden["text"]["en"], hidden["standing"]) == ("An office must look at this place.", "open")


def test_every_officer_of_the_place_reads_the_questions_with_their_findings(app: Any) -> None:
    case = accepted(app, signed_in(app, "sample.oyster"))
    for login in ("sample.planner.371000", "sample.steward.371082", "sample.approver.371000"):
        officer = signed_in(app, login)
        questions = {each["key"]: each for each in done(officer.get(f"{case}/questions"))["questions"]}
        assert questions["layer:hidden"]["office"] == "hidden图层"
        assert questions["layer:hidden"]["finding"]["facts"]["overlap_ha"].startswith("30.41")
        assert questions["office:ecology"]["text"]["zh"].endswith("征求意见。")
        told = done(officer.get(f"{case}/events"))["events"]
        assert all(each["whole"] for each in told)
        (record,) = [each["body"]["act"] for each in told if each["kind"] == "case.checking.record"]
        assert "layer:hidden" in record["facts"]["offices"]
        assert "layer:hidden" in {task["key"] for task in done(officer.get(case))["tasks"]}
