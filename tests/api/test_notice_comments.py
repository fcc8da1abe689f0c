"""Comments on public notices, over HTTP: from anybody while the notice runs, read by its officers alone, and never in the chain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from api.app import create_app
from api.cli.verify import keys_of, room_findings
from api.jobs.bodies import BODIES
from api.jobs.worker import at_work
from api.jobs.workshop import open_workshop
from approvals.models import Message
from data.event_tables import Event
from data.verify import verify_streams
from tests.api.client import TestClient
from tests.api.jobs.world import BRISK, statuses, until
from tests.api.people.signing_in import signed_in
from tests.support import portal_world
from tests.support.databases import Database

WINDOW, REVIEWER, ELSEWHERE, APPLICANT = (
    "sample.window.371082",
    "sample.reviewer.371082",
    "sample.window.371083",
    "sample.seafood",
)
OBJECTION = {"stance": "objects", "words": "挡了我们村的船道。", "name": "丁示例", "contact": "0631-00000009"}
REMARK = {"stance": "remark", "words": "请核对航道。"}


@dataclass
class Town:
    """The sample world behind its application, at an instant that a test may move."""

    database: Database
    cases: Mapping[str, str]
    instant: datetime = portal_world.NOW
    apps: list[Any] = field(default_factory=list)

    def app(self, **given: Any) -> Any:
        made = create_app(
            portal_world.settings_for(self.database, **{"comments_per_minute": 0, **given}),
            clock=lambda: self.instant,
            samples_allowed=True,
        )
        self.apps.append(made)
        return made


@pytest.fixture
def town(cluster: Any) -> Iterator[Town]:
    with portal_world.cloned(cluster) as (database, cases):
        opened = Town(database, cases)
        yield opened
        for app in opened.apps:
            app.state.house.engine.dispose()


def comment(app: Any, case: str, body: Mapping[str, str], lang: str = "en") -> Any:
    return TestClient(app).post(f"/api/v1/notices/{case}/comments?lang={lang}", json=body)


def test_anybody_comments_and_only_officers_of_the_place_read_who(town: Town) -> None:
    app, case = town.app(), town.cases["survey_waits"]
    assert [comment(app, case, body).status_code for body in (OBJECTION, REMARK)] == [201, 201]
    told = signed_in(app, WINDOW).get(f"/api/v1/cases/{case}/comments").json()
    assert told["counts"] == {"objects": 1, "supports": 0, "remark": 1}
    assert [(each["stance"], each["name"], each["contact"]) for each in told["comments"]] == [
        ("remark", None, None),
        ("objects", OBJECTION["name"], OBJECTION["contact"]),
    ]
    statuses = {
        login: signed_in(app, login).get(f"/api/v1/cases/{case}/comments").status_code
        for login in (REVIEWER, ELSEWHERE, APPLICANT, "sample.oyster")
    }
    assert statuses == {REVIEWER: 200, ELSEWHERE: 404, APPLICANT: 403, "sample.oyster": 403}
    public = TestClient(app).get("/api/v1/notices").json()["notices"]
    assert {each["case"]: each["comments"] for each in public}[case] == 2
    assert OBJECTION["words"] not in str(public) and OBJECTION["name"] not in str(public)


def test_the_chain_tells_that_a_comment_came_and_no_word_of_it(town: Town) -> None:
    case = town.cases["survey_waits"]
    comment(town.app(), case, OBJECTION)
    with town.database.sessions(pooled=False)() as session:
        events = list(session.scalars(select(Event).where(Event.stream == f"case:{case}").order_by(Event.id)))
        assert events[-1].kind == "case.comment_received"
        chain = session.execute(text("SELECT string_agg(row_to_json(e)::text, '') FROM event e")).scalar_one()
        sealed = session.execute(text("SELECT sealed FROM notice_comment")).scalar_one()
        assert OBJECTION["words"] not in chain and OBJECTION["name"] not in chain
        assert OBJECTION["name"].encode() not in bytes(sealed)
        assert not verify_streams(session, lambda count: None).faults
        assert not list(room_findings(session, keys_of(portal_world.settings_for(town.database))))


def test_the_window_is_told_once(town: Town) -> None:
    case, settings = town.cases["survey_waits"], portal_world.settings_for(town.database)
    comment(town.app(), case, OBJECTION)
    with open_workshop(settings, lambda: town.instant) as shop, at_work(shop, BODIES, (), BRISK):
        until(lambda: set(statuses(town.database)) == {"succeeded"})
    with town.database.sessions(pooled=False)() as session:
        found = list(session.scalars(select(Message).where(Message.code == "message.comment.objects")))
    assert [(each.to_role, each.facts) for each in found] == [("window", {"case": case})]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_after_its_last_day_it_says_so(town: Town, lang: str) -> None:
    app, case = town.app(), town.cases["survey_waits"]
    last = next(
        each["last"] for each in TestClient(app).get("/api/v1/notices").json()["notices"] if each["case"] == case
    )
    town.instant = datetime.fromisoformat(f"{last}T23:59:00+08:00")
    assert comment(app, case, REMARK).status_code == 201
    town.instant += timedelta(minutes=2)
    refused = comment(app, case, REMARK, lang)
    assert (refused.status_code, refused.json()["code"]) == (409, "notice.over")
    assert last in refused.json()["title"]


def test_without_a_notice_nobody_learns_whether_the_case_is_there(town: Town) -> None:
    app = town.app()
    answers = [comment(app, case, REMARK) for case in (town.cases["draft_begun"], "371082-HY-2026-999999")]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "notice.not_found")] * 2


def test_an_objection_bears_a_name_and_words_have_an_end(town: Town) -> None:
    app, case = town.app(), town.cases["survey_waits"]
    nameless = comment(app, case, {"stance": "objects", "words": "不同意。"})
    assert (nameless.status_code, nameless.json()["code"]) == (422, "notice.objection_unsigned")
    for body in (
        {**REMARK, "words": ""},
        {**REMARK, "words": "  "},
        {**REMARK, "words": "长" * 2_001},
        {**REMARK, "stance": "angry"},
    ):
        assert comment(app, case, body).status_code == 422


def test_one_address_sends_so_many_a_minute(town: Town) -> None:
    app, case = town.app(comments_per_minute=2), town.cases["survey_waits"]
    answers = [comment(app, case, REMARK) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[-1].json()["code"] == "problems.too_many_comments"
