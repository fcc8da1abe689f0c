"""What a check is asked: a boundary, its use, its layers, its dates. What it answers is told by `parcels.checks.serial`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.boundaries import BoundaryIn
from data.rulebook import RuleBook
from parcels.draft_request import build_draft
from parcels.drafts import Drafted, ParcelDraft
from parcels.uploads import Origin

Word = Annotated[str, Field(min_length=1, max_length=40)]

EXAMPLE: Any = {
    "boundary": {
        "exterior": [
            [441029645, 133625515],
            [441049457, 133628885],
            [441049875, 133633864],
            [441045936, 133641220],
            [441026362, 133637890],
        ]
    },
    "type": "13",
    "mode": "41",
    "from": "2027-01-01",
    "to": "2041-12-31",
    "layers": ["surface", "water_column"],
}


class HeightsIn(BaseModel):
    """A height band in metres, 1985 datum, [low, high)."""

    model_config = ConfigDict(extra="forbid")
    low: float | None = Field(default=None, ge=-12_000, le=9_000)
    high: float | None = Field(default=None, ge=-12_000, le=9_000)
    surveyed: bool = False


ABOUT_THE_BOUNDARY = frozenset({"boundary", "origin"})


class CheckIn(BaseModel):
    """A use of the sea to be judged, in the words of `haiyu check`; both days are included, null leaves a side open."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, json_schema_extra={"examples": [EXAMPLE]})
    boundary: BoundaryIn
    type: Word | None = Field(default=None, description="Use type 用海类型, a code or its name")
    mode: Word | Annotated[list[Word], Field(max_length=2_000)] = Field(
        description="Use mode 用海方式: one for all units, or one for each"
    )
    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="to")
    layers: list[Word] | None = Field(
        default=None, max_length=4, description="surface, water_column, seabed, subsoil; none named counts as all four"
    )
    months: Word | list[Annotated[int, Field(ge=1, le=12)]] | None = Field(
        default=None, description="`3-11`, or a list of 1…12"
    )
    heights: HeightsIn | None = None
    layered: bool = Field(default=False, description="Declared layered (立体分层)")
    accuracy: float | None = Field(default=None, gt=0, le=1_000, description="Metres, only if surveyed")
    origin: Origin = "cgcs2000"
    # Fields that say nothing of the use itself.
    beside: ClassVar[frozenset[str]] = ABOUT_THE_BOUNDARY

    def draft(self, book: RuleBook) -> ParcelDraft:
        """The draft that the check judges; refuses a boundary with faults, and every wrong value at once."""
        drafted = Drafted(settled=self.boundary.settled(), origin=self.origin)
        told = self.model_dump(exclude=set(self.beside), by_alias=True, exclude_none=True)
        return build_draft(drafted, told, book)
