"""Builds a `ParcelDraft` from what a person fills in: words and numbers as JSON, a form or the command line give them.

`{"type": "13", "mode": "41" or ["41", …], "from": "2027-01-01", "to": "2041-12-31", "layers": ["seabed"], "months": "3-11",
"heights": {"low": -8, "high": 0, "surveyed": true}, "layered": false, "accuracy": 0.5}`; both days included. Every wrong value
is refused at once, all of them together, each naming its field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from data.rulebook import RuleBook
from data.rulebook.codes import CodeList
from marine.findings import Finding, Refusal, Severity
from marine.spaces import ALL_YEAR, LAYER_NAMES, Layer, layers_from_names, months_from_range
from parcels.drafts import Drafted, Heights, ParcelDraft

FIELDS = ("type", "mode", "from", "to", "layers", "months", "heights", "layered", "accuracy", "papers")
# Days that a question about a right can mean, the same as the doors take for fees and clocks; no sum of terms leaves the calendar.
FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2199, 12, 31)
_DAY = r"\d{4}-\d{2}-\d{2}"
_TRUE, _FALSE = ("true", "yes", "1", "是"), ("false", "no", "0", "否", "")


def build_draft(drafted: Drafted, request: Mapping[str, Any], book: RuleBook | None = None) -> ParcelDraft:
    """The draft that a request describes on a settled boundary; raises `Refusal` with one finding per wrong value.

    With a rule book, use type and modes must be codes of its lists (or their Chinese names).
    """
    if drafted.boundary is None:
        raise Refusal("draft.boundary_blocked", drafted.all_findings)
    form = _Form(request)
    units = len(drafted.boundary.units)
    held = (form.day("from"), form.day("to"))
    if held[0] and held[1] and held[1] < held[0]:
        form.wrong("draft.days_reversed", first=held[0].isoformat(), last=held[1].isoformat())
    draft = ParcelDraft(
        boundary=drafted.boundary,
        use_type=form.code("type", book.codes.get("use_types") if book else None),
        unit_modes=_modes(form, drafted, units, book.codes.get("use_modes") if book else None),
        layers=form.layers(),
        heights=form.heights(),
        months=form.months(),
        held=None if held == (None, None) else held,
        # Only a survey's accuracy widens a tolerance (register.md §2); a receiver's or a sketch's own does not.
        accuracy=form.number("accuracy") if drafted.origin == "cgcs2000" else None,
        origin=drafted.origin,
        layered=form.flag("layered"),
        papers=form.flag("papers"),
        findings=drafted.all_findings,
    )
    form.finish()
    return draft


def _modes(form: _Form, drafted: Drafted, units: int, known: CodeList | None) -> tuple[str | None, ...]:
    """One mode for every unit: given once for all, once for each, or by the file; None where nothing says it."""
    given = form.listed("mode")
    modes = [_as_code(value, known, form, "mode") for value in given]
    if len(modes) == 1:
        return tuple(modes * units)
    if modes:
        if len(modes) != units:
            form.wrong("draft.mode_count", field="mode", given=len(modes), units=units)
        return tuple(modes)
    if len(drafted.unit_modes) == units:
        return tuple(mode and _as_code(mode, known, form, "mode") for mode in drafted.unit_modes)
    return (None,) * units


def _as_code(value: str, known: CodeList | None, form: _Form, field: str) -> str | None:
    """A code of a list, given as code or by its name in either language; unchanged without a list."""
    if known is None or value in known:
        return value
    named = [entry.code for entry in known if value in (entry.zh, entry.en)]
    if len(named) != 1:
        form.wrong("draft.code_unknown", field=field, value=value[:40])
        return None
    return named[0]


class _Form:
    """A request that is read field by field; wrong values are collected and refused together."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        self._request = request
        self._findings: list[Finding] = []
        for field in request:
            if field not in FIELDS:
                self.wrong("draft.field_unknown", field=str(field)[:40], known=", ".join(FIELDS))

    def wrong(self, code: str, **facts: Any) -> None:
        """Take down one wrong value."""
        self._findings.append(Finding(code=code, severity=Severity.BLOCKS, facts=facts))

    def finish(self) -> None:
        """Raise what was collected."""
        if self._findings:
            first = self._findings[0]
            raise Refusal(first.code, self._findings, **first.facts)

    def _kind(self, field: str, value: Any) -> None:
        self.wrong("draft.value_kind", field=field, value=str(value)[:40])

    def code(self, field: str, known: CodeList | None) -> str | None:
        """One code."""
        given = self.listed(field)
        if len(given) > 1:
            self._kind(field, self._request[field])
            return None
        return _as_code(given[0], known, self, field) if given else None

    def listed(self, field: str) -> list[str]:
        """Texts, given as a list or as one text parted by commas."""
        value = self._request.get(field)
        if value is None:
            return []
        if isinstance(value, bool) or not isinstance(value, (str, int, Sequence)):
            self._kind(field, value)
            return []
        parts = (
            re.split(r"[,，、;；\s]+", str(value)) if isinstance(value, (str, int)) else [str(part) for part in value]
        )
        return [part.strip() for part in parts if part.strip()]

    def day(self, field: str) -> date | None:
        """A day as 2027-01-01."""
        value = self._request.get(field)
        if value is None or value == "":
            return None
        try:
            if not isinstance(value, date) and not (isinstance(value, str) and re.fullmatch(_DAY, value.strip())):
                raise ValueError
            day = value if isinstance(value, date) else date.fromisoformat(value.strip())
        except ValueError:
            self.wrong("draft.day_bad", field=field, value=str(value)[:40])
            return None
        if FIRST_DAY <= day <= LAST_DAY:
            return day
        self.wrong(
            "draft.day_out_of_range",
            field=field,
            value=day.isoformat(),
            first=FIRST_DAY.isoformat(),
            last=LAST_DAY.isoformat(),
        )
        return None

    def layers(self) -> int:
        """The layers as bits; none named means all four (register.md §2)."""
        names = self.listed("layers")
        unknown = [name for name in names if name not in LAYER_NAMES]
        for name in unknown:
            self.wrong("draft.layer_unknown", field="layers", value=name[:40], known=", ".join(LAYER_NAMES))
        return int(layers_from_names(name for name in names if name in LAYER_NAMES)) if names else int(Layer.ALL)

    def months(self) -> int:
        """The months as twelve bits, from "3-11", "11-2", "3,4,5", "1-3,9" or a list of numbers."""
        bits = 0
        for part in self.listed("months"):
            match = re.fullmatch(r"(\d{1,2})(?:[-–—~～](\d{1,2}))?月?", part)
            try:
                if match is None:
                    raise ValueError
                bits |= months_from_range(int(match[1]), int(match[2] or match[1]))
            except ValueError:
                self.wrong("draft.months_bad", field="months", value=part[:40])
        return bits or ALL_YEAR

    def heights(self) -> Heights | None:
        """The height band, None where the request has none."""
        value = self._request.get("heights")
        if value is None:
            return None
        if not isinstance(value, Mapping) or set(value) - {"low", "high", "surveyed"}:
            self._kind("heights", value)
            return None
        low, high = (self._number(f"heights.{end}", value.get(end)) for end in ("low", "high"))
        if low is not None and high is not None and not low < high:
            self.wrong("draft.heights_reversed", field="heights", low=low, high=high)
        return Heights(low=low, high=high, surveyed=self._flag("heights.surveyed", value.get("surveyed")))

    def number(self, field: str) -> float | None:
        """A number of metres, not below zero."""
        value = self._number(field, self._request.get(field))
        if value is not None and value < 0:
            self._kind(field, value)
            return None
        return value

    def _number(self, field: str, value: Any) -> float | None:
        if value is None or value == "":
            return None
        try:
            if isinstance(value, bool):
                raise ValueError
            number = float(value)
            if not abs(number) < 1e6:
                raise ValueError
            return number
        except (ValueError, TypeError):
            self._kind(field, value)
            return None

    def flag(self, field: str) -> bool:
        """Yes or no."""
        return self._flag(field, self._request.get(field))

    def _flag(self, field: str, value: Any) -> bool:
        if value is None or isinstance(value, bool):
            return bool(value)
        word = str(value).strip().lower()
        if word not in _TRUE + _FALSE:
            self._kind(field, value)
        return word in _TRUE
