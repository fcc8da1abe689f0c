"""Forgeries behind the application's back: each of a case, a paper or an issuer is found; a whole registered case is clean.

One database with one registered case and all of its papers; every forgery is made on a connection of its own and rolled back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

import approvals.verify
from api.cli.verify import room_findings
from api.papers.drawing import drawer
from api.papers.making import make_paper
from api.papers.sample_issuer import ensure_sample_issuer
from api.papers.signing import KeyFolder
from approvals.models import Document
from data.clock import recorded_at
from data.rulebook import packaged
from data.verify import verify_streams
from parcels.parties import PartyKeys
from tests.approvals.cases.stage import KEYS, Story, build_town
from tests.support import databases
from tests.support.databases import Database

BASE_URL = "https://sea.example"
Forge = Callable[..., None]


@pytest.fixture(scope="module")
def settled(cluster: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A case from the form to the registered right, and every paper of it made."""
    keys = KeyFolder(tmp_path_factory.mktemp("keys"))
    with databases.clone(cluster) as database:
        with database.sessions("owner").begin() as session:
            ensure_sample_issuer(session, keys, at=recorded_at(session))
            town = build_town(session)
        with database.sessions().begin() as session:
            Story(session, town).registered()
        with database.sessions()() as session:
            numbers = [document.id for document in session.query(Document).order_by(Document.id)]
        for number in numbers:
            with database.sessions().begin() as session:
                drawings = drawer(session, book=packaged(), base_url=BASE_URL)
                now = datetime(2026, 9, 20, tzinfo=UTC)
                make_paper(session, number, keys=KEYS, signers=keys, base_url=BASE_URL, now=now, drawings=drawings)
        yield database


@contextmanager
def forging(database: Database) -> Iterator[tuple[Session, Forge]]:
    """A session whose changes no trigger sees and nobody else either."""
    with database.engine("superuser").connect() as connection:
        transaction = connection.begin()
        connection.execute(text("SET LOCAL session_replication_role = replica"))

        def forge(statement: str, **values: Any) -> None:
            assert connection.execute(text(statement), values).rowcount == 1

        with Session(connection) as session:
            yield session, forge
        transaction.rollback()


def codes(session: Session, keys: PartyKeys | None = KEYS) -> list[str]:
    return sorted({finding.code for finding in approvals.verify.findings(session, keys)})


def test_a_registered_case_with_all_its_papers_is_clean(settled: Database) -> None:
    with settled.sessions()() as session:
        standings = {document.standing for document in session.query(Document)}
        assert standings == {"valid", "superseded"}
        assert list(room_findings(session, KEYS)) == []
        assert verify_streams(session).faults == []


CASE = "(SELECT id FROM approval_case)"
DECISION = "(SELECT id FROM document WHERE kind = 'decision')"
ZH = f"(SELECT digest FROM rendition WHERE lang = 'zh' AND document_id = {DECISION})"


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (f"UPDATE source_file SET content = content || '\\x00'::bytea WHERE digest = {ZH}", "verify.rendition_bytes"),
        (f"UPDATE rendition SET pages = pages + 1 WHERE lang = 'zh' AND document_id = {DECISION}", "verify.rendition_untold"),
        (f"DELETE FROM rendition WHERE lang = 'en' AND document_id = {DECISION}", "verify.rendition_untold"),
        (f"UPDATE document SET content = content || '\\x00'::bytea WHERE id = {DECISION}", "verify.document_content"),
        (f"UPDATE document SET number = 'x' WHERE id = {DECISION}", "verify.document_differs"),
        (f"UPDATE document SET issued_on = issued_on + 1 WHERE id = {DECISION}", "verify.document_differs"),
        (f"UPDATE document SET is_sample = false WHERE id = {DECISION}", "verify.document_differs"),
        (f"UPDATE document SET boundary_hash = repeat('0', 64) WHERE id = {DECISION}", "verify.document_differs"),
        (f"UPDATE document SET standing = 'revoked', ended_on = issued_on WHERE id = {DECISION}", "verify.document_differs"),
        ("UPDATE document SET standing = 'valid', ended_on = NULL, superseded_by_id = NULL WHERE id = (SELECT min(id) FROM document WHERE standing = 'superseded')", "verify.document_differs"),
        ("UPDATE issuer SET certificate = certificate || '\\x00'::bytea", "verify.issuer_differs"),
        ("UPDATE approval_case SET state = jsonb_set(state, '{acts}', '99')", "verify.case_state"),
        ("UPDATE approval_case SET ended = 'completed'", "verify.case_state"),
        ("UPDATE approval_case SET state = jsonb_set(state, '{tasks,0,outcome}', '\"reject\"')", "verify.case_state"),
        ("UPDATE approval_case SET boundary_hash = repeat('0', 64)", "verify.case_boundary"),
        ("UPDATE approval_case SET use = jsonb_set(use, '{boundary,points,0,1}', '441000000')", "verify.case_boundary"),
        ("UPDATE approval_case SET number = 'another'", "verify.case_untold"),
    ],
)  # fmt: skip
def test_every_forgery_is_found(settled: Database, statement: str, code: str) -> None:
    with forging(settled) as (session, forge):
        forge(statement)
        assert code in codes(session)


def test_a_content_that_was_exchanged_with_its_digest_is_found(settled: Database) -> None:
    """The digest of another document's content would fit its own content; the event does not know it."""
    with forging(settled) as (session, forge):
        forge(
            f"UPDATE document SET content = o.content, content_digest = o.content_digest FROM document AS o WHERE document.id = {DECISION} AND o.kind = 'fee_notice'"
        )
        assert codes(session) == ["verify.document_content", "verify.document_differs"]


def test_a_document_without_the_event_that_made_it_is_found(settled: Database) -> None:
    with forging(settled) as (session, forge):
        columns = "case_id, kind, issued_on, standing, issuer_id, is_sample, template_hash, rules_hash, boundary_hash, form_digest, content, content_digest, recorded_at"
        forge(
            f"INSERT INTO document (number, code, {columns}) SELECT 'forged', 'forged', {columns} FROM document WHERE id = {DECISION}"
        )
        assert codes(session) == ["verify.document_content", "verify.document_differs", "verify.document_untold"]


def test_a_forged_event_is_found_by_the_chain(settled: Database) -> None:
    with forging(settled) as (session, forge):
        forge(
            "UPDATE event SET envelope = convert_to(replace(convert_from(envelope, 'UTF8'), 'decision', 'Decision'), 'UTF8')"
            " WHERE id = (SELECT max(id) FROM event WHERE kind = 'case.decision.approve')"
        )
        assert "event.hash_differs" in {each.code for each in verify_streams(session).faults}


def test_bytes_that_are_exchanged_with_their_digest_everywhere_are_found_by_the_event(settled: Database) -> None:
    with forging(settled) as (session, forge):
        other = b"%PDF-1.7 forged"
        digest = f"sha256:{hashlib.sha256(other).hexdigest()}"
        forge(
            "INSERT INTO source_file (digest, alg, name, content) VALUES (:digest, 'sha256', 'x', :content)",
            digest=digest,
            content=other,
        )
        forge(f"UPDATE rendition SET digest = :digest WHERE lang = 'zh' AND document_id = {DECISION}", digest=digest)
        assert codes(session) == ["verify.rendition_untold"]


def test_without_the_keys_it_is_said_that_no_content_was_compared(settled: Database) -> None:
    with settled.sessions()() as session:
        (only,) = approvals.verify.findings(session, None)
        assert only.code == "verify.keys_missing"
        assert codes(session, PartyKeys.from_secret(b"x" * 32)) == ["verify.document_content"]
