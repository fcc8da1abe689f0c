"""Who acts for whom, through HTTP: entered at the window with its document, in force at once, taken back at once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from data.verify import verify_streams
from parcels.samples.people import PARTIES
from tests.api.client import TestClient
from tests.api.people import town as places
from tests.api.people.conftest import Opened, Town
from tests.api.people.signing_in import sign_in, signed_in
from tests.support.databases import Database

PATH, MINE = "/api/v1/authorisations", "/api/v1/parties/mine"
LETTER = {"basis": ("授权书.txt", "荣成示例牡蛎养殖有限公司授权王示例。示例数据。".encode(), "text/plain")}


@pytest.fixture
def town(opened: Opened) -> Town:
    return opened()


@pytest.fixture
def window(town: Town) -> TestClient:
    return sign_in(town.client(), "sample.window.371082")


@pytest.fixture
def oyster(town: Town) -> int:
    """The oyster farm, for which `sample.oyster` acts."""
    with town.sessions() as session:
        return places.party_id(session, places.OYSTER)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def parties(client: TestClient) -> list[str]:
    return [each["name"] for each in client.get(MINE).json()["parties"]]


def test_an_authorisation_is_in_force_at_once_and_gone_at_once(town: Town, window: TestClient, oyster: int) -> None:
    seafood = sign_in(town.client(), "sample.seafood")
    assert parties(seafood) == [PARTIES[places.SEAFOOD].zh]
    made = window.post(PATH, data={"login": "sample.seafood", "party": oyster}, files=LETTER)
    assert (
        made.status_code == 201 and made.json()["from"] == "2026-11-23" and made.json()["basis"].startswith("sha256:")
    )
    assert parties(seafood) == [PARTIES[places.SEAFOOD].zh, PARTIES[places.OYSTER].zh]
    listed = seafood.get(f"{PATH}?party={oyster}").json()["authorisations"]
    assert listed[0]["id"] == made.json()["id"] and len(listed) == 2
    gone = window.delete(f"{PATH}/{made.json()['id']}")
    assert gone.status_code == 200 and gone.json()["withdrawn_at"]
    assert parties(seafood) == [PARTIES[places.SEAFOOD].zh]
    assert code(seafood.get(f"{PATH}?party={oyster}")) == (404, "problems.not_found")
    assert code(window.delete(f"{PATH}/{made.json()['id']}")) == (409, "authorisation.withdrawn")
    # And can be given again on the same day, by the document that is kept.
    again = {"login": "sample.seafood", "party": oyster, "basis_digest": made.json()["basis"]}
    assert window.post(PATH, data=again).status_code == 201


def test_it_holds_on_its_days_only(town: Town, window: TestClient, oyster: int) -> None:
    given = {"login": "sample.seafood", "party": oyster, "from": "2026-11-24", "to": "2026-11-24"}
    assert window.post(PATH, data=given, files=LETTER).json()["to"] == "2026-11-24"
    counted = []
    for _ in range(3):
        counted.append(len(parties(sign_in(town.client(), "sample.seafood"))))
        town.clock.pass_(days=1)
    assert counted == [1, 2, 1]


def test_the_days_are_those_of_weihai(town: Town, window: TestClient, oyster: int) -> None:
    window.post(PATH, data={"login": "sample.seafood", "party": oyster, "from": "2026-11-24"}, files=LETTER)
    # 15:59 and 16:00 UTC of 23 November: one minute before, and at, midnight in Weihai.
    town.clock.now = town.clock.now.replace(hour=15, minute=59)
    assert len(parties(sign_in(town.client(), "sample.seafood"))) == 1
    town.clock.pass_(minutes=1)
    assert len(parties(sign_in(town.client(), "sample.seafood"))) == 2


@pytest.mark.parametrize(
    ("given", "files", "status", "refused"),
    [
        ({}, None, 422, "authorisation.basis_missing"),
        ({"basis_digest": "sha256:0"}, LETTER, 422, "authorisation.basis_missing"),
        ({"basis_digest": "sha256:0"}, None, 422, "authorisation.basis_unknown"),
        ({"party": "999999"}, LETTER, 422, "authorisation.party_unknown"),
        ({"party": "-1"}, LETTER, 422, "problems.form"),
        ({"login": "nobody.here"}, LETTER, 404, "account.not_found"),
        ({"from": "2026-12-02", "to": "2026-12-01"}, LETTER, 422, "authorisation.days_reversed"),
        ({"login": "sample.oyster"}, LETTER, 409, "authorisation.already"),
        ({"login": "sample.oyster", "from": "2030-01-01"}, LETTER, 409, "authorisation.already"),
        ({"login": "sample.window.371082"}, LETTER, 403, "authorisation.to_oneself"),
        ({}, {"basis": ("x.pdf", b"", "application/pdf")}, 422, "material.empty"),
        ({}, {"basis": ("x.pdf", b"MZ\x90\x00\x03 a program", "application/pdf")}, 415, "material.kind_not_allowed"),
    ],
)
def test_what_cannot_be_is_refused(
    peopled_app: Any, peopled: Database, given: dict[str, str], files: Any, status: int, refused: str
) -> None:
    with peopled.sessions()() as session:
        asked = {"login": "sample.seafood", "party": str(places.party_id(session, places.OYSTER)), **given}
    window = signed_in(peopled_app, "sample.window.371082")
    assert code(window.post(PATH, data=asked, files=files)) == (status, refused)


def test_a_person_who_acts_for_a_merged_party_acts_for_the_one_into_which_it_was(town: Town, oyster: int) -> None:
    with town.sessions.begin() as session:
        into = places.party_id(session, places.VILLAGE)
        session.execute(text("UPDATE party SET merged_into_id = :into WHERE id = :one"), {"into": into, "one": oyster})
    client = sign_in(town.client(), "sample.oyster")
    assert (
        client.get(f"{PATH}?party={into}").status_code == 200
        and client.get(f"{PATH}?party={oyster}").status_code == 200
    )


def test_the_record_of_the_party_tells_who_was_authorised_by_whom_and_on_what(
    town: Town, window: TestClient, oyster: int
) -> None:
    made = window.post(PATH, data={"login": "sample.seafood", "party": oyster}, files=LETTER).json()
    window.delete(f"{PATH}/{made['id']}")
    with town.sessions() as session:
        told = session.execute(
            text("SELECT kind, body FROM event WHERE stream = :name AND body ->> 'authorisation' = :id ORDER BY seq"),
            {"name": f"party:{oyster}", "id": str(made["id"])},
        ).all()
        assert [row.kind for row in told] == ["party.authorised", "party.authorisation_withdrawn"]
        assert (told[0].body["account"], told[0].body["basis"], told[0].body["from"]) == (
            made["account"],
            made["basis"],
            "2026-11-23",
        )
        assert verify_streams(session).faults == []


def test_numbers_of_persons_are_masked_and_those_of_bodies_are_not(town: Town) -> None:
    (mine,) = sign_in(town.client(), "sample.oyster").get(MINE).json()["parties"]
    told = {field: fact["value"] for field, fact in mine["profile"].items()}
    assert told["id_kind"] == "uscc" and told["id_number"].startswith("91371082MA0000001")
    assert told["legal_person_id"].startswith("3710********") and len(told["legal_person_id"]) == 16
    assert mine["profile"]["address"] == {
        "value": "山东省荣成市示例路 1 号",
        "verified_on": "2026-11-23",
        "verified_by": "示例核验",
    }
    (mine,) = sign_in(town.client(), "sample.person").get(MINE).json()["parties"]
    assert mine["profile"]["id_number"]["value"].startswith("3710********") and "legal_person" not in mine["profile"]
