"""parcels.papers on real PostGIS."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from data.actors import Actor
from data.answers import Refusal
from parcels.papers import file_layering_papers, keep_file

GIVEN = {
    "case_number": "甲-1",
    "boundary_hash": "a" * 64,
    "consent": ("同意书.pdf", b"%PDF consent"),
    "conclusion": ("论证结论.pdf", b"%PDF conclusion"),
    "earlier_case": "乙-1",
}


def test_the_same_bytes_are_kept_once_and_empty_ones_not_at_all(session: Session) -> None:
    assert keep_file(session, "a.pdf", b"x") == keep_file(session, "b.pdf", b"x")
    assert session.scalar(text("SELECT count(*) FROM source_file WHERE content = 'x'")) == 1
    with pytest.raises(Refusal) as refusal:
        keep_file(session, "a.pdf", b"")
    assert refusal.value.code == "papers.empty"


def test_an_officer_files_papers_and_the_case_remembers_their_digests(session: Session) -> None:
    with pytest.raises(Refusal) as refusal:
        file_layering_papers(session, **GIVEN, actor=Actor.public())
    assert refusal.value.code == "papers.officer_only"
    number = file_layering_papers(session, **GIVEN, actor=Actor.administrator())
    body = session.scalar(text("SELECT body FROM event WHERE stream = 'case:甲-1'"))
    assert body["paper"] == number and len(body["digests"]) == 2
