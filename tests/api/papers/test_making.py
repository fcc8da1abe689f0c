"""A paper is made once, in both languages, signed, kept by digest; which of several is valid does not depend on who was faster."""

from __future__ import annotations

import hashlib
import subprocess
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from api.papers.drawing import drawer
from api.papers.sample_issuer import KEY_NAME, sample_certificate
from api.papers.setting import set_paper
from api.papers.signing import KeyFolder
from api.papers.validating import seal_of
from approvals.models import Document, Issuer, Rendition
from approvals.papers.kinds import KINDS
from approvals.papers.reserving import content_in, digest_in, void_documents
from approvals.queries import papers as queries
from data.answers import Refusal
from data.event_tables import Event
from tests.api.papers.conftest import BASE_URL, KEYS, NOW, PaperDesk, make
from tests.approvals.case_rows import events_of
from tests.approvals.papers import files
from tests.support.databases import Database


def bytes_of(session: Session, rendition: Rendition) -> bytes:
    content = queries.file_bytes(session, rendition.digest)
    assert content is not None
    return content


def certificate_of(session: Session, document: Document) -> bytes:
    return session.get_one(Issuer, document.issuer_id).certificate


def test_a_reserved_paper_is_made_in_both_languages_signed_and_told_in_the_case(desk: PaperDesk) -> None:
    document = desk.reserve()
    assert (document.standing, queries.renditions_of(desk.session, document.id)) == ("making", [])
    made = desk.make(document)
    assert document.standing == "valid"
    assert [each.lang for each in made] == ["zh", "en"]
    for rendition in made:
        pdf = bytes_of(desk.session, rendition)
        assert rendition.digest == f"sha256:{hashlib.sha256(pdf).hexdigest()}" != rendition.unsigned_digest
        assert seal_of(pdf, certificate_of(desk.session, document)).signed_at == NOW
        assert rendition.pages == len(pypdf.PdfReader(BytesIO(pdf)).pages)
        assert (rendition.signer, rendition.signed_at) == ("haiyu sample issuer", NOW)
    (kind, body), *further = events_of(desk.session, desk.case)
    assert (kind, further) == ("paper.made", [])
    assert body["content"] == document.content_digest
    assert [each["digest"] for each in body["renditions"]] == [each.digest for each in made]


def test_making_it_again_changes_nothing(desk: PaperDesk) -> None:
    document = desk.reserve()
    first = desk.make(document)
    assert {each.id for each in desk.make(document)} == {each.id for each in first}
    assert len(events_of(desk.session, desk.case)) == 1


def test_a_job_that_died_after_one_language_leaves_that_one_as_it_is(desk: PaperDesk) -> None:
    document = desk.reserve()
    zh, en = desk.make(document)
    other = desk.reserve()
    half = {name: getattr(zh, name) for name in ("lang", "media_type", "digest", "unsigned_digest", "pages", "signer", "signed_at", "recorded_at")}  # fmt: skip
    desk.session.add(Rendition(document_id=other.id, **half))
    made = {each.lang: each for each in desk.make(other)}
    assert made["zh"].digest == zh.digest
    assert made["en"].digest != en.digest


def test_a_later_paper_takes_the_place_of_an_earlier_one(desk: PaperDesk) -> None:
    first, second = desk.made(), desk.made()
    assert (first.standing, first.superseded_by_id, first.ended_on) == ("superseded", second.id, second.issued_on)
    assert second.standing == "valid"
    other = desk.made("correction_notice")
    assert (second.standing, other.standing) == ("valid", "valid")


def test_an_earlier_paper_that_is_made_late_does_not_take_the_place_of_a_later_one(desk: PaperDesk) -> None:
    first, second = desk.reserve(), desk.reserve()
    desk.make(second)
    desk.make(first)
    assert (first.standing, first.superseded_by_id, second.standing) == ("superseded", second.id, "valid")


def test_what_is_revoked_before_it_is_made_is_not_made(desk: PaperDesk) -> None:
    document = desk.reserve()
    assert void_documents(desk.session, desk.case.id, document.kind, files.ON) == [document]
    assert desk.make(document) == ()
    assert document.standing == "revoked"
    assert [kind for kind, _ in events_of(desk.session, desk.case)] == ["paper.revoked"]


def test_revoking_touches_what_stands_and_nothing_else(desk: PaperDesk) -> None:
    first, second, other = desk.made(), desk.made(), desk.made("correction_notice")
    assert void_documents(desk.session, desk.case.id, "acceptance_notice", files.ON) == [second]
    assert (first.standing, second.standing, other.standing) == ("superseded", "revoked", "valid")
    assert void_documents(desk.session, desk.case.id, "acceptance_notice", files.ON) == []


