"""海域使用金缴款通知书: what is owed by whom, line by line with its basis, and what has been paid."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from approvals.money import Balance
from approvals.papers.blocks import heads, holders_told, pairs, paragraph, row, seal_block, small
from approvals.papers.casefile import BillLine, CaseFile
from approvals.papers.content import Block, Row
from approvals.papers.fees import Line, lines_block
from approvals.papers.inquiries import inquiry_of
from approvals.papers.marks import basis_of, origin_basis
from approvals.papers.words import both, day, in_capitals, same, term, yuan
from approvals.silence import span_of
from approvals.templates import Limit


def fee_notice(file: CaseFile) -> tuple[Block, ...]:
    """The fee notice; a file without a bill has none to give."""
    if file.bill is None:
        raise ValueError(f"case {file.number} has no bill")
    return tuple(_blocks(file, file.bill))


def _blocks(file: CaseFile, bill: BillLine) -> Iterator[Block]:
    yield paragraph("owed", "paper.fee.owed", decision=file.decision_number or "—", amount=yuan(bill.owed_yuan))
    yield pairs("bill", _rows(file, bill))
    yield lines_block((Line.stored(each) for each in bill.lines), bill.owed_yuan, file.book.codes["fee_modes"])
    if bill.receipts:
        yield receipts_block(bill)
    for step in file.template.steps.values():
        if step.silence is not None and step.excluded_as == "payment":
            yield from _lapse(file, step.silence.after)
    yield seal_block(file)


def _lapse(file: CaseFile, limit: Limit) -> Iterator[Block]:
    """After how long the approval lapses unpaid; nothing where nobody has said so."""
    inquiry = inquiry_of(file)
    span = span_of(limit, inquiry)
    if span is None:
        return
    told = (
        origin_basis(file.template.sources[str(limit.source)], file.on)
        if limit.rule is None
        else basis_of([inquiry.ask(limit.rule).source])
    )
    days = both("paper.word.days" if span.calendar else "paper.word.working_days", count=span.days)
    yield small("lapse", "paper.fee.lapse", told, days=days, cite=told.cite)


def _rows(file: CaseFile, bill: BillLine) -> Iterator[Row]:
    yield row("bill", same(bill.number))
    yield row("payer", same(bill.payer))
    yield row("case", same(file.number))
    if file.decision_number:
        yield row("decision", same(file.decision_number))
    yield row("period", term(bill.first, bill.last))
    yield row("user", holders_told(file))
    yield row("owed", yuan(bill.owed_yuan), how="computed")
    yield row("in_capitals", same(in_capitals(bill.owed_yuan)))
    if bill.exemption_number:
        yield row("exemption", same(bill.exemption_number))


def paid_yuan(bill: BillLine) -> Decimal:
    """What is with the treasury: receipts less what was refunded or reversed."""
    return Balance.of(bill.owed_yuan, bill.receipts).paid


def receipts_block(bill: BillLine) -> Block:
    """Every receipt, refund and reversal with its number, day and amount."""
    return Block(
        kind="table",
        key="receipts",
        title=both("paper.title.receipts"),
        columns=heads("kind", "voucher", "day", "yuan"),
        aligns=("fit", "left", "fit", "right"),
        cells=tuple(
            (both(f"paper.receipt.{each.kind}"), same(each.number), day(each.moved_on), yuan(each.yuan))
            for each in bill.receipts
        ),
        total=(both("paper.word.paid"), same(""), same(""), yuan(paid_yuan(bill))),
    )
