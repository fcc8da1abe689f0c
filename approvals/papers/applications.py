"""海域使用申请书 and 不动产登记申请书: every original field of both documents from the one form's answers.

Both print the same answer, so they cannot disagree; what is not filled says why, with its basis.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from approvals.dictionary import Form, Original
from approvals.forms import Answer, Placement, holders_in, name_of, placements, repeats
from approvals.papers.answers import HOW, answer_words, by_procedure
from approvals.papers.blocks import holders_block, materials_block, pairs, paragraph, points_block, row, units_block
from approvals.papers.casefile import CaseFile, SigningLine
from approvals.papers.content import Block, Row
from approvals.papers.marks import origin_basis
from approvals.papers.words import both, minute, same


def use_application(file: CaseFile) -> tuple[Block, ...]:
    """The application for the use of the sea: its 22 fields, co-holders, units, points, materials, signature."""
    return tuple(_blocks(file, "use_application"))


def registration_application(file: CaseFile) -> tuple[Block, ...]:
    """The application for registration: its 18 fields from the same answers, with the same tables and signature."""
    return tuple(_blocks(file, "registration_application"))


def _blocks(file: CaseFile, document: str) -> Iterator[Block]:
    yield from _fields(file, document)
    yield from _co_holders(file, document)
    units = file.answers.get("units")
    if units is not None:
        area = file.answers.get("area")
        total = area.value if area else sum((Decimal(each["hectares"]) for each in units.value), Decimal(0))
        yield units_block(file.boundary, units.value, total, file.book.codes["use_modes"])
    if file.boundary is not None:
        yield points_block(file.boundary)
    if file.materials:
        yield materials_block(file)
    yield paragraph("declared", "paper.application.declaration")
    yield signing_block(file.signing)


def _fields(file: CaseFile, document: str) -> Iterator[Block]:
    """The original fields in their order, a new block where the section changes."""
    form, section, rows = file.form, "", list[Row]()
    for told in placements(form, file.answers):
        if told.document != document:
            continue
        found = form.fields[told.field].section if told.field else section
        if found != section and rows:
            yield _section(form, section, rows)
            rows = []
        section = found
        rows.append(_row(file, told, file.answers))
    if rows:
        yield _section(form, section, rows)


def _section(form: Form, section: str, rows: list[Row]) -> Block:
    return pairs(section, rows, form.sections[section].model_dump())


def _co_holders(file: CaseFile, document: str) -> Iterator[Block]:
    """How the right is to be held, and one block for each further holder with its own answers (`name@2` …)."""
    if len(file.holders) > 1:
        yield holders_block(file)
    for at in holders_in(file.answers)[1:]:
        own = {
            field: file.answers[name_of(field, at)] for field in file.form.fields if name_of(field, at) in file.answers
        }
        rows = [
            _row(file, told, own)
            for told in placements(file.form, own)
            if told.document == document and told.field and repeats(file.form, file.form.fields[told.field])
        ]
        yield pairs(f"co_holder_{at}", rows, both("paper.title.co_holder", number=at))


def _row(file: CaseFile, told: Placement, answers: Mapping[str, Answer]) -> Row:
    """One original field: its value, or why there is none."""
    original = _original(file.form, told)
    label = original.label.model_dump()
    if told.field is None:
        why = original.dropped or original.not_applicable
        assert why is not None
        value = both(f"paper.status.{told.status}", reason=why.reason.model_dump())
        return _resting_on(file, Row(label=label, value=value, status=told.status), why.source)
    field = file.form.fields[told.field]
    if told.status == "filled":
        answer = answers[told.field]
        told_by_procedure = by_procedure(file.template.template, told.field, told.original)
        value = told_by_procedure or answer_words(field, told.field, told.answer, file.book.codes)
        return Row(label=label, value=value, how=HOW.get(answer.source, ""), mark=file.marks.get(told.field))
    if told.status == "later":
        value = both("paper.status.later", reason=dict(told.reason or {}))
        return _resting_on(file, Row(label=label, value=value, status=told.status), field.basis)
    if told.status == "not_applicable":
        assert field.when is not None
        asked = file.form.fields[field.when.field].label.model_dump()
        return Row(label=label, value=both("paper.status.condition", field=asked), status=told.status)
    return Row(label=label, value=both("paper.status.empty"), status=told.status)


def _original(form: Form, told: Placement) -> Original:
    group = next(each for each in form.originals.values() if each.document == told.document)
    return group.fields[told.original]


def _resting_on(file: CaseFile, row: Row, source: str) -> Row:
    """A row with the source of the form that it rests on."""
    cite, mark = origin_basis(file.form.sources[source], file.on)
    return replace(row, cite=cite, mark=mark)


def signing_block(signing: SigningLine | None) -> Block:
    """The applicant's signature with the three digests that it binds; without one, lines for the hand."""
    if signing is None:
        rows = tuple(row(label, same("")) for label in ("applicant_signs", "agent_signs", "date"))
        return Block(kind="signatures", key="signing", rows=rows)
    told = {
        "way": both(f"paper.way.{signing.way}"),
        "signed_at": minute(signing.signed_at),
        "form_digest": same(signing.form_digest),
        "boundary_hash": same(signing.boundary_hash),
        "materials_digest": same(signing.materials_digest),
    }
    title = both("paper.title.signing")
    return Block(kind="pairs", key="signing", title=title, rows=tuple(row(name, value) for name, value in told.items()))
