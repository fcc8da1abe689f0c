"""How long a right lasts: last day of a term, longest lawful term, and by when renewal must be applied for.

Days are legal days (Asia/Shanghai); a right's first and last day are both included, as on its paper.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from data.rulebook import Answer, Inquiry
from marine.findings import Finding, Grade, Source


def last_day(start: date, years: int) -> date:
    """Last day of a term of whole years that begins on `start`: the day before the anniversary (rule term.last_day).

    >>> last_day(date(2027, 1, 1), 15)
    datetime.date(2041, 12, 31)
    >>> last_day(date(2028, 2, 29), 1)
    datetime.date(2029, 2, 28)
    """
    if years < 1:
        raise ValueError(f"a term has at least one year: {years}")
    try:
        return start.replace(year=start.year + years) - timedelta(days=1)
    except ValueError:
        # 29 February has no anniversary in a common year: the term ends on 28 February (register.md §6, house).
        return date(start.year + years, 2, 28)


def fits(start: date, end: date, years: int) -> bool:
    """Whether a right from `start` to `end`, both included, is no longer than a term of so many years.

    >>> fits(date(2027, 1, 1), date(2041, 12, 31), 15), fits(date(2027, 1, 1), date(2042, 1, 1), 15)
    (True, False)
    """
    return end <= last_day(start, years)


def whole_years(start: date, end: date) -> int:
    """Full years of term in a right from `start` to `end`, both included.

    >>> whole_years(date(2027, 1, 1), date(2041, 12, 31)), whole_years(date(2027, 1, 1), date(2027, 12, 30))
    (15, 0)
    """
    years = max(end.year - start.year, 0)
    while years and last_day(start, years) > end:
        years -= 1
    return years if last_day(start, years + 1) > end else years + 1


def months_before(day: date, months: int) -> date:
    """The day of the month so many months earlier, or that month's last day where it has none.

    >>> months_before(date(2027, 4, 30), 2)
    datetime.date(2027, 2, 28)
    """
    return months_after(day, -months)


def months_after(day: date, months: int) -> date:
    """The day of the month so many months later, or that month's last day where it has none.

    >>> months_after(date(2027, 8, 31), 6)
    datetime.date(2028, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Cap:
    """The longest term of a use type: years, or None where nobody has settled it; `shorter` names a purpose inside it."""

    use_type: str
    years: int | None
    basis: tuple[Source, ...]
    mark: str | None
    shorter: str | None = None
    shorter_years: int | None = None


def cap(inquiry: Inquiry, use_type: str, purpose: str | None = None) -> Cap:
    """The longest term for a use type (海域使用管理法 art. 25), or for the law's own purpose where that is named."""
    told = inquiry.ask("term.maximum_years", use_type=use_type)
    if purpose is not None:
        told = inquiry.ask("term.maximum_years_by_purpose", purpose=purpose)
        return Cap(use_type, told.value, (told.source,), told.mark)
    shorter = _shorter(inquiry, use_type)
    if shorter is None:
        return Cap(use_type, told.value, (told.source,), told.mark)
    named = inquiry.ask("term.maximum_years_by_purpose", purpose=shorter)
    return Cap(use_type, told.value, (told.source, named.source), told.mark, shorter, named.value)


def judge_term(inquiry: Inquiry, use_type: str | None, start: date, end: date) -> Finding:
    """Whether the asked term is lawful: `term.fits`, `term.too_long`, or `term.not_judged` for want of a type or rule."""
    facts: dict[str, Any] = {"from": start, "to": end, "use_type": use_type}
    if use_type is None:
        return Finding(code="term.not_judged", facts=facts)
    most = cap(inquiry, use_type)
    facts["years"] = most.years
    if most.years is None:
        return Finding(code="term.not_judged", facts=facts, basis=most.basis)
    latest = last_day(start, most.years)
    facts["latest"] = latest
    if end > latest:
        return Finding(code="term.too_long", grade=Grade.CONFLICT, facts=facts, basis=most.basis)
    if most.shorter_years is not None and not fits(start, end, most.shorter_years):
        facts |= {"purpose": most.shorter, "shorter_years": most.shorter_years}
        return Finding(code="term.fits_unless", grade=Grade.CLEAR, facts=facts, basis=most.basis)
    return Finding(code="term.fits", grade=Grade.CLEAR, facts=facts, basis=most.basis)


@dataclass(frozen=True, slots=True)
class RenewalDeadline:
    """Last day on which renewal can be applied for, with each rule's own day; the earlier one counts (house)."""

    day: date
    by_months: date
    by_days: date | None
    reminders: tuple[date, ...]
    basis: tuple[Source, ...]


def renewal_deadline(inquiry: Inquiry, end: date) -> RenewalDeadline:
    """By when renewal must be applied for: two months before the end (法26) and 60 days before it (山东30), the earlier.

    `end` is the last day of the right; the rules are those in force on that day.
    """
    asked = inquiry.at(event=end)
    months = asked.ask("term.renewal.months_before")
    days = asked.ask("term.renewal.days_before") if _is_known(asked, "term.renewal.days_before") else None
    rule = asked.ask("term.renewal.earlier_counts")
    told = asked.ask("term.renewal.reminders_days")
    if months.value is None:
        raise ValueError(f"no rule says by when renewal is applied for on {end}")
    by_months = months_before(end, months.value)
    by_days = end - timedelta(days=days.value) if days and days.value is not None else None
    earliest = min(by_months, by_days) if by_days and rule.value else by_months
    basis = tuple(answer.source for answer in (months, days, rule) if answer)
    reminders = tuple(end - timedelta(days=before) for before in told.value or ())
    return RenewalDeadline(earliest, by_months, by_days, reminders, basis)


def _shorter(inquiry: Inquiry, use_type: str) -> str | None:
    if not inquiry.book.values("term.shorter_purpose", use_type=use_type):
        return None
    answer: Answer = inquiry.ask("term.shorter_purpose", use_type=use_type)
    return str(answer.value) if answer.value is not None else None


def _is_known(inquiry: Inquiry, rule: str) -> bool:
    """Whether any place in the chain has this rule: outside Shandong its absence is no missing datum."""
    return any(cell.place in inquiry.place for cell in inquiry.book.values(rule))
