"""The table of permissions: what it says where law and trust depend on it, what its file may not hold, and the gate."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.gates import act, check_acts
from api.permissions import Permissions, Subject, demand, packaged_permissions, permissions_from
from approvals.library import packaged
from data.actors import Actor
from data.answers import Refusal
from tests.api.client import TestClient
from tests.api.conftest import settings_for
from tests.support.databases import Database

OFFICERS = ("steward", "window", "reviewer", "approver", "registrar", "planner")
HERE, ELSEWHERE, CITY = 371082, 371083, 3710
CASE = Subject(party_ids=frozenset({7}), asked_party_ids=frozenset({8}), place_chain=(1, 37, CITY, HERE))


def officer(role: str, place: int | None = HERE) -> Actor:
    return Actor(person=1, roles=frozenset({role, "officer"}), posts=frozenset({(role, place)}))


def roles_that_may(name: str) -> set[str]:
    return set(packaged_permissions().row(name).may)


def test_a_steward_helps_and_never_signs_or_acts() -> None:
    for name in ("case.open", "case.form.fill", "case.material.add", "case.see"):
        assert "steward" in roles_that_may(name)
    for name in ("case.sign.ask", "case.sign.give", "case.act", "question.answer"):
        assert "steward" not in roles_that_may(name)


def test_whoever_acts_in_the_procedure_may_act_and_nobody_else() -> None:
    assert roles_that_may("case.act") == set(packaged().newest("establishment").roles) - {"system"}


def test_nobody_but_the_applicant_asks_for_the_code_that_signs() -> None:
    assert roles_that_may("case.sign.ask") == {"enterprise"}


def test_a_planner_sees_the_case_and_no_personal_data_of_it() -> None:
    assert "planner" in roles_that_may("case.see")
    for name in ("case.form.see", "case.material.see", "case.papers.see", "case.paper.file"):
        assert "planner" not in roles_that_may(name)


def test_an_administrator_of_the_machine_reads_no_case() -> None:
    assert not any(
        "administrator" in row.may for name, row in packaged_permissions().rows.items() if name.startswith("case.")
    )


def test_the_rule_book_and_accounts_are_the_administrators_alone() -> None:
    for name in packaged_permissions().rows:
        if name.startswith(("account.", "post.")) or name in ("rules.enter", "rules.confirm", "rules.withdraw"):
            assert roles_that_may(name) == {"administrator"}


@pytest.mark.parametrize("role", OFFICERS)
def test_a_post_holds_at_its_place_below_it_and_not_beside_it(role: str) -> None:
    table = packaged_permissions()
    assert [table.allowed(officer(role, place), "case.see", CASE) for place in (HERE, CITY, 1, None, ELSEWHERE)] == [
        True
    ] * 4 + [False]
    # A case that no place handles yet is seen by posts of everywhere only.
    nowhere = Subject(party_ids=frozenset({7}))
    assert not table.allowed(officer(role), "case.see", nowhere) and table.allowed(
        officer(role, None), "case.see", nowhere
    )


def test_a_role_at_one_place_and_another_role_at_another_do_not_add_up() -> None:
    both = Actor(
        person=1,
        roles=frozenset({"window", "planner", "officer"}),
        posts=frozenset({("window", ELSEWHERE), ("planner", HERE)}),
    )
    table = packaged_permissions()
    assert table.allowed(both, "case.see", CASE) and not table.allowed(both, "case.act", CASE)
    assert table.verdict(both, "case.act", CASE) == "not_yours"


@pytest.mark.parametrize(
    ("actor", "name", "verdict"),
    [
        (Actor.public(), "case.see", "sign_in"),
        (Actor(person=1), "case.see", "not_found"),
        (Actor(person=1, acts_for=frozenset({7})), "case.see", "allowed"),
        (Actor(person=1, acts_for=frozenset({8})), "case.see", "not_found"),
        (Actor(person=1, acts_for=frozenset({8})), "case.act", "allowed"),
        (Actor(person=1, acts_for=frozenset({8})), "question.answer", "allowed"),
        (Actor(person=1, acts_for=frozenset({7})), "question.answer", "not_yours"),
        (officer("window", ELSEWHERE), "case.act", "not_found"),
        (officer("planner"), "case.act", "not_yours"),
        (officer("planner", ELSEWHERE), "case.act", "not_found"),
        (officer("planner"), "case.sign.ask", "not_yours"),
        (Actor.administrator(1), "case.see", "not_found"),
        (Actor(person=1), "account.add", "not_yours"),
    ],
)  # fmt: skip
def test_who_may_not_is_told_no_more_than_he_may_know(actor: Actor, name: str, verdict: str) -> None:
    assert packaged_permissions().verdict(actor, name, CASE) == verdict


def test_a_demand_raises_what_the_verdict_says() -> None:
    demand(Actor(person=1, acts_for=frozenset({7})), "case.see", CASE)
    with pytest.raises(Refusal) as refused:
        demand(Actor(person=1), "case.see", CASE)
    assert refused.value.code == "problems.not_found"


def test_an_account_is_its_own_ways_to_a_draft_that_names_nobody_yet() -> None:
    draft = Subject(people=frozenset({1}))
    table = packaged_permissions()
    assert table.allowed(Actor(person=1), "case.form.fill", draft) and not table.allowed(
        Actor(person=2), "case.form.fill", draft
    )
    assert not table.allowed(Actor.public(), "case.form.fill", Subject(people=frozenset()))


def test_the_public_sees_what_is_public_and_nothing_else() -> None:
    table = packaged_permissions()
    for actor in (Actor.public(), officer("window")):
        assert table.allowed(actor, "notice.list", Subject(is_public=True))
        assert not table.allowed(actor, "notice.list", Subject())


HEAD = """
roles: {public: {zh: 公众, en: Public, relations: [any]}, window: {zh: 窗口, en: Window, relations: [place]}}
relations: {place: {zh: 地方, en: place}, any: {zh: 任何, en: any}}
seen_by: {case: case.see}
acts:
"""
GOOD = "  case.see: {zh: 看, en: See, window: [place]}\n"


def read(acts: str, head: str = HEAD) -> Permissions:
    return permissions_from(head + acts, "test.yaml")


def test_a_table_is_read_from_its_file() -> None:
    assert read(GOOD).row("case.see").seen_by == "case.see"


@pytest.mark.parametrize(
    "acts",
    [
        "  case.see: {zh: 看, en: See, window: [any]}\n",
        "  case.see: {zh: 看, en: See, king: [place]}\n",
        "  case.see: {zh: 看, en: See, window: []}\n",
        "  case.see: {zh: 看, window: [place]}\n",
        "  case.see: {zh: 看, en: See}\n",
        "  case.open: {zh: 开, en: Open, window: [place]}\n",
        f"{GOOD}{GOOD}",
    ],
)
def test_a_row_that_does_not_stand_is_refused(acts: str) -> None:
    with pytest.raises(ValueError):
        read(acts)


def test_a_table_with_another_part_is_refused() -> None:
    with pytest.raises(ValueError):
        read(GOOD, "extra: {}\n" + HEAD)


def test_an_act_without_a_row_is_a_fault_and_no_permission() -> None:
    with pytest.raises(KeyError, match=r"case\.dance"):
        packaged_permissions().may_ask(Actor.administrator(1), "case.dance")


@pytest.mark.parametrize("name", [None, "case.dance"])
def test_the_server_does_not_start_with_a_route_that_no_row_judges(filled: Database, name: str | None) -> None:
    app = create_app(settings_for(filled))

    def endpoint() -> None: ...

    app.get("/api/v1/new")(endpoint if name is None else act(name)(endpoint))
    with pytest.raises(RuntimeError, match="/api/v1/new"):
        check_acts(app)
    app.state.house.engine.dispose()


def test_the_server_does_not_start_with_a_row_that_no_route_names(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = packaged_permissions()
    spare = Permissions(table.roles, table.relations, {**table.rows, "case.dance": table.rows["case.see"]})
    monkeypatch.setattr("api.gates.packaged_permissions", lambda: spare)
    with pytest.raises(RuntimeError, match=r"case\.dance"):
        create_app(settings_for(filled))


def test_a_route_that_came_after_the_start_answers_nobody(filled: Database) -> None:
    """Fail closed: a route without an act is our fault, never an open door."""
    app: FastAPI = create_app(settings_for(filled))

    @app.get("/api/v1/new")
    def endpoint() -> str:
        return "secret"

    with TestClient(app, raise_server_exceptions=False) as client:
        answer: Any = client.get("/api/v1/new")
    assert answer.status_code == 500 and "secret" not in answer.text
