"""Judging one value of a form by its type: identifiers by their check digits, codes by their lists, dates, amounts, rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from approvals.dictionary import FormField
from data.rulebook.codes import CodeList
from marine.identifiers import id_ok, uscc_ok
from parcels.draft_request import FIRST_DAY, LAST_DAY

# Mobile numbers begin with 13 to 19 and have eleven digits.
MOBILE, MOBILE_DIGITS = re.compile(r"1[3-9][0-9 -]*"), 11
PHONE = re.compile(r"\+?[0-9][0-9 -]{5,19}")
SHA256 = re.compile(r"[0-9a-f]{64}")
# Plain digits, no sign and no exponent; more than a million million of anything is a slip of the pen.
DECIMAL = re.compile(r"[0-9]{1,12}(?:\.([0-9]+))?")
LONGEST_TEXT = 500
Codes = Mapping[str, CodeList]


class Wrong(NamedTuple):
    """A fault of a value: its code, the row (from 1) where the value has rows, and a figure that tells it, such as digits counted."""

    code: str
    row: int | str = ""
    count: int = 0  # type: ignore[assignment]  # a field named so hides tuple.count


def fault_of(field: FormField, value: Any, scheme: Any, codes: Codes) -> Wrong | None:
    """What is wrong with a value, or None. `scheme` is the kind of identity paper that an identifier belongs to."""
    if field.type == "identifier":
        return _identifier(value, scheme)
    if field.type == "choice":
        return None if value in field.choices else Wrong("form.not_a_choice")
    if field.type == "code":
        known = isinstance(value, str) and field.codes is not None and value in codes[field.codes]
        return None if known else Wrong("form.not_a_code")
    if field.type == "units":
        return _units(value, codes)
    return BY_TYPE[field.type](value)


def _text(value: Any) -> Wrong | None:
    fine = isinstance(value, str) and len(value) <= LONGEST_TEXT and value.isprintable()
    return None if fine else Wrong("form.not_a_text")


def _identifier(value: Any, scheme: Any) -> Wrong | None:
    if not isinstance(value, str):
        return Wrong("form.not_a_text")
    if scheme == "uscc":
        fine = uscc_ok(value)
    elif scheme == "id_card":
        fine = id_ok(value)
    else:
        # Passports and permits have no check digit that we know.
        return _text(value)
    return None if fine else Wrong("form.check_digit")


def _person_id(value: Any) -> Wrong | None:
    return None if isinstance(value, str) and id_ok(value) else Wrong("form.check_digit")


def _phone(value: Any) -> Wrong | None:
    if not isinstance(value, str) or not PHONE.fullmatch(value):
        return Wrong("form.not_a_phone")
    digits = sum(sign.isdecimal() for sign in value)
    if MOBILE.fullmatch(value) and digits != MOBILE_DIGITS:
        return Wrong("form.mobile_digits", count=digits)
    return None


def _amount(value: Any) -> Wrong | None:
    return None if _decimal(value, places=6) is not None else Wrong("form.not_an_amount")


def _hectares(value: Any) -> Wrong | None:
    area = _decimal(value, places=4)
    return None if area is not None and area > 0 else Wrong("form.not_an_area")


def _units(value: Any, codes: Codes) -> Wrong | None:
    if not isinstance(value, (list, tuple)) or not value:
        return Wrong("form.no_rows")
    for row, unit in enumerate(value, 1):
        if not isinstance(unit, Mapping) or not {"mode", "hectares", "use"} >= set(unit):
            return Wrong("form.row_keys", row)
        if str(unit.get("mode")) not in codes["use_modes"]:
            return Wrong("form.not_a_code", row)
        if _hectares(unit.get("hectares")):
            return Wrong("form.not_an_area", row)
        if not unit.get("use") or _text(unit["use"]):
            return Wrong("form.not_a_text", row)
    return None


def _term(value: Any) -> Wrong | None:
    """First and last day as ISO text, both included, of the years that law and calendars know."""
    try:
        days = [date.fromisoformat(value[end]) for end in ("from", "to")]
        fine = [day.isoformat() for day in days] == [value[end] for end in ("from", "to")]
    except (KeyError, TypeError, ValueError):
        return Wrong("form.not_a_term")
    return None if fine and FIRST_DAY <= days[0] <= days[1] <= LAST_DAY else Wrong("form.not_a_term")


def _shoreline(value: Any) -> Wrong | None:
    """Metres of natural and of artificial shoreline."""
    fine = isinstance(value, Mapping) and set(value) == {"natural", "artificial"}
    return (
        None
        if fine and all(_decimal(each, places=2) is not None for each in value.values())
        else Wrong("form.not_metres")
    )


def _points(value: Any) -> Wrong | None:
    """The settled boundary by the hash that names it; its points are printed from there."""
    return None if isinstance(value, str) and SHA256.fullmatch(value) else Wrong("form.not_a_boundary")


def _declaration(value: Any) -> Wrong | None:
    return None if value is True else Wrong("form.not_declared")


def _decimal(value: Any, *, places: int) -> Decimal | None:
    """A decimal text that is not negative, with at most so many places."""
    told = DECIMAL.fullmatch(value) if isinstance(value, str) else None
    return Decimal(value) if told and len(told[1] or "") <= places else None


BY_TYPE: Mapping[str, Callable[[Any], Wrong | None]] = {
    "text": _text,
    "person_id": _person_id,
    "phone": _phone,
    "amount": _amount,
    "hectares": _hectares,
    "term": _term,
    "shoreline": _shoreline,
    "points": _points,
    "declaration": _declaration,
}
