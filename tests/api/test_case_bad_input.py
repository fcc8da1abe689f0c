"""Whatever bodies come to the doors of cases: a located refusal in both languages or an answer, never a fault of ours.

What is wrong with each value is judged where it lives (`tests/approvals`, `tests/data`); here every field of every body meets texts
with NUL and halves of surrogate pairs, huge numbers and wrong kinds, and the mended faults of the doors stay mended.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.app import create_app
from api.demo.teller import PDF
from api.idempotency import HEADER, REPLAYED
from tests.api.client import TestClient
from tests.api.conftest import NOW, settings_for
from tests.api.people.signing_in import signed_in
from tests.api.world import SOUTH, WEST
from tests.support import databases
from tests.support.databases import Database
from tests.support.effort import effort_of_run

API = "/api/v1"
HAN = re.compile(r"[\u4e00-\u9fff]")
USE = {
    "boundary": {
        "exterior": [[WEST + x * 1000, SOUTH + y * 1000] for x, y in ((90, 90), (96, 90), (96, 94), (90, 94))]
    },
    "type": "13",
    "mode": "23",
    "from": "2027-01-01",
    "to": "2041-12-31",
}
TYPED = {
    "contact": "张三",
    "project_name": "示例",
    "investment": "1",
    "project_nature": "commercial",
    "structure": "201",
    "declaration": True,
}


@dataclass
class Door:
    """The application with one case of a party, still being drafted, and who comes to it."""

    owner: TestClient
    window: TestClient
    party: int
    number: str

    @property
    def case(self) -> str:
        return f"{API}/cases/{self.number}"


def opened(database: Database) -> Door:
    app = create_app(settings_for(database), clock=lambda: NOW, samples_allowed=True)
    owner, window = signed_in(app, "sample.oyster"), signed_in(app, "sample.window.371082")
    party = owner.get(f"{API}/me").json()["parties"][0]["party"]
    made = owner.post(f"{API}/cases", json={"party": party, "use": USE})
    assert made.status_code == 201, made.text
    return Door(owner, window, party, made.json()["number"])


@pytest.fixture
def door(own_people: Database) -> Iterator[Door]:
    """One of the test's own."""
    made = opened(own_people)
    yield made
    made.owner.app.state.house.engine.dispose()


def sent(client: TestClient, method: str, path: str, body: Any, **more: Any) -> Any:
    """The answer to a body written as JSON that holds whatever Python's does (halves of pairs, NaN, numbers of any length)."""
    headers = {"content-type": "application/json", **more.pop("headers", {})}
    return client.request(method, path, content=json.dumps(body).encode(), headers=headers, **more)


