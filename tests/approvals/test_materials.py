"""Files on a case's file: kept once, told in the case's chain, withdrawn and never deleted."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from approvals import queries
from approvals.materials import add_material, clean_name, materials_digest, sniff, withdraw_material
from approvals.models import Case
from data import messages
from data.actors import Actor
from data.answers import Refusal
from data.clock import recorded_at
from parcels.queries.files import is_kept
from tests.approvals.case_rows import build_case, events_of
from tests.approvals.material_files import pdf
from tests.support.databases import Database

APPLICANT = Actor(person=7, acts_for=frozenset({1}))


def put(session: Session, case: Case, content: bytes, name: str = "credit", filename: str = "资信.pdf") -> int:
    row = add_material(
        session, case, name, filename, content, provided_by="applicant", actor=APPLICANT, at=recorded_at(session)
    )
    return row.id


def test_a_file_is_kept_by_its_bytes_and_told_in_the_chain_with_its_name_beside_it(session: Session) -> None:
    case, content = build_case(session), pdf(2)
    put(session, case, content, filename="C:\\王某某\\资信 证明.pdf")
    (row,) = queries.materials_on_file(session, case.id)
    assert (row.title, row.media_type, row.pages, row.size_bytes) == (
        "资信 证明.pdf",
        "application/pdf",
        2,
        len(content),
    )
    assert (row.provided_by, row.added_by, row.name) == ("applicant", 7, "credit")
    assert row.digest == "sha256:" + hashlib.sha256(content).hexdigest()
    assert queries.file_content(session, row.digest) == content
    ((kind, body),) = events_of(session, case)
    assert kind == "case.material_added"
    assert body["digest"] == row.digest
    told = session.scalar(text("SELECT string_agg(convert_from(envelope, 'UTF8'), '') FROM event"))
    assert told is not None and "王某某" not in told
    kept = session.scalar(
        text(
            "SELECT t.content FROM event_text t JOIN event e ON e.id = t.event_id WHERE e.stream = :stream AND t.name = 'filename'"
        ),
        {"stream": f"case:{case.number}"},
    )
    assert kept == "C:\\王某某\\资信 证明.pdf"


def test_the_same_bytes_under_the_same_name_are_there_already(session: Session) -> None:
    case, content = build_case(session), pdf()
    first = put(session, case, content)
    assert put(session, case, content, filename="again.pdf") == first
    assert put(session, case, content, name="argumentation") != first
    assert put(session, build_case(session), content) != first
    assert len(events_of(session, case)) == 2


def test_a_withdrawn_file_stays_and_can_be_put_back(session: Session) -> None:
    case, other = build_case(session), build_case(session)
    number = put(session, case, pdf())
    with pytest.raises(Refusal) as refusal:
        withdraw_material(session, other, number, actor=APPLICANT, at=recorded_at(session))
    assert refusal.value.code == "material.not_there"
    withdraw_material(session, case, number, actor=APPLICANT, at=recorded_at(session))
    session.flush()
    assert queries.materials_on_file(session, case.id) == []
    assert session.scalar(text("SELECT count(*) FROM case_material WHERE id = :id"), {"id": number}) == 1
    with pytest.raises(Refusal):
        withdraw_material(session, case, number, actor=APPLICANT, at=recorded_at(session))
    again = put(session, case, pdf())
    assert again != number
    kinds = [kind for kind, _ in events_of(session, case)]
    assert kinds == ["case.material_added", "case.material_withdrawn", "case.material_added"]
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text("DELETE FROM case_material"))


def test_a_file_that_is_refused_leaves_nothing(session: Session) -> None:
    case = build_case(session)
    for content in (b"", b"MZ" + bytes(100)):
        with pytest.raises(Refusal):
            put(session, case, content)
    assert queries.materials_on_file(session, case.id) == [] and events_of(session, case) == []
    assert not is_kept(session, "sha256:" + hashlib.sha256(b"MZ" + bytes(100)).hexdigest())


def test_what_was_told_before_the_locks_is_not_asked_again(session: Session) -> None:
    case, content = build_case(session), pdf(3)
    told = sniff(content, "a")
    row = add_material(
        session, case, "credit", "a", content, provided_by="office", actor=APPLICANT, at=recorded_at(session), kind=told
    )
    assert (row.pages, row.provided_by) == (3, "office")


def test_a_transaction_that_is_rolled_back_leaves_neither_row_nor_file_nor_event(own_database: Database) -> None:
    maker = own_database.sessions()
    with maker.begin() as session:
        number = build_case(session).number
    with pytest.raises(RuntimeError), maker.begin() as session:
        case = session.query(Case).filter_by(number=number).one()
        put(session, case, pdf())
        raise RuntimeError("the connection of the applicant is gone")
    with maker() as session:
        for table in ("case_material", "source_file", "event", "event_stream"):
            assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table


@dataclass(frozen=True)
class Listed:
    name: str
    digest: str


LISTS = st.lists(st.builds(Listed, st.sampled_from("ab"), st.sampled_from(["sha256:1", "sha256:2"])), unique=True)


@given(LISTS, st.randoms())
def test_the_digest_of_a_list_forgets_its_order_and_nothing_else(listed: list[Listed], random: object) -> None:
    shuffled = list(listed)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert materials_digest(shuffled) == materials_digest(listed)
    assert len(materials_digest(listed)) == 64
    for left_out in range(len(listed)):
        assert materials_digest(listed[:left_out] + listed[left_out + 1 :]) != materials_digest(listed)


@given(st.text(max_size=400))
@example(". 0")
@example("e\u200d\u0301.pdf")
def test_a_name_is_shown_on_one_line_without_a_path_or_signs_that_nobody_sees(name: str) -> None:
    try:
        shown = clean_name(name)
    except Refusal as refusal:
        assert refusal.code == "material.name"
        return
    assert 0 < len(shown) <= 200 and not shown.startswith(".")
    assert not set("/\\\r\n\0\u202e\u200f\ufeff") & set(shown)
    assert not {"Cc", "Cf", "Cs"} & {unicodedata.category(sign) for sign in shown}
    assert clean_name(shown) == shown
    shown.encode("utf-8")


def test_names_of_all_kinds() -> None:
    for given_name, shown in (
        ("论证报告.pdf", "论证报告.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\b.pdf", "b.pdf"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ("scan\u202efdp.exe", "scanfdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
        ("x" * 250 + ".pdf", "x" * 196 + ".pdf"),
        ("x" * 250, "x" * 200),
    ):
        assert clean_name(given_name) == shown
    for nothing in ("", "\u202e", "///", "...", "a/"):
        with pytest.raises(Refusal) as refusal:
            clean_name(nothing)
        assert refusal.value.code == "material.name"
        assert all(messages.has(f"material.name{more}") for more in ("", ".mend"))


def test_a_name_that_a_text_cannot_hold_is_kept_as_far_as_it_can_be(session: Session) -> None:
    case = build_case(session)
    put(session, case, pdf(), filename="a\0\ud800b.pdf")
    kept = session.scalar(text("SELECT content FROM event_text ORDER BY event_id DESC LIMIT 1"))
    assert kept == "a\ufffd?b.pdf"
