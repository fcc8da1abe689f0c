"""The sheets that go with a paper, drawn from what the paper itself holds and from what the public may see round it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from api.drawings import sheet_request
from api.papers.composing import address_of
from api.papers.letters import lacking, seen, without
from api.papers.making import Draw
from api.papers.setting import MOST_LETTERS
from approvals.cases.use import boundary_of
from approvals.papers.content import Drawing, PaperContent
from data.answers import Refusal
from data.messages import Language
from data.rulebook import RuleBook
from maps import sheets
from maps.sheets import printing


def drawer(session: Session, *, book: RuleBook, base_url: str) -> Draw:
    """A drawing function for `make_paper`: each sheet bears the number, code and hashes of the paper that it belongs to."""

    def draw(content: PaperContent, drawing: Drawing, lang: Language) -> bytes:
        told = content.sheet
        if told is None:
            raise ValueError(f"the paper {content.number} has a drawing and nothing to draw")
        request = sheet_request(
            session,
            boundary=boundary_of(told["boundary"]),
            kind=drawing.kind,
            book=book,
            day=content.issued_on,
            lang=lang,
            project=told["project"],
            unit_names=[name[lang] for name in told["unit_names"]],
            unit_modes=told["unit_modes"],
            layers=() if told["layers"] is None else (_band(told["layers"], told["heights"]),),
            parcel_code=told["parcel_code"],
            location=told["location"],
            issued=issued(content, lang, base_url),
            case=told["case"],
            is_sample=content.is_sample,
        )
        return _printed(sheets.compose(request))

    return draw


def _band(layers: int, heights: Mapping[str, Any] | None) -> sheets.LayerBand:
    if heights is None:
        return sheets.LayerBand(layers=layers)
    return sheets.LayerBand(
        layers=layers, low=heights["low"], high=heights["high"], is_surveyed=bool(heights["surveyed"])
    )


def _printed(sheet: sheets.Sheet) -> bytes:
    """The sheet as PDF; letters that no font has are told by their numbers, on a neighbour's name as on the project's."""
    sheet = replace(sheet, values=seen(sheet.values))
    for _ in range(MOST_LETTERS):
        try:
            return printing.printed(sheet)
        except Refusal as refusal:
            letters = lacking(str(refusal.facts.get("said", "")))
            if not letters:
                raise
            sheet = replace(sheet, values=without(sheet.values, letters))
    raise Refusal("papers.cannot_be_set", said=f"> {MOST_LETTERS}")


def issued(content: PaperContent, lang: Language, base_url: str) -> sheets.Issued:
    """What makes a sheet part of a paper: number, code, issuer and day."""
    return sheets.Issued(
        number=content.number,
        code=content.code,
        address=address_of(base_url, content.code),
        rules_hash=content.evidence.get("rules", ""),
        issuer=content.issuer[lang],
        signer=content.signer,
        issued_on=content.issued_on,
    )
