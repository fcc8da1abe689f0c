"""From a request to drawn pages, and sheets as the last pages of a paper, with their text and their scale kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from maps import sheets
from maps.sheets import printing


@dataclass(frozen=True, slots=True)
class RenderedSheet:
    """A sheet as PDF and, page by page, as SVG (A4 landscape, texts as outlines); `scale` is the N of 1:N."""

    pdf: bytes
    svgs: tuple[bytes, ...]
    pages: int
    scale: int


def render_pages(request: sheets.SheetRequest) -> RenderedSheet:
    """Draw a sheet once in both formats; the same request gives the same bytes."""
    sheet = sheets.compose(request)
    drawn = printing.pages_as_svg(sheet)
    return RenderedSheet(printing.printed(sheet), drawn, len(drawn), sheet.scale)


def with_sheets(paper: bytes, drawn: Sequence[bytes]) -> bytes:
    """A paper (PDF) with the pages of these sheets (PDF) after its own; without sheets the paper itself.

    Written as an update behind the paper's bytes, so that they stay as they are: the same inputs give the same bytes, the
    pages keep their operators, fonts and text, and the paper stays the PDF/A that it was. Sign afterwards. Typst itself takes
    no PDF page into a PDF/A, and an SVG page loses its text (docs/sheets.md).
    """
    if not drawn:
        return paper
    writer = _Appending(paper, hashlib.sha256(b"".join((paper, *drawn))).digest())
    root_ref = writer.root.raw_get("/Pages")
    root = root_ref.get_object()
    for sheet in drawn:
        tree = PdfFileReader(BytesIO(sheet)).root
        _untag(tree["/Pages"])
        branch = writer.import_object(tree.raw_get("/Pages"))
        branch.get_object()[pdf_name("/Parent")] = root_ref
        root["/Kids"].append(branch)
        root[pdf_name("/Count")] = generic.NumberObject(root["/Count"] + branch.get_object()["/Count"])
    writer.update_container(root)
    writer.update_container(root["/Kids"])
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


class _Appending(IncrementalPdfFileWriter):
    """An update that depends on nothing but what it appends: pyHanko would write the hour and draw an identifier by lot."""

    def __init__(self, paper: bytes, digest: bytes) -> None:
        super().__init__(BytesIO(paper))
        self._document_id = generic.ArrayObject([self._document_id[0], generic.ByteStringObject(digest[:16])])

    def _update_meta(self) -> None:
        """The paper's own metadata stay; they say when it was issued."""


def _untag(node: generic.DictionaryObject) -> None:
    """Take the pages' keys into their own tree of tags away: in the paper's tree these numbers name other elements."""
    node.pop(pdf_name("/StructParents"), None)
    for kid in node.get("/Kids", ()):
        _untag(kid.get_object())
