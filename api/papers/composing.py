"""A paper in one language: every word, mark and hash as it is set; the Typst source only puts them on the page."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import segno

from api.papers.letters import seen
from approvals.papers.content import AWAITING, STAYING, Block, PaperContent, Row, doubts
from approvals.papers.words import day
from data.answers import HOUSE_CITE
from data.messages import Language, text

# The hash in the foot of every page: the boundary's where there is one, else the first that the paper has.
FOOT = "boundary"
SIGNS = {"unverified": "?", "edition_not_confirmed": "§", "sample": "", "house": ""}
# The paper of title is framed like one; letters and forms are not.
FRAMED = ("statement_of_registration",)


def address_of(base_url: str, code: str) -> str:
    """Where a paper is verified.

    >>> address_of("https://sea.example/", "7K4M-9QXT")
    'https://sea.example/verify/7K4M-9QXT'
    """
    return f"{base_url.rstrip('/')}/verify/{code}"


def compose(content: PaperContent, lang: Language, *, base_url: str, attached: int = 0) -> dict[str, Any]:
    """What `paper.typ` is given; `attached` are pages of drawings that follow and count."""
    told: dict[str, Any] = seen(_composed(content, lang, base_url=base_url, attached=attached))
    # The page's own numbers are put in when it is set.
    told["words"]["page"] = text("paper.page.page", lang, number="\x01", count="\x02")
    return told


def _composed(content: PaperContent, lang: Language, *, base_url: str, attached: int) -> dict[str, Any]:
    address = address_of(base_url, content.code)
    foot = content.evidence.get(FOOT) or next(iter(content.evidence.values()), "")
    foot_name = FOOT if FOOT in content.evidence else next(iter(content.evidence), "")
    return {
        "lang": lang,
        "framed": content.kind in FRAMED,
        "title": content.title[lang],
        "number": content.number,
        "date": day(content.issued_on)[lang],
        "issuer": content.issuer[lang],
        "signed_by": text("paper.page.signed_by", lang, signer=content.signer),
        "is_sample": content.is_sample,
        "watermark": text("paper.page.watermark", lang),
        "words": {
            "number": text("paper.page.number", lang),
            "continued": text("paper.page.continued", lang),
        },
        "notes": list(_notes(content, lang)),
        "dear": text("paper.page.dear", lang, name=content.addressee[lang]) if content.addressee else "",
        "blocks": [_block(block, lang) for block in content.blocks],
        "evidence": [[text(f"paper.evidence.{name}", lang), value] for name, value in content.evidence.items()],
        "evidence_title": text("paper.evidence.title", lang),
        "foot": [text(f"paper.evidence.{foot_name}", lang), foot] if foot else ["", ""],
        "verify": text("paper.page.verify", lang, code=content.code),
        "address": address,
        "code": content.code,
        "qr": qr_svg(address),
        "attached": attached,
    }


def qr_svg(address: str) -> str:
    """The address as a QR code, one module a unit, without a border: the page leaves its own."""
    written = BytesIO()
    segno.make(address, error="m", micro=False).save(written, kind="svg", border=0, xmldecl=False, svgns=True, nl=False)
    return written.getvalue().decode()


def _notes(content: PaperContent, lang: Language) -> Sequence[str]:
    """What stands at the head in small print: that this is a sample, which text decides, how many values are in doubt."""
    told = [text("paper.page.sample", lang)] if content.is_sample else []
    told.append(text("paper.page.companion", lang))
    counted = doubts(content)
    awaiting = [mark for mark in AWAITING if counted[mark]]
    staying = [mark for mark in STAYING if counted[mark]]
    if awaiting:
        total = sum(counted[mark] for mark in awaiting)
        told.append(text("paper.page.awaiting", lang, count=total, kinds=_counted(awaiting, counted, lang)))
    if staying:
        told.append(text("paper.page.staying", lang, kinds=_counted(staying, counted, lang)))
    return told


def _counted(marks: Sequence[str], counted: Any, lang: Language) -> str:
    told = [
        text("paper.page.counted", lang, mark=text(f"rules.mark.{mark}", lang), count=counted[mark]) for mark in marks
    ]
    return ("，" if lang == "zh" else ", ").join(told)


def _block(block: Block, lang: Language) -> dict[str, Any]:
    return {
        "kind": block.kind,
        "key": block.key,
        "title": block.title[lang] if block.title else "",
        "words": block.words[lang] if block.words else "",
        "rows": [_row(row, lang) for row in block.rows],
        "columns": [each[lang] for each in block.columns],
        "aligns": list(block.aligns),
        "cells": [[cell[lang] for cell in row] for row in block.cells],
        "total": [each[lang] for each in block.total],
        "items": [each[lang] for each in block.items],
        "marks": [[_mark(mark, lang) for mark in marks] for marks in block.marks],
    }


def _row(row: Row, lang: Language) -> dict[str, Any]:
    return {
        "label": row.label[lang],
        "value": row.value[lang],
        "how": text(f"paper.how.{row.how}", lang) if row.how else "",
        "mark": _mark(row.mark, lang) if row.mark else None,
        # Our own setting is said by its mark, in the language of the paper.
        "cite": "" if row.mark == "house" and row.cite == HOUSE_CITE else row.cite,
        "status": row.status,
    }


def _mark(mark: str, lang: Language) -> dict[str, Any]:
    return {"sign": SIGNS[mark], "word": text(f"rules.mark.{mark}", lang), "stays": mark in STAYING}
