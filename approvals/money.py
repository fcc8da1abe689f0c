"""What is owed and what was paid, as pure values: the first bill of a right, its lines as plain values, and the balance.

Amounts are yuan with two decimals, days both included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, Protocol

from data.answers import Refusal
from data.events import plain
from data.rulebook import Inquiry
from marine.fees import FeeLine, FeeSheet, FeeUnit, Relief, fee
from marine.terms import last_day

Standing = Literal["open", "settled", "void", "exempt"]
# What the house may choose for the first bill, and the way of paying (海域使用管理法 art. 34) by which it is lawful.
WAYS: Mapping[str, str] = {"first_year": "yearly", "whole_term": "once"}
CENT = Decimal("0.01")
NOTHING = Decimal("0.00")
# The columns hold sixteen digits before the point.
GREATEST = Decimal(10) ** 16


def bill_for(
    units: Sequence[FeeUnit],
    place: str,
    start: date,
    term_last: date,
    *,
    inquiry: Inquiry,
    relief: Iterable[Relief] = (),
) -> FeeSheet:
    """What the first bill of a right asks for: modes charged once as a whole, yearly ones as the rule fee.billing says.

    `first_year` bills the first fee year, or all of a shorter term; `whole_term` every year of it. Each line names the article
    that allows the way of paying. Without a lawful setting, or while a rate is unknown, the total is None and `missing` says why.
    """
    setting, ways = inquiry.ask("fee.billing"), inquiry.ask("fee.payment")
    if WAYS.get(str(setting.value)) not in (ways.value or ()):
        return FeeSheet(None, (), ("fee.billing",))
    until = term_last if setting.value == "whole_term" else min(last_day(start, 1), term_last)
    sheet = fee(units, place, start, inquiry=inquiry, end=until, relief=relief)
    chosen = (ways.source, setting.source)
    return replace(sheet, lines=tuple(_covering(line, term_last, chosen) for line in sheet.lines))


def _covering(line: FeeLine, term_last: date, chosen: tuple[Any, ...]) -> FeeLine:
    """What is charged once pays for the whole term whatever the bill covers; a fee year says who chose to bill it alone."""
    if line.step == "once":
        return replace(line, last=term_last)
    return replace(line, basis=(*line.basis, *chosen)) if line.step == "year" else line


def period_of(sheet: FeeSheet) -> tuple[date, date]:
    """The first and the last day for which a sheet asks money."""
    return min(line.first for line in sheet.lines), max(line.last for line in sheet.lines)


def lines_json(sheet: FeeSheet) -> list[dict[str, Any]]:
    """The lines as a bill stores them: the fields of `marine.fees.FeeLine` as plain values, decimals and days as text."""
    lines: list[dict[str, Any]] = plain([asdict(line) for line in sheet.lines])
    return lines


class Movement(Protocol):
    """Money that moved: `kind` is receipt, refund or reversal (of a receipt), `yuan` above nothing."""

    @property
    def kind(self) -> str: ...

    @property
    def yuan(self) -> Decimal: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """How a bill stands. `received` are all receipts, `reversed` those that did not hold, `refunded` what was paid back.

    Never both `remaining` (to be paid) and `excess` (to be refunded); owed + excess = paid + remaining.

    >>> Balance(owed=Decimal(100), received=Decimal(130), reversed=NOTHING, refunded=NOTHING).excess
    Decimal('30.00')
    """

    owed: Decimal
    received: Decimal
    reversed: Decimal
    refunded: Decimal

    @classmethod
    def of(cls, owed: Decimal, movements: Iterable[Movement]) -> Balance:
        """The balance after these movements, in whatever order they were recorded."""
        sums = {"receipt": NOTHING, "reversal": NOTHING, "refund": NOTHING}
        for each in movements:
            sums[each.kind] += each.yuan
        return cls(owed=owed, received=sums["receipt"], reversed=sums["reversal"], refunded=sums["refund"])

    @property
    def paid(self) -> Decimal:
        """What is with the treasury: received, less what was reversed and refunded.

        Below nothing only where a receipt was reversed after its excess had been refunded: that refund is owed too.
        """
        return self.received - self.reversed - self.refunded

    @property
    def remaining(self) -> Decimal:
        """What is still to be paid."""
        return max(self.owed - self.paid, NOTHING)

    @property
    def excess(self) -> Decimal:
        """What is to be refunded."""
        return max(self.paid - self.owed, NOTHING)

    def as_json(self) -> dict[str, str]:
        """The figures as an event or an answer tells them."""
        names = ("owed", "received", "reversed", "refunded", "paid", "remaining", "excess")
        return {f"{name}_yuan": str(getattr(self, name).quantize(CENT)) for name in names}


def balance_of(owed: Decimal, standing: str, movements: Iterable[Movement]) -> Balance:
    """The balance of a bill: a void or exempt one asks for nothing, so that all that was paid is to be refunded."""
    return Balance.of(NOTHING if standing in ("void", "exempt") else owed, movements)


def standing_after(standing: str, balance: Balance) -> str:
    """How a bill stands after money moved: open until nothing remains; void and exempt stay so.

    >>> standing_after("open", Balance(owed=NOTHING, received=NOTHING, reversed=NOTHING, refunded=NOTHING))
    'settled'
    """
    if standing in ("void", "exempt"):
        return standing
    return "open" if balance.remaining else "settled"


def amount_of(told: Any) -> Decimal:
    """An amount of money that moved: above nothing, with at most two decimals; receipt.amount otherwise.

    >>> amount_of("323000"), amount_of("0.10")
    (Decimal('323000.00'), Decimal('0.10'))
    """
    try:
        amount = Decimal(str(told))
    except InvalidOperation:
        raise Refusal("receipt.amount", yuan=str(told)[:40]) from None
    if not amount.is_finite() or not 0 < amount < GREATEST or amount != round(amount, 2):
        raise Refusal("receipt.amount", yuan=str(told)[:40])
    return amount.quantize(CENT)
