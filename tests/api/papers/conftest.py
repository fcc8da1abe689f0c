"""Papers made for a case on real PostGIS, with the built-in issuer's key in a folder of the test's own and real sheets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from api.papers.drawing import drawer
from api.papers.making import make_paper
from api.papers.sample_issuer import ensure_sample_issuer
from api.papers.signing import KeyFolder
from approvals.models import Case, Document, Issuer, Rendition
from approvals.papers.content import PaperContent
from approvals.papers.issuers import builtin_issuer
from approvals.papers.kinds import content_of
from approvals.papers.reserving import new_code, reserve_document
from parcels.parties import PartyKeys
from tests.approvals.case_rows import build_case
from tests.approvals.papers import files

NOW = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
KEYS = PartyKeys.from_secret(b"p" * 32)
BASE_URL = "https://sea.example"


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> KeyFolder:
    """The folder of the test installation's keys."""
    return KeyFolder(tmp_path_factory.mktemp("keys"))


class PaperDesk:
    """One case, and papers reserved and made for it."""

    def __init__(self, session: Session, keys: KeyFolder) -> None:
        self.session, self.keys = session, keys
        ensure_sample_issuer(session, keys, at=NOW)
        self.case: Case = build_case(session)
        self._count = 0

    def content(self, kind: str, file: Any = None) -> PaperContent:
        """A paper of a kind with the next number and a code of its own."""
        self._count += 1
        number = f"测{self.case.number}〔2026〕{self._count}号"
        made = files.contents()[kind] if file is None else content_of(kind, file, number=number, code="-")

        return replace(made, number=number, code=new_code())

    def reserve(
        self, kind: str = "acceptance_notice", content: PaperContent | None = None, issuer: Issuer | None = None
    ) -> Document:
        told = content or self.content(kind)
        issuer = issuer or builtin_issuer(self.session)
        assert issuer is not None
        return reserve_document(
            self.session,
            case=self.case,
            kind=told.kind,
            content=told,
            number=told.number,
            code=told.code,
            issuer=issuer,
            template_hash=told.evidence["template"],
            rules_hash=told.evidence["rules"],
            boundary_hash=told.evidence.get("boundary"),
            form_digest=told.evidence.get("form"),
            keys=KEYS,
            at=NOW,
        )

    def make(self, document: Document) -> tuple[Rendition, ...]:
        return make(self.session, document.id, self.keys)

    def made(self, kind: str = "acceptance_notice") -> Document:
        document = self.reserve(kind)
        self.make(document)
        return document


def make(session: Session, document_id: int, keys: KeyFolder) -> tuple[Rendition, ...]:
    """Make a paper as a worker does."""
    drawings = drawer(session, book=files.BOOK, base_url=BASE_URL)
    return make_paper(session, document_id, keys=KEYS, signers=keys, base_url=BASE_URL, now=NOW, drawings=drawings)


@pytest.fixture
def desk(session: Session, key_folder: KeyFolder) -> PaperDesk:
    return PaperDesk(session, key_folder)
