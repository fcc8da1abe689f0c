"""From a laid-out sheet to PDF and SVG by Typst; a warning of the typesetter (such as a missing font) is an error here."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from data.answers import Refusal
from maps.sheets.values import Sheet

# Chinese faces that the sheet is set in; `sheet.typ` names the same.
FACES = ("Noto Sans CJK SC", "Noto Serif CJK SC")
# PDF/A-2u: everything embedded, every character can be read back as text.
STANDARD = "a-2u"
# A sheet without a drawing date still needs a fixed time, or its bytes would differ each second: CGCS2000's own epoch.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def printed(sheet: Sheet) -> bytes:
    """The PDF. Its time is the drawing date at noon UTC, so the same sheet always has the same bytes."""
    at = datetime.combine(sheet.drawn_on, time(12), tzinfo=UTC) if sheet.drawn_on else EPOCH
    made = _made(sheet, format="pdf", timestamp=int(at.timestamp()), pdf_standards=[STANDARD])
    return made if isinstance(made, bytes) else made[0]


def pages_as_svg(sheet: Sheet) -> tuple[bytes, ...]:
    """One SVG for each page, its texts as outlines."""
    made = _made(sheet, format="svg")
    return (made,) if isinstance(made, bytes) else tuple(made)


def pages_as_png(sheet: Sheet, *, dots_per_inch: int = 110) -> tuple[bytes, ...]:
    """One picture for each page, for previews."""
    made = _made(sheet, format="png", ppi=float(dots_per_inch))
    return (made,) if isinstance(made, bytes) else tuple(made)


def page_count(sheet: Sheet) -> int:
    """How many pages the sheet takes."""
    told = typst.query(_source(), "<pages>", field="value", one=True, font_paths=_fonts(), sys_inputs=_inputs(sheet))
    return int(json.loads(told))


def _made(sheet: Sheet, **how: Any) -> bytes | list[bytes]:
    missing = [face for face in FACES if face not in _families()]
    if missing:
        raise Refusal("sheets.font_missing", faces=", ".join(missing))
    try:
        made, warnings = typst.compile_with_warnings(_source(), font_paths=_fonts(), sys_inputs=_inputs(sheet), **how)
    except typst.TypstError as fault:
        # The source is ours and tested; what can still fail is a letter that no font has.
        raise Refusal("sheets.cannot_be_set", said=fault.message) from fault
    if warnings:
        raise RuntimeError("; ".join(warning.message for warning in warnings))
    return made


def _inputs(sheet: Sheet) -> dict[str, str]:
    return {"sheet": json.dumps(sheet.values, ensure_ascii=False, allow_nan=False)}


@cache
def _source() -> bytes:
    return files("maps.sheets").joinpath("sheet.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    # Looking for fonts takes most of a compilation's time, and they do not change while we run.
    return typst.Fonts()


@cache
def _families() -> frozenset[str]:
    return frozenset(_fonts().families())
