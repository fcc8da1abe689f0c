"""Every route × every role × own, another's and another place's object, through HTTP, against the one table.

What is written is rolled back; a request is refused for want of permission or not, and that is all that counts here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from api.app import create_app
from api.deps import TheHouse, writing
from api.gates import routes_with_acts
from api.people.sessions import Lifetime, signed_in
from api.permissions import REFUSALS, packaged_permissions
from api.settings import Settings
from data.actors import Actor
from tests.api import permission_things
from tests.api.client import TestClient
from tests.api.conftest import NOW, settings_for
from tests.api.permission_examples import EXAMPLES, PLAIN, Example
from tests.api.permission_things import Thing
from tests.support import databases

# Role and place, and who has them: nobody, the applicant, another party's person, the party asked, and each post.
ROLES = {
    "public": None,
    "enterprise, its own": "sample.oyster",
    "enterprise, another's": "sample.seafood",
    "enterprise, asked": "sample.cooperative",
    "steward of Rongcheng": "sample.steward.371082",
    "window of Rongcheng": "sample.window.371082",
    "reviewer of Rongcheng": "sample.reviewer.371082",
    "approver of Rongcheng": "sample.approver.371082",
    "registrar of Rongcheng": "sample.registrar.371082",
    "window of Rushan": "sample.window.371083",
    "reviewer of Rushan": "sample.reviewer.371083",
    "approver of Rushan": "sample.approver.371083",
    "registrar of Rushan": "sample.registrar.371083",
    "approver of Weihai": "sample.approver.371000",
    "planner of Weihai": "sample.planner.371000",
    "administrator": "sample.administrator",
}
TELLING = frozenset({*REFUSALS.values(), "problems.session_over", "problems.cross_site"})


@pytest.fixture(scope="module")
def matrix_database(cluster: Any, people_template: databases.Database) -> Iterator[databases.Database]:
    """The peopled world, with room for three cases, each of which asks somebody."""
    with databases.clone(cluster, people_template) as database:
        yield database


@pytest.fixture(scope="module")
def things(matrix_database: databases.Database) -> list[Thing]:
    """The three things, written as rows."""
    with matrix_database.sessions().begin() as session:
        return permission_things.things(session)


def rolled_back(home: TheHouse) -> Iterator[Session]:
    """In place of `writing`: whatever the route wrote is gone afterwards."""
    with home.sessions() as session:
        yield session
        session.rollback()


@pytest.fixture(scope="module")
def app(matrix_database: databases.Database) -> Iterator[Any]:
    made = create_app(settings_for(matrix_database), clock=lambda: NOW, samples_allowed=True)
    made.dependency_overrides[writing] = rolled_back
    yield made
    made.state.house.engine.dispose()


@pytest.fixture(scope="module")
def client(app: Any) -> Iterator[TestClient]:
    """One client for all roles: they come with bearer tokens."""
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def people(app: Any, client: TestClient) -> dict[str, tuple[Actor, dict[str, str]]]:
    """Each role's actor as the application knows it, and the header by which its requests are signed in."""
    found: dict[str, tuple[Actor, dict[str, str]]] = {"public": (Actor.public(), {})}
    home = app.state.house
    for role, login in ROLES.items():
        if login is not None:
            token = client.post("/api/v1/sign-in", json={"sample": login, "way": "token"}).json()["token"]
            who = signed_in(home.sessions, token, now=NOW, life=Lifetime.of(home.settings))
            assert who is not None
            found[role] = (who.actor, {"Authorization": f"Bearer {token}"})
    return found


def expected(actor: Actor, name: str, example: Example, thing: Thing) -> str | None:
    """The code with which the table refuses; None where it allows."""
    table = packaged_permissions()
    if not table.may_ask(actor, name):
        return REFUSALS["sign_in" if actor.person is None else "not_yours"]
    if example.subject is None:
        return None
    found = table.verdict(actor, name, example.subject(thing))
    return None if found == "allowed" else REFUSALS[found]