def told(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal, whose words stand in both languages."""
    assert answer.status_code < 500, answer.text
    if answer.status_code < 400:
        return answer.status_code, ""
    said = answer.json()
    assert HAN.search(said["texts"]["zh"]["title"]) and said["texts"]["en"]["title"], said
    assert said["texts"]["zh"] != said["texts"]["en"], said
    if said["code"] == "problems.form":
        assert HAN.search(said["texts"]["zh"]["detail"].split("：", 1)[1]), said["texts"]
        assert said["findings"] and all(each["field"] for each in said["findings"])
    return answer.status_code, said["code"]


# Mended faults, each through its door.


@pytest.mark.parametrize("sign", ["\0", "\ud800"])
def test_a_sign_that_cannot_be_kept_is_told_at_its_field(door: Door, sign: str) -> None:
    """A NUL from the clipboard was answered with 500."""
    bodies = [
        ("PATCH", f"{door.case}/form", {"answers": {"contact": f"a{sign}b"}}, "answers.contact"),
        ("PATCH", f"{door.case}/form", {"answers": {"units": [{"use": sign}]}}, "answers.units"),
        ("PUT", f"{door.case}/use", {"use": {**USE, "unit_uses": [sign]}}, "use.unit_uses.0"),
        ("POST", f"{API}/cases", {"party": door.party, "use": USE, "project_code": f"x{sign}"}, "project_code"),
        ("POST", f"{door.case}/acts", {"act": "withdraw", "texts": {"why": sign}}, "texts.why"),
        ("POST", f"{door.case}/acts", {"act": "withdraw", "facts": {"why": [sign]}}, "facts.why"),
    ]
    for method, path, body, field in bodies:
        answer = sent(door.owner, method, path, body)
        assert told(answer) == (422, "problems.form"), (path, body)
        assert [each["field"] for each in answer.json()["findings"]] == [field]
        # What and where within the value, and what to do with it.
        assert (
            f"U+{ord(sign):04X}" in answer.json()["texts"]["zh"]["detail"]
            and "take it out" in answer.json()["texts"]["en"]["detail"]
        )


def test_a_name_may_not_hold_such_a_sign_either(door: Door) -> None:
    for body in ({"texts": {"b\0": "y"}}, {"checklist": {"\0": "pass"}}, {"items": ["\0"]}, {"ground": "\ud800"}):
        body["act"] = "withdraw"
        assert told(sent(door.owner, "POST", f"{door.case}/acts", body)) == (422, "problems.form")


def test_a_huge_number_is_refused_and_the_case_can_still_be_looked_at(door: Door) -> None:
    """It was saved, and from then on nobody could sign or even see what would be signed."""
    for huge in (10**30, 10**4000, 1e300, float("inf"), float("nan")):
        answer = sent(door.owner, "PATCH", f"{door.case}/form", {"answers": {"investment": huge}})
        assert told(answer) == (422, "problems.form")
    saved = door.owner.patch(f"{door.case}/form", json={"answers": {"investment": 12}})
    assert [each["code"] for each in saved.json()["findings"]] == ["form.not_an_amount"]
    assert door.owner.get(f"{door.case}/signing").status_code == 200


def test_a_wrong_term_is_told_and_the_check_goes_on_with_the_last_right_one(door: Door) -> None:
    for term in ({"from": "x", "to": "y"}, {"from": "2027-01-01"}, [], {"from": "0001-01-01", "to": "9999-12-31"}):
        saved = door.owner.patch(f"{door.case}/form", json={"answers": {"term": term}})
        codes = [each["code"] for each in saved.json()["findings"]]
        assert saved.status_code == 200 and (codes == ["form.not_a_term"] or term == [])
        assert door.owner.get(f"{door.case}/check").status_code == 200
    assert door.owner.get(door.case).json()["use"]["to"] == "2041-12-31"


def test_pages_of_lists_are_bounded_and_an_unknown_template_is_the_askers_fault(door: Door) -> None:
    for path in ("cases", "messages"):
        assert told(door.owner.get(f"{API}/{path}?before={10**25}")) == (422, "problems.form")
        assert door.owner.get(f"{API}/{path}?before={2**63 - 1}").status_code == 200
    assert told(door.owner.get(f"{API}/cases?role=%00")) == (422, "problems.form")
    asked = {"party": door.party, "use": USE, "template": "nothing"}
    assert told(door.owner.post(f"{API}/cases", json=asked)) == (422, "process.template_unknown")
    assert told(door.window.post(f"{API}/cases", json={"party": 10**20, "use": USE})) == (422, "problems.form")


def signed(door: Door) -> str:
    """The form filled and the code asked for."""
    assert door.owner.patch(f"{door.case}/form", json={"answers": TYPED}).status_code == 200
    for name in ("argumentation", "credit"):
        file = {"file": (f"{name}.pdf", PDF + name.encode(), "application/pdf")}
        assert door.owner.post(f"{door.case}/materials", data={"name": name}, files=file).status_code == 201
    asked = door.owner.post(f"{door.case}/signing", json={})
    assert asked.status_code == 202, asked.text
    message = door.owner.post(f"{API}/messages/{asked.json()['message']}/opened").json()
    # The message's own code is the key of its words; the six digits have a name of their own.
    assert message["code"] == "message.signing_code"
    return str(message["one_time_code"])


def test_a_wrong_code_leaves_no_key_behind(door: Door) -> None:
    """Whoever mistyped could not try again: the key was told to belong to another request."""
    right = signed(door)
    wrong = {"code": f"{(int(right) + 1) % 10**6:06d}"}
    key = {HEADER: "sign-once:1"}
    for left in (4, 3):
        answer = door.owner.post(f"{door.case}/signature", json=wrong, headers=key)
        assert (
            told(answer) == (409, "signing.wrong_code")
            and str(left) in answer.json()["title"] + answer.json()["detail"]
        )
    given = door.owner.post(f"{door.case}/signature", json={"code": right}, headers=key)
    again = door.owner.post(f"{door.case}/signature", json={"code": right}, headers=key)
    assert (given.status_code, again.status_code) == (201, 201)
    assert given.json() == again.json() and again.headers[REPLAYED] == "true"


def test_a_code_signs_the_version_that_was_read(door: Door) -> None:
    code = signed(door)
    version = door.owner.get(door.case).json()["version"]
    stale = door.owner.post(f"{door.case}/signature", json={"code": code, "version": version - 1})
    assert told(stale) == (409, "case.changed_meanwhile")
    assert door.owner.post(f"{door.case}/signature", json={"code": code, "version": version}).status_code == 201


def test_a_co_holder_for_whom_one_does_not_act_is_not_ones_own(door: Door) -> None:
    """404 told of the address what was wrong with the body; whether there is such a party is told in no case."""
    for other in (door.party + 1, 10**9):
        holders = [{"party": party, "holding": "joint"} for party in (door.party, other)]
        assert told(door.owner.put(f"{door.case}/holders", json={"holders": holders})) == (403, "problems.not_yours")


def test_a_running_case_is_not_filed_anew(door: Door) -> None:
    anew = {"party": door.party, "use": USE, "follows": door.number}
    assert told(door.owner.post(f"{API}/cases", json=anew)) == (409, "case.follows_running")
    assert door.owner.post(f"{door.case}/acts", json={"act": "withdraw"}).status_code == 200
    assert door.owner.post(f"{API}/cases", json=anew).status_code == 201


# Anything at every field of every body.

ODD = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=12),
    st.sampled_from(["\0", "\ud800", "\udfff\ud800", "9" * 400, "2027-01-01", "1E+999999", "٣", "pass", "371082"]),
    st.integers(-(10**40), 10**40),
    st.sampled_from([2**31, 2**53, 2**63, 2**64, 10**4000]),
    st.floats(),
    st.booleans(),
    st.none(),
)
VALUES = st.recursive(
    ODD, lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=4), each, max_size=3), max_leaves=6
)
FIELDS = [
    "scenario", "applicant_name", "id_kind", "id_number", "legal_person", "legal_person_id", "address", "contact", "phone", "agent",
    "project_name", "project_nature", "investment", "location", "use_type", "units", "area", "term", "shoreline", "points", "structure",
    "unit_code", "cause", "certificate", "declaration", "address@2", "phone@99999999999", "contact@٢", "x", "",
]  # fmt: skip
RIGHT: dict[str, tuple[str, str, dict[str, Any]]] = {
    "open": ("POST", f"{API}/cases", {"template": "establishment", "party": 1, "use": USE, "project_code": "x", "follows": "x"}),
    "use": ("PUT", "{case}/use", {"use": {**USE, "unit_uses": ["码头"], "source": "a" * 64}, "version": 1}),
    "form": ("PATCH", "{case}/form", {"answers": {"contact": "李四"}, "version": 1}),
    "holders": ("PUT", "{case}/holders", {"holders": [{"party": 1, "holding": "sole", "numerator": 1, "denominator": 1}], "version": 1}),
    "signing": ("POST", "{case}/signing", {"version": 1}),
    "signature": ("POST", "{case}/signature", {"code": "000000", "scan": "a" * 64, "version": 1}),
    "acts": ("POST", "{case}/acts", {
        "act": "note_competing", "key": "x", "facts": {"case_number": "x"}, "checklist": {"x": "pass"}, "items": ["x"], "ground": "x",
        "texts": {"x": "y"}, "acknowledged": False, "version": 1,
    }),
    "link": ("POST", f"{API}/answers/nothing", {"outcome": "give", "words": "", "file": "a" * 64}),
    "answer": ("POST", f"{API}/questions/1/answer", {"outcome": "give", "words": "", "file": "a" * 64}),
}  # fmt: skip


def spoiled(data: st.DataObject, value: Any) -> Any:
    """The body with one of its values, however deep, put in another's place, or with a field that it does not know."""
    if isinstance(value, dict) and value and data.draw(st.integers(0, 9)):
        name = data.draw(st.sampled_from(sorted(value)))
        return {**value, name: spoiled(data, value[name])}
    if isinstance(value, list) and value and data.draw(st.booleans()):
        return [spoiled(data, value[0]), *value[1:]]
    if isinstance(value, dict):
        return {**value, data.draw(st.text(st.characters(exclude_categories=()), max_size=6)): data.draw(VALUES)}
    return data.draw(VALUES)


@pytest.fixture(scope="module")
def battered(cluster: Any, people_template: Database) -> Iterator[Door]:
    """One door for all the blows of this module."""
    with databases.clone(cluster, people_template) as database:
        made = opened(database)
        yield made
        made.owner.app.state.house.engine.dispose()


def still_whole(door: Door) -> None:
    """Whatever was taken in, the case can still be seen, checked and looked at for signing."""
    for path in ("", "/form", "/check", "/signing", "/acts", "/clock", "/events"):
        answer = door.owner.get(f"{door.case}{path}")
        assert answer.status_code == 200, (path, answer.text)


FEW = settings(max_examples=min(effort_of_run().fuzz // 10, 100), suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("which", RIGHT)
@FEW
@given(data=st.data())
def test_any_value_at_any_field_of_any_body_is_answered(battered: Door, which: str, data: st.DataObject) -> None:
    method, path, right = RIGHT[which]
    body = spoiled(data, {name: right[name] for name in right if name != "version" or data.draw(st.booleans())})
    for client in (battered.owner, battered.window):
        told(sent(client, method, path.format(case=battered.case), body))
    still_whole(battered)


@FEW
@given(answers=st.dictionaries(st.sampled_from(FIELDS), VALUES, min_size=1, max_size=3))
def test_any_answer_to_any_field_is_saved_and_told_or_refused(battered: Door, answers: dict[str, Any]) -> None:
    answer = sent(battered.owner, "PATCH", f"{battered.case}/form", {"answers": answers})
    told(answer)
    if answer.status_code == 200:
        for each in answer.json()["findings"]:
            assert each["text"] and each["facts"]["field"] in answers
    still_whole(battered)
