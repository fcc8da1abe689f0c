"""Every route × every role × own, another's and another place's object, through HTTP, against the one table.

An act whose route is not written yet is asked through a route of the test's own that judges a case made of bare rows, so that
every row of the table is walked. What is written is rolled back; a request is refused or not, and that is all that counts here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.app import create_app
from api.deps import Asker, Reading, TheHouse, writing
from api.gates import act, acts_without_a_route, routes_with_acts
from api.people.sessions import Lifetime, signed_in
from api.permissions import REFUSALS, demand, packaged_permissions
from api.subjects import of_case, of_question
from approvals.models import Case, Question
from data.actors import Actor
from data.answers import Refusal
from tests.api.client import TestClient
from tests.api.conftest import NOW, settings_for
from tests.api.people import town
from tests.api.permission_examples import EXAMPLES, PENDING, PLAIN, Example, Thing
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
PROBE = "/probe/"


@pytest.fixture(scope="module")
def matrix_database(cluster: Any, people_template: databases.Database) -> Iterator[databases.Database]:
    """The peopled world, with room for three cases, each of which asks somebody."""
    with databases.clone(cluster, people_template) as database:
        yield database


@pytest.fixture(scope="module")
def things(matrix_database: databases.Database) -> list[Thing]:
    """The three things, written as rows."""
    with matrix_database.sessions().begin() as session:
        return [
            _thing(session, "own", town.OYSTER, "371082", town.COOPERATIVE, "sample.oyster"),
            _thing(session, "other", town.SEAFOOD, "371082", town.VILLAGE, "sample.seafood"),
            _thing(session, "elsewhere", town.SEAFOOD, "371083", town.VILLAGE, "sample.window.371083"),
        ]


def _thing(session: Session, name: str, party: int, place: str, asked: int, login: str) -> Thing:
    party_id, place_id = town.party_id(session, party), town.place_id(session, place)
    case = Case(
        number=f"TEST-{name}", template="establishment", template_version=1, template_hash="-", state={}, version=0,
        party_id=party_id, salt=b"salt", scope_place_id=place_id,
    )  # fmt: skip
    session.add(case)
    session.flush()
    question = Question(
        case_id=case.id, step="consents", key=name, party_id=town.party_id(session, asked), question={},
        boundary_hash="-", asked_on=town.DAY, standing="open",
    )  # fmt: skip
    session.add(question)
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
    )


def rolled_back(home: TheHouse) -> Iterator[Session]:
    """In place of `writing`: whatever the route wrote is gone afterwards."""
    with home.sessions() as session:
        yield session
        session.rollback()


@pytest.fixture(scope="module")
def app(matrix_database: databases.Database) -> Iterator[Any]:
    made = create_app(settings_for(matrix_database), clock=lambda: NOW, samples_allowed=True)
    made.dependency_overrides[writing] = rolled_back
    for name in sorted(acts_without_a_route(made)):
        made.get(f"{PROBE}{name}/{{thing}}")(_probe(name))
    yield made
    made.state.house.engine.dispose()


def _probe(name: str) -> Any:
    """A route for an act that has none yet: it finds the case or the question of that name and judges it, as the real one will."""

    @act(name)
    def endpoint(thing: str, session: Reading, by: Asker) -> dict[str, str]:
        case = session.query(Case).filter_by(number=f"TEST-{thing}").one_or_none()
        if case is None:
            raise Refusal("problems.not_found")
        if name == "question.answer":
            question = session.query(Question).filter_by(case_id=case.id).one()
            demand(by, name, of_question(session, question, case))
        elif name.startswith("case."):
            demand(by, name, of_case(session, case))
        return {"done": name}

    return endpoint


def _example(method: str, path: str) -> Example:
    if not path.startswith(PROBE):
        return EXAMPLES[method, path]
    name = path.removeprefix(PROBE).partition("/")[0]
    subject = None
    if name == "question.answer":
        subject = lambda thing: thing.question_subject  # noqa: E731
    elif name.startswith("case."):
        subject = lambda thing: thing.case_subject  # noqa: E731
    return Example(path=lambda thing: f"{PROBE}{name}/{thing.name}", subject=subject)


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
    answer = client.request(method, address, headers=headers, **body, **form)
    assert answer.status_code < 500, answer.text
    code = answer.json().get("code") if "json" in answer.headers.get("content-type", "") else None
    return code if code in TELLING else None


def routes_of_the_house() -> list[tuple[str, str, str | None]]:
    """Every route as this version has it; the database is not asked."""
    made = create_app(
        settings_for(databases.Database("none", databases.test_cluster()), database_url="postgresql://x/y")
    )
    found = list(routes_with_acts(made))
    made.state.house.engine.dispose()
    return found


ALL_ROUTES = routes_of_the_house()


def test_every_route_has_an_example() -> None:
    assert {(method, path) for method, path, _ in ALL_ROUTES} == set(EXAMPLES)


def test_every_example_with_a_parameter_says_which() -> None:
    assert [path for (_, path), example in EXAMPLES.items() if "{" in path and example.path is None] == []


def test_every_act_has_a_route_or_waits_for_one() -> None:
    """A permission that nothing uses is a mistake somewhere: the row or the route."""
    named = {name for _, _, name in ALL_ROUTES}
    assert set(packaged_permissions().rows) - named == PENDING


@pytest.mark.parametrize(("method", "path", "name"), ALL_ROUTES, ids=lambda part: str(part))
def test_a_route_allows_what_the_table_allows_and_nothing_else(
    client: TestClient, people: Any, things: list[Thing], method: str, path: str, name: str
) -> None:
    walk(client, people, things, method, path, name)


@pytest.mark.parametrize("name", sorted(PENDING))
def test_an_act_without_a_route_is_judged_by_the_table_all_the_same(
    client: TestClient, people: Any, things: list[Thing], name: str
) -> None:
    walk(client, people, things, "GET", f"{PROBE}{name}/{{thing}}", name)


def walk(client: TestClient, people: Any, things: list[Thing], method: str, path: str, name: str) -> None:
    """One route, every role, every thing."""
    example = _example(method, path)
    wrong = []
    for role, (actor, headers) in people.items():
        for thing in things if example is not PLAIN else things[:1]:
            wanted = expected(actor, name, example, thing)
            found = came(client, method, path, example, thing, headers)
            if found != wanted:
                wrong.append((role, thing.name, found, wanted))
    assert wrong == []


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
