"""The administrator's hand on the rule book through HTTP: an unknown rate is supplied, and every request after it knows it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from api.app import create_app
from api.deps import KeptBook
from data import overlay
from data.rulebook import packaged
from tests.api.client import TestClient
from tests.api.conftest import NOW, settings_for
from tests.api.people.signing_in import signed_in
from tests.support.databases import Database, clone

FEE = {"place": "371082", "from": "2027-01-01", "years": 1, "units": [{"mode": "41", "hectares": "10"}]}
ENTRIES, CONFIRMATIONS = "/api/v1/rules/fee.rate/entries", "/api/v1/rules/{}/confirmations"
RATE = {
    "value": "0.06",
    "key": ["mode=41", "grade=3"],
    "place": "371082",
    "from": "2026-01-01",
    "cite": "示例文件 第 1 号",
}
DOCUMENT = {"document": ("标准 2026.pdf", b"%PDF-1.7 rate", "application/pdf")}


@pytest.fixture(scope="module")
def database(cluster: Any, people_template: Database) -> Iterator[Database]:
    with clone(cluster, people_template) as found:
        yield found


@pytest.fixture(scope="module")
def app(database: Database) -> Iterator[Any]:
    made = create_app(settings_for(database), clock=lambda: NOW, samples_allowed=True)
    yield made
    made.state.house.engine.dispose()


@pytest.fixture
def administrator(app: Any) -> TestClient:
    return signed_in(app, "sample.administrator")


@pytest.fixture(autouse=True)
def _as_it_was(database: Database, app: Any) -> Iterator[None]:
    """What a test entered is withdrawn behind it."""
    yield
    with database.sessions("owner").begin() as session:
        session.execute(text("UPDATE rule_entry SET withdrawn_at = now() WHERE withdrawn_at IS NULL"))
        session.execute(text("UPDATE rule_confirmation SET withdrawn_at = now() WHERE withdrawn_at IS NULL"))
    app.state.house.book.expire()


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_rate_that_is_supplied_with_its_document_counts_from_the_next_request_on(
    administrator: TestClient, app: Any, database: Database
) -> None:
    public = signed_in(app, None)
    assert public.post("/api/v1/fees", json=FEE).json()["total_yuan"] is None
    answer = administrator.post(ENTRIES, data=RATE, files=DOCUMENT)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["before"] == packaged().hash != told["rules"] and not told["dry_run"]
    assert (told["value"]["value"], told["value"]["layer"], told["replaces"]["status"]) == (0.06, "overlay", "unknown")
    fee = public.post("/api/v1/fees", json=FEE).json()
    assert (fee["total_yuan"], fee["rules"]) == (6000, told["rules"])
    with database.sessions()() as session:
        assert overlay.book_in_force(session).hash == told["rules"]
        kept = session.execute(text("SELECT name, content FROM source_file WHERE content = '%PDF-1.7 rate'")).one()
        assert tuple(kept) == ("标准 2026.pdf", b"%PDF-1.7 rate")
        who = session.scalar(text("SELECT convert_from(envelope, 'UTF8')::json -> 'actor' ->> 'person' FROM event WHERE kind = 'rules.entered' ORDER BY id DESC LIMIT 1"))  # fmt: skip
        assert who == str(administrator.get("/api/v1/me").json()["account"])
    (entry,) = public.get(ENTRIES).json()["entries"]
    assert (entry["entry"], entry["value"], entry["keys"]) == (told["entry"], 0.06, {"mode": "41", "grade": "3"})
    taken = administrator.delete(f"{ENTRIES}/{told['entry']}")
    assert taken.status_code == 200 and taken.json()["rules"] == packaged().hash
    assert public.post("/api/v1/fees", json=FEE).json()["total_yuan"] is None
    assert public.get(ENTRIES).json()["entries"] == []
    assert code_of(administrator.delete(f"{ENTRIES}/{told['entry']}")) == (422, "rules.entry_not_in_force")


def test_a_dry_run_says_what_would_be_and_writes_nothing(
    administrator: TestClient, app: Any, database: Database
) -> None:
    tried = administrator.post(ENTRIES, data=RATE | {"dry_run": "true"}, files={"document": ("", b"")})
    assert tried.status_code == 200, tried.text
    told = tried.json()
    assert (told["entry"], told["dry_run"], told["value"]["value"]) == (None, True, 0.06)
    assert signed_in(app, None).get(ENTRIES).json()["entries"] == []
    with_paper = administrator.post(ENTRIES, data=RATE | {"dry_run": "true"}, files=DOCUMENT).json()
    done = administrator.post(ENTRIES, data=RATE, files=DOCUMENT).json()
    assert (done["rules"], done["value"]) == (with_paper["rules"], with_paper["value"])
    withdrawn = administrator.delete(f"{ENTRIES}/{done['entry']}?dry_run=true").json()
    assert (withdrawn["rules"], withdrawn["before"]) == (packaged().hash, done["rules"])
    assert len(signed_in(app, None).get(ENTRIES).json()["entries"]) == 1


def test_what_cannot_stand_is_refused_in_both_languages_and_nothing_is_kept(
    administrator: TestClient, database: Database
) -> None:
    for changed, files, wanted in (
        ({}, {"document": ("", b"")}, (422, "rules.document_missing")),
        ({"value": "six"}, DOCUMENT, (422, "rules.entry_refused")),
        ({"value": "NaN"}, DOCUMENT, (422, "rules.entry_refused")),
        ({"value": "-3"}, DOCUMENT, (422, "rules.entry_refused")),
        ({"value": "&a [*a]"}, DOCUMENT, (422, "rules.entry_refused")),
        ({"place": "440000"}, DOCUMENT, (422, "rules.entry_refused")),
        ({"key": ["mode=41"]}, DOCUMENT, (422, "rules.entry_refused")),
        ({"key": ["mode=41", "mode=42"]}, DOCUMENT, (422, "problems.form")),
        ({"key": ["mode"]}, DOCUMENT, (422, "problems.form")),
        ({"from": "2026-13-01"}, DOCUMENT, (422, "problems.form")),
        ({"cite": ""}, DOCUMENT, (422, "problems.form")),
        ({"colour": "red"}, DOCUMENT, (422, "problems.form")),
        ({"value": "0\x00"}, DOCUMENT, (422, "problems.form")),
    ):
        answer = administrator.post(ENTRIES, data=RATE | changed, files=files)
        assert code_of(answer) == wanted, (changed, answer.text)
        assert answer.json()["texts"]["zh"]["title"] and answer.json()["texts"]["en"]["title"]
    other = administrator.post("/api/v1/rules/fee.none/entries", data=RATE, files=DOCUMENT)
    assert code_of(other) == (422, "rules.no_such_rule")
    assert code_of(administrator.post(ENTRIES, data=RATE)) == (415, "problems.unsupported")
    assert code_of(administrator.delete(f"{ENTRIES}/99999999999")) == (422, "problems.form")
    with database.sessions()() as session:
        assert overlay.book_in_force(session).hash == packaged().hash


def test_each_fault_of_an_entry_is_told_in_words_at_its_field(administrator: TestClient) -> None:
    for changed, field, words in (
        ({"value": "six"}, "value", ("“six”不是数", "“six” is not a number")),
        ({"key": ["mode=41", "grade=7"]}, "key.grade", ("“海域等别”没有“7”这一项", "“7” is no value of “Sea grade”")),
        ({"key": ["mode=99", "grade=3"]}, "key.mode", ("“用海方式”没有“99”", "“99” is no value of “Use mode”")),
        ({"key": ["mode=4", "grade=3"]}, "key.mode", ("没有“4”", "“4” is no value")),
        ({"key": ["mode=41"]}, "key.grade", ("没有说明“海域等别”", "“Sea grade” is not told")),
        ({"key": ["mode=41", "grade=3", "sea=2"]}, "key.sea", ("不按“sea”区分", "not asked by “sea”")),
        ({"place": "440000"}, "place", ("地方不在", "not in the list of places")),
        ({"until": "2000-01-01"}, "until", ("终止日早于", "before the first")),
        ({"seen": "house"}, "cite", ("本系统设定", "house setting")),
    ):
        for lang, wanted in zip(("zh", "en"), words, strict=True):
            answer = administrator.post(ENTRIES, data=RATE | changed, files=DOCUMENT, headers={"Accept-Language": lang})
            assert code_of(answer) == (422, "rules.entry_refused"), answer.text
            (found,) = answer.json()["findings"]
            assert found["field"] == field and wanted.casefold() in found["text"].casefold(), found


@pytest.mark.parametrize(
    ("rule", "key", "value"),
    [
        ("accuracy.cap", [], "[{from: abc, below: null, value: 1}]"),
        ("accuracy.cap", [], "[3]"),
        ("days.review", [], "seven"),
        ("days.review", [], "99999999999999999"),
        ("days.review", [], "!!bool maybe"),
        ("fee.relief", ["ground=flood"], "{kind: {in: 99999999999999999}}"),
        ("fee.payment", [], "[" * 2000),
        ("fee.per_layer", [], "perhaps"),
        ("fee.billing", [], "[yearly]"),
        ("fee.payment", [], "once"),
        ("fee.relief", ["ground=flood"], "free"),
        ("calendar.year", ["year=2031"], "{off: {2031-01-01: 元旦}, work: [7]}"),
    ],
)
def test_a_value_of_any_other_type_is_refused_with_what_is_wanted(
    administrator: TestClient, rule: str, key: list[str], value: str
) -> None:
    told = RATE | {"key": key, "value": value}
    answer = administrator.post(f"/api/v1/rules/{rule}/entries", data=told, files=DOCUMENT)
    assert code_of(answer) == (422, "rules.entry_refused"), answer.text
    (found,) = answer.json()["findings"]
    assert found["field"] == "value" and found["code"].startswith("rules.entry.value."), found


def test_a_new_year_and_a_new_ground_of_relief_may_be_named(administrator: TestClient) -> None:
    for rule, key, value in (
        ("calendar.year", "year=2031", '{off: {"2031-01-01": 元旦}, work: []}'),
        ("fee.relief", "ground=flood", "{kind: on_decision, zh: 示例, en: sample}"),
    ):
        told = RATE | {"key": [key], "value": value, "place": "cn"}
        answer = administrator.post(f"/api/v1/rules/{rule}/entries", data=told, files=DOCUMENT)
        assert answer.status_code == 201, answer.text


def test_a_second_value_for_the_same_days_is_refused_until_the_first_is_withdrawn(administrator: TestClient) -> None:
    first = administrator.post(ENTRIES, data=RATE, files=DOCUMENT).json()
    again = administrator.post(ENTRIES, data=RATE | {"value": "0.07"}, files=DOCUMENT)
    assert code_of(again) == (422, "rules.entry_refused")
    wrong_rule = administrator.delete(f"/api/v1/rules/sea.grade/entries/{first['entry']}")
    assert code_of(wrong_rule) == (422, "rules.entry_not_in_force")
    administrator.delete(f"{ENTRIES}/{first['entry']}")
    assert administrator.post(ENTRIES, data=RATE | {"value": "0.07"}, files=DOCUMENT).status_code == 201


def test_a_value_that_was_found_in_force_loses_its_doubt_unless_it_is_another_by_now(
    administrator: TestClient, app: Any
) -> None:
    asked = "/api/v1/rules/term.maximum_years?use_type=13&on=2027-01-01"
    public = signed_in(app, None)
    assert public.get(asked).json()["mark"] == "edition_not_confirmed"
    form = {"key": ["use_type=13"], "place": "cn", "from": "2002-01-01"}
    where = CONFIRMATIONS.format("term.maximum_years")
    stale = administrator.post(where, data=form | {"fingerprint": "0" * 64}, files=DOCUMENT)
    assert code_of(stale) == (422, "rules.confirmation_stale")
    tried = administrator.post(where, data=form | {"dry_run": "true"}, files={"document": ("", b"")}).json()
    assert (tried["confirmation"], tried["value"]["mark"]) == (None, None)
    assert public.get(asked).json()["mark"] == "edition_not_confirmed"
    done = administrator.post(where, data=form | {"fingerprint": tried["value"]["fingerprint"]}, files=DOCUMENT)
    assert done.status_code == 201, done.text
    assert (done.json()["value"]["mark"], public.get(asked).json()["mark"]) == (None, None)
    nowhere = administrator.post(where, data=form | {"key": ["use_type=99"]}, files=DOCUMENT)
    assert code_of(nowhere) == (422, "rules.no_such_value")


def test_nobody_but_an_administrator_writes_in_the_book(app: Any) -> None:
    for login, wanted in ((None, (401, "problems.sign_in")), ("sample.window.371082", (403, "problems.not_yours"))):
        client = signed_in(app, login)
        assert code_of(client.post(ENTRIES, data=RATE, files=DOCUMENT)) == wanted
        assert code_of(client.post(CONFIRMATIONS.format("fee.rate"), data=RATE, files=DOCUMENT)) == wanted
        assert code_of(client.delete(f"{ENTRIES}/1")) == wanted


def test_the_same_entry_sent_twice_under_one_key_is_entered_once(administrator: TestClient) -> None:
    headers = {"Idempotency-Key": "entry-0001"}
    first = administrator.post(ENTRIES, data=RATE, files=DOCUMENT, headers=headers)
    second = administrator.post(ENTRIES, data=RATE, files=DOCUMENT, headers=headers)
    assert first.status_code == second.status_code == 201 and first.json() == second.json()
    assert len(administrator.get(ENTRIES).json()["entries"]) == 1


def test_a_book_that_expired_is_never_handed_out_again(database: Database) -> None:
    """A reader that began before the commit must not lay its old book over the expiry, and nobody goes on with the old one."""
    kept = KeptBook(database.sessions())
    assert kept.now().hash == packaged().hash and kept.latest is not None
    began, go_on, read = threading.Event(), threading.Event(), kept._maker

    def slow() -> Any:
        began.set()
        go_on.wait(10)
        return read()

    kept._maker = slow  # type: ignore[assignment]
    kept.expire()
    found: list[Any] = []
    reader = threading.Thread(target=lambda: found.append(kept.now()))
    reader.start()
    assert began.wait(10)
    kept.expire()
    waiting = threading.Thread(target=lambda: found.append(kept.now()))
    waiting.start()
    assert kept.latest is None
    go_on.set()
    for thread in (reader, waiting):
        thread.join(10)
    assert kept.latest is found[0] is found[1]
