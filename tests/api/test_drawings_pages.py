"""Sheets as the last pages of a paper: what Typst can do with them, measured, and what we do instead."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pytest
import typst

from api import drawings
from maps.sheets import SheetRequest
from tests.maps.sheets import drawings as read
from tests.maps.sheets.requests import quay_request, star
from tests.maps.sheets.test_issued import ISSUED
from tests.maps.sheets.test_sheets import expected_rows, outline, rows

PAPER = '#set document(title: "t", date: auto)\n#set page(width: 210mm, height: 297mm)\n#set text(font: "Noto Sans CJK SC")\n海域使用权批准通知书'
PAGE = "\n#set page(width: 297mm, height: 210mm, margin: 0mm)\n"


@cache
def sheet() -> drawings.RenderedSheet:
    """Two hundred points: two pages."""
    return drawings.render_pages(SheetRequest(boundary=star(200), issued=ISSUED))


@cache
def other_sheet() -> drawings.RenderedSheet:
    return drawings.render_pages(quay_request(kind="position"))


def composed(folder: Path, source: str, standards: list[Any]) -> bytes:
    (folder / "main.typ").write_text(source, encoding="utf-8")
    made = typst.compile(folder / "main.typ", format="pdf", pdf_standards=standards, timestamp=1)
    assert isinstance(made, bytes)
    return made


@pytest.fixture
def paper(tmp_path: Path) -> bytes:
    """A paper of one page, set as papers are: PDF/A-2u."""
    return composed(tmp_path, PAPER, ["a-2u"])


def reader(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def test_sheets_follow_the_paper_as_pages_that_keep_every_operator_and_every_word(paper: bytes) -> None:
    made = drawings.with_sheets(paper, [sheet().pdf, other_sheet().pdf])
    assert read.sizes(made) == [(210.0, 297.0)] + [(297.0, 210.0)] * 3
    assert "海域使用权批准通知书" in read.pages(made)[0]
    assert read.pages(made)[1:] == read.pages(sheet().pdf) + read.pages(other_sheet().pdf)
    assert rows(made) == expected_rows(star(200))
    for at, (pdf, page) in enumerate(((sheet().pdf, 0), (sheet().pdf, 1), (other_sheet().pdf, 0)), 1):
        assert read.operators(made, at) == read.operators(pdf, page)


def test_the_papers_own_bytes_stay_in_front_and_the_same_inputs_give_the_same_bytes(paper: bytes) -> None:
    made = drawings.with_sheets(paper, [sheet().pdf])
    assert made.startswith(paper)
    # The hour of writing would stand in the metadata.
    assert b"/Metadata" not in made.removeprefix(paper) and b"<?xpacket" not in made.removeprefix(paper)
    assert made == drawings.with_sheets(paper, [sheet().pdf])
    assert made != drawings.with_sheets(paper, [other_sheet().pdf])
    assert drawings.with_sheets(paper, []) == paper


def test_the_paper_stays_what_it_was_by_its_metadata_fonts_and_tags(paper: bytes) -> None:
    before, after = reader(paper), reader(drawings.with_sheets(paper, [sheet().pdf]))
    metadata = [each.trailer["/Root"]["/Metadata"].get_object().get_data() for each in (before, after)]
    assert metadata[0] == metadata[1] and b"<pdfaid:part>2</pdfaid:part>" in metadata[0]
    assert after.metadata == before.metadata
    profiles = [each.trailer["/Root"]["/OutputIntents"][0]["/DestOutputProfile"].get_data() for each in (before, after)]
    assert profiles[0] == profiles[1]
    assert len(after.trailer["/ID"]) == 2
    # The sheets' numbers of tags would name elements of the paper.
    assert ["/StructParents" in page for page in after.pages] == [True, False, False]
    for page in list(after.pages)[1:]:
        for font in page["/Resources"]["/Font"].values():
            (inner,) = font.get_object()["/DescendantFonts"]
            assert "/FontFile3" in inner.get_object()["/FontDescriptor"].get_object()


def test_an_svg_page_keeps_the_scale_to_a_hundredth_of_a_micrometre_but_loses_its_text(tmp_path: Path) -> None:
    (tmp_path / "s.svg").write_bytes(sheet().svgs[0])
    source = PAPER + PAGE + '#image("s.svg", width: 297mm, height: 210mm, alt: "sheet")'
    made = composed(tmp_path, source, ["a-2u"])
    (drawn,) = outline_on(made, 1)
    assert np.abs(drawn - outline(sheet().pdf)[0]).max() < 1e-5
    assert read.pages(made)[1].strip() == ""


def test_typst_takes_a_pdf_page_true_to_scale_with_its_text_but_not_into_a_pdf_a(tmp_path: Path) -> None:
    """The day on which the second half fails, papers can take their sheets as pictures of PDF pages."""
    (tmp_path / "s.pdf").write_bytes(sheet().pdf)
    source = PAPER + PAGE + '#image("s.pdf", page: 1, width: 297mm, height: 210mm, alt: "sheet")'
    made = composed(tmp_path, source, [])
    (drawn,) = outline_on(made, 1)
    assert np.abs(drawn - outline(sheet().pdf)[0]).max() < 1e-5
    assert rows(made)[0] == expected_rows(star(200))[0]
    with pytest.raises(typst.TypstError, match="embedding PDFs is currently not supported"):
        composed(tmp_path, source, ["a-2u"])


def outline_on(pdf: bytes, page: int) -> tuple[Any, ...]:
    """The rings of the parcel on a page: the thick red line."""
    (found,) = [
        path
        for path in read.paths(pdf, page)
        if path.stroke == (255, 0, 0) and abs(path.pen - 0.5) < 0.001 and len(path.parts[0]) > 2
    ]
    return found.parts
