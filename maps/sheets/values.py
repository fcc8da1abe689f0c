"""What a sheet is asked for with, and what it holds once it is laid out.

Geometries are shapely in whole milliseconds of arc, CGCS2000, longitude before latitude; places on paper are millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from marine.boundary import Boundary

SheetKind = Literal["boundary", "position"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A parcel near by. `label` is the holder's name where that is public, otherwise the parcel code or nothing."""

    geometry: Any
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shoreline:
    """Lines of one kind of shore."""

    geometry: Any
    kind: Literal["natural", "artificial", ""] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceName:
    """A name at a point (milliseconds of arc): of land, of water, or of neither. `others` are points where it may stand instead."""

    lon: int
    lat: int
    name: str
    kind: Literal["land", "water", ""] = ""
    others: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is drawn round the parcel; `note` says how sure it is (beside the map), `sources` where it comes from (at the foot)."""

    neighbours: tuple[Neighbour, ...] = ()
    land: Any = None
    shorelines: tuple[Shoreline, ...] = ()
    places: tuple[PlaceName, ...] = ()
    note: str = ""
    sources: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerBand:
    """Layers that units occupy (bits of `marine.spaces.Layer`), with their heights in metres, None where a bound is unknown.

    `units` are positions in the boundary's units, from 0; none named means all of them.
    """

    layers: int
    low: float | None = None
    high: float | None = None
    is_surveyed: bool = False
    units: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What makes a sheet a document: its number, who issues and signs it and when, and how anybody can verify it.

    `address` is the page of verification, printed and as a QR code; `code` is what is typed there; `rules_hash` names the
    rule book under which it was issued.
    """

    number: str
    code: str
    address: str
    rules_hash: str
    issuer: str
    signer: str
    issued_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatures:
    """Who made the sheet; empty fields are left for the hand."""

    organisation: str = ""
    surveyor: str = ""
    drafter: str = ""
    drawn_on: date | None = None
    checker: str = ""
    reviewer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRequest:
    """Everything on one sheet. `unit_names` and `unit_modes` follow the boundary's units, in words of `lang`.

    `is_sample` stays true while the installation's issuer is the built-in one (register.md §8): each page is then marked
    as a sample. `map_approval` is the map approval number 审图号, `location` the words that describe where the parcel lies,
    `district` whose sea it is, `remarks` the sentences of the text note 文字说明 (position sheet). `layers` are told where the
    right is a layered one. Without `issued` a sheet is a drawing; with it, a document.
    """

    boundary: Boundary
    kind: SheetKind = "boundary"
    project: str = ""
    unit_names: tuple[str, ...] = ()
    unit_modes: tuple[str, ...] = ()
    parcel_code: str = ""
    location: str = ""
    district: str = ""
    remarks: tuple[str, ...] = ()
    layers: tuple[LayerBand, ...] = ()
    vertical_datum: str = ""
    map_approval: str = ""
    surroundings: Surroundings = field(default_factory=Surroundings)
    signatures: Signatures = field(default_factory=Signatures)
    issued: Issued | None = None
    is_sample: bool = True
    lang: Literal["zh", "en"] = "zh"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet laid out: the scale's denominator, the values that the Typst source prints (millimetres, texts), its day."""

    scale: int
    values: dict[str, Any]
    drawn_on: date | None = None
