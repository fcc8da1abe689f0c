"""The sample cases: each stands where its name says, every role has work waiting, and the register that holds them is whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from api.cli.verify import keys_of, room_findings
from api.demo.laying import first_act, working_day
from api.demo.states import cases, schedule
from data.clock import legal_day
from data.verify import verify_streams
from tests.support import portal_world
from tests.support.databases import Database

TODAY = legal_day(portal_world.NOW)
# The open steps of each case, or how it has ended.
REVIEWING = {"technical_review", "site_survey", "consultation", "public_notice"}
OPEN: Mapping[str, set[str] | str] = {
    "draft_begun": {"submission"},
    "draft_half": {"submission"},
    "draft_unsigned": {"submission"},
    "submitted": {"acceptance"},
    "submitted_late": {"acceptance"},
    "in_correction": {"correction"},
    "supplied": {"acceptance"},
    "in_review": REVIEWING,
    "survey_waits": {"site_survey", "consultation", "public_notice"},
    "consents": REVIEWING | {"consents"},
    "notice_over": {"public_notice"},
    "for_decision": {"decision"},
    "unpaid": {"receipt"},
    "fee_unknown": {"bill"},
    "paid": {"registration"},
    "delivered": {"rating"},
    "completed": "completed",
    "refused": "refused",
    "rejected": "rejected",
    "withdrawn": "withdrawn",
    "remedy_taken": {"acceptance"},
    "competing_first": REVIEWING,
    "competing_second": REVIEWING,
    "rushan_submitted": {"acceptance"},
    "rushan_in_review": REVIEWING,
    "rushan_for_decision": {"decision"},
}


@pytest.fixture(scope="module")
def laid(cluster: Any) -> Iterator[tuple[Database, Mapping[str, str]]]:
    with portal_world.cloned(cluster) as opened:
        yield opened


def rows(database: Database, sql: str, **given: Any) -> list[Any]:
    with database.sessions(pooled=False)() as session:
        return list(session.execute(text(sql), given))


def test_each_case_stands_where_its_name_says(laid: tuple[Database, Mapping[str, str]]) -> None:
    database, numbers = laid
    found: dict[str, set[str] | str] = {}
    for name, number in numbers.items():
        sql = (
            "SELECT c.ended, t.step FROM approval_case c LEFT JOIN case_task t ON t.case_id = c.id AND t.status = 'open'"
            " WHERE c.number = :number"
        )
        told = rows(database, sql, number=number)
        found[name] = told[0].ended or {each.step for each in told}
    assert found == OPEN


def test_every_post_that_acts_on_cases_has_work_in_both_places(laid: tuple[Database, Mapping[str, str]]) -> None:
    database, _ = laid
    sql = (
        "SELECT DISTINCT t.role, left(c.number, 6) AS place FROM case_task t JOIN approval_case c ON c.id = t.case_id"
        " WHERE t.status = 'open' AND c.ended IS NULL"
    )
    waiting = {(each.role, each.place) for each in rows(database, sql)}
    officers = {"window", "reviewer", "approver"}
    assert {(role, place) for role in officers for place in ("371082", "371083")} <= waiting
    assert {("registrar", "371082"), ("enterprise", "371082"), ("enterprise", "371083"), ("asked", "371082")} <= waiting


def test_a_correction_and_a_remedy_leave_versions_to_compare(laid: tuple[Database, Mapping[str, str]]) -> None:
    database, numbers = laid
    sql = (
        "SELECT count(DISTINCT v.use->'boundary') FROM case_version v JOIN approval_case c ON c.id = v.case_id"
        " WHERE c.number = :number"
    )
    assert rows(database, sql, number=numbers["supplied"])[0][0] == 2
    drawn = "SELECT count(DISTINCT body->>'boundary') FROM event WHERE stream = :stream AND kind = 'case.use_set'"
    assert rows(database, drawn, stream=f"case:{numbers['remedy_taken']}")[0][0] == 2


def test_two_that_want_the_same_sea_know_of_each_other(laid: tuple[Database, Mapping[str, str]]) -> None:
    database, numbers = laid
    sql = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'note_rival' AND status = 'succeeded'"
    assert rows(database, sql)[0][0] == 2
    for one, other in (("competing_first", "competing_second"), ("competing_second", "competing_first")):
        noted = "SELECT count(*) FROM event WHERE stream = :stream AND body::text LIKE :rival"
        stream, rival = f"case:{numbers[one]}", f"%{numbers[other]}%"
        assert rows(database, noted, stream=stream, rival=rival)[0][0] >= 1


def test_all_of_it_is_lawful_and_lies_before_the_present(laid: tuple[Database, Mapping[str, str]]) -> None:
    database, _ = laid
    settings = portal_world.settings_for(database)
    with database.sessions(pooled=False)() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        assert not verify_streams(session, lambda count: None).faults
        assert not list(room_findings(session, keys_of(settings)))
    assert not rows(database, "SELECT 1 FROM procrastinate_jobs WHERE status <> 'succeeded'")
    newest = rows(database, "SELECT max(received_on) AS day, max(decided_on) AS decided FROM approval_case")[0]
    assert newest.day <= TODAY and newest.decided <= TODAY


def test_the_plan_is_the_same_for_a_day_and_fits_into_the_posts_of_the_people() -> None:
    for today in (TODAY, date(2026, 11, 28), date(2026, 7, 6)):
        plan = schedule(cases(today))
        assert [(day, case.name) for day, case, _ in plan] == [
            (day, case.name) for day, case, _ in schedule(cases(today))
        ]
        assert [day for day, _, _ in plan] == sorted((day for day, _, _ in plan), reverse=True)
        assert plan[-1][0] == 0
        assert (today - first_act(today)).days < 60
        assert working_day(today, 0) <= today
