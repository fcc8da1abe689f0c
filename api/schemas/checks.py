"""What a check is asked: a boundary, its use, its layers, its dates. What it answers is told by `parcels.checks.serial`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.boundaries import BoundaryIn
from data.answers import Refusal
from data.rulebook import RuleBook
from marine.boundary import Boundary
from marine.spaces import ALL_YEAR, LAYER_NAMES
from parcels.drafts import Heights, ParcelDraft
from parcels.uploads import Origin

LayerName = Literal["surface", "water_column", "seabed", "subsoil"]
Code = Annotated[str, Field(min_length=1, max_length=20)]

EXAMPLE = {
    "boundary": {
        "exterior": [[441_029_645, 133_625_515], [441_049_457, 133_628_885], [441_049_875, 133_633_864], [441_045_936, 133_641_220], [441_026_362, 133_637_890]]
    },
    "use_type": "13",
    "modes": ["41"],
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


class CheckIn(BaseModel):
    """A use of the sea to be judged; both dates are included, null leaves a side open."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, json_schema_extra={"examples": [EXAMPLE]})
    boundary: BoundaryIn
    use_type: Code | None = None
    modes: list[Code] = Field(min_length=1, max_length=2_000, description="One per unit, or one for all")
    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="to")
    layers: list[LayerName] | None = Field(default=None, max_length=4, description="None counts as all four")
    months: list[Annotated[int, Field(ge=1, le=12)]] | None = Field(default=None, max_length=12)
    heights: HeightsIn | None = None
    layered: bool = Field(default=False, description="Declared layered (立体分层)")
    accuracy_m: float | None = Field(default=None, gt=0, le=1_000, description="Only if surveyed")
    origin: Origin = "cgcs2000"

    def draft(self, book: RuleBook) -> ParcelDraft:
        """The draft that the check judges; refuses dates that run backwards, unknown codes, and modes that do not fit the units."""
        if self.first and self.last and self.last < self.first:
            raise Refusal("problems.dates_backwards", **{"from": self.first, "to": self.last})
        boundary = self.boundary.settled()
        return ParcelDraft(
            boundary=boundary,
            use_type=_known(book, "use_types", self.use_type),
            unit_modes=self._modes(boundary, book),
            layers=layer_bits(self.layers),
            heights=Heights(**self.heights.model_dump()) if self.heights else None,
            months=sum(1 << (month - 1) for month in set(self.months)) if self.months else ALL_YEAR,
            held=(self.first, self.last),
            accuracy=self.accuracy_m,
            origin=self.origin,
            layered=self.layered,
        )

    def _modes(self, boundary: Boundary, book: RuleBook) -> tuple[str | None, ...]:
        modes = self.modes if len(self.modes) > 1 else self.modes * len(boundary.units)
        if len(modes) != len(boundary.units):
            raise Refusal("problems.modes_count", units=len(boundary.units), modes=len(modes))
        return tuple(_known(book, "use_modes", mode) for mode in modes)


def layer_bits(names: list[LayerName] | None) -> int:
    """The four-bit set of layer names; none named counts as all four (register.md §2).

    >>> layer_bits(["surface", "seabed"]), layer_bits(None)
    (5, 15)
    """
    chosen = names or list(LAYER_NAMES)
    return sum(1 << LAYER_NAMES.index(name) for name in set(chosen))


def _known(book: RuleBook, name: str, code: str | None) -> str | None:
    if code is not None and code not in book.codes[name]:
        raise Refusal("problems.code_unknown", code=code, list=name)
    return code
