"""An office whose papers are asked after: samples, a real issuer's valid, superseded and revoked ones, and one still being made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.app import create_app
from api.papers.signing import KeyFolder, common_name
from approvals.models import Document
from approvals.papers.issuers import NewIssuer, enter_issuer
from approvals.papers.reserving import void_documents
from approvals.queries import papers as queries
from data.actors import Actor
from marine.boundary import Boundary, Polygon
from parcels.parties import NewParty, write_parties
from tests.api.client import TestClient
from tests.api.conftest import settings_for
from tests.api.papers.certificates import a_certificate
from tests.api.papers.conftest import KEYS, NOW, PaperDesk
from tests.approvals.papers import files
from tests.support import databases
from tests.support.databases import Database


@dataclass
class Office:
    """A database with papers in it, and the door in front of it."""

    database: Database
    app: Any
    client: TestClient
    codes: dict[str, str]
    pdfs: dict[str, bytes]
    party: int

    def ask(self, name: str, lang: str = "zh") -> dict[str, Any]:
        answer = self.client.get(f"/api/v1/documents/{self.codes[name]}", headers={"Accept-Language": lang})
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def upload(self, content: bytes) -> dict[str, Any]:
        answer = self.client.post(
            "/api/v1/documents/verification", files={"file": ("paper.pdf", content, "application/pdf")}
        )
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def forge(self, statement: str, **values: Any) -> None:
        """Change what is stored behind the application's back, with all triggers asleep."""
        with self.database.engine("superuser").begin() as connection:
            connection.execute(text("SET session_replication_role = replica"))
            assert connection.execute(text(statement), values).rowcount == 1


def settled_aside() -> Boundary:
    """Another farm, so that what is done to its boundary concerns one paper alone."""
    return files.settled(Polygon(tuple((lon + 60_000, lat) for lon, lat in files.FARM)))


def issued(session: Session, desk: PaperDesk, key_folder: KeyFolder) -> dict[str, Document]:
    """Samples of the built-in issuer; then a real issuer's papers: valid, superseded, revoked."""
    made = {"sample": desk.made("decision"), "sheet": desk.made("boundary_sheet")}
    certificate, key = a_certificate("荣成市自然资源局（测试）")
    key_folder.path("real").write_bytes(key)
    new = NewIssuer(
        place_id=None,
        name_zh="荣成市自然资源局",
        name_en="Natural resources bureau of Rongcheng",
        signer=common_name(certificate),
        certificate=certificate,
        key_name="real",
        since=files.ON,
    )
    real = enter_issuer(session, new, actor=Actor.administrator(), at=NOW)
    for name, kind in (("superseded", "fee_notice"), ("valid", "fee_notice"), ("revoked", "refusal"), ("damaged", "rejection_notice")):  # fmt: skip
        document = desk.reserve(kind, issuer=real)
        desk.make(document)
        made[name] = document
    moved = desk.content("correction_notice", files.file(boundary=settled_aside(), items=("term",)))
    made["moved"] = desk.reserve("correction_notice", content=moved, issuer=real)
    desk.make(made["moved"])
    void_documents(session, desk.case.id, "refusal", files.ON)
    made["making"] = desk.reserve("register_extract")
    return made


@contextmanager
def open_office(cluster: Any, keys: KeyFolder) -> Iterator[Office]:
    """The office with its application, which has the keys of its papers."""
    with databases.clone(cluster) as database:
        with database.sessions().begin() as session:
            desk = PaperDesk(session, keys)
            party = write_parties(session, [NewParty(name="示例养殖有限公司")], keys=KEYS)[0]
            desk.case.party_id = party
            made = issued(session, desk, keys)
            codes = {name: document.code for name, document in made.items()}
            pdfs = {
                f"{name}.{each.lang}": queries.file_bytes(session, each.digest) or b""
                for name, document in made.items()
                for each in queries.renditions_of(session, document.id)
            }
        app = create_app(settings_for(database), clock=lambda: NOW)
        app.state.house.keys = KEYS
        with TestClient(app, raise_server_exceptions=False) as client:
            yield Office(database, app, client, codes, pdfs, party)
