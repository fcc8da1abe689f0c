"""What the register is asked and what it answers: frozen values. Days are calendar days, both included, unless said otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from marine.boundary import Boundary
from marine.findings import Finding
from marine.spaces import ALL_YEAR, Layer
from parcels.drafts import ParcelDraft

Standing = Literal["claimed", "approved", "registered"]
Ending = Literal["withdrawn", "refused", "lapsed"]


@dataclass(frozen=True, slots=True)
class Band:
    """Layers of one unit with their heights: `low`, `high` in metres (1985 datum), None where unknown or only referenced."""

    layers: int = Layer.ALL
    low: float | None = None
    high: float | None = None
    surveyed: bool = False


WHOLE_DEPTH = (Band(),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupying:
    """How units occupy the sea beside their plane. `first`, `last`: the days held, both included; None leaves a side open."""

    use_type: str | None
    unit_modes: tuple[str | None, ...]
    first: date | None
    last: date | None
    bands: tuple[Band, ...] = WHOLE_DEPTH
    unit_bands: tuple[tuple[Band, ...], ...] = ()
    months: int = ALL_YEAR
    is_layered: bool = False
    accuracy_m: float | None = None

    @classmethod
    def of(cls, draft: ParcelDraft) -> Occupying:
        """What a checked draft would occupy; no layers named means all four."""
        heights = draft.heights
        layers = draft.layers or Layer.ALL
        band = Band(layers, heights.low, heights.high, heights.surveyed) if heights else Band(layers)
        first, last = draft.held or (None, None)
        return cls(
            use_type=draft.use_type,
            unit_modes=draft.unit_modes or (None,) * len(draft.boundary.units),
            first=first,
            last=last,
            bands=(band,),
            months=draft.months or ALL_YEAR,
            is_layered=draft.layered,
            accuracy_m=draft.accuracy,
        )

    def bands_of(self, unit: int) -> tuple[Band, ...]:
        """The height bands of one unit (from 0): its own where stated, else those of the parcel."""
        return self.unit_bands[unit] if self.unit_bands else self.bands


@dataclass(frozen=True, slots=True)
class Share:
    """A party's part in a right; `holding` is sole, joint or shares."""

    party_id: int
    holding: str = "sole"
    numerator: int | None = None
    denominator: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """Where a parcel is numbered: six digits of the registry's place, three of the cadastral district, three of the sub-district."""

    county: str
    zone: str
    subzone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRequest:
    """An act that lets a case hold the sea, or a right enter the register.

    `claimed`: the case was accepted and claims its sea. `approved`: the decision holds it. `registered`: the right is entered;
    a case without a claim may be registered at once. `occupying` holds what this act occupies: at approval the promised
    days are within `last` already (register.md §3). `moves_claim`: the case's claim or approval stands, and gets this boundary
    (narrowing, or a changed draft). `renews` or `changes` names the one right that does not block the act.
    `consents_pending` lets a claim stand while a layered neighbour's consent is still a task of the case.
    `consents` are the mortgagees (party ids) whose consent to a change is on file.
    """

    standing: Standing
    case_number: str
    boundary: Boundary
    occupying: Occupying
    received_at: datetime | None = None
    decision_on: date | None = None
    entered_on: date | None = None
    term: tuple[date | None, date | None] | None = None
    party_id: int | None = None
    holders: tuple[Share, ...] = ()
    project_id: int | None = None
    name: str | None = None
    renews: int | None = None
    changes: int | None = None
    moves_claim: bool = False
    consents_pending: bool = False
    consents: frozenset[int] = frozenset()
    district: District | None = None
    register_number: str | None = None
    area_registered: Decimal | None = None
    is_fee_exempt: bool = False
    origin: str = "cgcs2000"
    decisions: Mapping[str, Any] = field(default_factory=dict)
    source_digest: str | None = None
    disclosure: str | None = None
    mark: str | None = None
    scope_place_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What an act entered: ids, codes, the findings it was judged by, and what must happen later (plain values)."""

    recorded_at: datetime
    claim_id: int | None = None
    right_id: int | None = None
    parcel_id: int | None = None
    boundary_id: int | None = None
    parcel_code: str | None = None
    unit_code: str | None = None
    is_layered: bool = False
    findings: tuple[Finding, ...] = ()
    effects: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRequest:
    """A right ends: on `ended_on` it no longer holds the sea (its last day is the day before)."""

    right_id: int
    ended_on: date
    how: str
    case_number: str | None = None
    consents: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawRequest:
    """A case's claim or approval ends without a right, and frees the sea."""

    case_number: str
    how: Ending = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What was ended, when it was recorded, and what must happen later."""

    recorded_at: datetime
    right_id: int | None = None
    claim_id: int | None = None
    effects: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A holder as an old register names it; `number` is an identifier of `scheme` (None where there is none)."""

    name: str
    kind: str = "company"
    scheme: str = "none"
    number: str | None = None
    holding: str = "sole"
    numerator: int | None = None
    denominator: int | None = None
    party_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptRequest:
    """An old right as it is. `geometry` is shapely in whole milliseconds of arc, as given, one part or several, valid or not.

    `boundaries` may hold what each part was settled to already (None: invalid), in the order of the parts; else it is settled here.
    `layers` None: no layer data. `identifiers` are (scheme, value), none of them unique. `key` names the feature to the caller.
    """

    geometry: Any
    key: int = 0
    boundaries: tuple[Boundary | None, ...] = ()
    use_type: str | None = None
    use_mode: str | None = None
    specific_use: str | None = None
    first: date | None = None
    last: date | None = None
    layers: int | None = None
    z_low: float | None = None
    z_high: float | None = None
    z_surveyed: bool = False
    months: int = ALL_YEAR
    is_layered: bool = False
    accuracy_m: float | None = None
    name: str | None = None
    register_number: str | None = None
    decision_on: date | None = None
    entered_on: date | None = None
    area_registered: Decimal | None = None
    is_fee_exempt: bool = False
    identifiers: tuple[tuple[str, str], ...] = ()
    holders: tuple[Holder, ...] = ()
    project_id: int | None = None
    origin: str = "cgcs2000"
    decisions: Mapping[str, Any] = field(default_factory=dict)
    source_digest: str | None = None
    findings: tuple[Finding, ...] = ()
    mark: str | None = None
    scope_place_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """One request's outcome: the right and its parcels with what is inconsistent, or `refusal` and nothing written."""

    key: int
    right_id: int | None = None
    parcel_ids: tuple[int, ...] = ()
    inconsistencies: tuple[Mapping[str, Any], ...] = ()
    refusal: Finding | None = None
