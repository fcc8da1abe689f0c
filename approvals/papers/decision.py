"""海域使用权批复 and 不予批准决定书: what is granted to whom, where, how and until when, by whose power; or why it is refused."""

from __future__ import annotations

from collections.abc import Iterator

from approvals.papers.acceptance import case_rows
from approvals.papers.answers import coded
from approvals.papers.blocks import (
    addressee,
    government,
    holders_told,
    pairs,
    paragraph,
    points_block,
    row,
    seal_block,
    small,
    unit_rows,
    units_block,
)
from approvals.papers.casefile import CaseFile
from approvals.papers.content import Block, Row, Words
from approvals.papers.fees import computed_block, missing_told, sheet_of
from approvals.papers.inquiries import inquiry_of
from approvals.papers.judged import findings_blocks
from approvals.papers.law import law
from approvals.papers.marks import basis_of
from approvals.papers.returned import ground_rows, reasons, review_block
from approvals.papers.words import DASH, both, day, hectares, same, term
from data.messages import LANGUAGES
from marine.spaces import ALL_YEAR, layer_names, month_numbers
from marine.terms import cap, whole_years
from parcels.checks.words import layers_text, months_text

CONDITIONS = "conditions"


def decision(file: CaseFile) -> tuple[Block, ...]:
    """The decision that grants the use."""
    return tuple(_decision(file))


def refusal(file: CaseFile) -> tuple[Block, ...]:
    """The decision that refuses it: ground, findings with their figures, reasons, the right of review."""
    return tuple(_refusal(file))


def _decision(file: CaseFile) -> Iterator[Block]:
    yield paragraph(
        "decided", "paper.decision.decided", project=_project(file), received=day(file.received_on or file.on)
    )
    yield pairs("granted", granted_rows(file), both("paper.title.granted"))
    if file.boundary is not None:
        yield units_block(file.boundary, unit_rows(file), file.boundary.area, file.book.codes["use_modes"])
    yield pairs("authority", _authority_rows(file), both("paper.title.authority"))
    yield from findings_blocks(file)
    yield from _fee(file)
    conditions = [line.strip() for line in file.texts.get(CONDITIONS, "").splitlines() if line.strip()]
    if conditions:
        yield Block(
            kind="list",
            key=CONDITIONS,
            title=both("paper.title.conditions"),
            items=tuple(same(each) for each in conditions),
        )
    yield from layered_note(file)
    yield paragraph(
        "register", "paper.decision.register", (basis := law("from_the_register", file.on)), cite=basis.cite
    )
    yield seal_block(file)
    if file.boundary is not None:
        yield points_block(file.boundary)


def granted_rows(file: CaseFile) -> Iterator[Row]:
    """The use itself: holder, place, type, hectares, term, layers, months, shoreline."""
    yield row("user", holders_told(file))
    location = file.answers.get("location")
    if location is not None:
        yield row("location", same(str(location.value)))
    yield row("use_type", coded(file.book.codes["use_types"], file.use_type))
    if file.boundary is not None:
        yield row("area", hectares(file.boundary.area), how="computed")
    yield from _term_rows(file)
    yield row("layers", layers_words(file.layers))
    if file.months != ALL_YEAR:
        yield row("months", {lang: months_text(month_numbers(file.months), lang) for lang in LANGUAGES})
    if file.boundary is not None:
        yield row("boundary_hash", same(file.boundary.hash))


def layers_words(layers: int) -> Words:
    """The layers of the sea that a use takes."""
    return {lang: layers_text(layer_names(layers), lang) for lang in LANGUAGES}


def _term_rows(file: CaseFile) -> Iterator[Row]:
    """The term with both its days, its whole years, and the longest that the law allows for the use type."""
    told = term(file.first, file.last)
    if file.first is not None and file.last is not None:
        years = whole_years(file.first, file.last)
        if years:
            told = both("paper.word.with", what=told, more=both("paper.word.years", count=years))
    yield row("term", told)
    if file.use_type is not None:
        most = cap(inquiry_of(file), file.use_type)
        if most.years is not None:
            yield row("longest_term", both("paper.word.years", count=most.years), basis_of(most.basis))


def _authority_rows(file: CaseFile) -> Iterator[Row]:
    """Who decides, by which articles, and what the check under the locks of this act said, as the applicant may know it."""
    if file.authority is not None:
        level = both(f"level.{file.authority.level}")
        name = government(file.authority)
        yield row(
            "authority", both("paper.word.with", what=name, more=level), basis_of(file.authority.basis), how="computed"
        )
    if file.grade is not None:
        yield row("check_grade", both(f"grade.{file.grade.word}"), how="computed")
    yield row("rules_hash", same(file.rules_hash))


def _fee(file: CaseFile) -> Iterator[Block]:
    """How the fee is computed, and what is missing; the fee notice tells the sum that is owed."""
    sheet = sheet_of(file)
    if sheet is None:
        return
    yield computed_block(sheet, file.book.codes["fee_modes"])
    if sheet.missing:
        yield Block(kind="list", key="fee_missing", items=tuple(missing_told(sheet, file)))
    yield small("fee_note", "paper.decision.fee")


def layered_note(file: CaseFile) -> Iterator[Block]:
    """The note 立体分层设权 where the right takes some layers only."""
    if file.is_layered:
        basis = law("layered_note", file.on)
        yield paragraph("layered", "paper.decision.layered", basis, layers=layers_words(file.layers))


def _refusal(file: CaseFile) -> Iterator[Block]:
    yield paragraph(
        "refused", "paper.refusal.refused", project=_project(file), received=day(file.received_on or file.on)
    )
    yield pairs("matter", [*case_rows(file), *ground_rows(file)])
    yield from findings_blocks(file)
    yield from reasons(file)
    if file.authority is not None:
        yield pairs("authority", _authority_rows(file), both("paper.title.authority"))
    yield review_block(file)
    yield seal_block(file)


def _project(file: CaseFile) -> Words:
    return same(file.project) if file.project else addressee(file) or DASH
