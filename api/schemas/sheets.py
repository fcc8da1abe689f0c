"""What a fee is asked for. The answer is the command line's own (`api.cli.fee.as_json`), so that both doors say the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

# The law of sea use begins in 2002 and its predecessors after 1949; a day far beyond is a slip of the pen, and no calendar has it.
FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2199, 12, 31)
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
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
        json_schema_extra={
            "examples": [
                {"place": "371082", "from": "2027-01-01", "years": 1, "units": [{"mode": "23", "hectares": "10"}]}
            ]
        },
    )
    place: Code
    units: list[FeeUnitIn] = Field(min_length=1, max_length=500)
    start: Day = Field(alias="from")
    years: int | None = Field(default=None, ge=1, le=50)
    end: Day | None = Field(default=None, alias="to")
    grade: int | None = Field(default=None, ge=1, le=6, description="The sea grade where the book does not know it")

    @model_validator(mode="after")
    def _years_or_end(self) -> Self:
        if (self.years is None) == (self.end is None):
            raise PydanticCustomError("years_or_to", "give years or to, one of them")
        if self.end is not None and self.end < self.start:
            raise PydanticCustomError("to_before_from", "to lies before from")
        return self
