"""登记结果确认单 and 登记簿摘录: what was entered into the register. Neither is, or is called, a certificate of title."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from approvals.papers.answers import answer_words, coded, named
from approvals.papers.blocks import (
    government,
    heads,
    holders_block,
    holders_told,
    pairs,
    points_block,
    row,
    seal_block,
    small,
    unit_rows,
    units_block,
)
from approvals.papers.casefile import CaseFile, RightLine
from approvals.papers.content import Block, Row, Words
from approvals.papers.decision import layers_words
from approvals.papers.fee_notice import paid_yuan, receipts_block
from approvals.papers.fees import Line
from approvals.papers.inquiries import inquiry_of, place_in_book
from approvals.papers.marks import Basis, basis_of, cited
from approvals.papers.words import DASH, bare_hectares, bare_yuan, both, day, hectares, joined, same, term, yuan
from marine.codes import display

# Sea grades are written 一等 to 六等.
HAN = "零一二三四五六"


def statement_of_registration(file: CaseFile) -> tuple[Block, ...]:
    """The statement of registration, until the registry gives its own number of a certificate."""
    return tuple(_statement(file, _right(file)))


def register_extract(file: CaseFile) -> tuple[Block, ...]:
    """The extract: 宗海基本信息 and 海域使用权 with the fields of the register."""
    return tuple(_extract(file, _right(file)))


def _right(file: CaseFile) -> RightLine:
    if file.right is None:
        raise ValueError(f"case {file.number} has no registered right")
    return file.right


def _statement(file: CaseFile, right: RightLine) -> Iterator[Block]:
    yield pairs("statement", _statement_rows(file, right))
    if len(file.holders) > 1:
        yield holders_block(file)
    if file.boundary is not None:
        yield units_block(file.boundary, unit_rows(file), file.boundary.area, file.book.codes["use_modes"])
        yield points_block(file.boundary)
    yield small("no_certificate", "paper.statement.no_certificate")
    yield seal_block(file)


def _statement_rows(file: CaseFile, right: RightLine) -> Iterator[Row]:
    yield row("holder", holders_told(file))
    yield row("right_kind", both("paper.answer.scenario.establishment.right_kind"))
    yield row("registration_kind", both("paper.answer.scenario.establishment.registration_kind"))
    yield row("cause", _cause(file))
    yield row("location", _location(file))
    yield row("parcel_code", _code(right.parcel_code))
    yield row("unit_code", _code(right.unit_code))
    yield row("use_type", coded(file.book.codes["use_types"], file.use_type))
    if file.boundary is not None:
        yield row("area", hectares(file.boundary.area))
    yield row("term", term(file.first, file.last))
    yield row("layers", layers_words(file.layers))
    yield _shoreline(file)
    yield row("fee", _fee_words(file))
    yield row("notes", _notes(right))
    if file.authority is not None:
        yield row("authority", government(file.authority))
    yield row("entered_on", day(right.entered_on))
    if file.boundary is not None:
        yield row("boundary_hash", same(file.boundary.hash))


def _extract(file: CaseFile, right: RightLine) -> Iterator[Block]:
    yield pairs("parcel", _parcel_rows(file, right), both("paper.title.register_parcel"))
    if file.boundary is not None:
        yield _units_with_fees(file)
        yield points_block(file.boundary)
    yield pairs("right", _right_rows(file, right), both("paper.title.register_right"))
    if len(file.holders) > 1:
        yield holders_block(file)
    if file.bill is not None and file.bill.receipts:
        yield receipts_block(file.bill)
    yield pairs("changes", [row("changes", both("paper.word.none"))], both("paper.title.register_changes"))
    yield small("extract_note", "paper.extract.note")
    yield seal_block(file)


def _parcel_rows(file: CaseFile, right: RightLine) -> Iterator[Row]:
    """宗海基本信息, in the register's order."""
    nature = file.answers.get("project_nature")
    yield row("parcel_code", _code(right.parcel_code))
    yield row("unit_code", _code(right.unit_code))
    yield row("estate_kind", both("paper.extract.estate_kind"))
    yield row("project", same(file.project) if file.project else DASH)
    if nature is not None:
        field = file.form.fields["project_nature"]
        yield row("project_nature", answer_words(field, "project_nature", nature.value, file.book.codes))
    area = hectares(file.boundary.area) if file.boundary else DASH
    yield row("total_area", area)
    yield row("parcel_area", area)
    yield _grade(file)
    yield _shoreline(file)
    types = file.book.codes["use_types"]
    known = file.use_type is not None and file.use_type in types
    yield row("use_type_a", named(types, types.top(str(file.use_type)).code if known else None))
    yield row("use_type_b", named(types, file.use_type))
    yield row("location", _location(file))
    yield row("archive", both("paper.word.by_the_registry"), status="later")
    if file.boundary is not None:
        yield row("boundary_hash", same(file.boundary.hash))


