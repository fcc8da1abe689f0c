"""The sample accounts: every role of the procedure, profiles that a form can take over, laid once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.people import queries, samples
from approvals.dictionary import forms
from approvals.library import packaged
from approvals.profiles import SEALED, profile_of
from marine.identifiers import id_ok, uscc_ok
from tests.api.people import town
from tests.api.people.signing_in import signed_in
from tests.support.databases import Database


def test_every_role_of_the_procedure_has_somebody_in_both_counties_and_the_city_decides(peopled: Database) -> None:
    roles = packaged().newest("establishment").roles
    held = {(person.role, person.place) for person in samples.ACCOUNTS if person.role}
    for role in set(roles) - {"enterprise", "asked", "system"}:
        assert {(role, samples.RONGCHENG), (role, samples.RUSHAN)} <= held
    assert {
        ("approver", samples.WEIHAI),
        ("planner", samples.WEIHAI),
        ("steward", samples.RONGCHENG),
        ("administrator", None),
    } <= held
    assert all("示例" in person.name for person in samples.ACCOUNTS)


def test_the_page_of_samples_tells_all_of_them_with_posts_and_parties(peopled_app: Any) -> None:
    told = signed_in(peopled_app, None).get("/api/v1/sign-in/samples").json()["samples"]
    assert {each["login"] for each in told} == {person.login for person in samples.ACCOUNTS}
    assert all(bool(each["posts"]) != bool(each["parties"]) for each in told)


def test_a_profile_holds_what_a_form_takes_over_and_every_number_passes_its_check(peopled: Database) -> None:
    asked = {name for name, field in forms()["establishment"].fields.items() if field.source == "profile"}
    with peopled.sessions()() as session:
        for number in range(len(samples.PARTIES)):
            profile = profile_of(session, town.party_id(session, number), keys=town.keys())
            told = {field: fact.value for field, fact in profile.items()}
            body = told["id_kind"] == "uscc"
            assert set(told) == (asked if body else asked - {"legal_person", "legal_person_id"})
            assert uscc_ok(told["id_number"]) if body else id_ok(told["id_number"])
            assert not body or id_ok(told["legal_person_id"])
            assert {fact.verified_by for fact in profile.values()} == {samples.VERIFIED_BY}
        kept = session.execute(text("SELECT field, value, sealed FROM party_fact")).all()
        assert all((row.sealed is not None) == (row.field in SEALED) for row in kept)
        assert not any(b"3710" in bytes(row.sealed) for row in kept if row.sealed)


def test_they_are_laid_where_the_sample_parties_are_and_nobody_has_an_account(
    peopled: Database, session: Session
) -> None:
    with peopled.sessions()() as laid:
        assert queries.has_accounts(laid) and not samples.are_wanted(laid)
    # A register of its own, without the sample world.
    assert not queries.has_accounts(session) and not samples.are_wanted(session)