def test_the_content_is_sealed_and_belongs_to_its_document_alone(desk: PaperDesk) -> None:
    first, second = desk.reserve(), desk.reserve()
    name = files.VALUES["applicant_name"]
    assert name.encode() not in first.content
    assert content_in(first, KEYS).addressee == {"zh": name, "en": name}
    assert first.content_digest == digest_in(first, KEYS) != second.content_digest
    first.content = second.content
    with pytest.raises(InvalidTag):
        content_in(first, KEYS)


def test_the_same_content_has_the_same_bytes_before_it_is_signed(desk: PaperDesk) -> None:
    content = desk.content("decision")
    document = desk.reserve(content=content)
    made = desk.make(document)
    draw = drawer(desk.session, book=files.BOOK, base_url=BASE_URL)
    for rendition in made:
        lang = "zh" if rendition.lang == "zh" else "en"
        again = set_paper(
            content, lang, base_url=BASE_URL, drawn=[draw(content, each, lang) for each in content.drawings]
        )
        assert f"sha256:{hashlib.sha256(again.pdf).hexdigest()}" == rendition.unsigned_digest


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_page_bears_the_watermark_the_number_and_the_boundary_s_hash(kind: str, desk: PaperDesk) -> None:
    document = desk.reserve(kind)
    for rendition in desk.make(document):
        pages = pypdf.PdfReader(BytesIO(bytes_of(desk.session, rendition))).pages
        told = ["".join(page.extract_text().split()) for page in pages]
        assert len(told) == rendition.pages
        for number, page in enumerate(told, 1):
            for wanted in ("样本无效SAMPLE", document.number, document.code, str(document.boundary_hash)):
                assert wanted in page, (kind, rendition.lang, number, wanted)


def test_an_independent_tool_finds_the_signature_valid_and_over_the_whole_file(desk: PaperDesk, tmp_path: Path) -> None:
    for rendition in desk.make(desk.reserve("decision")):
        path = tmp_path / f"{rendition.lang}.pdf"
        path.write_bytes(bytes_of(desk.session, rendition))
        told = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=True).stdout
        assert "Signature is Valid" in told and "Total document signed" in told
        assert "haiyu sample issuer" in told and "ETSI.CAdES.detached" in told
        changed = bytearray(path.read_bytes())
        changed[len(changed) // 2] ^= 1
        path.write_bytes(changed)
        done = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False)
        assert "Signature is Valid" not in done.stdout


def test_a_project_whose_name_no_font_can_print_still_gets_its_sheets(desk: PaperDesk) -> None:
    file = files.registered_file(project="北部🧿牡蛎ก养殖")
    for kind in ("boundary_sheet", "position_sheet"):
        for rendition in desk.make(desk.reserve(content=desk.content(kind, file))):
            told = pypdf.PdfReader(BytesIO(bytes_of(desk.session, rendition))).pages[0].extract_text()
            assert "北部〔U+1F9FF〕牡蛎〔U+0E01〕养殖" in "".join(told.split())


def test_a_key_that_is_not_here_or_belongs_to_another_signs_nothing(desk: PaperDesk, tmp_path: Path) -> None:
    document = desk.reserve()
    issuer = desk.session.get_one(Issuer, document.issuer_id)
    with pytest.raises(Refusal) as refused:
        KeyFolder(tmp_path).of(issuer)
    assert refused.value.code == "issuer.key_missing"
    sample_certificate(KeyFolder(tmp_path))
    assert KeyFolder(tmp_path).path(KEY_NAME).stat().st_mode & 0o777 == 0o600
    with pytest.raises(Refusal) as refused:
        KeyFolder(tmp_path).of(issuer)
    assert refused.value.code == "issuer.key_of_another"


def test_a_rendition_and_a_document_are_kept_as_they_are(desk: PaperDesk) -> None:
    document = desk.made()
    for statement in ("DELETE FROM document", "UPDATE rendition SET digest = 'x'", "UPDATE document SET number = 'x'"):
        with pytest.raises(DBAPIError), desk.session.begin_nested():
            desk.session.execute(text(statement))
    assert document.standing == "valid"


def test_two_workers_at_once_make_a_paper_once(own_database: Database, key_folder: KeyFolder) -> None:
    with own_database.sessions().begin() as session:
        desk = PaperDesk(session, key_folder)
        numbers = [desk.reserve().id for _ in range(2)]

    def work(number: int) -> list[int]:
        with own_database.sessions().begin() as session:
            return sorted(each.id for each in make(session, number, key_folder))

    with ThreadPoolExecutor(6) as workers:
        done = list(workers.map(work, numbers * 3))
    assert done[:2] == done[2:4] == done[4:]
    with own_database.sessions()() as session:
        assert session.query(Rendition).count() == 4
        assert [document.standing for document in session.query(Document).order_by(Document.id)] == [
            "superseded",
            "valid",
        ]
        assert session.query(Event).filter_by(kind="paper.made").count() == 2
