"""The sea-use fee on papers: a bill's lines with their basis, and how the fee is computed before there is a bill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from approvals.missing_fees import missing_data
from approvals.papers.answers import named
from approvals.papers.blocks import heads, unit_rows
from approvals.papers.casefile import CaseFile
from approvals.papers.content import Block, Words
from approvals.papers.inquiries import inquiry_of, place_in_book
from approvals.papers.marks import Basis, basis_of
from approvals.papers.words import DASH, bare_hectares, bare_yuan, both, same, term
from data.rulebook.codes import CodeList
from marine.fees import FeeLine, FeeSheet, FeeUnit, fee
from marine.spaces import layer_names

ONCE = "once"


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a fee as papers print it; of a sheet of the rule book or of a stored bill. `yuan` is None while a rate is missing."""

    step: str
    unit: int | None
    mode: str | None
    hectares: Decimal
    rate: Decimal | None
    factor: Decimal
    first: date
    last: date
    yuan: Decimal | None
    basis: Basis

    @classmethod
    def of(cls, line: FeeLine) -> Line:
        """The line of a fee sheet."""
        return cls(
            step=line.step,
            unit=line.unit,
            mode=line.fee_mode or line.mode or None,
            hectares=line.hectares,
            rate=line.rate,
            factor=line.factor,
            first=line.first,
            last=line.last,
            yuan=line.yuan,
            basis=basis_of(line.basis),
        )

    @classmethod
    def stored(cls, told: Mapping[str, Any]) -> Line:
        """The line of a bill: the same fields as plain values, decimals and days as text."""
        return cls(
            step=told["step"],
            unit=told["unit"],
            mode=told["fee_mode"] or told["mode"] or None,
            hectares=Decimal(told["hectares"]),
            rate=_decimal(told["rate"]),
            factor=Decimal(told["factor"]),
            first=date.fromisoformat(told["first"]),
            last=date.fromisoformat(told["last"]),
            yuan=_decimal(told["yuan"]),
            basis=basis_of(told["basis"]),
        )


def _decimal(told: str | None) -> Decimal | None:
    return None if told is None else Decimal(told)


def lines_block(lines: Iterable[Line], total: Decimal | None, modes: CodeList) -> Block:
    """A fee line by line: period, unit, mode, hectares × rate × factor, yuan; what each line rests on stands in the notes."""
    told = list(lines)
    notes = _Notes(line.basis.cite for line in told)
    return Block(
        kind="table",
        key="fee_lines",
        title=both("paper.title.fee_lines"),
        columns=heads("period", "unit", "fee_mode", "hectares", "rate", "factor", "yuan", "basis"),
        aligns=("fit", "center", "left", "right", "right", "right", "right", "fit"),
        cells=tuple(_cells(line, modes, notes) for line in told),
        total=(both("paper.word.total"), *[same("")] * 5, _amount(total), same("")),
        items=notes.items,
        marks=tuple((line.basis.mark,) if line.basis.mark else () for line in told),
    )


def _cells(line: Line, modes: CodeList, notes: _Notes) -> tuple[Words, ...]:
    period, basis = term(line.first, line.last), notes.sign(line.basis.cite)
    if line.unit is None:
        return (period, DASH, both(f"paper.fee.{line.step}"), *[DASH] * 3, _amount(line.yuan), basis)
    return (
        period,
        same(str(line.unit + 1)),
        named(modes, line.mode),
        same(bare_hectares(line.hectares)),
        _rate(line),
        same(f"{line.factor.normalize():f}"),
        _amount(line.yuan),
        basis,
    )


class _Notes:
    """Numbered notes under a table, each citation once."""

    def __init__(self, cites: Iterable[str]) -> None:
        self._numbers = {cite: at for at, cite in enumerate(dict.fromkeys(cite for cite in cites if cite), 1)}

    def sign(self, cite: str) -> Words:
        """The number that stands in the table for a citation."""
        return same(f"[{self._numbers[cite]}]") if cite else DASH

    @property
    def items(self) -> tuple[Words, ...]:
        """The notes themselves."""
        return tuple(same(f"[{at}] {cite}") for cite, at in self._numbers.items())


def _amount(yuan: Decimal | None) -> Words:
    return both("paper.word.not_entered") if yuan is None else same(bare_yuan(yuan))


def _rate(line: Line) -> Words:
    if line.rate is None:
        return both("paper.word.not_entered")
    return both(
        "paper.fee.rate_once" if line.step == ONCE else "paper.fee.rate_yearly", rate=f"{line.rate.normalize():f}"
    )


def sheet_of(file: CaseFile) -> FeeSheet | None:
    """The fee of the file's use by the rule book; None where boundary, modes, term or place are not known."""
    place = place_in_book(file)
    if place is None or file.boundary is None or file.first is None or file.last is None:
        return None
    layers = layer_names(file.layers) if file.is_layered else ()
    rows = list(unit_rows(file))
    if any(each["mode"] is None for each in rows):
        return None
    units = [FeeUnit(each["mode"], each["hectares"], layers=layers) for each in rows]
    return fee(units, place, file.first, inquiry=inquiry_of(file), end=file.last)


def computed_block(sheet: FeeSheet, modes: CodeList) -> Block:
    """How a fee is computed, one row for each unit and rate: the years of one rate stand together."""
    told = [list(group) for _, group in groupby((Line.of(line) for line in sheet.lines), key=_same_rate)]
    notes = _Notes(lines[0].basis.cite for lines in told)
    return Block(
        kind="table",
        key="fee",
        title=both("paper.title.fee"),
        columns=heads("unit", "fee_mode", "hectares", "rate", "times", "period", "yuan", "basis"),
        aligns=("center", "left", "right", "right", "center", "fit", "right", "fit"),
        cells=tuple((*_summed(lines, modes), notes.sign(lines[0].basis.cite)) for lines in told),
        total=(both("paper.word.total"), *[same("")] * 5, _amount(sheet.total_yuan), same("")),
        items=notes.items,
        marks=tuple((lines[0].basis.mark,) if lines[0].basis.mark else () for lines in told),
    )


def _same_rate(line: Line) -> tuple[Any, ...]:
    return line.unit, line.step, line.mode, line.rate, line.factor


def _summed(lines: Sequence[Line], modes: CodeList) -> tuple[Words, ...]:
    first = lines[0]
    known = [line.yuan for line in lines if line.yuan is not None]
    times = both("paper.fee.times", count=len(lines)) if first.step == "year" else both(f"paper.fee.{first.step}")
    return (
        same("—" if first.unit is None else str(first.unit + 1)),
        named(modes, first.mode),
        same(bare_hectares(first.hectares)),
        _rate(first),
        times,
        term(first.first, lines[-1].last),
        _amount(sum(known, Decimal(0)) if len(known) == len(lines) else None),
    )


def missing_told(sheet: FeeSheet, file: CaseFile) -> Iterator[Words]:
    """What must be supplied before the fee is known, in words."""
    for datum in missing_data(sheet, place_in_book(file) or "cn", file.book):
        yield both("paper.fee.missing", what=datum.what)
