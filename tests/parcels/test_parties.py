"""Parties: encrypted identifiers, equality by a keyed hash, names by date."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.answers import Refusal
from parcels.models import Party, PartyIdentifier
from parcels.parties import NewParty, PartyKeys, enter_party, find_party, name_of
from parcels.queries import known_parties
from tests.parcels.builders import OFFICER, rows

KEYS = PartyKeys.from_secret(b"s" * 32)
USCC = "91371000MA3C00001W"


@pytest.fixture
def uscc() -> str:
    """A code whose check digit fits."""
    from marine.identifiers import uscc_check

    return USCC[:17] + uscc_check(USCC[:17])


def test_the_number_is_stored_encrypted_and_comes_back(session: Session, uscc: str) -> None:
    party_id = enter_party(session, NewParty(name="甲公司", scheme="uscc", number=uscc), actor=OFFICER, keys=KEYS)
    stored = session.scalars(select(PartyIdentifier).where(PartyIdentifier.party_id == party_id)).one()
    assert stored.ciphertext is not None and uscc.encode() not in stored.ciphertext
    assert KEYS.open("uscc", stored.ciphertext) == uscc
    assert stored.check_digit_ok is True


def test_a_number_is_found_however_it_is_written(session: Session, uscc: str) -> None:
    party_id = enter_party(session, NewParty(name="甲公司", scheme="uscc", number=uscc), actor=OFFICER, keys=KEYS)
    spaced = f"{uscc[:8]} {uscc[8:].lower()}"
    assert find_party(session, "uscc", spaced, keys=KEYS) == party_id
    assert find_party(session, "passport", uscc, keys=KEYS) is None
    assert find_party(session, "uscc", uscc, keys=PartyKeys.from_secret(b"t" * 32)) is None


def test_the_same_number_is_the_same_party(session: Session, uscc: str) -> None:
    one = enter_party(session, NewParty(name="甲公司", scheme="uscc", number=uscc), actor=OFFICER, keys=KEYS)
    assert (
        enter_party(session, NewParty(name="甲有限公司", scheme="uscc", number=uscc), actor=OFFICER, keys=KEYS) == one
    )


def test_a_merged_party_leads_to_the_one_it_was_merged_into(session: Session, uscc: str) -> None:
    one = enter_party(session, NewParty(name="甲公司", scheme="uscc", number=uscc), actor=OFFICER, keys=KEYS)
    other = enter_party(session, NewParty(name="乙公司"), actor=OFFICER, keys=KEYS)
    session.get_one(Party, one).merged_into_id = other
    session.flush()
    assert find_party(session, "uscc", uscc, keys=KEYS) == other


def test_a_failed_check_digit_blocks_a_new_party(session: Session, uscc: str) -> None:
    wrong = uscc[:17] + ("0" if uscc[17] != "0" else "1")
    with pytest.raises(Refusal) as caught:
        enter_party(session, NewParty(name="甲公司", scheme="uscc", number=wrong), actor=OFFICER, keys=KEYS)
    assert caught.value.code == "party.check_digit" and wrong not in str(caught.value.facts)


def test_the_event_of_a_party_names_nobody_but_its_text_can_be_erased(session: Session) -> None:
    enter_party(session, NewParty(name="张三", kind="person"), actor=OFFICER, keys=None)
    assert rows(session, "SELECT count(*) FROM event WHERE convert_from(envelope, 'UTF8') LIKE '%张三%'") == [(0,)]
    assert rows(session, "SELECT name, content FROM event_text") == [("name", "张三")]


def test_a_name_is_asked_by_day(session: Session) -> None:
    party_id = enter_party(session, NewParty(name="甲公司"), actor=OFFICER, keys=None, since=date(2020, 1, 1))
    assert name_of(session, party_id, date(2020, 1, 1)) == "甲公司"
    assert name_of(session, party_id, date(2019, 12, 31)) is None


def test_a_sealed_number_is_bound_to_its_scheme_and_keys() -> None:
    sealed = KEYS.seal("passport", "E1")
    assert KEYS.seal("passport", "E1") != sealed
    with pytest.raises(InvalidTag):
        KEYS.open("uscc", sealed)
    with pytest.raises(InvalidTag):
        PartyKeys.from_secret(b"t" * 32).open("passport", sealed)


def test_the_key_file_is_made_once_for_its_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "parties.key"
    keys = PartyKeys.from_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert PartyKeys.from_file(path) == keys
    assert "encryption" not in repr(keys)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32"):
        PartyKeys.from_secret(b"short")


def test_a_sealed_text_opens_for_its_own_purpose_only_and_as_it_was_written() -> None:
    sealed = KEYS.seal_text("party_fact/1/legal_person_id", " 3710-x ")
    assert KEYS.open_text("party_fact/1/legal_person_id", sealed) == " 3710-x "
    assert b"3710" not in sealed and sealed != KEYS.seal_text("party_fact/1/legal_person_id", " 3710-x ")
    for purpose, changed in (
        ("party_fact/2/legal_person_id", sealed),
        ("party_fact/1/legal_person_id", sealed[:-1] + bytes([sealed[-1] ^ 1])),
    ):
        with pytest.raises(InvalidTag):
            KEYS.open_text(purpose, changed)


def test_the_keyed_hash_of_a_text_stands_apart_from_those_of_identifiers_and_other_purposes() -> None:
    assert KEYS.hash_text("login", "x") == KEYS.hash_text("login", "x")
    assert len({KEYS.hash_text("login", "x"), KEYS.hash_text("other", "x"), KEYS.hashed("login", "x")}) == 3


def test_processes_that_start_at_once_read_one_key_file(tmp_path: Path) -> None:
    """Of two servers that started together one read the file of the other half written, and did not come up."""
    path = tmp_path / "keys" / "parties.key"
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda _: PartyKeys.from_file(path), range(64)))
    assert len(set(made)) == 1 and [each.name for each in path.parent.iterdir()] == ["parties.key"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("阿斯", ["阿斯塔 Xq", "查阿斯"]),
        ("xq", ["阿斯塔 Xq"]),
        ("斯塔 XQ", ["阿斯塔 Xq"]),
        ("阿塔", []),
        ("100%", ["满100%_号"]),
        ("%_", ["满100%_号"]),
        ("阿", []),
    ],
)
def test_words_are_found_anywhere_in_a_name_two_signs_suffice(session: Session, words: str, found: list[str]) -> None:
    for name in ("查阿斯", "阿斯塔 Xq", "满100%_号", "阿水塔"):
        enter_party(session, NewParty(name=name), actor=OFFICER, keys=KEYS, since=date(2020, 1, 1))
    told = known_parties.find_parties(session, words, date(2026, 1, 1), keys=KEYS)
    assert [each.name for each in told] == found