def came(
    client: TestClient, method: str, path: str, example: Example, thing: Thing, headers: dict[str, str]
) -> str | None:
    """The code of a refusal for want of permission; None for any other answer."""
    address = example.path(thing) if example.path else path + (f"?{example.query}" if example.query else "")
    body = {} if example.body is None else {"json": example.body(thing)}
    form = {} if example.form is None else {"data": example.form(thing)}
    answer = client.request(method, address, headers=headers, files=example.files, **body, **form)
    assert answer.status_code < 500, answer.text
    code = answer.json().get("code") if "json" in answer.headers.get("content-type", "") else None
    return code if code in TELLING else None


def routes_of_the_house() -> list[tuple[str, str, str | None]]:
    """Every route as this version has it; the database is not asked."""
    made = create_app(Settings(database_url="postgresql://nobody@127.0.0.1:9/none", log_level="error"))
    found = list(routes_with_acts(made))
    made.state.house.engine.dispose()
    return found


ALL_ROUTES = routes_of_the_house()


def test_every_route_has_an_example() -> None:
    assert {(method, path) for method, path, _ in ALL_ROUTES} == set(EXAMPLES)


def test_every_example_with_a_parameter_says_which() -> None:
    assert [path for (_, path), example in EXAMPLES.items() if "{" in path and example.path is None] == []


@pytest.mark.parametrize(("method", "path", "name"), ALL_ROUTES, ids=lambda part: str(part))
def test_a_route_allows_what_the_table_allows_and_nothing_else(
    client: TestClient, people: Any, things: list[Thing], method: str, path: str, name: str
) -> None:
    example = EXAMPLES[method, path]
    wrong = []
    for role, (actor, headers) in people.items():
        for thing in things if example is not PLAIN else things[:1]:
            wanted = expected(actor, name, example, thing)
            found = came(client, method, path, example, thing, headers)
            if found != wanted:
                wrong.append((role, thing.name, found, wanted))
    assert wrong == []


def test_what_is_not_there_and_what_may_not_be_seen_read_alike(
    client: TestClient, people: Any, things: list[Thing]
) -> None:
    """Case numbers count up: whoever could tell the two apart would know how many cases each county has, and when."""
    absent = "TEST-none"
    for method, path, name in ALL_ROUTES:
        if not path.startswith("/api/v1/cases/{number}"):
            continue
        for role in ("public", "enterprise, another's", "window of Rushan", "administrator"):
            answers = []
            for number in (things[0].case, absent):
                example, headers = EXAMPLES[method, path], people[role][1]
                address = path.format(number=number, material=things[0].material, paper=1)
                body = {} if example.body is None else {"json": example.body(things[0])}
                form = {} if example.form is None else {"data": example.form(things[0])}
                answer = client.request(method, address, headers=headers, files=example.files, **body, **form)
                told = answer.json()
                told.pop("instance")
                answers.append((answer.status_code, str(told).replace(number, "…")))
            assert answers[0] == answers[1] and answers[0][0] in (401, 403, 404), (method, path, name, role)


def test_the_three_things_and_the_roles_tell_all_relations_apart(things: list[Thing], people: Any) -> None:
    """The walk proves nothing where every role stands alike to every thing."""
    allowed = {
        (role, thing.name)
        for role, (actor, _) in people.items()
        for thing in things
        if packaged_permissions().allowed(actor, "case.act", thing.case_subject)
    }
    assert allowed == {
        ("enterprise, its own", "own"),
        ("enterprise, another's", "other"),
        ("enterprise, another's", "elsewhere"),
        ("enterprise, asked", "own"),
        *((f"{role} of Rongcheng", thing) for role in ("window", "reviewer", "approver", "registrar") for thing in ("own", "other")),
        *((f"{role} of Rushan", "elsewhere") for role in ("window", "reviewer", "approver", "registrar")),
        *(("approver of Weihai", thing) for thing in ("own", "other", "elsewhere")),
    }  # fmt: skip
