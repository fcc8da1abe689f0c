"""The sea-use fee: one line per step of its calculation, each with rate, dates, amount and source.

Amounts are yuan with two decimals, rates 万元 per hectare (once, or per year). What is not known makes no figure: the line and
the total are None, and `missing` says which datum an administrator or the asker must supply.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from data.rulebook import Answer, Inquiry
from marine.findings import Source
from marine.terms import last_day, months_after

YUAN_PER_WAN = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class FeeUnit:
    """A use unit: its mode (HY/T 123 annex B) and hectares; `fee_mode` where the table divides the mode further.

    `layers` are told for layered rights, where each use pays by its own mode; `place` only where a unit lies elsewhere.
    """

    mode: str
    hectares: Decimal
    layers: tuple[str, ...] = ()
    fee_mode: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Relief:
    """A ground of exemption or reduction (海域使用管理法 art. 35, 36); a reduction needs its decision and share remitted."""

    ground: str
    decision: str | None = None
    share: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One step: `step` is `once`, `year`, `broken_year`, `short_use`, `temporary` or `relief`.

    yuan = hectares × rate × 10 000 × factor, rounded; `first` to `last` is the period it pays for, both days included.
    """

    step: str
    unit: int | None
    mode: str
    fee_mode: str | None
    hectares: Decimal
    grade: int | None
    rate: Decimal | None
    factor: Decimal
    first: date
    last: date
    yuan: Decimal | None
    basis: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class FeeSheet:
    """All lines, their sum (None while anything is missing), what is missing, and the choices that would answer it."""

    total_yuan: Decimal | None
    lines: tuple[FeeLine, ...]
    missing: tuple[str, ...]
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class _Stretch:
    step: str
    first: date
    last: date
    factor: Decimal
    basis: tuple[Source, ...] = ()


def fee(
    units: Sequence[FeeUnit],
    place: str,
    start: date,
    *,
    inquiry: Inquiry,
    years: int | None = None,
    end: date | None = None,
    relief: Iterable[Relief] = (),
    grade: int | None = None,
) -> FeeSheet:
    """The fee of a right from `start`, for whole `years` or to the day `end` (included).

    Each fee year is charged at the rate in force on its first day. `place` is the place id whose sea grade counts;
    `grade` states the sea grade where the book does not know it.
    """
    if (years is None) == (end is None):
        raise ValueError("either years or end is told")
    until = last_day(start, years) if years is not None else end
    assert until is not None
    if until < start:
        raise ValueError(f"the period ends on {until}, before it begins on {start}")
    asking = _Asking(place, start, until, inquiry, grade)
    lines = [line for number, unit in enumerate(units) for line in asking.unit_lines(number, unit)]
    lines += _relief_lines(tuple(relief), lines, start, until, inquiry, asking.missing)
    known = not asking.missing and all(line.yuan is not None for line in lines)
    total = sum((line.yuan for line in lines if line.yuan is not None), Decimal("0.00")) if known else None
    return FeeSheet(total, tuple(lines), tuple(asking.missing), tuple(asking.choices.items()))


@dataclass(slots=True)
class _Asking:
    """One sheet in the making: what was asked, and what was found missing on the way."""

    place: str
    start: date
    until: date
    inquiry: Inquiry
    grade: int | None
    missing: dict[str, None] = field(default_factory=dict)
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def unit_lines(self, number: int, unit: FeeUnit) -> Iterator[FeeLine]:
        """The lines of one unit: one for a mode charged once, else one for each year and the rest."""
        where = unit.place or self.place
        places = self.inquiry.book.places
        asked = self.inquiry.at(place=places.chain(where) if where in places else None, period=self.start)
        fee_mode, basis = _fee_mode(unit, asked, self.missing, self.choices)
        charged = asked.ask("fee.charged", mode=fee_mode) if fee_mode is not None else None
        whole = _Stretch("once", self.start, self.until, Decimal(1))
        if fee_mode is None or charged is None or charged.value is None:
            if fee_mode is not None and charged is not None:
                self.missing[f"fee.charged.{fee_mode}"] = None
                basis = (charged.source,)
            yield _line(number, unit, fee_mode, whole, None, None, None, basis)
            return
        once = charged.value == "once"
        layered = (asked.ask("fee.per_layer").source,) if unit.layers else ()
        cent = asked.ask("fee.rounding_yuan").value
        for stretch in [whole] if once else _stretches(self.start, self.until, asked):
            at = asked.at(period=stretch.first)
            grade, grade_basis = _grade(where, at, self.grade, self.missing)
            rate, rate_basis = _rate(fee_mode, grade, at, self.missing)
            basis = (*rate_basis, charged.source, *grade_basis, *stretch.basis, *layered)
            yuan = None
            if rate is not None:
                yuan = (unit.hectares * rate * YUAN_PER_WAN * stretch.factor).quantize(cent, rounding=ROUND_HALF_UP)
            yield _line(number, unit, fee_mode, stretch, grade, rate, yuan, basis)


