"""From a paper in one language to PDF/A by Typst; a warning of the typesetter (such as a missing font) is an error here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import typst
from pyhanko.pdf_utils.reader import PdfFileReader

from api.drawings import with_sheets
from api.papers.composing import compose
from api.papers.letters import lacking, without
from approvals.papers.content import PaperContent
from data.answers import Refusal
from data.messages import Language

# The faces that `paper.typ` names; Latin text of the English companion is set in a face that Typst brings along.
FACES = ("Noto Sans CJK SC", "Noto Serif CJK SC", "Libertinus Serif")
# PDF/A-2u: everything embedded, every character can be read back as text.
STANDARD = "a-2u"
# Different letters without a glyph on one paper: beyond that it is no text of ours.
MOST_LETTERS = 100


@dataclass(frozen=True, slots=True)
class SetPaper:
    """A paper as PDF, unsigned, and the number of its pages, drawings included."""

    pdf: bytes
    pages: int


def set_paper(content: PaperContent, lang: Language, *, base_url: str, drawn: Sequence[bytes] = ()) -> SetPaper:
    """Set a paper; the same content and drawings (PDF) give the same bytes. A paper without blocks is its one drawing."""
    attached = sum(pages_of(each) for each in drawn)
    if not content.blocks:
        if len(drawn) != 1:
            raise ValueError(f"a {content.kind} is one drawing, not {len(drawn)}")
        return SetPaper(drawn[0], attached)
    pdf = pdf_of(compose(content, lang, base_url=base_url, attached=attached), content.issued_on)
    return SetPaper(with_sheets(pdf, drawn), pages_of(pdf) + attached)


def pdf_of(values: Mapping[str, Any], on: date) -> bytes:
    """The PDF of composed values. Its time is noon UTC of its day, so the same values always have the same bytes."""
    at = datetime.combine(on, time(12), tzinfo=UTC)
    made = _made(values, format="pdf", timestamp=int(at.timestamp()), pdf_standards=[STANDARD])
    return made if isinstance(made, bytes) else made[0]


def pictures_of(values: Mapping[str, Any], *, dots_per_inch: int = 110) -> tuple[bytes, ...]:
    """One PNG for each page, for previews."""
    made = _made(values, format="png", ppi=float(dots_per_inch))
    return (made,) if isinstance(made, bytes) else tuple(made)


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF of ours has."""
    return int(PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Count"])


def _made(values: Mapping[str, Any], **how: Any) -> bytes | list[bytes]:
    missing = [face for face in FACES if face not in _families()]
    if missing:
        raise Refusal("sheets.font_missing", faces=", ".join(missing))
    for _ in range(MOST_LETTERS):
        inputs = {"paper": json.dumps(values, ensure_ascii=False, allow_nan=False)}
        try:
            made, warnings = typst.compile_with_warnings(_source(), font_paths=_fonts(), sys_inputs=inputs, **how)
        except typst.TypstError as fault:
            # The source is ours and tested; what can still fail is a letter that no font has.
            letters = lacking(fault.message)
            if not letters:
                raise Refusal("papers.cannot_be_set", said=fault.message) from fault
            values = without(values, letters)
            continue
        if warnings:
            raise RuntimeError("; ".join(warning.message for warning in warnings))
        return made
    raise Refusal("papers.cannot_be_set", said=f"> {MOST_LETTERS}")


@cache
def _source() -> bytes:
    return files("api.papers").joinpath("paper.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    # Looking for fonts takes most of a compilation's time, and they do not change while we run.
    return typst.Fonts()


@cache
def _families() -> frozenset[str]:
    return frozenset(_fonts().families())
