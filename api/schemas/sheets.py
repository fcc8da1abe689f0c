"""Fee sheets and clocks as JSON: the same words on the command line and over HTTP (docs/cli.md)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.messages import has, text
from marine.fees import FeeSheet
from marine.findings import Source
from marine.workdays import ClockRun

Code = Annotated[str, Field(min_length=1, max_length=40)]
Hectares = Annotated[Decimal, Field(gt=0, le=Decimal(10_000_000), decimal_places=8)]


class FeeUnitIn(BaseModel):
    """A unit that pays: its mode and hectares; `fee_mode` where the fee table divides the mode further."""

    model_config = ConfigDict(extra="forbid")
    mode: Code
    hectares: Hectares
    fee_mode: Code | None = None


class FeeIn(BaseModel):
    """What a fee is asked for: a place by its administrative code or id, units, a start, and years or a last day."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        json_schema_extra={"examples": [{"place": "371082", "from": "2027-01-01", "years": 1, "units": [{"mode": "23", "hectares": "10"}]}]},
    )
    place: Code
    units: list[FeeUnitIn] = Field(min_length=1, max_length=500)
    start: date = Field(alias="from")
    years: int | None = Field(default=None, ge=1, le=50)
    end: date | None = Field(default=None, alias="to")
    grade: int | None = Field(default=None, ge=1, le=6, description="The sea grade where the book does not know it")

    @model_validator(mode="after")
    def _years_or_end(self) -> Self:
        if (self.years is None) == (self.end is None):
            raise ValueError("give years or to, one of them")
        if self.end is not None and self.end < self.start:
            raise ValueError("to lies before from")
        return self


def source(of: Source) -> dict[str, Any]:
    """Where a value comes from, how sure it is, and its mark of doubt."""
    return {
        "rule": of.rule,
        "cite": of.cite,
        "seen": of.seen,
        "confidence": of.confidence,
        "edition": of.edition,
        "checked": None if of.checked is None else of.checked.isoformat(),
        "mark": of.mark,
    }


def fee_sheet(sheet: FeeSheet, rules_hash: str) -> dict[str, Any]:
    """Total in yuan (null while a datum is missing), one line per step with its basis, and what is missing."""
    return {
        "total_yuan": None if sheet.total_yuan is None else str(sheet.total_yuan),
        "lines": [
            {
                "step": line.step,
                "unit": line.unit,
                "mode": line.mode,
                "fee_mode": line.fee_mode,
                "hectares": str(line.hectares),
                "grade": line.grade,
                "rate": None if line.rate is None else str(line.rate),
                "factor": str(line.factor),
                "from": line.first.isoformat(),
                "to": line.last.isoformat(),
                "yuan": None if line.yuan is None else str(line.yuan),
                "basis": [source(each) for each in line.basis],
            }
            for line in sheet.lines
        ],
        "missing": list(sheet.missing),
        "choices": [{"id": name, "options": list(options)} for name, options in sheet.choices],
        "rules": rules_hash,
    }


def clock_run(run: ClockRun, lang: str, rules_hash: str) -> dict[str, Any]:
    """The finish (null where a year's holiday table is missing), and every calendar day with its label."""
    return {
        "from": run.start.isoformat(),
        "asked_days": run.asked_days,
        "finish": None if run.finish is None else run.finish.isoformat(),
        "provisional_finish": None if run.provisional_finish is None else run.provisional_finish.isoformat(),
        "days": [
            {"date": day.date.isoformat(), "label": day.label, "name": day.name, "counted": day.counted, "text": _day_text(day.label, day.name, lang)}
            for day in run.days
        ],
        "missing": list(run.missing),
        "basis": [source(each) for each in run.basis],
        "rules": rules_hash,
    }


def _day_text(label: str, name: str | None, lang: str) -> str:
    """The label in words; a holiday by its name."""
    return name or (text(f"clock.{label}", lang) if has(f"clock.{label}") else label)