def _line(
    number: int,
    unit: FeeUnit,
    fee_mode: str | None,
    stretch: _Stretch,
    grade: int | None,
    rate: Decimal | None,
    yuan: Decimal | None,
    basis: tuple[Source, ...],
) -> FeeLine:
    return FeeLine(
        step=stretch.step,
        unit=number,
        mode=unit.mode,
        fee_mode=fee_mode,
        hectares=unit.hectares,
        grade=grade,
        rate=rate,
        factor=stretch.factor,
        first=stretch.first,
        last=stretch.last,
        yuan=yuan,
        basis=basis,
    )


def _rate(
    fee_mode: str, grade: int | None, at: Inquiry, missing: dict[str, None]
) -> tuple[Decimal | None, tuple[Source, ...]]:
    """The rate in force on the stretch's first day; none is asked for while the grade is unknown."""
    if grade is None:
        return None, ()
    told = at.ask("fee.rate", mode=fee_mode, grade=grade)
    if told.value is None:
        missing[f"fee.rate.{fee_mode}.{grade}"] = None
    return told.value, (told.source,)


def _fee_mode(
    unit: FeeUnit, asked: Inquiry, missing: dict[str, None], choices: dict[str, tuple[str, ...]]
) -> tuple[str | None, tuple[Source, ...]]:
    if unit.fee_mode is not None:
        return unit.fee_mode, ()
    told = asked.ask("fee.modes", mode=unit.mode)
    if told.value is not None and len(told.value) == 1:
        return str(told.value[0]), (told.source,)
    name = f"fee.modes.{unit.mode}"
    missing[name] = None
    if told.value is not None:
        choices[name] = tuple(told.value)
    return None, (told.source,)


def _grade(
    place: str, at: Inquiry, stated: int | None, missing: dict[str, None]
) -> tuple[int | None, tuple[Source, ...]]:
    if stated is not None:
        return stated, (Source("sea.grade", cite="查询人填写 / stated by the asker", seen="stated"),)
    told: Answer = at.ask("sea.grade", place=place)
    if told.value is None:
        missing[f"sea.grade.{place}"] = None
    return told.value, (told.source,)


def _stretches(start: date, until: date, asked: Inquiry) -> Iterator[_Stretch]:
    """The fee years of a yearly mode; a period under a year, or the broken rest, by the shares for short use."""
    years, first = 0, start
    while True:
        last = last_day(start, years + 1)
        if last > until:
            break
        yield _Stretch("year", first, last, Decimal(1))
        years += 1
        first = last + timedelta(days=1)
    if first > until:
        return
    at = asked.at(period=first, decided=asked.dates.get("decided", first))
    if years == 0:
        months = at.ask("term.temporary_below_months")
        if months.value is not None and until < months_after(start, months.value) - timedelta(days=1):
            share = at.ask("fee.temporary_share")
            yield _Stretch("temporary", first, until, share.value, (share.source, months.source))
            return
    # Up to six months counts as no half-year exceeded: exactly six months still pays half.
    exceeded = 0 if until < months_after(first, 6) else 1
    share = at.ask("fee.short_use", half_years=exceeded)
    basis = (share.source,) if years == 0 else (share.source, at.ask("fee.broken_year").source)
    yield _Stretch("short_use" if years == 0 else "broken_year", first, until, share.value, basis)


def _relief_lines(
    grounds: tuple[Relief, ...],
    lines: Sequence[FeeLine],
    start: date,
    until: date,
    inquiry: Inquiry,
    missing: dict[str, None],
) -> Iterator[FeeLine]:
    """What an exemption (art. 35) or a decided reduction (art. 36) takes off; several grounds never below nothing."""
    if not grounds:
        return
    known = all(line.yuan is not None for line in lines) and not missing
    left = sum((line.yuan for line in lines if line.yuan is not None), Decimal("0.00"))
    whole = left
    step = inquiry.at(period=start).ask("fee.rounding_yuan")
    for ground in grounds:
        told = inquiry.ask("fee.relief", ground=ground.ground)
        if told.value is None:
            missing[f"fee.relief.{ground.ground}"] = None
            continue
        share = Decimal(1) if told.value["kind"] == "exempt" else ground.share
        if not 0 <= share <= 1:
            raise ValueError(f"a share of relief lies between 0 and 1: {share}")
        if told.value["kind"] == "on_decision" and not ground.decision:
            missing[f"fee.relief_decision.{ground.ground}"] = None
            continue
        off = min(left, (whole * share).quantize(step.value, rounding=ROUND_HALF_UP)) if known else None
        left -= off or Decimal(0)
        yield FeeLine(
            "relief", None, "", None, Decimal(0), None, None, share, start, until, -off if off is not None else None,
            (told.source,),
        )  # fmt: skip