def _grade(file: CaseFile) -> Row:
    """The sea grade 海域等别 of the place, with its mark of doubt."""
    place = place_in_book(file)
    told = inquiry_of(file).ask("sea.grade", place=place) if place else None
    if told is None or told.value is None:
        return row("sea_grade", both("paper.word.not_entered"))
    return row(
        "sea_grade",
        both("paper.extract.sea_grade", grade={"zh": HAN[told.value], "en": str(told.value)}),
        basis_of([told.source]),
    )


def _right_rows(file: CaseFile, right: RightLine) -> Iterator[Row]:
    """海域使用权, in the register's order."""
    yield row("case", same(file.number))
    yield row("holder", holders_told(file))
    yield row("right_kind", both("paper.answer.scenario.establishment.right_kind"))
    yield row("registration_kind", both("paper.answer.scenario.establishment.registration_kind"))
    yield row("cause", _cause(file))
    yield row("area", hectares(file.boundary.area) if file.boundary else DASH)
    yield row("term", term(file.first, file.last))
    yield row("layers", layers_words(file.layers))
    yield row("fee", _fee_words(file))
    if file.bill is not None:
        basis = basis_of(source for told in file.bill.lines for source in told["basis"])
        yield row("fee_basis", cited(basis.cite), basis._replace(cite=""))
    yield row("certificate_number", both("paper.word.by_the_registry"), status="later")
    yield row("registry", {"zh": file.issuer.zh, "en": file.issuer.en})
    yield row("entered_on", day(right.entered_on))
    yield row("notes", _notes(right))
    yield row("standing", both("paper.extract.in_force"))


def _units_with_fees(file: CaseFile) -> Block:
    """[用海方式 | 面积 | 具体用途 | 使用金数额]: the fee of each unit over the whole period."""
    lines = [Line.stored(each) for each in file.bill.lines] if file.bill else []
    cells = []
    for at, unit in enumerate(unit_rows(file)):
        own = [line.yuan for line in lines if line.unit == at]
        known = own and all(each is not None for each in own)
        fee = same(bare_yuan(sum((each for each in own if each is not None), Decimal(0)))) if known else DASH
        mode = named(file.book.codes["use_modes"], unit["mode"])
        cells.append((same(str(at + 1)), mode, same(unit["use"] or "—"), same(bare_hectares(unit["hectares"])), fee))
    assert file.boundary is not None
    return Block(
        kind="table",
        key="units",
        title=both("paper.title.units"),
        columns=heads("unit", "mode", "use", "hectares", "fee"),
        aligns=("center", "left", "left", "right", "right"),
        cells=tuple(cells),
        total=(both("paper.word.total"), same(""), same(""), same(bare_hectares(file.boundary.area)), _owed(file)),
    )


def _owed(file: CaseFile) -> Words:
    return DASH if file.bill is None else same(bare_yuan(file.bill.owed_yuan))


def _fee_words(file: CaseFile) -> Words:
    """What is owed and what has been paid; exempt, where a decision says so."""
    if file.bill is None:
        return DASH
    if file.bill.exemption_number:
        return both("paper.statement.exempt", number=file.bill.exemption_number)
    return both("paper.statement.fee", owed=yuan(file.bill.owed_yuan), paid=yuan(paid_yuan(file.bill)))


def _cause(file: CaseFile) -> Words:
    return both("paper.statement.cause", number=file.decision_number or "—")


def _location(file: CaseFile) -> Words:
    told = file.answers.get("location")
    return same(str(told.value)) if told else DASH


def _shoreline(file: CaseFile) -> Row:
    """Metres of natural and of artificial shoreline; a length taken from a sample shoreline says so."""
    told = file.answers.get("shoreline")
    if told is None:
        return row("shoreline", DASH)
    value = answer_words(file.form.fields["shoreline"], "shoreline", told.value, file.book.codes)
    return row("shoreline", value, Basis("", file.marks.get("shoreline")))


def _code(code: str | None) -> Words:
    return DASH if code is None else same(display(code))


def _notes(right: RightLine) -> Words:
    return (
        joined((both(f"paper.note.{note}") for note in right.notes), "；", "; ")
        if right.notes
        else both("paper.word.none")
    )
