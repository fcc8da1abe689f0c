"""Papers at the door: verified by anyone by code, by file and on the page; altered in any way, told; fetched only by those who may."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from typing import Any

import pypdf
import pytest
from sqlalchemy import text

from api.deps import asker
from api.papers.signing import KeyFolder
from approvals.cases.use import boundary_as_plain
from approvals.models import Issuer
from approvals.queries import papers as queries
from data.actors import Actor
from tests.api.papers.office import Office, open_office, settled_aside
from tests.approvals.papers import files


@pytest.fixture(scope="module")
def office(cluster: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(cluster, KeyFolder(tmp_path_factory.mktemp("keys"))) as opened:
        yield opened


@pytest.mark.parametrize("name", ["valid", "superseded", "revoked", "sample"])
def test_a_code_is_answered_in_one_of_four_words_with_everything_compared(office: Office, name: str) -> None:
    told = office.ask(name)
    assert told["answer"] == name
    assert all(each["holds"] for each in told["compared"])
    assert [(each["what"], each["lang"]) for each in told["compared"]] == [
        ("bytes", "zh"),
        ("signature", "zh"),
        ("bytes", "en"),
        ("signature", "en"),
        ("boundary", None),
    ]
    assert told["paper"]["is_sample"] == (name == "sample")
    assert (told["paper"]["superseded_by"] is not None) == (name == "superseded")
    assert (told["paper"]["ended_on"] is not None) == (name in ("superseded", "revoked"))


def test_no_answer_names_a_person_or_a_holder(office: Office) -> None:
    for name in ("valid", "sample"):
        for told in (str(office.ask(name)), office.client.get(f"/verify/{office.codes[name]}").text):
            for secret in (
                "applicant_name",
                "legal_person",
                "id_number",
                "phone",
                "address",
                "contact",
                "project_name",
            ):
                assert files.VALUES[secret] not in told


@pytest.mark.parametrize("edition", ["zh", "en"])
def test_the_issued_file_is_known_by_its_bytes(office: Office, edition: str) -> None:
    told = office.upload(office.pdfs[f"valid.{edition}"])
    assert (told["answer"], told["paper"]["code"]) == ("valid", office.codes["valid"])
    assert (told["compared"][0]["what"], told["compared"][0]["holds"], told["compared"][0]["lang"]) == (
        "upload",
        True,
        edition,
    )


@pytest.mark.parametrize("name", ["valid.zh", "sample.en", "sheet.zh"])
def test_a_changed_file_is_told_altered_with_the_paper_that_it_says_it_is(office: Office, name: str) -> None:
    for at in (len(office.pdfs[name]) // 3, len(office.pdfs[name]) - 40):
        changed = bytearray(office.pdfs[name])
        changed[at] ^= 1
        told = office.upload(bytes(changed))
        assert (told["answer"], told["paper"]["code"]) == ("altered", office.codes[name.partition(".")[0]])
        assert told["compared"][0]["holds"] is False
    assert office.upload(office.pdfs[name] + b"\n% more")["answer"] == "altered"


def test_a_file_of_somebody_else_is_told_not_ours(office: Office) -> None:
    other = BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(other)
    for content in (other.getvalue(), b"no pdf at all", b"haiyu:2222-2222-2222-2222-2222"):
        assert office.upload(content) == {
            "answer": "not_ours",
            "words": {"zh": "不是本系统出具的", "en": "Not issued here"},
            "says": {"zh": "这个文件不是本系统出具的，也没有本系统的核验码。", "en": "This file was not issued here, and it bears no code of ours."},
            "paper": None,
            "compared": [],
        }  # fmt: skip


def test_a_code_is_taken_however_it_is_typed_and_an_unknown_one_is_refused(office: Office) -> None:
    code = office.codes["valid"]
    assert office.client.get(f"/api/v1/documents/{code.lower().replace('-', '')}").json()["answer"] == "valid"
    for typed in ("2222-2222-2222-2222-2222", "x", "%00", "A" * 300):
        answer = office.client.get(f"/api/v1/documents/{typed}")
        assert (answer.status_code, answer.json()["code"]) == (404, "document.unknown")
    answer = office.client.get(f"/api/v1/documents/{office.codes['making']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "document.making")


def test_stored_bytes_that_were_changed_are_told_whoever_asks(office: Office) -> None:
    assert office.ask("damaged")["answer"] == "valid"
    digest = (
        "(SELECT digest FROM rendition JOIN document ON document.id = document_id WHERE code = :code AND lang = 'zh')"
    )
    office.forge(
        f"UPDATE source_file SET content = content || '\\x0a'::bytea WHERE digest = {digest}",
        code=office.codes["damaged"],
    )
    told = office.ask("damaged")
    assert told["answer"] == "altered"
    assert {(each["what"], each["lang"]) for each in told["compared"] if not each["holds"]} == {
        ("bytes", "zh"),
        ("signature", "zh"),
    }
    assert "不能作为凭据" in told["says"]["zh"]


def test_a_digest_that_was_changed_with_its_bytes_still_lacks_the_issuer_s_signature(office: Office) -> None:
    forged = office.pdfs["sample.zh"]
    digest = f"sha256:{sha256(forged).hexdigest()}"
    office.forge(
        "UPDATE rendition SET digest = :digest WHERE lang = 'zh' AND document_id = (SELECT id FROM document WHERE code = :code)",
        digest=digest,
        code=office.codes["superseded"],
    )
    told = office.ask("superseded")
    assert told["answer"] == "altered"
    assert {(each["what"], each["lang"]) for each in told["compared"] if not each["holds"]} == {("signature", "zh")}


def test_the_page_says_the_word_in_both_languages_and_never_paints_a_sample_green(office: Office) -> None:
    for lang, word in (("zh", "样本"), ("en", "Sample")):
        answer = office.client.get(f"/verify/{office.codes['sample']}?lang={lang}")
        assert answer.status_code == 200
        assert re.search(rf'<section class="verdict sample".*?<h1 id="verdict">{word}</h1>', answer.text, re.S)
        assert 'class="verdict valid"' not in answer.text
    assert "2026年11月26日 12:00" in office.client.get(f"/verify/{office.codes['sample']}?lang=zh").text


def test_the_page_works_without_a_script(office: Office) -> None:
    asked = office.client.get("/verify", headers={"Accept": "text/html"})
    assert 'action="/verify"' in asked.text and 'enctype="multipart/form-data"' in asked.text
    typed = office.client.get("/verify", params={"code": office.codes["valid"].lower()}, follow_redirects=False)
    assert (typed.status_code, typed.headers["location"]) == (303, f"/verify/{office.codes['valid']}")
    sent = office.client.post("/verify", files={"file": ("a.pdf", office.pdfs["valid.zh"], "application/pdf")})
    assert 'class="verdict valid"' in sent.text
    unknown = office.client.get("/verify/2222", headers={"Accept": "text/html"})
    assert (unknown.status_code, "没有这个核验码的文书" in unknown.text) == (404, True)
    policy = asked.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert " style=" not in asked.text and " onclick" not in asked.text


def test_the_page_says_at_its_field_that_an_empty_file_came(office: Office) -> None:
    for file in (("a.pdf", b"", "application/pdf"), ("", b"", "application/octet-stream")):
        sent = office.client.post("/verify", files={"file": file}, headers={"Accept": "text/html"})
        assert sent.status_code == 422
        assert re.search(r'aria-invalid="true".*?<p class="hint errm" id="file-hint">没有收到内容', sent.text, re.S)


def test_an_upload_without_a_file_or_of_another_kind_is_refused(office: Office) -> None:
    for address in ("/api/v1/documents/verification", "/verify"):
        assert office.client.post(address, files={"other": ("a", b"x")}).status_code == 422
        assert office.client.post(address, json={"file": "x"}).status_code == 415


def test_the_file_itself_is_for_those_who_may_see_the_case(office: Office) -> None:
    address = f"/api/v1/documents/{office.codes['valid']}/file"
    answer = office.client.get(address)
    assert (answer.status_code, answer.json()["code"]) == (401, "problems.sign_in")
    try:
        office.app.dependency_overrides[asker] = lambda: Actor(person=1, acts_for=frozenset({office.party + 1}))
        assert office.client.get(address).status_code in (403, 404)
        office.app.dependency_overrides[asker] = lambda: Actor(person=1, acts_for=frozenset({office.party}))
        for lang in ("zh", "en"):
            answer = office.client.get(address, params={"lang": lang})
            assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
            assert answer.content == office.pdfs[f"valid.{lang}"]
        assert office.client.get(f"/api/v1/documents/{office.codes['making']}/file").json()["code"] == "document.making"
        assert office.client.get("/api/v1/documents/2222/file").json()["code"] == "document.unknown"
    finally:
        office.app.dependency_overrides.clear()


def test_an_issuer_is_named_as_it_signs(office: Office) -> None:
    with office.database.sessions()() as session:
        signers = {issuer.signer for issuer in session.query(Issuer)}
    assert signers == {"haiyu sample issuer", "荣成市自然资源局（测试）"}
    assert office.ask("valid")["paper"]["signer"] == "荣成市自然资源局（测试）"


def test_a_boundary_that_was_moved_in_the_register_or_in_its_case_is_told(office: Office) -> None:
    assert office.ask("moved")["answer"] == "valid"
    with office.database.sessions().begin() as session:
        document = queries.document_by_code(session, office.codes["moved"])
        assert document is not None and document.boundary_hash is not None
        hashed = document.boundary_hash
        session.execute(
            text("""INSERT INTO boundary (hash, alg, canonical, central_meridian, area_ha, numbers, origin, decisions, geom)
                    VALUES (:hash, 'sha256', 'haiyu-boundary/1', 122.5, 1, '[]', 'cgcs2000', '{}',
                            ST_GeomFromText('POLYGON((122 37, 122.1 37, 122.1 37.1, 122 37))', 4490))"""),
            {"hash": hashed},
        )
    told = office.ask("moved")
    assert told["answer"] == "altered"
    assert [each["what"] for each in told["compared"] if not each["holds"]] == ["boundary"]
    office.forge("DELETE FROM boundary WHERE hash = :hash", hash=hashed)
    assert office.ask("moved")["answer"] == "valid"
    use = boundary_as_plain(settled_aside())
    moved = {
        **use,
        "exterior": [[lon + 1, lat] for lon, lat in use["exterior"]],
        "points": [[number, lon + 1, lat] for number, lon, lat in use["points"]],
    }
    office.forge(
        "UPDATE approval_case SET boundary_hash = :hash, use = CAST(:use AS jsonb)",
        hash=hashed,
        use=json.dumps({"boundary": moved}),
    )
    assert office.ask("moved")["answer"] == "altered"
